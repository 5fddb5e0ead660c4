import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, openSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root, tell } from '../scripts/set-up.mjs';

const require = createRequire(import.meta.url);

/**
 * `npm run bench:scale`: trajectories of `rail` at zero latency, with services, worker and home of its own, everything
 * deleted before. Every item runs (the target is never reached), so the last tenth does the same work as the first.
 */
const { values: options } = parseArgs({ options: { items: { type: 'string', default: '2700' }, window: { type: 'string', default: '24' }, keep: { type: 'boolean', default: false } } });
const items = Number(options.items);
const home = join(root, '.hardgen', 'bench-scale');
const ID = 'scale';
const TENTHS = 10;
const SAMPLED_HISTORIES = 40;

await tell(async () => {
  if (!Number.isInteger(items) || items < TENTHS) throw new Error(`Expected --items to be an integer from ${TENTHS}, got \`${options.items}\``);
  if (!existsSync(join(root, 'dist/worker.js'))) throw new Error('Expected a build in dist, got none; npm run build makes it');
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  for (const name of ['TEMPORAL_ADDRESS', 'HARDGEN_NEO4J_URI', 'HARDGEN_SIMULATOR_URL', 'HARDGEN_METRICS_PORT']) delete process.env[name];
  const env = { ...process.env, HARDGEN_HOME: home, HARDGEN_LOG_LEVEL: 'warn' };
  const config = require('../dist/config').loadConfig(env);
  const { ensureServices, stopServices } = require('../dist/services');
  const { ensureSimulator } = require('../dist/services/simulator');
  const say = ({ service, phase, detail }) => console.error(`${service} ${phase}: ${detail}`);
  await ensureServices(config, say);
  const simulatorUrl = await ensureSimulator(config, say);
  const log = openSync(join(home, 'bench-worker.log'), 'a');
  // The log then tells what is left after each full collection: the process itself also holds what V8 has yet to collect.
  const worker = spawn(process.execPath, ['--trace-gc', join(root, 'dist/worker.js')], { env: { ...env, HARDGEN_SIMULATOR_URL: simulatorUrl }, stdio: ['ignore', log, log] });
  try {
    await measure(config, worker.pid);
  } finally {
    const ended = new Promise((done) => worker.once('exit', done));
    worker.kill('SIGTERM');
    await ended;
    await stopServices(config);
    if (!options.keep) rmSync(home, { recursive: true, force: true });
  }
  return 0;
});

async function measure(config, workerPid) {
  const { withTemporal, startCampaign, queryProgress } = require('../dist/cli/temporal');
  await withTemporal(config, async (temporal) => {
    const began = Date.now();
    await startCampaign(temporal, config, { id: ID, input: campaign() });
    const result = temporal.client.workflow.getHandle(ID).result();
    const memory = await followMemory({ temporal, queryProgress, result, workerPid });
    const progress = await result;
    report({ progress, memory, began, ended: itemEnds(), histories: await historySizes(temporal), database: databaseBytes() });
  });
}

/** Twice as many rows wanted as there are items: no cell fills up, so every item runs. */
function campaign() {
  const { campaignSchema } = require('../dist/core/campaign/campaign.schema');
  return {
    baseDir: root,
    campaign: campaignSchema.parse({
      name: ID, seed: 1, target: { verified: 2 * items, maxItems: items }, worlds: [{ builtin: 'rail' }], window: Number(options.window),
      models: { roles: { toolMaker: 'sim', queryGenerator: 'sim', reasoner: 'sim', verifier: 'sim' }, targets: ['sim-a', 'sim-b'] }, selfEvaluation: { failWhen: 'any' },
    }),
  };
}

/** Memory of worker and servers whenever another tenth of the items has ended. */
async function followMemory({ temporal, queryProgress, result, workerPid }) {
  const samples = [];
  let open = true;
  result.then(() => (open = false), () => (open = false));
  while (open) {
    await new Promise((done) => setTimeout(done, 1000));
    const progress = await queryProgress(temporal, ID);
    if (progress?.phase !== 'generate') continue;
    const ended = progress.verified + progress.failed + Object.values(progress.rejected).reduce((sum, count) => sum + count, 0);
    const tenth = Math.min(TENTHS, Math.floor((ended / items) * TENTHS));
    samples[tenth] ??= memoryNow(workerPid);
  }
  samples[TENTHS] ??= memoryNow(workerPid);
  return samples;
}

