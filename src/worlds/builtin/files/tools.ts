import { z } from 'zod';
import { createRng } from '../../../core/random';
import { daysBetween } from '../calendar';
import { findId, notPast, rowOf, rowsOf, sameName, sortedBy } from '../combinators';
import { day, exists, must, ref, toolsOn, type DomainTool, type Need } from '../domain';
import { checksumOf, handleOf, MODES, namedIn, pathOf, type Document, type FilesState } from './state';

const tool = toolsOn<FilesState>();

// ---- fields that several tools share ----

const documentId = (what: string): z.ZodString => ref('document_id', `Identifier of ${what}`);
const folderRef = (what: string): z.ZodString => ref('folder_ref', `Reference of ${what}`);
const handle = ref('handle', 'Handle of an open document, as given by open_document');
const checksum = ref('checksum', 'Checksum of the present content of a document');
const archiveCode = ref('archive_code', 'Code of an archived document');
const lineCount = z.int().describe('Lines that the document now has');
const path = z.string().describe('Where that is, as the names of the folders from the top');

// ---- needs ----

type OfDocument = { document_id: string };
type OfHandle = { handle: string };

const opened: Need<FilesState, unknown> = must('precondition', (state) => state.workspace.opened, () => 'The workspace is locked. Open it first.');
const folderExists = exists<FilesState, { folder_ref: string }>('folder', (state) => state.folders, (args) => args.folder_ref);
const handleExists = exists<FilesState, OfHandle>('open document', (state) => state.handles, (args) => args.handle);
const documentOf = (state: FilesState, args: OfDocument): Document => rowOf(state.documents, args.document_id);
const openOf = (state: FilesState, args: OfHandle): FilesState['handles'][string] => rowOf(state.handles, args.handle);

/** The document is there, outside the archive. */
const present = <A>(id: (args: A) => string): Need<FilesState, A>[] => [
  exists('document', (state) => state.documents, id),
  must('conflict', (state, args) => rowOf(state.documents, id(args)).archive === null, (args) => `Document \`${id(args)}\` is in the archive.`),
];
const closed = <A>(id: (args: A) => string): Need<FilesState, A> =>
  must('conflict', (state, args) => handleOf(state, id(args)) === undefined, (args) => `Document \`${id(args)}\` is open. Close it first.`);
const notLent = <A>(id: (state: FilesState, args: A) => string): Need<FilesState, A> =>
  must('conflict', (state, args) => rowOf(state.documents, id(state, args)).lentTo === null, (args, state) => `The document is lent to ${rowOf(state.documents, id(state, args)).lentTo}.`);
const nameFree = <A>(folder: (state: FilesState, args: A) => string, name: (state: FilesState, args: A) => string): Need<FilesState, A> =>
  must('conflict', (state, args) => namedIn(state, folder(state, args), name(state, args)) === undefined, (args, state) => `The folder has a document \`${name(state, args)}\` already.`);

const thePresent = present<OfDocument>((args) => args.document_id);
const theClosed = closed<OfDocument>((args) => args.document_id);
const theNotLent = notLent<OfDocument>((_state, args) => args.document_id);

// ---- workspace and folders ----

const openWorkspace = tool({
  name: 'open_workspace',
  about: 'Open the workspace with its key word. Nothing can be seen or done before.',
  in: z.strictObject({ key_word: ref('key_word', 'Key word of the workspace') }),
  out: z.object({
    used_megabytes: z.int().describe('Space in use, in megabytes'),
    documents: z.int().describe('Documents outside the archive'),
  }),
  writes: ['workspace'],
  needs: [must('precondition', (state, args) => sameName(state.workspace.keyWord, args.key_word), () => 'This is not the key word of the workspace.')],
  run: ({ state }) => {
    state.workspace.opened = true;
    return { used_megabytes: createRng(`${state.salt}/used`).int(40, 900), documents: rowsOf(state.documents, (row) => row.archive === null).length };
  },
});

const locateDocument = tool({
  name: 'locate_document',
  about: 'Find a document by its name, wherever it lies outside the archive, with the reference of its folder.',
  in: z.strictObject({ document_name: ref('document_name', 'Name of the document') }),
  out: z.object({
    document_id: documentId('the document'),
    folder_ref: folderRef('the folder in which it lies'),
    folder_path: path,
    saved_on: z.iso.date().describe('Day on which it was last saved'),
  }),
  needs: [opened, must('not_found', (state, args) => findId(state.documents, (row) => row.archive === null && sameName(row.name, args.document_name)) !== undefined, (args) => `There is no document \`${args.document_name}\` outside the archive.`)],
  run: ({ state }, args) => {
    const document_id = findId(state.documents, (row) => row.archive === null && sameName(row.name, args.document_name)) as string;
    const { folder, savedOn } = rowOf(state.documents, document_id);
    return { document_id, folder_ref: folder, folder_path: pathOf(state, folder), saved_on: savedOn };
  },
});

