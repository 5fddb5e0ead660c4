import { z } from 'zod';
import { addDays, daysBetween, WEEKDAYS } from '../calendar';
import { seeding, type Seeding } from '../seeding';

const work = z.strictObject({ title: z.string(), author: z.string(), year: z.int(), pages: z.int(), waiting: z.int().min(0) });
const copy = z.strictObject({ work: z.string(), branch: z.string(), shelf: z.string(), reference: z.boolean(), status: z.enum(['on_shelf', 'on_loan', 'in_transit']) });
const loan = z.strictObject({ copy: z.string(), dueOn: z.iso.date(), renewals: z.int().min(0), returnedOn: z.iso.date().nullable() });

export const FEE_STATUSES = ['open', 'contested', 'paid'] as const;
const fee = z.strictObject({ title: z.string(), daysLate: z.int().min(1), cents: z.int().min(1), status: z.enum(FEE_STATUSES), halved: z.boolean() });

/** Everything there is in the library. */
export const libraryStateSchema = z.strictObject({
  salt: z.string(),
  today: z.iso.date(),
  reader: z.strictObject({ card: z.string(), pin: z.string(), name: z.string() }),
  session: z.strictObject({ signedIn: z.boolean() }),
  account: z.strictObject({ prepaidCents: z.int().min(0) }),
  branches: z.record(z.string(), z.strictObject({ name: z.string(), closedOn: z.enum(WEEKDAYS), librarian: z.string() })),
  works: z.record(z.string(), work),
  copies: z.record(z.string(), copy),
  loans: z.record(z.string(), loan),
  fees: z.record(z.string(), fee),
  holds: z.record(z.string(), z.strictObject({ work: z.string(), branch: z.string(), pausedUntil: z.iso.date().nullable() })),
});

export type LibraryState = z.output<typeof libraryStateSchema>;

export const LOAN_DAYS = 21;
export const RENEWAL_DAYS = 14;
export const MOST_RENEWALS = 2;
export const MOST_LOANS = 6;
export const BLOCKED_FROM_CENTS = 1000;
export const FEE_CENTS_A_DAY = 35;

/** The first works are known by their titles, the others by their two authors. */
export const TITLES_KNOWN = 3;

const TITLES = ['The Cartographer of Fog', 'Nine Winters in Ordel', 'A Ledger of Small Storms', 'The Beekeeper Signals', 'Under the Copper Weir', 'Letters to a Lock Keeper', 'The Quiet Alphabet', 'Salt for the Ferryman', 'An Atlas of Lost Clocks', 'The Heron Accounts', 'Bread and Barometers', 'The Orchard at Low Tide', 'Seven Ways to Leave Marrowby'];
const AUTHORS = ['Ysolde Marchbanks', 'Tiberius Crane', 'Hanneke Oostrum', 'Florian Wickersby', 'Adaeze Lorne', 'Ruprecht Sallow', 'Ingeborg Vane'];
const BRANCHES = ['Harbour Branch', 'Old Brewery Branch', 'Millstone Branch', 'Castle Hill Branch', 'Linden Branch', 'Viaduct Branch'];
const SHELVES = ['North Gallery', 'Garden Room', 'Mezzanine', 'Tower Stacks', 'Reading Nook', 'Lower Vault'];

/** A seed's library: eight works in 24 copies at four branches, a reader with three loans and two late fees. */
export function initLibrary(seed: number): LibraryState {
  const make = seeding('library', seed);
  const { rng, faker, some, table } = make;
  const branches = table('BR', some(BRANCHES, 4), (name) => ({ name, closedOn: rng.pick(WEEKDAYS), librarian: faker.person.fullName() }));
  const authors = some(AUTHORS, TITLES_KNOWN + 2);
  const works = table('W', some(TITLES, 8), (title, at) => {
    const author = authors[at < TITLES_KNOWN ? at : TITLES_KNOWN + (at % 2)] as string;
    return { title, author, year: rng.int(1931, 2029), pages: rng.int(112, 690), waiting: rng.pick([0, 0, 1, 3]) };
  });
  const copies = table('C', Object.keys(works).flatMap((id) => some(Object.keys(branches), 3).map((branch, at) => ({ id, branch, at }))), ({ id, branch, at }): LibraryState['copies'][string] => ({
    work: id,
    branch,
    shelf: `${rng.pick(SHELVES)} ${rng.int(11, 79)}`,
    reference: at === 2,
    status: at === 0 ? 'on_shelf' : at === 1 ? 'on_loan' : 'on_shelf',
  }));
  const state: LibraryState = {
    salt: make.salt,
    today: make.today,
    reader: { card: `SB-${rng.int(100000, 999999)}`, pin: String(rng.int(1000, 9999)), name: faker.person.fullName() },
    session: { signedIn: false },
    account: { prepaidCents: rng.int(4, 30) * 100 },
    branches,
    works,
    copies,
    loans: {},
    fees: initFees(make, Object.values(works).map((one) => one.title)),
    holds: {},
  };
  return { ...state, loans: initLoans(make, state) };
}

/** One overdue, one that can be renewed, one that has been renewed as often as it can. */
function initLoans({ rng, code }: Seeding, state: LibraryState): LibraryState['loans'] {
  const lent = Object.entries(state.copies).filter(([, one]) => one.status === 'on_loan').slice(-3);
  const terms = [{ due: -rng.int(6, 30), renewals: 1 }, { due: rng.int(2, 6), renewals: 0 }, { due: rng.int(8, 12), renewals: MOST_RENEWALS }];
  return Object.fromEntries(lent.map(([copy, one], at) => {
    const term = terms[at] as (typeof terms)[number];
    if (at === 1) (state.works[one.work] as LibraryState['works'][string]).waiting = 0;
    return [code('L', at), { copy, dueOn: addDays(state.today, term.due), renewals: term.renewals, returnedOn: null }];
  }));
}

/** A large fee, which bars the reader from borrowing, and a small one. */
function initFees({ rng, code }: Seeding, titles: string[]): LibraryState['fees'] {
  const late = [rng.int(31, 60), rng.int(3, 12)];
  return Object.fromEntries(late.map((daysLate, at) => [code('F', at), { title: titles[TITLES_KNOWN + at] as string, daysLate, cents: daysLate * FEE_CENTS_A_DAY, status: 'open', halved: false }]));
}

/** What no sequence of calls may break. */
export const LIBRARY_INVARIANTS: { [rule: string]: (state: LibraryState) => boolean } = {
  'a copy that somebody has is on loan, to one reader': (state) => {
    const out = Object.values(state.loans).filter((one) => one.returnedOn === null).map((one) => one.copy);
    return new Set(out).size === out.length && out.every((id) => state.copies[id]?.status === 'on_loan');
  },
  'reference copies stay on their shelf': (state) => Object.values(state.copies).every((one) => !one.reference || one.status === 'on_shelf'),
  'no loan is renewed too often, no reader has too many': (state) =>
    Object.values(state.loans).every((one) => one.renewals <= MOST_RENEWALS) && Object.values(state.loans).filter((one) => one.returnedOn === null).length <= MOST_LOANS,
  'a work is held once': (state) => new Set(Object.values(state.holds).map((one) => one.work)).size === Object.keys(state.holds).length,
  'a fee is what the days cost, or half of it': (state) => Object.values(state.fees).every((one) => one.cents === Math.ceil((one.daysLate * FEE_CENTS_A_DAY) / (one.halved ? 2 : 1))),
  'a loan that came back did so by today': (state) => Object.values(state.loans).every((one) => one.returnedOn === null || daysBetween(one.returnedOn, state.today) >= 0),
};
