import { trueEdgesOf, type TrueGroup } from '../true-edges';

const { out, data, state } = trueEdgesOf('library');

const WORK = [out('find_title', '/work_id'), out('titles_by_author', '/works/*/work_id')];
const BRANCH = [out('find_branch', '/branch_code')];
const COPY = [out('list_copies', '/copies/*/copy_id')];
const LOAN = [out('list_loans', '/loans/*/loan_id'), out('borrow_copy', '/loan_id')];
const FEE = [out('list_fees', '/fees/*/fee_id')];
const NEEDS_ACCOUNT = ['request_transfer', 'borrow_copy', 'list_loans', 'renew_loan', 'return_loan', 'list_fees', 'contest_fee', 'pay_fee', 'place_hold', 'pause_hold'];

/** The library's dependencies as its author knows them. Only tests may read them. */
export const LIBRARY_EDGES: readonly TrueGroup[] = [
  data('list_copies', '/work_id', WORK),
  data('place_hold', '/work_id', WORK),
  data('place_hold', '/branch_code', BRANCH),
  data('van_times', '/from_branch', BRANCH),
  data('van_times', '/to_branch', BRANCH),
  data('request_transfer', '/copy_id', COPY),
  data('request_transfer', '/branch_code', BRANCH),
  data('borrow_copy', '/copy_id', COPY),
  data('renew_loan', '/loan_id', LOAN),
  data('return_loan', '/loan_id', LOAN),
  data('contest_fee', '/fee_id', FEE),
  data('pay_fee', '/fee_id', FEE),
  data('pause_hold', '/hold_id', [out('place_hold', '/hold_id')]),
  ...NEEDS_ACCOUNT.map((tool) => state(tool, 'unlock_account')),
  // The large fee of every seed has to go, or be contested, first.
  state('borrow_copy', 'pay_fee', 'contest_fee'),
];
