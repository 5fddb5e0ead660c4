import { z } from 'zod';
import { createRng } from '../../../core/random';
import { addDays } from '../calendar';
import { findId, rowOf, rowsOf, sameName, sortedBy } from '../combinators';
import { exists, must, ref, toolsOn, type DomainTool, type Need } from '../domain';
import { filesInConflict, historyOf, onlyIn, VERDICTS, type Branch, type Proposal, type RepositoryState } from './state';

const tool = toolsOn<RepositoryState>();

// ---- fields that several tools share ----

const repoId = ref('repo_id', 'Identifier of a repository, as given by find_repository');
const branchId = (what: string): z.ZodString => ref('branch_id', `Identifier of ${what}`);
const commitHash = (what: string): z.ZodString => ref('commit_hash', `Hash of ${what}`);
const proposalId = ref('proposal_id', 'Identifier of a proposal');
const lines = (what: string): z.ZodInt => z.int().describe(`${what}, in lines`);

// ---- needs ----

type OfBranch = { branch_id: string };
type OfProposal = { proposal_id: string };

const unlocked: Need<RepositoryState, unknown> = must('precondition', (state) => state.signing.unlocked, () => 'The signing key is locked. Unlock it first.');
const repoExists = exists<RepositoryState, { repo_id: string }>('repository', (state) => state.repos, (args) => args.repo_id);
const branchExists = exists<RepositoryState, OfBranch>('branch', (state) => state.branches, (args) => args.branch_id);
const proposalExists = exists<RepositoryState, OfProposal>('proposal', (state) => state.proposals, (args) => args.proposal_id);
const proposalOf = (state: RepositoryState, args: OfProposal): Proposal => rowOf(state.proposals, args.proposal_id);
const proposalOpen = must<RepositoryState, OfProposal>('conflict', (state, args) => proposalOf(state, args).status === 'open', (args) => `Proposal \`${args.proposal_id}\` is merged already.`);
const nothingStaged: Need<RepositoryState, unknown> = must('conflict', (state) => state.workspace.staged.length === 0, (_args, state) => `${state.workspace.staged.length} changes wait to be committed. Commit them first.`);

// ---- reading the state ----

const headOf = (state: RepositoryState, branch: string): string => rowOf(state.branches, branch).head;
const broughtBy = (state: RepositoryState, { source, target }: Proposal): string[] => onlyIn(state, headOf(state, source), headOf(state, target));
const trunkOf = (state: RepositoryState, repo: string): Branch => Object.values(state.branches).find((row) => row.repo === repo && row.protected) as Branch;
/** Verdicts that count: those given for the present head of the source. */
const verdictsOn = (state: RepositoryState, proposal: string, verdict: (typeof VERDICTS)[number]): number =>
  Object.values(state.reviews).filter((row) => row.proposal === proposal && row.verdict === verdict && row.head === headOf(state, rowOf(state.proposals, proposal).source)).length;
const linesOf = (state: RepositoryState, hash: string): number => createRng(`${state.salt}/lines/${hash}`).int(12, 240);

// ---- repositories, people, key ----

const unlockSigningKey = tool({
  name: 'unlock_signing_key',
  about: "Unlock the user's signing key. Commits, merges and releases have to be signed.",
  in: z.strictObject({ key_passphrase: ref('key_passphrase', 'Passphrase of the key') }),
  out: z.object({
    fingerprint: z.string().describe('Fingerprint of the key, for comparison'),
    valid_until: z.iso.date().describe('Last day on which the key can be used'),
  }),
  writes: ['signing'],
  needs: [must('precondition', (state, args) => state.signing.passphrase === args.key_passphrase, () => 'The passphrase does not open this key.')],
  run: ({ state, id }) => {
    state.signing.unlocked = true;
    return { fingerprint: id('FP', 'key', {}), valid_until: addDays(state.today, createRng(`${state.salt}/key`).int(40, 300)) };
  },
});

