import { z } from 'zod';
import { createRng } from '../../../core/random';
import { addDays, daysBetween } from '../calendar';
import { enough, findId, inOrder, notPast, rowOf, rowsOf, sameName, sortedBy } from '../combinators';
import { day, exists, must, ref, toolsOn, type DomainTool, type Need } from '../domain';
import { DRAFT_KILOBYTES, weightOf, type Draft, type MailboxState, type Message } from './state';

const tool = toolsOn<MailboxState>();

// ---- fields that several tools share ----

const labelId = ref('label_id', 'Identifier of a label');
const messageId = ref('message_id', 'Identifier of a message');
const contactId = (what: string): z.ZodString => ref('contact_id', `Identifier of ${what}, as given by find_contact`);
const fileId = ref('file_id', 'Identifier of a file');
const draftId = ref('draft_id', 'Identifier of a draft');
const kilobytes = (what: string): z.ZodInt => z.int().describe(`${what}, in kilobytes`);
const bodyText = ref('body_text', 'What the mail says');

// ---- needs ----

type OfLabel = { label_id: string };
type OfMessage = { message_id: string };
type OfDraft = { draft_id: string };

const opened: Need<MailboxState, unknown> = must('precondition', (state) => state.session.opened, () => 'The mailbox is closed. Open it first.');
const labelExists = exists<MailboxState, OfLabel>('label', (state) => state.labels, (args) => args.label_id);
const messageExists = exists<MailboxState, OfMessage>('message', (state) => state.messages, (args) => args.message_id);
const draftExists = exists<MailboxState, OfDraft>('draft', (state) => state.drafts, (args) => args.draft_id);
const contactExists = <A>(id: (args: A) => string): Need<MailboxState, A> => exists('contact', (state) => state.contacts, id);
const messageOf = (state: MailboxState, args: OfMessage): Message => rowOf(state.messages, args.message_id);
const draftOf = (state: MailboxState, args: OfDraft): Draft => rowOf(state.drafts, args.draft_id);
const notSent = must<MailboxState, OfDraft>('conflict', (state, args) => !draftOf(state, args).sent, (args) => `Draft \`${args.draft_id}\` has been sent.`);
const carrying = (state: MailboxState, label: string): [string, Message][] => rowsOf(state.messages, (row) => row.labels.includes(label));

// ---- mailbox and labels ----

const openMailbox = tool({
  name: 'open_mailbox',
  about: 'Open the mailbox with its address and key. Nothing can be read or written before.',
  in: z.strictObject({ mail_address: ref('mail_address', 'Address of the mailbox'), mailbox_key: ref('mailbox_key', 'Key of the mailbox') }),
  out: z.object({ unread: z.int().describe('Messages that have not been read'), free_megabytes: z.int().describe('Space left, in megabytes') }),
  writes: ['session'],
  needs: [
    must('not_found', (state, args) => sameName(state.owner.address, args.mail_address), (args) => `There is no mailbox \`${args.mail_address}\`.`),
    must('precondition', (state, args) => state.owner.key === args.mailbox_key, () => 'The key does not open this mailbox.'),
  ],
  run: ({ state }) => {
    state.session.opened = true;
    const rng = createRng(`${state.salt}/mailbox`);
    return { unread: rng.int(11, 160), free_megabytes: rng.int(120, 4800) };
  },
});

const findLabel = tool({
  name: 'find_label',
  about: 'Find a label by its name, with the identifier by which its messages are listed.',
  in: z.strictObject({ label_name: ref('label_name', 'Name of the label') }),
  out: z.object({
    label_id: labelId,
    messages: z.int().describe('Messages that carry it'),
    colour: z.string().describe('Colour in which it is shown'),
    newest_on: z.string().describe('Day of its newest message, or `none`'),
  }),
  needs: [opened, must('not_found', (state, args) => findId(state.labels, (row) => sameName(row.name, args.label_name)) !== undefined, (args) => `There is no label called \`${args.label_name}\`.`)],
  run: ({ state }, args) => {
    const label_id = findId(state.labels, (row) => sameName(row.name, args.label_name)) as string;
    const mine = carrying(state, label_id);
    return { label_id, messages: mine.length, colour: colourOf(state, label_id), newest_on: sortedBy(mine, ([, row]) => row.on).at(-1)?.[1].on ?? 'none' };
  },
});

const colourOf = (state: MailboxState, label: string): string => createRng(`${state.salt}/colour/${label}`).pick(['moss', 'rust', 'slate', 'plum', 'straw', 'teal', 'brick']);

