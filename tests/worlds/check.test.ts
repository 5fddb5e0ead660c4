import type { CallResult, ToolDoc } from '../../src/core/tool';
import { checkLines, checkSubjects, hasPassed } from '../../src/cli/world-check';
import { checkWorld, type ToolCheck, type WorldCheck } from '../../src/worlds/check';
import { WorldUnavailable, type World, type WorldInstance } from '../../src/worlds/world';
import { createLockerWorld } from '../fixtures/locker-world';

// A world over others' tools that fails is run twice, with a second between.
jest.setTimeout(30_000);

/** The locker world with one thing about its instances changed; `opened` counts them from 0. */
function lying(change: (instance: WorldInstance, opened: number) => Partial<WorldInstance>): World {
  const world = createLockerWorld();
  let opened = 0;
  return { ...world, open: async (seed) => {
    const instance = await world.open(seed);
    return { ...instance, ...change(instance, opened++) };
  } };
}

const withTool = (name: string, change: Partial<ToolDoc>): World => {
  const world = createLockerWorld();
  return { ...world, doc: { ...world.doc, tools: world.doc.tools.map((tool) => (tool.name === name ? { ...tool, ...change } : tool)) } };
};

/** The answers of one tool changed. */
const answering = (name: string, answer: (result: CallResult, opened: number) => CallResult): World =>
  lying((instance, opened) => ({ call: async (call) => (call.tool === name ? answer(await instance.call(call), opened) : instance.call(call)) }));

const toolOf = (check: WorldCheck, name: string): ToolCheck => check.tools.find((tool) => tool.tool === name) as ToolCheck;
const troublesOf = async (world: World, name: string): Promise<string[]> => toolOf(await checkWorld(world), name).troubles;

describe('a sound world', () => {
  test('passes with every tool, and shows what changes state, what has edges and what needs nothing', async () => {
    const check = await checkWorld(createLockerWorld());
    expect(check.tools.flatMap((tool) => tool.troubles)).toEqual([]);
    expect(check).toMatchObject({ world: 'lockers', tier: 'builtin', walks: 24 });
    expect(check.tools.filter((tool) => tool.stateful).map((tool) => tool.tool)).toEqual(['rent_locker', 'put_away']);
    expect(check.tools.filter((tool) => tool.hasEdge).map((tool) => tool.tool)).toEqual(['rent_locker', 'put_away', 'opening_hours']);
    expect(check.tools.filter((tool) => !tool.refused).map((tool) => tool.tool)).toEqual(['todays_notice']);
    expect(check.tools.every((tool) => tool.inTrace)).toBe(true);
  });

  test('gives the same report again', async () => {
    expect(await checkWorld(createLockerWorld())).toEqual(await checkWorld(createLockerWorld()));
  });

  test('is asked for no traces when it is simulated from a spec', async () => {
    const world = createLockerWorld();
    const check = await checkWorld({ ...world, doc: { ...world.doc, tier: 'simulated-from-spec' } });
    expect(check.tools.map((tool) => [tool.passed, tool.inTrace, tool.hasEdge])).toEqual(check.tools.map(() => [true, null, null]));
  });
});

describe('what fails a tool, in one sentence', () => {
  test('a schema that does not compile', async () => {
    expect(await troublesOf(withTool('opening_hours', { output: { type: 'objekt' } }), 'opening_hours')).toEqual([expect.stringMatching(/^its output schema does not compile: /)]);
  });

  test('no success, with the last refusal', async () => {
    const world = answering('put_away', () => ({ ok: false, fault: 'precondition', message: 'The lockers are being painted.' }));
    expect(await troublesOf(world, 'put_away')).toEqual([
      expect.stringMatching(/^no call succeeded in 96 walks: put_away \{.*\} gave precondition: The lockers are being painted\.$/),
      'it stands in no trace: no call of it succeeded',
    ]);
  });

  test('a tool that never refuses', async () => {
    const world = answering('opening_hours', (result) => (result.ok ? result : { ok: true, value: { opens: '08:30' } }));
    expect(await troublesOf(world, 'opening_hours')).toContainEqual(expect.stringMatching(/^it never refuses: opening_hours \{/));
  });

  test('results that differ between replays', async () => {
    const world = answering('todays_notice', (result, opened) => (result.ok ? { ok: true, value: { notice: `Visitor ${opened}` } } : result));
    expect(await troublesOf(world, 'todays_notice')).toContainEqual(expect.stringMatching(/^a fresh replay differs from exploration: todays_notice \{\} after 0 calls from seed \d+ gave .*Visitor/));
  });

  test('a reset that does not restore the state', async () => {
    const world = lying((_instance, opened) => ({ digest: () => Promise.resolve(`d${opened}`) }));
    expect(await troublesOf(world, 'find_branch')).toContainEqual(expect.stringMatching(/^a reset does not restore the state: seed \d+ began at two digests$/));
  });

  test('a refusal that changes the state', async () => {
    const world = lying((instance) => {
      let refusals = 0;
      return {
        call: async (call) => {
          const result = await instance.call(call);
          if (!result.ok) refusals++;
          return result;
        },
        digest: async () => `${await instance.digest()}${refusals}`,
      };
    });
    expect(await troublesOf(world, 'find_branch')).toEqual([expect.stringMatching(/^a refusal changes the state: find_branch \{/)]);
  });

  test('a result that does not fit its schema', async () => {
    const world = answering('opening_hours', (result) => (result.ok ? { ok: true, value: { opens: 8 } } : result));
    expect(await troublesOf(world, 'opening_hours')).toContainEqual(expect.stringMatching(/^its result does not fit its output schema: .* gave result\/opens must be string$/));
  });
});

describe('the report over several worlds', () => {
  test('keeps tiers apart, tells of worlds that could not be had, and of every tool that failed', async () => {
    const sound = createLockerWorld();
    const broken = withTool('opening_hours', { output: { type: 'objekt' } });
    const report = await checkSubjects([
      { name: 'lockers', open: () => Promise.resolve([sound]) },
      { name: 'worlds.1', open: () => Promise.resolve([{ ...broken, doc: { ...broken.doc, tier: 'mcp' } }]) },
      { name: 'worlds.2', open: () => Promise.reject(new WorldUnavailable('the server did not answer')) },
    ], () => undefined);
    expect(hasPassed(report)).toBe(false);
    expect(report.tiers.map((row) => [row.tier, row.worlds, row.tools, row.passing])).toEqual([['builtin', 1, 5, 5], ['mcp', 1, 5, 4]]);
    const lines = checkLines(report);
    expect(lines.find((line) => line.startsWith('mcp'))?.trim().split(/\s+/)).toEqual(['mcp', '1', '5', '4', '2', '3', '5', '4']);
    expect(lines).toContain('worlds.2 could not be had: the server did not answer');
    expect(lines.at(-1)).toMatch(/^lockers\.opening_hours: its output schema does not compile: /);
  });
});
