import { requiredSets } from '../../../src/core/explore/necessity';

const success = (tools: string[], direct = tools) => ({ tools: new Set(tools), direct: new Set(direct) });

test('tools of every minimal success are prerequisites of their own', () => {
  expect(requiredSets([success(['sign_in', 'book']), success(['sign_in', 'book'])])).toEqual([['book'], ['sign_in']]);
});
test('tools that stand in for each other are one prerequisite', () => {
  expect(requiredSets([success(['sign_in', 'pay']), success(['guest', 'pay'])])).toEqual([['pay'], ['guest', 'sign_in']]);
});
test('a success without any of them shows that none is needed', () => {
  expect(requiredSets([success(['sign_in']), success([])])).toEqual([]);
});
test('tools needed only by other prerequisites do not count', () => {
  expect(requiredSets([success(['sign_in', 'book', 'pay'], ['pay'])])).toEqual([['pay']]);
});
