import { createExpensesWorld } from '../../../src/worlds/builtin/expenses';
import { rowsIn, rowWith, talkTo, type Talk } from '../../fixtures/talk';

const world = createExpensesWorld();

async function deskOpen(): Promise<Talk> {
  const chat = await talkTo(world);
  await chat.ask('open_expense_desk', { employee_number: chat.say.employee_number as string, pin: chat.say.pin as string });
  return chat;
}

/** A new draft with one receipt, and the approvers of its cost centre. */
async function drafted() {
  const chat = await deskOpen();
  const { ask, get, say } = chat;
  const cost_centre = await get('find_cost_centre', 'cost_centre', { project_name: say.main_project as string });
  const report_id = await get('create_report', 'report_id', { title: say.report_title as string, cost_centre });
  const category = await ask('find_category', { expense_kind: say.usual_kind as string });
  const receipt = await ask('scan_receipt', { file_name: say.first_receipt as string });
  const claim = { receipt_id: receipt.receipt_id as string, category_code: category.category_code as string };
  const expense = await ask('add_expense', { report_id, ...claim });
  const approvers = rowsIn(await ask('list_approvers', { report_id }), 'approvers').map((one) => one.approver_id as string);
  return { ...chat, cost_centre, report_id, category, receipt, claim, expense, approvers };
}

describe('expenses', () => {
  test('a receipt and a drive make a report, which is submitted, approved and paid back', async () => {
    const { ask, get, say, report_id, expense, category, receipt, approvers, cost_centre } = await drafted();
    expect(expense.accepted).toBe(Math.min(receipt.amount as number, category.paid_up_to as number));
    const from_site = await get('find_site', 'site_code', { site_name: say.home_site as string });
    const to_site = await get('find_site', 'site_code', { site_name: say.visited_site as string });
    const drive = await ask('log_mileage', { report_id, from_site, to_site, way: 'return' });
    expect(drive.report_total).toBeCloseTo((expense.accepted as number) + (drive.kilometres as number) * 0.42, 2);
    const approver_id = approvers[1] as string;
    await ask('submit_report', { report_id, approver_id });
    const before = (await ask('find_cost_centre', { project_name: say.main_project as string })).budget_left as number;
    expect((await ask('approve_report', { report_id, approver_id })).budget_left).toBeCloseTo(before - (drive.report_total as number), 2);
    expect((await ask('reimburse_report', { report_id, pay_with: 'bank_transfer' })).paid_back).toBe(drive.report_total);
    expect(cost_centre).toMatch(/^CC-/);
  });

  test('a receipt is scanned once, claimed once, and not at all when it is old', async () => {
    const { ask, attempt, get, say, report_id, claim, expense } = await drafted();
    expect(await attempt('scan_receipt', { file_name: say.first_receipt as string })).toMatchObject({ fault: 'conflict' });
    expect(await attempt('add_expense', { report_id, ...claim })).toMatchObject({ fault: 'conflict', message: expect.stringContaining('claimed') });
    await ask('remove_expense', { expense_id: expense.expense_id as string });
    await ask('add_expense', { report_id, ...claim });
    const receipt_id = await get('scan_receipt', 'receipt_id', { file_name: say.old_receipt as string });
    expect(await attempt('add_expense', { ...claim, report_id, receipt_id })).toMatchObject({ fault: 'precondition', message: expect.stringContaining('60 days') });
  });

  test('a report goes to an approver of its cost centre, and nobody from elsewhere approves it', async () => {
    const { ask, attempt, say, report_id, approvers } = await drafted();
    const other = rowWith(await ask('list_reports'), 'reports', { project_name: say.side_project as string }).report_id as string;
    const stranger = rowsIn(await ask('list_approvers', { report_id: other }), 'approvers')[0]?.approver_id as string;
    expect(await attempt('submit_report', { report_id, approver_id: stranger })).toMatchObject({ fault: 'precondition' });
    await ask('submit_report', { report_id, approver_id: approvers[0] as string });
    expect(await attempt('approve_report', { report_id, approver_id: stranger })).toMatchObject({ fault: 'precondition', message: expect.stringContaining('another cost centre') });
    await ask('recall_report', { report_id });
    expect(await attempt('reimburse_report', { report_id, pay_with: 'next_salary' })).toMatchObject({ fault: 'precondition' });
  });

  test('the desk is closed to strangers, and submitted reports to changes', async () => {
    const stranger = await talkTo(world);
    expect(await stranger.attempt('list_reports')).toMatchObject({ fault: 'precondition' });
    const { ask, attempt, claim } = await drafted();
    const submitted = rowWith(await ask('list_reports'), 'reports', { status: 'submitted' }).report_id as string;
    expect(await attempt('add_expense', { report_id: submitted, ...claim })).toMatchObject({ fault: 'conflict' });
  });
});
