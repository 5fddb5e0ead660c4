import { z } from 'zod';
import { createRng } from '../../../core/random';
import { addDays, daysBetween, weekdayOf, WEEKDAYS } from '../calendar';
import { clock, enough, findId, fromCents, inStatus, money, notPast, rowOf, rowsOf, sameName, signedIn, sortedBy } from '../combinators';
import { day, exists, must, ref, toolsOn, type DomainTool, type Need } from '../domain';
import { BLOCKED_FROM_CENTS, FEE_CENTS_A_DAY, FEE_STATUSES, LOAN_DAYS, MOST_LOANS, MOST_RENEWALS, RENEWAL_DAYS, type LibraryState } from './state';

const tool = toolsOn<LibraryState>();

// ---- fields ----

const workId = ref('work_id', 'Code of a work, in whatever copies there are of it');
const copyId = ref('copy_id', 'Code of one copy of a work');
const branchCode = (description: string): z.ZodString => ref('branch_code', description);
const loanId = ref('loan_id', "Code of one of the reader's loans");
const feeId = ref('fee_id', "Code of one of the reader's late fees");
const holdId = ref('hold_id', "Code of one of the reader's holds");

// ---- needs ----

const unlocked: Need<LibraryState, unknown> = signedIn();
const workExists = exists<LibraryState, { work_id: string }>('work', (state) => state.works, (args) => args.work_id);
const branchExists = <A>(code: (args: A) => string): Need<LibraryState, A> => exists('branch', (state) => state.branches, code);
const copyExists = exists<LibraryState, { copy_id: string }>('copy', (state) => state.copies, (args) => args.copy_id);
const onShelf = must<LibraryState, { copy_id: string }>(
  'conflict',
  (state, args) => rowOf(state.copies, args.copy_id).status === 'on_shelf',
  (args, state) => `Copy \`${args.copy_id}\` is ${rowOf(state.copies, args.copy_id).status.replace('_', ' ')}.`,
);
const leavesBranch = must<LibraryState, { copy_id: string }>('precondition', (state, args) => !rowOf(state.copies, args.copy_id).reference, (args) => `Copy \`${args.copy_id}\` is a reference copy and stays in its branch.`);
const loanOpen: Need<LibraryState, { loan_id: string }>[] = [
  exists('loan', (state) => state.loans, (args) => args.loan_id),
  must('conflict', (state, args) => rowOf(state.loans, args.loan_id).returnedOn === null, (args) => `Loan \`${args.loan_id}\` has been returned.`),
];
const feeExists = exists<LibraryState, { fee_id: string }>('fee', (state) => state.fees, (args) => args.fee_id);

// ---- reading the state ----

const workOfCopy = (state: LibraryState, copy: string): LibraryState['works'][string] => rowOf(state.works, rowOf(state.copies, copy).work);
const openLoans = (state: LibraryState): LibraryState['loans'][string][] => Object.values(state.loans).filter((one) => one.returnedOn === null);
const owedCents = (state: LibraryState): number => Object.values(state.fees).filter((one) => one.status === 'open').reduce((sum, one) => sum + one.cents, 0);

// ---- catalogue and branches ----

const unlockAccount = tool({
  name: 'unlock_account',
  about: "Unlock a reader's account by library card and PIN. Loans, holds, transfers and fees need an unlocked account.",
  in: z.strictObject({ card_number: ref('card_number', 'Number on the library card'), pin: ref('card_pin', 'PIN of the card') }),
  out: z.object({ reader_name: z.string().describe('Name of the reader'), prepaid_balance: money('Prepaid balance of the account'), fees_owed: money('Late fees that are open') }),
  writes: ['session'],
  needs: [
    must('not_found', (state, args) => state.reader.card === args.card_number, (args) => `There is no library card \`${args.card_number}\`.`),
    must('precondition', (state, args) => state.reader.pin === args.pin, () => 'The PIN does not belong to this card.'),
  ],
  run: ({ state }) => {
    state.session.signedIn = true;
    return { reader_name: state.reader.name, prepaid_balance: fromCents(state.account.prepaidCents), fees_owed: fromCents(owedCents(state)) };
  },
});

