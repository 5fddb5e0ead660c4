import { z } from 'zod';
import { findId, rowOf, rowsOf } from '../../src/worlds/builtin/combinators';
import { defineDomain, toolsOn, type Draft } from '../../src/worlds/builtin/domain';

const schema = z.strictObject({
  salt: z.string(),
  shelves: z.record(z.string(), z.strictObject({ books: z.array(z.string()), full: z.boolean() })),
  loans: z.record(z.string(), z.int()),
  desk: z.strictObject({ open: z.boolean(), queue: z.array(z.string()) }),
});
type Shop = z.output<typeof schema>;

/** One tool that writes as the test says. */
function shopWhere(run: (state: Draft<Shop>) => void, writes: readonly (keyof Shop & string)[] = ['shelves', 'loans', 'desk']) {
  const write = toolsOn<Shop>()({
    name: 'write', about: 'Writes.', in: z.strictObject({}), out: z.object({}), writes,
    run: ({ state }) => {
      run(state);
      return {};
    },
  });
  const init = (): Shop => ({ salt: 's', shelves: { a: { books: ['x'], full: false }, b: { books: [], full: false } }, loans: { x: 1 }, desk: { open: false, queue: [] } });
  return defineDomain<Shop>({ name: 'shop', version: '1', policy: '', state: schema, init, known: () => [], tools: [write] });
}

async function written(run: (state: Draft<Shop>) => void, writes?: readonly (keyof Shop & string)[]): Promise<{ before: Shop; after: Shop }> {
  const instance = await shopWhere(run, writes).open(0);
  const before = instance.state() as Shop;
  await instance.call({ tool: 'write', args: {} });
  return { before, after: instance.state() as Shop };
}

describe('what a tool writes', () => {
  test('is there afterwards, and the state before is as it was', async () => {
    const { before, after } = await written((state) => {
      rowOf(state.shelves, 'a').books.push('y');
      state.shelves.c = { books: [], full: true };
      delete state.shelves.b;
      state.loans.y = 2;
      rowOf(state.shelves, 'a').full = true;
      state.desk.queue.push('z');
    });
    expect(after).toEqual({ salt: 's', shelves: { a: { books: ['x', 'y'], full: true }, c: { books: [], full: true } }, loans: { x: 1, y: 2 }, desk: { open: false, queue: ['z'] } });
    expect(before).toEqual({ salt: 's', shelves: { a: { books: ['x'], full: false }, b: { books: [], full: false } }, loans: { x: 1 }, desk: { open: false, queue: [] } });
  });

  test('is seen by all who look at the table from then on', async () => {
    await written((state) => {
      rowOf(state.shelves, 'a').full = true;
      expect(rowOf(state.shelves, 'a').full).toBe(true);
      expect(rowsOf(state.shelves, (shelf) => shelf.full).map(([id]) => id)).toEqual(['a']);
      expect(findId(state.shelves, (shelf) => shelf.full)).toBe('a');
    });
  });

  test('keeps what it left alone: rows that were not taken, and rows and parts that were taken in vain, are the same objects', async () => {
    const { before, after } = await written((state) => {
      rowOf(state.shelves, 'a').full = true;
      rowOf(state.shelves, 'b').full = false;
      rowOf(state.loans, 'x');
    });
    expect(after.shelves.a).not.toBe(before.shelves.a);
    expect(after.shelves.b).toBe(before.shelves.b);
    expect(after.loans).toBe(before.loans);
    expect(after.desk).toBe(before.desk);
  });

  test.each<[string, (state: Draft<Shop>) => void, readonly (keyof Shop & string)[]]>([
    ['a row that it has not taken', (state) => { (state.shelves.a as Shop['shelves'][string]).full = true; }, ['shelves']],
    ['inside such a row', (state) => { state.shelves.a?.books.push('y'); }, ['shelves']],
    ['a row of a table that it has not named', (state) => { rowOf(state.shelves, 'a').full = true; }, ['desk']],
    ['a new row there', (state) => { state.loans.y = 1; }, ['desk']],
    ['a part that it has not named', (state) => { state.desk.open = true; }, ['shelves']],
  ])('throws what is to be done when it writes %s', async (_what, run, writes) => {
    await expect(written(run, writes)).rejects.toThrow(/Expected `write` to write only .*`writes`.*`rowOf`/);
  });

  test.each<[string, (state: Draft<Shop>) => void]>([
    ['a row', (state) => { rowOf(state.shelves, 'a').full = 'very' as unknown as boolean; }],
    ['a new row', (state) => { state.loans.y = 0.5; }],
    ['a part', (state) => { state.desk.queue = [7 as unknown as string]; }],
  ])('throws when it leaves %s that the schema of the state does not take', async (_what, run) => {
    await expect(written(run)).rejects.toThrow(z.ZodError);
  });

  test('a missing row is a bug of the tool', async () => {
    await expect(written((state) => void rowOf(state.shelves, 'none'))).rejects.toThrow('Expected a need to have asked for `none`');
  });
});
