import { z } from 'zod';
import { createRng } from '../../../core/random';
import { addDays, daysBetween } from '../calendar';
import { dayShown, enough, findId, fromCents, inStatus, money, rowOf, rowsOf, sameName, signedIn, sortedBy, sumOf, text } from '../combinators';
import { exists, must, ref, toolsOn, type DomainTool, type Need } from '../domain';
import { RECEIPT_DAYS, REPORT_STATUSES, totalOf, type ExpensesState } from './state';

const tool = toolsOn<ExpensesState>();

// ---- shared fields ----

const centreCode = ref('cost_centre', 'Code of a cost centre, as given by find_cost_centre');
const categoryCode = ref('category_code', 'Code of an expense category, as given by find_category');
const siteCode = (description: string): z.ZodString => ref('site_code', description);
const receiptId = ref('receipt_id', 'Identifier of a scanned receipt, as given by scan_receipt');
const reportId = ref('report_id', "Identifier of one of the employee's reports");
const expenseId = ref('expense_id', 'Identifier of an expense in a report');
const approverId = ref('approver_id', 'Identifier of an approver, as given by list_approvers');
const reportTotal = money('What all expenses of the report come to');

// ---- needs ----

const deskOpen = signedIn<ExpensesState>();
const centreExists = exists<ExpensesState, { cost_centre: string }>('cost centre', (state) => state.centres, (args) => args.cost_centre);
const siteIs = <A>(read: (args: A) => string): Need<ExpensesState, A> => exists('site', (state) => state.sites, read);
const reportExists = exists<ExpensesState, { report_id: string }>('report', (state) => state.reports, (args) => args.report_id);
const approverExists = exists<ExpensesState, { approver_id: string }>('approver', (state) => state.approvers, (args) => args.approver_id);
const reportIs = (...allowed: (typeof REPORT_STATUSES)[number][]): Need<ExpensesState, { report_id: string }> => statusOf((args) => args.report_id, ...allowed);
const statusOf = <A>(find: (args: A, state: ExpensesState) => string, ...allowed: (typeof REPORT_STATUSES)[number][]): Need<ExpensesState, A> =>
  inStatus({ kind: 'Report', id: find, status: (state, args) => rowOf(state.reports, find(args, state)).status, order: REPORT_STATUSES, allowed });

// ---- what money may be spent on ----

const findCostCentre = tool({
  name: 'find_cost_centre',
  about: 'Find the cost centre of a project, with what is left of its budget.',
  in: z.strictObject({ project_name: ref('project_name', 'Name of the project') }),
  out: z.object({ cost_centre: centreCode, budget_left: money('What is left of the budget'), runs_until: dayShown('Last day of the project') }),
  needs: [must('not_found', (state, args) => centreOf(state, args.project_name) !== undefined, (args) => `There is no project \`${args.project_name}\`.`)],
  run: ({ state }, args) => {
    const cost_centre = centreOf(state, args.project_name) as string;
    return { cost_centre, budget_left: fromCents(rowOf(state.centres, cost_centre).leftCents), runs_until: addDays(state.today, createRng(`${state.salt}/project/${cost_centre}`).int(40, 700)) };
  },
});

const centreOf = (state: ExpensesState, project: string): string | undefined => findId(state.centres, (one) => sameName(one.project, project));
const categoryOf = (state: ExpensesState, kind: string): string | undefined => findId(state.categories, (one) => sameName(one.kind, kind));
const siteOf = (state: ExpensesState, name: string): string | undefined => findId(state.sites, (one) => sameName(one.name, name));

