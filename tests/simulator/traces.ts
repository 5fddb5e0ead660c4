import type { KnownFact, ToolDoc } from '../../src/core/tool';
import type { GoldCall, TraceSpec } from '../../src/core/trace';
import * as scene from '../core/evolve/scene';
import * as journey from '../core/refine/journey';

export interface Given {
  spec: TraceSpec;
  tools: ToolDoc[];
  facts: KnownFact[];
}

const SAMPLED: { [id: string]: GoldCall['sources'] } = {
  c1: [{ kind: 'fact', pointer: '/town', fact: 'home' }],
  c2: [{ kind: 'fact', pointer: '/town', fact: 'away' }],
  c3: [{ kind: 'fact', pointer: '/date', fact: 'day' }],
  c4: [{ kind: 'sample', pointer: '/seats' }, { kind: 'sample', pointer: '/insurance' }],
  c5: [{ kind: 'fact', pointer: '/email', fact: 'email' }],
};

/** The rail journey of tests/core/refine as a whole trace: two look-ups, a search, a booking; then contact before ticket. */
export const railJourney: Given = {
  tools: journey.tools,
  facts: [
    { name: 'home', value: 'Arden', about: 'the town the user lives in', entity: 'town' }, { name: 'away', value: 'Belmo', about: 'the town the user visits', entity: 'town' },
    { name: 'day', value: '2026-05-03', about: 'the day of the trip', entity: 'date' }, { name: 'email', value: 'ann@example.org', about: "the user's address for tickets", entity: 'email' },
  ],
  spec: {
    ...scene.spec, target: 'toy::send_ticket', tools: journey.spec.tools, order: journey.order,
    calls: journey.calls.map((call) => ({ ...call, sources: [...call.sources, ...(SAMPLED[call.id] ?? [])] })),
    turns: journey.spec.turns.map((turn, index) => ({ ...turn, asks: index === 0 ? [{ call: 'c4', path: '/total', value: 25, label: 'total (in euros)' }] : [] })),
  },
};

export const twoTurns: Given = { spec: scene.spec, tools: scene.tools, facts: scene.facts };
export const oneTurn: Given = { ...twoTurns, spec: { ...scene.spec, turns: scene.spec.turns.slice(0, 1), calls: scene.spec.calls.slice(0, 4) } };
const oneCall: Given = { ...twoTurns, spec: { ...scene.spec, calls: scene.spec.calls.slice(0, 1), order: { data: [], order: [] }, turns: [{ calls: ['c1'], asks: [{ call: 'c1', path: '/code', value: 'HXQ', label: 'code' }], bridging: 0, easy: true, needsEarlierTurn: false }] } };

/** Traces of one to six calls in one or two turns, in about the paper's mix; the item's number alone tells two of a shape apart. */
export function mixedTraces(count: number): Given[] {
  const shapes = [oneCall, oneTurn, twoTurns, oneCall, railJourney];
  return Array.from({ length: count }, (_unused, item) => {
    const given = shapes[item % shapes.length] as Given;
    return { ...given, spec: { ...given.spec, item } };
  });
}
