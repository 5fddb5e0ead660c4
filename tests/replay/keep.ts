import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import type { RecordLine } from '../../src/activities/deps';
import type { Progress } from '../../src/core/campaign/progress';
import { createDoor } from '../fixtures/door';
import { runFailingCampaign } from '../fixtures/failing-campaign';
import { createRig, railCampaign, root, until, type Rig } from '../fixtures/rig';

export const KEPT = join(__dirname, 'histories');

interface Kinds {
  [name: string]: (item: { history: string; keys: string[] }) => boolean;
}

/** What must be among the kept items, and how an item's history or record shows that it is that. */
const ITEMS: Kinds = {
  'probe': ({ history }) => history.includes('"toolProbe"'),
  'accepted-first-time': ({ history, keys }) => isVerified(history) && !repaired(keys) && !history.includes('OperatorActionRequired'),
  'repaired': ({ history, keys }) => isVerified(history) && repaired(keys),
  'several-turns': ({ history, keys }) => isVerified(history) && keys.some((key) => key.startsWith('turn/1/')),
  'rejected-by-attempts': ({ history }) => resultOf(history).includes('"reason":"attempts"'),
  'parked-and-resumed': ({ history }) => isVerified(history) && history.includes('OperatorActionRequired'),
};

const repaired = (keys: string[]): boolean => keys.some((key) => key.includes('/feedback/'));
const isVerified = (history: string): boolean => !history.includes('"toolProbe"') && resultOf(history).includes('"kind":"verified"');

/** What a workflow gave back, as JSON text; empty when it did not complete. */
function resultOf(history: string): string {
  const { events } = JSON.parse(history) as { events: { workflowExecutionCompletedEventAttributes?: { result?: { payloads?: { data?: string }[] } } }[] };
  const data = events.at(-1)?.workflowExecutionCompletedEventAttributes?.result?.payloads?.[0]?.data;
  return data === undefined ? '' : Buffer.from(data, 'base64').toString();
}

interface Kept {
  [name: string]: string;
}

/** Campaigns that histories are kept of, by the name that `KEEP_HISTORIES` calls them by, and what each gives. */
const CAMPAIGNS: { [name: string]: { files: readonly string[]; run: () => Promise<Kept> } } = {
  parked: { files: [...Object.keys(ITEMS), 'campaign', 'probe-shard', 'trajectory-shard'], run: parkedCampaign },
  budget: { files: ['budget-campaign', 'budget-shard', 'budget-trajectory'], run: budgetCampaign },
  stopped: { files: ['stopped-campaign', 'stopped-shard', 'stopped-trajectory'], run: stoppedCampaign },
  troubled: { files: ['troubled-campaign', 'troubled-shard', 'cut-off-trajectory', 'retry', 'retried-trajectory'], run: troubledCampaign },
  failing: { files: ['failing-campaign', 'failing-probe-shard', 'failing-shard'], run: failingCampaign },
};

/** Every file there must be. */
export const KINDS: readonly string[] = Object.values(CAMPAIGNS).flatMap(({ files }) => files);

/**
 * Runs small campaigns and keeps histories of them. `asked` = names of campaigns with commas between them, whose files
 * are added or written anew while all others stay; `1` = all campaigns, every file anew:
 * `KEEP_HISTORIES=budget,stopped npm test -- tests/replay`.
 */
export async function keepHistories(asked: string): Promise<void> {
  const names = asked === '1' ? Object.keys(CAMPAIGNS) : asked.split(',');
  const unknown = names.find((name) => !CAMPAIGNS[name]);
  if (unknown !== undefined) throw new Error(`Expected KEEP_HISTORIES to be 1 or some of ${Object.keys(CAMPAIGNS).join(',')}, got \`${unknown}\``);
  // All run before any file is touched.
  const kept: Kept = {};
  for (const name of names) Object.assign(kept, await CAMPAIGNS[name]?.run());
  if (asked === '1') rmSync(KEPT, { recursive: true, force: true });
  mkdirSync(KEPT, { recursive: true });
  for (const [name, history] of Object.entries(kept)) writeFileSync(join(KEPT, `${name}.json.gz`), gzipSync(anonymous(history), { level: 9 }));
}

