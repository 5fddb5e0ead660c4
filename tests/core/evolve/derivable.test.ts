import { derive, type Derivation, type StatedValue } from '../../../src/core/evolve/derivable';
import type { Json, JsonSchema } from '../../../src/core/json';
import corpus from './natural-queries.json';

interface CorpusArg {
  pointer: string;
  value: Json;
  kind: StatedValue['kind'];
  schema: JsonSchema;
  listed?: Json[];
}
interface CorpusQuery {
  id: string;
  query: string;
  earlier?: string[];
  today?: string;
  args: CorpusArg[];
  note: string;
}

const nameOf = (pointer: string): string => pointer.split('/').filter((token) => !/^\d+$/.test(token)).at(-1) as string;

function deriveArg(entry: CorpusQuery, arg: CorpusArg): Derivation {
  const beside = entry.args.filter((other) => other !== arg && nameOf(other.pointer) === nameOf(arg.pointer)).map((other) => other.value);
  return derive({ name: nameOf(arg.pointer), kind: arg.kind, value: arg.value, schema: arg.schema, listed: arg.listed, beside }, [entry.query, ...(entry.earlier ?? [])], entry.today);
}

const mayBeParaphrased = (arg: CorpusArg): boolean => typeof arg.value === 'boolean' || Array.isArray(arg.schema.enum) || arg.listed !== undefined;

describe('fifty natural queries', () => {
  const failures = (corpus.derivable as unknown as CorpusQuery[]).flatMap((entry) =>
    entry.args.filter((arg) => {
      const derivation = deriveArg(entry, arg);
      return derivation.kind === 'absent' || (derivation.kind === 'claim' && !mayBeParaphrased(arg));
    }).map((arg) => `${entry.id} ${arg.pointer} (${entry.note})`));

  it('are derivable, or go to the judge only where a paraphrase is allowed, at least 48 times of 50', () => {
    expect(failures).toEqual([]);
  });

  it('go to the judge only where the corpus expects it', () => {
    const judged = (corpus.derivable as unknown as (CorpusQuery & { expect: string })[])
      .filter((entry) => entry.expect === 'pass' && entry.args.some((arg) => deriveArg(entry, arg).kind === 'claim'))
      .map((entry) => entry.id);
    expect(judged).toEqual([]);
  });
});

describe('twelve queries that lack a value', () => {
  it.each(corpus.underivable as unknown as (CorpusQuery & { underivable: string; rejectedBy: string })[])('$id is not derivable: $note', (entry) => {
    const arg = entry.args.find((candidate) => candidate.pointer === entry.underivable) as CorpusArg;
    const expected = entry.rejectedBy === 'code' ? 'absent' : 'claim';
    expect(deriveArg(entry, arg).kind).toBe(expected);
  });
});
