import Ajv2020 from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { canonicalJson, leavesOf, type Json, type JsonObject } from '../../src/core/json';
import { createRng } from '../../src/core/random';
import type { Call, CallResult, ToolDoc } from '../../src/core/tool';
import { randomWalk } from '../fixtures/random-walk';
import type { World, WorldInstance } from '../../src/worlds/world';

/** What a world may be exempt from; each with the reason for it. */
export interface WorldExemptions {
  /** Why there is one initial state alone; the world itself says so too. */
  reseed?: string;
}

/** The rules every world keeps, whoever wrote its tools. `callsPerWalk` is small where a call is dear. */
export function describeWorld(name: string, open: () => World | Promise<World>, options: { seeds?: number[]; callsPerWalk?: number; exempt?: WorldExemptions } = {}): void {
  const seeds = options.seeds ?? [0, 1, 2];
  const callsPerWalk = options.callsPerWalk ?? 40;

  describe(`world ${name}`, () => {
    let world: World;
    beforeAll(async () => {
      world = await open();
    });
    afterAll(() => world.close());

    const run = async (seed: number, calls: readonly Call[]): Promise<{ results: CallResult[]; digests: string[] }> => {
      const instance = await world.open(seed);
      try {
        const digests = [await instance.digest()];
        const results: CallResult[] = [];
        for (const call of calls) {
          results.push(await instance.call(call));
          digests.push(await instance.digest());
        }
        return { results, digests };
      } finally {
        await instance.close();
      }
    };

    const walk = (seed: number): Promise<Call[]> => randomWalk(world, seed, callsPerWalk, createRng(`walk/${seed}`));

    test('tools have unique names, a description each, and schemas that compile', () => {
      const names = world.doc.tools.map((tool) => tool.name);
      expect(new Set(names).size).toBe(names.length);
      for (const tool of world.doc.tools) {
        expect([tool.name, tool.description.length > 10]).toEqual([tool.name, true]);
        compile(tool.input);
        if (tool.output) compile(tool.output);
      }
    });

    test('docs and facts survive JSON', () => {
      expect(JSON.parse(JSON.stringify(world.doc))).toEqual(world.doc);
      for (const seed of seeds) expect(JSON.parse(JSON.stringify(world.known(seed)))).toEqual(world.known(seed));
    });

    test('facts have unique names and say what they are', () => {
      for (const seed of seeds) {
        const facts = world.known(seed);
        expect(facts.length).toBeGreaterThan(0);
        expect(new Set(facts.map((fact) => fact.name)).size).toBe(facts.length);
        for (const fact of facts) expect([fact.name, fact.about.length > 5, Boolean(fact.entity ?? fact.params)]).toEqual([fact.name, true, true]);
      }
    });

    test('the same seed and calls give the same results and digests', async () => {
      for (const seed of seeds) {
        const calls = await walk(seed);
        expect(await run(seed, calls)).toEqual(await run(seed, calls));
      }
    });

    test('an instance begins at its seed\'s state, whatever another did before it or does beside it', async () => {
      const seed = seeds[0] as number;
      const calls = await walk(seed);
      const [one, beside] = [await world.open(seed), world.maxOpen > 1 ? await world.open(seed) : undefined];
      const start = await one.digest();
      const results: CallResult[] = [];
      for (const call of calls) results.push(await one.call(call));
      // Asked for the first time only now, when the other one has written.
      const inTurn = async (instance: WorldInstance): Promise<void> => {
        expect(await instance.digest()).toBe(start);
        for (const [at, call] of calls.entries()) expect(await instance.call(call)).toEqual(results[at]);
        await instance.close();
      };
      if (beside) await inTurn(beside);
      await one.close();
      await inTurn(await world.open(seed));
    });

    test('results survive JSON and fit the output schema of their tool', async () => {
      let successes = 0;
      for (const seed of seeds) {
        const calls = await walk(seed);
        const { results } = await run(seed, calls);
        successes += results.filter(({ ok }) => ok).length;
        results.forEach((result, at) => {
          expect(JSON.parse(JSON.stringify(result))).toEqual(result);
          const doc = docOf(world, calls[at] as Call);
          if (result.ok && doc?.output) expect(problemsOf(doc.output, result.value)).toEqual([]);
        });
      }
      expect(successes).toBeGreaterThan(0);
    });

    test('a fault leaves the state as it was', async () => {
      for (const seed of seeds) {
        const { results, digests } = await run(seed, await walk(seed));
        results.forEach((result, at) => {
          if (!result.ok) expect([at, digests[at + 1]]).toEqual([at, digests[at]]);
        });
      }
    });

    test('an unknown tool is a result', async () => {
      const { results, digests } = await run(seeds[0] as number, [{ tool: 'no_such_tool_here', args: {} }]);
      expect(results[0]).toMatchObject({ ok: false, fault: 'unknown_tool' });
      expect(digests[1]).toBe(digests[0]);
    });

    test('arguments of the wrong type, missing and unknown ones are results', async () => {
      for (const tool of world.doc.tools) {
        const required = (tool.input.required ?? []) as string[];
        if (required.length === 0) continue;
        const wrong: JsonObject = Object.fromEntries(required.map((param) => [param, [{ not: 'this' }]]));
        const { results, digests } = await run(seeds[0] as number, [{ tool: tool.name, args: wrong }, { tool: tool.name, args: {} }]);
        for (const result of results) expect([tool.name, result]).toEqual([tool.name, { ok: false, fault: 'invalid_args', message: expect.any(String) }]);
        expect(digests[2]).toBe(digests[0]);
      }
    });

    test('a call that does not change the state can be left out without any other result changing', async () => {
      for (const seed of seeds) {
        const calls = await walk(seed);
        const whole = await run(seed, calls);
        const changing = calls.map((_call, at) => at).filter((at) => whole.digests[at] !== whole.digests[at + 1]);
        const writes = await run(seed, changing.map((at) => calls[at] as Call));
        expect(writes.results).toEqual(changing.map((at) => whole.results[at]));
        expect(writes.digests.at(-1)).toBe(whole.digests.at(-1));
      }
    });

    const noReseed = options.exempt?.reseed;
    test(noReseed ? `another seed has no other values: ${noReseed}` : 'another seed has other values', async () => {
      expect(world.doc.reseedable).toBe(noReseed === undefined);
      if (noReseed !== undefined) return;
      const [a, b] = [seeds[0] as number, seeds[1] as number];
      expect(canonicalJson(world.known(a) as unknown as Json)).not.toBe(canonicalJson(world.known(b) as unknown as Json));
      expect((await run(a, [])).digests).not.toEqual((await run(b, [])).digests);
      expect(leavesOf((await run(a, await walk(a))).results as unknown as Json)).not.toEqual(leavesOf((await run(b, await walk(b))).results as unknown as Json));
    });
  });
}

const docOf = (world: World, call: Call): ToolDoc | undefined => world.doc.tools.find((tool) => tool.name === call.tool);

const ajv = addFormats(new Ajv2020({ strict: false }));
const compile = (schema: object): ReturnType<typeof ajv.compile> => ajv.compile(schema);

function problemsOf(schema: object, value: Json): string[] {
  const validate = compile(schema);
  return validate(value) ? [] : (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
}