const findRepository = tool({
  name: 'find_repository',
  about: 'Find a repository by its name, with the identifier by which its branches and proposals are listed.',
  in: z.strictObject({ repo_name: ref('repo_name', 'Name of the repository') }),
  out: z.object({
    repo_id: repoId,
    maintainer: ref('full_name', 'Name of the person who looks after it'),
    lines_of_code: lines('Size of the code'),
  }),
  needs: [must('not_found', (state, args) => findId(state.repos, (row) => sameName(row.name, args.repo_name)) !== undefined, (args) => `There is no repository called \`${args.repo_name}\`.`)],
  run: ({ state }, args) => {
    const [repo_id, { maintainer }] = rowsOf(state.repos, (row) => sameName(row.name, args.repo_name))[0] as [string, RepositoryState['repos'][string]];
    return { repo_id, maintainer, lines_of_code: createRng(`${state.salt}/size/${repo_id}`).int(4000, 90_000) };
  },
});

const findDeveloper = tool({
  name: 'find_developer',
  about: 'Find a developer by full name, with the identifier that reviews need and the repositories of his or her teams.',
  in: z.strictObject({ full_name: ref('full_name', 'Full name of the developer') }),
  out: z.object({
    developer_id: ref('developer_id', 'Identifier of the developer'),
    team_of: z.array(z.string()).describe('Names of the repositories whose teams the developer sits in'),
    reviews_this_year: z.int().describe('Reviews that the developer has done this year'),
  }),
  needs: [must('not_found', (state, args) => findId(state.developers, (row) => sameName(row.name, args.full_name)) !== undefined, (args) => `No developer is called \`${args.full_name}\`.`)],
  run: ({ state }, args) => {
    const developer_id = findId(state.developers, (row) => sameName(row.name, args.full_name)) as string;
    const teams = Object.values(state.repos).filter((row) => row.team.includes(developer_id)).map((row) => row.name);
    return { developer_id, team_of: teams.sort(), reviews_this_year: createRng(`${state.salt}/reviews/${developer_id}`).int(11, 140) };
  },
});

// ---- branches and commits ----

const listBranches = tool({
  name: 'list_branches',
  about: 'List the branches of a repository and how far each has moved from the protected one.',
  in: z.strictObject({ repo_id: repoId }),
  out: z.object({
    branches: z.array(z.object({
      branch_id: branchId('the branch'),
      branch_name: z.string().describe('Name of the branch'),
      protected: z.boolean().describe('Whether changes reach it by proposals only'),
      ahead: z.int().describe('Commits that the protected branch lacks'),
      last_change: z.iso.date().describe('Day of its last commit'),
    })).describe('The branches in the order of their names'),
  }),
  needs: [repoExists],
  run: ({ state }, args) => ({
    branches: sortedBy(rowsOf(state.branches, (row) => row.repo === args.repo_id), ([, row]) => row.name).map(([branch_id, row]) => ({
      branch_id,
      branch_name: row.name,
      protected: row.protected,
      ahead: onlyIn(state, row.head, trunkOf(state, args.repo_id).head).length,
      last_change: rowOf(state.commits, row.head).on,
    })),
  }),
});

const HISTORY_LENGTH = 6;

const readHistory = tool({
  name: 'read_history',
  about: `Read the last ${HISTORY_LENGTH} commits of a branch, newest first.`,
  in: z.strictObject({ branch_id: branchId('the branch') }),
  out: z.object({
    commits: z.array(z.object({
      commit_hash: commitHash('the commit'),
      message: z.string().describe('What the commit does'),
      author: z.string().describe('Name of its author'),
      changed_lines: lines('Size of the change'),
    })).describe('The commits, newest first'),
  }),
  needs: [branchExists],
  run: ({ state }, args) => {
    // By distance from the head, so that the order follows from the history alone.
    const order = [...breadthFirst(state, headOf(state, args.branch_id))].slice(0, HISTORY_LENGTH);
    return {
      commits: order.map((commit_hash) => {
        const row = rowOf(state.commits, commit_hash);
        return { commit_hash, message: row.message, author: state.developers[row.author]?.name ?? row.author, changed_lines: linesOf(state, commit_hash) };
      }),
    };
  },
});

