import { z } from 'zod';
import { addDays } from '../calendar';
import { derived, findId, fromCents, money, rowOf, rowsOf, sameName } from '../combinators';
import { day, exists, must, ref, toolsOn, type DomainTool, type Need } from '../domain';
import { GROUNDS, type DocumentsState } from './state';

type S = DocumentsState;
const tool = toolsOn<S>();

// ---- fields ----

const collectionId = ref('collection_id', 'Id of a collection, as given by find_collection');
const indexId = ref('index_id', 'Id of the search index of a collection');
const documentId = ref('document_id', 'Id of a document');
const passageId = ref('passage_id', 'Id of a passage, as given by list_passages');
const citationId = (description: string): z.ZodString => ref('citation_id', description);
const markId = ref('mark_id', 'Id of a sensitive place, as given by find_sensitive_places');
const releaseId = ref('release_id', 'Id of a release');

// ---- needs and reading ----

const badgeChecked = must<S, unknown>('precondition', (state) => state.session.signedIn, () => 'No badge was checked. Check the badge first.');
const collectionExists = exists<S, { collection_id: string }>('collection', (state) => state.collections, (args) => args.collection_id);
const documentExists = exists<S, { document_id: string }>('document', (state) => state.papers, (args) => args.document_id);
const citationExists = <A>(read: (args: A) => string): Need<S, A> => exists('citation', (state) => state.citations, read);
const releaseExists = exists<S, { release_id: string }>('release', (state) => state.releases, (args) => args.release_id);

const collectionOf = (state: S, title: string): string | undefined => findId(state.collections, (collection) => sameName(collection.title, title));
const indexOf = (state: S, collection: string): string | undefined => findId(state.indexes, (index) => index.collection === collection);
const papersOf = (state: S, collection: string): [string, S['papers'][string]][] => rowsOf(state.papers, (paper) => paper.collection === collection);
const marksOf = (state: S, paper: string): [string, S['marks'][string]][] => rowsOf(state.marks, (mark) => mark.paper === paper);
const passageOfCitation = (state: S, citation: string): S['passages'][string] => rowOf(state.passages, rowOf(state.citations, citation).passage);

// ---- collections and search ----

const checkBadge = tool({
  name: 'check_badge',
  about: 'Check the badge of an archivist. Indexing, citing, redacting and releasing need this.',
  in: z.strictObject({ archivist_name: ref('archivist_name', 'Full name of the archivist'), badge_number: ref('badge_number', 'Number on the badge, as PG-0000') }),
  out: z.object({ reading_room: z.string().describe('Reading room that was given'), requests_waiting: z.int().describe('Requests that wait for an answer') }),
  writes: ['session'],
  needs: [
    must('not_found', (state, args) => sameName(state.archivist.name, args.archivist_name), (args) => `No archivist is called \`${args.archivist_name}\`.`),
    must('precondition', (state, args) => state.archivist.badge === args.badge_number, () => 'The badge does not belong to this archivist.'),
  ],
  run: ({ state }) => {
    state.session.signedIn = true;
    const rng = derived(state, 'room');
    return { reading_room: `${rng.pick(['Vellum', 'Gallery', 'Cloister', 'Map'])} room ${rng.int(11, 29)}`, requests_waiting: rng.int(11, 60) };
  },
});

const findCollection = tool({
  name: 'find_collection',
  about: 'Find a collection by title and get its id and keeper.',
  in: z.strictObject({ collection_title: ref('collection_title', 'Title of the collection') }),
  out: z.object({ collection_id: collectionId, keeper: z.string().describe('Person who keeps it'), shelf_metres: z.int().describe('Length of its shelves, in metres') }),
  needs: [must('not_found', (state, args) => collectionOf(state, args.collection_title) !== undefined, (args) => `No collection is called \`${args.collection_title}\`.`)],
  run: ({ state }, args) => {
    const collection_id = collectionOf(state, args.collection_title) as string;
    return { collection_id, keeper: rowOf(state.collections, collection_id).keeper, shelf_metres: derived(state, `shelf/${collection_id}`).int(12, 90) };
  },
});

const indexDetails = tool({
  name: 'index_details',
  about: 'Show the search index of a collection that has one.',
  in: z.strictObject({ collection_id: collectionId }),
  out: z.object({ index_id: indexId, entries: z.int().describe('Entries in the index'), updated_on: day('Day of its last update') }),
  needs: [collectionExists, must('precondition', (state, args) => indexOf(state, args.collection_id) !== undefined, (args) => `Collection \`${args.collection_id}\` has no search index yet.`)],
  run: ({ state }, args) => {
    const rng = derived(state, `index/${args.collection_id}`);
    return { index_id: indexOf(state, args.collection_id) as string, entries: rng.int(300, 9000), updated_on: addDays(state.today, -rng.int(1, 90)) };
  },
});

