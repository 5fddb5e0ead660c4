import { z } from 'zod';
import { addDays } from '../calendar';
import { rowOf } from '../combinators';
import { seeding, type Seeding } from '../seeding';

export const ISSUE_STATUSES = ['open', 'in_progress', 'in_review', 'resolved'] as const;
export const SPRINT_STATUSES = ['planned', 'active', 'closed'] as const;
export const KINDS = ['defect', 'feature', 'chore'] as const;

const member = z.strictObject({ name: z.string(), role: z.string(), projects: z.array(z.string()) });
const sprint = z.strictObject({
  project: z.string(),
  goal: z.string(),
  status: z.enum(SPRINT_STATUSES),
  startsOn: z.iso.date(),
  endsOn: z.iso.date(),
  capacity: z.int().min(1),
});
const issue = z.strictObject({
  project: z.string(),
  title: z.string(),
  kind: z.enum(KINDS),
  points: z.int().min(1).max(13),
  status: z.enum(ISSUE_STATUSES),
  assignee: z.string().nullable(),
  sprint: z.string().nullable(),
});

/** Everything there is in the issue tracker. People, sprints and issues point to each other by id. */
export const issuesStateSchema = z.strictObject({
  salt: z.string(),
  today: z.iso.date(),
  user: z.strictObject({ email: z.string(), phrase: z.string(), name: z.string() }),
  session: z.strictObject({ signedIn: z.boolean() }),
  projects: z.record(z.string(), z.strictObject({ name: z.string(), lead: z.string() })),
  members: z.record(z.string(), member),
  sprints: z.record(z.string(), sprint),
  issues: z.record(z.string(), issue),
  links: z.record(z.string(), z.strictObject({ blocker: z.string(), blocked: z.string() })),
  reviews: z.record(z.string(), z.strictObject({ issue: z.string(), reviewer: z.string() })),
});

export type IssuesState = z.output<typeof issuesStateSchema>;
export type Issue = z.output<typeof issue>;
export type Sprint = z.output<typeof sprint>;

/** The most sprints of one project that are active at a time. */
export const ACTIVE_AT_MOST = 2;

/** The most unresolved issues that one person holds. */
export const HELD_AT_MOST = 5;

export const PROJECT_NAMES = ['Barometer', 'Saltmarsh', 'Nightjar', 'Cobblestone', 'Undertow', 'Thimble', 'Lanternfish'];
/** The projects of a seed; the user names them all. */
const PROJECTS = 3;
const ISSUES_EACH = 6;
const TITLES = [
  'Export loses the last row', 'Dark mode for the settings page', 'Retry when the printer is asleep', 'Rename the old billing module', 'Crash on an empty address book',
  'Show totals in two currencies', 'Slow search in large folders', 'Drop support for the legacy import', 'Wrong week in the planner', 'Undo after bulk delete',
  'Reminder mails arrive twice', 'Keyboard shortcuts for filters', 'Move nightly jobs to the new queue', 'Broken thumbnail of wide photos', 'Audit trail for price changes',
  'Print labels in landscape', 'Forgotten drafts fill the disk', 'Shorter links in mails',
];
const GOALS = ['Stabilise imports', 'Ship the filter bar', 'Clear the defect queue', 'Prepare the autumn release', 'Finish the planner'];

/** The initial state of a seed: three projects with sprints in every status and six issues each, a team of six. */
export function initIssues(seed: number): IssuesState {
  const s = seeding('issues', seed);
  const people = s.faker.helpers.uniqueArray(() => s.faker.person.firstName(), 6).map((first) => `${first} ${s.faker.person.lastName()}`);
  const projects = s.table('PRJ', s.some(PROJECT_NAMES, PROJECTS), (name, at) => ({ name, lead: people[at + 1] as string }));
  const ids = Object.keys(projects);
  const members = s.table('MBR', people, (name, at) => ({
    name,
    role: s.rng.pick(['developer', 'tester', 'designer', 'writer']),
    // The first three people lack one team each, the others sit in all.
    projects: ids.filter((_, project) => project !== at),
  }));
  const state: IssuesState = {
    salt: s.salt,
    today: s.today,
    user: { email: s.faker.internet.email({ firstName: people[0]?.split(' ')[0] as string, provider: 'loomtrack.example' }).toLowerCase(), phrase: `${s.faker.word.adjective()}-${s.faker.word.noun()}-${s.rng.int(100, 999)}`, name: people[0] as string },
    session: { signedIn: false },
    projects,
    members,
    sprints: initSprints(s, ids),
    issues: {},
    links: {},
    reviews: {},
  };
  return { ...state, ...initWork(s, state) };
}

