import type { KnownFact } from '../../../core/tool';
import type { DocumentsState } from './state';

const COLLECTIONS_ABOUT = ['the collection that came in last month', 'the collection the user works on', 'the collection a visitor asked about'];
const TOPICS_ABOUT = ['the topic the user is writing about', 'the topic a visitor is interested in', 'the topic of an exhibition', 'the topic a newspaper asked about'];

/** What a user of this seed could state; ids of collections, documents, passages, citations, marks and releases are never among it. */
export function knownDocuments(state: DocumentsState): KnownFact[] {
  const [office, person] = state.recipients as [string, string];
  return [
    { name: 'archivist', value: state.archivist.name, about: "the user's full name", entity: 'archivist_name' },
    { name: 'badge', value: state.archivist.badge, about: "the number on the user's badge", entity: 'badge_number' },
    ...Object.values(state.collections).map(({ title }, at) => ({ name: `collection_${at + 1}`, value: title, about: COLLECTIONS_ABOUT[at] as string, entity: 'collection_title' })),
    ...state.topics.map((topic, at) => ({ name: `topic_${at + 1}`, value: topic, about: TOPICS_ABOUT[at] as string, entity: 'topic' })),
    { name: 'office', value: office, about: 'the company that asked for a copy', entity: 'recipient' },
    { name: 'visitor', value: person, about: 'the visitor who asked for a copy', entity: 'recipient' },
  ];
}
