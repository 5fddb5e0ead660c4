import { trueEdgesOf, type TrueGroup } from '../true-edges';

const { out, data, state } = trueEdgesOf('mailbox');

const LABEL = [out('find_label', '/label_id'), out('define_label', '/label_id')];
const MESSAGE = [out('list_messages', '/messages/*/message_id'), out('search_mail', '/messages/*/message_id')];
const CONTACT = [out('find_contact', '/contact_id')];
const DRAFT = [out('write_draft', '/draft_id'), out('draft_reply', '/draft_id')];
const NEEDS_MAILBOX = [
  'find_label', 'define_label', 'delete_label', 'list_messages', 'search_mail', 'read_message', 'apply_label', 'sleep_message', 'find_contact', 'find_file',
  'write_draft', 'draft_reply', 'attach_file', 'check_draft', 'send_draft', 'recall_mail', 'announce_absence',
];

/** The mailbox's dependencies as its author knows them. */
export const MAILBOX_EDGES: readonly TrueGroup[] = [
  ...['list_messages', 'delete_label', 'apply_label'].map((tool) => data(tool, '/label_id', LABEL)),
  ...['read_message', 'apply_label', 'sleep_message', 'draft_reply'].map((tool) => data(tool, '/message_id', MESSAGE)),
  data('write_draft', '/recipient_id', CONTACT),
  data('write_draft', '/copy_to_id', CONTACT),
  ...['attach_file', 'check_draft'].map((tool) => data(tool, '/draft_id', DRAFT)),
  data('attach_file', '/file_id', [out('find_file', '/file_id'), out('read_message', '/attachments/*/file_id')]),
  data('send_draft', '/check_code', [out('check_draft', '/check_code')]),
  data('recall_mail', '/receipt', [out('send_draft', '/receipt')]),
  ...NEEDS_MAILBOX.map((tool) => state(tool, 'open_mailbox')),
  // What a user can state as well as look up: true, and not needed for legality.
  ...['find_contact', 'search_mail'].map((tool) => data(tool, '/full_name', [out('list_messages', '/messages/*/sender')], 'optional')),
];