const findCategory = tool({
  name: 'find_category',
  about: 'Find the category of a kind of expense and the most that is paid for one receipt.',
  in: z.strictObject({ expense_kind: ref('expense_kind', 'What the money was spent on') }),
  out: z.object({ category_code: categoryCode, paid_up_to: money('The most that is paid for one receipt'), ledger_account: z.int().describe('Account in the books') }),
  needs: [must('not_found', (state, args) => categoryOf(state, args.expense_kind) !== undefined, (args) => `There is no category for \`${args.expense_kind}\`.`)],
  run: ({ state }, args) => {
    const category_code = categoryOf(state, args.expense_kind) as string;
    return { category_code, paid_up_to: fromCents(rowOf(state.categories, category_code).capCents), ledger_account: createRng(`${state.salt}/ledger/${category_code}`).int(4100, 4989) };
  },
});

const findSite = tool({
  name: 'find_site',
  about: 'Find a site of the company, with its code and where to leave the car.',
  in: z.strictObject({ site_name: ref('site_name', 'Name of the site') }),
  out: z.object({ site_code: siteCode('Code of the site'), car_park: z.string().describe('Where to leave the car'), day_allowance: money('Allowance for a day at the site') }),
  needs: [must('not_found', (state, args) => siteOf(state, args.site_name) !== undefined, (args) => `The company has no site \`${args.site_name}\`.`)],
  run: ({ state }, args) => {
    const site_code = siteOf(state, args.site_name) as string;
    const rng = createRng(`${state.salt}/site/${site_code}`);
    return { site_code, car_park: `${rng.pick(['north', 'south', 'river', 'yard'])} car park, row ${rng.int(2, 19)}`, day_allowance: fromCents(rng.int(24, 62) * 50) };
  },
});

// ---- the employee, receipts, reports ----

const openExpenseDesk = tool({
  name: 'open_expense_desk',
  about: 'Open the expense desk for an employee with employee number and PIN. Receipts, reports and payments are closed before.',
  in: z.strictObject({ employee_number: ref('employee_number', "The employee's number, as E00000"), pin: ref('pin', "The employee's five-digit PIN") }),
  out: z.object({ employee_name: z.string().describe('Name of the employee'), waiting_for_approval: money('What reports come to that wait for approval') }),
  writes: ['session'],
  needs: [
    must('not_found', (state, args) => state.employee.number === args.employee_number, (args) => `There is no employee \`${args.employee_number}\`.`),
    must('precondition', (state, args) => state.employee.pin === args.pin, () => 'The PIN does not belong to this employee number.'),
  ],
  run: ({ state }) => {
    state.session.signedIn = true;
    return { employee_name: state.employee.name, waiting_for_approval: fromCents(sumOf(rowsOf(state.reports, (one) => one.status === 'submitted'), ([id]) => totalOf(state, id))) };
  },
});

const scanReceipt = tool({
  name: 'scan_receipt',
  about: 'Scan the receipt in a file: who was paid, how much and when.',
  in: z.strictObject({ file_name: ref('file_name', 'Name of the file') }),
  out: z.object({ receipt_id: receiptId, vendor: z.string().describe('Who was paid'), amount: money('Amount on the receipt'), paid_on: dayShown('Day of the payment') }),
  writes: ['receipts'],
  needs: [
    deskOpen,
    exists('file', (state) => state.papers, (args) => args.file_name),
    must('conflict', (state, args) => findId(state.receipts, (one) => one.file === args.file_name) === undefined, (args) => `\`${args.file_name}\` has been scanned.`),
  ],
  run: ({ state, id }, args) => {
    const paper = rowOf(state.papers, args.file_name);
    const receipt_id = id('RC', args.file_name, state.receipts);
    state.receipts[receipt_id] = { file: args.file_name, ...paper };
    return { receipt_id, vendor: paper.vendor, amount: fromCents(paper.cents), paid_on: paper.paidOn };
  },
});

