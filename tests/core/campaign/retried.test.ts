import { linesBefore } from '../../../src/core/campaign/retried';

const keys = ['spec', 'sent/tool-maker/0/0/1/1/a', 'call/tool-maker/0/0/1/1/h', 'turn/0/tool/1', 'sent/reasoner/0/0/1/1/b', 'call/reasoner/0/0/1/1/h', 'sent/reasoner/0/10/1/1/c', 'call/reasoner/0/10/1/1/h', 'sent/reasoner/0/1/1/1/d', 'outcome'];
const before = (from: string): number | undefined => linesBefore(keys.map((key) => ({ key })), from)?.length;

describe('the lines before a stage', () => {
  it('end where its first request left', () => {
    expect(before('tool-maker')).toBe(1);
    expect(before('reasoner')).toBe(4);
  });

  it('are found by turn and step as well, and step 1 is not step 10', () => {
    expect(before('reasoner/0/1')).toBe(8);
    expect(before('reasoner/0/10')).toBe(6);
  });

  it('are all but the outcome for `finish`, and none are told for a stage that was never reached', () => {
    expect(before('finish')).toBe(9);
    expect(before('verifier')).toBeUndefined();
  });
});
