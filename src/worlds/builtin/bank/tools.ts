import { z } from 'zod';
import { createRng } from '../../../core/random';
import { addDays } from '../calendar';
import { dayShown, enough, findId, fromCents, inStatus, money, notPast, rowOf, rowsOf, sameName, signedIn, sortedBy, sumOf, toCents } from '../combinators';
import { day, exists, must, ref, toolsOn, type DomainTool, type Need, type Run } from '../domain';
import { TRANSFER_STATUSES, type BankState } from './state';

const tool = toolsOn<BankState>();

// ---- shared fields ----

const accountId = (description: string): z.ZodString => ref('account_id', description);
const nickname = ref('account_nickname', 'Name the customer gave the account');
const bankCode = ref('bank_code', 'Clearing code of the bank, as given by find_bank');
const payeeId = ref('payee_id', 'Identifier of a payee of the customer');
const checkId = ref('payee_check_id', 'Number of a payee check, as given by run_payee_check');
const transferId = ref('transfer_id', 'Identifier of a transfer, as given by prepare_transfer');
const entryId = ref('entry_id', 'Identifier of an account entry, as given by list_entries');
const cardId = ref('card_id', 'Identifier of a card, as given by list_cards');
const amount = z.number().min(1).max(1500).describe('Amount, in euros');
const kind = z.enum(['current', 'savings']).describe('Kind of account');

// ---- needs ----

const open = signedIn<BankState>();
const accountIs = <A>(read: (args: A) => string): Need<BankState, A> => exists('account', (state) => state.accounts, read);
const ownAccount = accountIs<{ account_id: string }>((args) => args.account_id);
const isCurrent = must<BankState, { account_id: string }>('precondition', (state, args) => rowOf(state.accounts, args.account_id).kind === 'current', (args) => `Account \`${args.account_id}\` is a savings pot; this needs a current account.`);
const payeeExists = exists<BankState, { payee_id: string }>('payee', (state) => state.payees, (args) => args.payee_id);
const transferExists = exists<BankState, { transfer_id: string }>('transfer', (state) => state.transfers, (args) => args.transfer_id);
const transferIs = (...allowed: (typeof TRANSFER_STATUSES)[number][]): Need<BankState, { transfer_id: string }> =>
  inStatus({ kind: 'Transfer', id: (args) => args.transfer_id, status: (state, args) => rowOf(state.transfers, args.transfer_id).status, order: TRANSFER_STATUSES, allowed });
const cardExists = exists<BankState, { card_id: string }>('card', (state) => state.cards, (args) => args.card_id);

// ---- reading and booking ----

const balanceOf = (state: BankState, account: string): number => fromCents(rowOf(state.accounts, account).balanceCents);
const bankNamed = (state: BankState, name: string): string | undefined => findId(state.banks, (bank) => sameName(bank.name, name));
const costOf = (state: BankState, id: string): number => rowOf(state.transfers, id).cents + rowOf(state.transfers, id).feeCents;

/** Cents that the account sends with this execution date. */
const sentOn = (state: BankState, account: string, on: string): number =>
  sumOf(rowsOf(state.transfers, (one) => one.account === account && one.on === on && one.status === 'sent'), ([, one]) => one.cents);

/** Books an entry and moves the balance with it. */
function book({ state, id }: Run<BankState>, meaning: string, entry: Omit<BankState['entries'][string], 'on' | 'dispute'>): void {
  state.entries[id('EN', meaning, state.entries)] = { ...entry, on: state.today, dispute: null };
  rowOf(state.accounts, entry.account).balanceCents += entry.cents;
}

// ---- the customer and the accounts ----

const signIn = tool({
  name: 'sign_in',
  about: 'Sign the customer in with customer number and passcode. Accounts, payees, transfers and cards are closed before.',
  in: z.strictObject({ customer_number: ref('customer_number', "The customer's number, as CU0000000"), passcode: ref('passcode', "The customer's six-digit passcode") }),
  out: z.object({ customer_name: z.string().describe('Name of the customer'), last_sign_in: dayShown('Day of the sign-in before this one') }),
  writes: ['session'],
  needs: [
    must('not_found', (state, args) => state.customer.number === args.customer_number, (args) => `There is no customer \`${args.customer_number}\`.`),
    must('precondition', (state, args) => state.customer.passcode === args.passcode, () => 'The passcode does not belong to this customer number.'),
  ],
  run: ({ state }) => {
    state.session.signedIn = true;
    return { customer_name: state.customer.name, last_sign_in: addDays(state.today, -createRng(`${state.salt}/last-sign-in`).int(1, 40)) };
  },
});

