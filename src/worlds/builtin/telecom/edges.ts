import { trueEdgesOf, type TrueGroup } from '../true-edges';

const { out, data, state } = trueEdgesOf('telecom');

const LINE = [out('find_line', '/line_id'), out('list_lines', '/lines/*/line_id')];
const DEVICE = [out('line_device', '/device_id')];
const FIX = [out('place_fix_order', '/fix_order_id'), out('list_fix_orders', '/fix_orders/*/fix_order_id')];
const NEEDS_CUSTOMER = ['find_line', 'list_lines', 'line_device', 'exchange_notice', 'request_test_code', 'run_diagnosis', 'place_fix_order', 'list_fix_orders', 'engineer_slots', 'book_engineer', 'apply_remote_fix', 'restart_device', 'verify_line', 'claim_credit', 'forward_calls', 'quote_plan_change', 'confirm_plan_change'];

/**
 * The telephone company's dependencies as its author knows them. Only tests may read them. That a fix is carried out and
 * the device rebooted before it is verified, and verified before it is credited, is not here: a seed has a fix order at each
 * of these points.
 */
export const TELECOM_EDGES: readonly TrueGroup[] = [
  ...['line_device', 'exchange_notice', 'run_diagnosis', 'quote_plan_change'].map((tool) => data(tool, '/line_id', LINE)),
  data('forward_calls', '/from_line', LINE),
  data('forward_calls', '/to_line', LINE),
  data('request_test_code', '/device_id', DEVICE),
  data('restart_device', '/device_id', DEVICE),
  data('run_diagnosis', '/test_code', [out('request_test_code', '/test_code')]),
  data('place_fix_order', '/diagnosis_id', [out('run_diagnosis', '/diagnosis_id')]),
  ...['engineer_slots', 'apply_remote_fix', 'verify_line', 'claim_credit'].map((tool) => data(tool, '/fix_order_id', FIX)),
  data('book_engineer', '/slot_id', [out('engineer_slots', '/slots/*/slot_id')]),
  data('confirm_plan_change', '/quote_id', [out('quote_plan_change', '/quote_id')]),
  ...NEEDS_CUSTOMER.map((tool) => state(tool, 'verify_customer')),
  // What a customer mostly knows.
  data('find_line', '/phone_number', [out('list_lines', '/lines/*/phone_number')], 'optional'),
  data('quote_plan_change', '/plan_name', [out('list_lines', '/lines/*/plan_name'), out('find_line', '/plan_name')], 'optional'),
];
