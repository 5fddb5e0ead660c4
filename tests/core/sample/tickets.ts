import type { GraphSnapshot, GraphTool, PrereqGroup } from '../../../src/core/graph/graph';
import { canonicalJson, isObject, type Json, type JsonObject } from '../../../src/core/json';
import { hash32 } from '../../../src/core/random';
import { toolKey, type CallResult, type Execute, type KnownFact, type ToolDoc, type WorldDoc } from '../../../src/core/tool';

/**
 * The paper's Figure 7 as a world of ten tools: zip codes have to be looked up, tickets are bought from zip code to zip
 * code, a bag goes into an open locker, and a counter shows what commutes.
 */
interface State {
  seed: number;
  tickets: { [id: string]: { from: string; to: string } };
  lockers: string[];
  bags: number;
  counter: number;
  steps: number;
}

const CITIES = ['Rivermist', 'Stonebrook', 'Ashford', 'Lakewood'];
const zipOf = (seed: number, city: string): string => String(10000 + (hash32(`${seed}/${city}`) % 90000));

type Run = (state: State, args: JsonObject) => { state: State; value: Json } | { fault: Extract<CallResult, { ok: false }>['fault'] };
const read = (value: (state: State, args: JsonObject) => Json): Run => (state, args) => ({ state, value: value(state, args) });

const text = (entity?: string): JsonObject => ({ type: 'string', ...(entity === undefined ? {} : { entity }) });
const input = (properties: { [name: string]: JsonObject }): JsonObject => ({ type: 'object', properties, required: Object.keys(properties), additionalProperties: false });

const TOOLS: { doc: ToolDoc; run: Run }[] = [
  { doc: { name: 'get_zipcode', description: 'Zip code of a city.', input: input({ city: text('city') }), output: { type: 'object', properties: { zipcode: text('zipcode') } } },
    run: (state, { city }) => (CITIES.includes(String(city)) ? { state, value: { zipcode: zipOf(state.seed, String(city)) } } : { fault: 'not_found' }) },
  { doc: { name: 'buy_tickets', description: 'Buys a ticket between two zip codes.', input: input({ zipcodeA: text('zipcode'), zipcodeB: text('zipcode') }), output: { type: 'object', properties: { ticket_id: text('ticket'), price: { type: 'number', description: 'in euros' } } } },
    run: (state, { zipcodeA, zipcodeB }) => {
      const zips = CITIES.map((city) => zipOf(state.seed, city));
      if (![zipcodeA, zipcodeB].every((zip) => zips.includes(String(zip))) || zipcodeA === zipcodeB) return { fault: 'not_found' };
      const id = `ticket-${Object.keys(state.tickets).length + 1}-${state.seed}`;
      return { state: { ...state, tickets: { ...state.tickets, [id]: { from: String(zipcodeA), to: String(zipcodeB) } } }, value: { ticket_id: id, price: 20 + (hash32(`${String(zipcodeA)}${String(zipcodeB)}`) % 80) } };
    } },
  { doc: { name: 'get_gate', description: 'Gate of a ticket.', input: input({ ticket_id: text('ticket') }), output: { type: 'object', properties: { gate: text() } } },
    run: (state, { ticket_id }) => (state.tickets[String(ticket_id)] ? { state, value: { gate: `G${hash32(String(ticket_id)) % 1000}` } } : { fault: 'not_found' }) },
  { doc: { name: 'cancel_ticket', description: 'Cancels a ticket.', input: input({ ticket_id: text('ticket') }), output: { type: 'object', properties: { refund: { type: 'number' } } } },
    run: (state, { ticket_id }) => {
      const { [String(ticket_id)]: ticket, ...tickets } = state.tickets;
      return ticket === undefined ? { fault: 'not_found' } : { state: { ...state, tickets }, value: { refund: 11 } };
    } },
  { doc: { name: 'get_weather', description: 'Weather of a city.', input: input({ city: text('city') }), output: { type: 'object', properties: { temperature: { type: 'number', description: 'degrees' } } } },
    run: read((state, { city }) => ({ temperature: (hash32(`${state.seed}${String(city)}`) % 30) - 2 })) },
  { doc: { name: 'open_locker', description: 'Opens a locker in a city.', input: input({ city: text('city') }) },
    run: (state, { city }) => ({ state: { ...state, lockers: [...new Set([...state.lockers, String(city)])].sort() }, value: {} }) },
  { doc: { name: 'store_bag', description: 'Stores a bag in an open locker.', input: input({}) },
    run: (state) => (state.lockers.length === 0 ? { fault: 'precondition' } : { state: { ...state, bags: state.bags + 1 }, value: { slot: 40 + state.bags } }) },
  { doc: { name: 'double', description: 'Doubles the counter.', input: input({}) }, run: (state) => ({ state: { ...state, counter: state.counter * 2 }, value: {} }) },
  { doc: { name: 'add', description: 'Adds 5 to the counter.', input: input({}) }, run: (state) => ({ state: { ...state, counter: state.counter + 5 }, value: {} }) },
  { doc: { name: 'show', description: 'Shows the counter.', input: input({}) }, run: read((state) => ({ counter: state.counter })) },
  { doc: { name: 'walk', description: 'Counts a step.', input: input({}) }, run: (state) => ({ state: { ...state, steps: state.steps + 1 }, value: {} }) },
  { doc: { name: 'ping', description: 'Does nothing.', input: input({}) }, run: read(() => ({})) },
];

