import { z } from 'zod';
import { createRng } from '../../../core/random';
import { addDays, daysBetween } from '../calendar';
import { enough, findId, inOrder, inStatus, notPast, rowOf, rowsOf, sameName, signedIn, sortedBy } from '../combinators';
import { day, exists, must, ref, toolsOn, type DomainTool, type Need } from '../domain';
import { ACTIVE_AT_MOST, blockersOf, HELD_AT_MOST, ISSUE_STATUSES, KINDS, plannedPoints, SPRINT_STATUSES, type Issue, type IssuesState, type Sprint } from './state';

const tool = toolsOn<IssuesState>();

// ---- fields that several tools share ----

const projectId = ref('project_id', 'Identifier of a project, as given by find_project');
const sprintId = ref('sprint_id', 'Identifier of a sprint');
const issueId = (what: string): z.ZodString => ref('issue_id', `Identifier of ${what}`);
const points = (what: string): z.ZodInt => z.int().describe(`${what}, in points`);
const issueStatus = z.enum(ISSUE_STATUSES).describe('How far the issue has come');

// ---- needs ----

type OfIssue = { issue_id: string };
type OfSprint = { sprint_id: string };

const entered = signedIn<IssuesState>();
const projectExists = exists<IssuesState, { project_id: string }>('project', (state) => state.projects, (args) => args.project_id);
const sprintExists = exists<IssuesState, OfSprint>('sprint', (state) => state.sprints, (args) => args.sprint_id);
const issueExists = exists<IssuesState, OfIssue>('issue', (state) => state.issues, (args) => args.issue_id);
const issueOf = (state: IssuesState, args: OfIssue): Issue => rowOf(state.issues, args.issue_id);
const sprintOf = (state: IssuesState, args: OfSprint): Sprint => rowOf(state.sprints, args.sprint_id);

const issueIn = (...allowed: Issue['status'][]): Need<IssuesState, OfIssue> =>
  inStatus({ kind: 'Issue', id: (args) => args.issue_id, status: (state, args) => issueOf(state, args).status, order: ISSUE_STATUSES, allowed });

const sprintIn = (...allowed: Sprint['status'][]): Need<IssuesState, OfSprint> =>
  inStatus({ kind: 'Sprint', id: (args) => args.sprint_id, status: (state, args) => sprintOf(state, args).status, order: SPRINT_STATUSES, allowed });

/** The member exists and sits in the team of the issue's project. */
const onTeam = <A extends OfIssue>(member: (args: A) => string): Need<IssuesState, A>[] => [
  exists('member', (state) => state.members, member),
  must('precondition', (state, args) => rowOf(state.members, member(args)).projects.includes(issueOf(state, args).project), (args) => `\`${member(args)}\` is not in the team of this issue's project.`),
];

// ---- reading the state ----

const heldBy = (state: IssuesState, member: string): Issue[] => Object.values(state.issues).filter((row) => row.assignee === member && row.status !== 'resolved');
const activeSprintsOf = (state: IssuesState, project: string): number => rowsOf(state.sprints, (row) => row.project === project && row.status === 'active').length;
const openBlockers = (state: IssuesState, issue: string): string[] => [...blockersOf(state, issue)].filter((id) => rowOf(state.issues, id).status !== 'resolved');

// ---- entering, projects and people ----

const enterWorkspace = tool({
  name: 'enter_workspace',
  about: 'Enter the workspace with a work e-mail address and access phrase. Changing anything and looking up colleagues is only possible afterwards.',
  in: z.strictObject({
    work_email: ref('work_email', 'Work e-mail address'),
    access_phrase: ref('access_phrase', 'Access phrase that belongs to the address'),
  }),
  out: z.object({
    greeting_name: z.string().describe('Name of the person who has entered'),
    unread_mentions: z.int().describe('Mentions that have not been read yet'),
  }),
  writes: ['session'],
  needs: [
    must('not_found', (state, args) => sameName(state.user.email, args.work_email), (args) => `Nobody here has the address \`${args.work_email}\`.`),
    must('precondition', (state, args) => state.user.phrase === args.access_phrase, () => 'The access phrase does not belong to this address.'),
  ],
  run: ({ state }) => {
    state.session.signedIn = true;
    return { greeting_name: state.user.name, unread_mentions: createRng(`${state.salt}/mentions`).int(11, 64) };
  },
});

