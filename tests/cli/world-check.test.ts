import { checkLines, checkSubjects, type CheckReport } from '../../src/cli/world-check';
import type { Call, CallResult, WorldTier } from '../../src/core/tool';
import { checkWorld } from '../../src/worlds/check';
import { WorldUnavailable, type World } from '../../src/worlds/world';
import { createLockerWorld } from '../fixtures/locker-world';

// A search waits a second between its runs, after an exploration that a busy machine draws out.
jest.setTimeout(60_000);

/** The locker world as one of another tier, with its instances' answers changed; `opened` counts instances from 1. */
function lockersOf(tier: WorldTier, answer: (call: Call, result: CallResult, opened: number) => CallResult): World & { opened(): number } {
  const world = createLockerWorld();
  let opened = 0;
  return { ...world, doc: { ...world.doc, tier }, opened: () => opened, open: async (seed) => {
    const [instance, at] = [await world.open(seed), ++opened];
    return { ...instance, call: async (call) => answer(call, await instance.call(call), at) };
  } };
}

const checked = (world: World, onProgress: (line: string) => void = () => undefined): Promise<CheckReport> => checkSubjects([{ name: 'worlds.0', open: () => Promise.resolve([world]) }], onProgress);
const sound = (_call: Call, result: CallResult): CallResult => result;
const counting = (call: Call, result: CallResult, opened: number): CallResult => (call.tool === 'todays_notice' ? { ok: true, value: { notice: `Visitor ${opened}`, 'a, b': opened } } : result);

describe('what differs between two runs', () => {
  test('is looked for where a check failed: one that passes opens no instance more', async () => {
    const alone = lockersOf('mcp', sound);
    await checkWorld(alone);
    const world = lockersOf('mcp', sound);
    expect((await checked(world)).proposals).toEqual([]);
    expect(world.opened()).toBe(alone.opened());
  });

  test('is not looked for in a built-in world, whose block has no such keys', async () => {
    const report = await checked(lockersOf('builtin', counting));
    expect(report.worlds[0]?.tools.some(({ passed }) => !passed)).toBe(true);
    expect(report.proposals).toEqual([]);
  });

  test('is quoted where YAML asks for it', async () => {
    expect(checkLines(await checked(lockersOf('mcp', counting))).at(-1)).toBe('lockers: two runs differ; add to its block: volatile: ["/a, b", /notice]');
  });

  test('is proposed for a world that broke before anything could be explored', async () => {
    const world = lockersOf('mcp', (call, result, opened) => (call.tool === 'find_branch' ? { ok: false, fault: 'unavailable', message: 'gone' } : counting(call, result, opened)));
    const report = await checked(world);
    expect(report.worlds).toEqual([]);
    expect(report.absent).toEqual([{ world: 'worlds.0', trouble: 'World `lockers` broke while it ran `find_branch`: gone' }]);
    expect(report.proposals).toEqual([{ world: 'lockers', rebind: [], volatile: ['/a, b', '/notice'], open: [], trouble: null }]);
  });

  test('of a live service is said in sentences where it is an id, since its block cannot name ids anew', async () => {
    const world = lockersOf('openapi', (call, result, opened) => (call.tool === 'todays_notice' ? { ok: true, value: { id: `n${opened}`, at: `t${opened}` } } : result));
    const lines = checkLines(await checked(world));
    expect(lines.slice(-2)).toEqual([
      'lockers: two runs differ; add to its block: volatile: [/at]',
      'lockers: two runs differ: /id is an id that is another one in each run, and an `openapi` block has no `rebind`: let its `reset` give the same ids again, or add the place to `volatile` if no call needs it',
    ]);
  });

  test('is left unsaid, with the reason, when the world goes away in the search: the check keeps its results', async () => {
    let gone = false;
    const world = lockersOf('mcp', counting);
    const leaving: World = { ...world, open: (seed) => (gone ? Promise.reject(new WorldUnavailable('the server did not answer')) : world.open(seed)) };
    const report = await checked(leaving, (line) => {
      gone ||= line.endsWith('what differs between two runs');
    });
    expect(report.worlds[0]?.tools).toHaveLength(5);
    expect(report.absent).toEqual([]);
    expect(checkLines(report).at(-1)).toBe('lockers: two runs could not be compared: the server did not answer');
  });
});
