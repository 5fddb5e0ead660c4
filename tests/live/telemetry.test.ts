import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import { LOOKUP_HEADER } from '../../src/clients/chat-model';
import type { Progress } from '../../src/core/campaign/progress';
import { createRig, freePort, railCampaign, root, until, type Rig } from '../fixtures/rig';

/** One small campaign over an endpoint that wants a key, fails every 15th call and repeats the key when it does. */
const id = `telemetry-${process.pid}`;
const KEY = 'sk-planted-0f3a9c';
const EVERY = 15;
let rig: Rig;
let endpoint: Server;
let worker: ChildProcess;
let ended: Progress;
let metrics: Sample[];
let failures = 0;
let unauthorized = 0;
let terminated: string;

interface Sample {
  name: string;
  labels: { [label: string]: string };
  value: number;
}

async function startEndpoint(simulatorUrl: string): Promise<string> {
  let asked = 0;
  endpoint = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => void chunks.push(chunk)).on('end', () => {
      asked += 1;
      if (request.headers.authorization !== `Bearer ${KEY}`) unauthorized += 1;
      if (asked % EVERY === 0) {
        failures += 1;
        response.writeHead(500, { 'content-type': 'application/json', 'retry-after-ms': '1' }).end(JSON.stringify({ error: { message: `upstream refused Bearer ${KEY}` } }));
        return;
      }
      void fetch(`${simulatorUrl}/chat/completions`, { method: 'POST', headers: { 'content-type': 'application/json', [LOOKUP_HEADER]: String(request.headers[LOOKUP_HEADER]) }, body: Buffer.concat(chunks) })
        .then(async (answer) => response.writeHead(answer.status, { 'content-type': 'application/json' }).end(await answer.text()));
    });
  }).listen(0, '127.0.0.1');
  await new Promise((done) => endpoint.once('listening', done));
  return `http://127.0.0.1:${(endpoint.address() as AddressInfo).port}/v1`;
}

const logFile = (): string => join(rig.home, 'worker.log');
const logLines = (): Record<string, unknown>[] => readFileSync(logFile(), 'utf8').split('\n').filter(Boolean).map((line) => JSON.parse(line) as Record<string, unknown>);
const sum = (name: string, labels: { [label: string]: string } = {}): number =>
  metrics.filter((sample) => sample.name === name && Object.entries(labels).every(([label, value]) => sample.labels[label] === value)).reduce((total, { value }) => total + value, 0);

