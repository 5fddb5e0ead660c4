import { createRng } from '../../../core/random';
import type { KnownFact } from '../../../core/tool';
import type { BrokerageState } from './state';

/** What a client could state: the login, companies, how many shares, where cash should go and how much of it. */
export function knownBrokerage(state: BrokerageState): KnownFact[] {
  const rng = createRng(`${state.salt}/known`);
  const companies = rng.shuffle(Object.values(state.securities).map(({ company }) => company));
  const labels = Object.values(state.payoutAccounts).map(({ label }) => label);
  const company = (name: string, at: number, about: string): KnownFact => ({ name, value: companies[at] as string, about, entity: 'company_name' });
  return [
    { name: 'client_number', value: state.client.number, about: "the user's client number", entity: 'client_number' },
    { name: 'passphrase', value: state.client.passphrase, about: "the user's passphrase", entity: 'passphrase' },
    company('favourite_company', 0, 'the company whose shares the user likes best'),
    company('news_company', 1, 'the company the user has read about in the news'),
    company('former_employer', 2, 'the company the user used to work for'),
    company('tip_company', 3, 'the company that a friend of the user praises'),
    { name: 'small_lot', value: rng.int(2, 4), about: 'the small number of shares the user would trade', params: ['quantity'] },
    { name: 'large_lot', value: rng.int(5, 8), about: 'the larger number of shares the user would trade', params: ['quantity'] },
    { name: 'main_payout', value: labels[0] as string, about: 'the bank account to which the user has money paid', entity: 'payout_label' },
    { name: 'second_payout', value: labels[1] as string, about: 'another bank account of the user', entity: 'payout_label' },
    { name: 'cash_needed', value: rng.int(11, 29) * 10, about: 'the amount of cash the user needs', params: ['withdraw_cash.amount'] },
    { name: 'cash_for_later', value: rng.int(31, 55) * 10, about: 'the larger amount the user would take out', params: ['withdraw_cash.amount'] },
  ];
}
