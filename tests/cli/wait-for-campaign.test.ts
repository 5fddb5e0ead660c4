import { ServiceError, WorkflowFailedError } from '@temporalio/client';
import { waitForCampaign, type Temporal } from '../../src/cli/temporal';

/** A server that answers the question for the campaign's end with these errors, one after the other, and with its progress then. */
function answering(...errors: Error[]): { temporal: Temporal; asked: () => number } {
  let asked = 0;
  const result = (): Promise<unknown> => {
    const error = errors[asked++];
    return error ? Promise.reject(error) : Promise.resolve({ id: 'c', phase: 'done' });
  };
  const client = { withDeadline: () => Promise.resolve(undefined), workflow: { getHandle: () => ({ result }) } };
  return { temporal: { client, pageOf: () => undefined } as unknown as Temporal, asked: () => asked };
}

const grpc = (code: number): Error =>
  new ServiceError('Failed to get Workflow execution history', { cause: Object.assign(new Error(`code ${code}`), { code, details: '', metadata: {} }) });
const wait = ({ temporal }: { temporal: Temporal }): Promise<unknown> => waitForCampaign(temporal, 'c', () => undefined, 1);

describe('waiting for the end of a campaign', () => {
  it('outlasts a server that is away, slow or started again: the campaign lives on there', async () => {
    const server = answering(grpc(14), grpc(4), grpc(13), grpc(2));
    await expect(wait(server)).resolves.toMatchObject({ phase: 'done' });
    expect(server.asked()).toBe(5);
  });

  it.each([['a wrong login', grpc(16)], ['a connection that was closed', new ServiceError('Unexpected error', { cause: new Error('Channel has been shut down') })]])('ends at once on %s', async (_what, error) => {
    const server = answering(error);
    await expect(wait(server)).rejects.toBe(error);
    expect(server.asked()).toBe(1);
  });

  it('ends with what a refused campaign was told', async () => {
    const failed = new WorkflowFailedError('failed', new Error('Expected a world, got none'), 'NON_RETRYABLE_FAILURE' as never);
    await expect(wait(answering(failed))).rejects.toThrow('Campaign c ended with an error: Expected a world, got none');
  });
});
