import { z } from 'zod';
import { addDays } from '../calendar';
import { sumOf } from '../combinators';
import { seeding } from '../seeding';

export const SHEET_STATUSES = ['submitted', 'returned', 'approved'] as const;
export const RUN_STATUSES = ['calculated', 'approved', 'paid'] as const;

const employee = z.strictObject({ name: z.string(), team: z.string(), hourlyCents: z.int().min(1), taxPercent: z.int(), startedOn: z.iso.date() });
const period = z.strictObject({ month: z.string(), payDay: z.iso.date() });
const sheet = z.strictObject({ employee: z.string(), period: z.string(), hours: z.int().min(1), overtime: z.int().min(0), status: z.enum(SHEET_STATUSES) });
const bonus = z.strictObject({ employee: z.string(), period: z.string(), cents: z.int().min(1) });

const run = z.strictObject({
  period: z.string(),
  status: z.enum(RUN_STATUSES),
  calculatedBy: z.string(),
  approvedBy: z.string().nullable(),
  /** By employee. */
  slips: z.record(z.string(), z.strictObject({ grossCents: z.int().min(1), taxCents: z.int().min(0) })),
});

/** The payroll office of a small company. */
export const payrollStateSchema = z.strictObject({
  salt: z.string(),
  today: z.iso.date(),
  /** By badge number. */
  officers: z.record(z.string(), z.strictObject({ name: z.string(), phone: z.string() })),
  /** Who has unlocked payroll. */
  session: z.strictObject({ officer: z.string().nullable() }),
  employees: z.record(z.string(), employee),
  periods: z.record(z.string(), period),
  timesheets: z.record(z.string(), sheet),
  bonuses: z.record(z.string(), bonus),
  runs: z.record(z.string(), run),
});

export type PayrollState = z.output<typeof payrollStateSchema>;

const TEAMS = ['Foundry', 'Pattern Shop', 'Dispatch', 'Night Shift', 'Glazing', 'Front Office'];

const monthAfter = (date: string): string => addDays(`${date.slice(0, 7)}-28`, 5).slice(0, 7);
const monthBefore = (date: string): string => addDays(`${date.slice(0, 7)}-01`, -1).slice(0, 7);

/** What a month of an employee comes to. */
export function payOf({ hourlyCents, taxPercent }: PayrollState['employees'][string], hours: number, overtime: number, bonusCents: number): { grossCents: number; taxCents: number } {
  const grossCents = hourlyCents * hours + Math.round(hourlyCents * overtime * 1.25) + bonusCents;
  return { grossCents, taxCents: Math.round((grossCents * taxPercent) / 100) };
}

/** Six employees. The runs of the last three months are paid, approved and calculated; this month has a timesheet to decide on, next month none. */
export function initPayroll(seed: number): PayrollState {
  const { salt, today, rng, faker, some, table } = seeding('payroll', seed);
  const teams = some(TEAMS, 4);
  const employees = table('EM', [...Array(6).keys()], (at) => ({
    name: faker.person.fullName(), team: teams[at % 4] as string, hourlyCents: rng.int(1750, 4200), taxPercent: rng.int(18, 39), startedOn: addDays(today, -rng.int(200, 4000)),
  }));
  const last = monthBefore(today);
  const secondLast = monthBefore(last);
  const months = [monthBefore(secondLast), secondLast, last, today.slice(0, 7), monthAfter(today)];
  const periods = table('PP', months, (month) => ({ month, payDay: `${month}-2${rng.int(4, 8)}` }));
  const periodIds = Object.keys(periods);
  const current = periodIds[RUN_STATUSES.length] as string;
  const ids = Object.keys(employees);
  const sheet = (period: string, at: number, status: (typeof SHEET_STATUSES)[number]): PayrollState['timesheets'][string] => ({ employee: ids[at] as string, period, hours: rng.int(96, 164), overtime: rng.int(0, 14), status });
  const past = periodIds.slice(0, RUN_STATUSES.length);
  const timesheets = table('TS', [
    ...past.flatMap((period, at) => [sheet(period, at, 'approved'), sheet(period, at + 1, 'approved'), sheet(period, at + 2, 'approved')]),
    sheet(current, 0, 'submitted'), sheet(current, 1, 'approved'), sheet(current, 2, 'approved'), sheet(current, 3, 'returned'),
  ], (one) => one);
  const badges = [`PB-${rng.int(1000, 4999)}`, `PB-${rng.int(5000, 9899)}`] as const;
  const slipsOf = (period: string): PayrollState['runs'][string]['slips'] =>
    Object.fromEntries(Object.values(timesheets).filter((one) => one.period === period).map((one) => [one.employee, payOf(employees[one.employee] as PayrollState['employees'][string], one.hours, one.overtime, 0)]));
  const runs = table('PR', past, (period, at): PayrollState['runs'][string] => ({ period, status: at === 0 ? 'paid' : at === 1 ? 'approved' : 'calculated', calculatedBy: badges[0], approvedBy: at === 2 ? null : badges[1], slips: slipsOf(period) }));
  return {
    salt, today, employees, periods, timesheets, runs,
    officers: Object.fromEntries(badges.map((badge) => [badge, { name: faker.person.fullName(), phone: `extension ${rng.int(210, 989)}` }])),
    session: { officer: null },
    bonuses: {},
  };
}

export const PAYROLL_INVARIANTS: { [rule: string]: (state: PayrollState) => boolean } = {
  'an employee has one timesheet in a period': ({ timesheets }) => {
    const pairs = Object.values(timesheets).map((one) => `${one.employee} ${one.period}`);
    return new Set(pairs).size === pairs.length;
  },
  'a period has one run': ({ runs }) => new Set(Object.values(runs).map((one) => one.period)).size === Object.keys(runs).length,
  'a run pays the approved timesheets and bonuses of its period': ({ runs, timesheets, bonuses, employees }) =>
    Object.values(runs).every(({ period: of, slips }) => {
      const sheets = Object.values(timesheets).filter((one) => one.period === of && one.status === 'approved');
      return sheets.length === Object.keys(slips).length && sheets.every((one) => {
        const extra = sumOf(Object.values(bonuses).filter((other) => other.period === of && other.employee === one.employee), (other) => other.cents);
        return slips[one.employee]?.grossCents === payOf(employees[one.employee] as PayrollState['employees'][string], one.hours, one.overtime, extra).grossCents;
      });
    }),
  'a run is approved by somebody else than who calculated it, before it is paid': ({ runs }) =>
    Object.values(runs).every(({ status, calculatedBy, approvedBy }) => (status === 'calculated') === (approvedBy === null) && approvedBy !== calculatedBy),
};
