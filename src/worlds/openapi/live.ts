import { exec } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Tool } from '@modelcontextprotocol/client';
import { ourEnvironment } from '../../config';
import type { LiveApiBlock } from '../../core/campaign/openapi.schema';
import { isObject, type Json, type JsonObject } from '../../core/json';
import type { Call, CallResult, ToolDoc } from '../../core/tool';
import { digestOf } from '../../digest';
import { readKnown } from '../mcp/known';
import { complaintAbout, misfits } from '../arguments';
import { cleaned, withoutVolatile } from '../mcp/results';
import { toolDocs } from '../mcp/tool-docs';
import { openInTurn } from '../one-at-a-time';
import { WorldUnavailable, type World, type WorldInstance } from '../world';
import { credentialsOf, withoutKeys, withoutSecrets } from './auth';
import { allowed, operationsOf, tagEntities, type Operation } from './operations';
import { send, type Service } from './request';
import { firstServer, readSpec, serverAddress, type Spec } from './spec';

export interface OpenapiContext {
  /** Folder of the campaign file: relative paths in the block start here. */
  baseDir: string;
}

const run = promisify(exec);
const RESET_LIMIT_MS = 60_000;
/** Instances of a service that is only read: they share it, so this bounds the requests at once. */
const READERS = 4;
/** Answers that make up the digest where the block names none; each is a request after every change. */
const MOST_PROBES = 10;

/**
 * A running HTTP service as a world: the operations of its description as tools. With `reset` there is one instance at a
 * time, put into its seed's initial state when it is opened; without, only reading operations are tools, and the state
 * is taken to stand still.
 */
export async function createLiveWorld(block: LiveApiBlock, { baseDir }: OpenapiContext): Promise<World> {
  const spec = await readSpec(block.spec, baseDir);
  const credentials = credentialsOf(block, spec, ourEnvironment());
  const operations = offered(block, spec).map((operation) => withoutKeys(operation, spec, credentials));
  const service: Service = {
    world: block.name, baseURL: baseURLOf(block, spec), credentials,
    timeoutMs: block.callTimeoutMs, maxOutputBytes: block.maxOutputBytes,
  };
  const docs = shownDocs(block, operations);
  const tools = new Map(operations.map((operation, at): [string, LiveTool] => [operation.doc.name, { operation, doc: docs[at] as ToolDoc }]));
  const live: Live = { block, service, tools, probes: probesOf(block, tools), baseDir, broken: new Map() };
  const names = Array.from({ length: block.seeds }, (_, seed) => String(seed));
  const known = block.known === undefined ? names.map(() => []) : await readKnown(resolve(baseDir, block.known), names);
  const info = isObject(spec.root['info']) ? spec.root['info'] : {};
  await assertAnswers(live);
  return {
    doc: {
      id: block.name,
      tier: 'openapi',
      version: `${String(info['version'] ?? '0')}#${digestOf([docs as unknown as Json, service.baseURL, { ...block.reset } as Json, block.seeds, [...block.volatile]]).slice(0, 8)}`,
      tools: docs,
      policy: block.policy,
      seeds: block.seeds,
      reseedable: block.reset !== undefined && block.seeds > 1,
      volatile: [...block.volatile],
    },
    known: (seed) => structuredClone(known[seed] ?? []),
    open: async (seed) => {
      if (block.reset === undefined) return createInstance(live);
      return openInTurn(new URL(service.baseURL).href, async () => {
        await reset(live, seed);
        return createInstance(live);
      });
    },
    maxOpen: block.reset === undefined ? READERS : 1,
    notices: () => [...lacking(live), ...[...live.broken].map(([tool, misfit]) => `World \`${block.name}\`: tool \`${tool}\` does not keep to its own output schema: ${misfit}; what it sent counts.`)],
    close: () => Promise.resolve(),
  };
}

