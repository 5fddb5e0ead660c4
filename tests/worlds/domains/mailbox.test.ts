import { createMailboxWorld } from '../../../src/worlds/builtin/mailbox';
import { rowsIn, talkTo } from '../../fixtures/talk';

/** An open mailbox with a message of the label the user looks at first. */
async function inMailbox() {
  const talk = await talkTo(createMailboxWorld());
  const { say, ask, get } = talk;
  await ask('open_mailbox', { mail_address: say.mail_address as string, mailbox_key: say.mailbox_key as string });
  const label_id = await get('find_label', 'label_id', { label_name: say.main_label as string });
  const message_id = rowsIn(await ask('list_messages', { label_id }), 'messages')[0]?.message_id as string;
  const contact = (name: string): Promise<string> => get('find_contact', 'contact_id', { full_name: say[name] as string });
  const file = (name: string): Promise<string> => get('find_file', 'file_id', { file_name: say[name] as string });
  return { ...talk, label_id, message_id, contact, file };
}

test('a reply gets an attachment, is checked and sent; an attachment after the check makes it void', async () => {
  const { ask, attempt, get, say, message_id, file } = await inMailbox();
  const draft_id = await get('draft_reply', 'draft_id', { message_id, body: say.second_text as string });
  const stale = await get('check_draft', 'check_code', { draft_id });
  const { attached } = await ask('attach_file', { draft_id, file_id: await file('own_file') });
  expect(await attempt('send_draft', { check_code: stale })).toMatchObject({ fault: 'not_found' });
  const check = await ask('check_draft', { draft_id });
  expect(check.weight).toBe((attached as number) + 12);
  const sent = await ask('send_draft', { check_code: check.check_code as string });
  expect(sent.subject).toMatch(/^Answer: /);
  expect(await attempt('send_draft', { check_code: check.check_code as string })).toMatchObject({ fault: 'conflict' });
  expect(await attempt('attach_file', { draft_id, file_id: await file('other_file') })).toMatchObject({ fault: 'conflict' });
});

test('a new draft goes to two contacts, and what nobody has opened is recalled once', async () => {
  const { attempt, get, say, contact } = await inMailbox();
  const [friend, neighbour] = [await contact('friend'), await contact('neighbour')];
  const draft = { recipient_id: friend, copy_to_id: neighbour, subject: say.first_subject as string, body: say.first_text as string };
  expect(await attempt('write_draft', { ...draft, copy_to_id: friend })).toMatchObject({ fault: 'invalid_args' });
  // A quarter of the mails is opened at once, so one of some drafts can be recalled.
  const recalls = [];
  for (const text of ['first_text', 'second_text']) {
    for (const subject of ['first_subject', 'second_subject']) {
      const draft_id = await get('write_draft', 'draft_id', { ...draft, subject: say[subject] as string, body: say[text] as string });
      const receipt = await get('send_draft', 'receipt', { check_code: await get('check_draft', 'check_code', { draft_id }) });
      recalls.push({ receipt, result: await attempt('recall_mail', { receipt }) });
    }
  }
  const recalled = recalls.find(({ result }) => result.ok);
  expect(await attempt('recall_mail', { receipt: recalled?.receipt as string })).toMatchObject({ fault: 'conflict', message: expect.stringContaining('already') });
});

test('attachments of a draft have a limit', async () => {
  const { ask, attempt, get, say, message_id, file } = await inMailbox();
  const draft_id = await get('draft_reply', 'draft_id', { message_id, body: say.first_text as string });
  const enclosed = [];
  for (const name of ['main_label', 'second_label', 'old_label']) {
    const label_id = await get('find_label', 'label_id', { label_name: say[name] as string });
    for (const row of rowsIn(await ask('list_messages', { label_id }), 'messages')) enclosed.push(...rowsIn(await ask('read_message', { message_id: row.message_id as string }), 'attachments'));
  }
  const ids = [...new Set([...enclosed.map((row) => row.file_id as string), await file('own_file'), await file('other_file')])];
  const results = [];
  for (const file_id of ids) results.push(await attempt('attach_file', { draft_id, file_id }));
  expect(results.find((result) => !result.ok)).toMatchObject({ fault: 'precondition', message: expect.stringContaining('kilobytes') });
});

test('a label in use stays, an empty one can go', async () => {
  const { ask, attempt, get, say, label_id, message_id } = await inMailbox();
  expect(await attempt('delete_label', { label_id })).toMatchObject({ fault: 'conflict' });
  const fresh = await get('define_label', 'label_id', { label_name: say.new_label as string });
  await ask('apply_label', { message_id, label_id: fresh });
  expect(await attempt('apply_label', { message_id, label_id: fresh })).toMatchObject({ fault: 'conflict' });
  expect(await attempt('delete_label', { label_id: fresh })).toMatchObject({ fault: 'conflict' });
});

test('absences do not overlap, and a message sleeps until one day', async () => {
  const { ask, attempt, say, message_id } = await inMailbox();
  const absence = { first_day: say.departure_day as string, last_day: say.return_day as string, body: say.first_text as string };
  await ask('announce_absence', absence);
  expect(await attempt('announce_absence', { ...absence, first_day: absence.last_day })).toMatchObject({ fault: 'conflict' });
  await ask('sleep_message', { message_id, until: absence.last_day });
  expect(await attempt('sleep_message', { message_id, until: absence.first_day })).toMatchObject({ fault: 'conflict' });
});
