import { trueEdgesOf, type TrueGroup } from '../true-edges';

const { out, data, state } = trueEdgesOf('lending');

const CUSTOMER = [out('find_customer', '/customer_id')];
const APPLICATION = [out('open_application', '/application_id'), out('list_applications', '/applications/*/application_id')];
const AGREEMENT = [out('sign_agreement', '/agreement_id'), out('list_agreements', '/agreements/*/agreement_id')];
const BEHIND_DESK = [
  'find_customer', 'pull_credit_file', 'check_affordability', 'open_application', 'list_applications', 'pledge_guarantee', 'make_offer', 'sign_agreement', 'list_agreements',
  'draw_down', 'repayment_plan', 'collect_instalment', 'quote_settlement', 'settle_early',
];

/** What the lender's tools need of each other. Payout before instalments is left out: a seed has loans that run. */
export const LENDING_EDGES: readonly TrueGroup[] = [
  ...['pull_credit_file', 'check_affordability', 'open_application', 'list_applications', 'list_agreements'].map((tool) => data(tool, '/customer_id', CUSTOMER)),
  data('pledge_guarantee', '/borrower_id', CUSTOMER),
  data('pledge_guarantee', '/guarantor_id', CUSTOMER),
  data('open_application', '/product_id', [out('find_product', '/product_id')]),
  data('make_offer', '/application_id', APPLICATION),
  data('make_offer', '/credit_file_id', [out('pull_credit_file', '/credit_file_id')]),
  data('sign_agreement', '/offer_id', [out('make_offer', '/offer_id')]),
  ...['draw_down', 'repayment_plan', 'quote_settlement'].map((tool) => data(tool, '/agreement_id', AGREEMENT)),
  data('collect_instalment', '/instalment_id', [out('repayment_plan', '/instalments/*/instalment_id')]),
  data('settle_early', '/settlement_id', [out('quote_settlement', '/settlement_id')]),
  ...BEHIND_DESK.map((tool) => state(tool, 'open_desk')),
  data('find_product', '/product_name', [out('list_agreements', '/agreements/*/product_name'), out('list_applications', '/applications/*/product_name')], 'optional'),
];
