import { trueEdgesOf, type TrueGroup } from '../true-edges';

const { out, data, state } = trueEdgesOf('claims');

const POLICY = [out('list_policies', '/policies/*/policy_id'), out('find_policy', '/policy_id')];
const CLAIM = [out('open_claim', '/claim_id'), out('list_claims', '/claims/*/claim_id')];
const OFFER = [out('make_offer', '/offer_id')];
const VERIFIED = [
  'list_policies', 'find_policy', 'check_coverage', 'open_claim', 'list_claims', 'list_missing_documents', 'submit_document', 'link_claims',
  'appoint_assessor', 'file_assessment', 'make_offer', 'accept_offer', 'contest_offer',
];

/** What the claims tools need of each other. Documents and assessment before an offer are left out: a seed has a claim that is ready for one. */
export const CLAIMS_EDGES: readonly TrueGroup[] = [
  data('check_coverage', '/policy_id', POLICY),
  data('open_claim', '/coverage_code', [out('check_coverage', '/coverage_code')]),
  ...['list_missing_documents', 'appoint_assessor', 'make_offer'].map((tool) => data(tool, '/claim_id', CLAIM)),
  data('link_claims', '/main_claim', CLAIM),
  data('link_claims', '/further_claim', CLAIM),
  data('submit_document', '/request_id', [out('list_missing_documents', '/documents/*/request_id')]),
  data('appoint_assessor', '/assessor_id', [out('find_assessors', '/assessors/*/assessor_id')]),
  data('file_assessment', '/assessment_id', [out('appoint_assessor', '/assessment_id')]),
  data('accept_offer', '/offer_id', OFFER),
  data('contest_offer', '/offer_id', OFFER),
  ...VERIFIED.map((tool) => state(tool, 'verify_holder')),
];
