import { createLendingWorld } from '../../../src/worlds/builtin/lending';
import { rowsIn, rowWith, talkTo } from '../../fixtures/talk';

async function atDesk() {
  const talk = await talkTo(createLendingWorld());
  const { say, ask, get } = talk;
  await ask('open_desk', { officer_number: say.officer_number as string, desk_pin: say.desk_pin as string });
  const customer = (fact: string): Promise<string> => get('find_customer', 'customer_id', { customer_name: say[fact] as string });
  const loan = async (fact: string, status: string): Promise<string> => rowWith(await ask('list_agreements', { customer_id: await customer(fact) }), 'agreements', { status }).agreement_id as string;
  return { ...talk, customer, loan };
}

async function applied() {
  const talk = await atDesk();
  const { say, get, customer } = talk;
  const customer_id = await customer('new_customer');
  const product_id = await get('find_product', 'product_id', { product_name: say.first_product as string });
  const order = { customer_id, product_id, amount: say.amount_needed as string, months: '24' };
  return { ...talk, customer_id, order, application_id: await get('open_application', 'application_id', order) };
}

test('an application with a guarantor becomes an offer, an agreement, a running loan, and is settled early', async () => {
  const { ask, get, attempt, say, customer, customer_id, application_id } = await applied();
  const pledge = { borrower_id: customer_id, guarantor_id: await customer('relative') };
  await ask('pledge_guarantee', pledge);
  expect(await attempt('pledge_guarantee', pledge)).toMatchObject({ fault: 'conflict' });
  const credit_file_id = await get('pull_credit_file', 'credit_file_id', { customer_id });
  const offer = await ask('make_offer', { application_id, credit_file_id });
  expect(offer.total_to_repay).toBeGreaterThan(say.amount_needed as unknown as number);
  const agreement_id = await get('sign_agreement', 'agreement_id', { offer_id: offer.offer_id as string });
  expect(await attempt('repayment_plan', { agreement_id })).toMatchObject({ fault: 'precondition' });
  expect(await ask('draw_down', { agreement_id, payout_date: say.payout_day as string })).toMatchObject({ paid_out: say.amount_needed });
  expect(await attempt('draw_down', { agreement_id, payout_date: say.payout_day as string })).toMatchObject({ fault: 'conflict' });
  const [first, second] = rowsIn(await ask('repayment_plan', { agreement_id }), 'instalments');
  expect(await attempt('collect_instalment', { instalment_id: second?.instalment_id as string })).toMatchObject({ fault: 'precondition' });
  const lapsed = await get('quote_settlement', 'settlement_id', { agreement_id });
  const { collected, still_owed } = await ask('collect_instalment', { instalment_id: first?.instalment_id as string });
  expect(collected).toBe(offer.instalment);
  expect(await attempt('settle_early', { settlement_id: lapsed })).toMatchObject({ fault: 'conflict', message: expect.stringContaining('lapsed') });
  const quote = await ask('quote_settlement', { agreement_id });
  expect(quote.to_pay).toBeCloseTo((still_owed as number) + (quote.fee as number), 2);
  expect(await ask('settle_early', { settlement_id: quote.settlement_id as string })).toMatchObject({ paid: quote.to_pay, instalments_spared: 23 });
});

test("an offer rests on the customer's own credit file, and nobody guarantees the own loan", async () => {
  const { get, attempt, customer, customer_id, application_id, order } = await applied();
  const credit_file_id = await get('pull_credit_file', 'credit_file_id', { customer_id: await customer('relative') });
  expect(await attempt('make_offer', { application_id, credit_file_id })).toMatchObject({ fault: 'conflict' });
  expect(await attempt('pledge_guarantee', { borrower_id: customer_id, guarantor_id: customer_id })).toMatchObject({ fault: 'precondition' });
  expect(await attempt('open_application', order)).toMatchObject({ fault: 'conflict' });
});

test('the last instalment ends a loan', async () => {
  const { ask, attempt, loan } = await atDesk();
  const agreement_id = await loan('returning_customer', 'running');
  for (const { instalment_id } of rowsIn(await ask('repayment_plan', { agreement_id }), 'instalments')) await ask('collect_instalment', { instalment_id: instalment_id as string });
  expect(await attempt('quote_settlement', { agreement_id })).toMatchObject({ fault: 'conflict' });
});

test('a loan is not paid out in the past, and an amount keeps to the limits of its product', async () => {
  const { attempt, loan, order } = await applied();
  const agreement_id = await loan('waiting_customer', 'signed');
  expect(await attempt('draw_down', { agreement_id, payout_date: '2030-01-01' })).toMatchObject({ fault: 'precondition' });
  expect(await attempt('open_application', { ...order, amount: 100 })).toMatchObject({ fault: 'precondition', message: expect.stringContaining('goes from') });
});