const findTitle = tool({
  name: 'find_title',
  about: 'Find a book by its title. Copies and holds go by the code of the work.',
  in: z.strictObject({ title: ref('book_title', 'Title of the book') }),
  out: z.object({ work_id: workId, author: z.string().describe('Author'), year: z.int().describe('Year of publication'), pages: z.int().describe('Number of pages'), readers_waiting: z.int().describe('Readers who wait for the work') }),
  needs: [must('not_found', (state, args) => findId(state.works, (one) => sameName(one.title, args.title)) !== undefined, (args) => `The catalogue has no book titled \`${args.title}\`.`)],
  run: ({ state }, args) => {
    const work_id = findId(state.works, (one) => sameName(one.title, args.title)) as string;
    const { author, year, pages, waiting } = rowOf(state.works, work_id);
    return { work_id, author, year, pages, readers_waiting: waiting };
  },
});

const titlesByAuthor = tool({
  name: 'titles_by_author',
  about: 'List the works of an author that the library has.',
  in: z.strictObject({ author: ref('author', 'Full name of the author') }),
  out: z.object({
    works: z.array(z.object({ work_id: workId, title: z.string().describe('Title'), year: z.int().describe('Year of publication'), pages: z.int().describe('Number of pages') })).describe('The works, earliest first'),
  }),
  needs: [must('not_found', (state, args) => Object.values(state.works).some((one) => sameName(one.author, args.author)), (args) => `The catalogue has nothing by \`${args.author}\`.`)],
  run: ({ state }, args) => ({
    works: sortedBy(rowsOf(state.works, (one) => sameName(one.author, args.author)), ([, one]) => `${one.year} ${one.title}`).map(([work_id, { title, year, pages }]) => ({ work_id, title, year, pages })),
  }),
});

const findBranch = tool({
  name: 'find_branch',
  about: 'Find a library branch by its name. Transfers, holds and van times go by branch code.',
  in: z.strictObject({ branch_name: ref('branch_name', 'Name of the branch') }),
  out: z.object({ branch_code: branchCode('Code of the branch'), librarian: z.string().describe('Librarian in charge'), closed_on: z.enum(WEEKDAYS).describe('Weekday on which it is closed'), closes_at: clock('Closing time on other days') }),
  needs: [must('not_found', (state, args) => findId(state.branches, (one) => sameName(one.name, args.branch_name)) !== undefined, (args) => `There is no branch called \`${args.branch_name}\`.`)],
  run: ({ state }, args) => {
    const branch_code = findId(state.branches, (one) => sameName(one.name, args.branch_name)) as string;
    const { librarian, closedOn } = rowOf(state.branches, branch_code);
    return { branch_code, librarian, closed_on: closedOn, closes_at: createRng(`${state.salt}/closes/${branch_code}`).pick(['17:30', '18:00', '19:15', '20:00', '21:30']) };
  },
});

const listCopies = tool({
  name: 'list_copies',
  about: 'List the copies of a work: branch, shelf, and whether they can be borrowed.',
  in: z.strictObject({ work_id: workId }),
  out: z.object({
    copies: z.array(z.object({
      copy_id: copyId,
      branch: z.string().describe('Branch to which the copy belongs'),
      shelf: z.string().describe('Shelf of the copy'),
      status: z.enum(['on_shelf', 'on_loan', 'in_transit']).describe('Where the copy is'),
      reference_only: z.boolean().describe('Whether it may only be read in the branch'),
    })).describe('The copies'),
  }),
  needs: [workExists],
  run: ({ state }, args) => ({
    copies: rowsOf(state.copies, (one) => one.work === args.work_id).map(([copy_id, one]) => ({ copy_id, branch: rowOf(state.branches, one.branch).name, shelf: one.shelf, status: one.status, reference_only: one.reference })),
  }),
});

const vanTimes = tool({
  name: 'van_times',
  about: 'Show when the library van goes from one branch to another and how long it takes.',
  in: z.strictObject({ from_branch: branchCode('Code of the branch it leaves from'), to_branch: branchCode('Code of the branch it goes to') }),
  out: z.object({ next_departure: z.iso.date().describe('Day of the next departure'), departs_at: clock('Departure'), minutes: z.int().describe('Length of the tour, in minutes') }),
  needs: [
    branchExists((args) => args.from_branch),
    branchExists((args) => args.to_branch),
    must('precondition', (_state, args) => args.from_branch !== args.to_branch, () => 'The van goes from one branch to another, not to the same.'),
  ],
  run: ({ state }, args) => {
    const rng = createRng(`${state.salt}/van/${args.from_branch}/${args.to_branch}`);
    return { next_departure: addDays(state.today, rng.int(1, 6)), departs_at: `${rng.int(10, 16)}:${rng.pick(['05', '20', '35', '50'])}`, minutes: rng.int(25, 95) };
  },
});

