import { createFilesWorld } from '../../../src/worlds/builtin/files';
import { rowsIn, talkTo } from '../../fixtures/talk';

/** An open workspace with a document of the user, whose folder is the current one. */
async function atDocument() {
  const talk = await talkTo(createFilesWorld());
  const { say, ask } = talk;
  await ask('open_workspace', { key_word: say.key_word as string });
  const locate = async (name: string) => ask('locate_document', { document_name: say[name] as string });
  const found = await locate('main_document');
  await ask('enter_folder', { folder_ref: found.folder_ref as string });
  return { ...talk, locate, document_id: found.document_id as string, folder_ref: found.folder_ref as string };
}

test('a document is located, opened, extended, closed, archived by its checksum and restored elsewhere', async () => {
  const { ask, get, attempt, say, locate, document_id } = await atDocument();
  const opened = await ask('open_document', { document_id, mode: 'writing' });
  const handle = opened.handle as string;
  expect((await ask('read_passage', { handle })).passage).toContain(opened.first_line);
  const { line_count } = await ask('append_line', { handle, line: say.first_line as string });
  expect(line_count).toBe((opened.line_count as number) + 1);
  expect(await attempt('archive_document', { document_id, checksum: 'CS-22222222' })).toMatchObject({ fault: 'conflict', message: expect.stringContaining('open') });
  const closed = await ask('close_document', { handle });
  expect(closed).toMatchObject({ line_count, outcome: 'saved' });
  expect(await ask('fingerprint_document', { document_id })).toMatchObject({ checksum: closed.checksum });
  const archive_code = await get('archive_document', 'archive_code', { document_id, checksum: closed.checksum as string });
  expect(await attempt('locate_document', { document_name: say.main_document as string })).toMatchObject({ fault: 'not_found' });
  const elsewhere = await locate('old_document');
  expect(await ask('restore_archive', { archive_code, folder_ref: elsewhere.folder_ref as string })).toMatchObject({ document_name: say.main_document, line_count, folder_path: elsewhere.folder_path });
});

test('an old checksum does not archive, and an earlier revision can be had again', async () => {
  const { ask, get, attempt, document_id } = await atDocument();
  const checksum = await get('fingerprint_document', 'checksum', { document_id });
  const [shortest] = rowsIn(await ask('list_revisions', { document_id }), 'revisions');
  expect(await ask('revert_document', { revision_id: shortest?.revision_id as string })).toMatchObject({ line_count: shortest?.lines });
  expect(await attempt('revert_document', { revision_id: shortest?.revision_id as string })).toMatchObject({ fault: 'conflict' });
  expect(await attempt('archive_document', { document_id, checksum })).toMatchObject({ fault: 'precondition' });
});

test('documents are opened in their own folder, once, and read-only handles write nothing', async () => {
  const { ask, get, attempt, say, document_id } = await atDocument();
  await ask('leave_folder');
  expect(await attempt('leave_folder')).toMatchObject({ fault: 'precondition' });
  expect(await attempt('open_document', { document_id, mode: 'reading' })).toMatchObject({ fault: 'precondition' });
  await ask('enter_folder', { folder_ref: await get('locate_document', 'folder_ref', { document_name: say.main_document as string }) });
  const handle = await get('open_document', 'handle', { document_id, mode: 'reading' });
  expect(await attempt('open_document', { document_id, mode: 'writing' })).toMatchObject({ fault: 'conflict' });
  expect(await attempt('append_line', { handle, line: say.first_line as string })).toMatchObject({ fault: 'precondition' });
  expect(await ask('close_document', { handle })).toMatchObject({ outcome: 'unchanged' });
});

test('a lent document is read, but neither written nor moved', async () => {
  const { ask, get, attempt, say, document_id } = await atDocument();
  const folder_ref = await get('make_folder', 'folder_ref', { folder_name: say.new_folder as string });
  await ask('lend_document', { document_id, colleague_name: say.reader as string, until: say.meeting_day as string });
  expect(await attempt('move_document', { document_id, folder_ref })).toMatchObject({ fault: 'conflict' });
  expect(await attempt('open_document', { document_id, mode: 'writing' })).toMatchObject({ fault: 'conflict' });
  await ask('open_document', { document_id, mode: 'reading' });
});

test('two documents become one in the current folder, under a name that is free', async () => {
  const { ask, attempt, say, locate, document_id } = await atDocument();
  const second = (await locate('shared_document')).document_id as string;
  const merge = { first_document: document_id, second_document: second, new_name: say.joint_name as string };
  const joint = await ask('merge_documents', merge);
  expect(joint.line_count).toBeGreaterThan(4);
  expect(await attempt('merge_documents', merge)).toMatchObject({ fault: 'conflict' });
  expect(rowsIn(await ask('show_folder'), 'documents').map((row) => row.document_name)).toContain(say.joint_name);
});