export const ticketsWorld: WorldDoc = { id: 'tickets', version: '1', tools: TOOLS.map(({ doc }) => doc), policy: '', seeds: null, reseedable: true, volatile: [] };

/** Only these tools, so that a walk has nowhere else to go. */
export const worldOf = (...names: string[]): WorldDoc => ({ ...ticketsWorld, tools: ticketsWorld.tools.filter((tool) => names.includes(tool.name)) });

export const ticketsFacts: KnownFact[] = CITIES.map((value, position) => ({ name: `city_${position + 1}`, value, about: 'a city', entity: 'city' }));

export const execute: Execute = async (seed, calls) => {
  let state: State = { seed, tickets: {}, lockers: [], bags: 0, counter: 1, steps: 0 };
  const digests = [canonicalJson(state as unknown as Json)];
  const results = calls.map((call): CallResult => {
    const tool = TOOLS.find(({ doc }) => doc.name === call.tool);
    const done = tool === undefined ? { fault: 'unknown_tool' as const } : tool.run(state, call.args);
    if (!('fault' in done)) state = done.state;
    digests.push(canonicalJson(state as unknown as Json));
    return 'fault' in done ? { ok: false, fault: done.fault, message: done.fault } : { ok: true, value: done.value };
  });
  return { results, digests };
};

const key = (tool: string): string => toolKey('tickets', tool);
const fed = (tool: string, param: string, from: string, outPath: string): PrereqGroup => ({ id: `${key(tool)}|${param}`, kind: 'data', param, members: [{ tool: key(from), outPath }] });

const GROUPS: { [tool: string]: PrereqGroup[] } = {
  buy_tickets: [fed('buy_tickets', '/zipcodeA', 'get_zipcode', '/zipcode'), fed('buy_tickets', '/zipcodeB', 'get_zipcode', '/zipcode')],
  get_gate: [fed('get_gate', '/ticket_id', 'buy_tickets', '/ticket_id')],
  cancel_ticket: [fed('cancel_ticket', '/ticket_id', 'buy_tickets', '/ticket_id')],
  store_bag: [{ id: `${key('store_bag')}|state|${key('open_locker')}`, kind: 'state', members: [{ tool: key('open_locker') }] }],
};
const WRITES = ['buy_tickets', 'cancel_ticket', 'open_locker', 'store_bag', 'double', 'add', 'walk'];

/** The true graph of the world, or of some of its tools. */
export function ticketsGraph(world: WorldDoc = ticketsWorld): GraphSnapshot {
  const tools = world.tools.map(({ name }): GraphTool => ({ key: key(name), effect: WRITES.includes(name) ? 'write' : 'read', calls: 3, ok: 3, groups: GROUPS[name] ?? [], params: [] }));
  return { graph: 'test', version: 4, tools: tools.sort((a, b) => (a.key < b.key ? -1 : 1)), failureTools: [] };
}

export const isPlainJson = (value: unknown): boolean => isObject(value) && canonicalJson(value) === canonicalJson(JSON.parse(JSON.stringify(value)) as Json);