const findAccount = tool({
  name: 'find_account',
  about: "Find one of the customer's accounts by the name the customer gave it, with its identifier and balance.",
  in: z.strictObject({ nickname }),
  out: z.object({ account_id: accountId('Identifier of the account'), kind, balance: money('Balance of the account'), daily_limit: money('The most that transfers may take out on one day') }),
  needs: [open, must('not_found', (state, args) => accountNamed(state, args.nickname) !== undefined, (args) => `The customer has no account called \`${args.nickname}\`.`)],
  run: ({ state }, args) => {
    const account_id = accountNamed(state, args.nickname) as string;
    const account = rowOf(state.accounts, account_id);
    return { account_id, kind: account.kind, balance: fromCents(account.balanceCents), daily_limit: fromCents(account.dailyLimitCents) };
  },
});

const accountNamed = (state: BankState, name: string): string | undefined => findId(state.accounts, (account) => sameName(account.nickname, name));

const listAccounts = tool({
  name: 'list_accounts',
  about: "List the customer's accounts with their balances and what savings earn.",
  in: z.strictObject({}),
  out: z.object({
    accounts: z.array(z.object({ account_id: accountId('Identifier of the account'), account_nickname: nickname, kind, balance: money('Balance of the account'), interest_percent: z.number().describe('Interest a year, in percent') })).describe('The accounts, by name'),
  }),
  needs: [open],
  run: ({ state }) => ({
    accounts: sortedBy(rowsOf(state.accounts), ([, one]) => one.nickname).map(([account_id, one]) => ({
      account_id, account_nickname: one.nickname, kind: one.kind, balance: fromCents(one.balanceCents), interest_percent: createRng(`${state.salt}/interest/${account_id}`).int(one.kind === 'savings' ? 14 : 1, one.kind === 'savings' ? 34 : 9) / 10,
    })),
  }),
});

const moveMoney = tool({
  name: 'move_money',
  about: "Move money at once between two of the customer's own accounts.",
  in: z.strictObject({ from_account: accountId('Account to take the money from'), to_account: accountId('Account to put it into'), amount }),
  out: z.object({ from_balance: money('Balance of the account it came from'), to_balance: money('Balance of the account it went to') }),
  writes: ['accounts', 'entries'],
  needs: [
    open,
    accountIs((args) => args.from_account),
    accountIs((args) => args.to_account),
    must('invalid_args', (_state, args) => args.from_account !== args.to_account, () => 'The two accounts are the same.'),
    enough('the account', 'euros', (state, args) => balanceOf(state, args.from_account), (args) => args.amount),
  ],
  run: (run, args) => {
    const { state } = run;
    const cents = toCents(args.amount);
    const meaning = `${args.from_account}/${args.to_account}/${cents}`;
    book(run, `out/${meaning}`, { account: args.from_account, party: rowOf(state.accounts, args.to_account).nickname, kind: 'own_move', cents: -cents });
    book(run, `in/${meaning}`, { account: args.to_account, party: rowOf(state.accounts, args.from_account).nickname, kind: 'own_move', cents });
    return { from_balance: balanceOf(state, args.from_account), to_balance: balanceOf(state, args.to_account) };
  },
});

const changeDailyLimit = tool({
  name: 'change_daily_limit',
  about: 'Set what transfers may take out of a current account with one execution date, up to 1,500 euros.',
  in: z.strictObject({ account_id: accountId('Account whose limit changes'), daily_limit: z.number().min(100).max(1500).describe('The new limit, in euros') }),
  out: z.object({ old_limit: money('The limit before'), valid_from: dayShown('Day from which the new limit counts') }),
  writes: ['accounts'],
  needs: [
    open, ownAccount, isCurrent,
    must('conflict', (state, args) => rowsOf(state.transfers).every(([, { on }]) => sentOn(state, args.account_id, on) <= toCents(args.daily_limit)), (args) => `Transfers already sent for one day are above ${args.daily_limit} euros.`),
  ],
  run: ({ state }, args) => {
    const account = rowOf(state.accounts, args.account_id);
    const old_limit = fromCents(account.dailyLimitCents);
    account.dailyLimitCents = toCents(args.daily_limit);
    return { old_limit, valid_from: state.today };
  },
});

