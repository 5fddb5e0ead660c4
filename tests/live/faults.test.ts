import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { connectGraphStore } from '../../src/clients/graph-store';
import type { ItemResult, Progress } from '../../src/core/campaign/progress';
import type { GraphStore } from '../../src/activities/deps';
import { createFaultyEndpoint, type FaultyEndpoint } from '../fixtures/faulty-endpoint';
import { createRig, datasetBytes, railCampaign, type Rig } from '../fixtures/rig';

/** One campaign three times: undisturbed, on a bad line, and with a model that often answers unreadably. */
const input = railCampaign({ target: { verified: 8, maxItems: 24 }, simulator: { timeoutSeconds: 1 } });
const NAMES = ['calm', 'line', 'spoilt'] as const;
type Name = (typeof NAMES)[number];

const rigs = {} as { [name in Name]: Rig };
const ended = {} as { [name in Name]: Progress };
let line: FaultyEndpoint;
let spoiler: FaultyEndpoint;
let graph: GraphStore;
const idOf = (name: Name): string => `faults-${name}-${process.pid}`;

beforeAll(async () => {
  const { HARDGEN_NEO4J_URI: uri = '', HARDGEN_NEO4J_USER: user = 'neo4j', HARDGEN_NEO4J_PASSWORD: password = '' } = process.env;
  graph = connectGraphStore({ uri, user, password });
  for (const name of NAMES) rigs[name] = await createRig(`faults-${name}`);
  line = await createFaultyEndpoint(rigs.line.simulatorUrl, { seed: 11, lineShare: 0.1 });
  spoiler = await createFaultyEndpoint(rigs.spoilt.simulatorUrl, { seed: 12, spoilShare: 0.08 });
  const urls: { [name in Name]: string } = { calm: rigs.calm.simulatorUrl, line: line.url, spoilt: spoiler.url };
  await Promise.all(NAMES.map(async (name) => {
    await rigs[name].startWorker({ HARDGEN_SIMULATOR_URL: urls[name] });
    await rigs[name].start(idOf(name), input);
    ended[name] = await rigs[name].result(idOf(name));
  }));
}, 240_000);

afterAll(async () => {
  await Promise.all([...NAMES.map((name) => rigs[name]?.close()), line?.close(), spoiler?.close(), graph?.close()]);
}, 60_000);

/** What was judged of each item; what was called off because its cell was full depends on time and is no judgement. */
function judged(name: Name): Map<number, string> {
  const results = JSON.parse(readFileSync(join(rigs[name].home, 'campaigns', idOf(name), 'results.json'), 'utf8')) as ItemResult[];
  const settled = results.filter(({ outcome }) => outcome.kind !== 'rejected' || outcome.reason !== 'surplus');
  return new Map(settled.map(({ item, outcome, attempts, signature }) => [item, JSON.stringify({ outcome, attempts, signature })]));
}

/** Items judged in both runs, and those of them that were judged otherwise. */
function compared(name: Name): { both: number; differing: number[] } {
  const [calm, other] = [judged('calm'), judged(name)];
  const both = [...calm.keys()].filter((item) => other.has(item));
  return { both: both.length, differing: both.filter((item) => calm.get(item) !== other.get(item)) };
}

const probesOf = (name: Name): unknown => Object.entries(rigs[name].records(idOf(name))).filter(([record]) => record.startsWith('p-')).map(([record, lines]) => [record, lines.find(({ key }) => key === 'outcome')?.value]);

describe('10 % of the calls failing (429, 500, stalled body, cut connection)', () => {
  it('happened, each kind of it', () => {
    const faults = line.faults();
    const total = Object.values(faults).reduce((sum, count) => sum + count, 0);
    for (const count of Object.values(faults)) expect(count).toBeGreaterThan(0);
    expect(total / line.asked()).toBeGreaterThan(0.05);
    expect(total / line.asked()).toBeLessThan(0.16);
  });

  it('changes no item\'s outcome, no attempt and no byte of the dataset, and fails and blocks nothing', () => {
    expect(ended.line).toMatchObject({ phase: 'done', failed: 0, blocked: 0, paused: false, verified: ended.calm.verified });
    const { both, differing } = compared('line');
    expect(both).toBeGreaterThanOrEqual(8);
    expect(differing).toEqual([]);
    expect(datasetBytes(rigs.line.home, idOf('line'))).toBe(datasetBytes(rigs.calm.home, idOf('calm')));
  });

  it('enters no statistic of self-evaluation: the probes, T and the graph are the same', async () => {
    expect(probesOf('line')).toEqual(probesOf('calm'));
    const [calm, other] = await Promise.all([graph.readFailureSet(idOf('calm')), graph.readFailureSet(idOf('line'))]);
    expect(calm.length).toBeGreaterThan(0);
    expect(other).toEqual(calm);
    const version = async (name: Name): Promise<unknown> => ({ ...(await graph.readVersion(idOf(name), 0)), graph: '' });
    expect(await version('line')).toEqual(await version('calm'));
  });

  it('is on record: every failed request beside the reply that came in the end', () => {
    const lines = Object.values(rigs.line.records(idOf('line'))).flat();
    const failed = lines.filter(({ kind }) => kind === 'failed').map(({ value }) => (value as { type: string }).type);
    const faults = line.faults();
    const count = (type: string): number => failed.filter((other) => other === type).length;
    expect(count('LlmRateLimit')).toBe(faults.rateLimit);
    expect(count('LlmServer')).toBe(faults.serverError);
    // Surplus items may be cancelled while they wait.
    expect(count('LlmTimeout')).toBeLessThanOrEqual(faults.stall);
    expect(count('LlmConnection')).toBeLessThanOrEqual(faults.cut);
    expect(count('LlmUnknown')).toBe(0);
  });

  it('leads to no reply being paid twice', () => {
    const keys = rigs.line.served().map(({ lookup }) => JSON.stringify(lookup));
    expect(keys.length).toBe(new Set(keys).size);
  });
});

describe('malformed and cut-off replies', () => {
  it('change only items whose attempts they used up', () => {
    expect(ended.spoilt).toMatchObject({ failed: 0, blocked: 0 });
    const touched = new Set(spoiler.spoilt().map(({ item }) => item));
    expect(touched.size).toBeGreaterThan(0);
    const { both, differing } = compared('spoilt');
    expect(both).toBeGreaterThan(touched.size);
    for (const item of differing) expect(touched).toContain(item);
  });

  it('are counted, by the model that sent them', () => {
    const counted = (progress: Progress): number => Object.values(progress.malformed ?? {}).reduce((sum, count) => sum + count, 0);
    expect(Object.keys(ended.spoilt.malformed ?? {})).toContain('sim');
    expect(counted(ended.spoilt)).toBeGreaterThan(counted(ended.calm));
    expect(ended.line.malformed).toEqual(ended.calm.malformed);
  });
});
