import { z } from 'zod';
import { createRng } from '../../../core/random';
import { addDays, daysBetween } from '../calendar';
import { clock, findId, notPast, rowOf, rowsOf, sameName, signedIn, sortedBy } from '../combinators';
import { day, exists, must, ref, toolsOn, type DomainTool, type Need } from '../domain';
import { pinsOf, PINS, type Channel, type ChatState } from './state';

const tool = toolsOn<ChatState>();

// ---- fields that several tools share ----

const personId = (what: string): z.ZodString => ref('person_id', `Identifier of ${what}`);
const channelId = ref('channel_id', 'Identifier of a channel');
const messageId = ref('message_id', 'Identifier of a message');
const threadId = ref('thread_id', 'Identifier of a thread');
const messageText = ref('message_text', 'What to write');
const reached = z.int().describe('Devices on which it is shown');

// ---- needs ----

type OfChannel = { channel_id: string };
type OfMessage = { message_id: string };
type OfThread = { thread_id: string };

const inSession = signedIn<ChatState>();
const channelExists = exists<ChatState, OfChannel>('channel', (state) => state.channels, (args) => args.channel_id);
const messageExists = exists<ChatState, OfMessage>('message', (state) => state.messages, (args) => args.message_id);
const threadExists = exists<ChatState, OfThread>('thread', (state) => state.threads, (args) => args.thread_id);
const channelOf = (state: ChatState, args: OfChannel): Channel => rowOf(state.channels, args.channel_id);
const messageOf = (state: ChatState, args: OfMessage): ChatState['messages'][string] => rowOf(state.messages, args.message_id);
const threadOf = (state: ChatState, args: OfThread): ChatState['threads'][string] => rowOf(state.threads, args.thread_id);

const isMember = (state: ChatState, channel: string): boolean => rowOf(state.channels, channel).members.includes(state.user.id);
/** The user is a member of the channel that the arguments lead to. */
const member = <A>(channel: (state: ChatState, args: A) => string): Need<ChatState, A> =>
  must('precondition', (state, args) => isMember(state, channel(state, args)), (args, state) => `The user is not a member of ${rowOf(state.channels, channel(state, args)).name}.`);
const memberHere = member<OfChannel>((_state, args) => args.channel_id);
const memberOfMessage = member<OfMessage>((state, args) => messageOf(state, args).channel);
const memberOfThread = member<OfThread>((state, args) => rowOf(state.messages, threadOf(state, args).message).channel);
const personExists = <A>(id: (args: A) => string): Need<ChatState, A> => exists('person', (state) => state.people, id);

// ---- session, people, channels ----

const startSession = tool({
  name: 'start_session',
  about: 'Start a session in the chat with chat name and passcode. Only channels can be looked up without one.',
  in: z.strictObject({ chat_name: ref('chat_name', 'Chat name'), passcode: ref('passcode', 'Passcode of the chat name') }),
  out: z.object({
    shown_as: z.string().describe('Name under which others see the user'),
    unread: z.int().describe('Messages that the user has not read'),
  }),
  writes: ['session'],
  needs: [
    must('not_found', (state, args) => sameName(state.user.chatName, args.chat_name), (args) => `Nobody has the chat name \`${args.chat_name}\`.`),
    must('precondition', (state, args) => state.user.passcode === args.passcode, () => 'The passcode does not belong to this chat name.'),
  ],
  run: ({ state }) => {
    state.session.signedIn = true;
    return { shown_as: rowOf(state.people, state.user.id).name, unread: createRng(`${state.salt}/unread`).int(11, 140) };
  },
});

const findPerson = tool({
  name: 'find_person',
  about: 'Find a colleague by full name, with the identifier that invitations and group chats need.',
  in: z.strictObject({ full_name: ref('full_name', 'Full name of the colleague') }),
  out: z.object({
    person_id: personId('the colleague'),
    team: z.string().describe('Team of the colleague'),
    last_seen: z.string().describe('Time at which the colleague was last in the chat, as HH:MM'),
  }),
  needs: [inSession, must('not_found', (state, args) => findId(state.people, (row) => sameName(row.name, args.full_name)) !== undefined, (args) => `Nobody is called \`${args.full_name}\`.`)],
  run: ({ state }, args) => {
    const person_id = findId(state.people, (row) => sameName(row.name, args.full_name)) as string;
    const rng = createRng(`${state.salt}/seen/${person_id}`);
    return { person_id, team: rowOf(state.people, person_id).team, last_seen: `${rng.int(10, 18)}:${rng.int(10, 59)}` };
  },
});

