import type { KnownFact } from '../../../core/tool';
import { createRng } from '../../../core/random';
import { addDays } from '../calendar';
import { fact } from '../combinators';
import type { DeployState } from './state';

const NEW_BRANCHES = ['winter-prices', 'shorter-queues', 'paper-saving', 'clean-start', 'one-region'];

/** What a user of this seed could state. Codes of services, environments, people, builds, artefacts, windows and deployments are never among them. */
export function knownDeploy(state: DeployState): KnownFact[] {
  const rng = createRng(`${state.salt}/known`);
  const [services, environments, people] = [state.services, state.environments, state.people].map((table) => Object.values(table).map((row) => row.name)) as [string[], string[], string[]];
  const branches = rng.shuffle(NEW_BRANCHES);
  return [
    fact('badge_number', state.shift.badge, "the user's badge number", 'badge_number'),
    fact('main_service', services[0], 'the service the user looks after', 'service_name'),
    fact('busy_service', services[1], 'the service customers complain about', 'service_name'),
    fact('new_service', services[2], "the service the user's team has taken over", 'service_name'),
    fact('trial_environment', environments[0], 'the environment in which the user tries things out', 'environment_name'),
    fact('customer_environment', environments[1], "the environment the user's customers work in", 'environment_name'),
    fact('second_trial', environments[2], 'the environment the testers use', 'environment_name'),
    fact('second_customer_environment', environments[3], 'the environment for customers abroad', 'environment_name'),
    fact('strict_colleague', people[3], 'the colleague who approves releases on weekdays', 'full_name'),
    fact('weekend_colleague', people[4], 'the colleague who approves releases on weekends', 'full_name'),
    fact('new_branch', branches[0], 'the branch the user has finished', 'branch_name'),
    fact('other_branch', branches[1], "the branch the user's colleague has finished", 'branch_name'),
    fact('next_version', `${rng.int(7, 8)}.${rng.int(0, 9)}`, 'the version the user has announced', 'version_name'),
    fact('later_version', `9.${rng.int(0, 9)}`, 'the version meant for the end of the year', 'version_name'),
    fact('fair_day', addDays(state.today, rng.int(3, 7)), 'the last day of the trade fair', 'date'),
    fact('audit_day', addDays(state.today, rng.int(9, 20)), 'the last day of the audit', 'date'),
  ];
}