const showFolder = tool({
  name: 'show_folder',
  about: 'Show what the current folder holds: documents, folders, and documents that were archived from it.',
  in: z.strictObject({}),
  out: z.object({
    current_path: path,
    documents: z.array(z.object({
      document_id: documentId('the document'),
      document_name: z.string().describe('Name of the document'),
      lines: z.int().describe('Lines of the document'),
    })).describe('Its documents in the order of their names'),
    folders: z.array(z.object({
      folder_ref: folderRef('the folder'),
      folder_name: z.string().describe('Name of the folder'),
      documents_inside: z.int().describe('Documents that it holds'),
    })).describe('Its folders in the order of their names'),
    archived: z.array(z.object({
      archive_code: archiveCode,
      document_name: z.string().describe('Name of the document'),
    })).describe('What was archived from it, in the order of the names'),
  }),
  needs: [opened],
  run: ({ state }) => {
    const { current } = state.workspace;
    const here = sortedBy(rowsOf(state.documents, (row) => row.folder === current), ([, row]) => row.name);
    return {
      current_path: pathOf(state, current),
      documents: here.filter(([, row]) => row.archive === null).map(([document_id, row]) => ({ document_id, document_name: row.name, lines: row.lines.length })),
      folders: sortedBy(rowsOf(state.folders, (row) => row.parent === current), ([, row]) => row.name).map(([folder_ref, row]) => ({ folder_ref, folder_name: row.name, documents_inside: insideOf(state, folder_ref) })),
      archived: here.filter(([, row]) => row.archive !== null).map(([, row]) => ({ archive_code: row.archive as string, document_name: row.name })),
    };
  },
});

const insideOf = (state: FilesState, folder: string): number => rowsOf(state.documents, (row) => row.folder === folder && row.archive === null).length;

const enterFolder = tool({
  name: 'enter_folder',
  about: 'Make a folder the current one. Documents are opened in the current folder only.',
  in: z.strictObject({ folder_ref: folderRef('the folder') }),
  out: z.object({
    current_path: path,
    documents_inside: z.int().describe('Documents that it holds'),
    kilobytes: z.int().describe('Size of the folder, in kilobytes'),
  }),
  writes: ['workspace'],
  needs: [opened, folderExists, must('conflict', (state, args) => state.workspace.current !== args.folder_ref, () => 'This folder is the current one already.')],
  run: ({ state }, args) => {
    state.workspace.current = args.folder_ref;
    return { current_path: pathOf(state, args.folder_ref), documents_inside: insideOf(state, args.folder_ref), kilobytes: createRng(`${state.salt}/kilobytes/${args.folder_ref}`).int(80, 4000) };
  },
});

const leaveFolder = tool({
  name: 'leave_folder',
  about: 'Go back to the folder above the current one.',
  in: z.strictObject({}),
  out: z.object({ current_path: path, folders_inside: z.int().describe('Folders that it holds') }),
  writes: ['workspace'],
  needs: [opened, must('precondition', (state) => rowOf(state.folders, state.workspace.current).parent !== null, () => 'The current folder is the top.')],
  run: ({ state }) => {
    const parent = rowOf(state.folders, state.workspace.current).parent as string;
    state.workspace.current = parent;
    return { current_path: pathOf(state, parent), folders_inside: rowsOf(state.folders, (row) => row.parent === parent).length };
  },
});

const makeFolder = tool({
  name: 'make_folder',
  about: 'Make an empty folder in the current one.',
  in: z.strictObject({ folder_name: ref('folder_name', 'Name of the new folder') }),
  out: z.object({ folder_ref: folderRef('the new folder'), folder_path: path }),
  writes: ['folders'],
  needs: [opened, must('conflict', (state, args) => findId(state.folders, (row) => row.parent === state.workspace.current && sameName(row.name, args.folder_name)) === undefined, (args) => `The current folder has a folder \`${args.folder_name}\` already.`)],
  run: ({ state, id }, args) => {
    const { current } = state.workspace;
    const folder_ref = id('FD', `${current}/${args.folder_name}`, state.folders);
    state.folders[folder_ref] = { name: args.folder_name, parent: current };
    return { folder_ref, folder_path: pathOf(state, folder_ref) };
  },
});

