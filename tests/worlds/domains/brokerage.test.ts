import { createBrokerageWorld } from '../../../src/worlds/builtin/brokerage';
import { rowsIn, rowWith, talkTo, type Talk } from '../../fixtures/talk';

const world = createBrokerageWorld();

async function inSession(): Promise<Talk> {
  const chat = await talkTo(world);
  await chat.ask('open_client_session', { client_number: chat.say.client_number as string, passphrase: chat.say.passphrase as string });
  return chat;
}

async function quoted(company: 'favourite_company' | 'news_company' = 'favourite_company') {
  const chat = await inSession();
  const symbol = await chat.get('find_security', 'symbol', { company_name: chat.say[company] as string });
  const quote = await chat.ask('request_quote', { symbol });
  const disclose = (quantity: number): Promise<string> => chat.get('disclose_costs', 'disclosure_id', { quote_id: quote.quote_id as string, side: 'buy', quantity });
  return { ...chat, symbol, quote_id: quote.quote_id as string, disclose };
}

describe('brokerage', () => {
  test('a purchase is quoted, its costs disclosed, ordered, filled at the close and settled two trading days later; then it can be sold', async () => {
    const { ask, attempt, get, symbol, disclose } = await quoted();
    const heldBefore = rowsIn(await ask('list_positions'), 'positions').find((one) => one.symbol === symbol)?.shares ?? 0;
    const order_id = await get('enter_order', 'order_id', { disclosure_id: await disclose(3) });
    expect(await attempt('order_result', { order_id })).toMatchObject({ fault: 'precondition' });
    await ask('run_to_close');
    const { trade_id } = await ask('order_result', { order_id });
    expect(await attempt('settle_trade', { trade_id: trade_id as string })).toMatchObject({ fault: 'precondition', message: expect.stringContaining('settles on') });
    await ask('run_to_close');
    expect((await ask('settle_trade', { trade_id: trade_id as string })).shares_held).toBe((heldBefore as number) + 3);
    expect(await attempt('settle_trade', { trade_id: trade_id as string })).toMatchObject({ fault: 'conflict' });
  });

  test('the proceeds of a sale can be withdrawn once it has settled', async () => {
    const { ask, get, say } = await inSession();
    const before = await ask('cash_overview');
    const due = rowWith(await ask('list_trades'), 'trades', { side: 'sell' });
    const { order_id } = rowWith(await ask('list_orders'), 'orders', { side: 'sell', status: 'filled' }) as { order_id: string };
    await ask('settle_trade', { trade_id: await get('order_result', 'trade_id', { order_id }) });
    expect((await ask('cash_overview')).settled).toBeCloseTo((before.settled as number) + (due.amount as number), 2);
    const payout_account_id = await get('find_payout_account', 'payout_account_id', { label: say.main_payout as string });
    const { free_cash } = await ask('withdraw_cash', { payout_account_id, amount: say.cash_needed as string });
    expect(free_cash).toBeCloseTo((before.settled as number) + (due.amount as number) - Number(say.cash_needed), 2);
  });

  test('a disclosure serves one order, on the day of its quote', async () => {
    const { ask, attempt, quote_id, disclose } = await quoted('news_company');
    const [disclosure_id, later] = [await disclose(1), await disclose(2)];
    await ask('enter_order', { disclosure_id });
    expect(await attempt('enter_order', { disclosure_id })).toMatchObject({ fault: 'conflict', message: expect.stringContaining('served') });
    await ask('run_to_close');
    expect(await attempt('enter_order', { disclosure_id: later })).toMatchObject({ fault: 'conflict', message: expect.stringContaining('today is') });
    expect(await attempt('disclose_costs', { quote_id, side: 'sell', quantity: 1 })).toMatchObject({ fault: 'conflict' });
  });

  test('an open order keeps its cash back until it is cancelled, and more than there is cannot be withdrawn', async () => {
    const { ask, attempt, get, say, disclose } = await quoted();
    const before = (await ask('cash_overview')).free as number;
    const order = await ask('enter_order', { disclosure_id: await disclose(2) });
    expect(order.free_cash).toBeCloseTo(before - (order.kept_back as number), 2);
    expect((await ask('withdraw_order', { order_id: order.order_id as string })).free_cash).toBe(before);
    const payout_account_id = await get('find_payout_account', 'payout_account_id', { label: say.second_payout as string });
    for (let taken = 0; taken + 1000 <= before; taken += 1000) await ask('withdraw_cash', { payout_account_id, amount: 1000 });
    expect(await attempt('withdraw_cash', { payout_account_id, amount: 1000 })).toMatchObject({ fault: 'precondition' });
  });
});
