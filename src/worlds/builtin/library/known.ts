import { createRng } from '../../../core/random';
import type { KnownFact } from '../../../core/tool';
import { addDays } from '../calendar';
import { TITLES_KNOWN, type LibraryState } from './state';

const TITLES_ABOUT = ['the book the user wants to read next', "the book the user's reading circle chose", 'the book a friend recommended to the user'];
const AUTHORS_ABOUT = ['the author the user likes best', 'the author the user heard on the radio'];
const BRANCHES_ABOUT = ['the library branch near the user', "the library branch near the user's work", 'the library branch the user passes on Saturdays'];

/** What a user of this seed could state; codes of works, copies, branches, loans, holds and fees are never among it. */
export function knownLibrary(state: LibraryState): KnownFact[] {
  const rng = createRng(`${state.salt}/known`);
  const works = Object.values(state.works);
  const authors = [...new Set(works.slice(TITLES_KNOWN).map((one) => one.author))];
  const branches = Object.values(state.branches);
  return [
    { name: 'card_number', value: state.reader.card, about: "the number on the user's library card", entity: 'card_number' },
    { name: 'card_pin', value: state.reader.pin, about: "the PIN of the user's library card", entity: 'card_pin' },
    ...TITLES_ABOUT.map((about, at) => ({ name: `title_${at + 1}`, value: works[at]?.title as string, about, entity: 'book_title' })),
    ...AUTHORS_ABOUT.map((about, at) => ({ name: `author_${at + 1}`, value: authors[at] as string, about, entity: 'author' })),
    ...BRANCHES_ABOUT.map((about, at) => ({ name: `branch_${at + 1}`, value: branches[at]?.name as string, about, entity: 'branch_name' })),
    { name: 'back_from_trip', value: addDays(state.today, rng.int(8, 20)), about: 'the day on which the user is back from a trip', entity: 'date' },
    { name: 'back_from_hospital', value: addDays(state.today, rng.int(25, 50)), about: 'the day on which the user leaves a health resort', entity: 'date' },
  ];
}
