import type { Command } from 'commander';
import { BUILTIN_WORLDS } from '../../worlds/builtin';
import type { Cli } from '../cli';
import { compileCampaign } from '../campaign-file';
import { EXIT, InputError } from '../exit-codes';
import { quickstart } from '../quickstart';
import { show } from '../terminal';
import { builtinSubjects, checkLines, checkSubjects, fileSubjects, hasPassed, withScratch, type Subject } from '../world-check';

export function addWorldCommands(program: Command, cli: Cli): void {
  const world = program.command('world').description('environments that tools act in');
  world.command('list').description('the built-in worlds').option('--json', 'one JSON document on stdout').action((options: { json?: boolean }) => {
    const worlds = Object.entries(BUILTIN_WORLDS).map(([name, create]) => {
      const { doc } = create();
      return { name, version: doc.version, seeds: doc.seeds, tools: doc.tools.map((tool) => ({ name: tool.name, description: tool.description })) };
    });
    show(cli.terminal, options, { worlds }, () => [
      ...worlds.flatMap((item) => [`${item.name}  ${item.tools.length} tools`, ...item.tools.map((tool) => `  ${tool.name.padEnd(24)} ${tool.description.split(/(?<=\.)\s/)[0] ?? ''}`)]),
      `Tools of your own: examples/your-mcp-server.yaml. Next: npx hardgen graph build ${quickstart()}`,
    ]);
  });
  world.command('check').argument('[worlds...]', 'built-in worlds; all of them when none is named').option('--file <campaign>', 'check the worlds of this campaign file')
    .option('--json', 'one JSON document on stdout')
    .description('prove every tool executable: a success, a typed failure, equal replays, a reset that holds, a trace of three or more calls')
    .action((names: string[], options: { file?: string; json?: boolean }) => check(cli, names, options));
}

async function check(cli: Cli, names: readonly string[], options: { file?: string; json?: boolean }): Promise<void> {
  const report = await withScratch((scratchDir) => checkSubjects(subjectsOf(cli, names, options, scratchDir), (line) => cli.terminal.err(line)));
  show(cli.terminal, options, report, () => checkLines(report));
  if (!hasPassed(report)) cli.exit(EXIT.incomplete);
}

function subjectsOf(cli: Cli, names: readonly string[], { file }: { file?: string }, scratchDir: string): Subject[] {
  const unknown = names.find((name) => !Object.hasOwn(BUILTIN_WORLDS, name));
  if (unknown !== undefined) throw new InputError(`Expected a built-in world (${Object.keys(BUILTIN_WORLDS).join(', ')}), got \`${unknown}\`; worlds of a campaign file are checked with --file`);
  if (file === undefined) return builtinSubjects(names.length === 0 ? undefined : names);
  return [...builtinSubjects(names), ...fileSubjects(compileCampaign(file), cli.config(), scratchDir)];
}
