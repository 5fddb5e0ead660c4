import { openSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Progress } from '../../src/core/campaign/progress';
import { createCable, type Cable } from '../fixtures/cable';
import { createDoor, type Door } from '../fixtures/door';
import { createRig, datasetBytes, railCampaign, root, until, type Rig } from '../fixtures/rig';

/** One campaign undisturbed, and the same one through everything that an operator can put right, one after the other. */
const calmId = `unhurt-${process.pid}`;
const heldId = `held-${process.pid}`;
const bareId = `worldless-${process.pid}`;
const input = railCampaign({ target: { verified: 10, maxItems: 40 }, round: 6, simulator: { latencyMs: 300 } });

/** Longer than any retry inside the driver: only Temporal's carry a campaign over it. */
const GRAPH_AWAY_MS = 122_000;

let calm: Rig;
let held: Rig;
let bare: Rig;
let door: Door;
let cable: Cable;
const seconds: { [trouble: string]: number } = {};
const seen: { [trouble: string]: Progress | undefined } = {};
let servedTooSoon: number | undefined;
let ended: Progress | undefined;
let afterWorld: Progress | undefined;

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

const resume = (): Promise<void> => held.client.workflow.getHandle(heldId).signal('resume');

/** Makes the trouble and waits until the campaign says so. */
async function stopped(name: string, cause: () => void): Promise<void> {
  const since = Date.now();
  cause();
  await until(async () => ((await held.progress(heldId))?.blocked ?? 0) > 0, 60_000);
  seconds[name] = (Date.now() - since) / 1000;
  // What was in flight parks too.
  await pause(1_500);
  seen[name] = await held.progress(heldId);
}

/** Puts it right, resumes, and waits until the models are asked again. */
async function goesOn(cure: () => void): Promise<void> {
  const before = held.served().length;
  cure();
  await resume();
  await until(() => held.served().length > before, 60_000);
}

