import { createPayrollWorld } from '../../../src/worlds/builtin/payroll';
import { rowsIn, talkTo } from '../../fixtures/talk';

const world = createPayrollWorld();

/** Payroll unlocked by the user's badge, with the period of this month. */
async function unlocked() {
  const chat = await talkTo(world);
  const unlock_code = await chat.get('issue_unlock_code', 'unlock_code', { badge_number: chat.say.own_badge as string });
  await chat.ask('unlock_payroll', { unlock_code });
  const period_id = await chat.get('find_pay_period', 'period_id', { month: chat.say.this_month as string });
  return { ...chat, period_id };
}

/** Every waiting timesheet approved and the run calculated. */
async function calculated() {
  const chat = await unlocked();
  const { ask, get, say, period_id } = chat;
  const employee_id = await get('find_employee', 'employee_id', { employee_name: say.trainee as string });
  const timesheet_id = await get('submit_timesheet', 'timesheet_id', { employee_id, period_id, hours: say.usual_hours as string });
  const early = await chat.attempt('calculate_run', { period_id });
  for (const sheet of rowsIn(await ask('list_timesheets', { period_id }), 'timesheets').filter((one) => one.status === 'submitted')) {
    await ask('approve_timesheet', { timesheet_id: sheet.timesheet_id as string });
  }
  const bonus = await ask('grant_bonus', { employee_id, period_id, amount: say.small_bonus as string });
  const run = await ask('calculate_run', { period_id });
  return { ...chat, employee_id, timesheet_id, early, bonus, run, run_id: run.run_id as string };
}

describe('payroll', () => {
  test('timesheets are decided on, the run is calculated, signed by a second officer and paid; the slip shows the bonus', async () => {
    const { ask, get, say, early, employee_id, period_id, run, run_id } = await calculated();
    expect(early).toMatchObject({ fault: 'precondition', message: expect.stringContaining('wait for a decision') });
    await ask('approve_run', { run_id, approver_badge: say.colleague_badge as string });
    expect((await ask('pay_run', { run_id })).paid_out).toBe(run.total_net);
    const slip = await ask('show_pay_slip', { run_id, employee_id });
    const next = await get('find_pay_period', 'period_id', { month: say.next_month as string });
    const without = await ask('submit_timesheet', { employee_id, period_id: next, hours: say.usual_hours as string });
    expect(slip.gross).toBeCloseTo((without.expected_gross as number) + Number(say.small_bonus), 2);
    expect(period_id).not.toBe(next);
  });

  test('payroll is locked until a code that was issued unlocks it', async () => {
    const { attempt, get, say } = await talkTo(world);
    const period_id = await get('find_pay_period', 'period_id', { month: say.this_month as string });
    expect(await attempt('list_timesheets', { period_id })).toMatchObject({ fault: 'precondition', message: expect.stringContaining('locked') });
    expect(await attempt('unlock_payroll', { unlock_code: 'UC-222222' })).toMatchObject({ fault: 'not_found' });
  });

  test('nobody signs a run twice, and unsigned runs are not paid', async () => {
    const { attempt, say, run_id } = await calculated();
    expect(await attempt('pay_run', { run_id })).toMatchObject({ fault: 'precondition' });
    expect(await attempt('approve_run', { run_id, approver_badge: say.own_badge as string })).toMatchObject({ fault: 'precondition', message: expect.stringContaining('another officer') });
  });

  test('a calculated period is closed to timesheets and bonuses', async () => {
    const { attempt, say, period_id, employee_id, timesheet_id } = await calculated();
    expect(await attempt('grant_bonus', { employee_id, period_id, amount: say.large_bonus as string })).toMatchObject({ fault: 'conflict' });
    expect(await attempt('correct_overtime', { timesheet_id, overtime: 3 })).toMatchObject({ fault: 'conflict' });
    expect(await attempt('calculate_run', { period_id })).toMatchObject({ fault: 'conflict' });
  });

  test('a split bonus goes to two employees and adds up', async () => {
    const { ask, attempt, get, say, period_id } = await unlocked();
    const first_employee = await get('find_employee', 'employee_id', { employee_name: say.team_lead as string });
    const second_employee = await get('find_employee', 'employee_id', { employee_name: say.trainee as string });
    const shares = await ask('split_bonus', { first_employee, second_employee, period_id, amount: say.large_bonus as string });
    expect((shares.first_share as number) + (shares.second_share as number)).toBeCloseTo(Number(say.large_bonus), 2);
    expect(await attempt('split_bonus', { first_employee, second_employee: first_employee, period_id, amount: 50 })).toMatchObject({ fault: 'invalid_args' });
  });
});
