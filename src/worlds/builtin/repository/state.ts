import { z } from 'zod';
import { addDays } from '../calendar';
import { rowOf } from '../combinators';
import { seeding, type Seeding } from '../seeding';

const commit = z.strictObject({ repo: z.string(), message: z.string(), author: z.string(), on: z.iso.date(), files: z.array(z.string()), parents: z.array(z.string()) });
const branch = z.strictObject({ repo: z.string(), name: z.string(), head: z.string(), protected: z.boolean() });
export const PROPOSAL_STATUSES = ['open', 'merged'] as const;
const proposal = z.strictObject({ source: z.string(), target: z.string(), title: z.string(), status: z.enum(PROPOSAL_STATUSES), mergedHead: z.string().nullable() });
export const VERDICTS = ['approve', 'ask_for_changes'] as const;
/** A verdict counts for the head of the source for which it was given. */
const review = z.strictObject({ proposal: z.string(), reviewer: z.string(), verdict: z.enum(VERDICTS).nullable(), head: z.string().nullable() });

/** Everything there is on the host. `checks` says for a commit whether its checks passed. */
export const repositoryStateSchema = z.strictObject({
  salt: z.string(),
  today: z.iso.date(),
  signing: z.strictObject({ passphrase: z.string(), unlocked: z.boolean() }),
  user: z.strictObject({ name: z.string() }),
  repos: z.record(z.string(), z.strictObject({ name: z.string(), maintainer: z.string(), team: z.array(z.string()) })),
  developers: z.record(z.string(), z.strictObject({ name: z.string() })),
  commits: z.record(z.string(), commit),
  branches: z.record(z.string(), branch),
  workspace: z.strictObject({ branch: z.string(), staged: z.array(z.string()) }),
  proposals: z.record(z.string(), proposal),
  reviews: z.record(z.string(), review),
  checks: z.record(z.string(), z.boolean()),
  releases: z.record(z.string(), z.strictObject({ repo: z.string(), version: z.string(), commit: z.string() })),
});

export type RepositoryState = z.output<typeof repositoryStateSchema>;
export type Branch = z.output<typeof branch>;
export type Commit = z.output<typeof commit>;
export type Proposal = z.output<typeof proposal>;

const REPO_NAMES = ['tidepool', 'lacework', 'groundhog', 'marzipan', 'weathervane', 'inkwell', 'sundial'];
const REPOS = 3;
export const FILES = ['src/router.rs', 'src/cache.rs', 'docs/limits.md', 'config/zones.toml', 'src/ledger.rs', 'scripts/rotate.sh'];
const MESSAGES = [
  'Cap the retry delay', 'Read zones from a file', 'Say which limit was hit', 'Cache headers per tenant', 'Rotate logs at noon', 'Split the ledger by quarter', 'Close idle routes',
  'Name the zone in errors', 'Count cache misses', 'Explain the limits page', 'Refuse empty ledgers', 'Trim route names', 'Warm the cache at start', 'Quote paths in scripts', 'Round ledger totals', 'Fold zone aliases', 'Log slow routes', 'Sort the limits table',
];
const BRANCH_NAMES = ['calmer-retries', 'zone-file', 'louder-limits', 'tenant-cache', 'noon-logs', 'quarter-ledger', 'idle-routes', 'short-names', 'warm-start', 'plain-paths', 'sorted-limits', 'half-zones'];
const BRANCHES_EACH = 4;

/** The initial state of a seed: three repositories with a protected branch, two branches that are merged, one ahead, one in conflict; one that is not merged is checked out. */
export function initRepository(seed: number): RepositoryState {
  const s = seeding('repository', seed);
  const people = s.faker.helpers.uniqueArray(() => s.faker.person.firstName(), 6).map((first) => `${first} ${s.faker.person.lastName()}`);
  const developers = s.table('DV', people, (name) => ({ name }));
  const team = (without: number): string[] => Object.keys(developers).filter((_, at) => at % REPOS !== without);
  const repos = s.table('RP', s.some(REPO_NAMES, REPOS), (name, at) => ({ name, maintainer: people[at + 1] as string, team: team(at) }));
  const history = initHistory(s, Object.entries(repos));
  const sources = Object.values(history.proposals).map((row) => row.source);
  return {
    salt: s.salt,
    today: s.today,
    signing: { passphrase: `${s.faker.word.adjective()} ${s.faker.word.noun()} ${s.rng.int(100, 999)}`, unlocked: false },
    user: { name: people[0] as string },
    repos,
    developers,
    ...history,
    workspace: { branch: s.rng.pick(sources), staged: [] },
    releases: {},
  };
}

