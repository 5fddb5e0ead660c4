import { z } from 'zod';
import { catalogueChoice, openapiBlock } from './openapi.schema';

/**
 * The campaign file. Every default stands here and nowhere else; `campaign.schema.json` is made from it.
 * Unknown keys are refused everywhere, so that a typing mistake never silently means "default".
 */
const positiveInt = z.int().min(1);
const share = z.number().min(0).max(1);
const onOff = z.enum(['on', 'off']);

const variableName = z.string().regex(/^[A-Za-z_]\w*$/);

export const mcpBlockSchema = z.strictObject({
  name: z.string().regex(/^[a-z][a-z0-9-]*$/).describe('World id in graph, dataset and commands'),
  command: z.string().min(1).optional().describe('Program to start; `npx -y pkg@version` is installed once and its binary started'),
  args: z.array(z.string()).default([]),
  url: z.url({ protocol: /^https?$/ }).optional().describe('Address of a server over streamable HTTP, in place of `command`'),
  headersEnv: z.record(z.string(), variableName).default({}).describe('Headers for `url`, each with the name of the variable of yours that holds its value: `Authorization: MY_TOKEN`'),
  env: z.record(z.string(), z.string()).default({}).describe('The whole environment besides PATH, HOME and TZ; `$NAME` takes the value of a variable of yours'),
  envFrom: z.array(variableName).default([]).describe('Variables of yours that are handed on under their own names; their values are never shown'),
  mcpServer: z.strictObject({ file: z.string().min(1), server: z.string().min(1) }).optional()
    .describe('Entry of an mcpServers file: its env and headers are read when the world is opened and kept out of everything that is stored'),
  installScripts: z.boolean().default(false).describe('Let a package of `npx` run its install scripts, as native parts need'),
  network: z.boolean().default(false).describe('Leave the network to a started server; without it, it is taken away where the platform allows that. What it does there cannot be put back: without `reset` only `readOnly` tools are offered'),
  files: z.array(z.string().min(1)).default([]).describe('Files and folders of yours that a started server may read; besides them it sees the programs of this machine, its own, and what `args` and `env` name, where the platform allows to hide the rest'),
  writable: z.array(z.string().min(1)).default([]).describe('Files and folders of yours that it may change, a cache say. Nothing puts them back: without `reset` only `readOnly` tools are offered'),
  isolation: z.enum(['process', 'session', 'shared']).optional()
    .describe('What an instance has to itself: a process (the default of `command`), a session, or nothing (`shared`, the default of `url`)'),
  readOnly: z.array(z.string()).default([]).describe('Tools that change nothing (`*` = all): the only ones that are called where nothing can be put back'),
  seeds: z.array(z.string().min(1)).min(1).default(['empty']).describe('A set-up folder (copied) or a command (run in an empty folder) each; `empty` = an empty folder'),
  known: z.string().optional().describe('YAML file: per seed the facts a user could state'),
  volatile: z.array(z.string()).default([]).describe('Wildcard pointers of outputs left out of comparisons; `times` blanks every moment in texts'),
  rebind: z.array(z.string()).default([]).describe('Wildcard pointers of outputs that hold random ids (`uuid`: every UUID in texts): each is given a lasting name, and a call with that name gets the id'),
  digest: z.enum(['folder', 'probes']).default('folder').describe('What counts as state: the folder and the probes, or the probes alone where files hold times or random ids'),
  reset: z.array(z.strictObject({ tool: z.string(), args: z.record(z.string(), z.unknown()).default({}) })).optional()
    .describe('Calls that put the process state back, so that one process serves many trajectories after its folder is restored; without it a new process each time'),
  probe: z.array(z.strictObject({ tool: z.string(), args: z.record(z.string(), z.unknown()).default({}) })).default([])
    .describe('Reading calls whose answers count as state: what the process remembers and its folder does not show'),
  tools: z.array(z.string()).optional().describe('Allow-list of tool names'),
  toolsHash: z.string().optional().describe('Hash of the server\'s tool list that you accept; another list is refused with what changed'),
  tape: z.union([z.strictObject({ record: z.string().min(1) }), z.strictObject({ replay: z.string().min(1) })]).optional()
    .describe('File that calls and replies are recorded to, or replayed from without the server'),
  descriptions: z.record(z.string(), z.string().min(1)).default({}).describe('`tool` or `tool.parameter`: text that replaces the server\'s, where that misleads'),
  parameters: z.record(z.string(), z.enum(['hidden', 'required'])).default({})
    .describe('`git_add.path: hidden` leaves an optional parameter out of what models see, `git_add.paths: required` asks for one that the server only half needs'),
  schemas: z.record(z.string(), z.record(z.string(), z.unknown())).default({})
    .describe('`tool.parameter`: JSON Schema in place of the server\'s, where that takes anything: the columns of a table, say'),
  entities: z.record(z.string(), z.string()).default({})
    .describe('Which parameters and outputs name the same kind of thing: `git_checkout.target: branch`, `git_branch/branches/*/name: branch`'),
  extract: z.record(z.string(), z.record(z.string().regex(/^[A-Za-z_]\w*$/), z.string().min(1))).default({})
    .describe('For a tool that answers in text: `list_tasks: { id: "ID: (\\S+)" }` makes the answer {text, id: [every match of the first group]}, so that values can be taken from it'),
  faultWhen: z.array(z.string()).default([]).describe('Regular expressions: an answer that one of them finds is a failure, whatever the server says of it'),
  policy: z.string().default('').describe('Rules a support agent would be given'),
  callTimeoutMs: positiveInt.default(20_000),
  maxOutputBytes: positiveInt.default(262_144),
  maxOpen: positiveInt.default(2).describe('Processes alive at once in one worker'),
}).refine((block) => (block.command === undefined) !== (block.url === undefined), 'a server with `command` or `url`, one of them')
  .refine((block) => block.url === undefined || block.isolation !== 'process', '`session` or `shared` for a server at a `url`, where no process is ours')
  .refine((block) => block.url === undefined || block.isolation === 'session' || block.reset === undefined || block.reset.length > 0, 'calls in `reset`: an empty list puts nothing back at a `url`; without `reset` the tools in `readOnly` are called')
  .refine((block) => block.digest === 'folder' || block.probe.length > 0, '`probe` calls beside `digest: probes`: without them every state looks the same');

