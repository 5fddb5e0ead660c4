import { z } from 'zod';
import { createRng } from '../../../core/random';
import { addDays, daysBetween } from '../calendar';
import { dayShown, findId, fromCents, inStatus, money, rowOf, rowsOf, sameName, sortedBy, sumOf, toCents } from '../combinators';
import { exists, hiddenCode, must, ref, toolsOn, type DomainTool, type Need } from '../domain';
import { payOf, RUN_STATUSES, SHEET_STATUSES, type PayrollState } from './state';

const tool = toolsOn<PayrollState>();

// ---- shared fields ----

const badge = (description: string): z.ZodString => ref('badge_number', description);
const unlockCode = ref('unlock_code', 'Code that unlocks payroll, as given by issue_unlock_code');
const employeeId = (description: string): z.ZodString => ref('employee_id', description);
const periodId = ref('period_id', 'Identifier of a pay period, as given by find_pay_period');
const timesheetId = ref('timesheet_id', 'Identifier of a timesheet');
const runId = ref('run_id', 'Identifier of a payroll run');
const amount = z.number().min(10).max(2000).describe('Amount before taxes, in euros');
const employeeName = z.string().describe('Name of the employee');

// ---- needs ----

const unlocked = must<PayrollState, unknown>('precondition', (state) => state.session.officer !== null, () => 'Payroll is locked. Unlock it first.');
const employeeIs = <A>(read: (args: A) => string): Need<PayrollState, A> => exists('employee', (state) => state.employees, read);
const ownEmployee = employeeIs<{ employee_id: string }>((args) => args.employee_id);
const periodExists = exists<PayrollState, { period_id: string }>('pay period', (state) => state.periods, (args) => args.period_id);
const officerIs = <A>(read: (args: A) => string): Need<PayrollState, A> => exists('officer with the badge', (state) => state.officers, read);
const timesheetExists = exists<PayrollState, { timesheet_id: string }>('timesheet', (state) => state.timesheets, (args) => args.timesheet_id);
const runExists = exists<PayrollState, { run_id: string }>('payroll run', (state) => state.runs, (args) => args.run_id);

const timesheetIs = (...allowed: (typeof SHEET_STATUSES)[number][]): Need<PayrollState, { timesheet_id: string }> =>
  inStatus({ kind: 'Timesheet', id: (args) => args.timesheet_id, status: (state, args) => rowOf(state.timesheets, args.timesheet_id).status, order: SHEET_STATUSES, allowed });
const runIs = (...allowed: (typeof RUN_STATUSES)[number][]): Need<PayrollState, { run_id: string }> =>
  inStatus({ kind: 'Run', id: (args) => args.run_id, status: (state, args) => rowOf(state.runs, args.run_id).status, order: RUN_STATUSES, allowed });
const notCalculated = <A>(period: (state: PayrollState, args: A) => string): Need<PayrollState, A> =>
  must('conflict', (state, args) => findId(state.runs, (one) => one.period === period(state, args)) === undefined, (args, state) => `The run of ${rowOf(state.periods, period(state, args)).month} has been calculated; the period is closed.`);

// ---- reading ----

const officerWith = (state: PayrollState, code: string): string | undefined => Object.keys(state.officers).find((one) => unlockCodeOf(state, one) === code);
const unlockCodeOf = (state: PayrollState, of: string): string => `UC-${hiddenCode(state.salt, `unlock/${of}`, 6)}`;
const bonusesOf = (state: PayrollState, employee: string, period: string): number => sumOf(rowsOf(state.bonuses, (one) => one.employee === employee && one.period === period), ([, one]) => one.cents);
const waitingIn = (state: PayrollState, period: string): number => rowsOf(state.timesheets, (one) => one.period === period && one.status === 'submitted').length;
const totalOf = ({ slips }: PayrollState['runs'][string], cents: (slip: { grossCents: number; taxCents: number }) => number): number => fromCents(sumOf(Object.values(slips), cents));

// ---- officers, employees, periods ----

const issueUnlockCode = tool({
  name: 'issue_unlock_code',
  about: "Issue the code with which the officer who wears a badge unlocks payroll.",
  in: z.strictObject({ badge_number: badge('Number on the badge, as PB-0000') }),
  out: z.object({ unlock_code: unlockCode, officer: z.string().describe('Name of the officer'), desk_phone: z.string().describe('Telephone on the desk of the officer') }),
  needs: [officerIs((args) => args.badge_number)],
  run: ({ state }, args) => {
    const { name, phone } = rowOf(state.officers, args.badge_number);
    return { unlock_code: unlockCodeOf(state, args.badge_number), officer: name, desk_phone: phone };
  },
});

