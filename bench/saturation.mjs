import { fork } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * How near a full endpoint comes to its ideal: real Temporal, our worker options, `callModel` with the gate and the record
 * store, an endpoint with a known limit. `npm run bench:saturation`; about four minutes.
 */
const require = createRequire(import.meta.url);
const dist = (path) => require(join('..', 'dist', path));
const { Context } = require('@temporalio/activity');
const { Client, Connection } = require('@temporalio/client');
const { NativeConnection, Worker, bundleWorkflowCode, Runtime, DefaultLogger } = require('@temporalio/worker');
const folder = fileURLToPath(new URL('.', import.meta.url));
const quiet = { trace() {}, debug() {}, info() {}, warn: console.error, error: console.error, log() {} };

/** Ten calls an item on average, 5 to 15 as trajectories differ: equal ones would all end in one moment and be started anew in the next. */
const callsOf = (item) => 5 + ((item * 7) % 11);
/** About 1.5 × capacity stay open. */
const SCENES = [
  // Long enough that the last items, which fill no window any more, end after the 90th percentile.
  { name: '64 at once, 2 s', latency: 2_000, limit: 64, items: 396, window: 96 },
  { name: '64 at once, 200 ms', latency: 200, limit: 64, items: 198, window: 96 },
  { name: 'as many empty activities', empty: true, latency: 0, limit: 64, items: 198, window: 96 },
  { name: 'a queue above 16, 64 allowed, 1 s', latency: 1_000, limit: 16, items: 110, window: 96 },
  { name: '429 above 16, Retry-After 1, 64 allowed, 1 s', latency: 1_000, limit: 16, refuse: true, items: 55, window: 96 },
];

async function main() {
  const home = mkdtempSync(join(tmpdir(), 'hardgen-saturation-'));
  const config = dist('config').loadConfig({ ...process.env, HARDGEN_HOME: home });
  const endpoint = fork(join(folder, 'saturation', 'endpoint.mjs'));
  const tidy = async () => {
    if (endpoint.connected) endpoint.disconnect();
    await dist('services').stopServices(config);
    rmSync(home, { recursive: true, force: true });
  };
  // A bench that is cut short leaves no server behind.
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void tidy().finally(() => process.exit(130)));
  try {
    const port = await new Promise((done) => endpoint.once('message', (message) => done(message.port)));
    const { address, namespace } = await dist('services/temporal').startTemporal(config, () => undefined);
    const rig = await startWorker({ config, address, namespace, port });
    const rows = [];
    for (const scene of SCENES.filter(({ name }) => name.includes(process.argv[2] ?? ''))) rows.push(await measure(rig, scene));
    print(rows);
    await rig.close();
  } finally {
    await tidy();
  }
}

async function startWorker({ config, address, namespace, port }) {
  // Signals are ours: the SDK would wait for work that may not end.
  Runtime.install({ shutdownSignals: [], logger: new DefaultLogger('WARN'), telemetryOptions: { logging: { filter: { core: 'WARN', other: 'WARN' } } } });
  const connection = await NativeConnection.connect({ address });
  const clientConnection = await Connection.connect({ address });
  const client = new Client({ connection: clientConnection, namespace });
  const workflowBundle = await bundleWorkflowCode({ workflowsPath: join(folder, 'saturation', 'workflows.cjs'), logger: quiet });
  const records = dist('clients/record-store').createRecordStore(config.home);
  const deps = { records, ledger: dist('clients/ledger').createLedger(config.home), gate: dist('clients/gate').createGate(), chat: dist('clients/chat-model').createChatModel(() => 'none') };
  const { callModel } = dist('activities/model-call');
  const activities = {
    nothing: async () => undefined,
    askModel: async ({ campaign, item, turn }) => {
      // As around a campaign's activities (src/activities/index.ts): who waits at the gate is alive.
      const activity = Context.current();
      const beat = setInterval(() => activity.heartbeat(), 6_000);
      try {
        const { spend } = await callModel(deps, { context: contextOf(campaign, port), ref: { campaign, purpose: 'generate', item }, stage: 'reasoner', use: { endpoint: campaign, model: 'bench' }, request: { messages: MESSAGES }, turn, specHash: '' });
        return spend;
      } finally {
        clearInterval(beat);
      }
    },
  };
  const worker = await Worker.create({ connection, namespace, taskQueue: 'saturation', workflowBundle, activities, ...dist('worker').WORKER_OPTIONS });
  const running = worker.run();
  const serverPid = JSON.parse(readFileSync(join(config.home, 'services.json'), 'utf8')).running.temporal.pid;
  return {
    client, serverPid, records, url: `http://127.0.0.1:${port}`,
    close: async () => {
      worker.shutdown();
      await running;
      await clientConnection.close();
      await connection.close();
    },
  };
}

/** A prompt of about the length that a trajectory's are. */
const MESSAGES = [{ role: 'system', content: 'You are an agent with tools. '.repeat(40) }, { role: 'user', content: 'When does the next train leave? '.repeat(20) }];

