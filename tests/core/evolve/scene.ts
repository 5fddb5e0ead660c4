import type { AdvancedTool } from '../../../src/core/evolve/advanced-tool';
import type { Scene } from '../../../src/core/evolve/needs';
import type { ChatReply } from '../../../src/core/chat/chat';
import type { Json } from '../../../src/core/json';
import type { KnownFact, ToolDoc } from '../../../src/core/tool';
import type { TraceSpec } from '../../../src/core/trace';

const text = (description: string, more: { [key: string]: Json } = {}): { [key: string]: Json } => ({ type: 'string', description, ...more });

export const tools: ToolDoc[] = [
  { name: 'station_code', description: 'Finds the code of a city\'s main station.', input: { type: 'object', properties: { city: text('City name', { entity: 'city' }) } } },
  {
    name: 'find_trains', description: 'Lists trains between two stations on a day.',
    input: { type: 'object', properties: { from: text('Station code'), to: text('Station code'), date: text('Day of travel') } },
    output: { type: 'object', properties: { trains: { type: 'array', items: { type: 'object', properties: { id: text('Train id'), departs: text('Departure time'), price: { type: 'number', description: 'in euros' } } } } } },
  },
  {
    name: 'book_train', description: 'Books seats on a train.',
    input: {
      type: 'object',
      properties: {
        train_id: text('Train id'), seats: { type: 'integer', description: 'Number of seats' }, bags: { type: 'integer', description: 'Number of bags', default: 0 },
        insurance: { type: 'boolean', description: 'Add cancellation insurance' }, travel_class: text('Class of travel', { enum: ['FIRST', 'SECOND'], default: 'SECOND' }),
      },
    },
  },
  { name: 'cancel_booking', description: 'Cancels a booking.', input: { type: 'object', properties: { reference: text('Booking reference'), reason: text('Reason in the user\'s words') } } },
];

export const facts: KnownFact[] = [
  { name: 'home', value: 'Halmstead', about: 'the city the user lives in', entity: 'city' },
  { name: 'away', value: 'Port Ervine', about: 'the city the user visits', entity: 'city' },
  { name: 'day', value: '2031-05-03', about: 'the day of the trip', entity: 'date' },
  { name: 'reason', value: 'my sister is ill', about: 'why the user does not travel', params: ['reason'] },
];

const trains = [{ id: 'T-4410', departs: '07:15', price: 18.4 }, { id: 'T-4412', departs: '09:40', price: 23.9 }];

/** Two turns: book a train between two cities, then cancel it. */
export const spec: TraceSpec = {
  item: 0, purpose: 'trajectory', world: 'toy', worldVersion: '1', seed: 3, cell: { world: 'toy', calls: '5-8', turns: 'multi' }, graphVersion: 1, target: 'toy::book_train',
  calls: [
    { id: 'c1', tool: 'station_code', args: { city: 'Halmstead' }, sources: [{ kind: 'fact', pointer: '/city', fact: 'home' }], result: { code: 'HXQ' }, digest: 'd', neededFor: ['later-call'] },
    { id: 'c2', tool: 'station_code', args: { city: 'Port Ervine' }, sources: [{ kind: 'fact', pointer: '/city', fact: 'away' }], result: { code: 'PEV' }, digest: 'd', neededFor: ['later-call'] },
    {
      id: 'c3', tool: 'find_trains', args: { from: 'HXQ', to: 'PEV', date: '2031-05-03' },
      sources: [{ kind: 'output', pointer: '/from', call: 'c1', path: '/code' }, { kind: 'output', pointer: '/to', call: 'c2', path: '/code' }, { kind: 'fact', pointer: '/date', fact: 'day' }],
      result: { trains }, digest: 'd', neededFor: ['later-call'],
    },
    {
      id: 'c4', tool: 'book_train', args: { train_id: 'T-4412', seats: 2, insurance: true, travel_class: 'SECOND' },
      sources: [
        { kind: 'output', pointer: '/train_id', call: 'c3', path: '/trains/1/id', pick: { path: '/trains/1/departs', value: '09:40' } },
        { kind: 'sample', pointer: '/seats' }, { kind: 'sample', pointer: '/insurance' }, { kind: 'default', pointer: '/travel_class' },
      ],
      result: { reference: 'QX81LM', total: 47.8, platform: 'North 4' }, digest: 'e', neededFor: ['end-state', 'asked-output'],
    },
    {
      id: 'c5', tool: 'cancel_booking', args: { reference: 'QX81LM', reason: 'my sister is ill' },
      sources: [{ kind: 'output', pointer: '/reference', call: 'c4', path: '/reference' }, { kind: 'fact', pointer: '/reason', fact: 'reason' }],
      result: { refund: 40.3 }, digest: 'f', neededFor: ['end-state', 'asked-output'],
    },
  ],
  turns: [
    { calls: ['c1', 'c2', 'c3', 'c4'], asks: [{ call: 'c4', path: '/total', value: 47.8, label: 'total price (in euros)' }], bridging: 3, easy: false, needsEarlierTurn: false },
    { calls: ['c5'], asks: [{ call: 'c5', path: '/refund', value: 40.3, label: 'refund' }], bridging: 0, easy: true, needsEarlierTurn: true },
  ],
  order: { data: [['c1', 'c3'], ['c2', 'c3'], ['c3', 'c4'], ['c4', 'c5']], order: [] },
  endDigest: 'f', tools: tools.map((tool) => tool.name), retargets: 0, redraws: 0,
};

export const scene: Scene = { spec, turn: 0, tools, facts };

export const advanced: AdvancedTool = {
  name: 'arrange_trip',
  description: 'Gets seats on a train between two cities, known by name, on the wanted day, and tells what they cost together.',
  parameters: [
    { name: 'home_city', type: 'string', description: 'City of departure' }, { name: 'other_city', type: 'string', description: 'City of arrival' },
    { name: 'day', type: 'string', description: 'Day of the trip' }, { name: 'time', type: 'string', description: 'When the train leaves' }, { name: 'seats', type: 'integer', description: 'How many travel' },
  ],
  returns: 'The price of all seats',
  bindings: [
    { call: 'c1', argument: '/city', parameter: 'home_city' }, { call: 'c2', argument: '/city', parameter: 'other_city' }, { call: 'c3', argument: '/date', parameter: 'day' },
    { call: 'c4', argument: '/train_id#/departs', parameter: 'time' }, { call: 'c4', argument: '/seats', parameter: 'seats' }, { call: 'c4', argument: '/insurance', constant: true },
  ],
};

export const replyOf = (value: Json): ChatReply => ({ content: typeof value === 'string' ? value : JSON.stringify(value), reasoning: '', toolCalls: [], finishReason: 'stop' });
