import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import fc from 'fast-check';
import { canonicalJson, isObject, leavesOf, type Json, type JsonSchema } from '../../src/core/json';
import { createRng } from '../../src/core/random';
import { fitsSchema, schemaAt, typeOfSchema } from '../../src/core/schema';
import { toolOfKey, type KnownFact, type ToolDoc } from '../../src/core/tool';
import { BUILTIN_WORLDS } from '../../src/worlds/builtin';
import type { DomainState, DomainWorld } from '../../src/worlds/builtin/domain';
import type { TrueGroup } from '../../src/worlds/builtin/true-edges';
import { describeWorld } from '../contracts/world';
import { BENCHMARK_LITERALS, BENCHMARK_NAMES } from '../fixtures/benchmark-names';
import { edgesOf } from '../fixtures/domain-edges';
import { RAIL_RULES } from '../fixtures/rail-rules';
import { eachTagged, randomWalk } from '../fixtures/random-walk';

/** Rules for the states of worlds whose domain declares none, by the rule's sentence; `opening` is the state a walk began with. */
const RULES_HERE: { readonly [world: string]: { readonly [sentence: string]: (state: never, opening: never) => boolean } } = { rail: RAIL_RULES };

function brokenRules(world: DomainWorld, state: DomainState, opening: DomainState): string[] {
  const here = Object.entries(RULES_HERE[world.doc.id] ?? {}).filter(([, holds]) => !holds(state as never, opening as never));
  return [...world.broken(state), ...here.map(([sentence]) => sentence)];
}

const SEEDS = [0, 1, 2, 3, 4, 5];

for (const [name, create] of Object.entries(BUILTIN_WORLDS)) {
  describeWorld(name, create, { seeds: [0, 1, 7, 4021] });
  describe(`built-in world ${name}`, () => describeBuiltin(name, create() as DomainWorld, edgesOf(name)));
}