const indexCollection = tool({
  name: 'index_collection',
  about: 'Make the search index of a collection that has none.',
  in: z.strictObject({ collection_id: collectionId }),
  out: z.object({ index_id: indexId, pages_read: z.int().describe('Pages that were read'), doubtful_words: z.int().describe('Words that could not be read for sure') }),
  writes: ['indexes'],
  needs: [badgeChecked, collectionExists, must('conflict', (state, args) => indexOf(state, args.collection_id) === undefined, (args) => `Collection \`${args.collection_id}\` has a search index.`)],
  run: ({ state, id }, args) => {
    const index_id = id('SX', args.collection_id, state.indexes);
    state.indexes[index_id] = { collection: args.collection_id };
    const rng = derived(state, `reading/${args.collection_id}`);
    return { index_id, pages_read: rng.int(400, 5200), doubtful_words: rng.int(20, 700) };
  },
});

const searchIndex = tool({
  name: 'search_topic',
  about: 'Search the index of a collection for a topic and get the documents that deal with it.',
  in: z.strictObject({ index_id: indexId, topic: ref('topic', 'Topic to search for') }),
  out: z.object({
    mentions: z.int().describe('Places that mention the topic'),
    documents: z.array(z.object({ document_id: documentId, title: z.string().describe('Title of the document'), year: z.int().describe('Year it was written') })).describe('The documents'),
  }),
  needs: [
    exists('search index', (state) => state.indexes, (args) => args.index_id),
    must('not_found', (state, args) => state.topics.some((topic) => sameName(topic, args.topic)), (args) => `Nothing is filed under \`${args.topic}\`.`),
  ],
  run: ({ state }, args) => {
    const { collection } = rowOf(state.indexes, args.index_id);
    const found = papersOf(state, collection).filter(([, paper]) => paper.topics.some((topic) => sameName(topic, args.topic)));
    return { mentions: derived(state, `mentions/${collection}/${args.topic.trim().toLowerCase()}`).int(11, 90), documents: found.map(([document_id, { title, year }]) => ({ document_id, title, year })) };
  },
});

const documentRecord = tool({
  name: 'document_record',
  about: 'Show the record of a document: where it stands, what it is written on, how many pages it has.',
  in: z.strictObject({ document_id: documentId }),
  out: z.object({ shelf_mark: z.string().describe('Place on the shelf'), material: z.string().describe('What it is written on'), pages: z.int().describe('Number of pages') }),
  needs: [documentExists],
  run: ({ state }, args) => {
    const rng = derived(state, `record/${args.document_id}`);
    return { shelf_mark: `${rng.pick(['K', 'M', 'R', 'T'])} ${rng.int(100, 980)}`, material: rng.pick(['rag paper', 'parchment', 'wood pulp', 'linen']), pages: rng.int(142, 260) };
  },
});

// ---- passages and citations ----

const listPassages = tool({
  name: 'list_passages',
  about: 'List the passages of a document with headings and pages.',
  in: z.strictObject({ document_id: documentId }),
  out: z.object({
    hand: z.string().describe('Kind of handwriting'),
    passages: z.array(z.object({ passage_id: passageId, heading: z.string().describe('Heading of the passage'), page: z.int().describe('Page on which it begins') })).describe('The passages'),
  }),
  needs: [documentExists],
  run: ({ state }, args) => ({
    hand: derived(state, `hand/${args.document_id}`).pick(['round hand', 'court hand', 'chancery hand', 'schoolbook hand']),
    passages: rowsOf(state.passages, (passage) => passage.paper === args.document_id).map(([passage_id, { heading, page }]) => ({ passage_id, heading, page })),
  }),
});

const citationText = (state: S, passage: string, style: string): string => {
  const { paper, page, heading } = rowOf(state.passages, passage);
  const { title, year } = rowOf(state.papers, paper);
  if (style === 'full') return `${title} (${year}), "${heading}", p. ${page}`;
  return style === 'short' ? `${title}, p. ${page}` : `${title}, ${year}, ${page}`;
};

const listCitations = tool({
  name: 'list_citations',
  about: 'List the citations of the documents of a collection.',
  in: z.strictObject({ collection_id: collectionId }),
  out: z.object({ citations: z.array(z.object({ citation_id: citationId('Id of the citation'), wording: z.string().describe('Wording of the citation') })).describe('The citations') }),
  needs: [collectionExists],
  run: ({ state }, args) => ({
    citations: rowsOf(state.citations, ({ passage }) => rowOf(state.papers, rowOf(state.passages, passage).paper).collection === args.collection_id)
      .map(([citation_id, { passage, style }]) => ({ citation_id, wording: citationText(state, passage, style) })),
  }),
});

