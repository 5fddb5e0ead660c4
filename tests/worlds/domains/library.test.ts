import { createLibraryWorld } from '../../../src/worlds/builtin/library';
import { rowsIn, rowWith, talkTo, type Talk } from '../../fixtures/talk';

const world = createLibraryWorld();

async function unlocked(): Promise<Talk> {
  const chat = await talkTo(world);
  await chat.ask('unlock_account', { card_number: chat.say.card_number as string, pin: chat.say.card_pin as string });
  return chat;
}

/** The fees of a reader, the largest first. */
const feesOf = async ({ ask }: Talk): Promise<string[]> =>
  [...rowsIn(await ask('list_fees'), 'fees')].sort((a, b) => (b.amount as number) - (a.amount as number)).map((one) => one.fee_id as string);

async function copyOf({ ask, get, say }: Talk, wanted: { status: string; reference_only: boolean }): Promise<string> {
  const work_id = await get('find_title', 'work_id', { title: say.title_1 as string });
  return rowWith(await ask('list_copies', { work_id }), 'copies', wanted).copy_id as string;
}

describe('a book that a reader wants', () => {
  test('is lent once the late fees are paid, and is renewed twice at most', async () => {
    const chat = await unlocked();
    const { ask, attempt } = chat;
    const copy_id = await copyOf(chat, { status: 'on_shelf', reference_only: false });
    expect(await attempt('borrow_copy', { copy_id })).toMatchObject({ fault: 'precondition', message: expect.stringContaining('late fees') });
    const [large] = await feesOf(chat);
    await ask('pay_fee', { fee_id: large as string, method: 'card' });
    const { loan_id } = await ask('borrow_copy', { copy_id });
    expect(await attempt('borrow_copy', { copy_id })).toMatchObject({ fault: 'conflict' });
    expect(rowsIn(await ask('list_loans'), 'loans').map((one) => one.loan_id)).toContain(loan_id);
  });

  test('is not lent when it may only be read there, and not sent while it is out', async () => {
    const chat = await unlocked();
    const { attempt, get, say, ask } = chat;
    const [large] = await feesOf(chat);
    await ask('contest_fee', { fee_id: large as string, reason: 'illness' });
    expect(await attempt('borrow_copy', { copy_id: await copyOf(chat, { status: 'on_shelf', reference_only: true }) })).toMatchObject({ fault: 'precondition' });
    const branch_code = await get('find_branch', 'branch_code', { branch_name: say.branch_1 as string });
    expect(await attempt('request_transfer', { copy_id: await copyOf(chat, { status: 'on_loan', reference_only: false }), branch_code })).toMatchObject({ fault: 'conflict' });
  });

  test('is waited for by one hold, which is paused once', async () => {
    const { ask, attempt, get, say } = await unlocked();
    const work_id = await get('find_title', 'work_id', { title: say.title_2 as string });
    const shelves = rowsIn(await ask('list_copies', { work_id }), 'copies').filter((one) => one.status === 'on_shelf' && one.reference_only === false).map((one) => one.branch);
    const elsewhere = [say.branch_1, say.branch_2, say.branch_3].find((name) => !shelves.includes(name as string)) as string;
    const branch_code = await get('find_branch', 'branch_code', { branch_name: elsewhere });
    const hold_id = await get('place_hold', 'hold_id', { work_id, branch_code });
    expect(await attempt('place_hold', { work_id, branch_code })).toMatchObject({ fault: 'conflict' });
    await ask('pause_hold', { hold_id, until: say.back_from_trip as string });
    expect(await attempt('pause_hold', { hold_id, until: say.back_from_trip as string })).toMatchObject({ fault: 'conflict' });
  });
});

describe('late fees', () => {
  test('an overdue loan is returned, not renewed, and its fee is halved when it is contested', async () => {
    const { ask, attempt } = await unlocked();
    const [overdue, current] = rowsIn(await ask('list_loans'), 'loans');
    expect(await attempt('renew_loan', { loan_id: overdue?.loan_id as string })).toMatchObject({ fault: 'precondition' });
    expect((await ask('renew_loan', { loan_id: current?.loan_id as string })).renewals_left).toBe(1);
    const { days_late, fee_charged } = await ask('return_loan', { loan_id: overdue?.loan_id as string });
    expect(fee_charged).toBeCloseTo(0.35 * (days_late as number), 2);
    const fee = rowWith(await ask('list_fees'), 'fees', { title: overdue?.title as string, status: 'open' });
    expect((await ask('contest_fee', { fee_id: fee.fee_id as string, reason: 'returned_in_time' })).amount).toBeCloseTo((fee_charged as number) / 2, 1);
    expect(await attempt('contest_fee', { fee_id: fee.fee_id as string, reason: 'illness' })).toMatchObject({ fault: 'conflict' });
  });
});