const findProject = tool({
  name: 'find_project',
  about: 'Find a project by its name. Sprints and issues go by the identifier of their project, never by its name.',
  in: z.strictObject({ project_name: ref('project_name', 'Name of the project') }),
  out: z.object({
    project_id: projectId,
    lead_name: ref('full_name', 'Name of the person who leads the project'),
    unresolved_points: points('Size of all unresolved issues'),
  }),
  needs: [must('not_found', (state, args) => findId(state.projects, (row) => sameName(row.name, args.project_name)) !== undefined, (args) => `There is no project called \`${args.project_name}\`.`)],
  run: ({ state }, args) => {
    const [project_id, { lead }] = rowsOf(state.projects, (row) => sameName(row.name, args.project_name))[0] as [string, IssuesState['projects'][string]];
    const unresolved = Object.values(state.issues).filter((row) => row.project === project_id && row.status !== 'resolved');
    return { project_id, lead_name: lead, unresolved_points: unresolved.reduce((sum, row) => sum + row.points, 0) };
  },
});

const findTeammate = tool({
  name: 'find_teammate',
  about: 'Find a person of the company by full name, with the member identifier that assignments and reviews need.',
  in: z.strictObject({ full_name: ref('full_name', 'Full name of the person') }),
  out: z.object({
    member_id: ref('member_id', 'Identifier of the person'),
    role: z.string().describe('What the person does'),
    unresolved_points: points('Size of the unresolved issues that the person holds'),
    desk_phone: z.string().describe('Telephone extension of the person'),
  }),
  needs: [entered, must('not_found', (state, args) => findId(state.members, (row) => sameName(row.name, args.full_name)) !== undefined, (args) => `Nobody here is called \`${args.full_name}\`.`)],
  run: ({ state }, args) => {
    const [member_id, row] = rowsOf(state.members, (one) => sameName(one.name, args.full_name))[0] as [string, IssuesState['members'][string]];
    return { member_id, role: row.role, unresolved_points: heldBy(state, member_id).reduce((sum, one) => sum + one.points, 0), desk_phone: String(createRng(`${state.salt}/phone/${member_id}`).int(2100, 8999)) };
  },
});

// ---- sprints ----

const listSprints = tool({
  name: 'list_sprints',
  about: 'List the sprints of a project with their goals, days and points.',
  in: z.strictObject({ project_id: projectId }),
  out: z.object({
    sprints: z.array(z.object({
      sprint_id: sprintId,
      goal: z.string().describe('Goal of the sprint'),
      status: z.enum(SPRINT_STATUSES).describe('Whether the sprint is planned, active or closed'),
      ends_on: day('Last day of the sprint'),
      planned_points: points('Size of the issues in the sprint'),
      capacity_points: points('What the sprint can hold'),
    })).describe('The sprints, earliest first'),
  }),
  needs: [projectExists],
  run: ({ state }, args) => ({
    sprints: sortedBy(rowsOf(state.sprints, (row) => row.project === args.project_id), ([, row]) => row.startsOn)
      .map(([sprint_id, row]) => ({ sprint_id, goal: row.goal, status: row.status, ends_on: row.endsOn, planned_points: plannedPoints(state, sprint_id), capacity_points: row.capacity })),
  }),
});

const SPRINT_DAYS = 28;

