import { z } from 'zod';
import { addDays } from '../calendar';
import { seeding, type Seeding } from '../seeding';

const medicine = z.strictObject({ name: z.string(), form: z.string(), milligrams: z.int(), packCents: z.int() });
const patient = z.strictObject({
  name: z.string(),
  healthCard: z.string(),
  born: z.iso.date(),
  allowanceCents: z.int().min(0),
  /** Medicines the patient takes already. */
  takes: z.array(z.string()),
});

export const PRESCRIPTION_STATUSES = ['issued', 'checked', 'set_aside', 'dispensed'] as const;
const prescription = z.strictObject({
  patient: z.string(),
  medicine: z.string(),
  prescriber: z.string(),
  packs: z.int().min(1),
  refillsLeft: z.int().min(0),
  validUntil: z.iso.date(),
  status: z.enum(PRESCRIPTION_STATUSES),
});
export const SEVERITIES = ['none', 'mild', 'severe'] as const;
const check = z.strictObject({ prescription: z.string(), severity: z.enum(SEVERITIES), overridden: z.boolean() });
const batch = z.strictObject({ medicine: z.string(), expiresOn: z.iso.date(), shelf: z.string(), received: z.int(), packs: z.int().min(0) });
const hold = z.strictObject({ check: z.string(), batch: z.string(), packs: z.int().min(1) });
const dispensing = z.strictObject({ prescription: z.string(), on: z.iso.date(), refillOn: z.iso.date().nullable() });

/** Everything there is in the pharmacy. */
export const pharmacyStateSchema = z.strictObject({
  salt: z.string(),
  today: z.iso.date(),
  pharmacist: z.strictObject({ licence: z.string(), pin: z.string(), name: z.string() }),
  session: z.strictObject({ signedIn: z.boolean() }),
  prescribers: z.array(z.string()),
  medicines: z.record(z.string(), medicine),
  /** Severity by the two codes in order, `MD-1+MD-2`; pairs that are not here are harmless. */
  pairs: z.record(z.string(), z.enum(SEVERITIES)),
  patients: z.record(z.string(), patient),
  prescriptions: z.record(z.string(), prescription),
  checks: z.record(z.string(), check),
  batches: z.record(z.string(), batch),
  holds: z.record(z.string(), hold),
  dispensings: z.record(z.string(), dispensing),
});

export type PharmacyState = z.output<typeof pharmacyStateSchema>;
export type Severity = (typeof SEVERITIES)[number];

/** Below this many usable packs the sister pharmacy helps out. */
export const LOW_PACKS = 8;
export const DAYS_A_PACK = 16;

const NAMES = ['Calvemol', 'Dorinax', 'Ferusol', 'Hestrapin', 'Levandrine', 'Mitoquel', 'Norvestat', 'Osmiril', 'Pelladorm', 'Quintazem', 'Respirone', 'Tolvexa'];
const PRESCRIBERS = ['Dr Halvard Pym', 'Dr Ludmila Sorel', 'Dr Enoch Barrow', 'Dr Mirabel Tighe', 'Dr Casper Wynn'];
const SHELVES = ['Amber drawer', 'Blue drawer', 'Cold case', 'Ivory drawer', 'Oak cabinet'];

/** A seed's pharmacy: six medicines, three patients with prescriptions that are plain, risky, out of stock or too old. */
export function initPharmacy(seed: number): PharmacyState {
  const make = seeding('pharmacy', seed);
  const { rng, faker, some, table } = make;
  const medicines = table('MD', some(NAMES, 6), (name) => ({ name, form: rng.pick(['tablets', 'capsules', 'drops', 'sachets']), milligrams: rng.pick([5, 10, 20, 40, 75, 150]), packCents: rng.int(32, 240) * 10 }));
  const codes = Object.keys(medicines);
  const patients = table('PT', [4, 5, 5], (takes, at) => ({
    name: faker.person.fullName(),
    healthCard: `TR-${rng.int(1000, 9999)}-${rng.int(10, 99)}${at}`,
    born: addDays('1941-01-01', rng.int(0, 25_000)),
    allowanceCents: rng.int(8, 60) * 100,
    takes: [codes[takes] as string],
  }));
  const state: PharmacyState = {
    salt: make.salt,
    today: make.today,
    pharmacist: { licence: `PH${rng.int(10_000, 99_999)}`, pin: String(rng.int(1000, 9999)), name: faker.person.fullName() },
    session: { signedIn: false },
    prescribers: some(PRESCRIBERS, 3),
    medicines,
    pairs: Object.fromEntries([[3, 4, 'severe'], [2, 5, 'severe'], [0, 4, 'mild'], [0, 3, 'mild']].map(([one, other, severity]) => [pairOf(codes[one as number] as string, codes[other as number] as string), severity as Severity])),
    patients,
    prescriptions: {},
    checks: {},
    batches: initBatches(make, codes),
    holds: {},
    dispensings: {},
  };
  return { ...state, ...initPrescriptions(make, state) };
}

