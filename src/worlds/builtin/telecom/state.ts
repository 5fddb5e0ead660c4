import { z } from 'zod';
import { addDays, daysBetween } from '../calendar';
import { seeding, type Seeding } from '../seeding';

export const FAULTS = ['no_fault', 'port_locked', 'profile_mismatch', 'line_noise', 'broken_cable'] as const;
const line = z.strictObject({
  phone: z.string(),
  place: z.string(),
  plan: z.string(),
  device: z.string(),
  /** What is wrong with it, and since when; a line without a fault works. */
  fault: z.enum(FAULTS),
  faultySince: z.iso.date().nullable(),
  forwardsTo: z.string().nullable(),
});

export const FIX_STATUSES = ['ordered', 'engineer_booked', 'applied', 'verified'] as const;
const fix = z.strictObject({ line: z.string(), fault: z.enum(FAULTS), status: z.enum(FIX_STATUSES), rebooted: z.boolean(), daysDown: z.int().min(0), creditCents: z.int().nullable() });
const quote = z.strictObject({ line: z.string(), plan: z.string(), monthlyCents: z.int(), confirmed: z.boolean() });

/** Everything there is at the telephone company, as far as one customer is concerned. */
export const telecomStateSchema = z.strictObject({
  salt: z.string(),
  today: z.iso.date(),
  customer: z.strictObject({ number: z.string(), password: z.string(), name: z.string() }),
  session: z.strictObject({ signedIn: z.boolean() }),
  account: z.strictObject({ openingCents: z.int().min(0), creditCents: z.int().min(0) }),
  plans: z.record(z.string(), z.strictObject({ monthlyCents: z.int(), megabits: z.int() })),
  lines: z.record(z.string(), line),
  devices: z.record(z.string(), z.strictObject({ model: z.string(), firmware: z.string(), boots: z.int() })),
  testCodes: z.record(z.string(), z.strictObject({ device: z.string(), used: z.boolean() })),
  diagnoses: z.record(z.string(), z.strictObject({ line: z.string(), fault: z.enum(FAULTS), latest: z.boolean() })),
  fixes: z.record(z.string(), fix),
  slots: z.record(z.string(), z.strictObject({ fix: z.string(), date: z.iso.date(), window: z.string() })),
  quotes: z.record(z.string(), quote),
});

export type TelecomState = z.output<typeof telecomStateSchema>;

export const CREDIT_CENTS_A_DAY = 180;
export const NEEDS_ENGINEER = 'broken_cable';
export const WINDOWS = ['08:00 to 10:30', '10:30 to 13:00', '13:30 to 16:00', '16:00 to 19:00'];

const PLANS = ['Heather Basic', 'Thistle Plus', 'Gorse Family', 'Bracken Pro', 'Lichen Light', 'Foxglove Max'];
const PLACES = ['Ferry Cottage', 'the flat in Cobbler Street', 'the studio at Mill Yard', 'the summer house at Orle', 'the shop in Tanner Row', 'the office at Beacon House', 'the farm at Upper Thrang'];
const MODELS = ['Wren 4', 'Wren 6', 'Siskin Duo', 'Dunlin Air', 'Redstart X', 'Plover S', 'Whinchat 2'];

/** A seed's customer: six lines, two of which can be fixed from afar, two that need an engineer, and two that work. */
export function initTelecom(seed: number): TelecomState {
  const make = seeding('telecom', seed);
  const { rng, faker, some, table } = make;
  const plans = Object.fromEntries(some(PLANS, 5).map((name, at) => [name, { monthlyCents: 1490 + at * 600 + rng.int(0, 9) * 50, megabits: [50, 100, 250, 500, 1000][at] as number }]));
  const devices = table('DV', some(MODELS, 6), (model) => ({ model, firmware: `${rng.int(2, 9)}.${rng.int(10, 39)}`, boots: rng.int(14, 90) }));
  const opening = rng.int(2, 30) * 50;
  const state: TelecomState = {
    salt: make.salt,
    today: make.today,
    customer: { number: `FH-${rng.int(100_000, 999_999)}`, password: `${faker.word.noun()}${rng.int(100, 999)}`, name: faker.person.fullName() },
    session: { signedIn: false },
    account: { openingCents: opening, creditCents: opening },
    plans,
    lines: initLines(make, Object.keys(devices), Object.keys(plans)),
    devices,
    testCodes: {},
    diagnoses: {},
    fixes: {},
    slots: {},
    quotes: {},
  };
  return { ...state, ...initFixes(make, state) };
}