const findChannel = tool({
  name: 'find_channel',
  about: 'Find a channel by its name, with the identifier by which it is joined, read and written in.',
  in: z.strictObject({ channel_name: ref('channel_name', 'Name of the channel') }),
  out: z.object({
    channel_id: channelId,
    topic: z.string().describe('What the channel is about'),
    messages_per_week: z.int().describe('How busy it is, in messages per week'),
    founded: z.iso.date().describe('Day on which it was made'),
  }),
  needs: [must('not_found', (state, args) => findId(state.channels, (row) => row.kind !== 'group' && sameName(row.name, args.channel_name)) !== undefined, (args) => `There is no channel called \`${args.channel_name}\`.`)],
  run: ({ state }, args) => {
    const channel_id = findId(state.channels, (row) => row.kind !== 'group' && sameName(row.name, args.channel_name)) as string;
    const rng = createRng(`${state.salt}/channel/${channel_id}`);
    return { channel_id, topic: rowOf(state.channels, channel_id).topic, messages_per_week: rng.int(11, 320), founded: addDays(state.today, -rng.int(30, 900)) };
  },
});

const joinChannel = tool({
  name: 'join_channel',
  about: 'Join an open channel.',
  in: z.strictObject({ channel_id: channelId }),
  out: z.object({
    host: z.string().describe('Name of the person who looks after the channel'),
    missed_messages: z.int().describe('Messages that were written before'),
  }),
  writes: ['channels'],
  needs: [
    inSession,
    channelExists,
    must('conflict', (state, args) => !isMember(state, args.channel_id), (args, state) => `The user is a member of ${channelOf(state, args).name} already.`),
    must('precondition', (state, args) => channelOf(state, args).kind === 'open', (args, state) => `${channelOf(state, args).name} is not open.`),
  ],
  run: ({ state }, args) => {
    const row = channelOf(state, args);
    const host = rowOf(state.people, createRng(`${state.salt}/host/${args.channel_id}`).pick(row.members)).name;
    addMember(row, state.user.id);
    return { host, missed_messages: createRng(`${state.salt}/missed/${args.channel_id}`).int(40, 2400) };
  },
});

/** In the order of ids, so that it does not count who came first. */
function addMember(row: Channel, person: string): void {
  row.members = [...row.members, person].sort();
}

const createChannel = tool({
  name: 'create_channel',
  about: 'Make a channel with the user as its only member. Everybody can join an open one; people are invited to a closed one.',
  in: z.strictObject({
    channel_name: ref('new_channel_name', 'Name of the new channel'),
    kind: z.enum(['open', 'closed']).describe('Who can join'),
  }),
  out: z.object({
    channel_id: channelId,
    kept_until: z.iso.date().describe('Day until which its messages are kept'),
  }),
  writes: ['channels'],
  needs: [inSession, must('conflict', (state, args) => findId(state.channels, (row) => sameName(row.name, args.channel_name)) === undefined, (args) => `There is a channel \`${args.channel_name}\` already.`)],
  run: ({ state, id }, args) => {
    const channel_id = id('CH', args.channel_name, state.channels);
    state.channels[channel_id] = { name: args.channel_name, kind: args.kind, topic: 'not set', members: [state.user.id], mutedUntil: null };
    return { channel_id, kept_until: addDays(state.today, createRng(`${state.salt}/kept/${channel_id}`).int(180, 900)) };
  },
});

const inviteToChannel = tool({
  name: 'invite_to_channel',
  about: 'Invite a colleague to a channel of which the user is a member. The colleague is a member at once.',
  in: z.strictObject({ channel_id: channelId, person_id: personId('the colleague') }),
  out: z.object({
    greeting_time: z.string().describe('Time at which the colleague is greeted, as HH:MM'),
    members: z.int().describe('Members that the channel now has'),
  }),
  writes: ['channels'],
  needs: [
    inSession,
    channelExists,
    personExists((args) => args.person_id),
    memberHere,
    must('precondition', (state, args) => channelOf(state, args).kind !== 'group', () => 'Nobody is invited to a group chat.'),
    must('conflict', (state, args) => !channelOf(state, args).members.includes(args.person_id), (args) => `\`${args.person_id}\` is a member already.`),
  ],
  run: ({ state }, args) => {
    const row = channelOf(state, args);
    addMember(row, args.person_id);
    const rng = createRng(`${state.salt}/greeting/${args.channel_id}/${args.person_id}`);
    return { greeting_time: `${rng.int(10, 17)}:${rng.int(10, 59)}`, members: row.members.length };
  },
});

