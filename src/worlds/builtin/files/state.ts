import { z } from 'zod';
import { addDays } from '../calendar';
import { rowOf } from '../combinators';
import { hiddenCode } from '../domain';
import { seeding, type Seeding } from '../seeding';

export const MODES = ['reading', 'writing'] as const;

const folder = z.strictObject({ name: z.string(), parent: z.string().nullable() });
const document = z.strictObject({
  name: z.string(),
  folder: z.string(),
  lines: z.array(z.string()),
  savedOn: z.iso.date(),
  /** Its code in the archive; an archived document lies in no folder that anybody sees. */
  archive: z.string().nullable(),
  lentTo: z.string().nullable(),
});
/** An open document: what it held when it was opened tells whether closing saves a revision. */
const handle = z.strictObject({ document: z.string(), mode: z.enum(MODES), checksum: z.string() });
const revision = z.strictObject({ document: z.string(), lines: z.array(z.string()), on: z.iso.date() });

export const filesStateSchema = z.strictObject({
  salt: z.string(),
  today: z.iso.date(),
  workspace: z.strictObject({ keyWord: z.string(), opened: z.boolean(), current: z.string() }),
  folders: z.record(z.string(), folder),
  documents: z.record(z.string(), document),
  handles: z.record(z.string(), handle),
  revisions: z.record(z.string(), revision),
});

export type FilesState = z.output<typeof filesStateSchema>;
export type Document = z.output<typeof document>;

const FOLDERS = ['harvest', 'letters', 'accounts', 'choir', 'repairs', 'journeys', 'recipes', 'garden'];
const DOCUMENTS = ['cellar list', 'plum orders', 'choir rota', 'roof estimate', 'spring letter', 'seed plan', 'jam labels', 'boat log', 'winter budget', 'guest notes', 'well survey', 'fence sketch'];
const LINES = [
  'Ask Petra about the second key.', 'The blue crates go to the mill.', 'Do not water before seven.', 'Twelve jars are missing since May.', 'The ladder is with the neighbours.',
  'Pay the carter on the last Friday.', 'Two windows still want glass.', 'The altos need one more voice.', 'Keep the receipts in the tin.', 'The pump sticks when it is cold.',
  'Bring rope, twine and the long saw.', 'The old map shows a third well.', 'Nobody has the code for the shed.', 'Order early, the press is slow.', 'The ferry leaves at a quarter to.',
];

/** The initial state of a seed: a top folder with four others, two documents in each, one more archived, earlier revisions. */
export function initFiles(seed: number): FilesState {
  const s = seeding('files', seed);
  const top = s.code('FD', 'top');
  const others = s.table('FD', s.some(FOLDERS, 4), (name) => ({ name, parent: top }));
  const homes = Object.keys(others);
  const names = s.some(DOCUMENTS, 10);
  const documents = s.table('DC', names, (name, at): Document => ({
    name,
    folder: homes[at % 4] as string,
    lines: s.some(LINES, s.rng.int(5, 9)),
    savedOn: addDays(s.today, -s.rng.int(2, 90)),
    archive: at < 8 ? null : s.code('AR', at),
    lentTo: null,
  }));
  return {
    salt: s.salt,
    today: s.today,
    workspace: { keyWord: `${s.faker.word.adjective()} ${s.faker.word.noun()}`, opened: false, current: top },
    folders: { [top]: { name: 'top', parent: null }, ...others },
    documents,
    handles: {},
    revisions: initRevisions(s, documents),
  };
}

/** Of each document, what it held before its last two or three lines were added. */
function initRevisions(s: Seeding, documents: FilesState['documents']): FilesState['revisions'] {
  const earlier = Object.entries(documents).flatMap(([id, row]) => [3, 2].map((fewer) => ({ document: id, lines: row.lines.slice(0, -fewer), on: addDays(row.savedOn, -30 * fewer) })));
  return s.table('RE', earlier, (row) => row);
}

/** A code that changes with the content, so that only who has read or closed a document knows it. */
export const checksumOf = (state: FilesState, document: string): string => `CS-${hiddenCode(state.salt, `${document}/${rowOf(state.documents, document).lines.join('\n')}`, 8)}`;

export const handleOf = (state: FilesState, document: string): string | undefined => Object.keys(state.handles).find((id) => state.handles[id]?.document === document);

/** The id of the document of this name in a folder; archived ones do not count. */
export const namedIn = (state: FilesState, folder: string, name: string): string | undefined =>
  Object.keys(state.documents).find((id) => {
    const row = rowOf(state.documents, id);
    return row.folder === folder && row.archive === null && row.name.toLowerCase() === name.trim().toLowerCase();
  });

/** The names of the folders from the top, with slashes. */
export function pathOf(state: FilesState, folder: string): string {
  const { name, parent } = rowOf(state.folders, folder);
  return parent === null ? name : `${pathOf(state, parent)}/${name}`;
}

export const filesInvariants: { [rule: string]: (state: FilesState) => boolean } = {
  'documents of a folder have different names': (state) => {
    const places = Object.values(state.documents).filter((row) => row.archive === null).map((row) => `${row.folder}/${row.name.toLowerCase()}`);
    return new Set(places).size === places.length;
  },
  'archived documents are closed and not lent': (state) => Object.entries(state.documents).every(([id, row]) => row.archive === null || (row.lentTo === null && handleOf(state, id) === undefined)),
  'a document is open once at a time': (state) => new Set(Object.values(state.handles).map((row) => row.document)).size === Object.keys(state.handles).length,
  'lent documents are not written': (state) => Object.values(state.handles).every((row) => row.mode === 'reading' || rowOf(state.documents, row.document).lentTo === null),
  'every folder lies under the top': (state) => Object.keys(state.folders).every((id) => pathOf(state, id).startsWith('top')),
};
