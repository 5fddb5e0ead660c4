import { canonicalJson, type Json } from '../../../core/json';
import { digestOf, sha256 } from '../../../digest';
import type { World, WorldInstance } from '../../world';
import type { Resource, SimulatedApi } from './api';
import { interpreterOf } from './interpreter';
import { knownFacts, populate, type SimulatedState } from './population';

// In-memory instances cost nothing; the bound only keeps the search for a standing prefix short.
const OPEN_AT_ONCE = 32;
// As many as exploration takes turns with.
const SEEDS_KEPT = 8;
/** Changes when the same description begins to behave in another way. */
const INTERPRETER = 2;

/** An API's resources as a world that our interpreter plays: pure and replayable like a built-in one, labelled `simulated-from-spec`. */
export function createSimulatedWorld(api: SimulatedApi): World {
  const play = interpreterOf(api);
  const seeds = new Map<number, SimulatedState>();
  const initial = (seed: number): SimulatedState => {
    const state = seeds.get(seed) ?? populate(api, seed);
    seeds.delete(seed);
    seeds.set(seed, state);
    if (seeds.size > SEEDS_KEPT) seeds.delete(seeds.keys().next().value as number);
    return state;
  };
  return {
    doc: {
      id: api.name,
      tier: 'simulated-from-spec',
      version: `${api.version}#${digestOf([api as unknown as Json, INTERPRETER]).slice(0, 8)}`,
      tools: api.tools.map((tool) => tool.doc),
      policy: policyOf(api),
      seeds: null,
      reseedable: true,
      volatile: [],
    },
    known: (seed) => knownFacts(api, initial(seed)),
    open: async (seed) => createInstance(play, initial(seed)),
    maxOpen: OPEN_AT_ONCE,
    close: () => Promise.resolve(),
  };
}

function createInstance(play: ReturnType<typeof interpreterOf>, initial: SimulatedState): WorldInstance {
  let state = initial;
  return {
    call: async (call) => {
      const played = play(state, call);
      state = played.state;
      return played.result;
    },
    digest: async () => digestOfState(state),
    close: () => Promise.resolve(),
  };
}

// Tables that a call did not write keep their identity, so most of a digest is computed once.
const digests = new WeakMap<object, string>();

function digestOfState({ salt, scopes, tables }: SimulatedState): string {
  const parts = Object.entries(tables).map(([name, table]) => {
    const known = digests.get(table) ?? digestOf(table as unknown as Json);
    digests.set(table, known);
    return `${name}:${known}`;
  });
  return sha256([salt, canonicalJson(scopes as Json), ...parts.sort()].join('\n'));
}

/** The rules that the interpreter keeps, as a support agent would be told them. */
function policyOf(api: SimulatedApi): string {
  return [`You work with ${api.title}.`, ...api.resources.flatMap((resource) => rulesOf(api, resource))].join('\n');
}

const wordy = (name: string): string => name.replace(/_/g, ' ');

function rulesOf(api: SimulatedApi, resource: Resource): string[] {
  const can = (action: string): boolean => api.tools.some((tool) => tool.resource === resource.name && tool.action === action);
  const keepers = api.resources.filter((other) => other.parent === resource.name || Object.values(other.references).includes(resource.name));
  const order = Object.entries(resource.status?.ranks ?? {}).sort((a, b) => a[1] - b[1]).map(([value]) => value);
  const back = api.tools.filter((tool) => tool.resource === resource.name && tool.back).map(({ doc }) => `\`${doc.name}\``);
  return [
    ...(can('delete') && keepers.length > 0 ? [`- A ${wordy(resource.name)} that still has a ${keepers.map((other) => wordy(other.name)).join(' or a ')} cannot be deleted.`] : []),
    ...(resource.unique !== undefined && can('create') ? [`- The ${wordy(resource.unique)} of a ${wordy(resource.name)} is taken once.`] : []),
    ...(order.length > 0 ? [`- The ${wordy(resource.status?.property ?? 'status')} of a ${wordy(resource.name)} moves on ${back.length === 0 ? 'and never back' : `and only by ${back.join(' or ')} back`}: ${order.join(', ')}.`] : []),
  ];
}
