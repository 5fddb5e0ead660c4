import type { KnownFact } from '../../../core/tool';
import { createRng } from '../../../core/random';
import { addDays } from '../calendar';
import { fact } from '../combinators';
import type { MailboxState } from './state';

const NEW_LABELS = ['to be answered', 'kept for Ines', 'summer camp', 'read twice'];
const SUBJECTS = ['A question about Saturday', 'The papers you wanted', 'Change of plan', 'Thanks and a favour'];
const BODIES = ['I shall bring what you asked for.', 'Could we move it by a week?', 'Both of us agree to the price.', 'Please send it to the new address.', 'I am away and answer late.'];

/** What a user of this seed could state. Codes of labels, messages, contacts, files, drafts, checks and sent mails are never among them. */
export function knownMailbox(state: MailboxState): KnownFact[] {
  const rng = createRng(`${state.salt}/known`);
  const labels = Object.values(state.labels).map((row) => row.name);
  const contacts = Object.values(state.contacts).map((row) => row.name);
  const files = Object.values(state.files).filter((row) => row.message === null).map((row) => row.name);
  const [fresh, subjects, bodies] = [NEW_LABELS, SUBJECTS, BODIES].map((list) => rng.shuffle(list)) as [string[], string[], string[]];
  return [
    fact('mail_address', state.owner.address, "the user's mail address", 'mail_address'),
    fact('mailbox_key', state.owner.key, "the key of the user's mailbox", 'mailbox_key'),
    fact('main_label', labels[0], 'the label the user looks at first', 'label_name'),
    fact('second_label', labels[1], 'the label under which the user expects an answer', 'label_name'),
    fact('old_label', labels[2], 'the label the user has not looked at for weeks', 'label_name'),
    fact('new_label', fresh[0], 'the name of a label the user would like', 'new_label_name'),
    fact('friend', contacts[0], 'the friend the user writes to', 'full_name'),
    fact('neighbour', contacts[2], "the user's neighbour", 'full_name'),
    fact('business_contact', contacts[4], 'the person who handles the matter at the other company', 'full_name'),
    fact('first_subject', subjects[0], 'the subject of a mail the user has in mind', 'subject_line'),
    fact('second_subject', subjects[1], 'the subject of a mail that is overdue', 'subject_line'),
    fact('first_text', bodies[0], 'what the user wants to write', 'body_text'),
    fact('second_text', bodies[1], 'what the user would answer', 'body_text'),
    fact('own_file', files[0], 'the file the user has promised to send', 'file_name'),
    fact('other_file', files[1], "another of the user's files", 'file_name'),
    fact('departure_day', addDays(state.today, rng.int(3, 12)), "the day on which the user's journey begins", 'date'),
    fact('return_day', addDays(state.today, rng.int(16, 30)), "the last day of the user's journey", 'date'),
  ];
}
