import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createChatModel } from '../../src/clients/chat-model';
import { canonicalJson, type Json } from '../../src/core/json';
import { toolsOf } from '../../src/core/refine/conversation';
import { sha256 } from '../../src/digest';
import { readHttpFaults, startSimulator, type HttpFaults, type Simulator } from '../../src/simulator';
import { asJson, lookupOf } from './item';
import { railJourney } from './traces';

const home = mkdtempSync(join(tmpdir(), 'simulator-'));
const specHash = sha256(canonicalJson(asJson(railJourney.spec)));
mkdirSync(join(home, 'specs', specHash.slice(0, 2)), { recursive: true });
writeFileSync(join(home, 'specs', specHash.slice(0, 2), `${specHash}.json`), canonicalJson(asJson(railJourney.spec)));
const running: Simulator[] = [];
afterAll(async () => {
  await Promise.all(running.map(async (simulator) => await simulator.close()));
  rmSync(home, { recursive: true, force: true });
});

async function start(httpFaults?: HttpFaults): Promise<Simulator> {
  const simulator = await startSimulator({ home, port: 0, ...(httpFaults ? { httpFaults } : {}) });
  running.push(simulator);
  return simulator;
}

const lookup = { ...lookupOf({ spec: railJourney.spec, faults: 'none' }, {}), spec: specHash };
const body = { model: 'sim', messages: [{ role: 'user', content: '<query>\nArden to Belmo\n</query>\n<hint>\nSeats on a train.\n</hint>' }], tools: toolsOf(railJourney.spec.tools, railJourney.tools) };
const post = async (simulator: Simulator, sent: unknown = body, key: unknown = lookup): Promise<Response> =>
  fetch(`${simulator.url}/chat/completions`, { method: 'POST', body: JSON.stringify(sent), headers: key === null ? {} : { 'x-hardgen-lookup': Buffer.from(JSON.stringify(key)).toString('base64url') } });
const messageOf = async (response: Response): Promise<string> => ((await response.json()) as { error: { message: string } }).error.message;

describe('the server', () => {
  it('answers our own client in the shape of OpenAI, with unique call ids and counted tokens', async () => {
    const simulator = await start();
    const reply = await createChatModel(() => 'none').complete({
      target: { endpointName: 'simulator', endpoint: { baseURL: simulator.url, concurrency: 1, timeoutSeconds: 10, price: { input: 0, output: 0 }, headers: {}, extraBody: {} }, model: 'sim', sampling: {}, simulated: true },
      request: { messages: [{ role: 'user', content: (body.messages[0] as { content: string }).content }], tools: body.tools }, lookup: asJson(lookup), signal: new AbortController().signal,
    });
    expect(reply).toMatchObject({ model: 'sim', reply: { finishReason: 'tool_calls', toolCalls: [{ name: 'find_station' }, {}].slice(0, reply.reply.toolCalls.length) } });
    expect(reply.reply.reasoning).not.toBe('');
    expect(reply.usage.inputTokens).toBeGreaterThan(100);
    expect(reply.requestId).toMatch(/^sim-/);
  });

  it('gives the same bytes for the same request and key', async () => {
    const simulator = await start();
    expect(await (await post(simulator)).text()).toBe(await (await post(simulator)).text());
  });

  it.each<[string, unknown, unknown, number, RegExp]>([
    ['a model that is not ours', { ...body, model: 'gpt' }, lookup, 404, /sim or sim-<word>, got `gpt`/],
    ['no look-up key', body, null, 400, /x-hardgen-lookup, got none/],
    ['a body that is no chat request', { model: 'sim' }, lookup, 400, /`model` and `messages`/],
    ['a missing block', { ...body, messages: [{ role: 'user', content: 'hello' }] }, lookup, 400, /<query>/],
    ['a trace that is not stored', body, { ...lookup, spec: 'a'.repeat(64) }, 404, /--home/],
  ])('says what is wrong with %s', async (_name, sent, key, status, message) => {
    const response = await post(await start(), sent, key);
    expect(response.status).toBe(status);
    expect(await messageOf(response)).toMatch(message);
  });

  it('lists its models and what it served, and notes every request in the log', async () => {
    const simulator = await start();
    await post(simulator);
    await post(simulator, { ...body, model: 'gpt' });
    const base = simulator.url.replace('/v1', '');
    expect(await (await fetch(`${base}/health`)).json()).toMatchObject({ ok: true, home });
    expect(((await (await fetch(`${simulator.url}/models`)).json()) as { data: { id: string }[] }).data.map(({ id }) => id)).toEqual(['sim', 'sim-a', 'sim-b']);
    expect(await (await fetch(`${base}/served`)).json()).toMatchObject({ total: 2, byStage: { reasoner: 1, none: 1 }, byStatus: { 200: 1, 404: 1 }, served: [{ n: 1, stage: 'reasoner', status: 200 }, { n: 2, status: 404 }] });
    const lines = readFileSync(join(home, 'simulator', 'served.jsonl'), 'utf8').trim().split('\n').map((line) => JSON.parse(line) as { [key: string]: Json });
    expect(lines.at(-2)).toMatchObject({ lookup: { item: 0, spec: specHash }, status: 200, requestSha256: sha256(JSON.stringify(body)) });
  });
});

describe('HTTP faults', () => {
  it('come by request count and leave what is said alone', async () => {
    const simulator = await start({ rateLimit: 2, serverError: 3, stall: 0, cut: 5, retryAfterSeconds: 7, stallMs: 0 });
    const first = await post(simulator);
    const limited = await post(simulator);
    expect([first.status, limited.status, limited.headers.get('retry-after')]).toEqual([200, 429, '7']);
    expect((await post(simulator)).status).toBe(500);
    expect((await post(simulator)).status).toBe(429);
    await expect(post(simulator)).rejects.toThrow();
  });

  it('stall after the headers', async () => {
    const simulator = await start({ rateLimit: 0, serverError: 0, stall: 1, cut: 0, retryAfterSeconds: 1, stallMs: 150 });
    const started = Date.now();
    const response = await post(simulator);
    expect(response.status).toBe(200);
    await response.json();
    expect(Date.now() - started).toBeGreaterThanOrEqual(140);
  });

  it.each([['[]', /JSON object/], ['{"often":3}', /got often/], ['{"cut":-1}', /whole number from 0, got -1/]])('%s is refused', (text, message) => {
    expect(() => readHttpFaults(text)).toThrow(message);
  });
});
