import Ajv, { type ValidateFunction } from 'ajv';
import { z } from 'zod';
import { rememberWhileAlive } from './remember';

/**
 * What most arguments, results and rows are asked, compiled to one function per schema: zod, which makes a new value in
 * code that all schemas share, took a third of a replay. Code that Ajv does not optimize is made twice as fast and runs as fast.
 */
const ajv = new Ajv({ strict: false, strictNumbers: true, validateFormats: false, unicodeRegExp: false, addUsedSchema: false, validateSchema: false, logger: false, code: { optimize: false } });

const NOTHING_FITS = (): boolean => false;
/**
 * Whether a schema would take the value and give it back as it is, but for the order of its keys. `false` says nothing:
 * parse it, for what is missing (defaults, refinements, changes, keys to leave out) and for what is wrong.
 */
export const fits = (schema: z.ZodType, value: unknown): boolean => testOf(schema)(value) as boolean;

const testOf = rememberWhileAlive(compile);

function compile(schema: z.ZodType): ValidateFunction | typeof NOTHING_FITS {
  let isTold = true;
  const told = z.toJSONSchema(schema, {
    target: 'draft-7',
    unrepresentable: 'any',
    override: ({ zodSchema }) => {
      isTold &&= TYPES.has(zodSchema._zod.def.type) && checksOf(zodSchema).every(isToldByJsonSchema);
    },
  });
  return isTold ? ajv.compile(told) : NOTHING_FITS;
}

const TYPES: ReadonlySet<string> = new Set(['string', 'number', 'boolean', 'null', 'enum', 'literal', 'array', 'object', 'record', 'nullable', 'optional', 'default']);
const CHECKS: ReadonlySet<string> = new Set(['min_length', 'max_length', 'length_equals', 'greater_than', 'less_than']);

interface Check {
  check?: string;
  format?: string;
  pattern?: RegExp;
}

/** A type can be a check itself, as `z.int()` and `z.iso.date()` are. */
function checksOf({ _zod }: z.core.$ZodType): Check[] {
  const { def } = _zod;
  const own = def as Check;
  return [...(own.check === undefined ? [] : [own]), ...(def.checks ?? []).map((check) => check._zod.def as Check)];
}

// JSON Schema has no words for a refinement or for flags of a pattern, and not for what most formats of zod mean.
function isToldByJsonSchema({ check, format, pattern }: Check): boolean {
  if (check === 'number_format') return format === 'safeint';
  if (check === 'string_format') return (format === 'date' || format === 'regex') && (pattern === undefined || pattern.flags === '');
  return CHECKS.has(check as string);
}