const createReport = tool({
  name: 'create_report',
  about: 'Begin an expense report on a cost centre.',
  in: z.strictObject({ title: text('Title of the report'), cost_centre: centreCode }),
  out: z.object({ report_id: reportId, submit_by: dayShown('Day by which the report has to be submitted'), budget_left: money('What is left of the budget') }),
  writes: ['reports'],
  needs: [
    deskOpen, centreExists,
    must('conflict', (state, args) => findId(state.reports, (one) => sameName(one.title, args.title)) === undefined, (args) => `There is a report called \`${args.title}\` already.`),
  ],
  run: ({ state, id }, args) => {
    const report_id = id('RP', `${args.title}/${args.cost_centre}`, state.reports);
    state.reports[report_id] = { title: args.title, centre: args.cost_centre, status: 'draft', approver: null, createdOn: state.today };
    return { report_id, submit_by: addDays(state.today, createRng(`${state.salt}/submit/${args.cost_centre}`).int(12, 30)), budget_left: fromCents(rowOf(state.centres, args.cost_centre).leftCents) };
  },
});

const listReports = tool({
  name: 'list_reports',
  about: "List the employee's reports with title, project, total and status.",
  in: z.strictObject({}),
  out: z.object({
    reports: z.array(z.object({ report_id: reportId, report_title: z.string().describe('Title of the report'), project_name: ref('project_name', 'Name of the project'), total: reportTotal, status: z.enum(REPORT_STATUSES).describe('Status of the report') })).describe('The reports, by title'),
  }),
  needs: [deskOpen],
  run: ({ state }) => ({
    reports: sortedBy(rowsOf(state.reports), ([, one]) => one.title).map(([report_id, one]) => ({ report_id, report_title: one.title, project_name: rowOf(state.centres, one.centre).project, total: fromCents(totalOf(state, report_id)), status: one.status })),
  }),
});

const addExpense = tool({
  name: 'add_expense',
  about: 'Claim a scanned receipt in a draft report under a category. Above the cap of the category the employee bears the rest.',
  in: z.strictObject({ report_id: reportId, receipt_id: receiptId, category_code: categoryCode }),
  out: z.object({ expense_id: expenseId, accepted: money('What is paid for the receipt'), borne_by_employee: money('What the employee bears'), report_total: reportTotal }),
  writes: ['expenses'],
  needs: [
    deskOpen, reportExists,
    exists('receipt', (state) => state.receipts, (args) => args.receipt_id),
    exists('category', (state) => state.categories, (args) => args.category_code),
    reportIs('draft'),
    must('conflict', (state, args) => findId(state.expenses, (one) => one.receipt === args.receipt_id) === undefined, (args) => `Receipt \`${args.receipt_id}\` has been claimed.`),
    must('precondition', (state, args) => daysBetween(rowOf(state.receipts, args.receipt_id).paidOn, state.today) <= RECEIPT_DAYS, (args, state) => `The receipt is of ${rowOf(state.receipts, args.receipt_id).paidOn}, more than ${RECEIPT_DAYS} days ago.`),
  ],
  run: ({ state, id }, args) => {
    const { cents, vendor } = rowOf(state.receipts, args.receipt_id);
    const accepted = Math.min(cents, rowOf(state.categories, args.category_code).capCents);
    const expense_id = id('EX', `${args.report_id}/${args.receipt_id}`, state.expenses);
    state.expenses[expense_id] = { report: args.report_id, receipt: args.receipt_id, label: vendor, cents: accepted };
    return { expense_id, accepted: fromCents(accepted), borne_by_employee: fromCents(cents - accepted), report_total: fromCents(totalOf(state, args.report_id)) };
  },
});

const CENTS_PER_KILOMETRE = 42;