const planSprint = tool({
  name: 'plan_sprint',
  about: `Plan a new sprint of a project. It lasts at most ${SPRINT_DAYS} days and overlaps no other open sprint of the project.`,
  in: z.strictObject({
    project_id: projectId,
    goal: ref('sprint_goal', 'Goal of the sprint in a few words'),
    starts_on: day('First day of the sprint, as YYYY-MM-DD'),
    ends_on: day('Last day of the sprint, as YYYY-MM-DD'),
  }),
  out: z.object({
    sprint_id: sprintId,
    capacity_points: points('What the sprint can hold'),
    planning_meeting: z.string().describe('Room in which the sprint is planned'),
  }),
  writes: ['sprints'],
  needs: [
    entered,
    projectExists,
    inOrder((args) => args.starts_on, (args) => args.ends_on),
    must('invalid_args', (_state, args) => daysBetween(args.starts_on, args.ends_on) < SPRINT_DAYS, () => `A sprint lasts at most ${SPRINT_DAYS} days.`),
    notPast((args) => args.starts_on),
    must(
      'conflict',
      (state, args) => !Object.values(state.sprints).some((row) => row.project === args.project_id && row.status !== 'closed' && row.startsOn <= args.ends_on && args.starts_on <= row.endsOn),
      (args) => `Another sprint of this project lies between ${args.starts_on} and ${args.ends_on}.`,
    ),
  ],
  run: ({ state, id }, args) => {
    const rng = createRng(`${state.salt}/sprint/${args.project_id}/${args.starts_on}`);
    const capacity = 2 * daysBetween(args.starts_on, args.ends_on) + rng.int(8, 17);
    const sprint_id = id('SPR', `${args.project_id}/${args.starts_on}`, state.sprints);
    state.sprints[sprint_id] = { project: args.project_id, goal: args.goal, status: 'planned', startsOn: args.starts_on, endsOn: args.ends_on, capacity };
    return { sprint_id, capacity_points: capacity, planning_meeting: rng.pick(['Attic', 'Boiler Room', 'Greenhouse', 'Map Room', 'Workshop']) };
  },
});

const startSprint = tool({
  name: 'start_sprint',
  about: `Start a planned sprint that holds at least one issue. A project has at most ${ACTIVE_AT_MOST} active sprints.`,
  in: z.strictObject({ sprint_id: sprintId }),
  out: z.object({
    committed_points: points('Size of the issues in the sprint'),
    review_day: z.iso.date().describe('Day on which the sprint is reviewed'),
  }),
  writes: ['sprints'],
  needs: [
    entered,
    sprintExists,
    sprintIn('planned'),
    must('conflict', (state, args) => activeSprintsOf(state, sprintOf(state, args).project) < ACTIVE_AT_MOST, () => `The project has ${ACTIVE_AT_MOST} active sprints already. Close one first.`),
    must('precondition', (state, args) => plannedPoints(state, args.sprint_id) > 0, (args) => `Sprint \`${args.sprint_id}\` holds no issue.`),
  ],
  run: ({ state }, args) => {
    const row = sprintOf(state, args);
    row.status = 'active';
    return { committed_points: plannedPoints(state, args.sprint_id), review_day: addDays(row.endsOn, 1) };
  },
});

const closeSprint = tool({
  name: 'close_sprint',
  about: 'Close an active sprint. Issues that are not resolved go back to the backlog and reviews of them end.',
  in: z.strictObject({ sprint_id: sprintId }),
  out: z.object({
    resolved_points: points('Size of what was resolved'),
    returned_points: points('Size of what goes back to the backlog'),
    team_mood: z.enum(['low', 'fair', 'good', 'excellent']).describe("What the team's closing survey says"),
  }),
  writes: ['sprints', 'issues', 'reviews'],
  needs: [entered, sprintExists, sprintIn('active')],
  run: ({ state }, args) => {
    const inside = rowsOf(state.issues, (row) => row.sprint === args.sprint_id);
    const returned = inside.filter(([, row]) => row.status !== 'resolved');
    const total = (rows: [string, Issue][]): number => rows.reduce((sum, [, row]) => sum + row.points, 0);
    sprintOf(state, args).status = 'closed';
    for (const [issue] of returned) {
      Object.assign(rowOf(state.issues, issue), { status: 'open', sprint: null });
      for (const [review] of rowsOf(state.reviews, (one) => one.issue === issue)) delete state.reviews[review];
    }
    return { resolved_points: total(inside) - total(returned), returned_points: total(returned), team_mood: createRng(`${state.salt}/mood/${args.sprint_id}`).pick(['low', 'fair', 'good', 'excellent'] as const) };
  },
});

// ---- issues ----

const searchIssues = tool({
  name: 'search_issues',
  about: 'List the issues of a project with their titles and sizes.',
  in: z.strictObject({ project_id: projectId }),
  out: z.object({
    issues: z.array(z.object({
      issue_id: issueId('the issue'),
      title: ref('issue_title', 'Title of the issue'),
      status: issueStatus,
      size: points('Size of the issue'),
    })).describe('The issues in the order of their titles'),
  }),
  needs: [projectExists],
  run: ({ state }, args) => ({
    issues: rowsOf(state.issues, (row) => row.project === args.project_id)
      .map(([issue_id, row]) => ({ issue_id, title: row.title, status: row.status, size: row.points }))
      .sort((a, b) => (a.title < b.title ? -1 : 1)),
  }),
});