const createLabel = tool({
  name: 'define_label',
  about: 'Make a label that no message carries yet.',
  in: z.strictObject({ label_name: ref('new_label_name', 'Name of the new label') }),
  out: z.object({ label_id: labelId, colour: z.string().describe('Colour in which it is shown') }),
  writes: ['labels'],
  needs: [opened, must('conflict', (state, args) => findId(state.labels, (row) => sameName(row.name, args.label_name)) === undefined, (args) => `There is a label \`${args.label_name}\` already.`)],
  run: ({ state, id }, args) => {
    const label_id = id('LB', args.label_name, state.labels);
    state.labels[label_id] = { name: args.label_name };
    return { label_id, colour: colourOf(state, label_id) };
  },
});

const deleteLabel = tool({
  name: 'delete_label',
  about: 'Delete a label that no message carries.',
  in: z.strictObject({ label_id: labelId }),
  out: z.object({ deleted_name: z.string().describe('Name of the label that is gone'), labels_left: z.int().describe('Labels that are left') }),
  writes: ['labels'],
  needs: [
    opened,
    labelExists,
    must('conflict', (state, args) => carrying(state, args.label_id).length === 0, (args, state) => `${carrying(state, args.label_id).length} messages carry this label.`),
  ],
  run: ({ state }, args) => {
    const { name } = rowOf(state.labels, args.label_id);
    delete state.labels[args.label_id];
    return { deleted_name: name, labels_left: Object.keys(state.labels).length };
  },
});

// ---- messages ----

const listMessages = tool({
  name: 'list_messages',
  about: 'List the messages that carry a label, newest last.',
  in: z.strictObject({ label_id: labelId }),
  out: z.object({
    messages: z.array(z.object({
      message_id: messageId,
      sender: ref('full_name', 'Full name of the sender'),
      subject: z.string().describe('Subject of the message'),
      received_on: z.iso.date().describe('Day on which it came'),
    })).describe('The messages'),
  }),
  needs: [opened, labelExists],
  run: ({ state }, args) => ({
    messages: sortedBy(carrying(state, args.label_id), ([, row]) => row.on)
      .map(([message_id, row]) => ({ message_id, sender: rowOf(state.contacts, row.sender).name, subject: row.subject, received_on: row.on })),
  }),
});

const searchMail = tool({
  name: 'search_mail',
  about: 'List the messages of a sender, whatever labels they carry, newest last.',
  in: z.strictObject({ full_name: ref('full_name', 'Full name of the sender') }),
  out: z.object({
    messages: z.array(z.object({
      message_id: messageId,
      subject: z.string().describe('Subject of the message'),
      filed_under: z.string().describe('Names of its labels'),
    })).describe('The messages'),
    last_wrote_on: z.string().describe('Day of the newest, or `never`'),
  }),
  needs: [opened, must('not_found', (state, args) => contactCalled(state, args.full_name) !== undefined, (args) => `There is no contact called \`${args.full_name}\`.`)],
  run: ({ state }, args) => {
    const sender = contactCalled(state, args.full_name);
    const found = sortedBy(rowsOf(state.messages, (row) => row.sender === sender), ([, row]) => row.on);
    return {
      messages: found.map(([message_id, row]) => ({ message_id, subject: row.subject, filed_under: labelNames(state, row) })),
      last_wrote_on: found.at(-1)?.[1].on ?? 'never',
    };
  },
});

const contactCalled = (state: MailboxState, name: string): string | undefined => findId(state.contacts, (row) => sameName(row.name, name));
const labelNames = (state: MailboxState, row: Message): string => row.labels.map((id) => rowOf(state.labels, id).name).sort().join(', ');

const readMessage = tool({
  name: 'read_message',
  about: 'Read a message: what it says, by when an answer is wanted, and which files came with it.',
  in: z.strictObject({ message_id: messageId }),
  out: z.object({
    body: z.string().describe('What the message says'),
    answer_by: z.iso.date().describe('Day by which the sender wants an answer'),
    attachments: z.array(z.object({
      file_id: fileId,
      file_name: z.string().describe('Name of the file'),
      size: kilobytes('Size of the file'),
    })).describe('The files that came with it'),
  }),
  needs: [opened, messageExists],
  run: ({ state }, args) => ({
    body: messageOf(state, args).body,
    answer_by: addDays(state.today, createRng(`${state.salt}/answer/${args.message_id}`).int(2, 21)),
    attachments: rowsOf(state.files, (row) => row.message === args.message_id).map(([file_id, row]) => ({ file_id, file_name: row.name, size: row.kilobytes })),
  }),
});