const startGroupChat = tool({
  name: 'start_group_chat',
  about: 'Start a group chat of the user with two colleagues. It works like a closed channel.',
  in: z.strictObject({ first_person: personId('the first colleague'), second_person: personId('the second colleague') }),
  out: z.object({ channel_id: channelId, title: z.string().describe('Title under which it is shown'), reached }),
  writes: ['channels'],
  needs: [
    inSession,
    personExists((args) => args.first_person),
    personExists((args) => args.second_person),
    must('invalid_args', (state, args) => new Set([args.first_person, args.second_person, state.user.id]).size === 3, () => 'A group chat needs two different colleagues besides the user.'),
    must('conflict', (state, args) => findId(state.channels, (row) => row.kind === 'group' && row.members.includes(args.first_person) && row.members.includes(args.second_person)) === undefined, () => 'There is a group chat with these two colleagues already.'),
  ],
  run: ({ state, id }, args) => {
    const pair = [args.first_person, args.second_person].sort();
    const names = pair.map((person) => rowOf(state.people, person).name.split(' ')[0]).sort();
    const channel_id = id('CH', pair.join('+'), state.channels);
    state.channels[channel_id] = { name: names.join(' and '), kind: 'group', topic: 'not set', members: [state.user.id, ...pair].sort(), mutedUntil: null };
    return { channel_id, title: names.join(' and '), reached: createRng(`${state.salt}/reached/${channel_id}`).int(3, 9) };
  },
});

const muteChannel = tool({
  name: 'mute_channel',
  about: 'Mute a channel of the user up to a day, at most 120 days ahead.',
  in: z.strictObject({ channel_id: channelId, until: day('Last silent day, as YYYY-MM-DD') }),
  out: z.object({
    silent_days: z.int().describe('Days without a sound'),
    expected_messages: z.int().describe('Messages to expect meanwhile'),
  }),
  writes: ['channels'],
  needs: [
    inSession,
    channelExists,
    memberHere,
    notPast((args) => args.until, 120),
    must('conflict', (state, args) => channelOf(state, args).mutedUntil === null, (args, state) => `The channel is muted until ${channelOf(state, args).mutedUntil} already.`),
  ],
  run: ({ state }, args) => {
    channelOf(state, args).mutedUntil = args.until;
    const silent_days = daysBetween(state.today, args.until);
    return { silent_days, expected_messages: silent_days * createRng(`${state.salt}/expected/${args.channel_id}`).int(2, 40) };
  },
});

// ---- messages and threads ----

const SHOWN = 6;

const readChannel = tool({
  name: 'read_channel',
  about: `Read the last ${SHOWN} messages of a channel of the user, and its threads.`,
  in: z.strictObject({ channel_id: channelId }),
  out: z.object({
    messages: z.array(z.object({
      message_id: messageId,
      author: z.string().describe('Name of the author'),
      text: z.string().describe('What it says'),
      pinned: z.boolean().describe('Whether it is pinned'),
    })).describe('The messages, oldest first'),
    threads: z.array(z.object({
      thread_id: threadId,
      about: z.string().describe('What the message says with which it began'),
      state: z.enum(['going_on', 'resolved']).describe('Whether it takes replies'),
    })).describe('Its threads, in the order of the texts'),
  }),
  needs: [inSession, channelExists, memberHere],
  run: ({ state }, args) => {
    const here = rowsOf(state.messages, (row) => row.channel === args.channel_id);
    const threads = rowsOf(state.threads, (row) => rowOf(state.messages, row.message).channel === args.channel_id);
    return {
      messages: sortedBy(here, ([, row]) => row.on).slice(-SHOWN).map(([message_id, row]) => ({ message_id, author: rowOf(state.people, row.author).name, text: row.text, pinned: row.pinned })),
      threads: sortedBy(threads.map(([thread_id, row]) => ({ thread_id, about: rowOf(state.messages, row.message).text, state: row.resolved ? ('resolved' as const) : ('going_on' as const) })), (row) => row.about),
    };
  },
});

