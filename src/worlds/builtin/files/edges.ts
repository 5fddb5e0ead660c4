import { trueEdgesOf, type TrueGroup } from '../true-edges';

const { out, data, state } = trueEdgesOf('files');

const DOCUMENT = [out('locate_document', '/document_id'), out('show_folder', '/documents/*/document_id'), out('merge_documents', '/document_id')];
const FOLDER = [out('locate_document', '/folder_ref'), out('show_folder', '/folders/*/folder_ref'), out('make_folder', '/folder_ref')];
const HANDLE = [out('open_document', '/handle')];
const OF_DOCUMENT = ['open_document', 'fingerprint_document', 'archive_document', 'move_document', 'list_revisions', 'lend_document'];
const NEEDS_WORKSPACE = [
  'locate_document', 'show_folder', 'enter_folder', 'leave_folder', 'make_folder', 'read_passage', 'append_line', 'close_document',
  'restore_archive', 'merge_documents', 'revert_document', ...OF_DOCUMENT,
];

/** The workspace's dependencies as its author knows them. */
export const FILES_EDGES: readonly TrueGroup[] = [
  ...OF_DOCUMENT.map((tool) => data(tool, '/document_id', DOCUMENT)),
  data('merge_documents', '/first_document', DOCUMENT),
  data('merge_documents', '/second_document', DOCUMENT),
  ...['enter_folder', 'move_document', 'restore_archive'].map((tool) => data(tool, '/folder_ref', FOLDER)),
  ...['read_passage', 'append_line', 'close_document'].map((tool) => data(tool, '/handle', HANDLE)),
  data('archive_document', '/checksum', [out('fingerprint_document', '/checksum'), out('close_document', '/checksum')]),
  data('restore_archive', '/archive_code', [out('archive_document', '/archive_code'), out('show_folder', '/archived/*/archive_code')]),
  data('revert_document', '/revision_id', [out('list_revisions', '/revisions/*/revision_id')]),
  ...NEEDS_WORKSPACE.map((tool) => state(tool, 'open_workspace')),
  state('leave_folder', 'enter_folder'),
  // The top holds no documents unless one is made there.
  state('open_document', 'enter_folder', 'merge_documents'),
];