function memoryNow(workerPid) {
  const { running } = JSON.parse(readFileSync(join(home, 'services.json'), 'utf8'));
  const pids = { worker: workerPid, temporal: running.temporal?.pid, neo4j: running.neo4j?.pid };
  return { ...Object.fromEntries(Object.entries(pids).map(([name, pid]) => [name, rssOf(pid)])), live: liveHeap() };
}

/** MB in the heap of the worker's main thread after its last full collection; workflow threads have small ones of their own. */
function liveHeap() {
  const collections = [...readFileSync(join(home, 'bench-worker.log'), 'utf8').matchAll(/^\[\d+:(0x[0-9a-f]+)\].*Mark-Compact .* -> ([\d.]+) /gm)];
  const main = collections[0]?.[1];
  const last = collections.findLast(([, isolate]) => isolate === main);
  return last ? Math.round(Number(last[2])) : null;
}

/** In MB; `ps` is the same on Linux and macOS. */
function rssOf(pid) {
  try {
    return Math.round(Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) / 1024);
  } catch {
    return null;
  }
}

/** An item's record is written last when it ends, so the file's time is the item's end. */
function itemEnds() {
  const folder = join(home, 'campaigns', ID, 'records');
  return readdirSync(folder).filter((name) => name.startsWith('t-')).map((name) => statSync(join(folder, name))).map(({ mtimeMs, birthtimeMs }) => ({ at: mtimeMs, from: birthtimeMs })).sort((a, b) => a.at - b.at);
}

async function historySizes(temporal) {
  const sizes = [];
  const step = Math.max(1, Math.floor(items / SAMPLED_HISTORIES));
  for (let item = 0; item < items; item += step) {
    const found = await temporal.client.workflow.getHandle(`${ID}/t-${String(item).padStart(5, '0')}`).describe().catch(() => undefined);
    if (found) sizes.push({ events: found.historyLength, bytes: Number(found.raw.workflowExecutionInfo?.historySizeBytes ?? 0) });
  }
  return sizes;
}

function databaseBytes() {
  const found = readdirSync(home, { recursive: true }).filter((name) => /temporal.*\.db(-wal)?$/.test(name));
  return found.reduce((sum, name) => sum + statSync(join(home, name)).size, 0);
}

function report({ progress, memory, began, ended, histories, database }) {
  const mean = (numbers) => numbers.reduce((sum, number) => sum + number, 0) / Math.max(1, numbers.length);
  const first = Math.min(...ended.map(({ from }) => from));
  const per = Math.floor(ended.length / TENTHS);
  const rates = Array.from({ length: TENTHS }, (_, tenth) => per / ((ended[(tenth + 1) * per - 1].at - (tenth === 0 ? first : ended[tenth * per - 1].at)) / 1000));
  const seconds = (ended.at(-1).at - first) / 1000;
  console.log(`${ended.length} trajectories of rail at zero latency, window ${options.window}: ${progress.phase}, ${progress.verified} verified, ${progress.failed} failed, ${progress.calls.attempts} calls`);
  console.log(`whole campaign ${((Date.now() - began) / 1000).toFixed(0)} s; generation ${seconds.toFixed(0)} s, ${(ended.length / seconds).toFixed(2)} trajectories/s`);
  console.log('\n| tenth | trajectories/s | worker MB | in use of it | Temporal MB | Neo4j MB |\n|---|---|---|---|---|---|');
  for (const [tenth, rate] of rates.entries()) {
    const at = memory[tenth + 1] ?? {};
    console.log(`| ${tenth + 1} | ${rate.toFixed(2)} | ${at.worker ?? '–'} | ${at.live ?? '–'} | ${at.temporal ?? '–'} | ${at.neo4j ?? '–'} |`);
  }
  console.log(`\nlast tenth against the first: ${((rates.at(-1) / rates[0]) * 100).toFixed(0)} %`);
  console.log(`history per trajectory: ${mean(histories.map(({ events }) => events)).toFixed(0)} events, ${(mean(histories.map(({ bytes }) => bytes)) / 1024).toFixed(1)} KB (${histories.length} sampled)`);
  console.log(`Temporal's database: ${(database / 2 ** 20).toFixed(0)} MB, ${(database / 1024 / ended.length).toFixed(0)} KB a trajectory`);
}
