import { createRng } from '../../../core/random';
import type { KnownFact } from '../../../core/tool';
import type { PayrollState } from './state';

/** What somebody in the payroll office could state: badges, people, months, hours and bonuses. */
export function knownPayroll(state: PayrollState): KnownFact[] {
  const rng = createRng(`${state.salt}/known`);
  const [mine, theirs] = Object.keys(state.officers) as [string, string];
  const names = Object.values(state.employees).map(({ name }) => name);
  const months = Object.values(state.periods).map(({ month }) => month);
  const employee = (name: string, at: number, about: string): KnownFact => ({ name, value: names[at] as string, about, entity: 'employee_name' });
  return [
    { name: 'own_badge', value: mine, about: "the number on the user's badge", entity: 'badge_number' },
    { name: 'colleague_badge', value: theirs, about: 'the badge number of the colleague who also signs for payroll', entity: 'badge_number' },
    employee('longest_serving', 0, 'the employee who has been there longest'),
    employee('team_lead', 1, 'the employee who leads a team'),
    employee('trainee', 4, 'the employee who came as a trainee'),
    employee('returning_employee', 5, 'the employee who is back from leave'),
    { name: 'this_month', value: months[3] as string, about: 'the current month', params: ['month'] },
    { name: 'next_month', value: months[4] as string, about: 'the coming month', params: ['month'] },
    { name: 'usual_hours', value: rng.int(130, 160), about: 'the hours of a full month', params: ['submit_timesheet.hours'] },
    { name: 'part_time_hours', value: rng.int(60, 90), about: 'the hours of somebody who works part-time', params: ['submit_timesheet.hours'] },
    { name: 'small_bonus', value: rng.int(10, 24) * 10, about: 'the bonus for a good idea', params: ['amount'] },
    { name: 'large_bonus', value: rng.int(30, 60) * 10, about: 'the bonus for a finished project', params: ['amount'] },
  ];
}
