import type { ChatMessage } from '../../../src/core/chat/chat';
import { readBlock, readBlocks, textOf } from '../../../src/core/prompt/template';
import type { TurnRecord } from '../../../src/core/refine/conversation';
import { callId, reasonerMessages, resultText, targetMessages, toolsOf, trainingMessages, trainingSystem, visibleTexts } from '../../../src/core/refine/conversation';
import { callOf, spec, template, tools } from './journey';

const call = (turn: number, step: number, id: string, value: object): { id: string; tool: string; args: ReturnType<typeof callOf>['args']; result: { ok: true; value: never } } =>
  ({ id: callId(turn, step, 0), ...callOf(id), result: { ok: true, value: value as never } });

const first: TurnRecord = {
  query: 'Which station is Arden?',
  hint: 'Tells the station of a town.',
  steps: [
    { attempts: [{ reasoning: 'old thought', content: '', calls: [callOf('c2')], feedback: 'old feedback' }], accepted: { reasoning: 'A look-up.', content: '', calls: [call(0, 0, 'c1', { station: 'ST-03' })] } },
    { attempts: [], accepted: { reasoning: 'It is there.', answer: 'It is ST-03.' } },
  ],
};
const second: TurnRecord = {
  query: 'And Belmo?',
  hint: 'Tells the station of another town.',
  steps: [
    {
      attempts: [
        { reasoning: 'wrong thought', content: 'beside', calls: [callOf('c3')], feedback: 'Error type: wrong_tool' },
        { reasoning: 'hasty thought', content: '', calls: null, answer: 'No idea.', feedback: 'Error type: missing_call' },
        { reasoning: '', content: '', calls: null, malformed: 'truncated', feedback: 'The response could not be read: truncated.' },
      ],
      accepted: { reasoning: 'Same look-up.', content: '', calls: [call(1, 0, 'c2', { station: 'ST-17' })] },
    },
    { attempts: [{ reasoning: 'late thought', content: '', calls: [callOf('c2')], feedback: 'late feedback' }] },
  ],
};
const turns = [first, second];
const templates = { reasoner: template('reasoner'), refine: template('reasoner-refine') };
const prompt = (switches = { hint: true, feedback: true }, policy = 'Be brief.'): ChatMessage[] => reasonerMessages({ templates, policy, turns, switches });
const system = trainingSystem(template('target'), 'Be brief.');

describe('the Reasoner’s prompt (Eq. 5)', () => {
  test('opens with the policy, and shows query and hint of the current turn', () => {
    const text = textOf(prompt());
    expect(readBlock(text, 'policy')).toBe('Be brief.');
    expect(readBlocks(text, 'query')).toEqual(['And Belmo?']);
    expect(readBlocks(text, 'hint')).toEqual(['Tells the station of another town.']);
  });
  test('keeps every attempt of this turn with its feedback, also after a right step', () => {
    const attempts = readBlocks(textOf(prompt()), 'attempt').map((block) => JSON.parse(block) as object);
    expect(attempts).toEqual([
      { reasoning: 'wrong thought\n\nbeside', calls: [{ name: 'search_trains', arguments: callOf('c3').args }] },
      { reasoning: 'hasty thought', answer: 'No idea.' },
      { reasoning: '', malformed: 'truncated' },
      { reasoning: 'late thought', calls: [{ name: 'find_station', arguments: { town: 'Belmo' } }] },
    ]);
    expect(readBlocks(textOf(prompt()), 'feedback')).toEqual(['Error type: wrong_tool', 'Error type: missing_call', 'The response could not be read: truncated.', 'late feedback']);
  });
  test('only grows from attempt to attempt and from step to step', () => {
    const upTo = (steps: TurnRecord['steps']): ChatMessage[] => reasonerMessages({ templates, policy: '', turns: [first, { ...second, steps }], switches: { hint: true, feedback: true } });
    const [step] = second.steps as [TurnRecord['steps'][0]];
    const stages = [upTo([]), upTo([{ attempts: step.attempts.slice(0, 1) }]), upTo([{ attempts: step.attempts }]), upTo([step]), upTo(second.steps)];
    for (const [index, stage] of stages.slice(1).entries()) {
      expect(stage.slice(0, stages[index]!.length)).toEqual(stages[index]);
      expect(stage.length).toBeGreaterThan(stages[index]!.length);
    }
  });
  test('shows earlier turns as the training view does, without their hints, attempts and feedback', () => {
    const text = textOf(prompt());
    expect(text).not.toMatch(/old thought|old feedback|Tells the station of a town/);
    expect(prompt().slice(1, 5)).toEqual(targetMessages({ system, turns: [first] }).slice(1));
  });
  test('drops the hint when it is switched off, and only the hint', () => {
    const off = textOf(prompt({ hint: false, feedback: true }));
    expect(readBlocks(off, 'hint')).toEqual([]);
    expect(off).not.toMatch(/capability/);
    expect(readBlocks(off, 'feedback')).toHaveLength(4);
  });
  test('drops the feedback when it is switched off, and keeps the attempts as not right', () => {
    const off = textOf(prompt({ hint: true, feedback: false }));
    expect(readBlocks(off, 'feedback')).toEqual([]);
    expect(readBlocks(off, 'attempt')).toHaveLength(4);
    expect(off.match(/was not right/g)).toHaveLength(4);
  });
  test('has a tool reply for each call of an assistant message, and never sends reasoning back', () => {
    const messages = prompt();
    const made = messages.flatMap((message) => (message.role === 'assistant' ? (message.tool_calls ?? []).map((one) => one.id) : []));
    const answered = messages.flatMap((message) => (message.role === 'tool' ? [message.tool_call_id] : []));
    expect(made).toEqual(['call_t0_s0_0', 'call_t1_s0_0']);
    expect(answered).toEqual(made);
    expect(JSON.stringify(messages)).not.toMatch(/reasoning_content/);
  });
  test('says nothing about rules when the world has none', () => {
    expect(textOf(prompt(undefined, ''))).not.toMatch(/Rules of this service/);
  });
});

