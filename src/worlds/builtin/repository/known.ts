import type { KnownFact } from '../../../core/tool';
import { createRng } from '../../../core/random';
import { fact } from '../combinators';
import { FILES, type RepositoryState } from './state';

const NEW_BRANCHES = ['gentle-limits', 'spring-cleaning', 'two-ledgers', 'faster-zones', 'plain-errors'];
const NEW_MESSAGES = ['Keep the last good zone file', 'Tell apart empty and missing ledgers', 'Shorten the limits page', 'Drop the unused route cache', 'Rotate logs by size'];
const TITLES = ['Ready for the spring audit', 'Less noise in the logs', 'Zones without restarts', 'Ledgers that add up', 'Limits people understand'];

/** What a user of this seed could state. Codes of repositories, branches, commits, people, proposals and reviews are never among them. */
export function knownRepository(state: RepositoryState): KnownFact[] {
  const rng = createRng(`${state.salt}/known`);
  const repos = Object.values(state.repos).map((row) => row.name);
  const people = Object.values(state.developers).map((row) => row.name);
  const [branches, messages, titles, files] = [NEW_BRANCHES, NEW_MESSAGES, TITLES, FILES].map((list) => rng.shuffle(list)) as [string[], string[], string[], string[]];
  const major = rng.int(2, 8);
  return [
    fact('key_passphrase', state.signing.passphrase, "the passphrase of the user's signing key", 'key_passphrase'),
    fact('main_repository', repos[0], 'the repository the user works in', 'repo_name'),
    fact('shared_repository', repos[1], "the repository the user's team shares with another one", 'repo_name'),
    fact('old_repository', repos[2], 'the repository the user has taken over', 'repo_name'),
    fact('patient_reviewer', people[3], 'the colleague the user would ask for a review', 'full_name'),
    fact('second_reviewer', people[4], 'the colleague who knows the code best', 'full_name'),
    fact('third_reviewer', people[5], 'the colleague who is back from leave', 'full_name'),
    fact('new_branch', branches[0], 'the name of a branch the user wants', 'branch_name'),
    fact('other_branch', branches[1], 'a branch name the team has agreed on', 'branch_name'),
    fact('changed_file', files[0], 'the file the user has changed', 'file_path'),
    fact('other_file', files[1], 'another file with changes of the user', 'file_path'),
    fact('commit_message', messages[0], "what the user's change does, in one line", 'commit_message'),
    fact('other_message', messages[1], 'a second commit message the user has written down', 'commit_message'),
    fact('proposal_title', titles[0], 'the title for a proposal of the user', 'proposal_title'),
    fact('other_title', titles[1], 'a title the team likes for a proposal', 'proposal_title'),
    fact('next_version', `${major}.${rng.int(0, 9)}`, 'the version that customers wait for', 'version_name'),
    fact('later_version', `${major + 1}.0`, 'the version planned for the fair', 'version_name'),
  ];
}
