import type { ChildProcess } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { Connection } from '@temporalio/client';
import { createRig, datasetBytes, kill, railCampaign, until, type Rig } from '../fixtures/rig';

const setting = (variable: string): string => {
  const value = process.env[variable];
  if (!value) throw new Error(`Expected ${variable} in the environment, got nothing; \`npm run test:postgres\` starts the servers and sets it`);
  return value;
};
const servers = { dev: setting('TEMPORAL_ADDRESS'), postgres: setting('TEMPORAL_POSTGRES_ADDRESS') };
/** Calls in flight at each kill, at least. */
const IN_FLIGHT = 20;

async function databaseBehind(address: string): Promise<string> {
  const connection = await Connection.connect({ address });
  try {
    return (await connection.workflowService.getClusterInfo({})).persistenceStore ?? 'unknown';
  } finally {
    await connection.close();
  }
}

interface Run {
  rig: Rig;
  id: string;
  rows: string;
  /** Process ids of the workers that did this campaign's activities. */
  workers: Set<string>;
  paidTwice: number;
  /** Calls in flight at its kills. */
  inFlight: number[];
}

interface Form {
  server: keyof typeof servers;
  workers: number;
  window: number;
  /** A worker is killed and replaced, twice, and on PostgreSQL the Temporal server in between. */
  chaos?: boolean;
}

/** One campaign from start to end, by so many workers that share one home: its records, specs and dataset. */
async function run({ server, workers, window, chaos = false }: Form): Promise<Run> {
  const name = `${server}-${workers}-${window}${chaos ? '-chaos' : ''}`;
  const rig = await createRig(name, { address: servers[server] });
  const id = `${name}-${process.pid}`;
  const started = await Promise.all(Array.from({ length: workers }, () => rig.startWorker()));
  await rig.start(id, railCampaign({ name: 'same', window, target: { verified: 60, maxItems: 240 }, simulator: { latencyMs: 800 } }));
  const inFlight = chaos ? await killParts({ rig, id, server, workers: started }) : [];
  await rig.result(id);
  return { rig, id, rows: datasetBytes(rig.home, id), workers: await workersOf(rig, id), paidTwice: paidTwice(rig), inFlight };
}

async function killParts({ rig, id, server, workers }: { rig: Rig; id: string; server: Form['server']; workers: ChildProcess[] }): Promise<number[]> {
  const inFlight: number[] = [];
  await until(async () => (await rig.progress(id))?.phase === 'generate', 240_000);
  const before = rig.served().length;
  const after = async (calls: number): Promise<void> => {
    await until(async () => rig.served().length >= before + calls && (await rig.open()) >= IN_FLIGHT, 120_000);
    inFlight.push(await rig.open());
  };
  const [first, second] = workers as [ChildProcess, ChildProcess];
  await after(40);
  await kill(first);
  await rig.startWorker();
  if (server === 'postgres') {
    await after(120);
    process.kill(Number(readFileSync(setting('TEMPORAL_POSTGRES_PID_FILE'), 'utf8')), 'SIGKILL');
  }
  await after(200);
  await kill(second);
  await rig.startWorker();
  return inFlight;
}

async function workersOf(rig: Rig, id: string): Promise<Set<string>> {
  const identities = new Set<string>();
  for await (const { workflowId } of rig.client.workflow.list({ query: `WorkflowType = 'trajectory' AND CampaignId = '${id}'` })) {
    for (const event of (await rig.client.workflow.getHandle(workflowId).fetchHistory()).events ?? []) {
      const identity = event.activityTaskStartedEventAttributes?.identity;
      if (identity) identities.add(identity);
    }
  }
  return identities;
}

function paidTwice(rig: Rig): number {
  const keys = rig.served().map(({ lookup }) => JSON.stringify([lookup.purpose, lookup.item, lookup.stage, lookup.target, lookup.turn, lookup.step, lookup.attempt, lookup.try]));
  return keys.length - new Set(keys).size;
}

describe('one campaign on two servers, by one worker and by three, with windows of 8 and 96, killed and left alone', () => {
  const runs: Record<string, Run> = {};
  const rig = (name: string): Run => {
    const found = runs[name];
    if (!found) throw new Error(`Expected a run ${name}`);
    return found;
  };

  beforeAll(async () => {
    runs.dev = await run({ server: 'dev', workers: 1, window: 8 });
    runs.devThree = await run({ server: 'dev', workers: 3, window: 96 });
    runs.devChaos = await run({ server: 'dev', workers: 3, window: 96, chaos: true });
    runs.postgres = await run({ server: 'postgres', workers: 1, window: 96 });
    runs.postgresThree = await run({ server: 'postgres', workers: 3, window: 8 });
    runs.postgresChaos = await run({ server: 'postgres', workers: 3, window: 96, chaos: true });
  }, 1_200_000);

  afterAll(async () => {
    await Promise.all(Object.values(runs).map(async (each) => await each.rig.close()));
  }, 60_000);

  it('the servers differ in what is behind them', async () => {
    expect(await databaseBehind(servers.dev)).toBe('sqlite');
    expect(await databaseBehind(servers.postgres)).toBe('postgres12');
  });

  it('gives one dataset, byte for byte, whatever the server, the workers, the window and the kills', () => {
    expect(rig('dev').rows.split('\n')).toHaveLength(60);
    const others = Object.fromEntries(Object.entries(runs).map(([name, { rows }]) => [name, rows === rig('dev').rows]));
    expect(others).toEqual({ dev: true, devThree: true, devChaos: true, postgres: true, postgresThree: true, postgresChaos: true });
  });

  it('all workers take part, also those that came for the killed ones', () => {
    const took = Object.fromEntries(Object.entries(runs).map(([name, { workers }]) => [name, workers.size]));
    expect(took).toEqual({ dev: 1, devThree: 3, devChaos: 5, postgres: 1, postgresThree: 3, postgresChaos: 5 });
  });

  it('pays for no call twice but those in flight at a kill', () => {
    for (const name of ['dev', 'devThree', 'postgres', 'postgresThree']) expect(rig(name).paidTwice).toBe(0);
    for (const name of ['devChaos', 'postgresChaos']) {
      expect(rig(name).inFlight).toEqual(rig(name).inFlight.map((calls) => Math.max(calls, IN_FLIGHT)));
      expect(rig(name).paidTwice).toBeLessThanOrEqual(rig(name).inFlight.reduce((sum, calls) => sum + calls, 0));
    }
    expect([rig('devChaos').inFlight.length, rig('postgresChaos').inFlight.length]).toEqual([2, 3]);
  });

  it('the search attributes that mark a campaign\'s trajectories find them on PostgreSQL too', async () => {
    const { rig: { client }, id } = rig('postgres');
    const { count } = await client.workflow.count(`WorkflowType = 'trajectory' AND CampaignId = '${id}' AND TrajectoryOutcome IS NOT NULL AND ExecutionStatus = 'Completed'`);
    expect(count).toBeGreaterThanOrEqual(rig('postgres').rows.split('\n').length);
  });
});
