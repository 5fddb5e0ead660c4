import { createChatWorld } from '../../../src/worlds/builtin/chat';
import { rowsIn, rowWith, talkTo } from '../../fixtures/talk';

/** A session and the channel in which the user writes. */
async function inSession() {
  const talk = await talkTo(createChatWorld());
  const { say, ask, get } = talk;
  await ask('start_session', { chat_name: say.chat_name as string, passcode: say.passcode as string });
  const channel = (name: string): Promise<string> => get('find_channel', 'channel_id', { channel_name: say[name] as string });
  const person = (name: string): Promise<string> => get('find_person', 'person_id', { full_name: say[name] as string });
  return { ...talk, channel, person, own: await channel('own_channel') };
}

test('a channel is found, joined and read, a message gets a reply, and its thread is resolved', async () => {
  const { ask, attempt, get, say, channel } = await inSession();
  const channel_id = await channel('new_to_user');
  expect(await attempt('read_channel', { channel_id })).toMatchObject({ fault: 'precondition' });
  await ask('join_channel', { channel_id });
  expect(await attempt('join_channel', { channel_id })).toMatchObject({ fault: 'conflict' });
  const message_id = await get('post_message', 'message_id', { channel_id, text: say.first_text as string });
  expect(rowWith(await ask('read_channel', { channel_id }), 'messages', { message_id })).toMatchObject({ text: say.first_text, pinned: false });
  const reply = { message_id, text: say.second_text as string };
  const thread_id = await get('reply_to_message', 'thread_id', reply);
  expect(rowsIn(await ask('read_thread', { thread_id }), 'replies')).toEqual([{ author: expect.any(String), text: say.second_text }]);
  await ask('resolve_thread', { thread_id, outcome: 'answered' });
  expect(await attempt('reply_to_message', reply)).toMatchObject({ fault: 'conflict' });
  expect(await attempt('resolve_thread', { thread_id, outcome: 'decided' })).toMatchObject({ fault: 'conflict' });
});

test('the fourth pin of a channel waits for one to go', async () => {
  const { ask, attempt, get, say, own } = await inSession();
  const pinned = rowWith(await ask('read_channel', { channel_id: own }), 'messages', { pinned: true }).message_id as string;
  const post = (text: string): Promise<string> => get('post_message', 'message_id', { channel_id: own, text: say[text] as string });
  const [third, fourth] = [await post('first_text'), await post('second_text')];
  expect(await ask('pin_message', { message_id: third })).toMatchObject({ pins_left: 0 });
  expect(await attempt('pin_message', { message_id: fourth })).toMatchObject({ fault: 'conflict' });
  await ask('unpin_message', { message_id: pinned });
  await ask('pin_message', { message_id: fourth });
});

test('a closed channel is entered by invitation, a group chat by nobody', async () => {
  const { ask, attempt, get, say, person } = await inSession();
  const [mate, lead, newcomer] = [await person('desk_mate'), await person('team_lead'), await person('newcomer')];
  const channel_id = await get('create_channel', 'channel_id', { channel_name: say.wanted_channel as string, kind: 'closed' });
  expect(await ask('invite_to_channel', { channel_id, person_id: mate })).toMatchObject({ members: 2 });
  expect(await attempt('invite_to_channel', { channel_id, person_id: mate })).toMatchObject({ fault: 'conflict' });
  const group = await get('start_group_chat', 'channel_id', { first_person: mate, second_person: lead });
  expect(await attempt('start_group_chat', { first_person: lead, second_person: mate })).toMatchObject({ fault: 'conflict' });
  expect(await attempt('start_group_chat', { first_person: lead, second_person: lead })).toMatchObject({ fault: 'invalid_args' });
  expect(await attempt('invite_to_channel', { channel_id: group, person_id: newcomer })).toMatchObject({ fault: 'precondition' });
  await ask('post_message', { channel_id: group, text: say.third_text as string });
});

test('one message is planned for a day, until it is called off', async () => {
  const { ask, attempt, get, say, own } = await inSession();
  const plan = { channel_id: own, text: say.third_text as string, on: say.reminder_day as string, at: say.morning_time as string };
  const planned_id = await get('plan_message', 'planned_id', plan);
  expect(await attempt('plan_message', { ...plan, text: say.first_text as string })).toMatchObject({ fault: 'conflict' });
  expect(await ask('call_off_message', { planned_id })).toEqual({ freed_day: say.reminder_day, text: say.third_text });
  await ask('plan_message', plan);
});

test('without a session only channels are found', async () => {
  const { attempt, get, say } = await talkTo(createChatWorld());
  const channel_id = await get('find_channel', 'channel_id', { channel_name: say.own_channel as string });
  expect(await attempt('start_session', { chat_name: say.chat_name as string, passcode: 'guess' })).toMatchObject({ fault: 'precondition' });
  expect(await attempt('read_channel', { channel_id })).toMatchObject({ fault: 'precondition', message: expect.stringContaining('Sign in') });
});
