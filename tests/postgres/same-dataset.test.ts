import { Connection } from '@temporalio/client';
import { createRig, datasetBytes, railCampaign, type Rig } from '../fixtures/rig';

const addressOf = (variable: string): string => {
  const address = process.env[variable];
  if (!address) throw new Error(`Expected ${variable} in the environment, got nothing; \`npm run test:postgres\` starts the servers and sets it`);
  return address;
};
const servers = { dev: addressOf('TEMPORAL_ADDRESS'), postgres: addressOf('TEMPORAL_POSTGRES_ADDRESS') };

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
}

/** One campaign from start to end, by so many workers that share one home: its records, specs and dataset. */
async function run(form: { server: keyof typeof servers; workers: number; window: number }): Promise<Run> {
  const name = `${form.server}-${form.workers}-${form.window}`;
  const rig = await createRig(name, { address: servers[form.server] });
  const id = `${name}-${process.pid}`;
  await Promise.all(Array.from({ length: form.workers }, () => rig.startWorker()));
  await rig.start(id, railCampaign({ name: 'same', window: form.window, target: { verified: 12, maxItems: 48 }, simulator: { latencyMs: 40 } }));
  await rig.result(id);
  return { rig, id, rows: datasetBytes(rig.home, id), workers: await workersOf(rig, id), paidTwice: paidTwice(rig) };
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

describe('one campaign on two servers, by one worker and by three', () => {
  const runs: Record<string, Run> = {};
  const rig = (name: string): Run => {
    const found = runs[name];
    if (!found) throw new Error(`Expected a run ${name}`);
    return found;
  };

  beforeAll(async () => {
    runs.dev = await run({ server: 'dev', workers: 1, window: 8 });
    runs.devThree = await run({ server: 'dev', workers: 3, window: 24 });
    runs.postgres = await run({ server: 'postgres', workers: 1, window: 24 });
    runs.postgresThree = await run({ server: 'postgres', workers: 3, window: 8 });
  }, 600_000);

  afterAll(async () => {
    await Promise.all(Object.values(runs).map(async (each) => await each.rig.close()));
  }, 60_000);

  it('the servers differ in what is behind them', async () => {
    expect(await databaseBehind(servers.dev)).toBe('sqlite');
    expect(await databaseBehind(servers.postgres)).toBe('postgres12');
  });

  it('PostgreSQL gives the dev server\'s dataset, byte for byte', () => {
    expect(rig('dev').rows.split('\n').length).toBeGreaterThanOrEqual(10);
    expect(rig('postgres').rows).toBe(rig('dev').rows);
  });

  it('three workers on one folder give the dataset of one, on either server and at another window', () => {
    expect(rig('devThree').rows).toBe(rig('dev').rows);
    expect(rig('postgresThree').rows).toBe(rig('dev').rows);
  });

  it('all three workers take part', () => {
    expect(rig('dev').workers.size).toBe(1);
    expect(rig('devThree').workers.size).toBe(3);
    expect(rig('postgresThree').workers.size).toBe(3);
  });

  it('no call is paid twice on any of them', () => {
    for (const each of Object.values(runs)) expect(each.paidTwice).toBe(0);
  });

  it('search attributes find a campaign\'s trajectories on PostgreSQL too', async () => {
    const { rig: { client }, id } = rig('postgres');
    const { count } = await client.workflow.count(`WorkflowType = 'trajectory' AND CampaignId = '${id}' AND TrajectoryOutcome IS NOT NULL AND ExecutionStatus = 'Completed'`);
    expect(count).toBeGreaterThanOrEqual(rig('postgres').rows.split('\n').length);
  });
});
