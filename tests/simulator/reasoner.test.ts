import type { ChatMessage, ChatReply } from '../../src/core/chat/chat';
import { callId, reasonerMessages, targetMessages, toolsOf, type StepRecord, type TurnRecord } from '../../src/core/refine/conversation';
import { matchResponse, remainingCalls } from '../../src/core/refine/match';
import { parseReasonerReply } from '../../src/core/refine/reply';
import { createRng } from '../../src/core/random';
import type { TraceSpec } from '../../src/core/trace';
import { planStep, SLIPS, weaknessOf, type Slip } from '../../src/simulator/fault-plan';
import { readPosition } from '../../src/simulator/position';
import { dueResponse, type Response } from '../../src/simulator/response';
import { isNamed, slip } from '../../src/simulator/slips';
import type { SimRequest } from '../../src/simulator/request';
import { askSimulator, FULL, lookupOf, templates, type Ablation } from './item';
import { railJourney, twoTurns, type Given } from './traces';

const QUERY = 'From Arden to Belmo on 3 May 2026, two seats with insurance please. What is the total?';
const HINT = 'Gets seats on a train between two towns and tells what they cost.';

const accepted = (given: Given, step: number, ...ids: string[]): StepRecord => ({
  attempts: [],
  accepted: {
    reasoning: '', content: '',
    calls: ids.map((id, index) => {
      const gold = given.spec.calls.find((call) => call.id === id);
      if (!gold) throw new Error(`Expected gold call ${id}`);
      return { id: callId(0, step, index), tool: gold.tool, args: gold.args, result: { ok: true as const, value: gold.result } };
    }),
  },
});

interface Situation {
  given: Given;
  steps?: StepRecord[];
  query?: string;
  hint?: boolean;
  ablation?: Partial<Ablation>;
  item?: number;
  faults?: 'none' | 'default' | 'heavy';
}

function requestFor(situation: Situation): SimRequest {
  const { given, steps = [] } = situation;
  const switches = { ...FULL, ...situation.ablation };
  const turn: TurnRecord = { query: situation.query ?? QUERY, ...(situation.hint === false ? {} : { hint: HINT }), steps };
  const messages = reasonerMessages({ templates: { reasoner: templates.reasoner, refine: templates['reasoner-refine'] }, policy: '', turns: [turn], switches: { hint: switches.hint === 'on', feedback: switches.feedback === 'on' } });
  const open = steps.at(-1);
  const step = steps.filter((one) => one.accepted).length;
  const spec = { ...given.spec, item: situation.item ?? given.spec.item };
  const lookup = lookupOf({ spec, faults: situation.faults ?? 'none', ablation: switches }, { step, attempt: 1 + (open?.accepted ? 0 : (open?.attempts.length ?? 0)) });
  return { model: 'sim', messages, tools: toolsOf(given.spec.tools, given.tools), lookup };
}

const ask = async (situation: Situation): Promise<ChatReply> => askSimulator(situation.given.spec, requestFor(situation));
const callsOf = (reply: ChatReply): [string, unknown][] => reply.toolCalls.map((call) => [call.name, JSON.parse(call.arguments)]);

describe('the position is gold less the calls answered in the conversation', () => {
  it('the look-ups come first, the search after their results, the answer last', async () => {
    expect((await ask({ given: railJourney })).toolCalls[0]?.name).toBe('find_station');
    expect(callsOf(await ask({ given: railJourney, steps: [accepted(railJourney, 0, 'c1', 'c2')] }))).toEqual([['search_trains', { from: 'ST-03', to: 'ST-17', date: '2026-05-03' }]]);
    const last = await ask({ given: railJourney, steps: [accepted(railJourney, 0, 'c1', 'c2'), accepted(railJourney, 1, 'c3'), accepted(railJourney, 2, 'c4')] });
    expect(last.toolCalls).toEqual([]);
    expect(last.content).toMatch(/total.* 25\./);
  });

  it('a looked-up argument is made up when its value does not stand in the prompt', async () => {
    const request = requestFor({ given: railJourney, steps: [accepted(railJourney, 0, 'c1', 'c2')] });
    const blind = request.messages.map((message): ChatMessage => (message.role === 'tool' ? { ...message, content: message.content.replace('ST-03', 'ST-99') } : message));
    const [call] = callsOf(await askSimulator(railJourney.spec, { ...request, messages: blind }));
    expect(call).toEqual(['search_trains', { from: 'FROM-101', to: 'ST-17', date: '2026-05-03' }]);
  });
});