const logMileage = tool({
  name: 'log_mileage',
  about: 'Claim a drive from one site to another in a draft report, at 0.42 euros a kilometre.',
  in: z.strictObject({ report_id: reportId, from_site: siteCode('Code of the site the drive began at'), to_site: siteCode('Code of the site it ended at'), way: z.enum(['one_way', 'return']).default('one_way').describe('Whether the way back is claimed too') }),
  out: z.object({ expense_id: expenseId, kilometres: z.int().describe('Kilometres driven'), mileage_paid: money('What is paid for the drive'), report_total: reportTotal }),
  writes: ['expenses'],
  needs: [
    deskOpen, reportExists, siteIs((args) => args.from_site), siteIs((args) => args.to_site),
    must('invalid_args', (_state, args) => args.from_site !== args.to_site, () => 'The drive ends where it began.'),
    reportIs('draft'),
  ],
  run: ({ state, id }, args) => {
    const [from, to] = [rowOf(state.sites, args.from_site), rowOf(state.sites, args.to_site)];
    // Roads are a third longer than the crow flies, and the last two kilometres are in towns.
    const kilometres = (2 + Math.round(1.3 * Math.hypot(from.east - to.east, from.north - to.north))) * (args.way === 'return' ? 2 : 1);
    const expense_id = id('EX', `${args.report_id}/${args.from_site}/${args.to_site}/${args.way}`, state.expenses);
    state.expenses[expense_id] = { report: args.report_id, receipt: null, label: `${from.name} to ${to.name}`, cents: kilometres * CENTS_PER_KILOMETRE };
    return { expense_id, kilometres, mileage_paid: fromCents(kilometres * CENTS_PER_KILOMETRE), report_total: fromCents(totalOf(state, args.report_id)) };
  },
});

const removeExpense = tool({
  name: 'remove_expense',
  about: 'Take an expense out of a draft report. Its receipt can be claimed again.',
  in: z.strictObject({ expense_id: expenseId }),
  out: z.object({ removed_amount: money('What the expense came to'), report_total: reportTotal }),
  writes: ['expenses'],
  needs: [deskOpen, exists('expense', (state) => state.expenses, (args) => args.expense_id), statusOf((args, state) => rowOf(state.expenses, args.expense_id).report, 'draft')],
  run: ({ state }, args) => {
    const { report, cents } = rowOf(state.expenses, args.expense_id);
    delete state.expenses[args.expense_id];
    return { removed_amount: fromCents(cents), report_total: fromCents(totalOf(state, report)) };
  },
});

// ---- approval and payment ----

const listApprovers = tool({
  name: 'list_approvers',
  about: 'List the approvers of the cost centre of a report, and up to which total each of them may approve.',
  in: z.strictObject({ report_id: reportId }),
  out: z.object({
    approvers: z.array(z.object({ approver_id: approverId, approver_name: z.string().describe('Name of the approver'), approves_up_to: money('Highest total the approver may approve'), usual_days: z.number().describe('Days the approver usually takes') })).describe('The approvers, lowest limit first'),
  }),
  needs: [deskOpen, reportExists],
  run: ({ state }, args) => ({
    approvers: rowsOf(state.approvers, (one) => one.centre === rowOf(state.reports, args.report_id).centre).sort(([, a], [, b]) => a.limitCents - b.limitCents)
      .map(([approver_id, one]) => ({ approver_id, approver_name: one.name, approves_up_to: fromCents(one.limitCents), usual_days: createRng(`${state.salt}/pace/${approver_id}`).int(3, 58) / 10 })),
  }),
});

const euros = (state: ExpensesState, report: string): number => fromCents(totalOf(state, report));

/** The approver belongs to the report's cost centre and may approve that much. */
const mayApprove: Need<ExpensesState, { report_id: string; approver_id: string }>[] = [
  must('precondition', (state, args) => rowOf(state.approvers, args.approver_id).centre === rowOf(state.reports, args.report_id).centre, () => 'The approver belongs to another cost centre.'),
  enough('the approver', 'euros', (state, args) => fromCents(rowOf(state.approvers, args.approver_id).limitCents), (args, state) => euros(state, args.report_id)),
];

