// How long an MCP world takes to open after the first time, an instance of it as a new process and after the use of one
// (put back where the block has `reset`, else a new process), and what 16 worlds at once cost: `npm run bench:mcp`.
import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);
const { mcpBlockSchema } = require(join(root, 'dist/core/campaign/campaign.schema'));
const { createMcpWorld } = require(join(root, 'dist/worlds/mcp'));
const { parse } = require('yaml');

/** Blocks, each with a call that its server takes: an instance that no call has reached is handed over as it is. */
const CALLS = {
  'examples/worlds/filesystem': { tool: 'list_directory', args: { path: '/workspace' } },
  'examples/worlds/memory': { tool: 'search_nodes', args: { query: 'a' } },
  'examples/worlds/tasks': { tool: 'list_requests', args: {} },
  'examples/worlds/notes': { tool: 'list_projects', args: {} },
  'worlds/git': { tool: 'git_set_working_dir', args: { path: '/workspace/tide-station' } },
};
const BLOCKS = Object.keys(CALLS);
const AT_ONCE = 16;
const ROUNDS = 5;

const scratchDir = mkdtempSync(join(tmpdir(), 'hardgen-bench-'));
const cacheDir = process.env.HARDGEN_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'hardgen');

const open = async (folder, name) => {
  const file = join(root, folder, 'block.yaml');
  const block = mcpBlockSchema.parse({ ...parse(readFileSync(file, 'utf8')).mcp, ...(name === undefined ? {} : { name }) });
  const began = performance.now();
  const world = await createMcpWorld(block, { baseDir: dirname(file), cacheDir, scratchDir });
  return { world, block, ms: performance.now() - began };
};

/** Resident memory of every process that works in the bench's folders, in MB, and how many they are. */
function servers() {
  const found = readdirSync('/proc').filter((pid) => /^\d+$/.test(pid)).flatMap((pid) => {
    try {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(scratchDir) ? [Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0) / 1024] : [];
    } catch {
      return [];
    }
  });
  return { processes: found.length, megabytes: Math.round(found.reduce((sum, size) => sum + size, 0)) };
}

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

try {
  console.log('medians, ms  the world opened   a new process   after use of one');
  for (const folder of BLOCKS) {
    await open(folder).then(({ world }) => world.close());
    const opened = [];
    const instances = [];
    const again = [];
    for (let round = 0; round < ROUNDS; round++) {
      const { world, ms } = await open(folder);
      opened.push(ms);
      const first = await world.open(0);
      const began = performance.now();
      const second = await world.open(0);
      instances.push(performance.now() - began);
      for (const instance of [first, second]) {
        const result = await instance.call(CALLS[folder]);
        if (!result.ok) throw new Error(`Expected ${CALLS[folder].tool} of ${folder} to succeed, got ${result.fault}: ${result.message}`);
      }
      await Promise.all([first.close(), second.close()]);
      const from = performance.now();
      await (await world.open(0)).close();
      again.push(performance.now() - from);
      await world.close();
    }
    console.log(`${folder.split('/').pop().padEnd(12)} ${median(opened).toFixed(0).padStart(16)} ${median(instances).toFixed(0).padStart(15)} ${median(again).toFixed(0).padStart(14)}`);
  }
  const began = performance.now();
  const many = await Promise.all(Array.from({ length: AT_ONCE }, (_unused, at) => open(BLOCKS[at % BLOCKS.length], `bench-${at}`)));
  const idle = servers();
  const instances = await Promise.all(many.map(({ world }) => world.open(0)));
  await Promise.all(instances.map(async (instance) => { for (let at = 0; at < 10; at++) await instance.digest(); }));
  const busy = servers();
  console.log(`${AT_ONCE} worlds at once: open in ${((performance.now() - began) / 1000).toFixed(1)} s, slowest ${Math.max(...many.map(({ ms }) => ms)).toFixed(0)} ms; ` +
    `kept idle ${idle.processes} processes (${idle.megabytes} MB), with an instance each ${busy.processes} (${busy.megabytes} MB)`);
  await Promise.all(instances.map((instance) => instance.close()));
  await Promise.all(many.map(({ world }) => world.close()));
  console.log(`after closing: ${servers().processes} processes`);
} finally {
  rmSync(scratchDir, { recursive: true, force: true });
}
