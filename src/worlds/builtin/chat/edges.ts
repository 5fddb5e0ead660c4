import { trueEdgesOf, type TrueGroup } from '../true-edges';

const { out, data, state } = trueEdgesOf('chat');

const PERSON = [out('find_person', '/person_id')];
const CHANNEL = [out('find_channel', '/channel_id'), out('create_channel', '/channel_id'), out('start_group_chat', '/channel_id')];
const MESSAGE = [out('read_channel', '/messages/*/message_id'), out('post_message', '/message_id')];
const THREAD = [out('read_channel', '/threads/*/thread_id'), out('reply_to_message', '/thread_id')];
const OF_CHANNEL = ['join_channel', 'invite_to_channel', 'read_channel', 'post_message', 'plan_message', 'mute_channel'];
const NEEDS_SESSION = [
  'find_person', 'create_channel', 'start_group_chat', 'reply_to_message', 'read_thread', 'resolve_thread', 'pin_message', 'unpin_message', 'call_off_message', ...OF_CHANNEL,
];

/** The chat's dependencies as its author knows them. The user is in one channel from the start, so joining is not listed. */
export const CHAT_EDGES: readonly TrueGroup[] = [
  ...OF_CHANNEL.map((tool) => data(tool, '/channel_id', CHANNEL)),
  data('invite_to_channel', '/person_id', PERSON),
  data('start_group_chat', '/first_person', PERSON),
  data('start_group_chat', '/second_person', PERSON),
  ...['reply_to_message', 'pin_message', 'unpin_message'].map((tool) => data(tool, '/message_id', MESSAGE)),
  ...['read_thread', 'resolve_thread'].map((tool) => data(tool, '/thread_id', THREAD)),
  data('call_off_message', '/planned_id', [out('plan_message', '/planned_id')]),
  ...NEEDS_SESSION.map((tool) => state(tool, 'start_session')),
];
