import { ApplicationFailure } from '@temporalio/common';
import { resolve } from 'node:path';
import { campaignSchema } from '../core/campaign/campaign.schema';
import { withCells, type CampaignInput, type Manifest, type PlanWithCells } from '../core/campaign/manifest';
import { cappedShares, worldIdOf } from '../core/campaign/world-shares';
import { planCells } from '../core/sample/cells';
import { toolKey } from '../core/tool';
import type { Json } from '../core/json';
import { digestOf, sha256 } from '../digest';
import { loadPromptTexts, parseTemplates, type PromptTexts } from '../prompts';
import { isSimulated, itemCells, MANIFEST_FILE, planOf, type Contexts } from './context';
import type { World } from '../worlds/world';
import type { Deps } from './deps';
import { closest, knownModel } from './model-names';

/** Checks the input, opens the worlds once and writes the manifest; first stored wins, so a repeat changes nothing. */
export async function prepareCampaign(deps: Deps, contexts: Contexts, { id, input }: { id: string; input: CampaignInput }): Promise<PlanWithCells> {
  const stored = await deps.records.readArtifact(id, MANIFEST_FILE);
  if (stored !== undefined) return fullPlan(JSON.parse(stored) as Manifest);
  const campaign = checkInput(id, input);
  await checkReuse(deps, campaign.reuse);
  const texts = await readPromptTexts(campaign.prompts === undefined ? undefined : resolve(input.baseDir, campaign.prompts));
  const replayer = await contexts.replayerOf({ worlds: campaign.worlds, baseDir: input.baseDir });
  const docs = campaign.worlds.map((block) => replayer.world(worldIdOf(block)).doc);
  const allTools = docs.flatMap((doc) => doc.tools.map((tool) => toolKey(doc.id, tool.name)));
  const manifest: Manifest = {
    id,
    createdBy: 'hardgen',
    campaign,
    baseDir: input.baseDir,
    plan: planCells({
      worlds: cappedShares(campaign).map((share, index) => ({ id: docs[index]?.id ?? '', share })),
      verified: campaign.target.verified, calls: campaign.shape.calls, turns: campaign.shape.turns,
    }),
    worlds: docs.map((doc) => ({ id: doc.id, version: doc.version, baseGraph: baseGraphOf(replayer.world(doc.id), campaign), tools: doc.tools.map((tool) => tool.name) })),
    probes: chosenProbes(campaign.selfEvaluation.tools, allTools),
    prompts: Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, sha256(text)])),
    simulated: [...Object.values(campaign.models.roles), ...campaign.models.targets].some(isSimulated),
  };
  for (const [name, text] of Object.entries(texts)) await deps.records.writeArtifact(id, `prompts/${name}.md`, text);
  await deps.records.writeArtifact(id, MANIFEST_FILE, `${JSON.stringify(manifest, null, 2)}\n`);
  return fullPlan(manifest);
}

const fullPlan = (manifest: Manifest): PlanWithCells => withCells(planOf(manifest), itemCells(manifest));

/** The base graph of a world depends on what was explored, from which facts and how hard, so all of it is in its name. A built-in world's facts follow from its version. */
export function baseGraphOf({ doc, known }: Pick<World, 'doc' | 'known'>, { exploration }: Manifest['campaign']): string {
  const facts = doc.tier === 'builtin' || doc.seeds === null ? [] : [Array.from({ length: doc.seeds }, (_unused, seed) => known(seed))];
  return `base/${doc.id}@${doc.version}/${digestOf((facts.length === 0 ? exploration : [exploration, ...facts]) as unknown as Json).slice(0, 8)}`;
}

function checkInput(id: string, input: CampaignInput): Manifest['campaign'] {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,100}$/.test(id)) throw invalid(`Expected a workflow id of letters, digits, dots and dashes, got \`${id}\``);
  const parsed = campaignSchema.safeParse(input?.campaign);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    throw invalid(`${issue?.message ?? 'not a campaign'} (campaign.${issue?.path.join('.') ?? ''}); \`npx hardgen campaign compile FILE\` prints a valid input`);
  }
  for (const use of [...Object.values(parsed.data.models.roles), ...parsed.data.models.targets]) {
    if (!knownModel(use, parsed.data)) throw invalid(`Expected a model of the simulator (sim, sim-a …) or an endpoint of models.endpoints, got \`${typeof use === 'string' ? use : use.endpoint}\``);
  }
  return parsed.data;
}

async function checkReuse(deps: Deps, campaigns: readonly string[]): Promise<void> {
  for (const id of campaigns) {
    if ((await deps.records.readArtifact(id, MANIFEST_FILE)) === undefined) throw invalid(`Expected the ids of campaigns of this home in \`reuse\`, got \`${id}\`; \`npx hardgen campaign list\` shows them`);
  }
}

const invalid = (message: string): ApplicationFailure => ApplicationFailure.nonRetryable(message, 'InvalidCampaign');

async function readPromptTexts(folder: string | undefined): Promise<PromptTexts> {
  const texts = await loadPromptTexts(folder);
  try {
    parseTemplates(texts);
  } catch (error) {
    throw invalid(error instanceof Error ? error.message : String(error));
  }
  return texts;
}

function chosenProbes(chosen: readonly string[] | undefined, all: readonly string[]): string[] {
  const unknown = chosen?.find((key) => !all.includes(key));
  if (unknown !== undefined) throw invalid(`Expected tools of this campaign's worlds in selfEvaluation.tools, got \`${unknown}\`; the closest is \`${closest(unknown, all) ?? all[0] ?? ''}\``);
  return [...(chosen ?? all)];
}