const LABELS_PER_MESSAGE = 3;

const applyLabel = tool({
  name: 'apply_label',
  about: `Put a label on a message. A message carries at most ${LABELS_PER_MESSAGE}.`,
  in: z.strictObject({ message_id: messageId, label_id: labelId }),
  out: z.object({ label_now_on: z.int().describe('Messages that carry the label now'), all_labels: z.string().describe('Names of all labels of the message') }),
  writes: ['messages'],
  needs: [
    opened,
    messageExists,
    labelExists,
    must('conflict', (state, args) => !messageOf(state, args).labels.includes(args.label_id), (args) => `The message carries label \`${args.label_id}\` already.`),
    must('conflict', (state, args) => messageOf(state, args).labels.length < LABELS_PER_MESSAGE, () => `The message carries ${LABELS_PER_MESSAGE} labels already.`),
  ],
  run: ({ state }, args) => {
    const row = messageOf(state, args);
    row.labels = [...row.labels, args.label_id].sort();
    return { label_now_on: carrying(state, args.label_id).length, all_labels: labelNames(state, row) };
  },
});

const sleepMessage = tool({
  name: 'sleep_message',
  about: 'Let a message sleep: it is shown again on a later day, at most 90 days ahead.',
  in: z.strictObject({ message_id: messageId, until: day('Day on which it is shown again, as YYYY-MM-DD') }),
  out: z.object({ nights: z.int().describe('Nights until it is shown again'), wakes_at: z.string().describe('Time at which it is shown, as HH:MM') }),
  writes: ['messages'],
  needs: [
    opened,
    messageExists,
    notPast((args) => args.until, 90),
    must('conflict', (state, args) => messageOf(state, args).asleepUntil === null, (args, state) => `The message sleeps until ${messageOf(state, args).asleepUntil} already.`),
  ],
  run: ({ state }, args) => {
    messageOf(state, args).asleepUntil = args.until;
    return { nights: daysBetween(state.today, args.until), wakes_at: createRng(`${state.salt}/wake/${args.message_id}`).pick(['06:50', '07:25', '08:10', '09:05', '10:40']) };
  },
});

// ---- contacts and files ----

const findContact = tool({
  name: 'find_contact',
  about: 'Find a contact by full name, with the identifier that drafts need.',
  in: z.strictObject({ full_name: ref('full_name', 'Full name of the contact') }),
  out: z.object({
    contact_id: contactId('the contact'),
    company: z.string().describe('Company of the contact'),
    answers_within_hours: z.int().describe('Hours within which the contact mostly answers'),
  }),
  needs: [opened, must('not_found', (state, args) => contactCalled(state, args.full_name) !== undefined, (args) => `There is no contact called \`${args.full_name}\`.`)],
  run: ({ state }, args) => {
    const contact_id = contactCalled(state, args.full_name) as string;
    return { contact_id, company: rowOf(state.contacts, contact_id).company, answers_within_hours: createRng(`${state.salt}/hours/${contact_id}`).int(11, 90) };
  },
});

const findFile = tool({
  name: 'find_file',
  about: "Find one of the owner's files by its name, to attach it.",
  in: z.strictObject({ file_name: ref('file_name', 'Name of the file') }),
  out: z.object({ file_id: fileId, size: kilobytes('Size of the file'), changed_on: z.iso.date().describe('Day on which it was last changed') }),
  needs: [opened, must('not_found', (state, args) => findId(state.files, (row) => row.message === null && sameName(row.name, args.file_name)) !== undefined, (args) => `The owner has no file called \`${args.file_name}\`.`)],
  run: ({ state }, args) => {
    const file_id = findId(state.files, (row) => row.message === null && sameName(row.name, args.file_name)) as string;
    return { file_id, size: rowOf(state.files, file_id).kilobytes, changed_on: addDays(state.today, -createRng(`${state.salt}/changed/${file_id}`).int(1, 300)) };
  },
});

// ---- drafts and sent mail ----

const draftOut = z.object({
  draft_id: draftId,
  goes_to: z.string().describe('Who will get it'),
  reading_seconds: z.int().describe('How long it takes to read, in seconds'),
});

const readingSeconds = (state: MailboxState, draft: string): number => createRng(`${state.salt}/reading/${draft}`).int(11, 70);