const unlockPayroll = tool({
  name: 'unlock_payroll',
  about: 'Unlock payroll with an issued code. Timesheets, bonuses and runs are closed before.',
  in: z.strictObject({ unlock_code: unlockCode }),
  out: z.object({ unlocked_by: z.string().describe('Name of the officer'), sheets_to_decide: z.int().describe('Timesheets that wait for a decision'), locks_again_in: z.int().describe('Minutes until payroll is locked again') }),
  writes: ['session'],
  needs: [must('not_found', (state, args) => officerWith(state, args.unlock_code) !== undefined, (args) => `The code \`${args.unlock_code}\` unlocks nothing.`)],
  run: ({ state }, args) => {
    const officer = officerWith(state, args.unlock_code) as string;
    state.session.officer = officer;
    return { unlocked_by: rowOf(state.officers, officer).name, sheets_to_decide: rowsOf(state.timesheets, (one) => one.status === 'submitted').length, locks_again_in: createRng(`${state.salt}/lock/${officer}`).int(20, 90) };
  },
});

const findEmployee = tool({
  name: 'find_employee',
  about: 'Find an employee in the directory: identifier, team and years with the company.',
  in: z.strictObject({ employee_name: ref('employee_name', 'Full name of the employee') }),
  out: z.object({ employee_id: employeeId('Identifier of the employee'), team: z.string().describe('Team of the employee'), started_on: dayShown('First day with the company'), leave_days_left: z.int().describe('Days of leave left this year') }),
  needs: [must('not_found', (state, args) => employeeNamed(state, args.employee_name) !== undefined, (args) => `There is no employee \`${args.employee_name}\`.`)],
  run: ({ state }, args) => {
    const employee_id = employeeNamed(state, args.employee_name) as string;
    const { team, startedOn } = rowOf(state.employees, employee_id);
    return { employee_id, team, started_on: startedOn, leave_days_left: createRng(`${state.salt}/leave/${employee_id}`).int(0, 28) };
  },
});

const employeeNamed = (state: PayrollState, name: string): string | undefined => findId(state.employees, (one) => sameName(one.name, name));
const periodOf = (state: PayrollState, month: string): string | undefined => findId(state.periods, (one) => one.month === month);

const findPayPeriod = tool({
  name: 'find_pay_period',
  about: 'Find the pay period of a month, with its pay day and the days until then.',
  in: z.strictObject({ month: z.string().regex(/^\d{4}-\d{2}$/, 'expected a month as YYYY-MM').describe('The month, as YYYY-MM') }),
  out: z.object({ period_id: periodId, pay_day: dayShown('Day on which the month is paid'), days_to_pay_day: z.int().describe('Days until the pay day, negative when it is past') }),
  needs: [must('not_found', (state, args) => periodOf(state, args.month) !== undefined, (args) => `There is no pay period for ${args.month}.`)],
  run: ({ state }, args) => {
    const period_id = periodOf(state, args.month) as string;
    const { payDay } = rowOf(state.periods, period_id);
    return { period_id, pay_day: payDay, days_to_pay_day: daysBetween(state.today, payDay) };
  },
});

// ---- timesheets and bonuses ----

const listTimesheets = tool({
  name: 'list_timesheets',
  about: 'List the timesheets of a period with hours, overtime and status.',
  in: z.strictObject({ period_id: periodId }),
  out: z.object({
    timesheets: z.array(z.object({ timesheet_id: timesheetId, worker: employeeName, hours: z.int().describe('Hours worked'), overtime: z.int().describe('Hours of overtime'), status: z.enum(SHEET_STATUSES).describe('Status of the timesheet') })).describe('The timesheets, by name'),
  }),
  needs: [unlocked, periodExists],
  run: ({ state }, args) => ({
    timesheets: sortedBy(rowsOf(state.timesheets, (one) => one.period === args.period_id), ([, one]) => rowOf(state.employees, one.employee).name)
      .map(([timesheet_id, one]) => ({ timesheet_id, worker: rowOf(state.employees, one.employee).name, hours: one.hours, overtime: one.overtime, status: one.status })),
  }),
});

