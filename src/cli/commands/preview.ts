import type { Command } from 'commander';
import { createContexts } from '../../activities/context';
import type { StoredCall } from '../../activities/model-call';
import { drawSupply, type CellSupply } from '../../activities/supply';
import type { CampaignFile } from '../../core/campaign/campaign.schema';
import { recordName } from '../../core/campaign/refs';
import { typeOfSchema } from '../../core/schema';
import { toolKey, type ToolDoc } from '../../core/tool';
import type { CampaignInput } from '../../core/campaign/manifest';
import { openWorlds } from '../../worlds';
import { noticesOf } from '../../worlds/notices';
import type { Config } from '../../config';
import { cautions, checkKeys, compileCampaign } from '../campaign-file';
import { checkReuse } from '../check-reuse';
import { openCampaign, type CampaignFolder } from '../campaign-folder';
import { statusLines } from '../campaign-report';
import type { Cli } from '../cli';
import { forecastLines, forecastOf, PREVIEW_ITEMS, supplyLines, type PreviewCall } from '../forecast';
import { promptLines } from '../prompt-lines';
import { defaultId } from '../temporal';
import { show } from '../terminal';
import { runCampaign } from './run';
import { ownScratch } from '../../worlds/scratch';
import { connect } from '../../wiring';

const PROBES_PER_WORLD = 2;

export function addPreviewCommand(program: Command, cli: Cli): void {
  program.command('preview').argument('<file>', 'campaign file').description(`${PREVIEW_ITEMS} items with a few probes: every prompt and reply, then a forecast for the whole file`).option('--json', 'one JSON document on stdout')
    .action(async (file: string, options: { json?: boolean }) => {
      const input = compileCampaign(file);
      checkKeys(file, input.campaign);
      cautions(input.campaign).forEach(cli.terminal.err);
      const config = cli.config();
      checkReuse(config, file, input.campaign);
      const id = defaultId(`${input.campaign.name}-preview`, cli.now());
      const run = await runCampaign(cli, config, { id, input: await previewOf(cli, config, input) });
      const folder = openCampaign(config, id);
      const calls = await callsOf(folder);
      const expected = forecastOf({ campaign: input.campaign, tools: await toolCount(folder), probed: run.progress.funnel.probed, calls, verified: await verifiedRecords(folder) });
      cli.terminal.err('drawing traces on the explored graph, without a model');
      const supply = await supplyOfWorlds(config, id, input.campaign);
      show(cli.terminal, options, { ...run.progress, calls, forecast: expected, traces: supply }, () => [
        ...calls.flatMap(({ record, call }) => promptLines(record, call)),
        '', `Campaign ${id}: ${run.progress.phase}`, ...statusLines(run.progress), ...forecastLines(expected, { seed: input.campaign.seed, calls }), ...supplyLines(supply), `Next: npx hardgen run ${file}`,
      ]);
    });
}

/**
 * The same campaign on a small scale: a few items, and per world the few tools that need most looking up; `any`, so that
 * there is something to sample even when a good target fails little.
 */
async function previewOf(cli: Cli, config: Config, { campaign, baseDir }: CampaignInput): Promise<CampaignInput> {
  const worlds = await openWorlds(campaign.worlds, { baseDir, cacheDir: config.cache, scratchDir: ownScratch(config.home) });
  try {
    noticesOf(worlds).forEach(cli.terminal.err);
    const tools = worlds.flatMap(({ doc }) => [...doc.tools].sort((a, b) => need(b) - need(a)).slice(0, PROBES_PER_WORLD).map((tool) => toolKey(doc.id, tool.name)));
    return { baseDir, campaign: { ...campaign, target: { verified: PREVIEW_ITEMS, maxItems: PREVIEW_ITEMS }, selfEvaluation: { ...campaign.selfEvaluation, failWhen: 'any', tools: campaign.selfEvaluation.tools ?? tools } } };
  } finally {
    await Promise.all(worlds.map((world) => world.close()));
  }
}

/** How many things a tool has to be told: required parameters, identifiers above all. */
function need(tool: ToolDoc): number {
  const required = Array.isArray(tool.input.required) ? tool.input.required : [];
  const properties = (tool.input.properties ?? {}) as { [name: string]: { entity?: string } };
  return required.reduce<number>((sum, name) => sum + (properties[String(name)]?.entity ? 2 : typeOfSchema(properties[String(name)] ?? {}) === 'object' ? 1.5 : 1), 0);
}

async function supplyOfWorlds(config: Config, id: string, file: CampaignFile): Promise<CellSupply[]> {
  const wiring = await connect(config);
  const contexts = createContexts(wiring.deps);
  try {
    return await drawSupply(wiring.deps, await contexts.of(id), file);
  } finally {
    await contexts.close();
    await wiring.close();
  }
}

async function verifiedRecords(folder: CampaignFolder): Promise<Set<string>> {
  const verified = [...(await folder.outcomes())].filter(([, outcome]) => outcome.kind === 'verified');
  return new Set(verified.map(([item]) => recordName({ campaign: folder.id, purpose: 'trajectory', item })));
}

async function callsOf(folder: CampaignFolder): Promise<PreviewCall[]> {
  const names = await folder.records.listRecords(folder.id);
  const calls = await Promise.all(names.map(async (record) => (await folder.records.read(folder.id, record)).flatMap((line) => (line.kind === 'call' ? [{ record, call: line.value as unknown as StoredCall }] : []))));
  return calls.flat();
}

async function toolCount(folder: CampaignFolder): Promise<number> {
  const manifest = await folder.manifest();
  return manifest.worlds.reduce((sum, world) => sum + world.tools.length, 0);
}