// ---- payees ----

const findBank = tool({
  name: 'find_bank',
  about: 'Look up a bank in the directory: its clearing code, how long money takes to it and until when transfers go out on the same day.',
  in: z.strictObject({ bank_name: ref('bank_name', 'Name of the bank') }),
  out: z.object({ bank_code: bankCode, clearing_days: z.int().describe('Days until money arrives there'), cut_off: z.string().describe('Time until which transfers go out on the same day, as HH:MM') }),
  needs: [must('not_found', (state, args) => bankNamed(state, args.bank_name) !== undefined, (args) => `The directory has no bank \`${args.bank_name}\`.`)],
  run: ({ state }, args) => {
    const bank_code = bankNamed(state, args.bank_name) as string;
    const { clearingDays, cutOff } = rowOf(state.banks, bank_code);
    return { bank_code, clearing_days: clearingDays, cut_off: cutOff };
  },
});

const addPayee = tool({
  name: 'add_payee',
  about: 'Add an account at another bank as a payee. It receives money only after it has been checked and confirmed.',
  in: z.strictObject({ bank_code: bankCode, account_number: ref('account_number', 'Number of the account at that bank, as 0000 000000') }),
  out: z.object({ payee_id: payeeId, check_minutes: z.int().describe('Minutes that the check of the payee takes') }),
  writes: ['payees'],
  needs: [
    open,
    exists('bank with the code', (state) => state.banks, (args) => args.bank_code),
    must('not_found', (state, args) => state.holders[args.account_number]?.bank === args.bank_code, (args) => `The bank \`${args.bank_code}\` has no account \`${args.account_number}\`.`),
    must('conflict', (state, args) => findId(state.payees, (payee) => payee.accountNumber === args.account_number) === undefined, (args) => `Account \`${args.account_number}\` is a payee already.`),
  ],
  run: ({ state, id }, args) => {
    const payee_id = id('PY', args.account_number, state.payees);
    state.payees[payee_id] = { bank: args.bank_code, holder: rowOf(state.holders, args.account_number).name, accountNumber: args.account_number, check: null, verified: false };
    return { payee_id, check_minutes: createRng(`${state.salt}/check/${args.bank_code}`).int(12, 95) };
  },
});

const listPayees = tool({
  name: 'list_payees',
  about: "List the customer's payees with their banks and whether they are verified.",
  in: z.strictObject({}),
  out: z.object({
    payees: z.array(z.object({
      payee_id: payeeId,
      bank_name: ref('bank_name', "Name of the payee's bank"),
      verified: z.boolean().describe('Whether money can be sent to the payee'),
    })).describe('The payees, by the name of the bank'),
  }),
  needs: [open],
  run: ({ state }) => ({
    payees: sortedBy(rowsOf(state.payees), ([, payee]) => rowOf(state.banks, payee.bank).name).map(([payee_id, payee]) => ({ payee_id, bank_name: rowOf(state.banks, payee.bank).name, verified: payee.verified })),
  }),
});

const runPayeeCheck = tool({
  name: 'run_payee_check',
  about: "Ask the payee's bank in whose name the account stands. The number of the check confirms the payee.",
  in: z.strictObject({ payee_id: payeeId }),
  out: z.object({ payee_check_id: checkId, registered_name: z.string().describe('Name of the holder of the account, as the other bank has it'), valid_until: dayShown('Last day on which the check can be used') }),
  writes: ['payees'],
  needs: [open, payeeExists, must('conflict', (state, args) => !rowOf(state.payees, args.payee_id).verified, (args) => `Payee \`${args.payee_id}\` is verified already.`)],
  run: ({ state, id }, args) => {
    const payee = rowOf(state.payees, args.payee_id);
    payee.check ??= id('CK', args.payee_id, {});
    return { payee_check_id: payee.check, registered_name: payee.holder, valid_until: addDays(state.today, 14) };
  },
});

