import { APIError } from 'openai';
import { hideKeys } from '../../src/clients/hide-keys';
import { classifyModelError } from '../../src/activities/failures';
import type { ModelTarget } from '../../src/activities/deps';

const target: ModelTarget = {
  endpointName: 'house', model: 'm', sampling: {}, simulated: false,
  endpoint: { baseURL: 'http://127.0.0.1:1/v1', apiKeyEnv: 'HOUSE_KEY', concurrency: 1, timeoutSeconds: 1, price: { input: 0, output: 0 }, headers: {}, extraBody: {} },
};
const refused = APIError.generate(401, { error: { message: 'key sk-planted is not ours' } }, undefined, new Headers());

describe('an endpoint that repeats the key it refuses', () => {
  const chat = hideKeys({ complete: () => Promise.reject(refused) }, () => 'sk-planted');

  it('is quoted with the name of the variable in place of the key, and is still told apart by class and status', async () => {
    const error: unknown = await chat.complete({ target, request: { messages: [] }, lookup: {}, signal: new AbortController().signal }).catch((caught: unknown) => caught);
    expect((error as Error).message).toMatch(/key \[HOUSE_KEY\] is not ours/);
    expect((error as Error).stack).not.toMatch(/sk-planted/);
    expect(classifyModelError(error).type).toBe('OperatorActionRequired');
  });
});