const moduleBlock = z.strictObject({
  module: z.string().min(1).describe('JavaScript module whose default export is a world of your own, in this folder or below'),
  name: z.string().min(1).optional().describe('Id of the world in it; the file\'s name without its ending when left out'),
  share: z.number().positive().default(1),
});

const worldBlock = z.union([
  z.strictObject({ builtin: z.string().describe('Name of a built-in world (`npx hardgen world list`), or `all`'), share: z.number().positive().default(1) }),
  z.strictObject({ mcp: mcpBlockSchema, share: z.number().positive().default(1) }),
  z.strictObject({ openapi: openapiBlock, share: z.number().positive().default(1) }),
  moduleBlock,
]);

const endpoint = z.strictObject({
  baseURL: z.url(),
  apiKeyEnv: z.string().optional().describe('Name of the variable that holds the key; no key is sent without it'),
  concurrency: positiveInt.default(8).describe('Most requests open at once, per worker; fewer while the endpoint refuses or only queues more'),
  rpm: positiveInt.optional().describe('Requests per minute that the provider allows, per worker'),
  tpm: positiveInt.optional().describe('Tokens per minute, prompt and reply, per worker; estimated before a request leaves and corrected after'),
  timeoutSeconds: positiveInt.max(3600).default(240).describe('Longest time one reply may take'),
  price: z.strictObject({ input: z.number().min(0).default(0), output: z.number().min(0).default(0) }).prefault({}).describe('USD per million tokens'),
  headers: z.record(z.string(), z.string()).default({}),
  extraBody: z.record(z.string(), z.unknown()).default({}),
});

const modelUse = z.union([
  z.string().describe('`sim`, `sim-a`, `sim-b` … name the built-in simulator'),
  z.strictObject({
    endpoint: z.string(),
    model: z.string().min(1),
    temperature: z.number().min(0).max(2).optional(),
    topP: z.number().min(0).max(1).optional(),
    maxTokens: positiveInt.optional(),
    seed: z.int().optional(),
  }),
]);

const distribution = z.union([z.literal('paper'), z.record(z.string(), z.number().min(0))]);