function breadthFirst(state: RepositoryState, head: string): Set<string> {
  const found = new Set([head]);
  // A set keeps the order of insertion and may grow while it is walked.
  for (const hash of found) rowOf(state.commits, hash).parents.forEach((parent) => found.add(parent));
  return found;
}

const createBranch = tool({
  name: 'create_branch',
  about: 'Make a branch that starts at a commit of the repository.',
  in: z.strictObject({
    repo_id: repoId,
    branch_name: ref('branch_name', 'Name of the new branch'),
    from_commit: commitHash('the commit at which it starts'),
  }),
  out: z.object({
    branch_id: branchId('the new branch'),
    starts_at: z.string().describe('Message of the commit at which it starts'),
    behind: z.int().describe('Commits of the protected branch that it lacks'),
  }),
  writes: ['branches'],
  needs: [
    repoExists,
    exists('commit', (state) => state.commits, (args) => args.from_commit),
    must('invalid_args', (state, args) => rowOf(state.commits, args.from_commit).repo === args.repo_id, (args) => `Commit \`${args.from_commit}\` belongs to another repository.`),
    must('conflict', (state, args) => findId(state.branches, (row) => row.repo === args.repo_id && sameName(row.name, args.branch_name)) === undefined, (args) => `A branch \`${args.branch_name}\` is there already.`),
  ],
  run: ({ state, id }, args) => {
    const branch_id = id('BR', `${args.repo_id}/${args.branch_name}`, state.branches);
    state.branches[branch_id] = { repo: args.repo_id, name: args.branch_name, head: args.from_commit, protected: false };
    return { branch_id, starts_at: rowOf(state.commits, args.from_commit).message, behind: onlyIn(state, trunkOf(state, args.repo_id).head, args.from_commit).length };
  },
});

const deleteBranch = tool({
  name: 'delete_branch',
  about: 'Delete an unprotected branch whose commits are all on the protected one, and which is neither checked out nor proposed.',
  in: z.strictObject({ branch_id: branchId('the branch') }),
  out: z.object({
    deleted_name: z.string().describe('Name of the branch that is gone'),
    can_be_restored_until: z.iso.date().describe('Day until which the host can bring it back'),
  }),
  writes: ['branches'],
  needs: [
    branchExists,
    must('precondition', (state, args) => !rowOf(state.branches, args.branch_id).protected, () => 'A protected branch cannot be deleted.'),
    must('conflict', (state, args) => state.workspace.branch !== args.branch_id, (args) => `Branch \`${args.branch_id}\` is checked out.`),
    must('conflict', (state, args) => !Object.values(state.proposals).some((row) => row.status === 'open' && (row.source === args.branch_id || row.target === args.branch_id)), (args) => `An open proposal needs branch \`${args.branch_id}\`.`),
    must('precondition', (state, args) => historyOf(state, trunkOf(state, rowOf(state.branches, args.branch_id).repo).head).has(headOf(state, args.branch_id)), (args) => `Branch \`${args.branch_id}\` has commits that are not merged.`),
  ],
  run: ({ state }, args) => {
    const { name } = rowOf(state.branches, args.branch_id);
    delete state.branches[args.branch_id];
    return { deleted_name: name, can_be_restored_until: addDays(state.today, createRng(`${state.salt}/restore/${args.branch_id}`).int(14, 60)) };
  },
});