/** A fix order that is ready to be verified, one that waits for an engineer to be booked, and one that is done and not credited. */
function initFixes({ rng, today, code }: Seeding, state: TelecomState): Pick<TelecomState, 'fixes' | 'slots'> {
  const lines = Object.entries(state.lines);
  const orders = [{ at: 3, status: 'applied' }, { at: 5, status: 'ordered' }, { at: 2, status: 'verified' }] as const;
  const fixes = orders.map(({ at, status }): [string, TelecomState['fixes'][string]] => {
    const [id, one] = lines[at] as [string, TelecomState['lines'][string]];
    const daysDown = one.faultySince === null ? rng.int(3, 9) : daysBetween(one.faultySince, today);
    return [code('FX', at), { line: id, fault: status === 'verified' ? 'line_noise' : one.fault, status, rebooted: status !== 'ordered', daysDown, creditCents: null }];
  });
  const slots = [1, 3, 4].map((ahead): [string, TelecomState['slots'][string]] => [code('ES', ahead), { fix: code('FX', 5), date: addDays(today, ahead), window: WINDOWS[ahead - 1] as string }]);
  return { fixes: Object.fromEntries(fixes), slots: Object.fromEntries(slots) };
}

function initLines({ rng, today, some, table }: Seeding, devices: string[], plans: string[]): TelecomState['lines'] {
  const remote = some(['port_locked', 'profile_mismatch', 'line_noise'] as const, 2);
  const places = some(PLACES, 6);
  const faults: (typeof FAULTS)[number][] = [remote[0] ?? 'port_locked', NEEDS_ENGINEER, 'no_fault', remote[1] ?? 'line_noise', 'no_fault', NEEDS_ENGINEER];
  return table('LN', faults, (fault, at) => ({
    phone: `0${rng.int(310, 689)} ${rng.int(20_000, 98_999)}${at}`,
    place: places[at] as string,
    // The first two plans are those a user wants to change to.
    plan: plans[3 + (at % 2)] as string,
    device: devices[at] as string,
    fault,
    faultySince: fault === 'no_fault' ? null : addDays(today, -rng.int(3, 14)),
    forwardsTo: null,
  }));
}

/** Where calls to a line end. */
export function endOfCalls(state: TelecomState, from: string): string {
  let at = from;
  for (let step = 0; step < Object.keys(state.lines).length; step++) at = state.lines[at]?.forwardsTo ?? at;
  return at;
}

/** What no sequence of calls may break. */
export const TELECOM_INVARIANTS: { [rule: string]: (state: TelecomState) => boolean } = {
  'a line has a fault since a day, or none': (state) => Object.values(state.lines).every((one) => (one.fault === 'no_fault') === (one.faultySince === null)),
  'a line has one unfinished fix order': (state) => {
    const open = Object.values(state.fixes).filter((one) => one.status !== 'verified').map((one) => one.line);
    return new Set(open).size === open.length;
  },
  'calls end somewhere': (state) => Object.keys(state.lines).every((id) => state.lines[endOfCalls(state, id)]?.forwardsTo === null),
  'credit is what there was and what verified fixes gave': (state) => {
    const given = Object.values(state.fixes).filter((one) => one.creditCents !== null);
    return given.every((one) => one.status === 'verified') && state.account.creditCents === state.account.openingCents + given.reduce((sum, one) => sum + (one.creditCents ?? 0), 0);
  },
  'verified means fixed, rebooted and not by an engineer still to come': (state) => Object.values(state.fixes).every((one) => one.status !== 'verified' || (one.rebooted && one.fault !== NEEDS_ENGINEER)),
  'a line has one latest diagnosis': (state) => {
    const latest = Object.values(state.diagnoses).filter((one) => one.latest).map((one) => one.line);
    return new Set(latest).size === latest.length;
  },
};
