import { z } from 'zod';
import { createRng } from '../../../core/random';
import { addDays } from '../calendar';
import { hiddenCode } from '../domain';
import { seeding, type Seeding } from '../seeding';

export const VERSION_STATUSES = ['registered', 'in_review', 'live', 'retired'] as const;
export const ARTEFACT_KINDS = ['checkpoint', 'tokenizer', 'event log'] as const;

const run = z.strictObject({ project: z.string(), label: z.string(), status: z.enum(['running', 'finished']), hours: z.int().min(1), startedOn: z.iso.date() });
const version = z.strictObject({ model: z.string(), artefact: z.string().nullable(), number: z.int().min(1), status: z.enum(VERSION_STATUSES), since: z.iso.date() });

/** Everything in the notebook; metrics are derived from the id of a run. */
export const experimentsSchema = z.strictObject({
  salt: z.string(),
  today: z.iso.date(),
  researcher: z.strictObject({ name: z.string(), pin: z.string() }),
  session: z.strictObject({ signedIn: z.boolean() }),
  reviewers: z.array(z.string()),
  projects: z.record(z.string(), z.strictObject({ name: z.string(), lead: z.string(), budgetHours: z.int().min(0), usedHours: z.int().min(0) })),
  runs: z.record(z.string(), run),
  artefacts: z.record(z.string(), z.strictObject({ run: z.string(), kind: z.enum(ARTEFACT_KINDS), sizeMb: z.int(), verified: z.boolean() })),
  models: z.array(z.string()),
  versions: z.record(z.string(), version),
  reviews: z.record(z.string(), z.strictObject({ version: z.string(), reviewer: z.string() })),
});

export type ExperimentsState = z.output<typeof experimentsSchema>;

const PROJECTS = ['Tidal Forecast', 'Hedge Detector', 'Bell Transcriber', 'Frost Planner', 'Moth Counter', 'Ink Restorer'];
const MODELS = ['seagrass-small', 'robin-voice', 'slate-reader', 'clover-rank', 'beacon-parse', 'marl-vision'];
const LABELS = ['baseline', 'wide-window', 'cold-start', 'low-noise', 'long-warmup', 'mixed-batches', 'half-width', 'late-freeze', 'sparse-loss'];

/** What a finished run leaves behind. */
export function artefactsFor(salt: string, run: string): ExperimentsState['artefacts'] {
  const rng = createRng(`${salt}/artefacts/${run}`);
  return Object.fromEntries(ARTEFACT_KINDS.map((kind) => [`AR-${hiddenCode(salt, `artefact/${run}/${kind}`, 6)}`, { run, kind, sizeMb: rng.int(12, 2400), verified: false }]));
}

/** The initial state of a seed: three projects with three finished runs and a running one; three models with a live version and a new one. */
export function initExperiments(seed: number): ExperimentsState {
  const seeded = seeding('experiments', seed);
  const { salt, today, rng, faker, some, code, table } = seeded;
  const names = some(PROJECTS, 3);
  const models = some(MODELS, 3);
  const projects = table('PJ', names, (name) => ({ name, lead: faker.person.fullName(), budgetHours: rng.int(24, 40) * 10, usedHours: 0 }));
  const versions = Object.fromEntries(models.flatMap((model, at) => [
    [code('MV', `${at}/1`), { model, artefact: null, number: 1, status: 'live' as const, since: addDays(today, -rng.int(20, 90)) }],
    [code('MV', `${at}/2`), { model, artefact: null, number: 2, status: 'registered' as const, since: addDays(today, -rng.int(1, 15)) }],
  ]));
  return {
    salt, today, projects, models, versions,
    researcher: { name: faker.person.fullName(), pin: String(rng.int(10_000, 99_999)) },
    session: { signedIn: false },
    reviewers: [faker.person.fullName(), faker.person.fullName()],
    ...initRuns(seeded, projects),
    reviews: {},
  };
}

function initRuns({ salt, today, rng, code, some }: Seeding, projects: ExperimentsState['projects']): Pick<ExperimentsState, 'runs' | 'artefacts'> {
  const made: Pick<ExperimentsState, 'runs' | 'artefacts'> = { runs: {}, artefacts: {} };
  for (const [project, row] of Object.entries(projects)) {
    some(LABELS, 4).forEach((label, at) => {
      const id = code('RN', `${project}/${at}`);
      const hours = rng.int(12, 36);
      made.runs[id] = { project, label, status: at === 3 ? 'running' : 'finished', hours, startedOn: addDays(today, -rng.int(3, 12) - 12 * (3 - at)) };
      row.usedHours += hours;
      if (at < 3) Object.assign(made.artefacts, artefactsFor(salt, id));
    });
  }
  return made;
}

/** The code a reviewer leaves in a review; it lets a version go live. */
export const approvalOf = (state: ExperimentsState, review: string): string => `OK-${hiddenCode(state.salt, `approval/${review}`, 6)}`;

export const experimentsInvariants = {
  'the hours of its runs are what a project has used, within its budget': (state: ExperimentsState): boolean =>
    Object.entries(state.projects).every(([id, project]) => {
      const used = Object.values(state.runs).filter((one) => one.project === id).reduce((sum, one) => sum + one.hours, 0);
      return used === project.usedHours && used <= project.budgetHours;
    }),
  'a model has one live version': (state: ExperimentsState): boolean =>
    state.models.every((model) => Object.values(state.versions).filter((one) => one.model === model && one.status === 'live').length === 1),
  'a registered artefact is a verified checkpoint, registered once': (state: ExperimentsState): boolean => {
    const used = Object.values(state.versions).flatMap((one) => (one.artefact === null ? [] : [one.artefact]));
    return new Set(used).size === used.length && used.every((id) => state.artefacts[id]?.verified === true && state.artefacts[id]?.kind === 'checkpoint');
  },
};
