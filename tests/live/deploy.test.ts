import type { ChildProcess } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { CampaignInput } from '../../src/core/campaign/manifest';
import { createRig, datasetBytes, railCampaign, until, type Rig } from '../fixtures/rig';

const calmId = `before-deploy-${process.pid}`;
const rolledId = `deploy-${process.pid}`;
const input: CampaignInput = railCampaign({
  name: 'deploy', target: { verified: 28, maxItems: 100 }, window: 48,
  selfEvaluation: { failWhen: 'any', tools: ['rail::sign_in', 'rail::nearest_station', 'rail::disruption_notice', 'rail::connection_details'] },
});

/** The simulator behind a gate of the test's: shut, it keeps every request waiting, so that "in flight" does not hang on the machine's speed. */
interface SlowModel {
  url: string;
  hold(): void;
  release(): void;
  held(): number;
  close(): Promise<void>;
}

async function createSlowModel(target: string): Promise<SlowModel> {
  let isHeld = false;
  let waiting: (() => void)[] = [];
  const server: Server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => void (async () => {
      if (isHeld) await new Promise<void>((go) => waiting.push(go));
      const lookup = request.headers['x-hardgen-lookup'];
      const headers = { 'content-type': 'application/json', ...(typeof lookup === 'string' ? { 'x-hardgen-lookup': lookup } : {}) };
      const reply = await fetch(`${target}${(request.url ?? '').replace(/^\/v1/, '')}`, { method: request.method ?? 'GET', headers, ...(chunks.length > 0 ? { body: Buffer.concat(chunks) } : {}) });
      response.writeHead(reply.status, { 'content-type': 'application/json' }).end(await reply.text());
    })().catch(() => response.destroy()));
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    hold: () => { isHeld = true; },
    release: () => {
      isHeld = false;
      for (const go of waiting) go();
      waiting = [];
    },
    held: () => waiting.length,
    close: () => new Promise((done) => {
      server.close(() => done());
      server.closeAllConnections();
    }),
  };
}

interface Deployed {
  exit: number | null;
  /** Calls asked for and not stored when it was told to end: its own, and all workers'. */
  inFlight: number;
  allInFlight: number;
  /** True when it was gone while its requests were still held: then their replies were lost. */
  endedBeforeReplies: boolean;
}

let calm: Rig;
let rolled: Rig;
let model: SlowModel;
const deployed: Deployed[] = [];

const counter = (name: string): string => join(rolled.home, `in-flight-${name}`);
const inFlight = (name: string): number => (existsSync(counter(name)) ? Number(readFileSync(counter(name), 'utf8')) : 0);
const startCounted = async (name: string): Promise<ChildProcess> => await rolled.startWorker({ IN_FLIGHT: counter(name), HARDGEN_SIMULATOR_URL: model.url });
const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** What a rolling deploy does to one busy worker: the old one is told to end, a new one comes up, and only then do the replies come. */
async function replace(old: { worker: ChildProcess; name: string }, next: string): Promise<ChildProcess> {
  await until(async () => (await rolled.progress(rolledId))?.phase === 'generate', 120_000);
  model.hold();
  await until(() => inFlight(old.name) > 0 && model.held() > 20, 90_000);
  const ended = new Promise<number | null>((done) => old.worker.once('exit', done));
  const calls = { inFlight: inFlight(old.name), allInFlight: model.held() };
  old.worker.kill('SIGTERM');
  const successor = await startCounted(next);
  await pause(1_000);
  const endedBeforeReplies = old.worker.exitCode !== null;
  model.release();
  deployed.push({ exit: await ended, ...calls, endedBeforeReplies });
  return successor;
}

function paidTwice(rig: Rig): number {
  const keys = rig.served().map(({ lookup }) => JSON.stringify([lookup.purpose, lookup.item, lookup.stage, lookup.target, lookup.turn, lookup.step, lookup.attempt, lookup.try]));
  return keys.length - new Set(keys).size;
}

beforeAll(async () => {
  calm = await createRig('before-deploy');
  rolled = await createRig('deploy');
  model = await createSlowModel(rolled.simulatorUrl);
  await calm.startWorker();
  await calm.start(calmId, input);
  const first = await startCounted('first');
  const second = await startCounted('second');
  await rolled.start(rolledId, input);
  await replace({ worker: first, name: 'first' }, 'third');
  await replace({ worker: second, name: 'second' }, 'fourth');
  await Promise.all([calm.result(calmId), rolled.result(rolledId)]);
}, 300_000);

afterAll(async () => {
  await model.close();
  await Promise.all([calm.close(), rolled.close()]);
}, 60_000);

describe('two workers replaced one after the other in mid-campaign, by SIGTERM', () => {
  test('each is told to end with calls of its own out and more than 20 in all, waits for their replies and ends well', () => {
    expect(deployed).toHaveLength(2);
    for (const worker of deployed) {
      expect(worker.inFlight).toBeGreaterThan(0);
      expect(worker.allInFlight).toBeGreaterThan(20);
      expect(worker.endedBeforeReplies).toBe(false);
      expect(worker.exit).toBe(0);
    }
  });

  test('no call is paid twice, none is lost and none has failed', () => {
    expect(paidTwice(rolled)).toBe(0);
    const lines = Object.values(rolled.records(rolledId)).flat();
    expect(lines.filter((line) => line.kind === 'failed')).toEqual([]);
    expect(lines.filter((line) => line.kind === 'sent')).toHaveLength(lines.filter((line) => line.kind === 'call').length);
  });

  test('the dataset is that of one worker that was left alone, byte for byte', () => {
    const rows = datasetBytes(calm.home, calmId);
    expect(rows.split('\n').length).toBeGreaterThanOrEqual(8);
    expect(datasetBytes(rolled.home, rolledId)).toBe(rows);
  });
});