/** Three commits on the trunk; merged branches at the first and second, one ahead of the third, one beside it that changes the same file. */
function initHistory(s: Seeding, repos: [string, RepositoryState['repos'][string]][]): Pick<RepositoryState, 'commits' | 'branches' | 'proposals' | 'checks' | 'reviews'> {
  const commits: RepositoryState['commits'] = {};
  const branches: RepositoryState['branches'] = {};
  const proposals: RepositoryState['proposals'] = {};
  const checks: RepositoryState['checks'] = {};
  const reviews: RepositoryState['reviews'] = {};
  const messages = s.some(MESSAGES, MESSAGES.length);
  const names = s.some(BRANCH_NAMES, BRANCH_NAMES.length);
  repos.forEach(([repo, { team }], at) => {
    const files = s.some(FILES, FILES.length);
    const add = (slot: number, parents: string[], file: number, daysAgo: number): string => {
      const hash = s.code('CM', `${at}/${slot}`);
      commits[hash] = { repo, message: messages[at * 6 + slot] as string, author: s.rng.pick(team.slice(0, 2)), on: addDays(s.today, -daysAgo), files: [files[file] as string], parents };
      return hash;
    };
    const put = (slot: number, name: string, head: string): string => {
      const id = s.code('BR', `${at}/${slot}`);
      branches[id] = { repo, name, head, protected: slot === 0 };
      return id;
    };
    const first = add(0, [], 0, s.rng.int(30, 40));
    const second = add(1, [first], 1, s.rng.int(20, 28));
    const third = add(2, [second], 2, s.rng.int(9, 12));
    const beside = add(3, [second], 2, s.rng.int(6, 8));
    const ahead = add(5, [add(4, [third], 3, s.rng.int(4, 5))], 4, s.rng.int(1, 3));
    const trunk = put(0, 'trunk', third);
    const [older, newer, ...open] = names.slice(at * BRANCHES_EACH, (at + 1) * BRANCHES_EACH) as [string, string, string, string];
    put(1, newer, second);
    put(4, older, first);
    const fresh = put(2, open[0], ahead);
    const stale = put(3, open[1], beside);
    const propose = (source: string): string => {
      const id = s.code('PP', source);
      proposals[id] = { source, target: trunk, title: `Bring ${(branches[source] as Branch).name} to trunk`, status: 'open', mergedHead: null };
      return id;
    };
    if (at !== 0) propose(stale);
    if (at === 1) return;
    const ready = propose(fresh);
    checks[ahead] = true;
    // Only the last repository has a proposal that could be merged at once.
    if (at === 2) reviews[s.code('RV', ready)] = { proposal: ready, reviewer: team[3] as string, verdict: 'approve', head: ahead };
  });
  return { commits, branches, proposals, checks, reviews };
}

/** A commit and everything before it. */
export function historyOf(state: RepositoryState, head: string): Set<string> {
  const found = new Set<string>();
  const queue = [head];
  for (let here = queue.pop(); here !== undefined; here = queue.pop()) {
    if (found.has(here)) continue;
    found.add(here);
    queue.push(...rowOf(state.commits, here).parents);
  }
  return found;
}

/** Commits that lie before one head and not before another. */
export function onlyIn(state: RepositoryState, head: string, other: string): string[] {
  const before = historyOf(state, other);
  return [...historyOf(state, head)].filter((hash) => !before.has(hash));
}

/** Files that both sides of a proposal have changed since they parted. */
export function filesInConflict(state: RepositoryState, { source, target }: Proposal): string[] {
  const heads = [rowOf(state.branches, source).head, rowOf(state.branches, target).head] as const;
  const changed = (head: string, other: string): Set<string> => new Set(onlyIn(state, head, other).flatMap((hash) => rowOf(state.commits, hash).files));
  const theirs = changed(heads[1], heads[0]);
  return [...changed(heads[0], heads[1])].filter((file) => theirs.has(file)).sort();
}

export const repositoryInvariants: { [rule: string]: (state: RepositoryState) => boolean } = {
  'branches and commits stay inside their repository': (state) =>
    Object.values(state.branches).every((row) => [...historyOf(state, row.head)].every((hash) => rowOf(state.commits, hash).repo === row.repo)),
  'changes are staged on an unprotected branch that is checked out': (state) =>
    state.workspace.staged.length === 0 || !rowOf(state.branches, state.workspace.branch).protected,
  'an open proposal has both its branches': (state) => Object.values(state.proposals).every((row) => row.status === 'merged' || (Object.hasOwn(state.branches, row.source) && Object.hasOwn(state.branches, row.target))),
  'what was merged is in the target': (state) =>
    Object.values(state.proposals).every((row) => row.mergedHead === null || !Object.hasOwn(state.branches, row.target) || historyOf(state, rowOf(state.branches, row.target).head).has(row.mergedHead)),
  'nobody reviews a proposal twice': (state) => new Set(Object.values(state.reviews).map((row) => `${row.proposal}/${row.reviewer}`)).size === Object.keys(state.reviews).length,
  'a version is released once per repository': (state) => new Set(Object.values(state.releases).map((row) => `${row.repo}/${row.version}`)).size === Object.keys(state.releases).length,
};
