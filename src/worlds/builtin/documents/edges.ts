import { trueEdgesOf, type TrueGroup } from '../true-edges';

const { out, data, state } = trueEdgesOf('documents');

const COLLECTION = [out('find_collection', '/collection_id')];
const DOCUMENT = [out('search_topic', '/documents/*/document_id')];
const CITATION = [out('cite_passage', '/citation_id'), out('list_citations', '/citations/*/citation_id')];
const RELEASE = [out('request_release', '/release_id'), out('list_releases', '/releases/*/release_id')];
const NEEDS_BADGE = ['index_collection', 'cite_passage', 'link_citations', 'redact_place', 'request_release', 'list_releases', 'pay_release_fee', 'issue_copy'];

/** The archive's dependencies as their author knows them: the oracle that exploration is tested against. */
export const DOCUMENTS_EDGES: readonly TrueGroup[] = [
  ...['index_details', 'index_collection', 'list_citations'].map((tool) => data(tool, '/collection_id', COLLECTION)),
  data('search_topic', '/index_id', [out('index_details', '/index_id'), out('index_collection', '/index_id')]),
  ...['document_record', 'list_passages', 'find_sensitive_places', 'request_release'].map((tool) => data(tool, '/document_id', DOCUMENT)),
  data('cite_passage', '/passage_id', [out('list_passages', '/passages/*/passage_id')]),
  data('link_citations', '/from_citation', CITATION),
  data('link_citations', '/to_citation', CITATION),
  data('redact_place', '/mark_id', [out('find_sensitive_places', '/places/*/mark_id')]),
  ...['pay_release_fee', 'issue_copy'].map((tool) => data(tool, '/release_id', RELEASE)),
  ...NEEDS_BADGE.map((tool) => state(tool, 'check_badge')),
];