// An endpoint a scene: each begins with a gate that knows nothing.
const contextOf = (campaign, port) => ({
  manifest: { campaign: { seed: 1, budget: {}, ablation: {}, simulator: { faults: {}, latencyMs: 0 }, models: { endpoints: { [campaign]: { baseURL: `http://127.0.0.1:${port}/v1`, concurrency: 64, timeoutSeconds: 60, price: { input: 0, output: 0 }, headers: {}, extraBody: {} } } } } },
});

async function measure(rig, scene) {
  console.error(`measuring: ${scene.name}`);
  const campaign = scene.name.replace(/[^a-z0-9]+/g, '-');
  await fetch(`${rig.url}/set?latency=${scene.latency}&limit=${scene.limit}${scene.refuse ? '&refuse=1' : ''}`);
  const before = cpuOf(rig.serverPid);
  const begun = performance.now();
  const { items, window, empty = false } = scene;
  const calls = Array.from({ length: items }, (_unused, item) => callsOf(item));
  await rig.client.workflow.execute('benchShard', { workflowId: campaign, taskQueue: 'saturation', args: [{ campaign, window, calls, empty }] });
  const seconds = (performance.now() - begun) / 1_000;
  const after = cpuOf(rig.serverPid);
  const stats = await (await fetch(`${rig.url}/stats`)).json();
  const asked = calls.reduce((sum, count) => sum + count, 0);
  const stored = empty ? asked : (await Promise.all(Array.from({ length: items }, (_unused, item) => rig.records.read(campaign, `t-${String(item).padStart(5, '0')}`)))).flat().filter((line) => line.kind === 'call').length;
  return {
    scene, calls: asked, seconds, stored, refused: stats.refused, most: stats.most, ideal: empty ? undefined : scene.limit / (scene.latency / 1_000),
    wholeRate: asked / seconds, ...(empty ? {} : middleOf(stats.replies, scene.limit)),
    cpu: { worker: ((after.worker - before.worker) * 1_000) / asked, server: ((after.server - before.server) * 1_000) / asked },
  };
}

/** Between the 10th and the 90th percentile of completions: replies per second, the share of the endpoint's places that was busy, and the requests that waited there on average. */
function middleOf(replies, places) {
  const sorted = [...replies].sort((a, b) => a.ended - b.ended);
  const [low, high] = [Math.floor(sorted.length * 0.1), Math.floor(sorted.length * 0.9) - 1];
  const [from, to] = [sorted[low].ended, sorted[high].ended];
  const busy = sorted.reduce((sum, { begun, ended }) => sum + Math.max(0, Math.min(ended, to) - Math.max(begun, from)), 0);
  const middle = sorted.slice(low, high + 1);
  const queued = middle.reduce((sum, { waiting }) => sum + waiting, 0) / middle.length;
  return { queued, middleRate: ((high - low) * 1_000) / (to - from), busy: busy / (places * (to - from)) };
}

/** Seconds of processor time so far, of this process and of the server. */
function cpuOf(pid) {
  const { user, system } = process.cpuUsage();
  return { worker: (user + system) / 1e6, server: serverCpu(pid) };
}

function serverCpu(pid) {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').replace(/^.*\) /, '').split(' ');
    return (Number(fields[11]) + Number(fields[12])) / 100;
  } catch {
    return NaN;
  }
}

function print(rows) {
  const percent = (share) => (share === undefined || Number.isNaN(share) ? '–' : `${(share * 100).toFixed(1)} %`);
  const number = (value, digits = 1) => (value === undefined || Number.isNaN(value) ? '–' : value.toFixed(digits));
  const table = rows.map((row) => [
    row.scene.name, String(row.calls), number(row.ideal), number(row.middleRate), percent(row.middleRate / row.ideal), percent(row.busy), number(row.wholeRate), percent(row.wholeRate / row.ideal),
    number(row.queued), String(row.refused), String(row.calls - row.stored), number(row.cpu.worker), number(row.cpu.server),
  ]);
  const head = ['endpoint', 'calls', 'ideal/s', 'P10–P90/s', 'of ideal', 'places busy', 'whole run/s', 'of ideal', 'queued there', 'refused', 'lost', 'worker ms/call', 'server ms/call'];
  const widths = head.map((title, column) => Math.max(title.length, ...table.map((line) => line[column].length)));
  for (const line of [head, widths.map((width) => '-'.repeat(width)), ...table]) console.log(`| ${line.map((cell, column) => (column === 0 ? cell.padEnd(widths[column]) : cell.padStart(widths[column]))).join(' | ')} |`);
  const [fast, empty] = [rows.find((row) => row.scene.latency === 200), rows.find((row) => row.scene.empty)];
  if (fast && empty) console.log(`\n200 ms against the empty-activity loop: ${percent(fast.wholeRate / Math.min(empty.wholeRate, fast.ideal))} (${number(fast.wholeRate)} of ${number(Math.min(empty.wholeRate, fast.ideal))}/s)`);
}

await main();