function describeBuiltin(name: string, world: DomainWorld, edges: readonly TrueGroup[]): void {
  const { tools } = world.doc;
  const facts = world.known(0);

  describe('what models and users are told', () => {
    test('the world has its key as its id, a policy, and at least twelve tools', () => {
      expect(world.doc.id).toBe(name);
      expect(world.doc.policy.length).toBeGreaterThan(200);
      expect(tools.length).toBeGreaterThanOrEqual(12);
    });

    test('no tool is named like one of a public benchmark', () => {
      const taken = new Set(Object.values(BENCHMARK_NAMES).flat());
      expect(tools.map((tool) => tool.name).filter((tool) => taken.has(tool))).toEqual([]);
    });

    test('no state or fact holds a value of a public benchmark, or an id in the form of one', async () => {
      const states = await Promise.all(SEEDS.map(async (seed) => (await world.open(seed)).state() as unknown as Json));
      const texts = [...states, ...SEEDS.map((seed) => world.known(seed) as unknown as Json)].flatMap((value) => leavesOf(value).map((leaf) => String(leaf.value)));
      expect(texts.length).toBeGreaterThan(100);
      expect(Object.entries(BENCHMARK_LITERALS).flatMap(([benchmark, form]) => [...new Set(texts.filter((text) => form.test(text)))].map((text) => `${benchmark}: ${text}`))).toEqual([]);
    });

    test('tools have snake_case names, and every input and output is described', () => {
      expect(tools.map((tool) => tool.name).filter((tool) => !/^[a-z]+(_[a-z0-9]+)+$/.test(tool))).toEqual([]);
      expect(tools.flatMap((tool) => [...undescribed(tool.input, `${tool.name} takes`), ...undescribed(tool.output ?? {}, `${tool.name} gives`)])).toEqual([]);
    });

    test('an input with a tag has the tag of some fact or output', () => {
      const given = new Set([...facts.map((fact) => fact.entity), ...tools.flatMap((tool) => placesOf(tool.output).map((place) => place.schema.entity))]);
      expect(inputsOf(tools).filter(({ schema }) => schema.entity !== undefined && !given.has(schema.entity as string)).map(labelOf)).toEqual([]);
    });

    test('every required input can be filled: a fact, an output, a closed set, a few numbers, or a default', () => {
      const outputs = new Set(tools.flatMap((tool) => placesOf(tool.output).map((place) => place.schema.entity)).filter((entity) => entity !== undefined));
      const isFilled = (input: Input): boolean => outputs.has(input.schema.entity as string) || facts.some((fact) => fills(fact, input)) || isClosed(input.schema);
      expect(inputsOf(tools).filter((input) => input.required && !isFilled(input)).map(labelOf)).toEqual([]);
    });
  });

  describe('facts', () => {
    test('there are nine or more, the same in every seed but for their values', () => {
      expect(facts.length).toBeGreaterThanOrEqual(9);
      for (const seed of SEEDS) {
        const others = world.known(seed);
        expect(others.map(({ name: fact, entity, params }) => ({ fact, entity, params }))).toEqual(facts.map(({ name: fact, entity, params }) => ({ fact, entity, params })));
        if (seed !== 0) expect(others.filter((fact, at) => canonicalJson(fact.value) !== canonicalJson(facts[at]?.value ?? null)).length).toBeGreaterThan(facts.length / 3);
      }
    });

    test('every fact fills some input, whose schema takes its value', () => {
      for (const seed of SEEDS) {
        const idle = world.known(seed).filter((fact) => !inputsOf(tools).some((input) => fills(fact, input) && leavesOf(fact.value).every((leaf) => fitsSchema(input.schema, leaf.value))));
        expect(idle.map((fact) => `${fact.name} = ${canonicalJson(fact.value)}`)).toEqual([]);
      }
    });

    test('facts of one kind have values of their own: two look-ups never ask for the same', () => {
      for (const seed of SEEDS) {
        const values = world.known(seed).filter((fact) => fact.entity !== undefined).map((fact) => `${fact.entity} ${canonicalJson(fact.value)}`);
        expect(values.filter((value, at) => values.indexOf(value) !== at)).toEqual([]);
      }
    });
  });

  describe('its true edges', () => {
    test('name tools, arguments and outputs that exist', () => {
      const docOf = (key: string): ToolDoc | undefined => tools.find((tool) => `${name}::${tool.name}` === key);
      for (const edge of edges) {
        expect([edge.tool, docOf(edge.tool) !== undefined]).toEqual([edge.tool, true]);
        if (edge.param !== undefined) expect([edge.tool, edge.param, schemaAt(docOf(edge.tool)?.input, edge.param) !== undefined]).toEqual([edge.tool, edge.param, true]);
        for (const member of edge.members) {
          expect([member, docOf(member.tool) !== undefined]).toEqual([member, true]);
          if (member.outPath !== undefined) expect([member, schemaAt(docOf(member.tool)?.output, member.outPath) !== undefined]).toEqual([member, true]);
        }
      }
    });

    test('list as needed data exactly the tagged inputs that no fact can fill', () => {
      const stated = new Set(facts.map((fact) => fact.entity));
      const hidden = inputsOf(tools).filter(({ schema }) => schema.entity !== undefined && !stated.has(schema.entity as string)).map(({ tool, pointer }) => `${tool}${pointer}`);
      const listed = edges.filter((edge) => edge.kind === 'data' && edge.optional !== true).map((edge) => `${toolOfKey(edge.tool)}${edge.param}`);
      expect([...listed].sort()).toEqual(hidden.sort());
    });

    test('feed an argument from outputs of its own tag only', () => {
      for (const edge of edges.filter(({ kind }) => kind === 'data')) {
        const consumer = tools.find((tool) => tool.name === toolOfKey(edge.tool));
        const entity = schemaAt(consumer?.input, edge.param ?? '')?.entity;
        const tags = edge.members.map((member) => schemaAt(tools.find((tool) => tool.name === toolOfKey(member.tool))?.output, member.outPath ?? '')?.entity);
        expect([edge.tool, edge.param, tags]).toEqual([edge.tool, edge.param, tags.map(() => entity)]);
      }
    });
  });

  describe('random walks', () => {
    const walked = lazily(() => walkFar(world));

    test('every tool succeeds somewhere', async () => {
      const { succeeded } = await walked();
      expect(tools.map((tool) => tool.name).filter((tool) => !succeeded.has(tool))).toEqual([]);
    });

    test('every tool that takes something hidden also refuses somewhere, for a reason of the trade', async () => {
      const { refused } = await walked();
      const stated = new Set(facts.map((fact) => fact.entity));
      const takers = new Set(inputsOf(tools).filter(({ schema }) => schema.entity !== undefined && !stated.has(schema.entity as string)).map(({ tool }) => tool));
      expect([...takers].filter((tool) => !refused.has(tool))).toEqual([]);
    });

    test('break no rule of the state', async () => {
      expect((await walked()).broken).toEqual([]);
      expect(world.rules.length + Object.keys(RULES_HERE[name] ?? {}).length).toBeGreaterThanOrEqual(2);
    });

    test('results are plain JSON that fits the schema of their tool, and messages are sentences', async () => {
      expect((await walked()).misfits).toEqual([]);
    });

    test('no value that has to be looked up is stated by a user, nor is it the same in another seed', async () => {
      const { hidden } = await walked();
      for (const [seed, kinds] of hidden) {
        const stated = new Set(world.known(seed).flatMap((fact) => leavesOf(fact.value).map((leaf) => canonicalJson(leaf.value))));
        for (const [entity, values] of kinds) {
          expect([entity, [...values].filter((value) => stated.has(value))]).toEqual([entity, []]);
          const elsewhere = [...hidden].filter(([other]) => other !== seed).map(([, others]) => others.get(entity) ?? new Set());
          const shared = [...values].filter((value) => elsewhere.some((others) => others.has(value)));
          // Short codes may meet by chance; what is made from the seed does so rarely.
          expect([entity, seed, shared.length <= values.size / 20 ? [] : shared]).toEqual([entity, seed, []]);
        }
      }
    });

    test('whatever the seed and the walk: faults change nothing, and calls that are repeated give the same', async () => {
      await fc.assert(
        fc.asyncProperty(fc.nat(1_000_000), fc.nat(1_000_000), async (seed, walk) => {
          const twin = await world.open(seed);
          let before = await twin.digest();
          await randomWalk(world, seed, 40, createRng(`${name}/${walk}`), async ({ call, result, instance }) => {
            const again = await twin.call(call);
            if (canonicalJson(again as unknown as Json) !== canonicalJson(result as unknown as Json)) throw new Error(`${call.tool} gave two results`);
            const digest = await instance.digest();
            if (digest !== (await twin.digest())) throw new Error(`${call.tool} left two states`);
            if (!result.ok && digest !== before) throw new Error(`${call.tool} refused and changed the state`);
            before = digest;
          });
        }),
        { numRuns: 12 },
      );
    });
  });
}

