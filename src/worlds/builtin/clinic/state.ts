import { z } from 'zod';
import { addDays, weekdayOf } from '../calendar';
import { seeding, type Seeding } from '../seeding';

const slot = z.strictObject({ clinician: z.string(), date: z.iso.date(), starts: z.string(), taken: z.boolean() });
const referral = z.strictObject({ patient: z.string(), specialty: z.string(), issuedBy: z.string(), validUntil: z.iso.date(), visits: z.int().min(1) });
const hold = z.strictObject({ slot: z.string(), referral: z.string(), confirmed: z.boolean() });

export const VISIT_STATUSES = ['booked', 'checked_in', 'seen', 'cancelled'] as const;
export const FINDINGS = ['no_finding', 'improving', 'stable', 'needs_treatment', 'needs_surgery'] as const;
const appointment = z.strictObject({
  patient: z.string(),
  slot: z.string(),
  /** What it was booked on; none for what was booked before the clinic asked for referrals. */
  referral: z.string().nullable(),
  status: z.enum(VISIT_STATUSES),
  vitals: z.strictObject({ systolic: z.int(), pulse: z.int() }).nullable(),
});

/** Everything there is in the clinic. */
export const clinicStateSchema = z.strictObject({
  salt: z.string(),
  today: z.iso.date(),
  desk: z.strictObject({ badge: z.string(), pin: z.string(), name: z.string() }),
  session: z.strictObject({ signedIn: z.boolean() }),
  patients: z.record(z.string(), z.strictObject({ name: z.string(), insurance: z.string(), born: z.iso.date() })),
  clinicians: z.record(z.string(), z.strictObject({ name: z.string(), specialty: z.string(), floor: z.int(), feeCents: z.int() })),
  slots: z.record(z.string(), slot),
  referrals: z.record(z.string(), referral),
  holds: z.record(z.string(), hold),
  appointments: z.record(z.string(), appointment),
  notes: z.record(z.string(), z.strictObject({ appointment: z.string(), finding: z.enum(FINDINGS), reviewOn: z.iso.date() })),
  contacts: z.record(z.string(), z.strictObject({ patient: z.string(), contact: z.string() })),
});

export type ClinicState = z.output<typeof clinicStateSchema>;
export type Appointment = z.output<typeof appointment>;

/** Days from today for which slots are offered. */
export const DAYS_AHEAD = 14;

const SPECIALTIES = ['dermatology', 'audiology', 'cardiology', 'orthopaedics', 'neurology', 'ophthalmology', 'rheumatology'];
const HOURS = ['08:20', '09:40', '11:10', '13:30', '15:00', '16:40'];

/** A seed's clinic: three patients, three specialties with two specialists each, visits of today, of next week and of last month. */
export function initClinic(seed: number): ClinicState {
  const make = seeding('clinic', seed);
  const { rng, faker, some, table } = make;
  const patients = table('N', [0, 1, 2], (at) => ({
    name: faker.person.fullName(),
    insurance: `MW${rng.int(10, 99)} ${rng.int(1000, 9999)} ${rng.int(100, 999)}${at}`,
    born: addDays('1948-01-01', rng.int(0, 24_000)),
  }));
  const clinicians = table('K', some(SPECIALTIES, 3).flatMap((specialty) => [specialty, specialty]), (specialty) => ({
    name: `Dr ${faker.person.lastName()}`,
    specialty,
    floor: rng.int(1, 6),
    feeCents: rng.int(8, 36) * 100,
  }));
  const state: ClinicState = {
    salt: make.salt,
    today: make.today,
    desk: { badge: `DESK-${rng.int(1000, 9999)}`, pin: String(rng.int(100_000, 999_999)), name: faker.person.fullName() },
    session: { signedIn: false },
    patients,
    clinicians,
    slots: initSlots(make, Object.keys(clinicians)),
    referrals: {},
    holds: {},
    appointments: {},
    notes: {},
    contacts: {},
  };
  return { ...state, referrals: initReferrals(make, state), ...initVisits(make, state) };
}

/** Three slots a day for everybody, one in four taken by strangers, none on Sundays but for today and the day of past visits. */
function initSlots({ rng, today, some, table }: Seeding, clinicians: string[]): ClinicState['slots'] {
  const days = Array.from({ length: DAYS_AHEAD }, (_, ahead) => addDays(today, ahead)).filter((date) => date === today || weekdayOf(date) !== 'Sunday');
  const all = [addDays(today, -24), ...days].flatMap((date) => clinicians.flatMap((clinician) => some(HOURS, 3).sort().map((starts) => ({ clinician, date, starts }))));
  return table('S', all, (one) => ({ ...one, taken: rng.float() < 0.25 }));
}