function lacking({ block, tools, probes }: Live): string[] {
  const says = (sentence: string): string => `World \`${block.name}\` ${sentence}`;
  if (block.reset === undefined) return [says('has no `reset`: only operations that read are tools, and what others change in the service meanwhile breaks comparisons.')];
  if (probes.length === 0) return [says(`has no \`probe\`${block.probe === undefined ? ', since every reading tool needs an input' : ''}: what a call changes at the service cannot be seen, so state edges rest on leaving calls out alone.`)];
  const free = freeTools(tools).length;
  return block.probe === undefined && probes.length < free ? [says(`counts the answers of ${probes.length} of its ${free} reading tools without inputs as state; name others with \`probe\`.`)] : [];
}

interface LiveTool {
  operation: Operation;
  /** As shown; its parameters may be fewer than the operation's. */
  doc: ToolDoc;
}

interface Live {
  block: LiveApiBlock;
  service: Service;
  tools: ReadonlyMap<string, LiveTool>;
  probes: readonly LiveTool[];
  baseDir: string;
  /** Tools that answered something else than their schemas promise, and what. */
  broken: Map<string, string>;
}

function offered(block: LiveApiBlock, spec: Spec): Operation[] {
  const all = operationsOf(spec).operations;
  tagEntities(all);
  const chosen = allowed(all, block.only, `openapi block \`${block.name}\``);
  const safe = block.reset === undefined ? chosen.filter((operation) => operation.method === 'GET') : chosen;
  if (safe.length > 0) return safe;
  throw new Error(`Expected an operation that can be a tool in ${block.spec} (openapi block \`${block.name}\`), got none${chosen.length > 0 ? ' that only reads; declare `reset` to use the others' : ''}; \`npx hardgen world import openapi ${block.spec}\` says why`);
}