// ---- open documents ----

const openDocument = tool({
  name: 'open_document',
  about: 'Open a document of the current folder for reading or for writing.',
  in: z.strictObject({ document_id: documentId('the document'), mode: z.enum(MODES).describe('What it is opened for') }),
  out: z.object({ handle, line_count: lineCount, first_line: z.string().describe('Its first line') }),
  writes: ['handles'],
  needs: [
    opened,
    ...thePresent,
    must('precondition', (state, args) => documentOf(state, args).folder === state.workspace.current, (args) => `Document \`${args.document_id}\` does not lie in the current folder.`),
    theClosed,
    must('conflict', (state, args) => args.mode === 'reading' || documentOf(state, args).lentTo === null, (args) => `Document \`${args.document_id}\` is lent and can only be read.`),
  ],
  run: ({ state, id }, args) => {
    const { lines } = documentOf(state, args);
    const opening = id('HN', `${args.document_id}/${args.mode}`, state.handles);
    state.handles[opening] = { document: args.document_id, mode: args.mode, checksum: checksumOf(state, args.document_id) };
    return { handle: opening, line_count: lines.length, first_line: lines[0] ?? '' };
  },
});

const LINES_PER_PAGE = 3;

const readPassage = tool({
  name: 'read_passage',
  about: `Read a page of an open document. A page has ${LINES_PER_PAGE} lines.`,
  in: z.strictObject({ handle, page: z.int().min(1).max(6).default(1).describe('Number of the page') }),
  out: z.object({ passage: z.string().describe('The lines of the page'), pages: z.int().describe('Pages of the document') }),
  needs: [
    opened,
    handleExists,
    must('precondition', (state, args) => args.page <= pagesOf(state, args), (args, state) => `The document has ${pagesOf(state, args)} pages, no page ${args.page}.`),
  ],
  run: ({ state }, args) => {
    const { lines } = rowOf(state.documents, openOf(state, args).document);
    return { passage: lines.slice((args.page - 1) * LINES_PER_PAGE, args.page * LINES_PER_PAGE).join(' '), pages: pagesOf(state, args) };
  },
});

const pagesOf = (state: FilesState, args: OfHandle): number => Math.ceil(rowOf(state.documents, openOf(state, args).document).lines.length / LINES_PER_PAGE);

const appendLine = tool({
  name: 'append_line',
  about: 'Add a line at the end of a document that is open for writing. It is saved when the document is closed.',
  in: z.strictObject({ handle, line: ref('line_text', 'The line to add') }),
  out: z.object({ line_count: lineCount, line_before: z.string().describe('The line that was last until now') }),
  writes: ['documents'],
  needs: [opened, handleExists, must('precondition', (state, args) => openOf(state, args).mode === 'writing', () => 'The document is open for reading only.')],
  run: ({ state }, args) => {
    const row = rowOf(state.documents, openOf(state, args).document);
    const line_before = row.lines.at(-1) ?? '';
    row.lines.push(args.line);
    return { line_count: row.lines.length, line_before };
  },
});

const closeDocument = tool({
  name: 'close_document',
  about: 'Close an open document. If it has changed, its new content is saved as a revision.',
  in: z.strictObject({ handle }),
  out: z.object({
    checksum,
    line_count: lineCount,
    outcome: z.enum(['saved', 'unchanged']).describe('Whether a revision was saved'),
  }),
  writes: ['handles', 'documents', 'revisions'],
  needs: [opened, handleExists],
  run: ({ state, id }, args) => {
    const { document, checksum: before } = openOf(state, args);
    const row = rowOf(state.documents, document);
    const after = checksumOf(state, document);
    delete state.handles[args.handle];
    if (after !== before) {
      row.savedOn = state.today;
      state.revisions[id('RE', `${document}/${after}`, state.revisions)] = { document, lines: row.lines, on: state.today };
    }
    return { checksum: after, line_count: row.lines.length, outcome: after === before ? ('unchanged' as const) : ('saved' as const) };
  },
});

// ---- closed documents ----

const fingerprintDocument = tool({
  name: 'fingerprint_document',
  about: 'Compute the checksum of a closed document, and how much it holds.',
  in: z.strictObject({ document_id: documentId('the document') }),
  out: z.object({ checksum, characters: z.int().describe('Characters that the document holds') }),
  needs: [opened, ...thePresent, theClosed],
  run: ({ state }, args) => ({ checksum: checksumOf(state, args.document_id), characters: documentOf(state, args).lines.join('\n').length }),
});

