import { inTurn, openInTurn } from '../../src/worlds/one-at-a-time';
import type { WorldInstance } from '../../src/worlds/world';

const instance = (): Promise<WorldInstance> => Promise.resolve({ call: async () => ({ ok: true, value: 1 }), digest: async () => 'd', close: async () => undefined });
const settled = async (promise: Promise<unknown>): Promise<boolean> => Promise.race([promise.then(() => true, () => true), new Promise<boolean>((resolve) => setTimeout(() => resolve(false), 20))]);

describe('what a process has once', () => {
  test('is opened by one at a time, in the order of asking; another key is another thing', async () => {
    const first = await openInTurn('kiln', instance);
    const [second, third] = [openInTurn('kiln', instance), openInTurn('kiln', instance)];
    expect(await settled(openInTurn('wheel', instance))).toBe(true);
    expect([await settled(second), await settled(third)]).toEqual([false, false]);
    await first.close();
    expect([await settled(second), await settled(third)]).toEqual([true, false]);
    // A second close is no second turn.
    await first.close();
    expect(await settled(third)).toBe(false);
    await (await second).close();
    await (await third).close();
  });
  test('an instance tells when another waits, also one that asked before it was opened', async () => {
    const first = await openInTurn('told', instance);
    expect(await settled(first.wanted as Promise<void>)).toBe(false);
    const [second, third] = [openInTurn('told', instance), openInTurn('told', instance)];
    expect(await settled(first.wanted as Promise<void>)).toBe(true);
    await first.close();
    expect(await settled((await second).wanted as Promise<void>)).toBe(true);
    await (await second).close();
    expect(await settled((await third).wanted as Promise<void>)).toBe(false);
    await (await third).close();
  });
  test('is handed on when opening, closing or work fails', async () => {
    const fails = (): Promise<never> => Promise.reject(new Error('no'));
    await expect(openInTurn('bad', fails)).rejects.toThrow('no');
    await expect(inTurn('bad', fails)).rejects.toThrow('no');
    const unclosable = await openInTurn('bad', async () => ({ ...(await instance()), close: fails }));
    await expect(unclosable.close()).rejects.toThrow('no');
    expect(await inTurn('bad', () => Promise.resolve(7))).toBe(7);
  });
});
