import { trueEdgesOf, type TrueGroup } from '../true-edges';

const { out, data, state } = trueEdgesOf('expenses');

const CENTRE = [out('find_cost_centre', '/cost_centre')];
const SITE = [out('find_site', '/site_code')];
const REPORT = [out('create_report', '/report_id'), out('list_reports', '/reports/*/report_id')];
const APPROVER = [out('list_approvers', '/approvers/*/approver_id')];
const OF_REPORT = ['list_approvers', 'add_expense', 'log_mileage', 'submit_report', 'recall_report', 'approve_report', 'reimburse_report'];

/** What the expense tools need of each other. Reports in every status exist from the start, so the order of statuses is not among it. */
export const EXPENSES_EDGES: readonly TrueGroup[] = [
  data('create_report', '/cost_centre', CENTRE),
  ...OF_REPORT.map((tool) => data(tool, '/report_id', REPORT)),
  data('add_expense', '/receipt_id', [out('scan_receipt', '/receipt_id')]),
  data('add_expense', '/category_code', [out('find_category', '/category_code')]),
  data('log_mileage', '/from_site', SITE),
  data('log_mileage', '/to_site', SITE),
  data('remove_expense', '/expense_id', [out('add_expense', '/expense_id'), out('log_mileage', '/expense_id')]),
  data('submit_report', '/approver_id', APPROVER),
  data('approve_report', '/approver_id', APPROVER),
  ...['scan_receipt', 'create_report', 'list_reports', 'remove_expense', ...OF_REPORT].map((tool) => state(tool, 'open_expense_desk')),
  data('find_cost_centre', '/project_name', [out('list_reports', '/reports/*/project_name')], 'optional'),
];