const writeDraft = tool({
  name: 'write_draft',
  about: 'Write a new draft to one contact, with a copy to another.',
  in: z.strictObject({
    recipient_id: contactId('the contact who gets it'),
    copy_to_id: contactId('the contact who gets a copy'),
    subject: ref('subject_line', 'Subject of the mail'),
    body: bodyText,
  }),
  out: draftOut,
  writes: ['drafts'],
  needs: [
    opened,
    contactExists((args) => args.recipient_id),
    contactExists((args) => args.copy_to_id),
    must('invalid_args', (_state, args) => args.recipient_id !== args.copy_to_id, () => 'The copy goes to somebody else than the mail.'),
  ],
  run: ({ state, id }, args) => {
    const draft_id = id('DR', `${args.recipient_id}/${args.copy_to_id}/${args.subject}/${args.body}`, state.drafts);
    state.drafts[draft_id] = { to: args.recipient_id, copyTo: args.copy_to_id, subject: args.subject, body: args.body, files: [], check: null, sent: false };
    return { draft_id, goes_to: `${rowOf(state.contacts, args.recipient_id).name}, ${rowOf(state.contacts, args.copy_to_id).name}`, reading_seconds: readingSeconds(state, draft_id) };
  },
});

const draftReply = tool({
  name: 'draft_reply',
  about: 'Write a draft that answers a message. It goes to the sender alone.',
  in: z.strictObject({ message_id: messageId, body: bodyText }),
  out: draftOut,
  writes: ['drafts'],
  needs: [opened, messageExists],
  run: ({ state, id }, args) => {
    const { sender, subject } = messageOf(state, args);
    const draft_id = id('DR', `${args.message_id}/${args.body}`, state.drafts);
    state.drafts[draft_id] = { to: sender, copyTo: null, subject: `Answer: ${subject}`, body: args.body, files: [], check: null, sent: false };
    return { draft_id, goes_to: rowOf(state.contacts, sender).name, reading_seconds: readingSeconds(state, draft_id) };
  },
});

const attachFile = tool({
  name: 'attach_file',
  about: `Attach a file to a draft that has not been sent. Attachments of a draft weigh at most ${DRAFT_KILOBYTES} kilobytes. A check made before does not count any more.`,
  in: z.strictObject({ draft_id: draftId, file_id: fileId }),
  out: z.object({ attached: kilobytes('What all attachments weigh'), room_left: kilobytes('What could still be attached') }),
  writes: ['drafts'],
  needs: [
    opened,
    draftExists,
    notSent,
    exists('file', (state) => state.files, (args) => args.file_id),
    must('conflict', (state, args) => !draftOf(state, args).files.includes(args.file_id), (args) => `File \`${args.file_id}\` is attached already.`),
    enough('the draft', 'kilobytes', (state, args) => DRAFT_KILOBYTES - weightOf(state, draftOf(state, args).files), (args, state) => rowOf(state.files, args.file_id).kilobytes),
  ],
  run: ({ state }, args) => {
    const row = draftOf(state, args);
    Object.assign(row, { files: [...row.files, args.file_id].sort(), check: null });
    const attached = weightOf(state, row.files);
    return { attached, room_left: DRAFT_KILOBYTES - attached };
  },
});

const checkDraft = tool({
  name: 'check_draft',
  about: 'Check a draft before it is sent: addresses, spelling, weight. The code of the check sends it.',
  in: z.strictObject({ draft_id: draftId }),
  out: z.object({
    check_code: ref('check_code', 'Code of the check'),
    weight: kilobytes('What the mail weighs'),
    delivery_seconds: z.int().describe('How long the delivery will take, in seconds'),
  }),
  writes: ['drafts'],
  needs: [opened, draftExists, notSent, must('conflict', (state, args) => draftOf(state, args).check === null, (args) => `Draft \`${args.draft_id}\` has not changed since its last check.`)],
  run: ({ state, id }, args) => {
    const row = draftOf(state, args);
    const check_code = id('CK', `${args.draft_id}/${row.files.join()}`, {});
    row.check = check_code;
    return { check_code, weight: weightOf(state, row.files) + 12, delivery_seconds: createRng(`${state.salt}/delivery/${check_code}`).int(11, 95) };
  },
});

const draftOfCheck = (state: MailboxState, args: { check_code: string }): string | undefined => findId(state.drafts, (row) => row.check === args.check_code);