const archiveDocument = tool({
  name: 'archive_document',
  about: 'Put a closed document into the archive. The checksum of its present content proves that nobody has changed it.',
  in: z.strictObject({ document_id: documentId('the document'), checksum }),
  out: z.object({
    archive_code: archiveCode,
    shelf: z.string().describe('Shelf of the archive on which it is kept'),
    kept_years: z.int().describe('Years for which it is kept'),
  }),
  writes: ['documents'],
  needs: [
    opened,
    ...thePresent,
    theClosed,
    theNotLent,
    must('precondition', (state, args) => checksumOf(state, args.document_id) === args.checksum, (args) => `\`${args.checksum}\` is not the checksum of the present content.`),
  ],
  run: ({ state, id }, args) => {
    const rng = createRng(`${state.salt}/shelf/${args.document_id}`);
    const archive_code = id('AR', `${args.document_id}/${args.checksum}`, {});
    documentOf(state, args).archive = archive_code;
    return { archive_code, shelf: `${rng.pick(['oak', 'ash', 'elm', 'yew'])} ${rng.int(11, 58)}`, kept_years: rng.int(11, 40) };
  },
});

const archivedAs = (state: FilesState, code: string): string => findId(state.documents, (row) => row.archive === code) as string;

const restoreArchive = tool({
  name: 'restore_archive',
  about: 'Take a document out of the archive and put it into a folder.',
  in: z.strictObject({ archive_code: archiveCode, folder_ref: folderRef('the folder that gets it') }),
  out: z.object({
    document_name: z.string().describe('Name of the document'),
    line_count: lineCount,
    folder_path: path,
  }),
  writes: ['documents'],
  needs: [
    opened,
    must('not_found', (state, args) => findId(state.documents, (row) => row.archive === args.archive_code) !== undefined, (args) => `Nothing is archived under \`${args.archive_code}\`.`),
    folderExists,
    nameFree((_state, args) => args.folder_ref, (state, args) => rowOf(state.documents, archivedAs(state, args.archive_code)).name),
  ],
  run: ({ state }, args) => {
    const row = rowOf(state.documents, archivedAs(state, args.archive_code));
    Object.assign(row, { archive: null, folder: args.folder_ref });
    return { document_name: row.name, line_count: row.lines.length, folder_path: pathOf(state, args.folder_ref) };
  },
});

const moveDocument = tool({
  name: 'move_document',
  about: 'Move a closed document that is not lent into another folder.',
  in: z.strictObject({ document_id: documentId('the document'), folder_ref: folderRef('the folder that gets it') }),
  out: z.object({ moved_from: z.string().describe('Where it was, as the names of the folders from the top'), documents_inside: z.int().describe('Documents that the folder now holds') }),
  writes: ['documents'],
  needs: [
    opened,
    ...thePresent,
    folderExists,
    theClosed,
    theNotLent,
    nameFree((_state, args) => args.folder_ref, (state, args) => documentOf(state, args).name),
  ],
  run: ({ state }, args) => {
    const row = documentOf(state, args);
    const moved_from = pathOf(state, row.folder);
    row.folder = args.folder_ref;
    return { moved_from, documents_inside: insideOf(state, args.folder_ref) };
  },
});

const mergeDocuments = tool({
  name: 'merge_documents',
  about: 'Make a new document in the current folder from the lines of two closed ones, which stay as they are.',
  in: z.strictObject({
    first_document: documentId('the document whose lines come first'),
    second_document: documentId('the document whose lines come second'),
    new_name: ref('new_document_name', 'Name of the new document'),
  }),
  out: z.object({ document_id: documentId('the new document'), line_count: lineCount, shared_lines: z.int().describe('Lines that both had and that it has once') }),
  writes: ['documents', 'revisions'],
  needs: [
    opened,
    ...present<{ first_document: string; second_document: string }>((args) => args.first_document),
    ...present<{ first_document: string; second_document: string }>((args) => args.second_document),
    must('invalid_args', (_state, args) => args.first_document !== args.second_document, () => 'A document cannot be merged with itself.'),
    closed((args) => args.first_document),
    closed((args) => args.second_document),
    nameFree((state) => state.workspace.current, (_state, args) => args.new_name),
  ],
  run: ({ state, id }, args) => {
    const [first, second] = [rowOf(state.documents, args.first_document).lines, rowOf(state.documents, args.second_document).lines];
    const added = second.filter((line) => !first.includes(line));
    const lines = [...first, ...added];
    const document_id = id('DC', `${args.first_document}+${args.second_document}/${args.new_name}`, state.documents);
    state.documents[document_id] = { name: args.new_name, folder: state.workspace.current, lines, savedOn: state.today, archive: null, lentTo: null };
    state.revisions[id('RE', document_id, state.revisions)] = { document: document_id, lines, on: state.today };
    return { document_id, line_count: lines.length, shared_lines: second.length - added.length };
  },
});

