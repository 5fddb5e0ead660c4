import { createStableNames } from '../../src/worlds/mcp/stable-names';

const REPLY = { tasks: [{ id: 3, title: 'Sweep', steps: 3 }, { id: 48_201_733, title: 'Rake', steps: 5 }], total: 3, after: 48_201_733, parentId: 3, task_ids: [3, 5] };

describe('names of ids that are numbers', () => {
  const names = createStableNames(['/tasks/*/id'], 'seed-0');
  const named = names.name(REPLY) as typeof REPLY;
  const [first, second] = named.tasks.map(({ id }) => id) as [number, number];

  it('stand where the ids stood, and under every name that speaks of an id', () => {
    expect([first, second].every((name) => name >= 100_000_000)).toBe(true);
    expect(named.parentId).toBe(first);
    expect(named.task_ids).toEqual([first, 5]);
  });

  it('leave a small number alone where it counts something, and rename a large one wherever it stands', () => {
    expect([named.total, ...named.tasks.map(({ steps }) => steps)]).toEqual([3, 3, 5]);
    expect(named.after).toBe(second);
  });

  it('are the same in every run, and lead back to the ids', () => {
    const again = createStableNames(['/tasks/*/id'], 'seed-0');
    const other = { ...REPLY, tasks: REPLY.tasks.map((task) => ({ ...task, id: task.id + 1 })), after: 48_201_734, parentId: 4, task_ids: [4, 5] };
    expect(again.name(other)).toEqual(named);
    expect(again.resolve({ id: first, of: [second], steps: 3 })).toEqual({ id: 4, of: [48_201_734], steps: 3 });
  });
});
