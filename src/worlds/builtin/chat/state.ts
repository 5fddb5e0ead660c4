import { z } from 'zod';
import { addDays } from '../calendar';
import { rowOf } from '../combinators';
import { seeding } from '../seeding';

export const CHANNEL_KINDS = ['open', 'closed', 'group'] as const;

/** `me` is the user's own id among the members. */
const channel = z.strictObject({ name: z.string(), kind: z.enum(CHANNEL_KINDS), topic: z.string(), members: z.array(z.string()), mutedUntil: z.iso.date().nullable() });
const message = z.strictObject({ channel: z.string(), author: z.string(), text: z.string(), on: z.iso.date(), pinned: z.boolean() });
const thread = z.strictObject({ message: z.string(), replies: z.array(z.strictObject({ author: z.string(), text: z.string() })), resolved: z.boolean() });

export const chatStateSchema = z.strictObject({
  salt: z.string(),
  today: z.iso.date(),
  user: z.strictObject({ chatName: z.string(), passcode: z.string(), id: z.string() }),
  session: z.strictObject({ signedIn: z.boolean() }),
  people: z.record(z.string(), z.strictObject({ name: z.string(), team: z.string() })),
  channels: z.record(z.string(), channel),
  messages: z.record(z.string(), message),
  threads: z.record(z.string(), thread),
  planned: z.record(z.string(), z.strictObject({ channel: z.string(), text: z.string(), on: z.iso.date(), at: z.string() })),
});

export type ChatState = z.output<typeof chatStateSchema>;
export type Channel = z.output<typeof channel>;

export const PINS = 3;

const CHANNELS = [
  { name: 'late-trains', topic: 'Who is stuck where' }, { name: 'bread-oven', topic: 'The oven on the second floor' }, { name: 'spring-fair', topic: 'Stands, tents and lamps' },
  { name: 'lost-gloves', topic: 'Found and missing things' }, { name: 'print-room', topic: 'Paper, ink and queues' }, { name: 'night-shift', topic: 'Handing over at six' },
];
const TEXTS = [
  'The big tent needs two more poles.', 'Can somebody sign for the parcels?', 'The oven is free after three.', 'A red glove lies at the front desk.', 'Queue two is out of paper again.',
  'The six o clock handover moves to half past.', 'We have twelve lamps too many.', 'Who has the key to the yard?', 'The first train is cancelled on Monday.', 'Ink arrives on Thursday.',
  'The stands were paid yesterday.', 'Please label your dough.', 'The lift stops at noon.', 'A grey scarf hung in the hall.', 'The rota for May is out.',
];
const REPLIES = ['I can do that.', 'Not before Wednesday.', 'Ask the front desk.', 'That was me, sorry.', 'Done, see the list.', 'Two are enough.'];

/** The initial state of a seed: three open channels, the user in one of them, each with messages, threads and pins. */
export function initChat(seed: number): ChatState {
  const s = seeding('chat', seed);
  const names = s.faker.helpers.uniqueArray(() => s.faker.person.firstName(), 7).map((first) => `${first} ${s.faker.person.lastName()}`);
  const people = s.table('PE', names, (name) => ({ name, team: s.rng.pick(['stores', 'bakery', 'press', 'yard', 'office']) }));
  const [me, ...others] = Object.keys(people) as [string, ...string[]];
  const channels = s.table('CH', s.some(CHANNELS, 3), ({ name, topic }, at): Channel => ({ name, topic, kind: 'open', members: [...(at === 0 ? [me] : []), ...s.some(others, 3)], mutedUntil: null }));
  const texts = s.some(TEXTS, TEXTS.length);
  const posts = Object.entries(channels).flatMap(([id, row], at) => [0, 1, 2, 3].map((slot) => ({ channel: id, author: s.rng.pick(row.members), text: texts[at * 4 + slot] as string, on: addDays(s.today, -12 + 3 * slot), pinned: slot < 2 })));
  const messages = s.table('MS', posts, (row) => row);
  const roots = Object.keys(messages).filter((_, at) => at % 2 === 1);
  return {
    salt: s.salt,
    today: s.today,
    user: { chatName: `${(names[0] as string).split(' ')[0]?.toLowerCase()}.${s.rng.int(100, 999)}`, passcode: `${s.faker.word.noun()}-${s.rng.int(1000, 9999)}`, id: me },
    session: { signedIn: false },
    people,
    channels,
    messages,
    threads: s.table('TH', roots, (root, at) => ({ message: root, replies: s.some(REPLIES, 2).map((text) => ({ author: s.rng.pick(others), text })), resolved: at === 1 })),
    planned: {},
  };
}

export const pinsOf = (state: ChatState, channel: string): number => Object.values(state.messages).filter((row) => row.channel === channel && row.pinned).length;

export const chatInvariants: { [rule: string]: (state: ChatState) => boolean } = {
  [`a channel has at most ${PINS} pins`]: (state) => Object.keys(state.channels).every((id) => pinsOf(state, id) <= PINS),
  'everybody is in a channel once': (state) => Object.values(state.channels).every((row) => new Set(row.members).size === row.members.length && row.members.every((id) => Object.hasOwn(state.people, id))),
  'group chats have three members': (state) => Object.values(state.channels).every((row) => row.kind !== 'group' || row.members.length === 3),
  'a message has one thread, which has replies': (state) =>
    new Set(Object.values(state.threads).map((row) => row.message)).size === Object.keys(state.threads).length && Object.values(state.threads).every((row) => row.replies.length > 0),
  'the user has planned at most one message for a channel and day': (state) => {
    const days = Object.values(state.planned).map((row) => `${row.channel}/${row.on}`);
    return new Set(days).size === days.length;
  },
  'the user wrote only where a member': (state) => Object.values(state.messages).every((row) => row.author !== state.user.id || rowOf(state.channels, row.channel).members.includes(state.user.id)),
};