// ---- walking ----

interface Walked {
  succeeded: Set<string>;
  /** Tools that refused for another reason than the form of their arguments. */
  refused: Set<string>;
  broken: string[];
  misfits: string[];
  /** Canonical values that have to be looked up, by seed and entity. */
  hidden: Map<number, Map<string, Set<string>>>;
}

const SHORTEST = 2_000;
const LONGEST = 9_000;

/** Short walks for what stands at the beginning, a long one now and then for what stands deep; ends early when all was seen. */
async function walkFar(world: DomainWorld): Promise<Walked> {
  const { tools } = world.doc;
  const outputs = new Map(tools.map((tool) => [tool.name, { schema: tool.output ?? {}, fits: ajv.compile(tool.output ?? {}) }]));
  const stated = new Set(world.known(0).map((fact) => fact.entity));
  const takers = new Set(inputsOf(tools).flatMap(({ tool, schema }) => (schema.entity !== undefined && !stated.has(schema.entity as string) ? [tool] : [])));
  const wanted = new Set(inputsOf(tools).flatMap(({ schema }) => (typeof schema.entity === 'string' && !stated.has(schema.entity) ? [schema.entity] : [])));
  const seen: Walked = { succeeded: new Set(), refused: new Set(), broken: [], misfits: [], hidden: new Map() };
  const isDone = (): boolean => tools.every((tool) => seen.succeeded.has(tool.name)) && [...takers].every((tool) => seen.refused.has(tool));
  for (let walk = 0, calls = 0; calls < LONGEST && (calls < SHORTEST || !isDone()); walk++) {
    const seed = walk % SEEDS.length;
    const kinds = seen.hidden.get(seed) ?? new Map<string, Set<string>>();
    seen.hidden.set(seed, kinds);
    const length = walk % 6 === 5 ? 300 : 60;
    const opening = (await world.open(seed)).state();
    await randomWalk(world, seed, length, createRng(`${world.doc.id}/far/${walk}`), ({ call, result, instance }) => {
      calls++;
      seen.broken.push(...brokenRules(world, instance.state(), opening).map((rule) => `${rule}: after ${call.tool} ${canonicalJson(call.args)} (seed ${seed}, walk ${walk})`));
      if (!result.ok) {
        if (result.fault !== 'invalid_args') seen.refused.add(call.tool);
        if (!/^.{8,}\.$/s.test(result.message)) seen.misfits.push(`${call.tool} refuses with \`${result.message}\``);
        return;
      }
      seen.succeeded.add(call.tool);
      const output = outputs.get(call.tool);
      if (output?.fits(result.value) !== true) seen.misfits.push(`${call.tool}: ${ajv.errorsText(output?.fits.errors)}`);
      if (!isPlain(result.value)) seen.misfits.push(`${call.tool} gives more than JSON`);
      eachTagged(output?.schema ?? {}, result.value, (entity, value) => {
        if (wanted.has(entity)) kinds.set(entity, (kinds.get(entity) ?? new Set()).add(canonicalJson(value)));
      });
    });
    if (seen.broken.length + seen.misfits.length > 5) break;
  }
  return seen;
}

