import type { KnownFact } from '../../../core/tool';
import { createRng } from '../../../core/random';
import { addDays } from '../calendar';
import { fact } from '../combinators';
import type { FilesState } from './state';

const NEW_NAMES = ['summer papers', 'all the notes', 'both lists', 'year in brief'];
const NEW_FOLDERS = ['attic', 'for the meeting', 'next year', 'museum'];
const NEW_LINES = ['The gate is painted now.', 'Send a copy to the parish.', 'Count the lanterns again.', 'Replace the third rung.'];
const COLLEAGUES = ['Ottoline', 'Joris', 'Brannoch', 'Vesna', 'Ilse'];

/** What a user of this seed could state. Codes of folders, documents, handles, checksums, revisions and archives are never among them. */
export function knownFiles(state: FilesState): KnownFact[] {
  const rng = createRng(`${state.salt}/known`);
  const documents = Object.values(state.documents).map((row) => row.name);
  const [names, folders, lines, colleagues] = [NEW_NAMES, NEW_FOLDERS, NEW_LINES, COLLEAGUES].map((list) => rng.shuffle(list)) as [string[], string[], string[], string[]];
  return [
    fact('key_word', state.workspace.keyWord, 'the key word of the workspace', 'key_word'),
    fact('main_document', documents[0], 'the document the user works on', 'document_name'),
    fact('old_document', documents[1], 'the document the user has not touched for long', 'document_name'),
    fact('shared_document', documents[2], "the document the user's office talks about", 'document_name'),
    fact('other_document', documents[3], 'a document the user was told about', 'document_name'),
    fact('joint_name', names[0], 'the name for a document made of two others', 'new_document_name'),
    fact('second_joint_name', names[1], 'another name that would suit a joint document', 'new_document_name'),
    fact('new_folder', folders[0], 'the name of a folder the user misses', 'folder_name'),
    fact('second_folder', folders[1], 'a folder name the office has agreed on', 'folder_name'),
    fact('first_line', lines[0], 'a sentence the user wants on record', 'line_text'),
    fact('second_line', lines[1], "a sentence the user's colleague dictated", 'line_text'),
    fact('reader', colleagues[0], 'the first name of the colleague who asked for something to read', 'colleague_name'),
    fact('second_reader', colleagues[1], 'the first name of the colleague who checks facts', 'colleague_name'),
    fact('meeting_day', addDays(state.today, rng.int(5, 20)), 'the day of the yearly meeting', 'date'),
    fact('inspection_day', addDays(state.today, rng.int(25, 80)), 'the day of the inspection', 'date'),
  ];
}