export const pairOf = (one: string, other: string): string => [one, other].sort().join('+');

/** Two good batches and an expired one of each medicine; of the second there is only what has expired. */
function initBatches({ rng, today, code }: Seeding, codes: string[]): PharmacyState['batches'] {
  const all = codes.flatMap((id, at) => [-rng.int(4, 40), rng.int(30, 160), rng.int(200, 500)].map((days, nth) => ({ id, days, nth, packs: at === 1 && nth > 0 ? 0 : rng.int(8, 19) })));
  return Object.fromEntries(all.map(({ id, days, nth, packs }) => [code('BT', `${id}/${nth}`), { medicine: id, expiresOn: addDays(today, days), shelf: `${rng.pick(SHELVES)} ${rng.int(11, 68)}`, received: packs, packs }]));
}

/** New prescriptions of every sort, and what was dispensed weeks ago. */
function initPrescriptions({ rng, today, code }: Seeding, state: PharmacyState): Pick<PharmacyState, 'prescriptions' | 'dispensings'> {
  const [patients, codes] = [Object.keys(state.patients), Object.keys(state.medicines)];
  const given = [
    { by: 0, of: 0, days: 30, status: 'issued' },
    { by: 0, of: 3, days: 25, status: 'issued' },
    { by: 1, of: 1, days: 28, status: 'issued' },
    { by: 1, of: 2, days: -6, status: 'issued' },
    { by: 2, of: 2, days: 20, status: 'issued' },
    { by: 0, of: 4, days: 60, status: 'dispensed' },
    { by: 1, of: 5, days: 70, status: 'dispensed' },
    { by: 2, of: 5, days: 65, status: 'dispensed' },
  ] as const;
  const prescriptions = given.map(({ by, of, days, status }, at): [string, PharmacyState['prescriptions'][string]] => [
    code('RX', at),
    {
      patient: patients[by] as string,
      medicine: codes[of] as string,
      prescriber: rng.pick(state.prescribers),
      packs: rng.int(1, 2),
      // The second patient has no refills left of what is taken daily.
      refillsLeft: at === 6 ? 0 : rng.int(1, 3),
      validUntil: addDays(today, days),
      status,
    },
  ]);
  const dispensed = prescriptions.filter(([, one]) => one.status === 'dispensed');
  return {
    prescriptions: Object.fromEntries(prescriptions),
    dispensings: Object.fromEntries(dispensed.map(([id], at) => [code('DS', at), { prescription: id, on: addDays(today, -rng.int(18, 30)), refillOn: null }])),
  };
}

const setAside = (state: PharmacyState, batchId: string): number => Object.values(state.holds).filter((one) => one.batch === batchId).reduce((sum, one) => sum + one.packs, 0);

/** What no sequence of calls may break. */
export const PHARMACY_INVARIANTS: { [rule: string]: (state: PharmacyState) => boolean } = {
  'packs that came in are on the shelf, set aside or handed out': (state) => Object.entries(state.batches).every(([id, one]) => one.packs + setAside(state, id) === one.received),
  'what is set aside is the prescribed medicine, and was not expired': (state) => Object.values(state.holds).every((one) => {
    const wanted = state.prescriptions[state.checks[one.check]?.prescription ?? ''];
    const from = state.batches[one.batch];
    return wanted !== undefined && from?.medicine === wanted.medicine && from.expiresOn >= state.today && one.packs === wanted.packs;
  }),
  'nothing severe goes on without an override': (state) => Object.values(state.holds).every((one) => state.checks[one.check]?.severity !== 'severe' || state.checks[one.check]?.overridden === true),
  'a prescription is checked once': (state) => new Set(Object.values(state.checks).map((one) => one.prescription)).size === Object.keys(state.checks).length,
  'refills come after the dispensing': (state) => Object.values(state.dispensings).every((one) => one.refillOn === null || one.refillOn > one.on),
};
