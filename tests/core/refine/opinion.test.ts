import { datasetCard } from '../../../src/core/dataset/card';
import { FORMATS } from '../../../src/core/dataset/formats';
import type { Format } from '../../../src/core/dataset/format';
import { addAgreement, agreementOf, goldReproduced, opinionOnAnswer, opinionOnCalls } from '../../../src/core/refine/opinion';
import type { Json } from '../../../src/core/json';
import type { Call, CallResult } from '../../../src/core/tool';
import { PARCEL_CALLS, PARCEL_TOOLS, parcelRow } from '../dataset/parcel';

const gave = (value: Json): CallResult => ({ ok: true, value });
const refused: CallResult = { ok: false, fault: 'not_found', message: 'no such depot' };
const reproduced = (attempt: [Call, CallResult][], remaining = PARCEL_CALLS): string[] =>
  goldReproduced({ calls: attempt.map(([call]) => call), results: attempt.map(([, result]) => result), remaining, tools: PARCEL_TOOLS }).map((gold) => gold.id);

const home: Call = { tool: 'find_depot', args: { postcode: 'BS1 4DJ' } };
const loose: Call = { tool: 'find_depot', args: { postcode: 'bs14dj' } };
const hours: Call = { tool: 'opening_hours', args: { depot: 'D-7' } };

describe('the gold calls that an attempt reproduced', () => {
  it('are those whose results it gave, however it asked', () => {
    expect(reproduced([[loose, gave({ depot: 'D-7' })]])).toEqual(['c1']);
  });

  it('are told in sampled order, and calls beyond them are passed over', () => {
    expect(reproduced([[hours, gave({ opens: '08:00' })], [{ tool: 'find_depot', args: { postcode: 'EH2 2BY' } }, gave({ depot: 'D-9' })], [home, gave({ depot: 'D-7' })]])).toEqual(['c1', 'c2']);
  });

  it('are none when its calls failed or gave something else', () => {
    expect(reproduced([[home, refused], [hours, gave({ depot: 'D-8' })]])).toEqual([]);
  });

  it('are found by the very call first, then by its tool, since writing calls answer alike', () => {
    const alike = ['a', 'b'].map((note, index) => ({ ...PARCEL_CALLS[3], id: `b${index}`, args: { quote_id: 'Q', note }, result: { ok: true } }) as typeof PARCEL_CALLS[number]);
    expect(reproduced([[{ tool: 'book', args: { quote_id: 'Q', note: 'b' } }, gave({ ok: true })]], alike)).toEqual(['b1']);
    expect(reproduced([[{ tool: 'book', args: { quote_id: 'Q', note: 'c' } }, gave({ ok: true })]], alike)).toEqual(['b0']);
  });

  it('stand for one result each', () => {
    const twice = [PARCEL_CALLS[0], { ...PARCEL_CALLS[0], id: 'again' }] as typeof PARCEL_CALLS;
    expect(reproduced([[home, gave({ depot: 'D-7' })]], twice)).toEqual(['c1']);
  });
});

describe('the opinion', () => {
  it('on calls: same state as after the gold calls it reproduced, same outputs when there are some', () => {
    const [gold] = PARCEL_CALLS;
    expect(opinionOnCalls({ reproduced: gold ? [gold] : [], digest: 'x', gold: 'x' })).toEqual({ sameState: true, sameOutputs: true });
    expect(opinionOnCalls({ reproduced: [], digest: 'x', gold: 'y' })).toEqual({ sameState: false, sameOutputs: false });
  });

  it('on an answer: the state at the end of the turn, and everything asked for stated', () => {
    const asks = [{ call: 'c3', path: '/price', value: 12.5, label: 'price (in euros)' }];
    expect(opinionOnAnswer({ text: 'It costs 12.50 euros.', asks, digest: 'x', endOfTurn: 'x' })).toEqual({ sameState: true, sameOutputs: true });
    expect(opinionOnAnswer({ text: 'Done.', asks, digest: 'x', endOfTurn: 'y' })).toEqual({ sameState: false, sameOutputs: false });
  });
});

describe('rule and opinion', () => {
  const same = { sameState: true, sameOutputs: true };
  const partly = { sameState: true, sameOutputs: false };

  it('are counted as a matrix; half an effect is another effect', () => {
    expect(agreementOf([{ right: true, opinion: same }, { right: true, opinion: partly }, { right: false, opinion: same }, { right: false, opinion: partly }, { right: false, opinion: partly }]))
      .toEqual({ both: 1, rule_only: 1, effect_only: 1, neither: 2 });
  });

  it('leave out what could not be read and records from before opinions', () => {
    expect(agreementOf([{ right: false, opinion: null }, { right: true }])).toEqual({ both: 0, rule_only: 0, effect_only: 0, neither: 0 });
  });

  it('are told by the dataset card, and not when there is nothing to tell', () => {
    const card = (opinions?: ReturnType<typeof agreementOf>): string => datasetCard({ name: 'parcels', rows: [parcelRow()], format: FORMATS[0] as Format, files: [], ...(opinions ? { opinions } : {}) });
    const counts = { both: 7, rule_only: 0, effect_only: 2, neither: 3 };
    expect(card(addAgreement(counts, counts))).toContain('| right by rule | 14 | 0 |\n| wrong by rule | 4 | 6 |');
    expect(card()).not.toContain('by rule');
  });
});
