import fc from 'fast-check';
import { z } from 'zod';
import { fits } from '../../src/worlds/builtin/fits';

const row = z.strictObject({
  name: z.string().min(2).max(5),
  on: z.iso.date(),
  at: z.string().regex(/^\d\d:\d\d$/),
  count: z.int().min(0),
  share: z.number().max(1).nullable(),
  kind: z.enum(['a', 'b']),
  tags: z.array(z.string()).min(1),
  by: z.record(z.string(), z.int()),
  note: z.string().optional(),
});

const good = { name: 'abc', on: '2032-02-29', at: '09:30', count: 3, share: null, kind: 'a', tags: ['x'], by: { y: 1 } };

describe('a value that the schema would give back as it is', () => {
  test('fits', () => {
    expect(fits(row, good)).toBe(true);
    expect(fits(row, { ...good, share: 0.5, note: 'n', by: {} })).toBe(true);
    expect(fits(row, { ...good, name: '😀😀😀😀😀' })).toBe(true);
    expect(fits(z.array(row), [good, good])).toBe(true);
  });

  test.each<[string, unknown]>([
    ['no object', null],
    ['a list', [good]],
    ['a key too many', { ...good, more: 1 }],
    ['a key that is missing', { ...good, name: undefined }],
    ['a text too short', { ...good, name: 'a' }],
    ['a text too long', { ...good, name: '😀😀😀😀😀😀' }],
    ['a day that the calendar has not', { ...good, on: '2031-02-29' }],
    ['a text of another form', { ...good, at: '9:30' }],
    ['a fraction for a count', { ...good, count: 1.5 }],
    ['a count below its least', { ...good, count: -1 }],
    ['a count beyond what a double counts', { ...good, count: 2 ** 53 }],
    ['no number', { ...good, share: Number.NaN }],
    ['an endless number', { ...good, share: -Infinity }],
    ['another member', { ...good, kind: 'c' }],
    ['an empty list', { ...good, tags: [] }],
    ['an odd item', { ...good, tags: ['x', 1] }],
    ['an odd entry', { ...good, by: { y: '1' } }],
  ])('%s does not, nor does zod take it', (_what, value) => {
    expect(row.safeParse(value).success).toBe(false);
    expect(fits(row, value)).toBe(false);
  });

  test.each<[string, z.ZodType, unknown]>([
    ['a default', z.object({ n: z.int().default(1) }), {}],
    ['a key to leave out', z.object({ n: z.int() }), { n: 1, m: 2 }],
    ['a text to trim', z.object({ n: z.string().trim() }), { n: ' a ' }],
    ['a transform', z.object({ n: z.string().transform(Number) }), { n: '1' }],
    ['a coercion', z.object({ n: z.coerce.number() }), { n: '1' }],
    ['a refinement', z.object({ n: z.int().refine((n) => n !== 2) }), { n: 2 }],
    ['a refinement of the whole', z.strictObject({ n: z.int(), m: z.int() }).refine(({ n, m }) => n < m), { n: 2, m: 1 }],
    ['a pattern with a flag, where JSON Schema has none', z.object({ n: z.string().regex(/^a$/i) }), { n: 'A' }],
    ['a format that has no pattern', z.object({ n: z.url() }), { n: 'no url' }],
    ['a custom type', z.object({ n: z.custom<string>((n) => n === 'a') }), { n: 'b' }],
    ['a union, which is left to zod', z.object({ n: z.union([z.int(), z.string()]) }), { n: 1 }],
  ])('%s is left to zod', (_what, schema, value) => {
    expect(fits(schema, value)).toBe(false);
  });

  test('whatever the value: what fits, zod gives back equal; what zod gives back equal and in full, fits', () => {
    const rows = fc.record({
      name: fc.string({ unit: 'grapheme', maxLength: 6 }),
      on: fc.oneof(fc.date({ noInvalidDate: true, min: new Date('1990-01-01'), max: new Date('2100-01-01') }).map((date) => date.toISOString().slice(0, 10)), fc.string()),
      at: fc.oneof(fc.stringMatching(/^\d\d:\d\d$/), fc.string()),
      count: fc.oneof(fc.nat(9), fc.double()),
      share: fc.oneof(fc.constant(null), fc.double()),
      kind: fc.constantFrom('a', 'b', 'c'),
      tags: fc.array(fc.oneof({ weight: 9, arbitrary: fc.string() }, { weight: 1, arbitrary: fc.nat() }), { maxLength: 2 }),
      by: fc.dictionary(fc.string(), fc.oneof({ weight: 9, arbitrary: fc.nat() }, { weight: 1, arbitrary: fc.string() }), { maxKeys: 2 }),
    });
    fc.assert(fc.property(fc.tuple(rows, fc.boolean()), ([values, mended]) => {
      const value = mended ? { ...good, name: values.name, count: values.count, by: values.by } : values;
      const parsed = row.safeParse(value);
      expect(fits(row, value)).toBe(parsed.success);
      if (parsed.success) expect(parsed.data).toEqual(value);
    }), { numRuns: 500 });
  });
});
