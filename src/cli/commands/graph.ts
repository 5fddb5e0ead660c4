import type { Command } from 'commander';
import { buildBaseGraph } from '../../activities/explore';
import { baseGraphOf } from '../../activities/prepare';
import { worldIdOf } from '../../core/campaign/world-shares';
import { describeGraph, graphToMermaid } from '../../core/graph/describe';
import { connect, type Wiring } from '../../wiring';
import { openWorlds } from '../../worlds';
import { createReplayer } from '../../worlds/replay';
import { compileCampaign } from '../campaign-file';
import type { Cli } from '../cli';
import { InputError } from '../exit-codes';
import { quickstart } from '../quickstart';
import { show } from '../terminal';
import { ownScratch } from '../../worlds/scratch';

const JSON_OPTION = ['--json', 'one JSON document on stdout'] as const;

export function addGraphCommands(program: Command, cli: Cli): void {
  const graph = program.command('graph').description('the API graph G = (T, D, P) in Neo4j');
  graph.command('build').argument('<file>', 'campaign file').description('explore the file\'s worlds, so that campaigns find their base graphs ready').option(...JSON_OPTION)
    .action((file: string, options: { json?: boolean }) => build(cli, file, options));
  graph.command('stats').description('every stored graph, with its latest version').option(...JSON_OPTION)
    .action((options: { json?: boolean }) => withWiring(cli, async ({ deps }) => {
      const graphs = await deps.graph.listGraphs();
      show(cli.terminal, options, { graphs }, () => [
        ...graphs.map((item) => `${item.graph.padEnd(44)} version ${item.version}  ${item.tools} tools  ${item.edges} edges  ${item.failureTools} failure tools`),
        graphs[0] ? `Next: npx hardgen graph show '${graphs[0].graph}'` : `No graph yet. Next: npx hardgen graph build ${quickstart()}`,
      ]);
    }));
  graph.command('show').argument('<id>', 'a graph as `graph stats` names it; a campaign\'s id is its graph').description('tools, prerequisites and counts').option('--version <n>', 'an earlier version', Number).option('--mermaid', 'as a Mermaid flowchart').option(...JSON_OPTION)
    .action((id: string, options: { version?: number; mermaid?: boolean; json?: boolean }) => showGraph(cli, id, options));
}

async function withWiring(cli: Cli, work: (wiring: Wiring) => Promise<void>): Promise<void> {
  const wiring = await connect(cli.config());
  try {
    await work(wiring);
  } finally {
    await wiring.close();
  }
}

async function build(cli: Cli, file: string, options: { json?: boolean }): Promise<void> {
  const { campaign, baseDir } = compileCampaign(file);
  await withWiring(cli, async ({ deps }) => {
    const replayer = createReplayer(await openWorlds(campaign.worlds, { baseDir, cacheDir: deps.cache, scratchDir: ownScratch(deps.home) }));
    try {
      const built: { graph: string; version: number; tools: number; reused: boolean }[] = [];
      for (const block of campaign.worlds) {
        const world = worldIdOf(block);
        const name = baseGraphOf(replayer.world(world), campaign);
        cli.terminal.err(`exploring ${world}: ${campaign.exploration.walks} walks`);
        const { graph, reused } = await buildBaseGraph(deps, replayer, { graph: name, world, exploration: campaign.exploration, onProgress: progressOf(cli, world) });
        built.push({ graph: graph.graph, version: graph.version, tools: graph.tools.length, reused });
      }
      show(cli.terminal, options, { graphs: built }, () => [...built.map((item) => `${item.graph}  version ${item.version}  ${item.tools} tools${item.reused ? '  (was stored already)' : ''}`), `Next: npx hardgen graph show '${built[0]?.graph ?? ''}'`]);
    } finally {
      await replayer.close();
    }
  });
}

/** A line per tenth, so that a log stays readable. */
function progressOf(cli: Cli, world: string): (done: number, total: number) => void {
  let tenth = -1;
  return (done, total) => {
    const now = Math.floor((10 * done) / total);
    if (now === tenth) return;
    tenth = now;
    cli.terminal.err(`exploring ${world}: ${done}/${total}`);
  };
}

async function showGraph(cli: Cli, id: string, options: { version?: number; mermaid?: boolean; json?: boolean }): Promise<void> {
  await withWiring(cli, async ({ deps }) => {
    const version = options.version ?? (await deps.graph.latestVersion(id));
    const graph = version === undefined ? undefined : await deps.graph.readVersion(id, version);
    if (!graph) throw new InputError(`Expected a stored graph${options.version === undefined ? '' : ` in version ${options.version}`}, got \`${id}\`; npx hardgen graph stats lists them`);
    show(cli.terminal, options, graph, () => (options.mermaid ? [graphToMermaid(graph).trimEnd()] : [...describeGraph(graph), `Next: npx hardgen graph show '${id}' --mermaid`]));
  });
}
