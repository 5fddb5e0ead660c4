import type { KnownFact } from '../../../core/tool';
import { createRng } from '../../../core/random';
import { addDays } from '../calendar';
import { fact } from '../combinators';
import type { IssuesState } from './state';

const NEW_TITLES = ['Labels overlap on small screens', 'Let guests comment', 'Clock shows the wrong zone', 'Archive finished boards', 'Import contacts from a spreadsheet', 'Warn before a draft is lost'];
const NEW_GOALS = ['Make guests welcome', 'Fewer support calls', 'Ready for tablets', 'Faster first page'];

/** What a user of this seed could state. Codes of projects, people, sprints, issues, links and reviews are never among them. */
export function knownIssues(state: IssuesState): KnownFact[] {
  const rng = createRng(`${state.salt}/known`);
  const projects = Object.values(state.projects).map((row) => row.name);
  const colleagues = Object.values(state.members).map((row) => row.name).slice(1);
  const titles = rng.shuffle(NEW_TITLES);
  const goals = rng.shuffle(NEW_GOALS);
  const start = rng.int(21, 25);
  return [
    fact('work_email', state.user.email, "the user's work e-mail address", 'work_email'),
    fact('access_phrase', state.user.phrase, "the user's access phrase", 'access_phrase'),
    fact('main_project', projects[0], 'the project the user works on most', 'project_name'),
    fact('second_project', projects[1], 'the project the user helps out on', 'project_name'),
    fact('third_project', projects[2], 'the project the user has just been asked about', 'project_name'),
    fact('own_name', state.user.name, "the user's full name", 'full_name'),
    fact('trusted_colleague', colleagues[0], 'the colleague the user would give work to', 'full_name'),
    fact('careful_colleague', colleagues[2], 'the colleague the user trusts with reviews', 'full_name'),
    fact('new_colleague', colleagues[4], 'the colleague who joined last month', 'full_name'),
    fact('reported_problem', titles[0], 'the title of an issue the user wants on record', 'issue_title'),
    fact('wished_feature', titles[1], 'the title of an issue a customer asked for', 'issue_title'),
    fact('sprint_goal', goals[0], 'the goal of the sprint the user has in mind', 'sprint_goal'),
    fact('later_goal', goals[1], 'a goal the user keeps for a later sprint', 'sprint_goal'),
    fact('sprint_start', addDays(state.today, start), 'the day on which a new sprint could begin', 'date'),
    fact('sprint_end', addDays(state.today, start + rng.int(8, 12)), 'the day of the demonstration to the customer', 'date'),
    fact('release_day', addDays(state.today, rng.int(39, 45)), 'the day of the release', 'date'),
  ];
}