const submitTimesheet = tool({
  name: 'submit_timesheet',
  about: 'Submit the timesheet of an employee for a period. It waits for a decision.',
  in: z.strictObject({ employee_id: employeeId('Employee who worked'), period_id: periodId, hours: z.int().min(1).max(180).describe('Hours worked'), overtime: z.int().min(0).max(15).default(0).describe('Hours of overtime') }),
  out: z.object({ timesheet_id: timesheetId, expected_gross: money('What the hours come to before taxes'), decide_by: dayShown('Day by which it has to be decided on') }),
  writes: ['timesheets'],
  needs: [
    unlocked, ownEmployee, periodExists, notCalculated((_state, args) => args.period_id),
    must('conflict', (state, args) => findId(state.timesheets, (one) => one.employee === args.employee_id && one.period === args.period_id) === undefined, () => 'The employee has a timesheet in this period. Correct that one.'),
  ],
  run: ({ state, id }, args) => {
    const timesheet_id = id('TS', `${args.employee_id}/${args.period_id}`, state.timesheets);
    state.timesheets[timesheet_id] = { employee: args.employee_id, period: args.period_id, hours: args.hours, overtime: args.overtime, status: 'submitted' };
    return { timesheet_id, expected_gross: fromCents(payOf(rowOf(state.employees, args.employee_id), args.hours, args.overtime, 0).grossCents), decide_by: addDays(rowOf(state.periods, args.period_id).payDay, -4) };
  },
});

const sheetPeriod = (state: PayrollState, args: { timesheet_id: string }): string => rowOf(state.timesheets, args.timesheet_id).period;

const correctOvertime = tool({
  name: 'correct_overtime',
  about: 'Correct the overtime on a timesheet that is submitted or returned. It is submitted again by that.',
  in: z.strictObject({ timesheet_id: timesheetId, overtime: z.int().min(0).max(15).describe('The right hours of overtime') }),
  out: z.object({ overtime_before: z.int().describe('Hours of overtime before'), expected_gross: money('What the hours come to before taxes') }),
  writes: ['timesheets'],
  needs: [unlocked, timesheetExists, notCalculated(sheetPeriod), timesheetIs('submitted', 'returned')],
  run: ({ state }, args) => {
    const sheet = rowOf(state.timesheets, args.timesheet_id);
    const overtime_before = sheet.overtime;
    Object.assign(sheet, { overtime: args.overtime, status: 'submitted' });
    return { overtime_before, expected_gross: fromCents(payOf(rowOf(state.employees, sheet.employee), sheet.hours, sheet.overtime, 0).grossCents) };
  },
});

const approveTimesheet = tool({
  name: 'approve_timesheet',
  about: 'Approve a submitted timesheet, which is paid with the run of its period.',
  in: z.strictObject({ timesheet_id: timesheetId }),
  out: z.object({ approved_hours: z.int().describe('Hours with overtime'), still_waiting: z.int().describe('Timesheets of the period that still wait for a decision'), approval_number: z.string().describe('Number of the approval') }),
  writes: ['timesheets'],
  needs: [unlocked, timesheetExists, notCalculated(sheetPeriod), must('conflict', (state, args) => rowOf(state.timesheets, args.timesheet_id).status === 'submitted', (args, state) => `Timesheet \`${args.timesheet_id}\` is ${rowOf(state.timesheets, args.timesheet_id).status}, not submitted.`)],
  run: ({ state, id }, args) => {
    const sheet = rowOf(state.timesheets, args.timesheet_id);
    sheet.status = 'approved';
    return { approved_hours: sheet.hours + sheet.overtime, still_waiting: waitingIn(state, sheet.period), approval_number: id('AN', args.timesheet_id, {}) };
  },
});

const returnTimesheet = tool({
  name: 'return_timesheet',
  about: 'Return a submitted timesheet to the employee for correction. It is not paid unless it is corrected and approved.',
  in: z.strictObject({ timesheet_id: timesheetId, reason: z.enum(['overtime_unclear', 'hours_too_high', 'signature_missing']).describe('What is wrong with it') }),
  out: z.object({ returned_to: z.string().describe('Team of the employee'), correct_by: dayShown('Day by which it has to be corrected') }),
  writes: ['timesheets'],
  needs: [unlocked, timesheetExists, notCalculated(sheetPeriod), timesheetIs('submitted')],
  run: ({ state }, args) => {
    const sheet = rowOf(state.timesheets, args.timesheet_id);
    sheet.status = 'returned';
    return { returned_to: rowOf(state.employees, sheet.employee).team, correct_by: addDays(state.today, createRng(`${state.salt}/return/${args.timesheet_id}`).int(2, 7)) };
  },
});