const submitReport = tool({
  name: 'submit_report',
  about: 'Submit a draft with at least one expense to an approver of its cost centre who may approve that much.',
  in: z.strictObject({ report_id: reportId, approver_id: approverId }),
  out: z.object({ submitted_total: reportTotal, decision_by: dayShown('Day by which the approver decides'), submission_number: z.string().describe('Number of the submission') }),
  writes: ['reports'],
  needs: [
    deskOpen, reportExists, approverExists, reportIs('draft'),
    must('precondition', (state, args) => totalOf(state, args.report_id) > 0, (args) => `Report \`${args.report_id}\` has no expenses.`),
    ...mayApprove,
  ],
  run: ({ state, id }, args) => {
    Object.assign(rowOf(state.reports, args.report_id), { status: 'submitted', approver: args.approver_id });
    return { submitted_total: euros(state, args.report_id), decision_by: addDays(state.today, createRng(`${state.salt}/decision/${args.approver_id}`).int(2, 9)), submission_number: id('SB', `${args.report_id}/${args.approver_id}`, {}) };
  },
});

const recallReport = tool({
  name: 'recall_report',
  about: 'Recall a submitted report that has not been approved. It is a draft again.',
  in: z.strictObject({ report_id: reportId }),
  out: z.object({ recalled_from: z.string().describe('Name of the approver it had been submitted to'), recalled_total: reportTotal }),
  writes: ['reports'],
  needs: [deskOpen, reportExists, reportIs('submitted')],
  run: ({ state }, args) => {
    const report = rowOf(state.reports, args.report_id);
    const recalled_from = rowOf(state.approvers, report.approver as string).name;
    Object.assign(report, { status: 'draft', approver: null });
    return { recalled_from, recalled_total: euros(state, args.report_id) };
  },
});

const approveReport = tool({
  name: 'approve_report',
  about: 'Approve a submitted report in the name of an approver of its cost centre who may approve that much. Its total leaves the budget.',
  in: z.strictObject({ report_id: reportId, approver_id: approverId }),
  out: z.object({ budget_left: money('What is left of the budget'), approval_number: z.string().describe('Number of the approval') }),
  writes: ['reports', 'centres'],
  needs: [
    deskOpen, reportExists, approverExists, reportIs('submitted'),
    ...mayApprove,
    enough('the budget', 'euros', (state, args) => fromCents(rowOf(state.centres, rowOf(state.reports, args.report_id).centre).leftCents), (args, state) => euros(state, args.report_id)),
  ],
  run: ({ state, id }, args) => {
    const report = rowOf(state.reports, args.report_id);
    const centre = rowOf(state.centres, report.centre);
    Object.assign(report, { status: 'approved', approver: args.approver_id });
    centre.leftCents -= totalOf(state, args.report_id);
    return { budget_left: fromCents(centre.leftCents), approval_number: id('AN', args.report_id, {}) };
  },
});

const reimburseReport = tool({
  name: 'reimburse_report',
  about: 'Pay an approved report back to the employee.',
  in: z.strictObject({ report_id: reportId, pay_with: z.enum(['next_salary', 'bank_transfer']).describe('How the money is paid') }),
  out: z.object({ paid_back: money('Amount paid back'), arrives_on: dayShown('Day on which the money arrives'), payment_number: z.string().describe('Number of the payment') }),
  writes: ['reports'],
  needs: [deskOpen, reportExists, reportIs('approved')],
  run: ({ state, id }, args) => {
    rowOf(state.reports, args.report_id).status = 'reimbursed';
    const days = args.pay_with === 'bank_transfer' ? 2 : 18;
    return { paid_back: euros(state, args.report_id), arrives_on: addDays(state.today, days + createRng(`${state.salt}/pay/${args.report_id}`).int(0, 5)), payment_number: id('PN', args.report_id, {}) };
  },
});

/** The tools of the expense desk, as the company's assistant would be given them. */
export const expensesTools: readonly DomainTool<ExpensesState>[] = [
  findCostCentre, findCategory, findSite,
  openExpenseDesk, scanReceipt, createReport, listReports, addExpense, logMileage, removeExpense,
  listApprovers, submitReport, recallReport, approveReport, reimburseReport,
];
