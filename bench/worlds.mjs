// Replay speed of the built-in worlds on one core: `npm run bench:worlds [-- rail bank …]`. Legal calls, found by random walks,
// are replayed from their seeds again and again, once without digests (what executing costs) and once with one after each
// call (what a replay costs whose states are compared). Each world alone in a thread of its own, one after the other; then
// all of them by turns in one thread, as in a campaign over all, where no code is compiled for one world's states.
// Garbage is collected on that core too (`--single-threaded-gc`): helpers on the other one would count, and mostly wait.
import { once } from 'node:events';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { exploreWorld } from '../dist/core/explore/explore.js';
import { createRng } from '../dist/core/random.js';
import { toolOfKey } from '../dist/core/tool.js';
import { BUILTIN_WORLDS } from '../dist/worlds/builtin/index.js';
import { createReplayer } from '../dist/worlds/replay.js';

/** Calls per second and core that replays are to reach, digests aside. */
const TARGET = 50_000;
/** How long the calls of a world are replayed, with digests and without; the process's own time in it counts, so that a busy machine counts less. */
const SECONDS = 1;
/** Before that, of each world, until its code is compiled: campaigns replay for hours. By turns, a world has a share of the time alone. */
const WARM_UP = 2;
const MIXED = 'all by turns';
/** The tier as one number: as many calls of each world, every one at the speed it has alone (the harmonic mean). */
const TOGETHER = 'all, one after the other';

if (isMainThread) await main(process.argv.slice(2));
else parentPort.postMessage(await measure(workerData));

async function main(named) {
  const stranger = named.find((name) => !(name in BUILTIN_WORLDS));
  if (stranger !== undefined) throw new Error(`Expected built-in worlds (${Object.keys(BUILTIN_WORLDS).join(', ')}), got \`${stranger}\``);
  const names = named.length > 0 ? named : Object.keys(BUILTIN_WORLDS);
  const rows = [];
  const groups = [...names.map((name) => [name]), ...(names.length > 1 ? [names] : [])];
  for (const [at, group] of groups.entries()) {
    rows.push({ name: group.length === 1 ? group[0] : MIXED, ...(await once(new Worker(new URL(import.meta.url), { workerData: group }), 'message'))[0] });
    console.error(`${at + 1} of ${groups.length}: ${rows.at(-1).name}`);
  }
  if (names.length > 1) rows.splice(-1, 0, together(rows.slice(0, -1)));
  report(rows);
}

function together(rows) {
  const mean = (speedOf) => rows.length / rows.reduce((sum, row) => sum + 1 / speedOf(row), 0);
  return { name: TOGETHER, tools: rows.reduce((sum, { tools }) => sum + tools, 0), plain: mean((row) => row.plain), digested: mean((row) => row.digested) };
}

async function measure(names) {
  const replays = [];
  for (const name of names) {
    const world = BUILTIN_WORLDS[name]();
    replays.push(...(await legalWalks(world)).map((walk) => ({ world, ...walk })));
  }
  const plain = await speed(replays, false, names.length);
  const digested = await speed(replays, true, names.length);
  return { tools: names.reduce((sum, name) => sum + BUILTIN_WORLDS[name]().doc.tools.length, 0), plain, digested };
}

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

/** Calls per second of the process's time. */
async function speed(replays, digests, worlds) {
  await replayFor(WARM_UP * worlds, replays, digests);
  const began = process.cpuUsage();
  const calls = await replayFor(SECONDS * Math.min(10, worlds), replays, digests);
  const { user, system } = process.cpuUsage(began);
  return calls / ((user + system) / 1e6);
}

async function replayFor(seconds, replays, digests) {
  let calls = 0;
  for (const end = performance.now() + 1000 * seconds; performance.now() < end; ) calls += await replayAll(replays, digests);
  return calls;
}

async function replayAll(replays, digests) {
  let made = 0;
  for (const { world, seed, calls } of replays) {
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
  const shown = (value) => Math.round(value).toLocaleString('en');
  console.log(`\n| world | tools | calls/s | of ${shown(TARGET)} | calls/s with digests | of ${shown(TARGET)} |\n|---|---|---|---|---|---|`);
  for (const { name, tools, plain, digested } of rows) {
    console.log(`| ${name} | ${tools} | ${shown(plain)} | ${(plain / TARGET).toFixed(1)} | ${shown(digested)} | ${(digested / TARGET).toFixed(1)} |`);
  }
  const slow = rows.filter((row) => row.plain < TARGET).map(({ name }) => name);
  console.log(slow.length === 0 ? `\nEvery world, and all by turns, replays at least ${shown(TARGET)} calls/s on one core.` : `\nBelow ${shown(TARGET)} calls/s on one core: ${slow.join(', ')}.`);
}
