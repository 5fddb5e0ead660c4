import type { SimulatorLookup } from '../../src/core/campaign/lookup';
import type { ChatMessage } from '../../src/core/chat/chat';
import { parseJudgement } from '../../src/core/evolve/query.schema';
import { checkFeedback } from '../../src/core/refine/verdict';
import { parseVerdict } from '../../src/core/refine/verdict.schema';
import { answerRequest } from '../../src/simulator/answer';
import { askSimulator, FULL, lookupOf } from './item';
import { railJourney, twoTurns } from './traces';

const block = (name: string, value: string): string => `<${name}>\n${value}\n</${name}>`;
const prompt = (blocks: { [name: string]: string }): ChatMessage[] => [{ role: 'system', content: 'Do your part.' }, { role: 'user', content: Object.entries(blocks).map(([name, value]) => block(name, value)).join('\n\n') }];
const lookup = (more: Partial<SimulatorLookup>): SimulatorLookup => lookupOf({ spec: railJourney.spec, faults: 'none' }, more);

const BLOCKS: { [stage in Exclude<SimulatorLookup['stage'], 'target'>]: { [name: string]: string } } = {
  'tool-maker': { trace: 'c1 find_station({"town":"Arden"}) -> {"station":"ST-03"}', arguments: '{"call":"c1","argument":"/town","value":"Arden","meaning":"the town"}', asked_outputs: 'station: "ST-03"' },
  'query-generator': { advanced_tool: '{"name":"x","description":"For a user who wants to find a station."}', values: '{"value":"Arden","parameter":"town","meaning":"the town the user lives in","wording":"exact"}', asked_outputs: 'station' },
  'paraphrase-judge': { query: 'With insurance, please.', claims: '{"id":"c1/insurance","claim":"insurance is true","meaning":"Add insurance"}' },
  reasoner: { query: 'A station in Arden, please.', hint: 'Finds a station.' },
  verifier: { query: 'A station in Arden, please.', attempt: '{"reasoning":"","calls":[{"name":"find_station","arguments":{"town":"Ardem"}}]}', execution_result: 'nothing', ground_truth: '{"remaining":[{"id":"c1","name":"find_station","arguments":{"town":"Arden"},"needs_output_of":[],"after":[]}],"differences":[{"type":"incorrect_parameter","location":"call 1 (find_station), argument /town","detail":"…"}]}' },
  rewriter: { conversation: 'user: A station in Arden, please.', calls: '{"calls":[{"name":"find_station","arguments":{"town":"Arden"}}]}' },
};
const STAGES = Object.entries(BLOCKS).map(([stage, blocks]) => ({ stage: stage as keyof typeof BLOCKS, blocks }));
const spec = (): Promise<typeof railJourney.spec> => Promise.resolve(railJourney.spec);
const answer = (stage: SimulatorLookup['stage'], blocks: { [name: string]: string }, more: Partial<SimulatorLookup> = {}): Promise<unknown> =>
  answerRequest({ model: 'sim', messages: prompt(blocks), tools: [], lookup: lookup({ stage, ...more }) }, spec);

describe('a block that the role needs', () => {
  const missing = STAGES.flatMap(({ stage, blocks }) => Object.keys(blocks).map((name) => [stage, name] as const));
  it.each(missing)('%s without <%s> is a bad request that names the block', async (stage, name) => {
    const { [name]: _gone, ...rest } = BLOCKS[stage];
    await expect(answer(stage, rest)).rejects.toMatchObject({ name: 'SimulatorError', status: 400, message: expect.stringContaining(`<${name}>`) as string });
  });

  it.each(STAGES)('$stage answers when all are there, the same to the same request', async ({ stage, blocks }) => {
    expect(await answer(stage, blocks)).toEqual(await answer(stage, blocks));
  });

  it('may be missing when a switch turned it off', async () => {
    const { hint: _hint, ...unguided } = BLOCKS.reasoner;
    await expect(answer('reasoner', unguided, { ablation: { ...FULL, hint: 'off' } })).resolves.toBeDefined();
    const { advanced_tool: _tool, ...bare } = BLOCKS['query-generator'];
    await expect(answer('query-generator', { ...bare, steps: 'How it is done: 1. (c1) Station of a town.' }, { ablation: { ...FULL, advancedTool: 'off' } })).resolves.toBeDefined();
  });

  it('of an earlier attempt and of its feedback stands in every later one', async () => {
    await expect(answer('reasoner', BLOCKS.reasoner, { attempt: 2 })).rejects.toMatchObject({ status: 400, message: expect.stringContaining('<attempt>') as string });
    const messages: ChatMessage[] = [...prompt(BLOCKS.reasoner), { role: 'user', content: block('attempt', '{"reasoning":"","calls":[]}') }];
    await expect(answerRequest({ model: 'sim', messages, tools: [], lookup: lookup({ attempt: 2 }) }, spec)).rejects.toMatchObject({ status: 400, message: expect.stringContaining('<feedback>') as string });
    await expect(answerRequest({ model: 'sim', messages, tools: [], lookup: lookup({ attempt: 2, ablation: { ...FULL, feedback: 'off' } }) }, spec)).resolves.toBeDefined();
  });

  it.each(['tool-maker', 'query-generator'] as const)('%s needs to be told why its first reply was rejected', async (stage) => {
    await expect(answer(stage, BLOCKS[stage], { attempt: 2 })).rejects.toMatchObject({ status: 400, message: expect.stringContaining('<rejected>') as string });
  });
});

