import { trueEdgesOf, type TrueGroup } from '../true-edges';

const { out, data, state } = trueEdgesOf('payroll');

const EMPLOYEE = [out('find_employee', '/employee_id')];
const PERIOD = [out('find_pay_period', '/period_id')];
const SHEET = [out('list_timesheets', '/timesheets/*/timesheet_id'), out('submit_timesheet', '/timesheet_id')];
const RUN = [out('calculate_run', '/run_id'), out('list_runs', '/runs/*/run_id')];
const LOCKED = [
  'list_timesheets', 'submit_timesheet', 'correct_overtime', 'approve_timesheet', 'return_timesheet', 'grant_bonus', 'split_bonus', 'calculate_run', 'list_runs', 'approve_run', 'pay_run', 'show_pay_slip',
];

/** What the payroll tools need of each other. A timesheet of this month waits for a decision and the coming month has none; runs in every status exist. */
export const PAYROLL_EDGES: readonly TrueGroup[] = [
  data('unlock_payroll', '/unlock_code', [out('issue_unlock_code', '/unlock_code')]),
  ...['submit_timesheet', 'grant_bonus', 'show_pay_slip'].map((tool) => data(tool, '/employee_id', EMPLOYEE)),
  data('split_bonus', '/first_employee', EMPLOYEE),
  data('split_bonus', '/second_employee', EMPLOYEE),
  ...['list_timesheets', 'submit_timesheet', 'grant_bonus', 'split_bonus', 'calculate_run'].map((tool) => data(tool, '/period_id', PERIOD)),
  ...['correct_overtime', 'approve_timesheet', 'return_timesheet'].map((tool) => data(tool, '/timesheet_id', SHEET)),
  ...['approve_run', 'pay_run', 'show_pay_slip'].map((tool) => data(tool, '/run_id', RUN)),
  ...LOCKED.map((tool) => state(tool, 'unlock_payroll')),
  state('calculate_run', 'approve_timesheet', 'return_timesheet'),
];