const sendDraft = tool({
  name: 'send_draft',
  about: 'Send a draft by the code of its check. The draft is closed afterwards.',
  in: z.strictObject({ check_code: ref('check_code', 'Code of the check of the draft, as given by check_draft') }),
  out: z.object({
    receipt: ref('receipt', 'Receipt of the sent mail'),
    subject: z.string().describe('Subject of the sent mail'),
    recipients: z.string().describe('Who gets it'),
  }),
  writes: ['drafts', 'sent'],
  needs: [
    opened,
    must('not_found', (state, args) => draftOfCheck(state, args) !== undefined, (args) => `No draft has the check \`${args.check_code}\`: it was never made, or the draft has changed since.`),
    must('conflict', (state, args) => !rowOf(state.drafts, draftOfCheck(state, args) ?? '').sent, () => 'The draft of this check has been sent.'),
  ],
  run: ({ state, id }, args) => {
    const draft = draftOfCheck(state, args) as string;
    const row = rowOf(state.drafts, draft);
    const receipt = id('RC', args.check_code, state.sent);
    row.sent = true;
    state.sent[receipt] = { draft, recalled: false };
    return { receipt, subject: row.subject, recipients: [row.to, ...(row.copyTo === null ? [] : [row.copyTo])].map((contact) => rowOf(state.contacts, contact).name).join(', ') };
  },
});

const openedBy = (state: MailboxState, receipt: string): boolean => createRng(`${state.salt}/opened/${receipt}`).float() < 0.25;

const recallMail = tool({
  name: 'recall_mail',
  about: 'Recall a sent mail that nobody has opened yet.',
  in: z.strictObject({ receipt: ref('receipt', 'Receipt of the sent mail, as given by send_draft') }),
  out: z.object({ recalled_subject: z.string().describe('Subject of the mail that is gone'), seconds_in_post: z.int().describe('Seconds for which it lay in the box of the recipient') }),
  writes: ['sent'],
  needs: [
    opened,
    exists('sent mail', (state) => state.sent, (args) => args.receipt),
    must('conflict', (state, args) => !rowOf(state.sent, args.receipt).recalled, () => 'The mail has been recalled already.'),
    must('conflict', (state, args) => !openedBy(state, args.receipt), () => 'The recipient has opened the mail.'),
  ],
  run: ({ state }, args) => {
    const row = rowOf(state.sent, args.receipt);
    row.recalled = true;
    return { recalled_subject: rowOf(state.drafts, row.draft).subject, seconds_in_post: createRng(`${state.salt}/post/${args.receipt}`).int(11, 240) };
  },
});

const ABSENCE_DAYS = 60;

const announceAbsence = tool({
  name: 'announce_absence',
  about: `Answer all mail with a text during an absence of at most ${ABSENCE_DAYS} days. Absences do not overlap.`,
  in: z.strictObject({ first_day: day('First day of the absence, as YYYY-MM-DD'), last_day: day('Last day of the absence, as YYYY-MM-DD'), body: bodyText }),
  out: z.object({ days_away: z.int().describe('Days of the absence'), expected_mails: z.int().describe('Mails that are likely to come meanwhile'), back_on: z.iso.date().describe('First day after the absence') }),
  writes: ['absences'],
  needs: [
    opened,
    inOrder((args) => args.first_day, (args) => args.last_day),
    notPast((args) => args.first_day),
    must('invalid_args', (_state, args) => daysBetween(args.first_day, args.last_day) < ABSENCE_DAYS, () => `An absence lasts at most ${ABSENCE_DAYS} days.`),
    must('conflict', (state, args) => findId(state.absences, (row) => row.firstDay <= args.last_day && args.first_day <= row.lastDay) === undefined, () => 'Another absence lies in these days.'),
  ],
  run: ({ state, id }, args) => {
    state.absences[id('AB', `${args.first_day}/${args.last_day}`, state.absences)] = { firstDay: args.first_day, lastDay: args.last_day, text: args.body };
    const days_away = daysBetween(args.first_day, args.last_day) + 1;
    return { days_away, expected_mails: days_away * createRng(`${state.salt}/mails`).int(3, 14), back_on: addDays(args.last_day, 1) };
  },
});

/** The tools of the mailbox, as a mail service's assistant would be given them. */
export const mailboxTools: readonly DomainTool<MailboxState>[] = [
  openMailbox, findLabel, createLabel, deleteLabel,
  listMessages, searchMail, readMessage, applyLabel, sleepMessage, findContact, findFile,
  writeDraft, draftReply, attachFile, checkDraft, sendDraft, recallMail, announceAbsence,
];