const listRevisions = tool({
  name: 'list_revisions',
  about: 'List the earlier and present contents of a document that were saved.',
  in: z.strictObject({ document_id: documentId('the document') }),
  out: z.object({
    revisions: z.array(z.object({
      revision_id: ref('revision_id', 'Identifier of the revision'),
      saved_on: z.iso.date().describe('Day on which it was saved'),
      lines: z.int().describe('Lines that it had'),
      last_line: z.string().describe('Its last line'),
    })).describe('The revisions, shortest first'),
  }),
  needs: [opened, ...thePresent],
  run: ({ state }, args) => ({
    revisions: rowsOf(state.revisions, (row) => row.document === args.document_id)
      .sort(([, a], [, b]) => a.lines.length - b.lines.length)
      .map(([revision_id, row]) => ({ revision_id, saved_on: row.on, lines: row.lines.length, last_line: row.lines.at(-1) ?? '' })),
  }),
});

const documentOfRevision = (state: FilesState, args: { revision_id: string }): string => rowOf(state.revisions, args.revision_id).document;

const revertDocument = tool({
  name: 'revert_document',
  about: 'Give a closed document the content of one of its revisions again.',
  in: z.strictObject({ revision_id: ref('revision_id', 'Identifier of the revision, as given by list_revisions') }),
  out: z.object({ document_name: z.string().describe('Name of the document'), line_count: lineCount, lines_dropped: z.int().describe('Lines that are gone') }),
  writes: ['documents'],
  needs: [
    opened,
    exists('revision', (state) => state.revisions, (args) => args.revision_id),
    must('conflict', (state, args) => rowOf(state.documents, documentOfRevision(state, args)).archive === null, () => 'The document of this revision is in the archive.'),
    must('conflict', (state, args) => handleOf(state, documentOfRevision(state, args)) === undefined, () => 'The document of this revision is open. Close it first.'),
    notLent(documentOfRevision),
    must('conflict', (state, args) => rowOf(state.documents, documentOfRevision(state, args)).lines.join('\n') !== rowOf(state.revisions, args.revision_id).lines.join('\n'), () => 'The document has this content already.'),
  ],
  run: ({ state }, args) => {
    const row = rowOf(state.documents, documentOfRevision(state, args));
    const { lines } = rowOf(state.revisions, args.revision_id);
    const dropped = row.lines.filter((line) => !lines.includes(line)).length;
    Object.assign(row, { lines: [...lines], savedOn: state.today });
    return { document_name: row.name, line_count: lines.length, lines_dropped: dropped };
  },
});

const lendDocument = tool({
  name: 'lend_document',
  about: 'Lend a closed document to a colleague until a day, at most 90 days ahead. It can only be read meanwhile.',
  in: z.strictObject({
    document_id: documentId('the document'),
    colleague_name: ref('colleague_name', 'First name of the colleague'),
    until: day('Last day of the loan, as YYYY-MM-DD'),
  }),
  out: z.object({ reading_code: z.string().describe('Code with which the colleague reads it'), loan_days: z.int().describe('Days of the loan') }),
  writes: ['documents'],
  needs: [opened, ...thePresent, theClosed, notPast((args) => args.until, 90), theNotLent],
  run: ({ state, id }, args) => {
    documentOf(state, args).lentTo = args.colleague_name;
    return { reading_code: id('LN', `${args.document_id}/${args.colleague_name}/${args.until}`, {}), loan_days: daysBetween(state.today, args.until) };
  },
});

/** The tools of the workspace, as an office's assistant would be given them. */
export const filesTools: readonly DomainTool<FilesState>[] = [
  openWorkspace, locateDocument, showFolder, enterFolder, leaveFolder, makeFolder,
  openDocument, readPassage, appendLine, closeDocument,
  fingerprintDocument, archiveDocument, restoreArchive, moveDocument, mergeDocuments, listRevisions, revertDocument, lendDocument,
];
