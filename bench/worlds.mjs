// Replay speed of the built-in worlds on one core: `npm run bench:worlds [-- rail bank …]`. Legal calls, found by random walks,
// are replayed from their seeds again and again, once without digests (what executing costs) and once with one after each
// call (what a replay costs whose states are compared).
import { exploreWorld } from '../dist/core/explore/explore.js';
import { createRng } from '../dist/core/random.js';
import { toolOfKey } from '../dist/core/tool.js';
import { BUILTIN_WORLDS } from '../dist/worlds/builtin/index.js';
import { createReplayer } from '../dist/worlds/replay.js';

/** Calls per second and core that replays are to reach, digests aside. */
const TARGET = 50_000;
/** Of the process's own time, so that a busy machine counts less; per world and kind. */
const SECONDS = 1.2;
/** Before that, until the tools are compiled: campaigns replay for hours. */
const WARM_UP = 0.6;

const named = process.argv.slice(2);
const stranger = named.find((name) => !(name in BUILTIN_WORLDS));
if (stranger !== undefined) throw new Error(`Expected built-in worlds (${Object.keys(BUILTIN_WORLDS).join(', ')}), got \`${stranger}\``);

const rows = [];
for (const name of named.length > 0 ? named : Object.keys(BUILTIN_WORLDS)) {
  const world = BUILTIN_WORLDS[name]();
  const walks = await legalWalks(world);
  const plain = await speed(world, walks, false);
  const digested = await speed(world, walks, true);
  rows.push({ name, tools: world.doc.tools.length, plain, digested });
  console.error(`${rows.length} ${name}`);
}
report(rows);

/** Successful calls in order, per walk: what traces are made of. */
async function legalWalks(world) {
  const replayer = createReplayer([world]);
  const evidence = await exploreWorld({
    world: world.doc, facts: (seed) => world.known(seed), execute: replayer.execute(world.doc.id), rng: createRng('bench'),
    budget: { walks: 16, callsPerWalk: 20, confirmations: 0 },
  });
  await replayer.close();
  const walks = new Map();
  for (const { callId, tool, args, seed, result } of evidence.filter((row) => row.kind === 'call' && row.result.ok)) {
    const walk = callId.slice(0, callId.lastIndexOf('/'));
    if (!walks.has(walk)) walks.set(walk, { seed, calls: [] });
    walks.get(walk).calls.push({ tool: toolOfKey(tool), args, result });
  }
  return [...walks.values()];
}

async function speed(world, walks, digests) {
  const spent = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1e6; };
  for (const began = spent(); spent() - began < WARM_UP; ) await replayAll(world, walks, digests);
  let calls = 0;
  const began = spent();
  while (spent() - began < SECONDS) calls += await replayAll(world, walks, digests);
  return { calls, seconds: spent() - began };
}

async function replayAll(world, walks, digests) {
  let made = 0;
  for (const { seed, calls } of walks) {
    const instance = await world.open(seed);
    for (const { tool, args } of calls) {
      const result = await instance.call({ tool, args });
      if (!result.ok) throw new Error(`Expected ${world.doc.id}.${tool} to succeed again, got ${result.fault}: ${result.message}`);
      if (digests) await instance.digest();
      made++;
    }
    await instance.close();
  }
  return made;
}

function report(rows) {
  const rate = ({ calls, seconds }) => calls / seconds;
  const shown = (value) => Math.round(value).toLocaleString('en');
  const mean = (kind) => rows.length / rows.reduce((sum, row) => sum + 1 / rate(row[kind]), 0);
  const line = (name, tools, plain, digested) => console.log(`| ${name} | ${tools} | ${shown(plain)} | ${(plain / TARGET).toFixed(1)} | ${shown(digested)} | ${(digested / TARGET).toFixed(1)} |`);
  console.log(`\n| world | tools | calls/s | of ${shown(TARGET)} | calls/s with digests | of ${shown(TARGET)} |\n|---|---|---|---|---|---|`);
  for (const { name, tools, plain, digested } of rows) line(name, tools, rate(plain), rate(digested));
  line('**equal calls of each**', rows.reduce((sum, row) => sum + row.tools, 0), mean('plain'), mean('digested'));
  const slow = rows.filter((row) => rate(row.plain) < TARGET).map(({ name }) => name);
  console.log(slow.length === 0 ? `\nEvery world replays at least ${shown(TARGET)} calls/s on one core.` : `\nBelow ${shown(TARGET)} calls/s on one core: ${slow.join(', ')}.`);
}