const checkOut = tool({
  name: 'check_out',
  about: 'Make a branch the one that the workspace works on. Not while changes wait to be committed.',
  in: z.strictObject({ branch_id: branchId('the branch') }),
  out: z.object({
    files_in_workspace: z.int().describe('Files that the workspace now has'),
    last_message: z.string().describe('Message of the last commit of the branch'),
  }),
  writes: ['workspace'],
  needs: [branchExists, nothingStaged],
  run: ({ state }, args) => {
    state.workspace.branch = args.branch_id;
    const head = headOf(state, args.branch_id);
    return { files_in_workspace: createRng(`${state.salt}/files/${head}`).int(40, 900), last_message: rowOf(state.commits, head).message };
  },
});

const stageChange = tool({
  name: 'stage_change',
  about: "Stage the user's changes of a file in the workspace for the next commit. The branch that is checked out must not be protected.",
  in: z.strictObject({ file_path: ref('file_path', 'Path of the changed file') }),
  out: z.object({
    added_lines: lines('What the change adds'),
    removed_lines: lines('What the change removes'),
  }),
  writes: ['workspace'],
  needs: [
    must('precondition', (state) => !rowOf(state.branches, state.workspace.branch).protected, () => 'The branch that is checked out is protected.'),
    must('conflict', (state, args) => !state.workspace.staged.includes(args.file_path), (args) => `The changes of \`${args.file_path}\` are staged already.`),
  ],
  run: ({ state }, args) => {
    const rng = createRng(`${state.salt}/change/${state.workspace.branch}/${args.file_path}`);
    state.workspace.staged = [...state.workspace.staged, args.file_path].sort();
    return { added_lines: rng.int(11, 180), removed_lines: rng.int(0, 60) };
  },
});

const commitChanges = tool({
  name: 'commit_changes',
  about: 'Commit what is staged to the branch that is checked out, signed with the unlocked key.',
  in: z.strictObject({ message: ref('commit_message', 'What the change does, in one line') }),
  out: z.object({
    commit_hash: commitHash('the new commit'),
    changed_lines: lines('Size of the change'),
  }),
  writes: ['commits', 'branches', 'workspace'],
  needs: [must('precondition', (state) => state.workspace.staged.length > 0, () => 'Nothing is staged.'), unlocked],
  run: ({ state, id }, args) => {
    const branch = rowOf(state.branches, state.workspace.branch);
    const files = state.workspace.staged;
    const commit_hash = id('CM', `${branch.head}/${args.message}/${files.join()}`, state.commits);
    state.commits[commit_hash] = { repo: branch.repo, message: args.message, author: state.user.name, on: state.today, files, parents: [branch.head] };
    branch.head = commit_hash;
    state.workspace.staged = [];
    return { commit_hash, changed_lines: linesOf(state, commit_hash) };
  },
});

// ---- proposals ----

const openProposal = tool({
  name: 'open_proposal',
  about: 'Propose to bring the commits of one branch to another branch of the same repository.',
  in: z.strictObject({
    source_branch: branchId('the branch that has the commits'),
    target_branch: branchId('the branch that shall get them'),
    title: ref('proposal_title', 'Title of the proposal'),
  }),
  out: z.object({
    proposal_id: proposalId,
    commits_brought: z.int().describe('Commits that the proposal brings'),
    changed_lines: lines('Size of all its changes'),
  }),
  writes: ['proposals'],
  needs: [
    exists('branch', (state) => state.branches, (args) => args.source_branch),
    exists('branch', (state) => state.branches, (args) => args.target_branch),
    must('invalid_args', (state, args) => rowOf(state.branches, args.source_branch).repo === rowOf(state.branches, args.target_branch).repo, () => 'The two branches belong to different repositories.'),
    must('precondition', (state, args) => onlyIn(state, headOf(state, args.source_branch), headOf(state, args.target_branch)).length > 0, () => 'The target has every commit of the source already.'),
    must('conflict', (state, args) => findId(state.proposals, (row) => row.status === 'open' && row.source === args.source_branch && row.target === args.target_branch) === undefined, () => 'These two branches have an open proposal already.'),
  ],
  run: ({ state, id }, args) => {
    const proposal: Proposal = { source: args.source_branch, target: args.target_branch, title: args.title, status: 'open', mergedHead: null };
    const brought = broughtBy(state, proposal);
    const proposal_id = id('PP', `${args.source_branch}/${args.target_branch}`, state.proposals);
    state.proposals[proposal_id] = proposal;
    return { proposal_id, commits_brought: brought.length, changed_lines: brought.reduce((sum, hash) => sum + linesOf(state, hash), 0) };
  },
});

