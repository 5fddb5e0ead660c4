import { z } from 'zod';

const positiveInt = z.int().min(1);
const worldId = z.string().regex(/^[a-z][a-z0-9-]*$/).describe('World id in graph, dataset and commands');
const variable = z.string().regex(/^[A-Za-z_]\w*$/);
const spec = z.string().min(1).describe('OpenAPI 3.0 or 3.1, YAML or JSON: a file, or an address');
const only = z.array(z.string().min(1)).min(1).optional().describe('Allow-list: operation ids or tool names; `*` stands for any text');

/** The secret itself never stands in a file: a variable of the worker's environment holds it. */
const auth = z.union([
  z.strictObject({ bearerEnv: variable.describe('Sent as `Authorization: Bearer …`') }),
  z.strictObject({ basicEnv: variable.describe('`user:password`, sent as `Authorization: Basic …`') }),
  z.strictObject({
    apiKeyEnv: variable,
    header: z.string().min(1).optional().describe('Header that carries the key; without `header` and `query` the place that the spec names'),
    query: z.string().min(1).optional().describe('Query parameter that carries the key'),
  }),
]);

const reset = z.union([
  z.strictObject({ request: z.string().regex(/^(POST|PUT|DELETE|GET) \S+$/).describe('`POST /test/reset?seed={seed}`: a path of the service, or an address') }),
  z.strictObject({ command: z.string().min(1).describe('Run by `sh` in the campaign file\'s folder with the seed in SEED') }),
]);

/** Another's service as it runs. */
const liveApi = z.strictObject({
  name: worldId,
  spec,
  mode: z.literal('live').default('live'),
  baseURL: z.url().optional().describe('Where the service answers; default: the first server of the spec'),
  auth: auth.optional().describe('Added to every request, never shown to a model'),
  only,
  reset: reset.optional().describe('Puts the service into the initial state of a seed; without it only reading operations become tools'),
  seeds: positiveInt.default(1).describe('How many initial states `reset` can make'),
  probe: z.array(z.string().min(1)).optional().describe('Reading tools without required inputs whose answers count as state; default: all of them, of more than ten the first ten'),
  known: z.string().optional().describe('YAML file: per seed the facts a user could state'),
  volatile: z.array(z.string()).default([]).describe('Wildcard pointers of outputs left out of comparisons; `times` blanks every moment in texts'),
  descriptions: z.record(z.string(), z.string().min(1)).default({}).describe('`tool` or `tool.parameter`: text that replaces the spec\'s, where that misleads'),
  parameters: z.record(z.string(), z.enum(['hidden', 'required'])).default({}),
  entities: z.record(z.string(), z.string()).default({}).describe('Which parameters and outputs name the same kind of thing, beside those that paths tell'),
  policy: z.string().default('').describe('Rules a support agent would be given'),
  callTimeoutMs: positiveInt.default(20_000),
  maxOutputBytes: positiveInt.default(262_144),
});

/** A spec played by our interpreter: nothing is requested from anybody. */
const simulatedApi = z.strictObject({ name: worldId, spec, mode: z.literal('simulated'), only });

/** One API of a catalogue file (`hardgen world import openapi --collection`), simulated. */
const catalogueApi = z.strictObject({
  catalogue: z.string().min(1).describe('Catalogue file, from this folder'),
  api: worldId.describe('One API of it; it is the world id too'),
});

export const openapiBlock = z.union([liveApi, simulatedApi, catalogueApi]);

/** As a person writes it: several APIs of a catalogue in one block, which become a world each. */
export const catalogueChoice = z.strictObject({
  catalogue: z.string().min(1).describe('Catalogue file, from this folder'),
  only: z.array(z.string().min(1)).min(1).describe('APIs of it; `*` stands for any text'),
});

export type OpenapiBlock = z.output<typeof openapiBlock>;
export type LiveApiBlock = z.output<typeof liveApi>;
export type SimulatedApiBlock = z.output<typeof simulatedApi>;
export type CatalogueApiBlock = z.output<typeof catalogueApi>;