const grantBonus = tool({
  name: 'grant_bonus',
  about: 'Grant an employee a bonus with the pay of a period.',
  in: z.strictObject({ employee_id: employeeId('Employee who gets it'), period_id: periodId, amount }),
  out: z.object({ bonus_number: z.string().describe('Number of the bonus'), bonuses_in_period: money('All bonuses of the employee in the period'), after_taxes: money('What is left of this bonus after taxes') }),
  writes: ['bonuses'],
  needs: [unlocked, ownEmployee, periodExists, notCalculated((_state, args) => args.period_id)],
  run: ({ state, id }, args) => {
    const cents = toCents(args.amount);
    const bonus_number = id('BN', `${args.employee_id}/${args.period_id}/${cents}`, state.bonuses);
    state.bonuses[bonus_number] = { employee: args.employee_id, period: args.period_id, cents };
    const { taxPercent } = rowOf(state.employees, args.employee_id);
    return { bonus_number, bonuses_in_period: fromCents(bonusesOf(state, args.employee_id, args.period_id)), after_taxes: fromCents(Math.round((cents * (100 - taxPercent)) / 100)) };
  },
});

const splitBonus = tool({
  name: 'split_bonus',
  about: 'Split a bonus between two employees in proportion to their hourly rates, with the pay of a period.',
  in: z.strictObject({ first_employee: employeeId('One of the employees'), second_employee: employeeId('The other employee'), period_id: periodId, amount }),
  out: z.object({ first_share: money('Share of the first employee'), second_share: money('Share of the second employee') }),
  writes: ['bonuses'],
  needs: [
    unlocked, employeeIs((args) => args.first_employee), employeeIs((args) => args.second_employee), periodExists,
    must('invalid_args', (_state, args) => args.first_employee !== args.second_employee, () => 'A bonus is split between two different employees.'),
    notCalculated((_state, args) => args.period_id),
  ],
  run: ({ state, id }, args) => {
    const cents = toCents(args.amount);
    const [first, second] = [rowOf(state.employees, args.first_employee).hourlyCents, rowOf(state.employees, args.second_employee).hourlyCents];
    const share = Math.round((cents * first) / (first + second));
    for (const [employee, part] of [[args.first_employee, share], [args.second_employee, cents - share]] as const) {
      state.bonuses[id('BN', `split/${employee}/${args.period_id}/${part}`, state.bonuses)] = { employee, period: args.period_id, cents: part };
    }
    return { first_share: fromCents(share), second_share: fromCents(cents - share) };
  },
});

// ---- runs and slips ----

const calculateRun = tool({
  name: 'calculate_run',
  about: 'Calculate the run of a period from its approved timesheets and bonuses. Nothing about the period changes afterwards.',
  in: z.strictObject({ period_id: periodId }),
  out: z.object({ run_id: runId, total_gross: money('Pay of all employees before taxes'), total_net: money('Pay of all employees after taxes'), employees_paid: z.int().describe('Employees in the run') }),
  writes: ['runs'],
  needs: [
    unlocked, periodExists, notCalculated((_state, args) => args.period_id),
    must('precondition', (state, args) => waitingIn(state, args.period_id) === 0, (args, state) => `${waitingIn(state, args.period_id)} timesheets of the period wait for a decision.`),
    must('precondition', (state, args) => findId(state.timesheets, (one) => one.period === args.period_id && one.status === 'approved') !== undefined, () => 'The period has no approved timesheet.'),
  ],
  run: ({ state, id }, args) => {
    const sheets = rowsOf(state.timesheets, (one) => one.period === args.period_id && one.status === 'approved');
    const slips = Object.fromEntries(sheets.map(([, one]) => [one.employee, payOf(rowOf(state.employees, one.employee), one.hours, one.overtime, bonusesOf(state, one.employee, args.period_id))]));
    const run_id = id('PR', args.period_id, state.runs);
    const calculated: PayrollState['runs'][string] = { period: args.period_id, status: 'calculated', calculatedBy: state.session.officer as string, approvedBy: null, slips };
    state.runs[run_id] = calculated;
    return { run_id, total_gross: totalOf(calculated, (slip) => slip.grossCents), total_net: totalOf(calculated, (slip) => slip.grossCents - slip.taxCents), employees_paid: sheets.length };
  },
});