describe('a planned fault', () => {
  const scenes: Situation[] = [
    { given: railJourney }, { given: railJourney, steps: [accepted(railJourney, 0, 'c1', 'c2'), accepted(railJourney, 1, 'c3')] },
    { given: { ...railJourney, spec: { ...railJourney.spec, turns: [{ ...(railJourney.spec.turns[1] as (typeof railJourney.spec.turns)[number]), asks: [] }], order: { data: [], order: [['c5', 'c6']] } } } },
  ];

  it.each(SLIPS)('of kind %s makes a wrong response, and feedback names it only by its own type and place', (kind: Slip) => {
    const made = scenes.flatMap((situation) => {
      const position = readPosition(requestFor(situation), situation.given.spec);
      const { spec } = situation.given;
      const due = dueResponse({ position, spec, style: 'all', rng: createRng('due') });
      const found = slip([kind], { position, spec, due, rng: createRng('slip') });
      return found ? [{ response: found.response, scene: { position, spec } }] : [];
    });
    expect(made.length).toBeGreaterThan(0);
    for (const { response, scene } of made) {
      expect(isNamed(undefined, response, scene)).toBe(false);
      expect(isNamed('Error type: wrong_order\nWhere: call 9 (nothing)', response, scene)).toBe(false);
      expect(isNamed(cureOf(response), response, scene)).toBe(typeof cureOf(response) === 'string');
    }
  });

  it('of several kinds is recognised by the type that a comparison with gold gives it', () => {
    const position = readPosition(requestFor({ given: railJourney }), railJourney.spec);
    const scene = { position, spec: railJourney.spec, due: dueResponse({ position, spec: railJourney.spec, style: 'all', rng: createRng('due') }), rng: createRng('slip') };
    const early = slip(['missing_dependency'], scene)?.response as Response;
    const place = early.kind === 'calls' ? `call 1 (${early.calls[0]?.tool})` : '';
    expect(isNamed(`Error type: missing_dependency\nWhere: ${place}, argument /from\nCause: …`, early, scene)).toBe(true);
    expect(isNamed(`Error type: incorrect_parameter\nWhere: ${place}`, early, scene)).toBe(false);
  });

  // One item per trial: the plan is a function of the key.
  const faulty = Array.from({ length: 200 }, (_unused, item) => item).filter((item) => {
    const plan = planStep(lookupOf({ spec: { ...railJourney.spec, item }, faults: 'default' }, {}), { guided: true, final: false });
    return plan.faults.length === 1 && !plan.stubborn;
  });

  it('comes back until feedback names it', async () => {
    for (const item of faulty.slice(0, 12)) {
      const first = await ask({ given: railJourney, item, faults: 'default' });
      const attempt = { reasoning: '', content: '', calls: [], feedback: 'Error type: wrong_order\nWhere: somewhere else' };
      const again = await ask({ given: railJourney, item, faults: 'default', steps: [{ attempts: [attempt] }] });
      expect(again).toEqual(first);
    }
  });

  it('without a hint every step that would fail with one fails too, and more do', () => {
    const keys = Array.from({ length: 400 }, (_unused, item) => lookupOf({ spec: { ...railJourney.spec, item }, faults: 'default' }, {}));
    const fails = (guided: boolean): number[] => keys.flatMap((key) => (planStep(key, { guided, final: false }).faults.length > 0 ? [key.item] : []));
    const [guided, unguided] = [fails(true), fails(false)];
    expect(guided.filter((item) => !unguided.includes(item))).toEqual([]);
    expect(unguided.length).toBeGreaterThan(guided.length * 1.5);
  });

  it('is never planned at level none', () => {
    const plans = Array.from({ length: 100 }, (_unused, item) => planStep(lookupOf({ spec: { ...railJourney.spec, item }, faults: 'none' }, {}), { guided: false, final: false }));
    expect(plans.filter((plan) => plan.faults.length > 0 || plan.betrays)).toEqual([]);
  });
});

/** Feedback by code that belongs to a response which never reaches the verifier; `undefined` for the others. */
function cureOf(response: Response): string | undefined {
  if (response.kind === 'malformed' || response.kind === 'refusal' || response.kind === 'empty') return 'The response could not be read: refused.';
  return response.kind === 'answer' ? 'Error type: missing_call\nWhere: the response' : undefined;
}

