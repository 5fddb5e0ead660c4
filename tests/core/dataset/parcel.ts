import type { ChatTool } from '../../../src/core/chat/chat';
import { buildRow, type NamedRow } from '../../../src/core/dataset/row';
import { toolsOf, trainingMessages, type ExecutedCall, type TurnRecord } from '../../../src/core/refine/conversation';
import type { Json } from '../../../src/core/json';
import type { ToolDoc } from '../../../src/core/tool';
import type { GoldCall, TraceSpec } from '../../../src/core/trace';
import { digestOf } from '../../../src/digest';

/** Two depots are looked up, a parcel between them is quoted, and in a second turn the quote is booked. */
export const PARCEL_TOOLS: ToolDoc[] = [
  { name: 'find_depot', description: 'Find the depot of a postcode.', input: { type: 'object', properties: { postcode: { type: 'string', entity: 'postcode' } }, required: ['postcode'] } },
  {
    name: 'quote', description: 'Price a parcel between two depots.',
    input: { type: 'object', properties: { from: { type: 'string' }, to: { type: 'string' }, weight_kg: { type: 'number' }, size: { anyOf: [{ type: 'integer' }, { type: 'string' }] }, fragile: { type: 'boolean', default: false } }, required: ['from', 'to', 'weight_kg', 'fragile'] },
  },
  { name: 'book', description: 'Book a quoted parcel.', input: { type: 'object', properties: { quote_id: { type: 'string' }, note: { type: 'string' } }, required: ['quote_id'] } },
  { name: 'opening_hours', description: 'Opening hours of a depot.', input: { type: 'object', properties: { depot: { type: 'string' } }, required: ['depot'] } },
];

const gold = (call: Pick<GoldCall, 'id' | 'tool' | 'args' | 'result' | 'sources' | 'neededFor'>): GoldCall => ({ ...call, digest: `after-${call.id}` });

export const PARCEL_CALLS: GoldCall[] = [
  gold({ id: 'c1', tool: 'find_depot', args: { postcode: 'BS1 4DJ' }, result: { depot: 'D-7' }, sources: [{ kind: 'fact', pointer: '/postcode', fact: 'home_postcode' }], neededFor: ['later-call'] }),
  gold({ id: 'c2', tool: 'find_depot', args: { postcode: 'EH2 2BY' }, result: { depot: 'D-9' }, sources: [{ kind: 'fact', pointer: '/postcode', fact: 'friend_postcode' }], neededFor: ['later-call'] }),
  gold({
    id: 'c3', tool: 'quote', args: { from: 'D-7', to: 'D-9', weight_kg: 2.5 }, result: { quote_id: 'Q "31"', price: 12.5 }, neededFor: ['later-call', 'asked-output'],
    sources: [{ kind: 'output', pointer: '/from', call: 'c1', path: '/depot' }, { kind: 'output', pointer: '/to', call: 'c2', path: '/depot' }, { kind: 'sample', pointer: '/weight_kg' }],
  }),
  gold({ id: 'c4', tool: 'book', args: { quote_id: 'Q "31"', note: 'ring\ntwice' }, result: { tracking: 'TR-88' }, sources: [{ kind: 'output', pointer: '/quote_id', call: 'c3', path: '/quote_id' }, { kind: 'sample', pointer: '/note' }], neededFor: ['end-state', 'asked-output'] }),
];

export const PARCEL_SPEC: TraceSpec = {
  item: 3, purpose: 'trajectory', world: 'parcels', worldVersion: '1', seed: 5, cell: { world: 'parcels', calls: '3-4', turns: 'multi' }, graphVersion: 0, target: 'parcels::book',
  calls: PARCEL_CALLS,
  turns: [
    { calls: ['c1', 'c2', 'c3'], asks: [{ call: 'c3', path: '/price', value: 12.5, label: 'price (in euros)' }], bridging: 2, easy: false, needsEarlierTurn: false },
    { calls: ['c4'], asks: [{ call: 'c4', path: '/tracking', value: 'TR-88', label: 'tracking number' }], bridging: 0, easy: true, needsEarlierTurn: true },
  ],
  order: { data: [['c1', 'c3'], ['c2', 'c3'], ['c3', 'c4']], order: [['c1', 'c2']] },
  endDigest: 'after-c4', tools: ['quote', 'opening_hours', 'book', 'find_depot'], retargets: 0, redraws: 1,
};

const executed = (id: string, at: string): ExecutedCall => {
  const call = PARCEL_CALLS.find((candidate) => candidate.id === id) as GoldCall;
  return { id: `call_${at}`, tool: call.tool, args: call.args, result: { ok: true, value: call.result } };
};

export const PARCEL_TURNS: TurnRecord[] = [
  {
    query: 'What does it cost to send 2.5 kg from BS1 4DJ to EH2 2BY?',
    hint: 'Prices a parcel between two places.',
    steps: [
      { attempts: [], accepted: { reasoning: 'Both depots first.', content: 'I look up both depots.', calls: [executed('c1', 't0_s0_0'), executed('c2', 't0_s0_1')] } },
      { attempts: [{ reasoning: '', content: '', calls: null, answer: 'No idea.', feedback: 'Look again.' }], accepted: { reasoning: 'Now the price.', content: '', calls: [executed('c3', 't0_s1_0')] } },
      { attempts: [], accepted: { reasoning: '', answer: 'It costs 12.50 euros.' } },
    ],
  },
  {
    query: 'Book it, please, with the note "ring\ntwice".',
    steps: [
      { attempts: [], accepted: { reasoning: 'The quote is known.', content: '', calls: [executed('c4', 't1_s0_0')] } },
      { attempts: [], accepted: { reasoning: 'All done.', answer: 'Booked; the tracking number is TR-88.' } },
    ],
  },
];

export const PARCEL_CHAT_TOOLS: ChatTool[] = toolsOf(PARCEL_SPEC.tools, PARCEL_TOOLS);

export const named = (row: ReturnType<typeof buildRow>): NamedRow => ({ ...row, id: digestOf(row as unknown as Json) });

/** The finished row, made as the finishing activity makes it. */
export const parcelRow = (): NamedRow => structuredClone(named(buildRow({ spec: PARCEL_SPEC, tier: 'builtin', tools: PARCEL_CHAT_TOOLS, messages: trainingMessages({ system: 'You route parcels.', turns: PARCEL_TURNS }), simulated: false, alternatives: false })));
