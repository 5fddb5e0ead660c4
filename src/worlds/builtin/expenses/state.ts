import { z } from 'zod';
import { addDays } from '../calendar';
import { sumOf } from '../combinators';
import { seeding } from '../seeding';

export const REPORT_STATUSES = ['draft', 'submitted', 'approved', 'reimbursed'] as const;

const centre = z.strictObject({ project: z.string(), openingCents: z.int(), leftCents: z.int() });
const approver = z.strictObject({ name: z.string(), centre: z.string(), limitCents: z.int() });
const category = z.strictObject({ kind: z.string(), capCents: z.int().min(1) });
const site = z.strictObject({ name: z.string(), east: z.int(), north: z.int() });

const report = z.strictObject({
  title: z.string(),
  centre: z.string(),
  status: z.enum(REPORT_STATUSES),
  approver: z.string().nullable(),
  createdOn: z.iso.date(),
});

/** What a file shows, as the scanner reads it. */
const paper = z.strictObject({ vendor: z.string(), cents: z.int().min(1), paidOn: z.iso.date() });
const receipt = z.strictObject({ file: z.string(), vendor: z.string(), cents: z.int().min(1), paidOn: z.iso.date() });
const expense = z.strictObject({ report: z.string(), receipt: z.string().nullable(), label: z.string(), cents: z.int().min(1) });

/** Expense reports of one employee of a company with several projects. */
export const expensesStateSchema = z.strictObject({
  salt: z.string(),
  today: z.iso.date(),
  employee: z.strictObject({ number: z.string(), pin: z.string(), name: z.string() }),
  session: z.strictObject({ signedIn: z.boolean() }),
  centres: z.record(z.string(), centre),
  approvers: z.record(z.string(), approver),
  categories: z.record(z.string(), category),
  sites: z.record(z.string(), site),
  /** By file name. */
  papers: z.record(z.string(), paper),
  receipts: z.record(z.string(), receipt),
  reports: z.record(z.string(), report),
  expenses: z.record(z.string(), expense),
});

export type ExpensesState = z.output<typeof expensesStateSchema>;

/** Receipts older than this are not paid. */
export const RECEIPT_DAYS = 60;

const PROJECTS = ['Tidal Gate', 'Orchard Sensors', 'Night Bus', 'Quiet Turbine', 'Glasshouse', 'Ferry Beacon'];
const KINDS = ['taxi ride', 'client dinner', 'conference ticket', 'hotel night', 'trade journal', 'train ticket'];
const SITES = ['Marlow Works', 'Pier Laboratory', 'Hatherley Depot', 'Kelso Tower', 'Upland Test Field', 'Sluice House'];
const VENDORS = ['Comet Cabs', 'The Copper Pot', 'Northern Symposium', 'Hotel Halyard', 'Gazette Kiosk', 'Meridian Railways', 'Lighthouse Grill', 'Fenland Taxis'];
const FILES = ['scan-monday.jpg', 'dinner-bill.pdf', 'blue-slip.png', 'ticket-copy.pdf', 'till-roll.jpg', 'late-invoice.pdf'];

/** Three projects with two approvers each; reports in every status; six papers, one of them too old. */
export function initExpenses(seed: number): ExpensesState {
  const { salt, today, rng, faker, some, table } = seeding('expenses', seed);
  const centres = table('CC', some(PROJECTS, 3), (project) => {
    const cents = rng.int(18, 60) * 10_000;
    return { project, openingCents: cents, leftCents: cents };
  });
  const codes = Object.keys(centres);
  const approvers = table('AP', [0, 1, 2, 0, 1, 2], (at, which) => ({ name: faker.person.fullName(), centre: codes[at] as string, limitCents: which < 3 ? 25_000 : 150_000 }));
  const vendors = some(VENDORS, FILES.length);
  const papers = Object.fromEntries(some(FILES, FILES.length).map((file, at) => [file, { vendor: vendors[at] as string, cents: rng.int(1400, 9900), paidOn: addDays(today, at === 5 ? -RECEIPT_DAYS - rng.int(3, 40) : -rng.int(2, 40)) }]));
  const kinds = [{ at: 0, status: 'draft' }, { at: 1, status: 'draft' }, { at: 1, status: 'submitted' }, { at: 0, status: 'submitted' }, { at: 2, status: 'approved' }, { at: 0, status: 'reimbursed' }] as const;
  const titles = ['Spring site visits', 'Harbour survey', 'Supplier week', 'Valve delivery', 'Prototype handover', 'Winter workshop'];
  const reports = table('RP', kinds, ({ at, status }, which) => ({
    title: titles[which] as string, centre: codes[at] as string, status, approver: status === 'draft' ? null : Object.keys(approvers)[at + 3] as string, createdOn: addDays(today, -3 - 6 * which),
  }));
  const expenses = table('EX', Object.keys(reports).flatMap((id) => [id, id]), (id) => ({ report: id, receipt: null, label: rng.pick(KINDS), cents: rng.int(1200, 9800) }));
  for (const [id, { centre: of, status }] of Object.entries(reports)) {
    if (status === 'approved' || status === 'reimbursed') (centres[of] as ExpensesState['centres'][string]).leftCents -= sumOf(Object.values(expenses).filter((one) => one.report === id), (one) => one.cents);
  }
  return {
    salt, today, centres, approvers, papers, reports, expenses,
    employee: { number: `E${rng.int(20_000, 89_999)}`, pin: faker.string.numeric(5), name: faker.person.fullName() },
    session: { signedIn: false },
    categories: table('CG', some(KINDS, 4), (kind) => ({ kind, capCents: rng.int(35, 95) * 100 })),
    sites: table('ST', some(SITES, 4), (name) => ({ name, east: rng.int(0, 140), north: rng.int(0, 140) })),
    receipts: {},
  };
}

/** What the expenses of a report come to. */
export const totalOf = ({ expenses }: ExpensesState, report: string): number => sumOf(Object.values(expenses).filter((one) => one.report === report), (one) => one.cents);

export const EXPENSES_INVARIANTS: { [rule: string]: (state: ExpensesState) => boolean } = {
  'a budget is what approved reports have left of it': (state) =>
    Object.entries(state.centres).every(([code, { openingCents, leftCents }]) => {
      const approved = Object.entries(state.reports).filter(([, one]) => one.centre === code && (one.status === 'approved' || one.status === 'reimbursed'));
      return leftCents >= 0 && leftCents === openingCents - sumOf(approved, ([id]) => totalOf(state, id));
    }),
  'no receipt is claimed twice': ({ expenses }) => {
    const used = Object.values(expenses).flatMap((one) => (one.receipt === null ? [] : [one.receipt]));
    return new Set(used).size === used.length;
  },
  'a report beyond a draft has an approver of its own cost centre': ({ reports, approvers }) =>
    Object.values(reports).every(({ status, approver: id, centre: of }) => (status === 'draft') === (id === null) && (id === null || approvers[id]?.centre === of)),
  'nobody approves more than allowed': (state) =>
    Object.entries(state.reports).every(([id, { approver: by }]) => by === null || totalOf(state, id) <= (state.approvers[by]?.limitCents ?? 0)),
};
