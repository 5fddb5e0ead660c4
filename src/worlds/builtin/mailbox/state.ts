import { z } from 'zod';
import { addDays } from '../calendar';
import { rowOf } from '../combinators';
import { seeding } from '../seeding';

const message = z.strictObject({
  sender: z.string(),
  subject: z.string(),
  body: z.string(),
  on: z.iso.date(),
  labels: z.array(z.string()),
  asleepUntil: z.iso.date().nullable(),
});
const file = z.strictObject({ name: z.string(), kilobytes: z.int().min(1), message: z.string().nullable() });
const draft = z.strictObject({
  to: z.string(),
  copyTo: z.string().nullable(),
  subject: z.string(),
  body: z.string(),
  files: z.array(z.string()),
  /** The code of its last check, `null` once it has changed. */
  check: z.string().nullable(),
  sent: z.boolean(),
});

export const mailboxStateSchema = z.strictObject({
  salt: z.string(),
  today: z.iso.date(),
  owner: z.strictObject({ address: z.string(), key: z.string() }),
  session: z.strictObject({ opened: z.boolean() }),
  contacts: z.record(z.string(), z.strictObject({ name: z.string(), company: z.string() })),
  labels: z.record(z.string(), z.strictObject({ name: z.string() })),
  messages: z.record(z.string(), message),
  files: z.record(z.string(), file),
  drafts: z.record(z.string(), draft),
  sent: z.record(z.string(), z.strictObject({ draft: z.string(), recalled: z.boolean() })),
  absences: z.record(z.string(), z.strictObject({ firstDay: z.iso.date(), lastDay: z.iso.date(), text: z.string() })),
});

export type MailboxState = z.output<typeof mailboxStateSchema>;
export type Draft = z.output<typeof draft>;
export type Message = z.output<typeof message>;

/** The most that the attachments of a draft weigh, in kilobytes. */
export const DRAFT_KILOBYTES = 6000;

const LABELS = ['orchard', 'insurance', 'school run', 'theatre club', 'renovation', 'taxes', 'village hall', 'bees'];
const MAILS = [
  { subject: 'Grafts for the old pear', body: 'The grafts keep for ten days in wet sand.' }, { subject: 'Your window measurements', body: 'Two of the six measurements contradict each other.' },
  { subject: 'Rota for the gate', body: 'You are down for the second Saturday.' }, { subject: 'Costumes, second fitting', body: 'Bring the grey shoes to the fitting.' },
  { subject: 'Renewal of the policy', body: 'The premium rises unless the form comes back.' }, { subject: 'Plaster samples', body: 'Sample three dries fastest.' },
  { subject: 'Chairs for the hall', body: 'Sixty chairs can be lent for a weekend.' }, { subject: 'Swarm in the lime tree', body: 'The swarm moved on before noon.' },
  { subject: 'Receipts of last year', body: 'Four receipts are still missing.' }, { subject: 'Key of the boat shed', body: 'The spare key hangs behind the clock.' },
];
const OWN_FILES = ['pear map', 'window sketch', 'hall plan', 'hive count', 'tax summary', 'costume list'];
const SENT_FILES = ['form', 'price list', 'photo', 'timetable', 'agreement'];

/** The initial state of a seed: four labels, two messages of each of five contacts, half of them with a file, three own files. */
export function initMailbox(seed: number): MailboxState {
  const s = seeding('mailbox', seed);
  const names = s.faker.helpers.uniqueArray(() => s.faker.person.firstName(), 6).map((first) => `${first} ${s.faker.person.lastName()}`);
  const contacts = s.table('CT', names.slice(1), (name) => ({ name, company: s.faker.company.name() }));
  const labels = s.table('LB', s.some(LABELS, 4), (name) => ({ name }));
  const [writers, tags] = [Object.keys(contacts), Object.keys(labels)];
  const messages = s.table('ML', s.some(MAILS, MAILS.length), ({ subject, body }, at): Message => ({
    sender: writers[at % 5] as string, subject, body, on: addDays(s.today, -2 * at - s.rng.int(1, 2)),
    labels: [...new Set([tags[at % 4] as string, s.rng.pick(tags)])].sort(), asleepUntil: null,
  }));
  const enclosed = Object.keys(messages).filter((_, at) => at % 2 === 0).map((message) => ({ message, name: s.rng.pick(SENT_FILES) }));
  const files = [...enclosed, ...s.some(OWN_FILES, 3).map((name) => ({ message: null, name }))];
  return {
    salt: s.salt,
    today: s.today,
    owner: { address: `${(names[0] as string).toLowerCase().replace(/[^a-z]+/g, '.')}@pigeonhole.example`, key: `${s.faker.word.noun()}${s.rng.int(100, 999)}` },
    session: { opened: false },
    contacts,
    labels,
    messages,
    files: s.table('FL', files, (row) => ({ ...row, kilobytes: s.rng.int(300, 3400) })),
    drafts: {},
    sent: {},
    absences: {},
  };
}

export const weightOf = (state: MailboxState, files: readonly string[]): number => files.reduce((sum, id) => sum + rowOf(state.files, id).kilobytes, 0);

export const mailboxInvariants: { [rule: string]: (state: MailboxState) => boolean } = {
  'attachments of a draft are different and within the limit': (state) =>
    Object.values(state.drafts).every((row) => new Set(row.files).size === row.files.length && weightOf(state, row.files) <= DRAFT_KILOBYTES),
  'what was sent was checked, once': (state) =>
    Object.entries(state.drafts).every(([id, row]) => Object.values(state.sent).filter((one) => one.draft === id).length === (row.sent ? 1 : 0) && (!row.sent || row.check !== null)),
  'messages carry labels that exist, at most three': (state) =>
    Object.values(state.messages).every((row) => row.labels.length <= 3 && new Set(row.labels).size === row.labels.length && row.labels.every((id) => Object.hasOwn(state.labels, id))),
  'absences do not overlap': (state) => {
    const rows = Object.values(state.absences);
    return rows.every((one, at) => rows.slice(at + 1).every((other) => one.lastDay < other.firstDay || other.lastDay < one.firstDay));
  },
};
