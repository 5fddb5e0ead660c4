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
  return { ...chat, symbol, quote, quote_id: quote.quote_id as string };
}

describe('brokerage', () => {
  test('a purchase is quoted, ordered, filled at the close and settled two trading days later; then it can be sold', async () => {
    const { ask, attempt, get, symbol, quote_id } = await quoted();
    const heldBefore = rowsIn(await ask('list_positions'), 'positions').find((one) => one.symbol === symbol)?.shares ?? 0;
    const order_id = await get('place_order', 'order_id', { quote_id, side: 'buy', quantity: 3 });
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
    await ask('settle_trade', { trade_id: due.trade_id as string });
    expect((await ask('cash_overview')).settled).toBeCloseTo((before.settled as number) + (due.amount as number), 2);
    const payout_account_id = await get('find_payout_account', 'payout_account_id', { label: say.main_payout as string });
    const { free_cash } = await ask('withdraw_cash', { payout_account_id, amount: say.cash_needed as string });
    expect(free_cash).toBeCloseTo((before.settled as number) + (due.amount as number) - Number(say.cash_needed), 2);
  });

  test('a quote serves one order, on its own day', async () => {
    const { ask, attempt, get, symbol, quote_id } = await quoted('news_company');
    await ask('place_order', { quote_id, side: 'buy', quantity: 1 });
    expect(await attempt('place_order', { quote_id, side: 'buy', quantity: 1 })).toMatchObject({ fault: 'conflict', message: expect.stringContaining('served') });
    const second = await get('request_quote', 'quote_id', { symbol });
    await ask('run_to_close');
    expect(await attempt('place_order', { quote_id: second, side: 'buy', quantity: 1 })).toMatchObject({ fault: 'conflict', message: expect.stringContaining('today is') });
  });

  test('an open order keeps its cash back until it is cancelled, and more than there is cannot be withdrawn', async () => {
    const { ask, attempt, get, say, quote_id } = await quoted();
    const before = (await ask('cash_overview')).free as number;
    const order = await ask('place_order', { quote_id, side: 'buy', quantity: 2 });
    expect(order.free_cash).toBeCloseTo(before - (order.kept_back as number), 2);
    expect((await ask('cancel_order', { order_id: order.order_id as string })).free_cash).toBe(before);
    const payout_account_id = await get('find_payout_account', 'payout_account_id', { label: say.second_payout as string });
    for (let taken = 0; taken + 1000 <= before; taken += 1000) await ask('withdraw_cash', { payout_account_id, amount: 1000 });
    expect(await attempt('withdraw_cash', { payout_account_id, amount: 1000 })).toMatchObject({ fault: 'precondition' });
  });
});