const checked = (state: BankState, check: string): string | undefined => findId(state.payees, (payee) => payee.check === check);

const confirmPayee = tool({
  name: 'confirm_payee',
  about: 'Confirm a checked payee, who can receive transfers from then on.',
  in: z.strictObject({ payee_check_id: checkId }),
  out: z.object({ holder_name: z.string().describe('Name of the confirmed payee'), clearing_days: z.int().describe('Days until money arrives there'), fee_per_transfer: money('Fee for each transfer to this payee') }),
  writes: ['payees'],
  needs: [
    open,
    must('not_found', (state, args) => checked(state, args.payee_check_id) !== undefined, (args) => `There is no payee check \`${args.payee_check_id}\`.`),
    must('conflict', (state, args) => !rowOf(state.payees, checked(state, args.payee_check_id) as string).verified, () => 'This payee has been confirmed already.'),
  ],
  run: ({ state }, args) => {
    const payee = rowOf(state.payees, checked(state, args.payee_check_id) as string);
    payee.verified = true;
    const { clearingDays, feeCents } = rowOf(state.banks, payee.bank);
    return { holder_name: payee.holder, clearing_days: clearingDays, fee_per_transfer: fromCents(feeCents) };
  },
});

// ---- transfers ----

const prepareTransfer = tool({
  name: 'prepare_transfer',
  about: 'Prepare a transfer from a current account to a verified payee. Nothing moves until it is sent.',
  in: z.strictObject({ account_id: accountId('Account to pay from'), payee_id: payeeId, amount, execution_date: day('Day on which the money leaves, within 60 days') }),
  out: z.object({ transfer_id: transferId, fee: money('Fee of the transfer'), total: money('Amount and fee together'), arrives_on: dayShown('Day on which the money arrives') }),
  writes: ['transfers'],
  needs: [
    open, ownAccount, isCurrent, payeeExists,
    must('precondition', (state, args) => rowOf(state.payees, args.payee_id).verified, (args) => `Payee \`${args.payee_id}\` is not verified. Run its check and confirm it first.`),
    notPast((args) => args.execution_date, 60),
    enough('the account', 'euros', (state, args) => balanceOf(state, args.account_id), (args) => args.amount),
  ],
  run: ({ state, id }, args) => {
    const { clearingDays, feeCents } = rowOf(state.banks, rowOf(state.payees, args.payee_id).bank);
    const cents = toCents(args.amount);
    const transfer_id = id('TR', `${args.account_id}/${args.payee_id}/${cents}/${args.execution_date}`, state.transfers);
    state.transfers[transfer_id] = { account: args.account_id, payee: args.payee_id, cents, feeCents, on: args.execution_date, status: 'prepared' };
    return { transfer_id, fee: fromCents(feeCents), total: fromCents(cents + feeCents), arrives_on: addDays(args.execution_date, clearingDays) };
  },
});

const sendTransfer = tool({
  name: 'send_transfer',
  about: 'Send a prepared transfer. Amount and fee are taken from the account at once.',
  in: z.strictObject({ transfer_id: transferId }),
  out: z.object({ balance_after: money('Balance of the account afterwards'), left_of_limit: money('What the account may still send for that day'), receipt_number: z.string().describe('Number of the receipt') }),
  writes: ['transfers', 'accounts', 'entries'],
  needs: [
    open, transferExists, transferIs('prepared'),
    enough('the account', 'euros', (state, args) => balanceOf(state, rowOf(state.transfers, args.transfer_id).account), (args, state) => fromCents(costOf(state, args.transfer_id))),
    enough('the daily limit', 'euros', (state, args) => leftOfLimit(state, args.transfer_id), (args, state) => fromCents(rowOf(state.transfers, args.transfer_id).cents)),
  ],
  run: (run, args) => {
    const { state, id } = run;
    const transfer = rowOf(state.transfers, args.transfer_id);
    book(run, `sent/${args.transfer_id}`, { account: transfer.account, party: rowOf(state.payees, transfer.payee).holder, kind: 'transfer', cents: -costOf(state, args.transfer_id) });
    transfer.status = 'sent';
    return { balance_after: balanceOf(state, transfer.account), left_of_limit: leftOfLimit(state, args.transfer_id), receipt_number: id('RC', args.transfer_id, {}) };
  },
});