// ---- the reader's account ----

const requestTransfer = tool({
  name: 'request_transfer',
  about: 'Have a copy that stands on its shelf sent to another branch.',
  in: z.strictObject({ copy_id: copyId, branch_code: branchCode('Code of the branch it shall go to') }),
  out: z.object({ arrives_on: z.iso.date().describe('Day on which it arrives'), collect_from: z.string().describe('Counter at which it waits'), kept_days: z.int().describe('Days for which it is kept there') }),
  writes: ['copies'],
  needs: [
    unlocked,
    copyExists,
    branchExists((args) => args.branch_code),
    leavesBranch,
    onShelf,
    must('precondition', (state, args) => rowOf(state.copies, args.copy_id).branch !== args.branch_code, (args) => `Copy \`${args.copy_id}\` is in that branch already.`),
  ],
  run: ({ state }, args) => {
    const copy = rowOf(state.copies, args.copy_id);
    copy.status = 'in_transit';
    copy.branch = args.branch_code;
    const rng = createRng(`${state.salt}/transfer/${args.copy_id}/${args.branch_code}`);
    return { arrives_on: addDays(state.today, rng.int(2, 8)), collect_from: `${rng.pick(['Amber', 'Indigo', 'Olive', 'Scarlet'])} counter`, kept_days: rng.int(11, 20) };
  },
});

const borrowCopy = tool({
  name: 'borrow_copy',
  about: `Lend a copy from its shelf to the reader, for ${LOAN_DAYS} days. Readers who owe too much in late fees borrow nothing.`,
  in: z.strictObject({ copy_id: copyId }),
  out: z.object({ loan_id: loanId, due_on: z.iso.date().describe('Day by which it comes back'), gate_code: z.string().describe('Code that opens the exit gate for this copy') }),
  writes: ['copies', 'loans'],
  needs: [
    unlocked,
    copyExists,
    must('precondition', (state) => owedCents(state) < BLOCKED_FROM_CENTS, (_args, state) => `The reader owes ${fromCents(owedCents(state))} euros in late fees and borrows nothing before they are paid.`),
    leavesBranch,
    onShelf,
    must('precondition', (state) => openLoans(state).length < MOST_LOANS, () => `The reader has ${MOST_LOANS} loans, which is the most there can be.`),
  ],
  run: ({ state, id }, args) => {
    rowOf(state.copies, args.copy_id).status = 'on_loan';
    const loan_id = id('L', args.copy_id, state.loans);
    state.loans[loan_id] = { copy: args.copy_id, dueOn: addDays(state.today, LOAN_DAYS), renewals: 0, returnedOn: null };
    return { loan_id, due_on: addDays(state.today, LOAN_DAYS), gate_code: id('G', loan_id, {}) };
  },
});

const listLoans = tool({
  name: 'list_loans',
  about: 'List what the reader has on loan, with the days on which it is due.',
  in: z.strictObject({}),
  out: z.object({
    loans: z.array(z.object({ loan_id: loanId, title: z.string().describe('Title of the book'), due_on: z.iso.date().describe('Day by which it comes back'), renewals: z.int().describe('How often it has been renewed') })).describe('The loans, soonest due first'),
  }),
  needs: [unlocked],
  run: ({ state }) => ({
    loans: sortedBy(rowsOf(state.loans, (one) => one.returnedOn === null), ([id, one]) => `${one.dueOn} ${id}`).map(([loan_id, one]) => ({ loan_id, title: workOfCopy(state, one.copy).title, due_on: one.dueOn, renewals: one.renewals })),
  }),
});

