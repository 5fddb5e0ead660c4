import type { KnownFact } from '../../../core/tool';
import { createRng } from '../../../core/random';
import { addDays } from '../calendar';
import type { TimeSeriesState } from './state';

const SITES_ABOUT = ['the site the user looks after', 'the site upstream that the user wants to compare', 'the site where something looks wrong'];
const DAYS_ABOUT = [
  { name: 'storm_day', about: 'the day on which the storm began', daysAgo: [44, 54] },
  { name: 'repair_day', about: 'the day on which the repair was done', daysAgo: [30, 42] },
  { name: 'complaint_day', about: 'the day on which somebody complained', daysAgo: [16, 28] },
  { name: 'visit_day', about: 'the day on which the user was there last', daysAgo: [2, 13] },
] as const;

/** What a user of this seed could state; ids of sites, sensors, series, windows, aggregates, anomalies and rules are never among it. */
export function knownTimeSeries(state: TimeSeriesState): KnownFact[] {
  const rng = createRng(`${state.salt}/known`);
  const [contact, otherContact] = state.contacts as [string, string];
  return [
    { name: 'operator', value: state.operator.name, about: "the user's full name", entity: 'operator_name' },
    { name: 'operator_code', value: state.operator.code, about: "the user's console code", entity: 'console_code' },
    ...Object.values(state.sites).map(({ name }, at) => ({ name: `site_${at + 1}`, value: name, about: SITES_ABOUT[at] as string, entity: 'site_name' })),
    ...DAYS_ABOUT.map(({ name, about, daysAgo }) => ({ name, value: addDays(state.today, -rng.int(daysAgo[0], daysAgo[1])), about, entity: 'date' })),
    { name: 'contact', value: contact, about: 'the colleague who is to be called at night', entity: 'contact_name' },
    { name: 'other_contact', value: otherContact, about: 'the colleague who stands in at weekends', entity: 'contact_name' },
  ];
}
