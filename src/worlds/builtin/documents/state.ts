import { z } from 'zod';
import { createRng } from '../../../core/random';
import { hiddenCode } from '../domain';
import { seeding, type Seeding } from '../seeding';

export const GROUNDS = ['privacy', 'trade_secret', 'safety'] as const;

const paper = z.strictObject({ collection: z.string(), title: z.string(), year: z.int(), topics: z.array(z.string()) });
const passage = z.strictObject({ paper: z.string(), heading: z.string(), page: z.int() });
const mark = z.strictObject({ paper: z.string(), about: z.string(), page: z.int(), redacted: z.enum(GROUNDS).nullable() });
const release = z.strictObject({ paper: z.string(), recipient: z.string(), feeCents: z.int().min(0), paid: z.boolean(), issued: z.boolean() });

/** Everything in the archive. */
export const documentsSchema = z.strictObject({
  salt: z.string(),
  today: z.iso.date(),
  archivist: z.strictObject({ name: z.string(), badge: z.string() }),
  session: z.strictObject({ signedIn: z.boolean() }),
  recipients: z.array(z.string()),
  topics: z.array(z.string()),
  collections: z.record(z.string(), z.strictObject({ title: z.string(), keeper: z.string() })),
  papers: z.record(z.string(), paper),
  passages: z.record(z.string(), passage),
  marks: z.record(z.string(), mark),
  indexes: z.record(z.string(), z.strictObject({ collection: z.string() })),
  citations: z.record(z.string(), z.strictObject({ passage: z.string(), style: z.string() })),
  links: z.record(z.string(), z.strictObject({ from: z.string(), to: z.string() })),
  releases: z.record(z.string(), release),
});

export type DocumentsState = z.output<typeof documentsSchema>;

const TITLES = ['Harbour Court Records', 'Mill Owners Letters', 'Botanical Society Files', 'Bridge Office Papers', 'Lighthouse Service Books', 'Potters Guild Rolls'];
const KINDS = ['Survey of', 'Letters about', 'Account of', 'Dispute over', 'Report on', 'Inventory of'];
const SUBJECTS = ['the East Quay', 'the Old Kiln', 'Marsh Farm', 'the Ferry Rights', 'the Glass Roof', 'the Weavers Row', 'Saint Orla Bridge', 'the Salt Store', 'the Upper Lock'];
const TOPICS = ['flood', 'harvest', 'toll', 'quarrel', 'repair', 'inheritance'];
const HEADINGS = ['Opening statement', 'List of witnesses', 'Costs and dues', 'Drawing and measures', 'Decision', 'Later remarks'];
const SENSITIVE = ['name of a child', 'address of a witness', 'recipe of a glaze', 'plan of a strongroom', 'bank details', 'illness of a person'];

/** The initial state of a seed: three collections with three documents each; the first collection has no search index yet. */
export function initDocuments(seed: number): DocumentsState {
  const seeded = seeding('documents', seed);
  const { salt, today, rng, faker, some, code, table } = seeded;
  const topics = some(TOPICS, 4);
  const collections = table('CL', some(TITLES, 3), (title) => ({ title, keeper: faker.person.fullName() }));
  const state: DocumentsState = {
    salt, today, topics, collections,
    archivist: { name: faker.person.fullName(), badge: `PG-${rng.int(3000, 8999)}` },
    session: { signedIn: false },
    recipients: [faker.company.name(), faker.person.fullName()],
    papers: {}, passages: {}, marks: {}, indexes: {}, citations: {}, links: {}, releases: {},
  };
  const subjects = some(SUBJECTS, 9);
  Object.keys(collections).forEach((collection, at) => {
    if (at > 0) state.indexes[code('SX', collection)] = { collection };
    for (let nth = 0; nth < 3; nth++) {
      const id = code('DC', `${at}/${nth}`);
      // Two documents of every collection deal with each topic, so that a search finds more than one.
      state.papers[id] = { collection, title: `${rng.pick(KINDS)} ${subjects[3 * at + nth]}`, year: rng.int(1720, 1890), topics: [0, 1, 2, 3].filter((topic) => topic % 3 !== nth).map((topic) => topics[topic] as string) };
      Object.assign(state.passages, passagesFor(salt, id));
      some(SENSITIVE, 2).forEach((about, place) => { state.marks[code('MK', `${id}/${place}`)] = { paper: id, about, page: rng.int(11, 140), redacted: null }; });
    }
  });
  initWork(seeded, state);
  return state;
}

/** What was done before: in every collection two documents are cited, and the second is redacted and released, paid here and unpaid there. */
function initWork({ code, rng }: Seeding, state: DocumentsState): void {
  Object.keys(state.collections).forEach((collection, at) => {
    const [first, second] = Object.keys(state.papers).filter((paper) => state.papers[paper]?.collection === collection) as [string, string];
    for (const paper of [first, second]) {
      const passage = Object.keys(state.passages).find((one) => state.passages[one]?.paper === paper) as string;
      state.citations[code('CT', passage)] = { passage, style: 'short' };
    }
    for (const mark of Object.values(state.marks)) if (mark.paper === second) mark.redacted = rng.pick(GROUNDS);
    const recipient = state.recipients[at % 2] as string;
    state.releases[code('RL', second)] = { paper: second, recipient, feeCents: rng.int(24, 190) * 50, paid: at === 1, issued: false };
  });
}

function passagesFor(salt: string, paper: string): DocumentsState['passages'] {
  const rng = createRng(`${salt}/passages/${paper}`);
  const pages = Array.from({ length: 3 }, (_, at) => 40 * at + rng.int(11, 49));
  return Object.fromEntries(rng.shuffle(HEADINGS).slice(0, 3).map((heading, at) => [`PS-${hiddenCode(salt, `passage/${paper}/${at}`, 6)}`, { paper, heading, page: pages[at] as number }]));
}

export const documentsInvariants = {
  'what is released has every sensitive place redacted': (state: DocumentsState): boolean =>
    Object.values(state.releases).every((one) => Object.values(state.marks).every((mark) => mark.paper !== one.paper || mark.redacted !== null)),
  'what is issued is paid': (state: DocumentsState): boolean => Object.values(state.releases).every((one) => one.paid || !one.issued),
  'a collection has one search index': (state: DocumentsState): boolean => {
    const indexed = Object.values(state.indexes).map((one) => one.collection);
    return new Set(indexed).size === indexed.length;
  },
  'a link joins citations of two documents': (state: DocumentsState): boolean => {
    const paperOf = (citation: string): string | undefined => state.passages[state.citations[citation]?.passage ?? '']?.paper;
    return Object.values(state.links).every(({ from, to }) => paperOf(from) !== paperOf(to));
  },
};