const fileIssue = tool({
  name: 'file_issue',
  about: 'Put a new issue into the backlog of a project. A title can be filed once per project.',
  in: z.strictObject({
    project_id: projectId,
    title: ref('issue_title', 'Title of the issue'),
    kind: z.enum(KINDS).describe('What kind of issue it is'),
    size: z.int().min(1).max(13).default(3).describe('Size of the issue, in points'),
  }),
  out: z.object({
    issue_id: issueId('the new issue'),
    backlog_points: points('Size of the backlog with the new issue'),
    triage_on: z.iso.date().describe('Day on which the issue is looked at first'),
  }),
  writes: ['issues'],
  needs: [
    entered,
    projectExists,
    must('conflict', (state, args) => findId(state.issues, (row) => row.project === args.project_id && sameName(row.title, args.title)) === undefined, (args) => `An issue \`${args.title}\` has been filed already.`),
  ],
  run: ({ state, id }, args) => {
    const issue_id = id('ISS', `${args.project_id}/${args.title}`, state.issues);
    state.issues[issue_id] = { project: args.project_id, title: args.title, kind: args.kind, points: args.size, status: 'open', assignee: null, sprint: null };
    const backlog = Object.values(state.issues).filter((row) => row.project === args.project_id && row.sprint === null && row.status === 'open');
    return { issue_id, backlog_points: backlog.reduce((sum, row) => sum + row.points, 0), triage_on: addDays(state.today, createRng(`${state.salt}/triage/${issue_id}`).int(1, 6)) };
  },
});

const issueDetails = tool({
  name: 'issue_details',
  about: 'Show who holds an issue, where it is planned and which issues it waits for, with the links that say so.',
  in: z.strictObject({ issue_id: issueId('an issue') }),
  out: z.object({
    held_by: z.string().describe('Name of the person who holds the issue, or `nobody`'),
    sprint_goal: z.string().describe('Goal of the sprint in which it lies, or `backlog`'),
    votes: z.int().describe('Customers who asked for it'),
    waits_for: z.array(z.object({
      link_id: ref('link_id', 'Identifier of the link'),
      title: z.string().describe('Title of the issue that comes first'),
    })).describe('The links to issues that come first'),
  }),
  needs: [issueExists],
  run: ({ state }, args) => {
    const row = issueOf(state, args);
    return {
      held_by: row.assignee === null ? 'nobody' : rowOf(state.members, row.assignee).name,
      sprint_goal: row.sprint === null ? 'backlog' : rowOf(state.sprints, row.sprint).goal,
      votes: createRng(`${state.salt}/votes/${args.issue_id}`).int(11, 87),
      waits_for: rowsOf(state.links, (link) => link.blocked === args.issue_id).map(([link_id, link]) => ({ link_id, title: rowOf(state.issues, link.blocker).title })),
    };
  },
});

const assignIssue = tool({
  name: 'assign_issue',
  about: `Give an open issue to a member of the project's team. Nobody holds more than ${HELD_AT_MOST} unresolved issues.`,
  in: z.strictObject({ issue_id: issueId('the issue'), member_id: ref('member_id', 'Identifier of the person who gets it') }),
  out: z.object({
    held_points: points('Size of all unresolved issues that the person now holds'),
    first_answer_by: z.iso.date().describe('Day by which the person comments on the issue'),
  }),
  writes: ['issues'],
  needs: [
    entered,
    issueExists,
    issueIn('open'),
    ...onTeam<{ issue_id: string; member_id: string }>((args) => args.member_id),
    must('conflict', (state, args) => issueOf(state, args).assignee !== args.member_id, (args) => `\`${args.member_id}\` holds this issue already.`),
    must('conflict', (state, args) => heldBy(state, args.member_id).length < HELD_AT_MOST, (args) => `\`${args.member_id}\` already holds ${HELD_AT_MOST} unresolved issues.`),
  ],
  run: ({ state }, args) => {
    issueOf(state, args).assignee = args.member_id;
    return { held_points: heldBy(state, args.member_id).reduce((sum, row) => sum + row.points, 0), first_answer_by: addDays(state.today, createRng(`${state.salt}/answer/${args.issue_id}/${args.member_id}`).int(1, 5)) };
  },
});

