import type { Command } from 'commander';
import { BUILTIN_WORLDS } from '../../worlds/builtin';
import type { Cli } from '../cli';
import { quickstart } from '../quickstart';
import { show } from '../terminal';

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
}