const listProposals = tool({
  name: 'list_proposals',
  about: 'List the open proposals of a repository and what stands in their way.',
  in: z.strictObject({ repo_id: repoId }),
  out: z.object({
    proposals: z.array(z.object({
      proposal_id: proposalId,
      title: z.string().describe('Title of the proposal'),
      from_branch: z.string().describe('Name of the branch that has the commits'),
      checks: z.enum(['not_run', 'passed', 'failed']).describe('Checks of its present commits'),
      files_in_conflict: z.int().describe('Files that both sides have changed'),
    })).describe('The proposals in the order of their titles'),
    open_since_days: z.int().describe('Days for which the oldest has been waiting, 0 without any'),
  }),
  needs: [repoExists],
  run: ({ state }, args) => {
    const open = rowsOf(state.proposals, (row) => row.status === 'open' && rowOf(state.branches, row.source).repo === args.repo_id);
    return {
      proposals: sortedBy(open, ([, row]) => row.title).map(([proposal_id, row]) => ({
        proposal_id,
        title: row.title,
        from_branch: rowOf(state.branches, row.source).name,
        checks: checksOf(state, row),
        files_in_conflict: filesInConflict(state, row).length,
      })),
      open_since_days: open.length === 0 ? 0 : createRng(`${state.salt}/open/${args.repo_id}`).int(11, 60),
    };
  },
});

function checksOf(state: RepositoryState, proposal: Proposal): 'not_run' | 'passed' | 'failed' {
  const passed = state.checks[headOf(state, proposal.source)];
  return passed === undefined ? 'not_run' : passed ? 'passed' : 'failed';
}

const runChecks = tool({
  name: 'run_checks',
  about: 'Build and test the present commits of an open proposal. Checks of the same commits are not repeated.',
  in: z.strictObject({ proposal_id: proposalId }),
  out: z.object({
    result: z.enum(['passed', 'failed']).describe('How the checks ended'),
    tests_run: z.int().describe('Tests that ran'),
    duration_seconds: z.int().describe('How long they took, in seconds'),
  }),
  writes: ['checks'],
  needs: [
    proposalExists,
    proposalOpen,
    must('conflict', (state, args) => checksOf(state, proposalOf(state, args)) === 'not_run', (args, state) => `The checks of these commits have ${checksOf(state, proposalOf(state, args))} already.`),
  ],
  run: ({ state }, args) => {
    const head = headOf(state, proposalOf(state, args).source);
    const rng = createRng(`${state.salt}/checks/${head}`);
    state.checks[head] = rng.float() < 0.85;
    return { result: state.checks[head] ? ('passed' as const) : ('failed' as const), tests_run: rng.int(120, 2400), duration_seconds: rng.int(45, 900) };
  },
});

