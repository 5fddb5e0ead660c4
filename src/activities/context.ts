import type { EndpointBlock, ModelUse } from '../core/campaign/campaign.schema';
import { guessCost } from '../core/campaign/budget';
import type { CampaignPlan, Manifest } from '../core/campaign/manifest';
import { assignItem } from '../core/sample/cells';
import { cellId } from '../core/trace';
import { canonicalJson, type Json } from '../core/json';
import { parseTemplates, type PromptTexts, type Templates } from '../prompts';
import { PROMPT_NAMES } from '../core/prompt/roles';
import { openWorlds } from '../worlds';
import { createReplayer, type Replayer } from '../worlds/replay';
import type { Deps, ModelTarget } from './deps';
import { failure } from './failures';
import { ownScratch } from '../worlds/scratch';

/** Everything an activity needs of a campaign, read once per worker. */
export interface CampaignContext {
  manifest: Manifest;
  replayer: Replayer;
  templates: Templates;
}

export interface Contexts {
  of(campaign: string): Promise<CampaignContext>;
  /** Worlds by what the file says of them, shared by all campaigns of this worker that say the same. */
  replayerOf(input: { worlds: Manifest['campaign']['worlds']; baseDir: string }): Promise<Replayer>;
  /** The next `of` reads the campaign's folder again. */
  forget(campaign: string): void;
  close(): Promise<void>;
}

export function createContexts(deps: Deps): Contexts {
  const contexts = new Map<string, Promise<CampaignContext>>();
  const replayers = new Map<string, Promise<Replayer>>();

  const replayerOf: Contexts['replayerOf'] = ({ worlds, baseDir }) =>
    remember(replayers, canonicalJson({ worlds, baseDir } as unknown as Json), async () =>
      createReplayer(await openWorlds(worlds, { baseDir, cacheDir: deps.cache, scratchDir: ownScratch(deps.home) })));

  return {
    replayerOf,
    of: (campaign) =>
      remember(contexts, campaign, async () => {
        const manifest = await readManifest(deps, campaign);
        const [replayer, texts] = await Promise.all([replayerOf({ worlds: manifest.campaign.worlds, baseDir: manifest.baseDir }), readPrompts(deps, campaign)]);
        return { manifest, replayer, templates: parseTemplates(texts) };
      }),
    forget: (campaign) => void contexts.delete(campaign),
    close: async () => {
      const open = await Promise.allSettled(replayers.values());
      await Promise.all(open.map((result) => (result.status === 'fulfilled' ? result.value.close() : undefined)));
    },
  };
}

/** One promise per key; a failure is forgotten, so that the next attempt tries again. */
function remember<T>(cache: Map<string, Promise<T>>, key: string, make: () => Promise<T>): Promise<T> {
  const known = cache.get(key);
  if (known) return known;
  const made = make();
  cache.set(key, made);
  made.catch(() => cache.delete(key));
  return made;
}

export const MANIFEST_FILE = 'manifest.json';

async function readManifest(deps: Deps, campaign: string): Promise<Manifest> {
  const text = await deps.records.readArtifact(campaign, MANIFEST_FILE);
  if (text === undefined) {
    throw failure({ type: 'StoreUnavailable', retryable: true, message: `Expected ${MANIFEST_FILE} of campaign ${campaign} in this worker's home folder, got nothing; start the worker with the HARDGEN_HOME that the campaign was started with` });
  }
  return JSON.parse(text) as Manifest;
}

async function readPrompts(deps: Deps, campaign: string): Promise<PromptTexts> {
  const texts = await Promise.all(PROMPT_NAMES.map(async (name) => [name, (await deps.records.readArtifact(campaign, `prompts/${name}.md`)) ?? ''] as const));
  return Object.fromEntries(texts) as PromptTexts;
}

const cellLists = new WeakMap<Manifest, string[]>();