const renewLoan = tool({
  name: 'renew_loan',
  about: `Renew a loan by ${RENEWAL_DAYS} days, at most ${MOST_RENEWALS} times. Not when it is overdue or other readers wait for the work.`,
  in: z.strictObject({ loan_id: loanId }),
  out: z.object({ due_on: z.iso.date().describe('New day by which it comes back'), renewals_left: z.int().describe('How often it can still be renewed') }),
  writes: ['loans'],
  needs: [
    unlocked,
    ...loanOpen,
    must('precondition', (state, args) => rowOf(state.loans, args.loan_id).dueOn >= state.today, (args, state) => `Loan \`${args.loan_id}\` was due on ${rowOf(state.loans, args.loan_id).dueOn}; an overdue loan is returned, not renewed.`),
    must('conflict', (state, args) => rowOf(state.loans, args.loan_id).renewals < MOST_RENEWALS, (args) => `Loan \`${args.loan_id}\` has been renewed ${MOST_RENEWALS} times.`),
    must('conflict', (state, args) => workOfCopy(state, rowOf(state.loans, args.loan_id).copy).waiting === 0, () => 'Other readers wait for this work.'),
  ],
  run: ({ state }, args) => {
    const loan = rowOf(state.loans, args.loan_id);
    loan.renewals += 1;
    loan.dueOn = addDays(loan.dueOn, RENEWAL_DAYS);
    return { due_on: loan.dueOn, renewals_left: MOST_RENEWALS - loan.renewals };
  },
});

const returnLoan = tool({
  name: 'return_loan',
  about: 'Take a loan back. When it is late, a fee is charged to the account.',
  in: z.strictObject({ loan_id: loanId }),
  out: z.object({ days_late: z.int().describe('Days by which it was late'), fee_charged: money('Late fee charged'), goes_to_shelf: z.string().describe('Shelf to which the copy goes back') }),
  writes: ['loans', 'copies', 'fees'],
  needs: [unlocked, ...loanOpen],
  run: ({ state, id }, args) => {
    const loan = rowOf(state.loans, args.loan_id);
    const copy = rowOf(state.copies, loan.copy);
    const daysLate = Math.max(0, daysBetween(loan.dueOn, state.today));
    loan.returnedOn = state.today;
    copy.status = 'on_shelf';
    if (daysLate > 0) state.fees[id('F', args.loan_id, state.fees)] = { title: workOfCopy(state, loan.copy).title, daysLate, cents: daysLate * FEE_CENTS_A_DAY, status: 'open', halved: false };
    return { days_late: daysLate, fee_charged: fromCents(daysLate * FEE_CENTS_A_DAY), goes_to_shelf: copy.shelf };
  },
});

const listFees = tool({
  name: 'list_fees',
  about: "List the reader's late fees, paid ones as well.",
  in: z.strictObject({}),
  out: z.object({
    fees: z.array(z.object({ fee_id: feeId, title: z.string().describe('Title of the book that was late'), days_late: z.int().describe('Days by which it was late'), amount: money('Amount of the fee'), status: z.enum(FEE_STATUSES).describe('Status of the fee') })).describe('The fees'),
  }),
  needs: [unlocked],
  run: ({ state }) => ({ fees: rowsOf(state.fees).map(([fee_id, one]) => ({ fee_id, title: one.title, days_late: one.daysLate, amount: fromCents(one.cents), status: one.status })) }),
});

const feeStatus = (...allowed: (typeof FEE_STATUSES)[number][]): Need<LibraryState, { fee_id: string }> =>
  inStatus({ kind: 'Fee', id: (args) => args.fee_id, status: (state, args) => rowOf(state.fees, args.fee_id).status, order: FEE_STATUSES, allowed });

const contestFee = tool({
  name: 'contest_fee',
  about: 'Contest an open late fee, once. It is halved and no longer bars the reader from borrowing while the library looks into it.',
  in: z.strictObject({ fee_id: feeId, reason: z.enum(['illness', 'branch_was_closed', 'returned_in_time', 'book_was_damaged']).describe('Why the reader contests it') }),
  out: z.object({ amount: money('Amount that remains'), decided_by: z.string().describe('Librarian who decides'), decided_on: z.iso.date().describe('Day of the decision') }),
  writes: ['fees'],
  needs: [unlocked, feeExists, feeStatus('open')],
  run: ({ state }, args) => {
    const fee = rowOf(state.fees, args.fee_id);
    fee.status = 'contested';
    fee.halved = true;
    fee.cents = Math.ceil(fee.cents / 2);
    const rng = createRng(`${state.salt}/contest/${args.fee_id}`);
    return { amount: fromCents(fee.cents), decided_by: rng.pick(Object.values(state.branches)).librarian, decided_on: addDays(state.today, rng.int(9, 25)) };
  },
});