const requestReview = tool({
  name: 'request_review',
  about: 'Ask a developer of the team to review an open proposal. The reviewer wrote none of its commits.',
  in: z.strictObject({ proposal_id: proposalId, developer_id: ref('developer_id', 'Identifier of the reviewer') }),
  out: z.object({
    review_id: ref('review_id', 'Identifier of the review'),
    answer_by: z.iso.date().describe('Day by which the reviewer wants to answer'),
  }),
  writes: ['reviews'],
  needs: [
    proposalExists,
    proposalOpen,
    exists('developer', (state) => state.developers, (args) => args.developer_id),
    must('precondition', (state, args) => rowOf(state.repos, rowOf(state.branches, proposalOf(state, args).source).repo).team.includes(args.developer_id), (args) => `\`${args.developer_id}\` is not in the team of this repository.`),
    must('precondition', (state, args) => !broughtBy(state, proposalOf(state, args)).some((hash) => rowOf(state.commits, hash).author === args.developer_id), (args) => `\`${args.developer_id}\` wrote commits of this proposal.`),
    must('conflict', (state, args) => findId(state.reviews, (row) => row.proposal === args.proposal_id && row.reviewer === args.developer_id) === undefined, (args) => `\`${args.developer_id}\` has been asked already.`),
  ],
  run: ({ state, id }, args) => {
    const review_id = id('RV', `${args.proposal_id}/${args.developer_id}`, state.reviews);
    state.reviews[review_id] = { proposal: args.proposal_id, reviewer: args.developer_id, verdict: null, head: null };
    return { review_id, answer_by: addDays(state.today, createRng(`${state.salt}/answer/${review_id}`).int(1, 6)) };
  },
});

const recordVerdict = tool({
  name: 'record_verdict',
  about: "Record a reviewer's verdict on the present commits of an open proposal, in place of an earlier one.",
  in: z.strictObject({
    review_id: ref('review_id', 'Identifier of the review, as given by request_review'),
    verdict: z.enum(VERDICTS).describe('What the reviewer says'),
  }),
  out: z.object({
    reviewer: z.string().describe('Name of the reviewer'),
    approvals: z.int().describe('Approvals that count for the present commits'),
    lines_read: lines('What the reviewer read'),
  }),
  writes: ['reviews'],
  needs: [
    exists('review', (state) => state.reviews, (args) => args.review_id),
    must('conflict', (state, args) => rowOf(state.proposals, rowOf(state.reviews, args.review_id).proposal).status === 'open', () => 'The proposal of this review is merged already.'),
  ],
  run: ({ state }, args) => {
    const row = rowOf(state.reviews, args.review_id);
    const proposal = rowOf(state.proposals, row.proposal);
    Object.assign(row, { verdict: args.verdict, head: headOf(state, proposal.source) });
    return {
      reviewer: rowOf(state.developers, row.reviewer).name,
      approvals: verdictsOn(state, row.proposal, 'approve'),
      lines_read: broughtBy(state, proposal).reduce((sum, hash) => sum + linesOf(state, hash), 0),
    };
  },
});

const updateBranch = tool({
  name: 'update_branch',
  about: 'Bring the commits of the target into the source of an open proposal. Checks and verdicts have to be repeated afterwards.',
  in: z.strictObject({ proposal_id: proposalId }),
  out: z.object({
    commit_hash: commitHash('the commit that joins both'),
    commits_taken_over: z.int().describe('Commits that came from the target'),
    lines_settled: lines('Conflicting lines that were settled'),
  }),
  writes: ['commits', 'branches'],
  needs: [
    proposalExists,
    proposalOpen,
    unlocked,
    must('conflict', (state, args) => onlyIn(state, headOf(state, proposalOf(state, args).target), headOf(state, proposalOf(state, args).source)).length > 0, () => 'The source has every commit of the target already.'),
  ],
  run: ({ state, id }, args) => {
    const proposal = proposalOf(state, args);
    const [source, target] = [rowOf(state.branches, proposal.source), rowOf(state.branches, proposal.target)];
    const taken = onlyIn(state, target.head, source.head).length;
    const conflicts = filesInConflict(state, proposal).length;
    const commit_hash = id('CM', `${source.head}+${target.head}`, state.commits);
    state.commits[commit_hash] = { repo: source.repo, message: `Update from ${target.name}`, author: state.user.name, on: state.today, files: [], parents: [source.head, target.head] };
    source.head = commit_hash;
    return { commit_hash, commits_taken_over: taken, lines_settled: conflicts * createRng(`${state.salt}/settled/${commit_hash}`).int(11, 70) };
  },
});

