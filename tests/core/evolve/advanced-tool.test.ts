import { checkAdvancedTool, toolMakerBlocks, type AdvancedTool } from '../../../src/core/evolve/advanced-tool';
import { parseAdvancedTool } from '../../../src/core/evolve/advanced-tool.schema';
import { splitPick } from '../../../src/core/evolve/needs';
import type { Json } from '../../../src/core/json';
import { advanced, replyOf, scene } from './scene';

const check = (changes: Partial<AdvancedTool>): string[] => checkAdvancedTool({ ...scene, tool: { ...advanced, ...changes } });
const withBinding = (call: string, argument: string, binding: { parameter?: string; constant?: Json }): AdvancedTool['bindings'] =>
  [...advanced.bindings.filter((other) => other.call !== call || other.argument !== argument), { call, argument, ...binding }];

describe('the blocks of the Tool Maker', () => {
  const blocks = toolMakerBlocks(scene);

  it('number the calls of the turn with arguments and results', () => {
    expect(blocks.trace?.split('\n')[0]).toBe('c1 station_code({"city":"Halmstead"}) -> {"code":"HXQ"}');
  });

  it('list what no call produced, a picked element by the attribute that tells it', () => {
    expect(blocks.arguments?.split('\n').map((line) => JSON.parse(line) as Json)).toEqual([
      { call: 'c1', argument: '/city', value: 'Halmstead', meaning: 'the city the user lives in' },
      { call: 'c2', argument: '/city', value: 'Port Ervine', meaning: 'the city the user visits' },
      { call: 'c3', argument: '/date', value: '2031-05-03', meaning: 'the day of the trip' },
      { call: 'c4', argument: '/train_id#/departs', value: '09:40', meaning: 'which one: the one whose departs is this (Departure time)' },
      { call: 'c4', argument: '/seats', value: 2, meaning: 'Number of seats' },
      { call: 'c4', argument: '/insurance', value: true, meaning: 'Add cancellation insurance' },
    ]);
  });

  it('give the asked outputs with their values, and earlier turns marked as such', () => {
    expect(blocks.asked_outputs).toBe('total price (in euros): 47.8');
    expect(toolMakerBlocks({ ...scene, turn: 1 }).trace?.split('\n').map((line) => line.split('(')[0])).toEqual([
      'earlier: c1 station_code', 'earlier: c2 station_code', 'earlier: c3 find_trains', 'earlier: c4 book_train', 'c5 cancel_booking',
    ]);
  });

  it('show a rejected reply with its reasons, and nothing on a first try', () => {
    expect(blocks.rejected).toBeUndefined();
    expect(toolMakerBlocks({ ...scene, rejected: { reply: '{}', reasons: ['no name'] } }).rejected).toBe('{}\n\nRejected because:\n- no name');
  });
});