/** Refused its key half-way and resumed. */
async function parkedCampaign(): Promise<Kept> {
  const rig = await createRig('kept');
  const door = await createDoor(rig.simulatorUrl);
  try {
    await rig.startWorker({ HARDGEN_SIMULATOR_URL: door.url });
    const id = 'kept';
    await begin(rig, id, { target: { verified: 24, maxItems: 96 }, simulator: { latencyMs: 50 } });
    door.closeAfter(30);
    await until(async () => ((await rig.progress(id))?.blocked ?? 0) > 0, 120_000);
    door.open();
    await rig.client.workflow.getHandle(id).signal('resume');
    await rig.result(id);
    return { ...chooseItems(rig, id, ITEMS), 'campaign': await historyOf(rig, id), 'probe-shard': await historyOf(rig, `${id}/ps-0000`), 'trajectory-shard': await historyOf(rig, `${id}/ts-0000`) };
  } finally {
    await Promise.all([rig.close(), door.close()]);
  }
}

/** Given a limit on its calls in the middle of its items, which refuses them, and then a higher one. */
async function budgetCampaign(): Promise<Kept> {
  const rig = await createRig('kept-budget');
  try {
    await rig.startWorker();
    const id = 'kept-budget';
    await begin(rig, id, { target: { verified: 6, maxItems: 24 }, simulator: { latencyMs: 400 } });
    const before = rig.served().length;
    await until(() => rig.served().length > before + 10, 120_000);
    await rig.client.workflow.getHandle(id).signal('set', { window: 8, budget: { calls: rig.served().length + 16 } });
    await until(async () => (await rig.progress(id))?.pausedBy === 'budget', 120_000);
    // What was in flight comes back, and is refused its next call.
    await new Promise((done) => setTimeout(done, 3_000));
    await rig.client.workflow.getHandle(id).signal('set', { budget: { calls: 5_000 } });
    await rig.result(id);
    const items = chooseItems(rig, id, { 'budget-trajectory': ({ history }) => isVerified(history) && history.includes('BudgetExhausted') });
    return { ...items, 'budget-campaign': await historyOf(rig, id), 'budget-shard': await historyOf(rig, `${id}/ts-0000`) };
  } finally {
    await rig.close();
  }
}

/** Refused by what fails an item, in its probes and in its items, until it paused; some probes were tried once more. */
async function failingCampaign(): Promise<Kept> {
  const rig = await createRig('kept-failing');
  const door = await createDoor(rig.simulatorUrl);
  try {
    await rig.startWorker({ HARDGEN_SIMULATOR_URL: door.url });
    const id = 'kept-failing';
    await rig.client.workflow.getHandle(id).terminate().catch(() => undefined);
    await runFailingCampaign({ rig, door, id });
    return { 'failing-campaign': await historyOf(rig, id), 'failing-probe-shard': await historyOf(rig, `${id}/ps-0000`), 'failing-shard': await historyOf(rig, `${id}/ts-0000`) };
  } finally {
    await Promise.all([rig.close(), door.close()]);
  }
}

/** Stopped with some rows, while items were open. */
async function stoppedCampaign(): Promise<Kept> {
  const rig = await createRig('kept-stopped');
  try {
    await rig.startWorker();
    const id = 'kept-stopped';
    await begin(rig, id, { target: { verified: 12, maxItems: 48 }, simulator: { latencyMs: 300 } });
    await until(async () => ((await rig.progress(id))?.verified ?? 0) >= 2, 120_000);
    await rig.client.workflow.getHandle(id).signal('stop');
    await rig.result(id);
    const items = chooseItems(rig, id, { 'stopped-trajectory': ({ history, keys }) => history.includes('_WORKFLOW_EXECUTION_CANCEL_REQUESTED') && keys.some((key) => key.startsWith('call/reasoner/')) });
    return { ...items, 'stopped-campaign': await historyOf(rig, id), 'stopped-shard': await historyOf(rig, `${id}/ts-0000`) };
  } finally {
    await rig.close();
  }
}