const postMessage = tool({
  name: 'post_message',
  about: 'Write a message in a channel of the user. The same text is written once a day.',
  in: z.strictObject({ channel_id: channelId, text: messageText }),
  out: z.object({ message_id: messageId, reached, editable_until: z.string().describe('Time up to which it can be edited, as HH:MM') }),
  writes: ['messages'],
  needs: [
    inSession,
    channelExists,
    memberHere,
    must('conflict', (state, args) => findId(state.messages, (row) => row.channel === args.channel_id && row.on === state.today && sameName(row.text, args.text)) === undefined, () => 'The channel has this message already.'),
  ],
  run: ({ state, id }, args) => {
    const message_id = id('MS', `${args.channel_id}/${args.text}`, state.messages);
    state.messages[message_id] = { channel: args.channel_id, author: state.user.id, text: args.text, on: state.today, pinned: false };
    const rng = createRng(`${state.salt}/post/${message_id}`);
    return { message_id, reached: rng.int(11, 90), editable_until: `${rng.int(10, 19)}:${rng.int(10, 59)}` };
  },
});

const threadAt = (state: ChatState, message: string): string | undefined => findId(state.threads, (row) => row.message === message);

const replyToMessage = tool({
  name: 'reply_to_message',
  about: 'Reply to a message in a channel of the user. The first reply opens its thread.',
  in: z.strictObject({ message_id: messageId, text: messageText }),
  out: z.object({ thread_id: threadId, replies: z.int().describe('Replies in the thread'), replied_to: z.string().describe('Name of the author of the message') }),
  writes: ['threads'],
  needs: [
    inSession,
    messageExists,
    memberOfMessage,
    must('conflict', (state, args) => state.threads[threadAt(state, args.message_id) ?? '']?.resolved !== true, () => 'The thread of this message is resolved.'),
  ],
  run: ({ state, id }, args) => {
    const thread_id = threadAt(state, args.message_id) ?? id('TH', args.message_id, state.threads);
    state.threads[thread_id] ??= { message: args.message_id, replies: [], resolved: false };
    const row = rowOf(state.threads, thread_id);
    row.replies.push({ author: state.user.id, text: args.text });
    return { thread_id, replies: row.replies.length, replied_to: rowOf(state.people, messageOf(state, args).author).name };
  },
});

const readThread = tool({
  name: 'read_thread',
  about: 'Read the replies of a thread in a channel of the user.',
  in: z.strictObject({ thread_id: threadId }),
  out: z.object({
    replies: z.array(z.object({
      author: z.string().describe('Name of the author'),
      text: z.string().describe('What the reply says'),
    })).describe('The last replies, oldest first'),
    followers: z.int().describe('People who follow the thread'),
  }),
  needs: [inSession, threadExists, memberOfThread],
  run: ({ state }, args) => ({
    replies: threadOf(state, args).replies.slice(-SHOWN).map((row) => ({ author: rowOf(state.people, row.author).name, text: row.text })),
    followers: createRng(`${state.salt}/followers/${args.thread_id}`).int(11, 60),
  }),
});

const resolveThread = tool({
  name: 'resolve_thread',
  about: 'Mark a thread in a channel of the user as resolved. It takes no more replies.',
  in: z.strictObject({ thread_id: threadId, outcome: z.enum(['answered', 'decided', 'dropped']).describe('How it ended') }),
  out: z.object({
    last_word: z.string().describe('Name of the author of the last reply'),
    open_threads: z.int().describe('Threads of the channel that go on'),
    archive_page: z.int().describe('Page of the archive on which it is kept'),
  }),
  writes: ['threads'],
  needs: [inSession, threadExists, memberOfThread, must('conflict', (state, args) => !threadOf(state, args).resolved, (args) => `Thread \`${args.thread_id}\` is resolved already.`)],
  run: ({ state }, args) => {
    const row = threadOf(state, args);
    row.resolved = true;
    const { channel } = rowOf(state.messages, row.message);
    return {
      last_word: rowOf(state.people, row.replies.at(-1)?.author as string).name,
      open_threads: rowsOf(state.threads, (one) => !one.resolved && rowOf(state.messages, one.message).channel === channel).length,
      archive_page: createRng(`${state.salt}/page/${args.thread_id}`).int(11, 400),
    };
  },
});

