import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { historyToJSON } from '@temporalio/common/lib/proto-utils';
import type { RecordLine } from '../../src/activities/deps';
import { createDoor } from '../fixtures/door';
import { createRig, railCampaign, root, until, type Rig } from '../fixtures/rig';

export const KEPT = join(__dirname, 'histories');

/** What must be among the kept histories, and how an item's history or record shows that it is that. */
const ITEMS: { [name: string]: (item: { history: string; keys: string[] }) => boolean } = {
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

/**
 * Runs a small campaign that is refused its key half-way and resumed, and keeps a history of each kind:
 * `KEEP_HISTORIES=1 npm test -- tests/replay`.
 */
export async function keepHistories(): Promise<void> {
  const rig = await createRig('kept');
  const door = await createDoor(rig.simulatorUrl);
  try {
    await rig.startWorker({ HARDGEN_SIMULATOR_URL: door.url });
    const id = 'kept';
    await rig.client.workflow.getHandle(id).terminate().catch(() => undefined);
    await rig.start(id, railCampaign({ target: { verified: 24, maxItems: 96 }, simulator: { latencyMs: 50 } }));
    await until(async () => (await rig.progress(id))?.phase === 'generate', 120_000);
    door.closeAfter(30);
    await until(async () => ((await rig.progress(id))?.blocked ?? 0) > 0, 120_000);
    door.open();
    await rig.client.workflow.getHandle(id).signal('resume');
    await rig.result(id);
    const kept = { ...chooseItems(rig, id), 'campaign': await historyOf(rig, id), 'probe-shard': await historyOf(rig, `${id}/ps-0000`), 'trajectory-shard': await historyOf(rig, `${id}/ts-0000`) };
    rmSync(KEPT, { recursive: true, force: true });
    mkdirSync(KEPT);
    for (const [name, history] of Object.entries(kept)) writeFileSync(join(KEPT, `${name}.json.gz`), gzipSync(anonymous(history), { level: 9 }));
  } finally {
    await Promise.all([rig.close(), door.close()]);
  }
}

const historyOf = async (rig: Rig, workflowId: string): Promise<string> => historyToJSON(await rig.client.workflow.getHandle(workflowId).fetchHistory());

function chooseItems(rig: Rig, id: string): { [name: string]: string } {
  const folder = join(rig.home, 'campaigns', id, 'histories');
  const records: { [record: string]: RecordLine[] } = rig.records(id);
  const items = readdirSync(folder).map((file) => ({
    history: gunzipSync(readFileSync(join(folder, file))).toString(),
    keys: (records[file.replace('.json.gz', '')] ?? []).map((line) => line.key),
  }));
  return Object.fromEntries(Object.entries(ITEMS).map(([name, fits]) => {
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