function baseURLOf(block: LiveApiBlock, spec: Spec): string {
  const server = block.baseURL ?? firstServer(spec);
  const address = serverAddress(server, spec);
  if (address !== undefined) return address;
  throw new Error(`Expected \`baseURL\` in the openapi block \`${block.name}\` to be an http address, got ${block.baseURL === undefined ? `none, and the spec's first server is \`${server}\`` : `\`${server}\``}`);
}

/** Docs with the block's own words, checked by the code that does so for MCP servers. */
function shownDocs(block: LiveApiBlock, operations: readonly Operation[]): ToolDoc[] {
  const published = operations.map(({ doc }) => ({ name: doc.name, description: doc.description, inputSchema: doc.input, ...(doc.output === undefined ? {} : { outputSchema: doc.output }) }) as unknown as Tool);
  try {
    const docs = toolDocs(published, { descriptions: block.descriptions, parameters: block.parameters, entities: block.entities });
    return docs.map((doc) => ({ ...doc, input: { ...doc.input, additionalProperties: false } }));
  } catch (error) {
    throw new Error((error instanceof Error ? error.message : String(error)).replaceAll('mcp.', 'openapi.'), { cause: error });
  }
}

/** Reading tools that can be called without inputs. */
const freeTools = (tools: ReadonlyMap<string, LiveTool>): LiveTool[] => [...tools.values()].filter(({ operation, doc }) => operation.method === 'GET' && !Array.isArray(doc.input['required']));

function probesOf(block: LiveApiBlock, tools: ReadonlyMap<string, LiveTool>): LiveTool[] {
  const free = freeTools(tools);
  if (block.probe === undefined) return free.slice(0, MOST_PROBES);
  return block.probe.map((name) => {
    const tool = free.find(({ doc }) => doc.name === name);
    if (tool) return tool;
    throw new Error(`Expected openapi.probe to name reading tools without required inputs (${free.map(({ doc }) => doc.name).join(', ') || 'there is none'}), got \`${name}\` (openapi block \`${block.name}\`)`);
  });
}

/** An address that leads nowhere or a key that opens nothing is told when the world is opened, not in mid-campaign. */
async function assertAnswers(live: Live): Promise<void> {
  const [probe] = live.probes;
  if (probe) await probed(live, probe);
}

async function reset({ block, service, baseDir }: Live, seed: number): Promise<void> {
  if (block.reset === undefined) return;
  try {
    if ('command' in block.reset) await run(block.reset.command, { cwd: baseDir, env: { ...ourEnvironment(), SEED: String(seed) }, timeout: RESET_LIMIT_MS, killSignal: 'SIGKILL', maxBuffer: 1024 * 1024 });
    else await requestReset(block.reset.request, service, seed);
  } catch (error) {
    const why = withoutSecrets(error instanceof Error ? (error.message.split('\n').slice(0, 2).join(' ') || error.name) : String(error), service.credentials.secrets) as string;
    throw new WorldUnavailable(`Expected the reset of world \`${block.name}\` to seed ${seed} to succeed, got: ${why}`, { cause: error });
  }
}

async function requestReset(request: string, service: Service, seed: number): Promise<void> {
  const [method = 'POST', place = ''] = request.split(' ');
  const url = new URL((/^https?:/.test(place) ? place : service.baseURL + place).replaceAll('{seed}', String(seed)));
  const own = url.origin === new URL(service.baseURL).origin;
  for (const [name, value] of Object.entries(own ? service.credentials.query : {})) url.searchParams.set(name, value);
  const reply = await fetch(url, { method, signal: AbortSignal.timeout(RESET_LIMIT_MS), headers: own ? service.credentials.headers : {} });
  await reply.body?.cancel();
  if (!reply.ok) throw new Error(`${method} ${place} answered ${reply.status}`);
}

/** A call by the published schema, its answer without what a comparison must not see. */
async function callTool({ block, service, broken }: Live, { operation, doc }: LiveTool, args: JsonObject): Promise<CallResult> {
  const complaint = complaintAbout(doc, args);
  if (complaint !== undefined) return { ok: false, fault: 'invalid_args', message: complaint };
  const result = await send(service, operation, args);
  if (!result.ok) return { ...result, message: cleaned(result.message) as string };
  const [misfit] = doc.output === undefined ? [] : misfits(doc.output, result.value);
  if (misfit !== undefined && !broken.has(doc.name)) broken.set(doc.name, misfit);
  return { ok: true, value: block.volatile.reduce<Json>(withoutVolatile, cleaned(result.value)) };
}

async function probed(live: Live, probe: LiveTool): Promise<Json> {
  const result = await callTool(live, probe, {});
  if (!result.ok && result.fault === 'unavailable') throw new WorldUnavailable(`Expected the service of world \`${live.block.name}\` at ${live.service.baseURL} to answer, got: ${result.message}`);
  return result as unknown as Json;
}

function createInstance(live: Live): WorldInstance {
  const { block, tools, probes } = live;
  let digest: Promise<string> | undefined;
  let state: 'open' | 'broken' | 'closed' = 'open';

  const measured = async (): Promise<string> => {
    if (block.reset === undefined) return digestOf(['taken to stand still', block.name]);
    const seen: Json[] = [];
    for (const probe of probes) seen.push(await probed(live, probe));
    return digestOf(seen);
  };
  const currentDigest = (): Promise<string> => (digest ??= measured());

  /** Faults leave the state as it was (core/tool.ts); a service may have done half of it. */
  const changedAnyway = async (before: string): Promise<boolean> => {
    digest = undefined;
    return (await currentDigest()) !== before;
  };

  const call = async ({ tool, args }: Call): Promise<CallResult> => {
    if (state !== 'open') return { ok: false, fault: 'unavailable', message: `The instance of world \`${block.name}\` is ${state}` };
    const chosen = tools.get(tool);
    if (!chosen) return { ok: false, fault: 'unknown_tool', message: `There is no tool \`${tool}\`` };
    const writes = chosen.operation.method !== 'GET';
    const before = writes ? await currentDigest() : '';
    const result = await callTool(live, chosen, args);
    if (!result.ok && result.fault === 'unavailable') state = 'broken';
    else if (!result.ok && writes && (await changedAnyway(before))) {
      state = 'broken';
      return { ok: false, fault: 'unavailable', message: `A failed ${tool} changed the state for good: ${result.message}` };
    } else if (result.ok && writes) digest = undefined;
    return result;
  };

  return {
    call,
    digest: async () => {
      if (state !== 'open') throw new WorldUnavailable(`Expected an open instance of world \`${block.name}\`, it is ${state}`);
      return currentDigest();
    },
    close: async () => {
      state = 'closed';
    },
  };
}
