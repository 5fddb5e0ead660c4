import type { KnownFact } from '../../../core/tool';
import { createRng } from '../../../core/random';
import type { ExperimentsState } from './state';

const PROJECTS_ABOUT = ['the project the user works on', 'the project the user helps out with', 'the project the user has to report on'];
const MODELS_ABOUT = ['the model the user is responsible for', 'the model a customer uses', 'the model the user wants to improve'];
const LABELS = ['salted-lr', 'narrow-head', 'twin-decay', 'rough-labels', 'short-context', 'even-split'];

/** What a user of this seed could state; ids of projects, runs, artefacts, versions, reviews and approvals are never among it. */
export function knownExperiments(state: ExperimentsState): KnownFact[] {
  const [label, otherLabel] = createRng(`${state.salt}/known`).shuffle(LABELS) as [string, string];
  const [reviewer, otherReviewer] = state.reviewers as [string, string];
  return [
    { name: 'researcher', value: state.researcher.name, about: "the user's full name", entity: 'researcher_name' },
    { name: 'lab_pin', value: state.researcher.pin, about: "the user's laboratory PIN", entity: 'lab_pin' },
    ...Object.values(state.projects).map(({ name }, at) => ({ name: `project_${at + 1}`, value: name, about: PROJECTS_ABOUT[at] as string, entity: 'project_name' })),
    ...state.models.map((model, at) => ({ name: `model_${at + 1}`, value: model, about: MODELS_ABOUT[at] as string, entity: 'model_name' })),
    { name: 'reviewer', value: reviewer, about: 'the colleague who usually reviews for the user', entity: 'reviewer_name' },
    { name: 'other_reviewer', value: otherReviewer, about: 'a second colleague who may review', entity: 'reviewer_name' },
    { name: 'run_label', value: label, about: 'the label for a run the user wants to try', params: ['start_run.label'] },
    { name: 'other_run_label', value: otherLabel, about: 'the label for another run the user has in mind', params: ['start_run.label'] },
  ];
}