const listRuns = tool({
  name: 'list_runs',
  about: 'List the payroll runs with month, status and total.',
  in: z.strictObject({}),
  out: z.object({
    runs: z.array(z.object({ run_id: runId, of_month: z.string().describe('Month of the run'), status: z.enum(RUN_STATUSES).describe('Status of the run'), total_taxes: money('Taxes of all employees') })).describe('The runs, by month'),
  }),
  needs: [unlocked],
  run: ({ state }) => ({
    runs: sortedBy(rowsOf(state.runs), ([, one]) => rowOf(state.periods, one.period).month).map(([run_id, one]) => ({ run_id, of_month: rowOf(state.periods, one.period).month, status: one.status, total_taxes: totalOf(one, (slip) => slip.taxCents) })),
  }),
});

const approveRun = tool({
  name: 'approve_run',
  about: 'Approve a calculated run in the name of a second officer.',
  in: z.strictObject({ run_id: runId, approver_badge: badge('Badge number of the officer who approves') }),
  out: z.object({ approved_by: z.string().describe('Name of the officer who approved'), cash_needed: money('Money that the run takes'), pay_by: dayShown('Day by which the run has to be paid') }),
  writes: ['runs'],
  needs: [
    unlocked, runExists, officerIs((args) => args.approver_badge), runIs('calculated'),
    must('precondition', (state, args) => rowOf(state.runs, args.run_id).calculatedBy !== args.approver_badge, () => 'A run is approved by another officer than the one who calculated it.'),
  ],
  run: ({ state }, args) => {
    const approved = rowOf(state.runs, args.run_id);
    Object.assign(approved, { status: 'approved', approvedBy: args.approver_badge });
    return { approved_by: rowOf(state.officers, args.approver_badge).name, cash_needed: totalOf(approved, (slip) => slip.grossCents), pay_by: rowOf(state.periods, approved.period).payDay };
  },
});

const payRun = tool({
  name: 'pay_run',
  about: 'Pay an approved run out to its employees.',
  in: z.strictObject({ run_id: runId, speed: z.enum(['normal', 'same_day']).default('normal').describe('How fast the money is sent') }),
  out: z.object({ paid_out: money('Money sent to the employees'), taxes_held_back: money('Taxes held back'), arrives_on: dayShown('Day on which the money arrives') }),
  writes: ['runs'],
  needs: [unlocked, runExists, runIs('approved')],
  run: ({ state }, args) => {
    const paid = rowOf(state.runs, args.run_id);
    paid.status = 'paid';
    const days = args.speed === 'same_day' ? 0 : createRng(`${state.salt}/bank/${args.run_id}`).int(1, 4);
    return { paid_out: totalOf(paid, (slip) => slip.grossCents - slip.taxCents), taxes_held_back: totalOf(paid, (slip) => slip.taxCents), arrives_on: addDays(state.today, days) };
  },
});

const showPaySlip = tool({
  name: 'show_pay_slip',
  about: 'Show the pay slip of an employee in a paid run.',
  in: z.strictObject({ run_id: runId, employee_id: employeeId('Employee whose slip it is') }),
  out: z.object({ slip_number: z.string().describe('Number of the slip'), gross: money('Pay before taxes'), net: money('Pay after taxes'), tax_percent: z.int().describe('Taxes, in percent') }),
  needs: [
    unlocked, runExists, ownEmployee, runIs('paid'),
    must('not_found', (state, args) => Object.hasOwn(rowOf(state.runs, args.run_id).slips, args.employee_id), () => 'The employee is not in this run.'),
  ],
  run: ({ state, id }, args) => {
    const { grossCents, taxCents } = rowOf(rowOf(state.runs, args.run_id).slips, args.employee_id);
    return { slip_number: id('SL', `${args.run_id}/${args.employee_id}`, {}), gross: fromCents(grossCents), net: fromCents(grossCents - taxCents), tax_percent: rowOf(state.employees, args.employee_id).taxPercent };
  },
});

/** The tools of the payroll office, as its officers' assistant would be given them. */
export const payrollTools: readonly DomainTool<PayrollState>[] = [
  issueUnlockCode, unlockPayroll, findEmployee, findPayPeriod,
  listTimesheets, submitTimesheet, correctOvertime, approveTimesheet, returnTimesheet, grantBonus, splitBonus,
  calculateRun, listRuns, approveRun, payRun, showPaySlip,
];