const payFee = tool({
  name: 'pay_fee',
  about: 'Pay a late fee, by card or from the prepaid balance.',
  in: z.strictObject({ fee_id: feeId, method: z.enum(['card', 'prepaid_balance']).describe('How to pay') }),
  out: z.object({ amount_paid: money('Amount paid'), still_owed: money('Late fees that are still open'), prepaid_balance: money('Prepaid balance afterwards') }),
  writes: ['fees', 'account'],
  needs: [
    unlocked,
    feeExists,
    feeStatus('open', 'contested'),
    (state, args) => (args.method === 'card' ? undefined : enough<LibraryState, typeof args>('the prepaid balance', 'cents', (now) => now.account.prepaidCents, (fee, now) => rowOf(now.fees, fee.fee_id).cents)(state, args)),
  ],
  run: ({ state }, args) => {
    const fee = rowOf(state.fees, args.fee_id);
    fee.status = 'paid';
    if (args.method === 'prepaid_balance') state.account.prepaidCents -= fee.cents;
    return { amount_paid: fromCents(fee.cents), still_owed: fromCents(owedCents(state)), prepaid_balance: fromCents(state.account.prepaidCents) };
  },
});

// ---- holds ----

const placeHold = tool({
  name: 'place_hold',
  about: 'Put the reader on the waiting list for a work, to be collected at a branch. Only where no copy stands on the shelf; one hold for each work.',
  in: z.strictObject({ work_id: workId, branch_code: branchCode('Code of the branch where it is collected') }),
  out: z.object({ hold_id: holdId, place_in_queue: z.int().describe('Place in the queue'), expected_on: z.iso.date().describe('Day on which it may be ready') }),
  writes: ['holds'],
  needs: [
    unlocked,
    workExists,
    branchExists((args) => args.branch_code),
    must('conflict', (state, args) => !Object.values(state.holds).some((one) => one.work === args.work_id), (args) => `There is a hold on \`${args.work_id}\` already.`),
    must(
      'precondition',
      (state, args) => !Object.values(state.copies).some((one) => one.work === args.work_id && one.branch === args.branch_code && one.status === 'on_shelf' && !one.reference),
      () => 'A copy stands on the shelf of that branch: borrow it instead.',
    ),
  ],
  run: ({ state, id }, args) => {
    const hold_id = id('H', args.work_id, state.holds);
    state.holds[hold_id] = { work: args.work_id, branch: args.branch_code, pausedUntil: null };
    const place = rowOf(state.works, args.work_id).waiting + 1;
    return { hold_id, place_in_queue: place, expected_on: addDays(state.today, place * 9 + createRng(`${state.salt}/hold/${args.work_id}`).int(1, 7)) };
  },
});

const pauseHold = tool({
  name: 'pause_hold',
  about: 'Pause a hold until a day within 60 days, so that others are served first. A paused hold is not paused again.',
  in: z.strictObject({ hold_id: holdId, until: day('Day on which the hold counts again, as YYYY-MM-DD') }),
  out: z.object({ weekday: z.enum(WEEKDAYS).describe('Weekday on which the hold counts again'), expected_on: z.iso.date().describe('Day on which the book may be ready') }),
  writes: ['holds'],
  needs: [
    unlocked,
    exists('hold', (state) => state.holds, (args) => args.hold_id),
    must('conflict', (state, args) => rowOf(state.holds, args.hold_id).pausedUntil === null, (args) => `Hold \`${args.hold_id}\` is paused already.`),
    notPast((args) => args.until, 60),
  ],
  run: ({ state }, args) => {
    rowOf(state.holds, args.hold_id).pausedUntil = args.until;
    return { weekday: weekdayOf(args.until), expected_on: addDays(args.until, createRng(`${state.salt}/pause/${args.hold_id}`).int(3, 19)) };
  },
});

/** The tools of the library, as its desk assistant would be given them. */
export const libraryTools: readonly DomainTool<LibraryState>[] = [
  unlockAccount,
  findTitle,
  titlesByAuthor,
  findBranch,
  listCopies,
  vanTimes,
  requestTransfer,
  borrowCopy,
  listLoans,
  renewLoan,
  returnLoan,
  listFees,
  contestFee,
  payFee,
  placeHold,
  pauseHold,
];
