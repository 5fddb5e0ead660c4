import { Client, Connection, isGrpcServiceError, WorkflowFailedError, type WorkflowHandle } from '@temporalio/client';
import { temporalConnection, type Config } from '../config';
import type { CampaignInput } from '../core/campaign/manifest';
import type { Progress } from '../core/campaign/progress';
import { findServices, ServiceError } from '../services';
import { InputError } from './exit-codes';

/** Temporal as commands use it. */
export interface Temporal {
  client: Client;
  /** Page of a workflow in the web UI, when the server has one. */
  pageOf(workflowId: string): string | undefined;
}

/** Connects to the Temporal that runs, does the work and closes; starts none. Throws ServiceError when none answers. */
export async function withTemporal<T>(config: Config, work: (temporal: Temporal) => Promise<T>): Promise<T> {
  const { temporal } = await findServices(config);
  if (!temporal) throw new ServiceError('Expected Temporal to be running, got no answer; npx hardgen up starts it');
  const connection = await Connection.connect(temporalConnection(config, temporal.address));
  try {
    const client = new Client({ connection, namespace: temporal.namespace });
    return await work({ client, pageOf: (workflowId) => temporal.uiUrl && `${temporal.uiUrl}/namespaces/${temporal.namespace}/workflows/${encodeURIComponent(workflowId)}` });
  } finally {
    await connection.close();
  }
}

/** Starts a campaign; one that runs under the same id is joined, so that a repeated command harms nothing. */
export async function startCampaign(temporal: Temporal, config: Config, start: { id: string; input: CampaignInput }): Promise<void> {
  await temporal.client.workflow.start('campaign', {
    workflowId: start.id, taskQueue: config.taskQueue, args: [start.input], workflowIdConflictPolicy: 'USE_EXISTING', workflowIdReusePolicy: 'REJECT_DUPLICATE',
  }).catch((error: unknown) => {
    if (error instanceof Error && error.name === 'WorkflowExecutionAlreadyStartedError') throw new InputError(`Expected an id that is free, got \`${start.id}\`, which has ended; npx hardgen campaign status ${start.id} shows it, --id names a new one`);
    throw error;
  });
}

/** `quickstart-20260102-030405`, in UTC. */
export function defaultId(name: string, now: Date): string {
  const [day, time] = now.toISOString().slice(0, 19).split('T');
  return `${name}-${(day ?? '').replaceAll('-', '')}-${(time ?? '').replaceAll(':', '')}`;
}

/** What a campaign says of itself; `undefined` while no worker answers for it. */
export async function queryProgress(temporal: Temporal, id: string): Promise<Progress | undefined> {
  try {
    return await temporal.client.withDeadline(Date.now() + 3000, () => temporal.client.workflow.getHandle(id).query<Progress>('progress'));
  } catch (error) {
    if (error instanceof Error && error.name === 'WorkflowNotFoundError') throw error;
    return undefined;
  }
}

/** Asks twice a second until the campaign has ended, also across a server that is away for a while. Throws InputError when the campaign was refused, else what ended it. */
export async function waitForCampaign(temporal: Temporal, id: string, report: (progress: Progress | undefined) => void, everyMs = 500): Promise<Progress> {
  const handle: WorkflowHandle = temporal.client.workflow.getHandle(id);
  let ended = false;
  const result = resultOf(handle, everyMs).finally(() => (ended = true));
  const settled = result.then(() => undefined, () => undefined);
  while (!ended) {
    const progress = await Promise.race([queryProgress(temporal, id), settled]);
    if (!ended) report(progress);
    await Promise.race([settled, new Promise((resolve) => setTimeout(resolve, everyMs))]);
  }
  return await result.catch((error: unknown) => {
    throw endOf(id, error);
  });
}

/** What the server says of the campaign ends the waiting; that it says nothing for a while does not. */
async function resultOf(handle: WorkflowHandle, everyMs: number): Promise<Progress> {
  for (;;) {
    try {
      return (await handle.result()) as Progress;
    } catch (error) {
      if (!isAway(error)) throw error;
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
  }
}

/** gRPC's codes of refusals that asking again does not lift: argument, permission, precondition, unknown method, login. */
const LASTING = new Set([3, 7, 9, 12, 16]);

/** A connection that we closed ourselves is no gRPC error, so nobody waits on it. */
function isAway(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return isGrpcServiceError(cause) && !LASTING.has(cause.code);
}

function endOf(id: string, error: unknown): unknown {
  if (!(error instanceof WorkflowFailedError)) return error;
  let cause: unknown = error.cause;
  while (cause instanceof Error && cause.cause instanceof Error) cause = cause.cause;
  const says = cause instanceof Error ? cause.message : error.message;
  return new InputError(`Campaign ${id} ended with an error: ${says}`);
}
