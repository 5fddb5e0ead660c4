import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { SimulatorLookup } from '../core/campaign/lookup';
import type { Json } from '../core/json';
import type { TraceSpec } from '../core/trace';
import { sha256 } from '../digest';
import { answerRequest } from './answer';
import { completionOf } from './completion';
import { httpFaultAt, NO_HTTP_FAULTS, type HttpFaults } from './http-faults';
import { readRequest, SimulatorError } from './request';

/** The lower-case name of the header in which our own client sends the look-up key. */
const LOOKUP_HEADER = 'x-hardgen-lookup';

/** One line of `<home>/simulator/served.jsonl`, and of GET /served. */
export interface Served {
  n: number;
  time: string;
  model: string;
  lookup: SimulatorLookup | null;
  requestSha256: string;
  status: number;
  detail: string;
}

export interface SimulatorOptions {
  home: string;
  /** 0 = any free one. */
  port: number;
  /** Stamp of the build, shown by GET /health, so that an older one can be told and replaced. */
  build?: string;
  httpFaults?: HttpFaults;
}

export interface Simulator {
  /** Base URL for clients, ending in `/v1`. */
  url: string;
  close(): Promise<void>;
}

/** How many requests GET /served remembers; the file has them all. */
const REMEMBERED = 10_000;

interface State {
  options: SimulatorOptions;
  count: number;
  /** Requests that came and whose answer is not on its way yet. */
  open: number;
  served: Served[];
  specs: Map<string, Promise<TraceSpec>>;
  /** The log is written in order, one line after the other. */
  log: Promise<void>;
}

