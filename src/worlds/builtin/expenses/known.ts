import { createRng } from '../../../core/random';
import type { KnownFact } from '../../../core/tool';
import type { ExpensesState } from './state';

const TITLES = ['Pump trials abroad', 'Spare parts hunt', 'Summer school trip', 'Customer round tour', 'Bridge survey days'];

/** What an employee could state: the login, projects, papers and what they are for, sites between which they drove. */
export function knownExpenses(state: ExpensesState): KnownFact[] {
  const rng = createRng(`${state.salt}/known`);
  const projects = Object.values(state.centres).map(({ project }) => project);
  const kinds = Object.values(state.categories).map(({ kind }) => kind);
  const files = Object.keys(state.papers);
  const sites = Object.values(state.sites).map(({ name }) => name);
  const [title, other] = rng.shuffle(TITLES) as [string, string];
  const fact = (entity: string) => (name: string, value: string | undefined, about: string): KnownFact => ({ name, value: value as string, about, entity });
  const [project, kind, file, site] = [fact('project_name'), fact('expense_kind'), fact('file_name'), fact('site_name')];
  return [
    { name: 'employee_number', value: state.employee.number, about: "the user's employee number", entity: 'employee_number' },
    { name: 'pin', value: state.employee.pin, about: "the user's PIN", entity: 'pin' },
    project('main_project', projects[0], 'the project the user works for'),
    project('side_project', projects[1], 'a second project the user helps with'),
    kind('usual_kind', kinds[0], 'what the user mostly spends money on'),
    kind('rare_kind', kinds[1], 'what the user seldom spends money on'),
    file('first_receipt', files[0], 'the file with the first receipt'),
    file('second_receipt', files[1], 'the file with the second receipt'),
    file('third_receipt', files[2], 'the file with a third receipt'),
    file('old_receipt', files[5], 'the file with a receipt the user has found in a drawer'),
    site('home_site', sites[0], 'the site where the user works'),
    site('visited_site', sites[1], 'the site the user visited by car'),
    site('third_site', sites[2], 'another site the user drove to'),
    { name: 'report_title', value: title, about: 'the title for a new expense report', params: ['title'] },
    { name: 'other_title', value: other, about: 'the title for another expense report', params: ['title'] },
  ];
}