async function disturbed(): Promise<void> {
  const full = join(held.home, 'disk-is-full');
  const uri = new URL(process.env.HARDGEN_NEO4J_URI ?? '');
  // Its log lies on a disk that is always full.
  const log = openSync('/dev/full', 'w');
  cable = await createCable({ host: uri.hostname, port: Number(uri.port) });
  await held.startWorker({
    HARDGEN_SIMULATOR_URL: door.url, HARDGEN_NEO4J_URI: `bolt://${cable.address}`, FULL_DISK: full,
    NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --require ${join(root, 'tests/fixtures/full-disk.cjs')}`,
  }, log);
  writeFileSync(full, '/rounds/');
  await held.start(heldId, input);
  await until(async () => (await held.progress(heldId))?.phase === 'generate', 120_000);

  await stopped('round', () => undefined);
  await goesOn(() => rmSync(full));
  await stopped('model', () => door.closeAfter(4, { status: 404, error: { message: 'The model `sim` does not exist', code: 'model_not_found' } }));
  await goesOn(door.open);
  await stopped('quota', () => door.closeAfter(4, { status: 429, error: { message: 'You exceeded your current quota', type: 'insufficient_quota' } }));
  await goesOn(door.open);
  await stopped('disk', () => writeFileSync(full, ''));
  const servedBefore = held.served().length;
  await resume();
  await pause(3_000);
  seen.tooSoon = await held.progress(heldId);
  servedTooSoon = held.served().length - servedBefore;
  await goesOn(() => rmSync(full));

  cable.pull();
  await pause(GRAPH_AWAY_MS);
  seen.graph = await held.progress(heldId);
  cable.plug();

  await stopped('histories', () => writeFileSync(full, '/histories/'));
  rmSync(full);
  await resume();
  ended = await held.result(heldId);
}

async function undisturbed(): Promise<void> {
  await calm.startWorker();
  await calm.start(calmId, input);
  await calm.result(calmId);
}

/** A world whose program is not there yet when the campaign is started by `temporal` alone, past the check of our command. */
async function worldless(): Promise<void> {
  const program = join(bare.home, 'server.cjs');
  await bare.startWorker();
  await bare.start(bareId, railCampaign({ worlds: [{ mcp: { name: 'files', command: process.execPath, args: [program], files: [root] } }], selfEvaluation: { failWhen: 'any' } }));
  await until(async () => (await bare.progress(bareId))?.paused === true, 90_000);
  seen.world = await bare.progress(bareId);
  writeFileSync(program, `require(${JSON.stringify(join(root, 'tests/fixtures/mcp/server.cjs'))});\n`);
  const handle = bare.client.workflow.getHandle(bareId);
  await handle.signal('resume');
  await until(async () => (await bare.progress(bareId))?.phase !== 'prepare', 60_000);
  afterWorld = await bare.progress(bareId);
  await handle.terminate('seen enough');
}

beforeAll(async () => {
  [calm, held, bare] = await Promise.all([createRig('unhurt'), createRig('held'), createRig('worldless')]);
  door = await createDoor(held.simulatorUrl);
  await Promise.all([undisturbed(), disturbed(), worldless()]);
}, 480_000);

afterAll(async () => {
  await Promise.all([calm?.close(), held?.close(), bare?.close(), door?.close(), cable?.close()]);
}, 60_000);

describe('what an operator can put right', () => {
  it.each<[string, string, RegExp]>([
    ['a model that does not exist', 'model', /simulator\/sim\S*: 404 The model `sim` does not exist; serve `sim` at .*, then .*; where the name is wrong, .* `reuse: \[held-\d+\]`/],
    ['an exhausted quota that comes as 429', 'quota', /429 You exceeded your current quota; top up the account or raise its limit/],
    ['a full disk while a round is closed', 'round', /Expected to write .*rounds.*, got ENOSPC.*; free space on that disk/],
    ['a full disk while histories are put away', 'histories', /Expected to write .*histories.*, got ENOSPC.*; free space on that disk/],
    ['a full disk', 'disk', /Expected to write .*, got ENOSPC.*; free space on that disk/],
  ])('%s pauses the campaign with a sentence that says what to do, and fails nothing', (_what, name, says) => {
    expect(seen[name]).toMatchObject({ paused: true, failed: 0, phase: 'generate' });
    expect(seen[name]?.blocked).toBeGreaterThan(0);
    // The histories come last, when all items have ended.
    expect(seconds[name]).toBeLessThan(name === 'histories' ? 60 : 10);
    expect(seen[name]?.note).toMatch(says);
    expect(seen[name]?.note).toContain(`then \`npx hardgen campaign resume ${heldId}\``);
  });

  it('a resume while the disk is still full asks no model, and the campaign says again what to do', () => {
    expect(seen.tooSoon).toMatchObject({ paused: true, failed: 0 });
    expect(seen.tooSoon?.note).toMatch(/ENOSPC.*; free space on that disk, then `npx hardgen campaign resume /);
    expect(servedTooSoon).toBe(0);
  });

  it('a world that cannot start pauses the campaign before it begins, and `resume` begins it', () => {
    expect(seen.world).toMatchObject({ paused: true, phase: 'prepare' });
    expect(seen.world?.note).toMatch(/Expected .*server\.cjs.* to start as an MCP server.*; put it right, then `npx hardgen campaign resume/s);
    expect(afterWorld).toMatchObject({ paused: false });
  });
});

describe('a graph store that is away for two minutes', () => {
  it('is waited for: nothing is paused and nobody has to resume', () => {
    expect(seen.graph).toMatchObject({ paused: false, failed: 0, blocked: 0 });
  });
});

describe('after all of it', () => {
  it('the campaign ends with the undisturbed dataset, byte for byte', () => {
    expect(ended).toMatchObject({ phase: 'done', paused: false, blocked: 0, failed: 0 });
    expect(ended?.verified).toBeGreaterThanOrEqual(8);
    expect(datasetBytes(held.home, heldId)).toBe(datasetBytes(calm.home, calmId));
  });

  it('no reply was paid twice, not even those that came while the disk was full', () => {
    const keys = held.served().map(({ lookup }) => JSON.stringify(lookup));
    expect(keys.length).toBe(new Set(keys).size);
  });
});