function parseMetrics(text: string): Sample[] {
  return text.split('\n').flatMap((line) => {
    const found = /^([a-z_]+)(?:\{(.*)\})? (\S+)$/.exec(line);
    return found ? [{ name: found[1] ?? '', labels: Object.fromEntries([...(found[2] ?? '').matchAll(/(\w+)="([^"]*)"/g)].map(([, label, value]) => [label, value])) as Sample['labels'], value: Number(found[3]) }] : [];
  });
}

/** An item that an operator ends behind the campaign's back writes no outcome. */
async function terminateOne(): Promise<void> {
  const open = async (): Promise<string[]> => {
    const found: string[] = [];
    for await (const { workflowId } of rig.client.workflow.list({ query: `CampaignId = '${id}' AND WorkflowType = 'trajectory' AND ExecutionStatus = 'Running'` })) found.push(workflowId);
    return found;
  };
  await until(async () => (await open()).length > 0, 120_000);
  [terminated = ''] = await open();
  await rig.client.workflow.getHandle(terminated).terminate('by a test');
}

beforeAll(async () => {
  rig = await createRig('telemetry');
  const baseURL = await startEndpoint(rig.simulatorUrl);
  const port = await freePort();
  const log = openSync(logFile(), 'a');
  worker = spawn(process.execPath, ['--require', join(root, 'tests/fixtures/send-lookup.cjs'), join(root, 'dist/worker.js')], {
    stdio: ['ignore', log, log], env: { ...process.env, HARDGEN_HOME: rig.home, HARDGEN_TASK_QUEUE: rig.taskQueue, HARDGEN_METRICS_PORT: String(port), HARDGEN_LOG_LEVEL: 'debug', HOUSE_KEY: KEY },
  });
  closeSync(log);
  const house = { endpoint: 'house', model: 'sim' };
  await rig.start(id, railCampaign({
    target: { verified: 4, maxItems: 12 }, window: 4,
    models: {
      endpoints: { house: { baseURL, apiKeyEnv: 'HOUSE_KEY', price: { input: 1, output: 2 } } },
      roles: { toolMaker: house, queryGenerator: house, reasoner: house, verifier: house }, targets: [{ ...house, model: 'sim-a' }, { ...house, model: 'sim-b' }],
    },
  }));
  await terminateOne();
  ended = await rig.result(id);
  // The gate's gauges are set once a second.
  await new Promise((done) => setTimeout(done, 1_200));
  metrics = parseMetrics(await (await fetch(`http://127.0.0.1:${port}/metrics`)).text());
  worker.kill('SIGTERM');
  await until(() => worker.exitCode !== null || worker.signalCode !== null);
}, 240_000);

afterAll(async () => {
  worker?.kill('SIGKILL');
  endpoint?.close();
  await rig?.close();
}, 60_000);

describe('the metrics of a worker that did a whole campaign', () => {
  it('count the items that `campaign status` counts', () => {
    expect(sum('hardgen_items_total', { outcome: 'verified' })).toBe(ended.verified);
    for (const [reason, count] of Object.entries(ended.rejected)) expect({ reason, count: sum('hardgen_items_total', { outcome: 'rejected', reason }) }).toEqual({ reason, count });
  });

  it('count an item that came to no end of its own, too', () => {
    expect(ended.failed).toBe(1);
    expect(sum('hardgen_items_total', { outcome: 'failed' })).toBe(1);
    expect(sum('hardgen_items_total')).toBe(ended.verified + ended.failed + Object.values(ended.rejected).reduce((all, count) => all + count, 0));
  });

  it('count every answered request with its tokens and money as the records do, and status no more than they', () => {
    const stored = Object.values(rig.records(id)).flat().filter((line) => line.kind === 'call').map((line) => line.value as unknown as { usage: { inputTokens: number; outputTokens: number }; costMicroUsd: number });
    const total = (of: (call: (typeof stored)[number]) => number): number => stored.reduce((all, call) => all + of(call), 0);
    expect(stored.length).toBeGreaterThan(60);
    expect(sum('hardgen_model_calls_total', { outcome: 'ok' })).toBe(stored.length);
    expect(sum('hardgen_model_tokens_total', { direction: 'input' })).toBe(total((call) => call.usage.inputTokens));
    expect(sum('hardgen_model_cost_micro_usd_total')).toBe(total((call) => call.costMicroUsd));
    expect(sum('hardgen_model_latency_seconds_count')).toBe(stored.length);
    expect(ended.calls.accepted).toBeLessThanOrEqual(stored.length);
  });

  it('count failed requests by type, and show an idle gate at the end', () => {
    expect(failures).toBeGreaterThan(3);
    expect(sum('hardgen_model_calls_total', { outcome: 'LlmServer' })).toBe(failures);
    expect(metrics).toContainEqual({ name: 'hardgen_gate_in_flight', labels: { endpoint: 'house' }, value: 0 });
    expect(metrics).toContainEqual({ name: 'hardgen_gate_waiting', labels: { endpoint: 'house' }, value: 0 });
    expect(sum('hardgen_gate_allowed', { endpoint: 'house' })).toBeGreaterThanOrEqual(1);
    expect(sum('hardgen_worker_resident_bytes')).toBeGreaterThan(1e7);
  });

  it('stand on one page with Temporal\'s own', () => {
    expect(sum('temporal_workflow_completed_total')).toBeGreaterThan(ended.funnel.probed);
  });
});

describe('the log of the same worker', () => {
  it('is one JSON object a line, from its first to its last', () => {
    const lines = logLines();
    expect(lines.length).toBeGreaterThan(60);
    for (const line of lines) expect(line).toMatchObject({ time: expect.stringMatching(/^20.*Z$/), level: expect.stringMatching(/^(debug|info|warn|error)$/), message: expect.any(String) });
  });

  it('has the end of every item once, also of those that wrote no outcome', () => {
    const items = logLines().filter(({ message }) => message === 'item ended');
    expect(new Set(items.map(({ item }) => item)).size).toBe(items.length);
    expect(items).toHaveLength(sum('hardgen_items_total'));
    expect(items).toContainEqual(expect.objectContaining({ item: terminated.split('/')[1], outcome: 'failed', reason: expect.any(String) }));
  });

  it('has every failed request with campaign, item, stage and type', () => {
    const failed = logLines().filter(({ message }) => message === 'model call failed');
    expect(failed).toHaveLength(failures);
    for (const line of failed) expect(line).toMatchObject({ level: 'warn', campaign: id, item: expect.stringMatching(/^[tp]-\d{5}$/), stage: expect.any(String), type: 'LlmServer', promptHash: expect.any(String) });
  });

  it('tells prompts by hash: no text of a record\'s request stands in it', () => {
    const log = readFileSync(logFile(), 'utf8');
    const prompts = Object.values(rig.records(id)).flat().filter((line) => line.kind === 'call').flatMap((line) => (line.value as unknown as { request: { messages: { content: string | null }[] } }).request.messages.map(({ content }) => content ?? ''));
    for (const text of new Set(prompts.filter((content) => content.length > 80))) expect(log).not.toContain(JSON.stringify(text).slice(1, 81));
  });
});

describe('the key of an endpoint', () => {
  const files = (folder: string): string[] => readdirSync(folder, { withFileTypes: true }).flatMap((entry) => (entry.isDirectory() ? files(join(folder, entry.name)) : [join(folder, entry.name)]));
  const textOf = (file: string): string => (file.endsWith('.gz') ? gunzipSync(readFileSync(file)) : readFileSync(file)).toString('latin1');

  it('was sent with every request', () => {
    expect(unauthorized).toBe(0);
  });

  it('stands in no log, record, row, dataset or exported history, though the endpoint repeats it in its errors', () => {
    const all = files(rig.home).filter((file) => statSync(file).isFile());
    expect(all.some((file) => file.includes('/histories/'))).toBe(true);
    expect(all.filter((file) => textOf(file).includes(KEY))).toEqual([]);
    expect(all.some((file) => textOf(file).includes('[HOUSE_KEY]'))).toBe(true);
  });

  it('stands in no history on the server', async () => {
    const found: string[] = [];
    for await (const { workflowId } of rig.client.workflow.list({ query: `CampaignId = '${id}'` })) {
      const handle = rig.client.workflow.getHandle(workflowId);
      const text = historyToJSON(await handle.fetchHistory());
      if (text.includes(KEY) || text.includes(Buffer.from(KEY).toString('base64').slice(0, 16))) found.push(workflowId);
    }
    expect(found).toEqual([]);
  });
});
