import type { KnownFact } from '../../../core/tool';
import { createRng } from '../../../core/random';
import { addDays } from '../calendar';
import type { PipelineState } from './state';

const SYSTEMS_ABOUT = ['the system the user looks after', 'the system whose data the user wants to bring in', 'the system another team wants to fill'];
const DAYS_ABOUT = [
  { name: 'missing_day', about: 'the day for which data are missing', daysAgo: [3, 9] },
  { name: 'disputed_day', about: 'the day whose data a customer disputes', daysAgo: [10, 17] },
  { name: 'audit_day', about: 'the day an auditor asks about', daysAgo: [18, 27] },
] as const;
const NEW_TITLES = ['ferry_counts', 'quilt_returns', 'badge_scans', 'kettle_faults', 'orchard_visits', 'tile_samples'];

/** What a user of this seed could state; ids of sources, datasets, mappings, pairs, jobs, runs and reports are never among it. */
export function knownPipeline(state: PipelineState): KnownFact[] {
  const rng = createRng(`${state.salt}/known`);
  const [title, otherTitle] = rng.shuffle(NEW_TITLES) as [string, string];
  return [
    { name: 'engineer', value: state.engineer.name, about: "the user's full name", entity: 'engineer_name' },
    { name: 'duty_code', value: state.engineer.dutyCode, about: "the user's duty code", entity: 'duty_code' },
    ...Object.values(state.sources).map(({ system }, at) => ({ name: `system_${at + 1}`, value: system, about: SYSTEMS_ABOUT[at] as string, entity: 'source_system' })),
    ...DAYS_ABOUT.map(({ name, about, daysAgo }) => ({ name, value: addDays(state.today, -rng.int(daysAgo[0], daysAgo[1])), about, entity: 'date' })),
    { name: 'dataset_title', value: title, about: 'the title of a dataset the user wants to register', params: ['register_dataset.title'] },
    { name: 'other_dataset_title', value: otherTitle, about: 'the title of a second dataset the user wants to register', params: ['register_dataset.title'] },
  ];
}