const specialtiesOf = (state: ClinicState): string[] => [...new Set(Object.values(state.clinicians).map((one) => one.specialty))];

/** Good ones, one that has run out and one that is valid for a few days only. */
function initReferrals({ rng, today, faker, code }: Seeding, state: ClinicState): ClinicState['referrals'] {
  const [first, second, third] = Object.keys(state.patients) as [string, string, string];
  const [one, other, last] = specialtiesOf(state) as [string, string, string];
  const given = [
    { patient: first, specialty: one, days: rng.int(40, 90) },
    { patient: first, specialty: other, days: -rng.int(3, 20) },
    { patient: second, specialty: other, days: rng.int(30, 80) },
    { patient: third, specialty: one, days: rng.int(1, 3) },
    { patient: third, specialty: last, days: rng.int(50, 99) },
  ];
  return Object.fromEntries(given.map(({ patient, specialty, days }, at) => [code('RF', at), { patient, specialty, issuedBy: `Dr ${faker.person.lastName()}`, validUntil: addDays(today, days), visits: rng.int(1, 3) }]));
}

/** Visits of today and of next week for two patients, and visits of last month with their notes. */
function initVisits({ rng, today, code }: Seeding, state: ClinicState): Pick<ClinicState, 'appointments' | 'notes'> {
  const patients = Object.keys(state.patients) as [string, string, string];
  const free = (when: (date: string) => boolean): string[] => rng.shuffle(Object.keys(state.slots).filter((id) => when(state.slots[id]?.date as string) && !state.slots[id]?.taken));
  const [todays, later, past] = [free((date) => date === today), free((date) => date > addDays(today, 4)), free((date) => date < today)];
  const make = (patient: string, slotId: string, status: Appointment['status']): Appointment => ({ patient, slot: slotId, referral: null, status, vitals: status === 'seen' ? { systolic: rng.int(112, 139), pulse: rng.int(58, 84) } : null });
  const appointments = [
    ...patients.map((patient, at) => make(patient, todays[at] as string, 'booked')),
    ...patients.slice(0, 2).map((patient, at) => make(patient, later[at] as string, 'booked')),
    ...patients.slice(0, 2).map((patient, at) => make(patient, past[at] as string, 'seen')),
  ].map((one, at): [string, Appointment] => [code('AP', at), one]);
  const seen = appointments.filter(([, one]) => one.status === 'seen');
  return {
    appointments: Object.fromEntries(appointments),
    notes: Object.fromEntries(seen.map(([id], at) => [code('VN', at), { appointment: id, finding: rng.pick(FINDINGS), reviewOn: addDays(today, rng.int(12, 60)) }])),
  };
}

/** Visits left on a referral. */
export const visitsLeft = (state: ClinicState, id: string): number =>
  (state.referrals[id]?.visits ?? 0) - Object.values(state.appointments).filter((one) => one.referral === id && one.status !== 'cancelled').length;

/** Who has a slot: a stranger, an open hold, or an appointment. */
export const takersOf = (state: ClinicState, id: string): number =>
  (state.slots[id]?.taken ? 1 : 0)
  + Object.values(state.holds).filter((one) => one.slot === id && !one.confirmed).length
  + Object.values(state.appointments).filter((one) => one.slot === id && one.status !== 'cancelled').length;

/** What no sequence of calls may break. */
export const CLINIC_INVARIANTS: { [rule: string]: (state: ClinicState) => boolean } = {
  'no slot is given away twice': (state) => [...Object.values(state.holds), ...Object.values(state.appointments)].every((one) => takersOf(state, one.slot) <= 1),
  'nobody is seen more often than referred': (state) => Object.keys(state.referrals).every((id) => visitsLeft(state, id) >= 0),
  'vitals are taken of those who came, and before a note': (state) =>
    Object.values(state.appointments).every((one) => (one.vitals === null || one.status === 'checked_in' || one.status === 'seen') && (one.status !== 'seen' || one.vitals !== null)),
  'every visit that ended has one note': (state) => {
    const noted = Object.values(state.notes).map((one) => one.appointment).sort();
    const seen = Object.keys(state.appointments).filter((id) => state.appointments[id]?.status === 'seen').sort();
    return JSON.stringify(noted) === JSON.stringify(seen);
  },
  'nobody comes before the day': (state) => Object.values(state.appointments).every((one) => (one.status !== 'checked_in' && one.status !== 'seen') || (state.slots[one.slot]?.date ?? '') <= state.today),
};