/** An active sprint and the next one of each project. */
function initSprints(s: Seeding, projects: string[]): IssuesState['sprints'] {
  const plan = projects.flatMap((project) => {
    const goals = s.some(GOALS, 2);
    const row = (status: Sprint['status'], from: number, goal: number): Sprint => ({ project, goal: goals[goal] as string, status, startsOn: addDays(s.today, from), endsOn: addDays(s.today, from + 12), capacity: s.rng.int(26, 40) });
    return [row('active', -6, 0), row('planned', 7, 1)];
  });
  return s.table('SPR', plan, (row) => row);
}

function initWork(s: Seeding, state: IssuesState): Pick<IssuesState, 'issues' | 'links'> {
  const titles = s.some(TITLES, TITLES.length);
  const plan = Object.keys(state.projects).flatMap((project, at) => {
    const team = s.some(Object.keys(state.members).filter((id) => state.members[id]?.projects.includes(project)), 4);
    const sprintIn = (status: Sprint['status']): string | null => Object.keys(state.sprints).find((id) => state.sprints[id]?.project === project && state.sprints[id]?.status === status) ?? null;
    const row = (slot: number, status: Issue['status'], assignee: string | null, sprint: string | null): Issue => ({
      project, title: titles[at * ISSUES_EACH + slot] as string, kind: s.rng.pick(KINDS), points: s.rng.int(1, 6), status, assignee, sprint,
    });
    const active = sprintIn('active');
    return [
      row(0, 'open', null, null),
      row(1, 'open', team[0] as string, sprintIn('planned')),
      row(2, 'open', team[1] as string, active),
      row(3, 'open', team[2] as string, active),
      row(4, 'in_progress', team[3] as string, active),
      row(5, 'in_progress', team[0] as string, active),
    ];
  });
  const issues = s.table('ISS', plan, (row) => row);
  const ids = Object.keys(issues);
  // In each project the unassigned issue of the backlog blocks the one planned next.
  return { issues, links: s.table('LNK', [0, 1, 2].map((project) => project * ISSUES_EACH), (at) => ({ blocker: ids[at] as string, blocked: ids[at + 1] as string })) };
}

/** Points of the issues that lie in a sprint. */
export const plannedPoints = (state: IssuesState, sprint: string): number =>
  Object.values(state.issues).filter((row) => row.sprint === sprint).reduce((sum, row) => sum + row.points, 0);

/** Ids of the issues that must be resolved before this one, directly or not; the issue itself only when links form a circle. */
export function blockersOf(state: IssuesState, issueId: string): Set<string> {
  const found = new Set<string>();
  const queue = [issueId];
  for (let here = queue.pop(); here !== undefined; here = queue.pop()) {
    for (const { blocker, blocked } of Object.values(state.links)) {
      if (blocked !== here || found.has(blocker)) continue;
      found.add(blocker);
      queue.push(blocker);
    }
  }
  return found;
}

const isUnderWay = (row: Issue): boolean => row.status === 'in_progress' || row.status === 'in_review';

export const issuesInvariants: { [rule: string]: (state: IssuesState) => boolean } = {
  [`a project has at most ${ACTIVE_AT_MOST} active sprints`]: (state) =>
    Object.keys(state.projects).every((project) => Object.values(state.sprints).filter((row) => row.project === project && row.status === 'active').length <= ACTIVE_AT_MOST),
  'no sprint holds more points than its capacity': (state) => Object.entries(state.sprints).every(([id, row]) => plannedPoints(state, id) <= row.capacity),
  'open sprints of a project do not overlap': (state) => {
    const open = Object.values(state.sprints).filter((row) => row.status !== 'closed');
    return open.every((one, at) => open.slice(at + 1).every((other) => one.project !== other.project || one.endsOn < other.startsOn || other.endsOn < one.startsOn));
  },
  'work under way is assigned and lies in an active sprint': (state) =>
    Object.values(state.issues).every((row) => !isUnderWay(row) || (row.assignee !== null && row.sprint !== null && rowOf(state.sprints, row.sprint).status === 'active')),
  'links never form a circle': (state) => Object.keys(state.issues).every((id) => !blockersOf(state, id).has(id)),
  'an issue in review has exactly one review': (state) =>
    Object.entries(state.issues).every(([id, row]) => Object.values(state.reviews).filter((review) => review.issue === id).length === (row.status === 'in_review' ? 1 : 0)),
};