describe('the training view', () => {
  test('is system prompt, queries, accepted reasoning, calls, results and answers, and nothing else', () => {
    expect(trainingMessages({ system, turns: [first] })).toEqual([
      { role: 'system', content: system },
      { role: 'user', content: 'Which station is Arden?' },
      { role: 'assistant', content: null, reasoning_content: 'A look-up.', tool_calls: [{ id: 'call_t0_s0_0', type: 'function', function: { name: 'find_station', arguments: '{"town":"Arden"}' } }] },
      { role: 'tool', tool_call_id: 'call_t0_s0_0', name: 'find_station', content: '{"station":"ST-03"}' },
      { role: 'assistant', content: 'It is ST-03.', reasoning_content: 'It is there.' },
    ]);
  });
  test('holds no word of hints, attempts and feedback', () => {
    expect(JSON.stringify(trainingMessages({ system, turns }))).not.toMatch(/Tells the station|thought"|feedback|<attempt>|wrong_tool/);
  });
  test('has the system prompt that targets get, and targets get no reasoning', () => {
    const sent = targetMessages({ system, turns });
    expect(sent[0]).toEqual(trainingMessages({ system, turns })[0]);
    expect(JSON.stringify(sent)).not.toMatch(/reasoning_content/);
    expect(readBlock(system, 'policy')).toBe('Be brief.');
  });
});

describe('the tool list', () => {
  test('keeps the order of the spec and loses our entity keyword', () => {
    const list = toolsOf(['search_trains', 'find_station'], tools);
    expect(list.map((tool) => tool.function.name)).toEqual(['search_trains', 'find_station']);
    expect(list[0]!.function.parameters.properties).toMatchObject({ from: { type: 'string' }, sort: { default: 'departure' } });
    expect(JSON.stringify(list)).not.toMatch(/entity/);
  });
  test('keeps a property that is called entity, and what defaults and examples say', () => {
    const doc = { name: 't', description: '', input: { type: 'object', properties: { entity: { type: 'object', entity: 'x', default: { entity: 'y' } } } } };
    expect(toolsOf(['t'], [doc])[0]!.function.parameters).toEqual({ type: 'object', properties: { entity: { type: 'object', default: { entity: 'y' } } } });
  });
  test('is refused when the world lacks a tool', () => {
    expect(() => toolsOf(['teleport'], tools)).toThrow(/teleport/);
  });
});

test('a fault is told as error and message, a text as it is', () => {
  expect(resultText({ ok: false, fault: 'not_found', message: 'none' })).toBe('{"error":"not_found","message":"none"}');
  expect(resultText({ ok: true, value: 'plain' })).toBe('plain');
});

test('the visible texts are the training view without reasoning, with the arguments of its calls and the tools', () => {
  const texts = visibleTexts({ system, tools: toolsOf(spec.tools, tools), turns: [first] });
  expect(texts).toEqual(expect.arrayContaining(['Which station is Arden?', '{"town":"Arden"}', '{"station":"ST-03"}', 'It is ST-03.']));
  expect(texts.join()).toMatch(/find_station/);
  expect(texts.join()).not.toMatch(/A look-up|old thought|Tells the station/);
});