const citePassage = tool({
  name: 'cite_passage',
  about: 'Make a citation of a passage, once in each style.',
  in: z.strictObject({ passage_id: passageId, style: z.enum(['short', 'full', 'footnote']).describe('Style of the citation') }),
  out: z.object({ citation_id: citationId('Id of the citation'), wording: z.string().describe('Wording of the citation') }),
  writes: ['citations'],
  needs: [
    badgeChecked,
    exists('passage', (state) => state.passages, (args) => args.passage_id),
    must('conflict', (state, args) => findId(state.citations, (one) => one.passage === args.passage_id && one.style === args.style) === undefined, (args) => `The passage has a ${args.style} citation.`),
  ],
  run: ({ state, id }, args) => {
    const citation_id = id('CT', `${args.passage_id}/${args.style}`, state.citations);
    state.citations[citation_id] = { passage: args.passage_id, style: args.style };
    return { citation_id, wording: citationText(state, args.passage_id, args.style) };
  },
});

const linkCitations = tool({
  name: 'link_citations',
  about: 'Link the citations of two different documents as references to each other.',
  in: z.strictObject({ from_citation: citationId('Id of the citation that refers'), to_citation: citationId('Id of the citation that is referred to') }),
  out: z.object({ reference_number: z.string().describe('Number of the cross reference'), years_apart: z.int().describe('Years between the two documents') }),
  writes: ['links'],
  needs: [
    badgeChecked,
    citationExists((args) => args.from_citation),
    citationExists((args) => args.to_citation),
    must('precondition', (state, args) => passageOfCitation(state, args.from_citation).paper !== passageOfCitation(state, args.to_citation).paper, () => 'Both citations are from the same document.'),
    must('conflict', (state, args) => findId(state.links, (link) => link.from === args.from_citation && link.to === args.to_citation) === undefined, () => 'The citations are linked already.'),
  ],
  run: ({ state, id }, args) => {
    const reference_number = id('XR', `${args.from_citation}/${args.to_citation}`, state.links);
    state.links[reference_number] = { from: args.from_citation, to: args.to_citation };
    const yearOf = (citation: string): number => rowOf(state.papers, passageOfCitation(state, citation).paper).year;
    return { reference_number, years_apart: Math.abs(yearOf(args.from_citation) - yearOf(args.to_citation)) };
  },
});

// ---- redaction and release ----

const findSensitivePlaces = tool({
  name: 'find_sensitive_places',
  about: 'List the sensitive places of a document, which have to be redacted before it is released.',
  in: z.strictObject({ document_id: documentId }),
  out: z.object({
    places: z.array(z.object({ mark_id: markId, about: z.string().describe('What is sensitive'), page: z.int().describe('Page on which it stands'), redacted: z.boolean().describe('Whether it was redacted') })).describe('The sensitive places'),
  }),
  needs: [documentExists],
  run: ({ state }, args) => ({ places: marksOf(state, args.document_id).map(([mark_id, { about, page, redacted }]) => ({ mark_id, about, page, redacted: redacted !== null })) }),
});

const redactPlace = tool({
  name: 'redact_place',
  about: 'Redact a sensitive place of a document, once.',
  in: z.strictObject({ mark_id: markId, ground: z.enum(GROUNDS).describe('Why it is redacted') }),
  out: z.object({ places_left: z.int().describe('Sensitive places of the document that are left'), lines_covered: z.int().describe('Lines that were covered'), closed_until: day('Day until which the place stays covered') }),
  writes: ['marks'],
  needs: [
    badgeChecked,
    exists('sensitive place', (state) => state.marks, (args) => args.mark_id),
    must('conflict', (state, args) => rowOf(state.marks, args.mark_id).redacted === null, (args) => `The place \`${args.mark_id}\` has been redacted.`),
  ],
  run: ({ state }, args) => {
    const mark = rowOf(state.marks, args.mark_id);
    mark.redacted = args.ground;
    const rng = derived(state, `redact/${args.mark_id}/${args.ground}`);
    return { places_left: marksOf(state, mark.paper).filter(([, one]) => one.redacted === null).length, lines_covered: rng.int(11, 40), closed_until: addDays(state.today, rng.int(2000, 9000)) };
  },
});