function leftOfLimit(state: BankState, id: string): number {
  const { account, on } = rowOf(state.transfers, id);
  return fromCents(rowOf(state.accounts, account).dailyLimitCents - sentOn(state, account, on));
}

const callBackTransfer = tool({
  name: 'call_back_transfer',
  about: 'Call back a sent transfer before its execution date. The amount returns to the account, the fee does not.',
  in: z.strictObject({ transfer_id: transferId, reason: z.enum(['wrong_amount', 'wrong_payee', 'no_longer_owed']).describe('Why the transfer is called back') }),
  out: z.object({ paid_back: money('Amount that returned'), balance_after: money('Balance of the account afterwards') }),
  writes: ['transfers', 'accounts', 'entries'],
  needs: [
    open, transferExists, transferIs('sent'),
    must('conflict', (state, args) => rowOf(state.transfers, args.transfer_id).on > state.today, () => 'The execution date has come; the money is on its way.'),
  ],
  run: (run, args) => {
    const { state } = run;
    const transfer = rowOf(state.transfers, args.transfer_id);
    book(run, `back/${args.transfer_id}`, { account: transfer.account, party: rowOf(state.payees, transfer.payee).holder, kind: 'transfer', cents: transfer.cents });
    transfer.status = 'cancelled';
    return { paid_back: fromCents(transfer.cents), balance_after: balanceOf(state, transfer.account) };
  },
});

// ---- entries and statements ----

const NEWEST = 6;

const listEntries = tool({
  name: 'list_entries',
  about: `List the ${NEWEST} newest entries of an account with their parties and amounts.`,
  in: z.strictObject({ account_id: accountId('Account to look at') }),
  out: z.object({
    entries: z.array(z.object({
      entry_id: entryId,
      booked_on: dayShown('Day of the entry'),
      party: z.string().describe('Where the money went or came from'),
      direction: z.enum(['in', 'out']).describe('Whether money came in or went out'),
      amount: money('Amount of the entry'),
    })).describe('The entries, newest first'),
  }),
  needs: [open, ownAccount],
  run: ({ state }, args) => ({
    entries: sortedBy(rowsOf(state.entries, (entry) => entry.account === args.account_id), ([id, entry]) => `${entry.on} ${id}`).reverse().slice(0, NEWEST)
      .map(([entry_id, { on, party, cents }]) => ({ entry_id, booked_on: on, party, direction: cents < 0 ? 'out' as const : 'in' as const, amount: fromCents(Math.abs(cents)) })),
  }),
});

const disputeEntry = tool({
  name: 'dispute_entry',
  about: 'Dispute a card payment that the customer does not accept. The bank decides within four weeks.',
  in: z.strictObject({ entry_id: entryId, reason: z.enum(['not_mine', 'goods_not_received', 'charged_twice', 'wrong_amount']).describe('What is wrong with the payment') }),
  out: z.object({ case_number: z.string().describe('Number under which the case is kept'), decision_by: dayShown('Day by which the bank decides'), disputed_amount: money('Amount in dispute') }),
  writes: ['entries'],
  needs: [
    open,
    exists('entry', (state) => state.entries, (args) => args.entry_id),
    must('precondition', (state, args) => rowOf(state.entries, args.entry_id).kind === 'card', (args) => `Entry \`${args.entry_id}\` is no card payment.`),
    must('conflict', (state, args) => rowOf(state.entries, args.entry_id).dispute === null, (args) => `Entry \`${args.entry_id}\` is in dispute already.`),
  ],
  run: ({ state, id }, args) => {
    const entry = rowOf(state.entries, args.entry_id);
    entry.dispute = id('DP', args.entry_id, {});
    return { case_number: entry.dispute, decision_by: addDays(state.today, 28), disputed_amount: fromCents(-entry.cents) };
  },
});