const addToSprint = tool({
  name: 'add_to_sprint',
  about: 'Put an open issue into a sprint of its project that is not closed and has room for it.',
  in: z.strictObject({ issue_id: issueId('the issue'), sprint_id: sprintId }),
  out: z.object({
    planned_points: points('Size of all issues in the sprint'),
    free_points: points('Room left in the sprint'),
  }),
  writes: ['issues'],
  needs: [
    entered,
    issueExists,
    issueIn('open'),
    sprintExists,
    must('invalid_args', (state, args) => sprintOf(state, args).project === issueOf(state, args).project, () => 'The issue and the sprint belong to different projects.'),
    sprintIn('planned', 'active'),
    must('conflict', (state, args) => issueOf(state, args).sprint !== args.sprint_id, (args) => `Issue \`${args.issue_id}\` lies in this sprint already.`),
    enough('the sprint', 'points', (state, args) => sprintOf(state, args).capacity - plannedPoints(state, args.sprint_id), (args, state) => issueOf(state, args).points),
  ],
  run: ({ state }, args) => {
    issueOf(state, args).sprint = args.sprint_id;
    const planned = plannedPoints(state, args.sprint_id);
    return { planned_points: planned, free_points: sprintOf(state, args).capacity - planned };
  },
});

const linkIssues = tool({
  name: 'link_issues',
  about: 'Say that one issue has to be resolved before another. Links never form a circle.',
  in: z.strictObject({ blocking_issue: issueId('the issue that comes first'), waiting_issue: issueId('the issue that waits for it') }),
  out: z.object({
    link_id: ref('link_id', 'Identifier of the link'),
    points_ahead: points('Size of everything unresolved that now comes before the waiting issue'),
  }),
  writes: ['links'],
  needs: [
    entered,
    exists('issue', (state) => state.issues, (args) => args.blocking_issue),
    exists('issue', (state) => state.issues, (args) => args.waiting_issue),
    must('invalid_args', (_state, args) => args.blocking_issue !== args.waiting_issue, () => 'An issue cannot wait for itself.'),
    must('conflict', (state, args) => findId(state.links, (link) => link.blocker === args.blocking_issue && link.blocked === args.waiting_issue) === undefined, () => 'These two issues are linked already.'),
    must('conflict', (state, args) => !blockersOf(state, args.blocking_issue).has(args.waiting_issue), () => 'The first issue already waits for the second one.'),
  ],
  run: ({ state, id }, args) => {
    const link_id = id('LNK', `${args.blocking_issue}/${args.waiting_issue}`, state.links);
    state.links[link_id] = { blocker: args.blocking_issue, blocked: args.waiting_issue };
    return { link_id, points_ahead: openBlockers(state, args.waiting_issue).reduce((sum, blocker) => sum + rowOf(state.issues, blocker).points, 0) };
  },
});

const removeLink = tool({
  name: 'remove_link',
  about: 'Take a link between two issues away, so that the second no longer waits for the first.',
  in: z.strictObject({ link_id: ref('link_id', 'Identifier of the link') }),
  out: z.object({
    freed_title: z.string().describe('Title of the issue that waited'),
    still_waits_for: z.int().describe('Unresolved issues that it still waits for'),
  }),
  writes: ['links'],
  needs: [entered, exists('link', (state) => state.links, (args) => args.link_id)],
  run: ({ state }, args) => {
    const { blocked } = rowOf(state.links, args.link_id);
    delete state.links[args.link_id];
    return { freed_title: rowOf(state.issues, blocked).title, still_waits_for: openBlockers(state, blocked).length };
  },
});

// ---- work ----

