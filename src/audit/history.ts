import { gunzipSync } from 'node:zlib';
import { DefaultLogger, Runtime, Worker } from '@temporalio/worker';
import { isObject, type Json, type JsonObject } from '../core/json';
import { itemSinks } from '../telemetry/observe';
import { workflowSource } from '../worker';

/** What an exported history says, as far as a record can be held against it. */
export interface History {
  workflowId: string;
  parent?: { workflowId: string; runId: string };
  /** First argument of the workflow. */
  input: Json;
  /** Type of the closing event, without its prefix; none when the history is cut short. */
  closed?: string;
  /** What the workflow gave back. */
  result?: Json;
  activities: { name: string; input: JsonObject; result?: Json }[];
  events: number;
  /** For the replay. */
  json: unknown;
}

interface Event {
  eventId: string;
  eventType: string;
  [attributes: string]: unknown;
}

/** Reads `histories/….json.gz`. Throws when it is not what was exported: torn, not JSON, without its first event. */
export function readHistory(bytes: Uint8Array): History {
  const json = JSON.parse(gunzipSync(bytes).toString('utf8')) as { events: Event[] };
  const [start] = json.events;
  const started = attributesOf(start, 'workflowExecutionStarted');
  if (!started) throw new Error('it does not begin with the start of a workflow');
  const last = json.events.at(-1);
  const closed = /^EVENT_TYPE_WORKFLOW_EXECUTION_(COMPLETED|FAILED|CANCELED|TERMINATED|TIMED_OUT|CONTINUED_AS_NEW)$/.exec(last?.eventType ?? '')?.[1];
  const result = payloadOf(attributesOf(last, 'workflowExecutionCompleted')?.result);
  const parent = started.parentWorkflowExecution as { workflowId: string; runId: string } | undefined;
  return {
    workflowId: String(started.workflowId), ...(parent ? { parent } : {}), input: payloadOf(started.input) ?? null, activities: activitiesOf(json.events), events: json.events.length, json,
    ...(closed === undefined ? {} : { closed }), ...(result === undefined ? {} : { result }),
  };
}

function attributesOf(event: Event | undefined, name: string): { [key: string]: unknown } | undefined {
  return event?.[`${name}EventAttributes`] as { [key: string]: unknown } | undefined;
}

function activitiesOf(events: readonly Event[]): History['activities'] {
  const scheduled = new Map<string, History['activities'][number]>();
  for (const event of events) {
    const begun = attributesOf(event, 'activityTaskScheduled');
    const input = payloadOf(begun?.input);
    if (begun) scheduled.set(event.eventId, { name: (begun.activityType as { name: string }).name, input: isObject(input) ? input : {} });
    const done = attributesOf(event, 'activityTaskCompleted');
    const activity = done && scheduled.get(String(done.scheduledEventId));
    if (activity) activity.result = payloadOf(done?.result) ?? null;
  }
  return [...scheduled.values()];
}

function payloadOf(value: unknown): Json | undefined {
  const data = (value as { payloads?: { data?: string }[] } | undefined)?.payloads?.[0]?.data;
  return data === undefined ? undefined : (JSON.parse(Buffer.from(data, 'base64').toString('utf8')) as Json);
}

/** Why each history does not replay on the workflows of this build, by workflow id; empty when all do. One isolate for all of them. */
export async function replayFailures(histories: readonly History[], onProgress: () => void): Promise<Map<string, string>> {
  const failures = new Map<string, string>();
  if (histories.length === 0) return failures;
  quietRuntime();
  const replays = Worker.runReplayHistories({ ...workflowSource(), sinks: itemSinks() }, histories.map(({ workflowId, json }) => ({ workflowId, history: json })));
  for await (const { workflowId, error } of replays) {
    if (error) failures.set(workflowId, error.message.split('\n')[0] ?? error.name);
    onProgress();
  }
  return failures;
}

/** The replaying worker tells of its own starting and stopping, which concerns nobody here. */
function quietRuntime(): void {
  try {
    Runtime.install({ logger: new DefaultLogger('WARN'), telemetryOptions: { logging: { filter: { core: 'ERROR', other: 'ERROR' } } } });
  } catch {
    // One runtime per process: whoever made it before us has said how it logs.
  }
}