describe('targets', () => {
  const target = async (model: string, messages: ChatMessage[]): Promise<ReturnType<typeof parseReasonerReply>> => {
    const { spec, tools } = twoTurns;
    const single = { ...spec, calls: spec.calls.slice(0, 4), turns: spec.turns.slice(0, 1) };
    return parseReasonerReply(await askSimulator(single, { model, messages, tools: toolsOf(spec.tools, tools), lookup: { ...lookupOf({ spec: single, faults: 'default' }, { stage: 'target', target: 0 }), purpose: 'probe' } }));
  };

  it('sim-a fails about 75 in 100 tools, sim-b 70, sim none; which, depends on model and tool alone', () => {
    const tools = Array.from({ length: 400 }, (_unused, index) => `world::tool_${index}`);
    const share = (model: string): number => tools.filter((tool) => weaknessOf(model, tool) !== 'none').length / tools.length;
    expect(share('sim-a')).toBeCloseTo(0.75, 1);
    expect(share('sim-b')).toBeCloseTo(0.7, 1);
    expect(share('sim')).toBe(0);
  });

  it('take no block but the conversation, and see no hint', async () => {
    const said = await target('sim', [{ role: 'system', content: 'Help.' }, { role: 'user', content: 'From Halmstead to Port Ervine.' }]);
    expect(said.ok && said.value.kind).toBe('calls');
  });

  const bySend = { ...railJourney, spec: { ...railJourney.spec, target: 'toy::send_ticket', turns: [{ ...(railJourney.spec.turns[1] as TraceSpec['turns'][number]), asks: [] }], order: { data: [], order: [['c5', 'c6']] as [string, string][] } } };
  const byBook = { ...twoTurns, spec: { ...twoTurns.spec, calls: twoTurns.spec.calls.slice(0, 4), turns: twoTurns.spec.turns.slice(0, 1) } };

  it.each([['a state', bySend], ['look-ups', byBook]] as const)('a weak one errs first at the probed tool, also when that rests on %s', async (_name, given) => {
    const weak = ['sim-a', 'sim-b', ...Array.from({ length: 20 }, (_unused, index) => `sim-m${index}`)].filter((model) => weaknessOf(model, given.spec.target) !== 'none');
    expect(new Set(weak.map((model) => weaknessOf(model, given.spec.target))).size).toBe(3);
    for (const model of weak) expect([model, await firstWrongTool(given, model)]).toEqual([model, given.spec.target.slice('toy::'.length)]);
  });

  /** The tool of the first wrong response as self-evaluation charges it: the probed one when it was called, else what was due. */
  async function firstWrongTool({ spec, tools }: Given, model: string): Promise<string | undefined> {
    const probed = spec.target.slice('toy::'.length);
    const steps: StepRecord[] = [];
    const answered: string[] = [];
    for (let step = 0; step < 8; step++) {
      const messages = targetMessages({ system: 'Help.', turns: [{ query: QUERY, steps }] });
      const said = parseReasonerReply(await askSimulator(spec, { model, messages, tools: toolsOf(spec.tools, tools), lookup: lookupOf({ spec, faults: 'default' }, { stage: 'target', target: 0, step }) }));
      const calls = said.ok && said.value.kind === 'calls' ? said.value.calls : [];
      const remaining = remainingCalls({ spec, turn: 0, answered });
      const match = matchResponse({ spec, turn: 0, answered, calls, tools, mode: 'partial-order' });
      if (!match.right) return calls.some((call) => call.tool === probed) ? probed : remaining[0]?.tool;
      answered.push(...match.ids);
      steps.push(accepted({ spec, tools, facts: [] }, step, ...match.ids));
    }
    return undefined;
  }

  it('close with an answer once they have erred', async () => {
    const said = await target('sim-a', [
      { role: 'user', content: 'From Halmstead to Port Ervine.' },
      { role: 'assistant', content: null, tool_calls: [{ id: 'x', type: 'function', function: { name: 'book_train', arguments: '{"train_id":"T-1"}' } }] },
      { role: 'tool', tool_call_id: 'x', content: '{"error":"not_found"}' },
    ]);
    expect(said.ok && said.value.kind).toBe('answer');
  });
});