export const campaignSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,40}$/),
  seed: z.int().min(0).default(1),
  target: z.strictObject({ verified: positiveInt, maxItems: positiveInt }),
  worlds: z.array(worldBlock).min(1),
  models: z.strictObject({
    endpoints: z.record(z.string(), endpoint).default({}),
    roles: z.strictObject({ toolMaker: modelUse, queryGenerator: modelUse, reasoner: modelUse, verifier: modelUse }),
    targets: z.array(modelUse).min(1),
  }),
  simulator: z.strictObject({
    latencyMs: z.int().min(0).default(0),
    faults: z.enum(['none', 'default', 'heavy']).default('default').describe('How often the simulated models err'),
    timeoutSeconds: positiveInt.max(3600).default(120).describe('Longest time one simulated reply may take'),
  }).prefault({}),
  shape: z.strictObject({
    calls: distribution.default('paper').describe('Weights of the bands 1, 2, 3-4, 5-8'),
    turns: distribution.default('paper').describe('Weights of single and multi'),
    distractors: z.int().min(0).max(32).default(4),
    earlierTurnShare: share.default(0.5).describe('Of later turns: share whose gold needs an earlier turn'),
    simulatedShare: share.default(0.2).describe('Most rows, as a share of all, that worlds simulated from an API description may get'),
  }).prefault({}),
  kMax: positiveInt.max(10).default(3),
  retries: z.strictObject({
    toolMaker: positiveInt.default(3),
    queryGenerator: positiveInt.default(3),
    feedback: z.int().min(0).default(2).describe('Regenerations of feedback that leaks'),
    rewrite: positiveInt.default(2),
    redraws: positiveInt.default(12).describe('Draws of a trace that misses its cell'),
  }).prefault({}),
  selfEvaluation: z.strictObject({
    attempts: positiveInt.default(1).describe('Attempts of every target per tool'),
    failWhen: z.union([z.enum(['all', 'any']), share]).default('all').describe('How many targets must fail a tool to put it in T'),
    maxSteps: positiveInt.default(12),
    tools: z.array(z.string()).optional().describe('Probe only these tools (`world::tool`)'),
  }).prefault({}),
  exploration: z.strictObject({
    walks: positiveInt.default(24).describe('Random walks per world'),
    callsPerWalk: positiveInt.default(16),
    confirmations: positiveInt.default(6).describe('Tests per tool and producer set'),
    perRound: z.int().min(0).default(8).describe('New edges tested when a round closes'),
  }).prefault({}),
  matching: z.enum(['partial-order', 'sequence']).default('partial-order'),
  ablation: z.strictObject({
    query: z.enum(['hard', 'easy']).default('hard'),
    advancedTool: onOff.default('on'),
    hint: onOff.default('on'),
    feedback: onOff.default('on'),
  }).prefault({}),
  // Half as many again as the 16 places that a hosted endpoint commonly gives: while some are between two calls, none stands empty (bench:saturation).
  window: positiveInt.default(24).describe('Trajectories open at once; half as many again as the busiest endpoint has places keep it full'),
  round: positiveInt.max(300).default(50).describe('Items per round: the graph grows between rounds'),
  budget: z.strictObject({
    usd: z.number().positive().optional().describe('By the `price` of the endpoints'),
    tokens: positiveInt.optional().describe('In and out together'),
    calls: positiveInt.optional().describe('Requests that leave, also those that fail'),
    deadline: z.iso.datetime({ offset: true }).optional().describe('No request leaves after it, e.g. 2026-01-31T18:00:00Z'),
  }).prefault({}).describe('At a limit the campaign pauses; `hardgen campaign set` raises it'),
  reuse: z.array(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/)).default([])
    .describe('Ids of campaigns of this home: a request that one of them has paid for is not paid again'),
  prompts: z.string().optional().describe('Folder with prompt files that replace ours'),
});

/** The file as a person writes it: MCP worlds may also be the path of a file that holds a block, or many servers, and one block may name several APIs of a catalogue (`hardgen` reads them in). */
export const campaignFileSchema = campaignSchema.extend({
  worlds: z.array(z.union([
    ...worldBlock.options,
    z.strictObject({ mcp: z.string().min(1).describe('Path of a file with the block, from this folder'), share: z.number().positive().default(1) }),
    z.strictObject({
      mcpServers: z.string().min(1).describe('Path of a file with `mcpServers`, as chat programs have it: one world per server'),
      only: z.array(z.string()).optional().describe('Servers of that file; all that are not disabled when left out'),
      with: z.record(z.string(), z.record(z.string(), z.unknown())).optional().describe('Per server what its `mcp:` block has besides: seeds, known, readOnly …'),
      share: z.number().positive().default(1),
    }),
    z.strictObject({ openapi: catalogueChoice, share: z.number().positive().default(1) }),
  ])).min(1),
});

/** The file as parsed, every default filled in. */
export type CampaignFile = z.output<typeof campaignSchema>;
export type McpBlock = z.output<typeof mcpBlockSchema>;
export type ModuleBlock = z.output<typeof moduleBlock>;
export type WorldBlock = z.output<typeof worldBlock>;
export type ModelUse = z.output<typeof modelUse>;
export type EndpointBlock = z.output<typeof endpoint>;