const ajv = addFormats(new Ajv2020({ strict: false }));

function isPlain(value: unknown): boolean {
  if (Array.isArray(value)) return value.every(isPlain);
  if (isObject(value)) return Object.getPrototypeOf(value) === Object.prototype && Object.values(value).every(isPlain);
  return value === null || typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value));
}

function lazily<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => (made ??= make());
}

// ---- schemas ----

interface Place {
  /** Wildcard pointer. */
  pointer: string;
  schema: JsonSchema;
  required: boolean;
}

interface Input extends Place {
  tool: string;
}

const labelOf = ({ tool, pointer }: Input): string => `${tool}${pointer}`;

/** Every scalar place of a schema. */
function placesOf(schema: JsonSchema | undefined, pointer = '', required = true): Place[] {
  if (schema === undefined) return [];
  if (isObject(schema.items)) return placesOf(schema.items, `${pointer}/*`, required && Number(schema.minItems ?? 0) > 0);
  if (!isObject(schema.properties)) return pointer === '' ? [] : [{ pointer, schema: schemaAt(schema, '') ?? schema, required }];
  const names = Array.isArray(schema.required) ? schema.required : [];
  return Object.entries(schema.properties).flatMap(([name, property]) => placesOf(property as JsonSchema, `${pointer}/${name}`, required && names.includes(name)));
}

const inputsOf = (tools: readonly ToolDoc[]): Input[] => tools.flatMap((tool) => placesOf(tool.input).map((place) => ({ ...place, tool: tool.name })));

/** By tag, or by a name in `params`, which may be `tool.argument` or `argument`. */
function fills(fact: KnownFact, { tool, pointer, schema }: Input): boolean {
  if (fact.entity !== undefined && fact.entity === schema.entity) return true;
  const path = pointer.split('/').filter((token) => token !== '' && token !== '*');
  const names = [path.join('.'), path.at(-1) as string];
  return (fact.params ?? []).some((param) => names.some((one) => param === one || param === `${tool}.${one}`));
}

/** A few values that the schema itself offers, or a default. */
function isClosed(schema: JsonSchema): boolean {
  if (schema.default !== undefined || Array.isArray(schema.enum) || schema.const !== undefined || typeOfSchema(schema) === 'boolean') return true;
  return typeOfSchema(schema) === 'integer' && Number(schema.maximum ?? Infinity) - Number(schema.minimum ?? -Infinity) <= 50;
}

/** Properties without a description; those of list elements too. */
function undescribed(schema: JsonSchema, where: string): string[] {
  const inside = isObject(schema.items) ? undescribed(schema.items, `${where}[]`) : [];
  const properties = isObject(schema.properties) ? Object.entries(schema.properties) : [];
  return [...inside, ...properties.flatMap(([name, property]) => [
    ...(isObject(property) && typeof property.description === 'string' ? [] : [`${where}.${name}`]),
    ...undescribed(property as JsonSchema, `${where}.${name}`),
  ])];
}