describe('the judge', () => {
  const judge = async (query: string, claim: { [key: string]: unknown }): Promise<boolean | undefined> => {
    const reply = await askSimulator(railJourney.spec, { messages: prompt({ query, claims: JSON.stringify({ id: 'x', ...claim }) }), lookup: lookup({ stage: 'paraphrase-judge' }) });
    const parsed = parseJudgement(reply, [{ id: 'x', kind: 'value', argument: '', value: null, meaning: '' }]);
    return parsed.ok ? parsed.value.verdicts[0]?.conveyed : undefined;
  };

  it.each<[string, { [key: string]: unknown }, boolean]>([
    ['Yes please to insurance.', { claim: 'insurance is true', meaning: 'Add insurance' }, true],
    ['No need of insurance.', { claim: 'insurance is true', meaning: 'Add insurance' }, false],
    ['No need of insurance.', { claim: 'insurance is false', meaning: 'Add insurance' }, true],
    ['Two seats to Belmo.', { claim: 'insurance is false', meaning: 'Add insurance' }, false],
    ['In first class.', { claim: 'travel class is "FIRST"', meaning: 'Class' }, true],
    ['In first class.', { claim: 'travel class is "SECOND"', meaning: 'Class' }, false],
    ['What will the price be?', { claim: 'the user wants to be told: price (in euros)' }, true],
    ['Book it.', { claim: 'the user wants to be told: price (in euros)' }, false],
  ])('%s · %j → %s', async (query, claim, conveyed) => {
    expect(await judge(query, claim)).toBe(conveyed);
  });
});

describe('the verifier', () => {
  it('gives type and place of the first difference and no value', async () => {
    const reply = await askSimulator(railJourney.spec, { messages: prompt(BLOCKS.verifier), lookup: lookup({ stage: 'verifier' }) });
    const parsed = parseVerdict(reply);
    expect(parsed).toMatchObject({ ok: true, value: { errorType: 'incorrect_parameter', errorLocation: 'call 1 (find_station), argument /town' } });
    expect(reply.content).not.toContain('Arden');
  });

  it('leaks now and then at heavy faults, which the check sees, and mostly not once it was told', async () => {
    const gold = twoTurns.spec.calls.slice(3, 4);
    const truth = JSON.stringify({ remaining: [{ id: 'c4', name: 'book_train', arguments: gold[0]?.args, needs_output_of: [], after: [] }], differences: [{ type: 'wrong_tool', location: 'call 1 (cancel_booking)' }] });
    const leaks = async (rejected: boolean): Promise<number> => {
      const counts = await Promise.all(Array.from({ length: 60 }, async (_unused, item) => {
        const messages = prompt({ ...BLOCKS.verifier, ground_truth: truth, ...(rejected ? { rejected: 'It states a value.' } : {}) });
        const parsed = parseVerdict(await askSimulator(twoTurns.spec, { messages, lookup: { ...lookup({ stage: 'verifier', try: rejected ? 2 : 1, item }), faults: 'heavy' } }));
        return parsed.ok && checkFeedback({ verdict: parsed.value, goldRemaining: gold, visible: [], attempt: '{}' }).length > 0 ? 1 : 0;
      }));
      return counts.reduce<number>((sum, count) => sum + count, 0);
    };
    const [first, second] = [await leaks(false), await leaks(true)];
    expect(first).toBeGreaterThan(3);
    expect(second).toBeLessThan(first / 2);
  });
});