/** Cell id of every item; index = item. A pure function of the manifest, worked out once. */
export function itemCells(manifest: Manifest): readonly string[] {
  const { campaign, plan } = manifest;
  const cells = cellLists.get(manifest) ?? Array.from({ length: campaign.target.maxItems }, (_unused, index) => cellId(assignItem(plan, campaign.seed, index).cell));
  cellLists.set(manifest, cells);
  return cells;
}

/** What workflows steer by; a pure function of the manifest. */
export function planOf(manifest: Manifest): CampaignPlan {
  const { campaign } = manifest;
  const { failWhen } = campaign.selfEvaluation;
  const targets = campaign.models.targets.length;
  return {
    id: manifest.id,
    worlds: manifest.worlds.map((world) => world.id),
    probes: manifest.probes.length,
    targets,
    maxItems: campaign.target.maxItems,
    quotas: manifest.plan,
    window: campaign.window,
    round: campaign.round,
    budget: campaign.budget,
    firstGuess: { probe: guessCost(campaign, 'probe'), trajectory: guessCost(campaign, 'trajectory') },
    settings: {
      kMax: campaign.kMax,
      toolMakerTries: campaign.retries.toolMaker,
      queryTries: campaign.retries.queryGenerator,
      feedbackRetries: campaign.retries.feedback,
      rewriteTries: campaign.retries.rewrite,
      maxSteps: campaign.selfEvaluation.maxSteps,
      probeAttempts: campaign.selfEvaluation.attempts,
      failuresNeeded: failWhen === 'all' ? targets : failWhen === 'any' ? 1 : Math.max(1, Math.ceil(failWhen * targets)),
      advancedTool: campaign.ablation.advancedTool === 'on',
      feedback: campaign.ablation.feedback === 'on',
    },
  };
}

/** For manifests that were written before the campaign file had `simulator.timeoutSeconds`; its default there. */
const TIMEOUT_BEFORE_IT_WAS_A_SETTING = 120;

/** The built-in simulator never limits: its latency is the campaign's setting. */
const SIMULATOR: Omit<EndpointBlock, 'baseURL' | 'timeoutSeconds'> = { concurrency: 64, price: { input: 0, output: 0 }, headers: {}, extraBody: {} };

export const isSimulated = (use: ModelUse): use is string => typeof use === 'string';

export function resolveModel(input: { manifest: Manifest; use: ModelUse; simulatorUrl: string | undefined }): ModelTarget {
  const { use } = input;
  if (isSimulated(use)) {
    if (input.simulatorUrl === undefined) {
      throw failure({ type: 'OperatorActionRequired', retryable: false, message: `Model \`${use}\` is the built-in simulator, and this worker does not know its address; start the worker by \`npx hardgen run\`, or set HARDGEN_SIMULATOR_URL and resume` });
    }
    const stated: Partial<Manifest['campaign']['simulator']> = input.manifest.campaign.simulator;
    return { endpointName: 'simulator', endpoint: { baseURL: input.simulatorUrl, timeoutSeconds: stated.timeoutSeconds ?? TIMEOUT_BEFORE_IT_WAS_A_SETTING, ...SIMULATOR }, model: use, sampling: {}, simulated: true };
  }
  const endpoint = input.manifest.campaign.models.endpoints[use.endpoint];
  if (!endpoint) throw failure({ type: 'OperatorActionRequired', retryable: false, message: `Expected endpoint \`${use.endpoint}\` under models.endpoints of the campaign file, got ${Object.keys(input.manifest.campaign.models.endpoints).join(', ') || 'none'}` });
  const { temperature, topP, maxTokens, seed } = use;
  return {
    endpointName: use.endpoint, endpoint, model: use.model, simulated: false,
    sampling: { ...(temperature === undefined ? {} : { temperature }), ...(topP === undefined ? {} : { top_p: topP }), ...(maxTokens === undefined ? {} : { max_tokens: maxTokens }), ...(seed === undefined ? {} : { seed }) },
  };
}
