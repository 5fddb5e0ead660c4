import { z } from 'zod';
import { addDays } from '../calendar';
import { rowOf, sum } from '../combinators';
import { seeding } from '../seeding';

export const AGREEMENT_STATUSES = ['signed', 'running', 'settled'] as const;
export const TERMS = ['6', '12', '18', '24'] as const;

const customer = z.strictObject({ name: z.string(), occupation: z.string(), incomeCents: z.int(), costsCents: z.int(), score: z.int() });
const product = z.strictObject({ name: z.string(), leastCents: z.int(), mostCents: z.int(), rateTenths: z.int(), minimumScore: z.int() });
const application = z.strictObject({ customer: z.string(), product: z.string(), cents: z.int().min(1), months: z.int().min(1), /** Who stood as guarantor when the offer was made. */ guarantor: z.string().nullable(), offer: z.string().nullable() });
const offer = z.strictObject({ application: z.string(), rateTenths: z.int().min(0), instalmentCents: z.int().min(1), agreement: z.string().nullable() });
const agreement = z.strictObject({
  customer: z.string(),
  product: z.string(),
  principalCents: z.int().min(1),
  owedCents: z.int().min(0),
  months: z.int().min(1),
  rateTenths: z.int().min(0),
  instalmentCents: z.int().min(1),
  /** Instalments that have been collected. */
  collected: z.int().min(0),
  paidOutOn: z.iso.date().nullable(),
  status: z.enum(AGREEMENT_STATUSES),
});
/** What came in for an agreement; `number` is that of the instalment, or none for a settlement. */
const payment = z.strictObject({ agreement: z.string(), number: z.int().nullable(), principalCents: z.int(), interestCents: z.int().min(0), feeCents: z.int().min(0) });

/** The lender's books as one officer sees them. Rates are tenths of a percent a year. */
export const lendingStateSchema = z.strictObject({
  salt: z.string(),
  today: z.iso.date(),
  officer: z.strictObject({ number: z.string(), pin: z.string(), name: z.string() }),
  session: z.strictObject({ signedIn: z.boolean() }),
  customers: z.record(z.string(), customer),
  products: z.record(z.string(), product),
  files: z.record(z.string(), z.strictObject({ customer: z.string() })),
  /** Who stands for whom: the guarantor by the code of the borrower. */
  guarantees: z.record(z.string(), z.string()),
  applications: z.record(z.string(), application),
  offers: z.record(z.string(), offer),
  agreements: z.record(z.string(), agreement),
  payments: z.record(z.string(), payment),
  settlements: z.record(z.string(), z.strictObject({ agreement: z.string(), collected: z.int(), feeCents: z.int() })),
});

export type LendingState = z.output<typeof lendingStateSchema>;
export type Agreement = z.output<typeof agreement>;
export type Payment = z.output<typeof payment>;

/** Days between two instalments. */
export const INSTALMENT_DAYS = 30;

const PRODUCTS = ['Kitchen Loan', 'Cargo Bike Loan', 'Solar Roof Loan', 'Apprentice Loan', 'Instrument Loan', 'Workshop Loan'];
const OCCUPATIONS = ['bookbinder', 'nurse', 'tram driver', 'dental technician', 'gardener', 'surveyor', 'baker'];

/** The level instalment that pays a principal off in so many months. */
export function levelInstalment(cents: number, rateTenths: number, months: number): number {
  const monthly = rateTenths / 12_000;
  return monthly === 0 ? Math.ceil(cents / months) : Math.ceil((cents * monthly) / (1 - (1 + monthly) ** -months));
}

/** The parts of the next instalment; the last one takes what is left. */
export function nextInstalment({ owedCents, rateTenths, instalmentCents, collected, months }: Agreement): { principalCents: number; interestCents: number } {
  const interestCents = Math.round((owedCents * rateTenths) / 12_000);
  return { interestCents, principalCents: collected + 1 === months ? owedCents : Math.min(owedCents, instalmentCents - interestCents) };
}

/** Books an instalment into the agreement and says what was booked. */
export function collectNext(id: string, row: Agreement): Payment {
  const parts = nextInstalment(row);
  row.owedCents -= parts.principalCents;
  row.collected += 1;
  if (row.owedCents === 0) row.status = 'settled';
  return { agreement: id, number: row.collected, ...parts, feeCents: 0 };
}