const issueStatement = tool({
  name: 'issue_statement',
  about: 'Draw up the statement of an account over all its entries: what came in, what went out, and the closing balance.',
  in: z.strictObject({ account_id: accountId('Account to draw the statement for') }),
  out: z.object({ money_in: money('Sum of what came in'), money_out: money('Sum of what went out'), closing_balance: money('Balance at the end'), entry_count: z.int().describe('Number of entries') }),
  needs: [open, ownAccount],
  run: ({ state }, args) => {
    const cents = rowsOf(state.entries, (entry) => entry.account === args.account_id).map(([, entry]) => entry.cents);
    const sum = (wanted: (one: number) => boolean): number => fromCents(Math.abs(sumOf(cents.filter(wanted), (one) => one)));
    return { money_in: sum((one) => one > 0), money_out: sum((one) => one < 0), closing_balance: balanceOf(state, args.account_id), entry_count: cents.length };
  },
});

// ---- cards ----

const listCards = tool({
  name: 'list_cards',
  about: "List the customer's cards with what they are called and the account behind each.",
  in: z.strictObject({}),
  out: z.object({
    cards: z.array(z.object({ card_id: cardId, label: z.string().describe('What the card is called'), account_nickname: nickname, frozen: z.boolean().describe('Whether the card is frozen') })).describe('The cards, by label'),
  }),
  needs: [open],
  run: ({ state }) => ({
    cards: sortedBy(rowsOf(state.cards), ([, card]) => card.label).map(([card_id, { label, account, frozen }]) => ({ card_id, label, account_nickname: rowOf(state.accounts, account).nickname, frozen })),
  }),
});

const freezeCard = tool({
  name: 'freeze_card',
  about: 'Freeze a card so that nothing can be paid with it.',
  in: z.strictObject({ card_id: cardId }),
  out: z.object({ last_used_at: z.string().describe('Where the card was used last'), pending_payments: money('Payments that are still to be booked') }),
  writes: ['cards'],
  needs: [open, cardExists, must('conflict', (state, args) => !rowOf(state.cards, args.card_id).frozen, (args) => `Card \`${args.card_id}\` is frozen already.`)],
  run: ({ state }, args) => {
    rowOf(state.cards, args.card_id).frozen = true;
    const rng = createRng(`${state.salt}/card/${args.card_id}`);
    return { last_used_at: rng.pick(['Tolbooth Fuel', 'Larkspur Books', 'Old Quay Parking', 'Bramble Deli']), pending_payments: fromCents(rng.int(500, 8900)) };
  },
});

const DELIVERY_DAYS = { post: 6, courier: 2 } as const;

const replaceCard = tool({
  name: 'replace_card',
  about: 'Order a new card in place of a frozen one.',
  in: z.strictObject({ card_id: cardId, delivery: z.enum(['post', 'courier']).default('post').describe('How the new card is sent') }),
  out: z.object({ arrives_on: dayShown('Day on which the new card arrives'), sent_to: z.string().describe('Street it is sent to'), card_fee: money('Price of the replacement') }),
  writes: ['cards'],
  needs: [
    open, cardExists,
    must('precondition', (state, args) => rowOf(state.cards, args.card_id).frozen, (args) => `Card \`${args.card_id}\` is in use. Freeze it first.`),
    must('conflict', (state, args) => rowOf(state.cards, args.card_id).replacement === null, (args) => `A new card in place of \`${args.card_id}\` is under way.`),
  ],
  run: ({ state }, args) => {
    const arrives_on = addDays(state.today, DELIVERY_DAYS[args.delivery] + createRng(`${state.salt}/post/${args.card_id}`).int(0, 4));
    rowOf(state.cards, args.card_id).replacement = arrives_on;
    return { arrives_on, sent_to: state.customer.street, card_fee: args.delivery === 'courier' ? 14.5 : 4.9 };
  },
});

/** The tools of the bank, as its service desk would be given them. */
export const bankTools: readonly DomainTool<BankState>[] = [
  signIn, findAccount, listAccounts, moveMoney, changeDailyLimit,
  findBank, addPayee, listPayees, runPayeeCheck, confirmPayee,
  prepareTransfer, sendTransfer, callBackTransfer,
  listEntries, disputeEntry, issueStatement,
  listCards, freezeCard, replaceCard,
];
