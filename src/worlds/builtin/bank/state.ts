import { z } from 'zod';
import { addDays } from '../calendar';
import { sumOf } from '../combinators';
import { seeding } from '../seeding';

const account = z.strictObject({
  nickname: z.string(),
  kind: z.enum(['current', 'savings']),
  openingCents: z.int().min(0),
  balanceCents: z.int(),
  /** The most that transfers may take out with one execution date. */
  dailyLimitCents: z.int().min(0),
});

const entry = z.strictObject({
  account: z.string(),
  on: z.iso.date(),
  party: z.string(),
  kind: z.enum(['card', 'income', 'transfer', 'own_move']),
  /** Negative: money out. */
  cents: z.int(),
  dispute: z.string().nullable(),
});

const payee = z.strictObject({
  bank: z.string(),
  holder: z.string(),
  accountNumber: z.string(),
  check: z.string().nullable(),
  verified: z.boolean(),
});

export const TRANSFER_STATUSES = ['prepared', 'sent', 'cancelled'] as const;

const transfer = z.strictObject({
  account: z.string(),
  payee: z.string(),
  cents: z.int().min(1),
  feeCents: z.int().min(0),
  on: z.iso.date(),
  status: z.enum(TRANSFER_STATUSES),
});

const card = z.strictObject({ label: z.string(), account: z.string(), frozen: z.boolean(), replacement: z.string().nullable() });
const bank = z.strictObject({ name: z.string(), clearingDays: z.int(), feeCents: z.int(), cutOff: z.string() });

/** A retail bank as one customer sees it. Every entry is kept, so a balance is its opening balance and its entries. */
export const bankStateSchema = z.strictObject({
  salt: z.string(),
  today: z.iso.date(),
  customer: z.strictObject({ number: z.string(), passcode: z.string(), name: z.string(), street: z.string() }),
  session: z.strictObject({ signedIn: z.boolean() }),
  banks: z.record(z.string(), bank),
  /** Accounts at other banks by account number. */
  holders: z.record(z.string(), z.strictObject({ bank: z.string(), name: z.string() })),
  accounts: z.record(z.string(), account),
  entries: z.record(z.string(), entry),
  payees: z.record(z.string(), payee),
  transfers: z.record(z.string(), transfer),
  cards: z.record(z.string(), card),
});

export type BankState = z.output<typeof bankStateSchema>;

const BANKS = ['Ostmark Mutual', 'Tillerby Savings', 'Brennick Trust', 'Lanternhouse Bank', 'Quarrow Credit Union', 'Selkirk Vale Bank'];
const NICKNAMES = ['Everyday', 'Household', 'Workshop', 'Side Business', 'Groceries'];
const POTS = ['Roof Repair', 'Sailing Summer', 'Winter Reserve', 'New Piano', 'Rainy Days'];
const CARD_LABELS = ['Blue debit card', 'Travel credit card', 'Virtual card for subscriptions'];
const SHOPS = ['Fernleigh Grocers', 'Cobble & Pine Hardware', 'Marlow Street Bakery', 'Tidewell Energy', 'Ropewalk Cinema', 'Harness Lane Pharmacy', 'Northfold Gym', 'Inkwell Stationers'];

/** Three accounts, four weeks of entries, three cards, two verified payees and one that waits for its check. */
export function initBank(seed: number): BankState {
  const { salt, today, rng, faker, some, table } = seeding('bank', seed);
  const banks = table('BK', some(BANKS, 5), (name) => ({ name, clearingDays: rng.int(1, 3), feeCents: rng.int(0, 6) * 15, cutOff: rng.pick(['11:30', '13:00', '14:45', '16:15']) }));
  const bankCodes = Object.keys(banks);
  // With a space: keys that look like numbers would not keep their order.
  const numbers = Array.from({ length: 5 }, () => `${rng.int(1000, 9899)} ${faker.string.numeric(6)}`);
  const holders = Object.fromEntries(numbers.map((number, at) => [number, { bank: bankCodes[at] as string, name: faker.person.fullName() }]));
  const nicknames = [...some(NICKNAMES, 2), ...some(POTS, 1)];
  const accounts = table('AC', nicknames, (nickname, at) => {
    const openingCents = rng.int(1400, 6200) * 100;
    return { nickname, kind: at === 2 ? 'savings' as const : 'current' as const, openingCents, balanceCents: openingCents, dailyLimitCents: 50_000 };
  });
  const [first, second] = Object.keys(accounts) as [string, string];
  const entries = table('EN', some(SHOPS, 7), (party, at) => {
    const cents = at === 3 ? rng.int(900, 2400) * 100 : -rng.int(450, 9800);
    return { account: at % 3 === 2 ? second : first, on: addDays(today, -1 - 4 * at - rng.int(0, 3)), party, kind: cents > 0 ? 'income' as const : 'card' as const, cents, dispute: null };
  });
  const payees = table('PY', numbers.slice(2), (accountNumber, at) => ({ bank: bankCodes[at + 2] as string, holder: holders[accountNumber]?.name as string, accountNumber, check: null, verified: at < 2 }));
  for (const { account: id, cents } of Object.values(entries)) (accounts[id] as BankState['accounts'][string]).balanceCents += cents;
  return {
    salt, today, banks, holders, accounts, entries, payees,
    customer: { number: `CU${rng.int(1_000_000, 9_999_999)}`, passcode: faker.string.numeric(6), name: faker.person.fullName(), street: faker.location.streetAddress() },
    session: { signedIn: false },
    transfers: {},
    cards: table('CD', CARD_LABELS, (label, at) => ({ label, account: at === 1 ? second : first, frozen: at === 2, replacement: null })),
  };
}

export const BANK_INVARIANTS: { [rule: string]: (state: BankState) => boolean } = {
  'a balance is the opening balance and all entries': ({ accounts, entries }) =>
    Object.entries(accounts).every(([id, { openingCents, balanceCents }]) => balanceCents === openingCents + sumOf(Object.values(entries).filter((one) => one.account === id), (one) => one.cents)),
  'no account is overdrawn': ({ accounts }) => Object.values(accounts).every(({ balanceCents }) => balanceCents >= 0),
  'money leaves only to verified payees': ({ transfers, payees }) => Object.values(transfers).every(({ payee: id, status }) => status !== 'sent' || payees[id]?.verified === true),
  'no day takes more than the limit out of an account': ({ accounts, transfers }) =>
    Object.entries(accounts).every(([id, { dailyLimitCents }]) => {
      const sent = Object.values(transfers).filter((one) => one.account === id && one.status === 'sent');
      return sent.every(({ on }) => sumOf(sent.filter((one) => one.on === on), (one) => one.cents) <= dailyLimitCents);
    }),
};