/** Five customers, three products, two applications under way, and six loans: three that run, two that wait for their payout, one that has ended. */
export function initLending(seed: number): LendingState {
  const s = seeding('lending', seed);
  const names = s.faker.helpers.uniqueArray(() => s.faker.person.fullName(), 5);
  const customers = s.table('CU', names, (name) => ({ name, occupation: s.rng.pick(OCCUPATIONS), incomeCents: s.rng.int(210, 440) * 1000, costsCents: s.rng.int(70, 130) * 1000, score: s.rng.int(430, 820) }));
  const products = s.table('PD', s.some(PRODUCTS, 3), (name) => ({ name, leastCents: s.rng.int(3, 9) * 10_000, mostCents: s.rng.int(70, 140) * 10_000, rateTenths: s.rng.int(38, 92), minimumScore: s.rng.int(46, 62) * 10 }));
  const [, second, third, fourth] = Object.keys(customers) as [string, string, string, string];
  const plan = [
    { customer: third, status: 'running', collected: 5 }, { customer: third, status: 'settled', collected: 6 }, { customer: fourth, status: 'signed', collected: 0 },
    { customer: fourth, status: 'running', collected: 2 }, { customer: second, status: 'running', collected: 8 }, { customer: second, status: 'signed', collected: 0 },
  ] as const;
  const payments: Payment[] = [];
  const ids = Object.keys(products);
  const agreements = s.table('AG', plan, (row, at): Agreement => {
    const principalCents = s.rng.int(8, 30) * 10_000;
    const rateTenths = s.rng.int(40, 95);
    const months = row.status === 'settled' ? 6 : 12;
    const paidOutOn = row.status === 'signed' ? null : addDays(s.today, -INSTALMENT_DAYS * row.collected - s.rng.int(3, 24));
    return { customer: row.customer, product: ids[at % 3] as string, principalCents, owedCents: principalCents, months, rateTenths, instalmentCents: levelInstalment(principalCents, rateTenths, months), collected: 0, paidOutOn, status: row.status };
  });
  Object.entries(agreements).forEach(([id, row], at) => {
    for (let count = plan[at]?.collected ?? 0; count > 0; count--) payments.push(collectNext(id, row));
  });
  const underWay = [{ customer: second, product: ids[1] as string, months: 18 }, { customer: fourth, product: ids[2] as string, months: 24 }];
  const applications = s.table('AP', underWay, (row) => ({ ...row, cents: s.rng.int(10, 24) * 10_000, guarantor: null, offer: null }));
  return {
    salt: s.salt, today: s.today, customers, products, agreements, applications,
    officer: { number: `HL-${s.rng.int(100, 999)}`, pin: s.faker.string.numeric(6), name: s.faker.person.fullName() },
    session: { signedIn: false },
    files: {}, guarantees: {}, offers: {}, settlements: {},
    payments: s.table('PM', payments, (row) => row),
  };
}


export const lendingInvariants: { [rule: string]: (state: LendingState) => boolean } = {
  'what is owed is the principal less what payments took off it': ({ agreements, payments }) =>
    Object.entries(agreements).every(([id, row]) => row.owedCents === row.principalCents - sum(Object.values(payments).filter((one) => one.agreement === id).map((one) => one.principalCents))),
  'only what was paid out is paid back, and what is settled owes nothing': ({ agreements }) =>
    Object.values(agreements).every((row) => (row.status === 'signed') === (row.paidOutOn === null) && (row.status === 'settled') === (row.owedCents === 0) && (row.paidOutOn !== null || row.collected === 0)),
  'instalments are collected in order, each once': ({ agreements, payments }) =>
    Object.entries(agreements).every(([id, row]) => {
      const numbers = Object.values(payments).flatMap((one) => (one.agreement === id && one.number !== null ? [one.number] : []));
      return numbers.length === row.collected && new Set(numbers).size === numbers.length && Math.max(0, ...numbers) === row.collected;
    }),
  'amounts lie within the limits of their products': ({ applications, products }) =>
    Object.values(applications).every((row) => row.cents >= rowOf(products, row.product).leastCents && row.cents <= rowOf(products, row.product).mostCents),
  'nobody is their own guarantor, and low scores have one when they get an offer': ({ applications, customers, guarantees, products }) =>
    Object.entries(guarantees).every(([borrower, guarantor]) => borrower !== guarantor)
    && Object.values(applications).every((row) => row.guarantor !== row.customer && (row.offer === null || row.guarantor !== null || rowOf(customers, row.customer).score >= rowOf(products, row.product).minimumScore)),
};