const beginWork = tool({
  name: 'begin_work',
  about: 'Begin work on an open issue that is assigned, lies in an active sprint and waits for no unresolved issue.',
  in: z.strictObject({ issue_id: issueId('the issue') }),
  out: z.object({
    forecast_day: z.iso.date().describe('Day on which the issue is expected to be done'),
    workbench: z.string().describe('Name of the test machine that is reserved for it'),
  }),
  writes: ['issues'],
  needs: [
    entered,
    issueExists,
    issueIn('open'),
    must('precondition', (state, args) => issueOf(state, args).assignee !== null, (args) => `Nobody holds issue \`${args.issue_id}\`. Assign it first.`),
    must('precondition', (state, args) => state.sprints[issueOf(state, args).sprint ?? '']?.status === 'active', (args) => `Issue \`${args.issue_id}\` does not lie in an active sprint.`),
    must('conflict', (state, args) => openBlockers(state, args.issue_id).length === 0, (args, state) => `Issue \`${args.issue_id}\` waits for ${openBlockers(state, args.issue_id).length} unresolved issues.`),
  ],
  run: ({ state }, args) => {
    const row = issueOf(state, args);
    row.status = 'in_progress';
    const rng = createRng(`${state.salt}/bench/${args.issue_id}`);
    return { forecast_day: addDays(state.today, 1 + Math.ceil(row.points / 2)), workbench: `${rng.pick(['anvil', 'lathe', 'plane', 'vice'])}-${rng.int(11, 48)}` };
  },
});

const requestReview = tool({
  name: 'request_review',
  about: 'Hand an issue under way to a reviewer, who sits in the team of the project and does not hold the issue.',
  in: z.strictObject({ issue_id: issueId('the issue'), reviewer_id: ref('member_id', 'Identifier of the person who reviews it') }),
  out: z.object({
    review_ticket: ref('review_ticket', 'Ticket of the review'),
    answer_by: z.iso.date().describe('Day by which the reviewer answers'),
    checklist_length: z.int().describe('Points on the checklist of the review'),
  }),
  writes: ['issues', 'reviews'],
  needs: [
    entered,
    issueExists,
    issueIn('in_progress'),
    ...onTeam<{ issue_id: string; reviewer_id: string }>((args) => args.reviewer_id),
    must('precondition', (state, args) => issueOf(state, args).assignee !== args.reviewer_id, () => 'The person who holds an issue cannot review it.'),
  ],
  run: ({ state, id }, args) => {
    const rng = createRng(`${state.salt}/review/${args.issue_id}/${args.reviewer_id}`);
    const review_ticket = id('REV', `${args.issue_id}/${args.reviewer_id}`, state.reviews);
    issueOf(state, args).status = 'in_review';
    state.reviews[review_ticket] = { issue: args.issue_id, reviewer: args.reviewer_id };
    return { review_ticket, answer_by: addDays(state.today, rng.int(1, 4)), checklist_length: rng.int(12, 38) };
  },
});

const resolveIssue = tool({
  name: 'resolve_issue',
  about: 'Resolve the issue of a review. Issues that waited for it can be worked on afterwards.',
  in: z.strictObject({
    review_ticket: ref('review_ticket', 'Ticket of the review, as given by request_review'),
    resolution: z.enum(['fixed', 'will_not_fix', 'duplicate', 'works_as_designed']).describe('How the issue ends'),
  }),
  out: z.object({
    ships_in: z.string().describe('Version with which the change is delivered'),
    sprint_points_left: points('Size of what is still unresolved in the sprint'),
  }),
  writes: ['issues', 'reviews'],
  needs: [entered, exists('review', (state) => state.reviews, (args) => args.review_ticket)],
  run: ({ state }, args) => {
    const row = rowOf(state.issues, rowOf(state.reviews, args.review_ticket).issue);
    row.status = 'resolved';
    delete state.reviews[args.review_ticket];
    const left = Object.values(state.issues).filter((one) => one.sprint === row.sprint && one.status !== 'resolved');
    const rng = createRng(`${state.salt}/version/${row.project}/${args.resolution}`);
    return { ships_in: `${rng.int(2, 9)}.${rng.int(1, 30)}`, sprint_points_left: left.reduce((sum, one) => sum + one.points, 0) };
  },
});

/** The tools of the issue tracker, as an engineering company's assistant would be given them. */
export const issuesTools: readonly DomainTool<IssuesState>[] = [
  enterWorkspace, findProject, findTeammate,
  listSprints, planSprint, startSprint, closeSprint,
  searchIssues, fileIssue, issueDetails, assignIssue, addToSprint, linkIssues, removeLink,
  beginWork, requestReview, resolveIssue,
];
