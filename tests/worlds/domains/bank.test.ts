import { createBankWorld } from '../../../src/worlds/builtin/bank';
import { rowWith, talkTo, type Talk } from '../../fixtures/talk';

const world = createBankWorld();

async function signedIn(): Promise<Talk> {
  const chat = await talkTo(world);
  await chat.ask('sign_in', { customer_number: chat.say.customer_number as string, passcode: chat.say.passcode as string });
  return chat;
}

async function prepared() {
  const chat = await signedIn();
  const { say, ask, get } = chat;
  const account_id = await get('find_account', 'account_id', { nickname: say.main_account as string });
  const bank_code = await get('find_bank', 'bank_code', { bank_name: say.landlord_bank as string });
  const payee_id = await get('add_payee', 'payee_id', { bank_code, account_number: say.landlord_account_number as string });
  const order = { account_id, payee_id, amount: say.rent_amount as string, execution_date: say.pay_day as string };
  const early = await chat.attempt('prepare_transfer', order);
  const payee_check_id = await get('run_payee_check', 'payee_check_id', { payee_id });
  await ask('confirm_payee', { payee_check_id });
  return { ...chat, early, account_id, order, transfer: await ask('prepare_transfer', order) };
}

describe('bank', () => {
  test('a new payee is found, added, checked and confirmed, and is then paid; the statement shows it', async () => {
    const { ask, say, account_id, transfer } = await prepared();
    const before = await ask('issue_statement', { account_id });
    const sent = await ask('send_transfer', { transfer_id: transfer.transfer_id as string });
    expect(sent.balance_after).toBeCloseTo((before.closing_balance as number) - (transfer.total as number), 2);
    const after = await ask('issue_statement', { account_id });
    expect(after).toMatchObject({ entry_count: (before.entry_count as number) + 1, closing_balance: sent.balance_after });
    const back = await ask('call_back_transfer', { transfer_id: transfer.transfer_id as string, reason: 'wrong_amount' });
    expect(back.paid_back).toBe(say.rent_amount);
  });

  test('a payee that has not been confirmed gets no money', async () => {
    const { early } = await prepared();
    expect(early).toMatchObject({ fault: 'precondition', message: expect.stringContaining('not verified') });
  });

  test('a transfer is sent once, and the daily limit holds for all transfers of a day', async () => {
    const { ask, attempt, transfer, order } = await prepared();
    await ask('send_transfer', { transfer_id: transfer.transfer_id as string });
    expect(await attempt('send_transfer', { transfer_id: transfer.transfer_id as string })).toMatchObject({ fault: 'conflict' });
    const second = await ask('prepare_transfer', { ...order, amount: 400 });
    expect(await attempt('send_transfer', { transfer_id: second.transfer_id as string })).toMatchObject({ fault: 'precondition', message: expect.stringContaining('daily limit') });
    await ask('change_daily_limit', { account_id: order.account_id, daily_limit: 1500 });
    await ask('send_transfer', { transfer_id: second.transfer_id as string });
  });

  test('savings pots send no transfers, and everything is closed before sign-in', async () => {
    const { attempt, get, say, order } = await prepared();
    const account_id = await get('find_account', 'account_id', { nickname: say.savings_account as string });
    expect(await attempt('prepare_transfer', { ...order, account_id })).toMatchObject({ fault: 'precondition', message: expect.stringContaining('savings') });
    const stranger = await talkTo(world);
    expect(await stranger.attempt('list_cards')).toMatchObject({ fault: 'precondition', message: expect.stringContaining('Sign in') });
  });

  test('a card is frozen before it is replaced', async () => {
    const { ask, attempt } = await signedIn();
    const card_id = rowWith(await ask('list_cards'), 'cards', { frozen: false }).card_id as string;
    expect(await attempt('replace_card', { card_id })).toMatchObject({ fault: 'precondition' });
    await ask('freeze_card', { card_id });
    await ask('replace_card', { card_id, delivery: 'courier' });
    expect(await attempt('replace_card', { card_id })).toMatchObject({ fault: 'conflict' });
  });
});
