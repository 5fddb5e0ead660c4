import { rebindAndRun, type SymbolicCall } from '../../../src/core/explore/rebind';
import type { Execute } from '../../../src/core/tool';
import { toyExecute, toyFacts } from '../../fixtures/toy-world';

const fact = (pointer: string, name: string) => ({ kind: 'fact', pointer, fact: name }) as const;
const out = (pointer: string, call: string, path: string) => ({ kind: 'output', pointer, call, path }) as const;
const cityOf = (seed: number, index: number): string => String(toyFacts(seed).find((known) => known.name === `city_${index}`)?.value);

const trace: SymbolicCall[] = [
  { id: 'n', tool: 'add_note', args: { text: 'x' }, sources: [{ kind: 'sample', pointer: '/text' }] },
  { id: 'a', tool: 'port_code', args: { city: cityOf(0, 0) }, sources: [fact('/city', 'city_0')] },
  { id: 'b', tool: 'port_code', args: { city: cityOf(0, 1) }, sources: [fact('/city', 'city_1')] },
  { id: 'q', tool: 'quote', args: { from: 'P-old', to: 'P-old' }, sources: [out('/from', 'a', '/port'), out('/to', 'b', '/port')] },
  { id: 'g', tool: 'guest_entry', args: { passengers: 2 }, sources: [{ kind: 'sample', pointer: '/passengers' }] },
  { id: 'k', tool: 'book', args: { quote_id: 'q2' }, sources: [out('/quote_id', 'q', '/quote_id')] },
];

test('arguments taken from outputs are taken anew: dropping a call that moved the ids breaks nothing', async () => {
  const whole = await rebindAndRun({ execute: toyExecute, seed: 0, calls: trace });
  expect(whole.args.at(-1)).toEqual({ quote_id: 'q2' });
  const without = await rebindAndRun({ execute: toyExecute, seed: 0, calls: trace.slice(1) });
  expect(without.args.at(-1)).toEqual({ quote_id: 'q1' });
  expect(without.execution.results.every((result) => result.ok)).toBe(true);
  const literal = await toyExecute(0, trace.slice(1).map((call, index) => ({ tool: call.tool, args: call.id === 'k' ? call.args : (without.args[index] ?? {}) })));
  expect(literal.results.at(-1)).toMatchObject({ ok: false });
});

test('a run ends before the first argument whose source is gone, and names it', async () => {
  const run = await rebindAndRun({ execute: toyExecute, seed: 0, calls: trace.filter((call) => call.id !== 'b') });
  expect(run.unresolved).toBe('q/to');
  expect(run.execution.results).toHaveLength(2);
  expect(run.args).toHaveLength(2);
});

test('a source that failed gives nothing', async () => {
  const bad = trace.map((call) => (call.id === 'b' ? { ...call, args: { city: 'Nowhere' } } : call));
  const run = await rebindAndRun({ execute: toyExecute, seed: 0, calls: bad });
  expect(run.unresolved).toBe('q/to');
  expect(run.execution.results.at(-1)).toMatchObject({ ok: false, fault: 'not_found' });
});

test('with the facts of another seed, the same story is told there', async () => {
  const run = await rebindAndRun({ execute: toyExecute, seed: 5, calls: trace, facts: toyFacts(5) });
  expect(run.execution.results.every((result) => result.ok)).toBe(true);
  expect(run.args[1]).toEqual({ city: cityOf(5, 0) });
});

test('a list element is found again by its pick, and in another seed by position when its pick has no counterpart', async () => {
  const pick = { path: '/sailings/1/departs', value: '11:20' };
  const calls: SymbolicCall[] = [
    trace[1] as SymbolicCall,
    { id: 's', tool: 'sailings', args: { port: '?' }, sources: [out('/port', 'a', '/port')] },
    { id: 'i', tool: 'sailing_info', args: { sailing: '?' }, sources: [{ ...out('/sailing', 's', '/sailings/1/sailing'), pick }] },
  ];
  const reversed: Execute = async (seed, list) => {
    const run = await toyExecute(seed, list);
    return { ...run, results: run.results.map((result, index) => (list[index]?.tool === 'sailings' && result.ok ? { ok: true, value: { sailings: [...(result.value as { sailings: [] }).sailings].reverse().slice(0, 2) } } : result)) };
  };
  const run = await rebindAndRun({ execute: reversed, seed: 0, calls });
  expect(run.args[2]).toEqual((await rebindAndRun({ execute: toyExecute, seed: 0, calls })).args[2]);
  const lost = calls.map((call) => (call.id === 'i' ? { ...call, sources: [{ ...out('/sailing', 's', '/sailings/1/sailing'), pick: { ...pick, value: '23:59' } }] } : call));
  expect((await rebindAndRun({ execute: toyExecute, seed: 0, calls: lost })).unresolved).toBe('i/sailing');
  expect((await rebindAndRun({ execute: toyExecute, seed: 1, calls: lost, facts: toyFacts(1) })).unresolved).toBeUndefined();
});

test('calls that wait for no answer are sent together', async () => {
  const asked: number[] = [];
  await rebindAndRun({ execute: async (seed, calls) => (asked.push(calls.length), toyExecute(seed, calls)), seed: 0, calls: trace });
  expect(asked).toEqual([0, 3, 5, 6]);
});
