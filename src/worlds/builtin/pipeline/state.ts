import { z } from 'zod';
import { createRng } from '../../../core/random';
import { addDays } from '../calendar';
import { hiddenCode } from '../domain';
import { seeding, type Seeding } from '../seeding';

export const RUN_STATUSES = ['running', 'failed', 'succeeded'] as const;
export const SCHEDULES = ['hourly', 'nightly', 'weekly', 'on_request'] as const;

const dataset = z.strictObject({ source: z.string(), title: z.string(), fields: z.array(z.string()), rows: z.int().min(0), freshOn: z.iso.date() });
const mapping = z.strictObject({ from: z.string(), to: z.string(), status: z.enum(['draft', 'approved']) });
const pair = z.strictObject({ mapping: z.string(), from: z.string(), to: z.string(), confidence: z.int(), accepted: z.boolean() });
const run = z.strictObject({ job: z.string(), day: z.iso.date(), status: z.enum(RUN_STATUSES) });

/** Everything there is in the pipeline; what a run will write and how well is derived from its id. */
export const pipelineSchema = z.strictObject({
  salt: z.string(),
  today: z.iso.date(),
  engineer: z.strictObject({ name: z.string(), dutyCode: z.string() }),
  duty: z.strictObject({ taken: z.boolean() }),
  sources: z.record(z.string(), z.strictObject({ system: z.string(), kind: z.string() })),
  datasets: z.record(z.string(), dataset),
  mappings: z.record(z.string(), mapping),
  pairs: z.record(z.string(), pair),
  jobs: z.record(z.string(), z.strictObject({ mapping: z.string(), schedule: z.enum(SCHEDULES), status: z.enum(['active', 'paused']) })),
  runs: z.record(z.string(), run),
  reports: z.record(z.string(), z.strictObject({ run: z.string(), score: z.int(), published: z.boolean() })),
});

export type PipelineState = z.output<typeof pipelineSchema>;

/** A result below this quality score stays unpublished. */
export const PASSING_SCORE = 65;

const SYSTEMS = ['Tollgate', 'Harvester', 'Bellwether', 'Inkwell', 'Saddlebag', 'Firefly', 'Marigold'];
const KINDS = ['message stream', 'ledger database', 'file drop', 'sensor gateway'];
const TITLES = ['gate_passages', 'crop_weights', 'paper_orders', 'rider_shifts', 'lamp_readings', 'seed_prices', 'bridge_fees', 'pond_levels'];
const FIELDS = ['recorded_at', 'site_name', 'amount_due', 'operator', 'batch_label', 'weight_kg', 'remark', 'zone'];

export const fieldsFor = (salt: string, title: string): string[] => createRng(`${salt}/fields/${title}`).shuffle(FIELDS).slice(0, 4);

/** Four proposals for a mapping; the first two compete for one target field. */
export function pairsFor(salt: string, id: string, from: readonly string[], to: readonly string[]): PipelineState['pairs'] {
  const rng = createRng(`${salt}/pairs/${id}`);
  const [first, second, third] = rng.shuffle(to) as [string, string, string];
  const sources = rng.shuffle(from);
  const rows = [first, first, second, third].map((target, at) => ({ mapping: id, from: sources[at] as string, to: target, confidence: rng.int(41, 99), accepted: false }));
  return Object.fromEntries(rows.map((row, at) => [`PR-${hiddenCode(salt, `pair/${id}/${at}`, 6)}`, row]));
}

/** The initial state of a seed: three sources with two datasets each, four jobs (one paused) with two runs each, and mappings that wait for approval or a job. */
export function initPipeline(seed: number): PipelineState {
  const seeded = seeding('pipeline', seed);
  const { salt, today, rng, faker, some, code, table } = seeded;
  const sources = table('SRC', some(SYSTEMS, 3), (system) => ({ system, kind: rng.pick(KINDS) }));
  const titles = some(TITLES, 6);
  const datasets = table('DS', titles, (title, at) => ({
    source: Object.keys(sources)[at >> 1] as string,
    title,
    fields: fieldsFor(salt, title),
    rows: rng.int(800, 48_000),
    freshOn: addDays(today, -rng.int(1, 9)),
  }));
  return {
    salt, today, sources, datasets,
    engineer: { name: faker.person.fullName(), dutyCode: code('DUTY', 'code', 4) },
    duty: { taken: false },
    ...initJobs(seeded, datasets),
    reports: {},
  };
}

function initJobs({ salt, today, rng, code }: Seeding, datasets: PipelineState['datasets']): Pick<PipelineState, 'mappings' | 'pairs' | 'jobs' | 'runs'> {
  const made: Pick<PipelineState, 'mappings' | 'pairs' | 'jobs' | 'runs'> = { mappings: {}, pairs: {}, jobs: {}, runs: {} };
  const ids = rng.shuffle(Object.keys(datasets));
  const map = (from: string, to: string, status: 'draft' | 'approved'): string => {
    const id = code('MP', `${from}/${to}`);
    made.mappings[id] = { from, to, status };
    const pairs = pairsFor(salt, id, datasets[from]?.fields ?? [], datasets[to]?.fields ?? []);
    Object.values(pairs).slice(1).forEach((row) => { row.accepted = true; });
    Object.assign(made.pairs, pairs);
    return id;
  };
  ids.forEach((id, at) => map(id, ids[(at + 2) % ids.length] as string, at % 2 === 0 ? 'draft' : 'approved'));
  for (let at = 0; at < 4; at++) {
    const mappingId = map(ids[at] as string, ids[at + 1] as string, 'approved');
    const job = code('J', at);
    made.jobs[job] = { mapping: mappingId, schedule: rng.pick(SCHEDULES), status: at === 3 ? 'paused' : 'active' };
    made.runs[code('RUN', `${at}/old`)] = { job, day: addDays(today, -2), status: 'succeeded' };
    made.runs[code('RUN', `${at}/new`)] = { job, day: addDays(today, -1), status: at % 2 === 0 ? 'failed' : 'running' };
  }
  return made;
}

const atMostOnce = (keys: readonly string[]): boolean => new Set(keys).size === keys.length;

export const pipelineInvariants = {
  'a job runs on an approved mapping of its own': (state: PipelineState): boolean =>
    Object.values(state.jobs).every((job) => state.mappings[job.mapping]?.status === 'approved') && atMostOnce(Object.values(state.jobs).map((job) => job.mapping)),
  'a target field of a mapping is fed by one field': (state: PipelineState): boolean =>
    atMostOnce(Object.values(state.pairs).filter((row) => row.accepted).map((row) => `${row.mapping}/${row.to}`)),
  'a day of a job has at most one run that did not fail': (state: PipelineState): boolean =>
    atMostOnce(Object.values(state.runs).filter((row) => row.status !== 'failed').map((row) => `${row.job}/${row.day}`)),
  'what is published passed': (state: PipelineState): boolean =>
    Object.values(state.reports).every((report) => !report.published || (report.score >= PASSING_SCORE && state.runs[report.run]?.status === 'succeeded')),
};
