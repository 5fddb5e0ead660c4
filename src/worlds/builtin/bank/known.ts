import { createRng } from '../../../core/random';
import type { KnownFact } from '../../../core/tool';
import { addDays } from '../calendar';
import { rowOf } from '../combinators';
import type { BankState } from './state';

/** What a customer could state: how they sign in, what they call their accounts, whom they want to pay, how much and when. */
export function knownBank(state: BankState): KnownFact[] {
  const rng = createRng(`${state.salt}/known`);
  const nicknames = Object.values(state.accounts).map(({ nickname }) => nickname);
  const [landlord, teacher] = Object.keys(state.holders) as [string, string];
  const bankOf = (number: string): string => rowOf(state.banks, rowOf(state.holders, number).bank).name;
  const amount = (name: string, about: string, low: number, high: number): KnownFact => ({ name, value: rng.int(low, high), about, params: ['amount'] });
  return [
    { name: 'customer_number', value: state.customer.number, about: "the user's customer number", entity: 'customer_number' },
    { name: 'passcode', value: state.customer.passcode, about: "the user's passcode", entity: 'passcode' },
    { name: 'main_account', value: nicknames[0] as string, about: 'the account the user spends from', entity: 'account_nickname' },
    { name: 'second_account', value: nicknames[1] as string, about: "the user's second account", entity: 'account_nickname' },
    { name: 'savings_account', value: nicknames[2] as string, about: 'the pot the user saves in', entity: 'account_nickname' },
    { name: 'landlord_bank', value: bankOf(landlord), about: "the bank of the user's landlord", entity: 'bank_name' },
    { name: 'landlord_account_number', value: landlord, about: "the landlord's account number", entity: 'account_number' },
    { name: 'teacher_bank', value: bankOf(teacher), about: 'the bank of the music teacher', entity: 'bank_name' },
    { name: 'teacher_account_number', value: teacher, about: "the music teacher's account number", entity: 'account_number' },
    amount('rent_amount', 'the amount the user owes for rent', 210, 390),
    amount('lesson_amount', 'the amount the user wants to pay for lessons', 45, 110),
    amount('put_aside', 'the amount the user wants to put aside', 120, 200),
    { name: 'pay_day', value: addDays(state.today, rng.int(2, 9)), about: 'the day on which the user wants to pay', entity: 'date' },
    { name: 'later_pay_day', value: addDays(state.today, rng.int(11, 24)), about: 'a later day on which the user could pay', entity: 'date' },
    { name: 'new_limit', value: rng.int(6, 14) * 100, about: 'the daily limit the user would like', params: ['change_daily_limit.daily_limit'] },
  ];
}