const mergeProposal = tool({
  name: 'merge_proposal',
  about: 'Merge an open proposal whose checks have passed and which is approved, with no changes asked for and no conflict left.',
  in: z.strictObject({ proposal_id: proposalId }),
  out: z.object({
    commit_hash: commitHash('the merge'),
    commits_merged: z.int().describe('Commits that the target got'),
    goes_live_on: z.iso.date().describe('Day on which the change is rolled out'),
  }),
  writes: ['commits', 'branches', 'proposals'],
  needs: [
    proposalExists,
    proposalOpen,
    must('conflict', (state, args) => filesInConflict(state, proposalOf(state, args)).length === 0, (args, state) => `Both sides have changed ${filesInConflict(state, proposalOf(state, args)).join(', ')}. Update the source first.`),
    must('precondition', (state, args) => checksOf(state, proposalOf(state, args)) === 'passed', (args) => `The checks of proposal \`${args.proposal_id}\` have not passed.`),
    must('precondition', (state, args) => verdictsOn(state, args.proposal_id, 'approve') > 0, (args) => `Nobody has approved the present commits of proposal \`${args.proposal_id}\`.`),
    must('precondition', (state, args) => verdictsOn(state, args.proposal_id, 'ask_for_changes') === 0, (args) => `A reviewer of proposal \`${args.proposal_id}\` has asked for changes.`),
    unlocked,
  ],
  run: ({ state, id }, args) => {
    const proposal = proposalOf(state, args);
    const [source, target] = [rowOf(state.branches, proposal.source), rowOf(state.branches, proposal.target)];
    const merged = broughtBy(state, proposal).length;
    const commit_hash = id('CM', `${target.head}+${source.head}`, state.commits);
    state.commits[commit_hash] = { repo: target.repo, message: `Merge: ${proposal.title}`, author: state.user.name, on: state.today, files: [], parents: [target.head, source.head] };
    target.head = commit_hash;
    Object.assign(proposal, { status: 'merged', mergedHead: source.head });
    return { commit_hash, commits_merged: merged, goes_live_on: addDays(state.today, createRng(`${state.salt}/live/${commit_hash}`).int(1, 9)) };
  },
});

const tagRelease = tool({
  name: 'tag_release',
  about: 'Release a commit of the protected branch under a version. A version is released once per repository.',
  in: z.strictObject({ commit_hash: commitHash('the commit to release'), version: ref('version_name', 'Version, as 4.1') }),
  out: z.object({
    download_kilobytes: z.int().describe('Size of the download, in kilobytes'),
    commits_in_release: z.int().describe('Commits that the release holds'),
  }),
  writes: ['releases'],
  needs: [
    exists('commit', (state) => state.commits, (args) => args.commit_hash),
    must('precondition', (state, args) => historyOf(state, trunkOf(state, rowOf(state.commits, args.commit_hash).repo).head).has(args.commit_hash), (args) => `Commit \`${args.commit_hash}\` is not on the protected branch.`),
    must('conflict', (state, args) => findId(state.releases, (row) => row.repo === rowOf(state.commits, args.commit_hash).repo && row.version === args.version) === undefined, (args) => `Version ${args.version} has been released already.`),
    unlocked,
  ],
  run: ({ state, id }, args) => {
    const { repo } = rowOf(state.commits, args.commit_hash);
    state.releases[id('RL', `${repo}/${args.version}`, state.releases)] = { repo, version: args.version, commit: args.commit_hash };
    return { download_kilobytes: createRng(`${state.salt}/download/${args.commit_hash}`).int(800, 48_000), commits_in_release: historyOf(state, args.commit_hash).size };
  },
});

/** The tools of the repository host, as a company's assistant would be given them. */
export const repositoryTools: readonly DomainTool<RepositoryState>[] = [
  unlockSigningKey, findRepository, findDeveloper,
  listBranches, readHistory, createBranch, deleteBranch, checkOut, stageChange, commitChanges,
  listProposals, openProposal, runChecks, requestReview, recordVerdict, updateBranch, mergeProposal, tagRelease,
];