const requestRelease = tool({
  name: 'request_release',
  about: 'Request the release of a document of which every sensitive place was redacted. The fee is paid separately.',
  in: z.strictObject({ document_id: documentId, recipient: ref('recipient', 'Person or company that gets the copy') }),
  out: z.object({ release_id: releaseId, fee: money('Fee to pay'), answer_by: day('Day by which the fee has to be paid') }),
  writes: ['releases'],
  needs: [
    badgeChecked,
    documentExists,
    must('not_found', (state, args) => state.recipients.some((name) => sameName(name, args.recipient)), (args) => `\`${args.recipient}\` has not asked for a copy.`),
    must('precondition', (state, args) => marksOf(state, args.document_id).every(([, mark]) => mark.redacted !== null), (args) => `Document \`${args.document_id}\` has sensitive places that were not redacted.`),
    must('conflict', (state, args) => findId(state.releases, (one) => one.paper === args.document_id && sameName(one.recipient, args.recipient)) === undefined, (args) => `The document is released to ${args.recipient} already.`),
  ],
  run: ({ state, id }, args) => {
    const release_id = id('RL', `${args.document_id}/${args.recipient}`, state.releases);
    const rng = derived(state, `release/${release_id}`);
    const feeCents = rng.int(24, 190) * 50;
    state.releases[release_id] = { paper: args.document_id, recipient: args.recipient, feeCents, paid: false, issued: false };
    return { release_id, fee: fromCents(feeCents), answer_by: addDays(state.today, rng.int(7, 30)) };
  },
});

const listReleases = tool({
  name: 'list_releases',
  about: 'List the releases that were requested, with recipient, fee and whether it was paid.',
  in: z.strictObject({}),
  out: z.object({
    releases: z.array(z.object({
      release_id: releaseId,
      title: z.string().describe('Title of the document'),
      recipient: z.string().describe('Person or company that gets the copy'),
      fee: money('Fee of the release'),
      status: z.enum(['unpaid', 'paid', 'issued']).describe('How far the release has come'),
    })).describe('The releases'),
  }),
  needs: [badgeChecked],
  run: ({ state }) => ({
    releases: rowsOf(state.releases).map(([release_id, one]) => ({
      release_id,
      title: rowOf(state.papers, one.paper).title,
      recipient: one.recipient,
      fee: fromCents(one.feeCents),
      status: one.issued ? 'issued' as const : one.paid ? 'paid' as const : 'unpaid' as const,
    })),
  }),
});

const payFee = tool({
  name: 'pay_release_fee',
  about: 'Pay the fee of a release.',
  in: z.strictObject({ release_id: releaseId, method: z.enum(['card', 'invoice', 'cash_desk']).describe('How it is paid') }),
  out: z.object({ receipt_number: z.string().describe('Number of the receipt'), amount: money('Amount paid') }),
  writes: ['releases'],
  needs: [badgeChecked, releaseExists, must('conflict', (state, args) => !rowOf(state.releases, args.release_id).paid, (args) => `The fee of \`${args.release_id}\` has been paid.`)],
  run: ({ state, id }, args) => {
    const release = rowOf(state.releases, args.release_id);
    release.paid = true;
    return { receipt_number: id('RE', `${args.release_id}/${args.method}`, {}), amount: fromCents(release.feeCents) };
  },
});

const issueCopy = tool({
  name: 'issue_copy',
  about: 'Issue the copy of a release whose fee was paid, once.',
  in: z.strictObject({ release_id: releaseId }),
  out: z.object({ pickup_locker: z.string().describe('Locker in which the copy lies'), copy_pages: z.int().describe('Pages of the copy'), return_by: day('Day by which it has to be fetched') }),
  writes: ['releases'],
  needs: [
    badgeChecked,
    releaseExists,
    must('precondition', (state, args) => rowOf(state.releases, args.release_id).paid, (args) => `The fee of \`${args.release_id}\` has not been paid.`),
    must('conflict', (state, args) => !rowOf(state.releases, args.release_id).issued, (args) => `The copy of \`${args.release_id}\` has been issued.`),
  ],
  run: ({ state }, args) => {
    rowOf(state.releases, args.release_id).issued = true;
    const rng = derived(state, `locker/${args.release_id}`);
    return { pickup_locker: `${rng.pick(['Brass', 'Iron', 'Oak', 'Slate'])} ${rng.int(11, 90)}`, copy_pages: rng.int(20, 240), return_by: addDays(state.today, rng.int(5, 40)) };
  },
});

/** The tools of the archive, as an archivist's assistant would be given them. */
export const documentsTools: readonly DomainTool<S>[] = [
  checkBadge, findCollection, indexDetails, indexCollection, searchIndex, documentRecord, listPassages, listCitations, citePassage, linkCitations,
  findSensitivePlaces, redactPlace, requestRelease, listReleases, payFee, issueCopy,
];