const pinMessage = tool({
  name: 'pin_message',
  about: `Pin a message in a channel of the user. A channel has at most ${PINS} pins.`,
  in: z.strictObject({ message_id: messageId }),
  out: z.object({ pins_left: z.int().describe('Pins that the channel has left'), seen_by: z.int().describe('People who have seen the message') }),
  writes: ['messages'],
  needs: [
    inSession,
    messageExists,
    memberOfMessage,
    must('conflict', (state, args) => !messageOf(state, args).pinned, (args) => `Message \`${args.message_id}\` is pinned already.`),
    must('conflict', (state, args) => pinsOf(state, messageOf(state, args).channel) < PINS, () => `The channel has ${PINS} pins already. Unpin a message first.`),
  ],
  run: ({ state }, args) => {
    const row = messageOf(state, args);
    row.pinned = true;
    return { pins_left: PINS - pinsOf(state, row.channel), seen_by: createRng(`${state.salt}/seenby/${args.message_id}`).int(11, 140) };
  },
});

const unpinMessage = tool({
  name: 'unpin_message',
  about: 'Take the pin off a message in a channel of the user.',
  in: z.strictObject({ message_id: messageId }),
  out: z.object({ pins_left: z.int().describe('Pins that the channel has left'), pinned_days: z.int().describe('Days for which the message was pinned') }),
  writes: ['messages'],
  needs: [inSession, messageExists, memberOfMessage, must('conflict', (state, args) => messageOf(state, args).pinned, (args) => `Message \`${args.message_id}\` is not pinned.`)],
  run: ({ state }, args) => {
    const row = messageOf(state, args);
    row.pinned = false;
    return { pins_left: PINS - pinsOf(state, row.channel), pinned_days: daysBetween(row.on, state.today) };
  },
});

// ---- planned messages ----

const planMessage = tool({
  name: 'plan_message',
  about: 'Plan a message for a later day in a channel of the user, at most one for a day and 120 days ahead.',
  in: z.strictObject({ channel_id: channelId, text: messageText, on: day('Day on which it is written, as YYYY-MM-DD'), at: clock('When it is written') }),
  out: z.object({ planned_id: ref('planned_id', 'Identifier of the planned message'), days_ahead: z.int().describe('Days until it is written'), reached }),
  writes: ['planned'],
  needs: [
    inSession,
    channelExists,
    memberHere,
    notPast((args) => args.on, 120),
    must('conflict', (state, args) => findId(state.planned, (row) => row.channel === args.channel_id && row.on === args.on) === undefined, (args) => `The channel has a planned message for ${args.on} already.`),
  ],
  run: ({ state, id }, args) => {
    const planned_id = id('PM', `${args.channel_id}/${args.on}`, state.planned);
    state.planned[planned_id] = { channel: args.channel_id, text: args.text, on: args.on, at: args.at };
    return { planned_id, days_ahead: daysBetween(state.today, args.on), reached: createRng(`${state.salt}/planned/${planned_id}`).int(11, 90) };
  },
});

const callOffMessage = tool({
  name: 'call_off_message',
  about: 'Call a planned message off before its day.',
  in: z.strictObject({ planned_id: ref('planned_id', 'Identifier of the planned message, as given by plan_message') }),
  out: z.object({ freed_day: z.iso.date().describe('Day for which another message can be planned'), text: z.string().describe('What would have been written') }),
  writes: ['planned'],
  needs: [
    inSession,
    exists('planned message', (state) => state.planned, (args) => args.planned_id),
    must('precondition', (state, args) => rowOf(state.planned, args.planned_id).on > state.today, () => 'The message is for today and can no longer be called off.'),
  ],
  run: ({ state }, args) => {
    const { on, text } = rowOf(state.planned, args.planned_id);
    delete state.planned[args.planned_id];
    return { freed_day: on, text };
  },
});

/** The tools of the chat, as a company's assistant would be given them. */
export const chatTools: readonly DomainTool<ChatState>[] = [
  startSession, findPerson, findChannel, joinChannel, createChannel, inviteToChannel, startGroupChat, muteChannel,
  readChannel, postMessage, replyToMessage, readThread, resolveThread, pinMessage, unpinMessage, planMessage, callOffMessage,
];