/** A full disk under the closing of a round and under a pause, one item terminated, a stop, and one item tried again. */
async function troubledCampaign(): Promise<Kept> {
  const rig = await createRig('kept-troubled');
  const full = join(rig.home, 'disk-is-full');
  try {
    await rig.startWorker({ FULL_DISK: full, NODE_OPTIONS: `${process.env.NODE_OPTIONS ?? ''} --require ${join(root, 'tests/fixtures/full-disk.cjs')}` });
    // A graph of an earlier run would have its rounds closed already.
    const id = `kept-troubled-${Date.now()}`;
    const handle = rig.client.workflow.getHandle(id);
    const progress = async (): Promise<Progress> => handle.query<Progress>('progress');
    writeFileSync(full, '/rounds/');
    await begin(rig, id, { target: { verified: 12, maxItems: 48 }, round: 6, simulator: { latencyMs: 300 } });
    await until(async () => (await progress()).blocked > 0, 120_000);
    rmSync(full);
    await handle.signal('resume');
    await until(async () => (await progress()).verified >= 2, 120_000);

    writeFileSync(full, 'control.json');
    await handle.signal('pause');
    await new Promise((done) => setTimeout(done, 40_000));
    rmSync(full);
    await handle.signal('resume');
    await until(async () => !(await progress()).paused, 120_000);
    const verified = (await progress()).verified;
    await until(async () => (await progress()).verified > verified, 120_000);

    await terminateOne(rig, id);
    await handle.signal('stop');
    await rig.result(id);
    const items = chooseItems(rig, id, { 'cut-off-trajectory': ({ history }) => history.includes('_WORKFLOW_EXECUTION_CANCEL_REQUESTED') && history.includes('"readEnd"') });
    const [row = ''] = readdirSync(join(rig.home, 'campaigns', id, 'rows'));
    const item = `${id}/${row.replace('.json', '')}`;
    await rig.hardgen('trajectory', 'retry', item, '--from', 'reasoner');
    return {
      ...items, 'troubled-campaign': await historyOf(rig, id), 'troubled-shard': await historyOf(rig, `${id}/ts-0000`),
      'retry': await historyOf(rig, `${item}/retry`), 'retried-trajectory': await historyOf(rig, item),
    };
  } finally {
    await rig.close();
  }
}

async function terminateOne(rig: Rig, id: string): Promise<void> {
  for await (const { workflowId } of rig.client.workflow.list({ query: `WorkflowType = 'trajectory' AND ExecutionStatus = 'Running'` })) {
    if (!workflowId.startsWith(`${id}/`)) continue;
    return void (await rig.client.workflow.getHandle(workflowId).terminate('by hand'));
  }
  throw new Error('Expected an open item, got none');
}

async function begin(rig: Rig, id: string, file: Record<string, unknown>): Promise<void> {
  await rig.client.workflow.getHandle(id).terminate().catch(() => undefined);
  await rig.start(id, railCampaign(file));
  await until(async () => (await rig.progress(id))?.phase === 'generate', 120_000);
}

const historyOf = async (rig: Rig, workflowId: string): Promise<string> => historyToJSON(await rig.client.workflow.getHandle(workflowId).fetchHistory());

function chooseItems(rig: Rig, id: string, kinds: Kinds): Kept {
  const folder = join(rig.home, 'campaigns', id, 'histories');
  const records: { [record: string]: RecordLine[] } = rig.records(id);
  const items = readdirSync(folder).map((file) => ({
    history: gunzipSync(readFileSync(join(folder, file))).toString(),
    keys: (records[file.replace('.json.gz', '')] ?? []).map((line) => line.key),
  }));
  return Object.fromEntries(Object.entries(kinds).map(([name, fits]) => {
    // The shortest that fits: a kept history is there for its shape, not for its length.
    const [found] = items.filter(fits).sort((a, b) => a.history.length - b.history.length);
    if (!found) throw new Error(`Expected the campaign to hold a history that is "${name}"; choose another seed`);
    return [name, found.history];
  }));
}

/** Without this machine's name and folders. */
function anonymous(history: string): string {
  const withoutFolders = (value: unknown, key: string): unknown => {
    if (key === 'data' && typeof value === 'string') return Buffer.from(Buffer.from(value, 'base64').toString('latin1').replaceAll(root, '/hardgen'), 'latin1').toString('base64');
    if (Array.isArray(value)) return value.map((entry) => withoutFolders(entry, key));
    if (typeof value === 'object' && value !== null) return Object.fromEntries(Object.entries(value).map(([name, entry]) => [name, withoutFolders(entry, name)]));
    return typeof value === 'string' ? value.replaceAll(hostname(), 'host').replaceAll(root, '/hardgen') : value;
  };
  return JSON.stringify(withoutFolders(JSON.parse(history), ''));
}
