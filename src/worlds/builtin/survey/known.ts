import type { KnownFact } from '../../../core/tool';
import { createRng } from '../../../core/random';
import type { SurveyState } from './state';

const STUDIES_ABOUT = ['the study the user is preparing', 'the study that is in the field', 'the study the client waits for', 'the study the user took over from a colleague'];
const REGIONS_ABOUT = ['the region the user knows best', 'the region a client asks about', 'the region with the fewest answers so far', 'the region the user has not worked in yet'];
const WORDINGS = ['Would you tell a friend about it?', 'When did you last go there?', 'What keeps you from going?', 'Who told you about it?', 'How long do you stay?'];

/** What a user of this seed could state; ids of studies, questions, panels, waves, weightings and tables are never among it. */
export function knownSurvey(state: SurveyState): KnownFact[] {
  const [wording, otherWording] = createRng(`${state.salt}/known`).shuffle(WORDINGS) as [string, string];
  return [
    { name: 'analyst', value: state.analyst.name, about: "the user's full name", entity: 'analyst_name' },
    { name: 'pass_phrase', value: state.analyst.phrase, about: "the user's pass phrase", entity: 'pass_phrase' },
    ...Object.values(state.studies).map(({ title }, at) => ({ name: `study_${at + 1}`, value: title, about: STUDIES_ABOUT[at] as string, entity: 'study_title' })),
    ...Object.values(state.panels).map(({ region }, at) => ({ name: `region_${at + 1}`, value: region, about: REGIONS_ABOUT[at] as string, entity: 'region' })),
    { name: 'wording', value: wording, about: 'a question the user wants to ask', params: ['add_question.wording'] },
    { name: 'other_wording', value: otherWording, about: 'another question the user wants to ask', params: ['add_question.wording'] },
  ];
}