describe('an advanced tool', () => {
  it('passes when it binds every stated value and says goal and result', () => {
    expect(check({})).toEqual([]);
  });

  it.each<[string, Partial<AdvancedTool>, RegExp]>([
    ['has a name that is an identifier', { name: 'arrange trip' }, /identifier/],
    ['has a name of its own', { name: 'BookTrain' }, /existing tool/],
    ['has a description', { description: ' ' }, /one to three sentences, got 0/],
    ['has a short description', { description: 'A. B. C. D.' }, /got 4/],
    ['describes no steps', { description: 'First finds both stations, then gets seats on a train.' }, /lists steps/],
    ['names no primitive tool', { description: 'Uses find_trains to get seats between two cities.' }, /find_trains/],
    ['names no primitive tool in plain words', { description: 'Lets people book train seats between two cities.' }, /book_train/],
    ['gives no looked-up code away', { description: 'Gets seats from HXQ to another city.' }, /"HXQ"/],
    ['gives no result away in `returns`', { returns: 'The price, 47.80' }, /47.8/],
    ['says what it returns when something is asked for', { returns: '' }, /`returns`/],
    ['binds every stated value', { bindings: advanced.bindings.filter((binding) => binding.constant === undefined) }, /c4 \/insurance \(true\) is not bound/],
    ['binds the attribute of a pick', { bindings: withBinding('c4', '/train_id', { parameter: 'time' }).filter((binding) => !binding.argument.includes('#')) }, /train_id#\/departs .* is not bound/],
    ['binds nothing that a call produces', { bindings: withBinding('c3', '/from', { parameter: 'home_city' }) }, /c3 \/from comes from the result of another call/],
    ['binds nothing twice', { bindings: [...advanced.bindings, { call: 'c4', argument: '/seats', constant: 2 }] }, /bound twice/],
    ['binds constants with gold values', { bindings: withBinding('c4', '/insurance', { constant: false }) }, /expected the constant true, got false/],
    ['binds declared parameters only', { bindings: withBinding('c4', '/insurance', { parameter: 'insured' }) }, /not among the parameters/],
    ['binds known arguments only', { bindings: withBinding('c4', '/colour', { constant: 'red' }) }, /not in the list of arguments/],
    ['binds calls of its turn only', { bindings: withBinding('c5', '/reason', { constant: 'my sister is ill' }) }, /no call c5/],
    ['gives one parameter one value', { bindings: withBinding('c2', '/city', { parameter: 'home_city' }) }, /"Halmstead" and to "Port Ervine"/],
    ['has no parameter without a use', { parameters: [...advanced.parameters, { name: 'colour', type: 'string', description: 'Colour' }] }, /colour is bound to no argument/],
    ['has no parameter twice', { parameters: [...advanced.parameters, advanced.parameters[0] as AdvancedTool['parameters'][number]] }, /declared twice/],
  ])('%s', (_rule, changes, reason) => {
    expect(check(changes).join('\n')).toMatch(reason);
  });

  it('may bind a schema default, and may speak of what the user knows', () => {
    expect(check({ bindings: withBinding('c4', '/travel_class', { constant: 'SECOND' }) })).toEqual([]);
    expect(check({ description: 'Gets seats from Halmstead to Port Ervine for the first class reunion on the wanted day.' })).toEqual([]);
  });
});

describe('a reply of the Tool Maker', () => {
  it('is read from bare JSON and from one fence', () => {
    const fenced = '```json\n' + JSON.stringify(advanced) + '\n```';
    expect(parseAdvancedTool(replyOf(advanced as unknown as Json))).toMatchObject({ ok: true, value: advanced });
    expect(parseAdvancedTool(replyOf(fenced))).toMatchObject({ ok: true, value: advanced });
  });

  it('keeps a constant that is false', () => {
    const bindings = [{ call: 'c1', argument: '/a', constant: false }];
    expect(parseAdvancedTool(replyOf({ ...advanced, bindings } as unknown as Json))).toMatchObject({ ok: true, value: { bindings } });
  });

  it('is malformed without a field, or with a binding to both or neither', () => {
    expect(parseAdvancedTool(replyOf({ name: 'x' }))).toMatchObject({ ok: false, reason: expect.stringMatching(/^description/) as string });
    expect(parseAdvancedTool(replyOf({ ...advanced, bindings: [{ call: 'c1', argument: '/city' }] } as unknown as Json))).toMatchObject({ ok: false, reason: expect.stringMatching(/either/) as string });
  });
});

describe('a picked element', () => {
  it.each([
    ['/trains/1/id', '/trains/1/departs', '/trains', '/departs'],
    ['/1/id', '/1/seller/name', '', '/seller/name'],
    ['/days/0/slots/2/id', '/days/0/slots/2/time', '/days/0/slots', '/time'],
    ['/days/0/slots/2/id', '/days/0/date', '/days', '/date'],
  ])('of %s told by %s lies in the list %p and is told by %s', (path, pick, list, attribute) => {
    expect(splitPick(path, pick)).toEqual({ list, attribute });
  });
});