/** Starts the simulator on the loopback address. */
export async function startSimulator(options: SimulatorOptions): Promise<Simulator> {
  await mkdir(join(options.home, 'simulator'), { recursive: true });
  const state: State = { options, count: 0, open: 0, served: [], specs: new Map(), log: Promise.resolve() };
  const server = createServer((request, response) => void route(state, request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(options.port, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    close: async () => {
      await closeServer(server);
      await state.log;
    },
  };
}

async function closeServer(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}

async function route(state: State, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const path = (request.url ?? '').split('?')[0];
  try {
    if (request.method === 'GET' && path === '/health') return send(response, 200, { ok: true, home: state.options.home, build: state.options.build ?? '' });
    if (request.method === 'GET' && path === '/served') return send(response, 200, servedDocument(state));
    if (request.method === 'GET' && path === '/v1/models') return send(response, 200, { object: 'list', data: ['sim', 'sim-a', 'sim-b'].map((id) => ({ id, object: 'model', created: 0, owned_by: 'hardgen' })) });
    if (request.method === 'POST' && path === '/v1/chat/completions') return await complete(state, request, response);
    send(response, 404, errorBody(`Expected GET /v1/models, /served, /health or POST /v1/chat/completions, got ${request.method} ${path}`));
  } catch (error) {
    // A fault of ours: clients see a server error, the log the stack.
    process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    if (!response.headersSent) send(response, 500, errorBody(error instanceof Error ? error.message : String(error)));
  }
}

/** What goes back, decided before anything is sent. */
interface Outcome {
  status: number;
  body: Json;
  headers?: { [name: string]: string };
  fault?: 'stall' | 'cut';
  detail?: string;
}

// Noted before it is sent: whoever holds a reply finds its line.
async function complete(state: State, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await readBody(request);
  const header = request.headers[LOOKUP_HEADER];
  const entry: Served = { n: ++state.count, time: new Date().toISOString(), model: '', lookup: null, requestSha256: sha256(body), status: 500, detail: 'a fault of the simulator' };
  state.open += 1;
  const outcome = await decide(state, entry, { body, header: typeof header === 'string' ? header : undefined }).catch(async (error: unknown) => {
    await remember(state, entry);
    throw error;
  }).finally(() => { state.open -= 1; });
  Object.assign(entry, { status: outcome.fault === 'cut' ? 0 : outcome.status, detail: outcome.detail ?? '' });
  await remember(state, entry);
  await deliver(state, request, response, outcome);
}

async function decide(state: State, entry: Served, sent: { body: string; header: string | undefined }): Promise<Outcome> {
  const faults = state.options.httpFaults ?? NO_HTTP_FAULTS;
  try {
    const asked = readRequest(sent.body, sent.header);
    Object.assign(entry, { model: asked.model, lookup: asked.lookup });
    const fault = httpFaultAt(faults, entry.n);
    if (fault === 'rateLimit') return refusal(429, 'Too many requests, as planned by --http-faults', { 'retry-after': String(faults.retryAfterSeconds) });
    if (fault === 'serverError') return refusal(500, 'Server error, as planned by --http-faults');
    const reply = await answerRequest(asked, async (sha) => await readSpec(state, sha));
    const hash = sha256(`${sent.header ?? ''}\n${sent.body}`);
    // Between half and one and a half times the latency asked for, by the request alone.
    if (asked.lookup.latencyMs > 0) await wait(asked.lookup.latencyMs * (0.5 + parseInt(hash.slice(0, 4), 16) / 0xffff));
    return { status: 200, body: completionOf(asked, reply, hash), headers: { 'x-request-id': `sim-${hash.slice(0, 16)}` }, ...(fault === undefined ? {} : { fault, detail: fault }) };
  } catch (error) {
    if (error instanceof SimulatorError) return refusal(error.status, error.message);
    throw error;
  }
}

const refusal = (status: number, message: string, headers?: { [name: string]: string }): Outcome => ({ status, body: errorBody(message), detail: message, ...(headers ? { headers } : {}) });

async function deliver(state: State, request: IncomingMessage, response: ServerResponse, outcome: Outcome): Promise<void> {
  if (outcome.fault === 'cut') return void request.socket.destroy();
  if (outcome.fault !== 'stall') return send(response, outcome.status, outcome.body, outcome.headers);
  response.writeHead(outcome.status, { 'content-type': 'application/json', ...outcome.headers }).flushHeaders();
  await wait((state.options.httpFaults ?? NO_HTTP_FAULTS).stallMs);
  response.end(JSON.stringify(outcome.body));
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}

/** Specs never change under their hash, so one reading is enough; a failed one is not kept. */
async function readSpec(state: State, sha: string): Promise<TraceSpec> {
  const known = state.specs.get(sha);
  if (known) return await known;
  const reading = loadSpec(state.options.home, sha);
  if (state.specs.size > 2_000) state.specs.clear();
  state.specs.set(sha, reading);
  reading.catch(() => state.specs.delete(sha));
  return await reading;
}

/** Where the record store keeps specs by content. */
async function loadSpec(home: string, sha: string): Promise<TraceSpec> {
  if (!/^[0-9a-f]{64}$/.test(sha)) throw new SimulatorError(400, `Expected the look-up key's spec to be a sha256, got \`${sha}\``);
  const file = join(home, 'specs', sha.slice(0, 2), `${sha}.json`);
  try {
    return JSON.parse(await readFile(file, 'utf8')) as TraceSpec;
  } catch {
    throw new SimulatorError(404, `Expected the trace ${sha} at ${file}, got no readable file; start the simulator with the --home that the worker uses`);
  }
}

async function remember(state: State, entry: Served): Promise<void> {
  state.served.push(entry);
  if (state.served.length > REMEMBERED) state.served.shift();
  state.log = state.log.then(async () => await appendFile(join(state.options.home, 'simulator', 'served.jsonl'), `${JSON.stringify(entry)}\n`)).catch(() => undefined);
  await state.log;
}

/** `total` counts everything since the start, `open` what is being answered; `served` holds the last ones, oldest first. */
function servedDocument(state: State): Json {
  const byStage: { [stage: string]: number } = {};
  const byStatus: { [status: string]: number } = {};
  for (const entry of state.served) {
    const stage = entry.lookup?.stage ?? 'none';
    byStage[stage] = (byStage[stage] ?? 0) + 1;
    byStatus[entry.status] = (byStatus[entry.status] ?? 0) + 1;
  }
  return {
    total: state.count,
    open: state.open,
    byStage,
    byStatus,
    served: state.served.map(({ n, time, model, lookup, requestSha256, status, detail }) => ({
      n, time, model, status, detail, requestSha256, stage: lookup?.stage ?? null, purpose: lookup?.purpose ?? null, item: lookup?.item ?? null, turn: lookup?.turn ?? null,
      step: lookup?.step ?? null, attempt: lookup?.attempt ?? null, try: lookup?.try ?? null, target: lookup?.target ?? null,
    })),
  };
}

const wait = async (ms: number): Promise<void> => await new Promise((resolve) => setTimeout(resolve, ms));

const errorBody = (message: string): Json => ({ error: { message, type: 'simulator_error', param: null, code: null } });

function send(response: ServerResponse, status: number, body: Json, headers: { [name: string]: string } = {}): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}
