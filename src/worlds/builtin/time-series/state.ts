import { z } from 'zod';
import { createRng } from '../../../core/random';
import { addDays, daysBetween } from '../calendar';
import { seeding, type Seeding } from '../seeding';

export const RULE_STATUSES = ['draft', 'tested', 'armed'] as const;
export const USES = ['mean', 'highest', 'lowest'] as const;

const window = z.strictObject({ series: z.string(), first: z.iso.date(), last: z.iso.date() });
const rule = z.strictObject({ aggregate: z.string(), contact: z.string(), status: z.enum(RULE_STATUSES) });

/** Everything on the console; readings are not stored: `readingsOf` derives one per day of a series. */
export const timeSeriesSchema = z.strictObject({
  salt: z.string(),
  today: z.iso.date(),
  operator: z.strictObject({ name: z.string(), code: z.string() }),
  session: z.strictObject({ signedIn: z.boolean() }),
  contacts: z.array(z.string()),
  sites: z.record(z.string(), z.strictObject({ name: z.string(), region: z.string() })),
  sensors: z.record(z.string(), z.strictObject({ site: z.string(), place: z.string(), calibrated: z.boolean() })),
  series: z.record(z.string(), z.strictObject({ sensor: z.string(), quantity: z.string(), unit: z.string() })),
  windows: z.record(z.string(), window),
  aggregates: z.record(z.string(), z.strictObject({ window: z.string(), use: z.enum(USES), value: z.number() })),
  anomalies: z.record(z.string(), z.strictObject({ window: z.string(), day: z.iso.date(), value: z.number(), cause: z.string().nullable() })),
  rules: z.record(z.string(), rule),
});

export type TimeSeriesState = z.output<typeof timeSeriesSchema>;

export const MAX_WINDOW_DAYS = 60;

const SITES = ['Alder Weir', 'Bramble Dam', 'Cobb Pumping House', 'Drift Sluice', 'Eel Ladder', 'Farrow Tower', 'Gorse Reservoir'];
const REGIONS = ['upper valley', 'lake district', 'tidal flats', 'moor edge'];
const PLACES = ['inlet', 'spillway', 'roof', 'pump room', 'east bank', 'outfall'];
const QUANTITIES = [['water level', 'centimetres'], ['flow', 'litres per second'], ['temperature', 'degrees'], ['vibration', 'hertz'], ['turbidity', 'units']] as const;

/** The initial state of a seed: three sites with two sensors each, one of them not calibrated, and two series per sensor; a drafted and a tested rule per site. */
export function initTimeSeries(seed: number): TimeSeriesState {
  const seeded = seeding('time-series', seed);
  const { salt, today, rng, faker, some, code, table } = seeded;
  const sites = table('SI', some(SITES, 3), (name) => ({ name, region: rng.pick(REGIONS) }));
  const sensors: TimeSeriesState['sensors'] = {};
  const series: TimeSeriesState['series'] = {};
  for (const site of Object.keys(sites)) {
    some(PLACES, 2).forEach((place, at) => {
      const sensor = code('SE', `${site}/${at}`);
      sensors[sensor] = { site, place, calibrated: at === 0 };
      for (const [quantity, unit] of some(QUANTITIES, 2)) series[code('TS', `${sensor}/${quantity}`)] = { sensor, quantity, unit };
    });
  }
  const state: TimeSeriesState = {
    salt, today, sites, sensors, series,
    operator: { name: faker.person.fullName(), code: code('OP', 'code', 4) },
    session: { signedIn: false },
    contacts: [faker.person.fullName(), faker.person.fullName()],
    windows: {}, aggregates: {}, anomalies: {}, rules: {},
  };
  return { ...state, ...initRules(seeded, state) };
}

/** One rule for each series of a calibrated sensor, from the highest value of some weeks. */
function initRules({ today, rng, code }: Seeding, state: TimeSeriesState): Pick<TimeSeriesState, 'windows' | 'aggregates' | 'rules'> {
  const made: Pick<TimeSeriesState, 'windows' | 'aggregates' | 'rules'> = { windows: {}, aggregates: {}, rules: {} };
  const watched = Object.entries(state.series).filter(([, { sensor }]) => state.sensors[sensor]?.calibrated === true);
  watched.forEach(([series], at) => {
    const [window, aggregate] = [code('WN', series), code('AG', series)];
    const first = addDays(today, -rng.int(30, 50));
    made.windows[window] = { series, first, last: addDays(first, rng.int(10, 28)) };
    made.aggregates[aggregate] = { window, use: 'highest', value: Math.max(...readingsOf(state, made.windows[window])) };
    made.rules[code('AR', series)] = { aggregate, contact: state.contacts[at % 2] as string, status: at % 2 === 0 ? 'draft' : 'tested' };
  });
  return made;
}

const FIRST_DAY = '2030-01-01';

/** One reading per day of a window, in order; the same day of a series always gives the same. */
export function readingsOf(state: TimeSeriesState, { series, first, last }: TimeSeriesState['windows'][string]): number[] {
  const level = createRng(`${state.salt}/level/${series}`).int(200, 700);
  const start = daysBetween(FIRST_DAY, first);
  return Array.from({ length: daysBetween(first, last) + 1 }, (_, at) => (10 * level + createRng(`${state.salt}/reading/${series}/${start + at}`).int(-900, 900)) / 10);
}

const sensorOfWindow = (state: TimeSeriesState, id: string): string => state.series[state.windows[id]?.series ?? '']?.sensor ?? '';

export const timeSeriesInvariants = {
  'a window lies in the past and is no longer than allowed': (state: TimeSeriesState): boolean =>
    Object.values(state.windows).every(({ first, last }) => first <= last && last <= state.today && daysBetween(first, last) < MAX_WINDOW_DAYS),
  'an anomaly is a day of its window': (state: TimeSeriesState): boolean =>
    Object.values(state.anomalies).every((one) => one.day >= (state.windows[one.window]?.first ?? '') && one.day <= (state.windows[one.window]?.last ?? '')),
  'a rule rests on a calibrated sensor, and a series has one armed rule': (state: TimeSeriesState): boolean => {
    const windowOf = (one: TimeSeriesState['rules'][string]): string => state.aggregates[one.aggregate]?.window ?? '';
    const armed = Object.values(state.rules).filter((one) => one.status === 'armed').map((one) => state.windows[windowOf(one)]?.series);
    return new Set(armed).size === armed.length && Object.values(state.rules).every((one) => state.sensors[sensorOfWindow(state, windowOf(one))]?.calibrated === true);
  },
};
