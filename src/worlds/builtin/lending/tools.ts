import { z } from 'zod';
import { createRng } from '../../../core/random';
import { addDays } from '../calendar';
import { dayShown, enough, findId, fromCents, inStatus, money, notPast, rowOf, rowsOf, sameName, signedIn, sortedBy, toCents } from '../combinators';
import { day, exists, hiddenCode, must, ref, toolsOn, type DomainTool, type Need } from '../domain';
import { AGREEMENT_STATUSES, collectNext, INSTALMENT_DAYS, levelInstalment, nextInstalment, TERMS, type Agreement, type LendingState } from './state';

const tool = toolsOn<LendingState>();

// ---- fields that several tools share ----

const customerId = (description: string): z.ZodString => ref('customer_id', description);
const customerCode = customerId('Code of the customer, as given by find_customer');
const productId = ref('product_id', 'Code of a loan product, as given by find_product');
const productName = ref('product_name', 'Name of the loan product');
const fileId = ref('credit_file_id', 'Code of a credit file, as given by pull_credit_file');
const applicationId = ref('application_id', 'Code of an application for a loan');
const offerId = ref('offer_id', 'Code of an offer, as given by make_offer');
const agreementId = ref('agreement_id', 'Code of a loan agreement');
const instalmentId = ref('instalment_id', 'Code of an instalment, as given by repayment_plan');
const settlementId = ref('settlement_id', 'Code of a settlement quote, as given by quote_settlement');
const rate = (description: string): z.ZodNumber => z.number().describe(`${description}, in percent a year`);

// ---- needs ----

type OfCustomer = { customer_id: string };
type OfApplication = { application_id: string };
type OfAgreement = { agreement_id: string };

const opened = signedIn<LendingState>();
const customerExists = <A>(read: (args: A) => string): Need<LendingState, A> => exists('customer', (state) => state.customers, read);
const oneCustomer = customerExists<OfCustomer>((args) => args.customer_id);
const applicationOpen: Need<LendingState, OfApplication>[] = [
  exists('application', (state) => state.applications, (args) => args.application_id),
  must('conflict', (state, args) => rowOf(state.applications, args.application_id).offer === null, (args) => `Application \`${args.application_id}\` has an offer already.`),
];
const agreementExists = exists<LendingState, OfAgreement>('agreement', (state) => state.agreements, (args) => args.agreement_id);
const agreementIs = (...allowed: Agreement['status'][]): Need<LendingState, OfAgreement> =>
  inStatus({ kind: 'Agreement', id: (args) => args.agreement_id, status: (state, args) => rowOf(state.agreements, args.agreement_id).status, order: AGREEMENT_STATUSES, allowed });

// ---- reading the state ----

/** What a customer has left each month, instalments of running loans taken off. */
function leftEachMonth(state: LendingState, customer: string): number {
  const { incomeCents, costsCents } = rowOf(state.customers, customer);
  const running = rowsOf(state.agreements, (row) => row.customer === customer && row.status === 'running');
  return incomeCents - costsCents - running.reduce((sum, [, row]) => sum + row.instalmentCents, 0);
}

/** The most that an instalment may be: two fifths of what is left, half of the guarantor's part included. */
function mostCents(state: LendingState, customer: string, guarantor: string | null): number {
  const left = leftEachMonth(state, customer) + (guarantor === null ? 0 : leftEachMonth(state, guarantor) / 2);
  return Math.max(0, Math.floor(left * 0.4));
}

/** Who stands for the customer of an application. */
const guarantorOf = (state: LendingState, application: string): string | null => state.guarantees[rowOf(state.applications, application).customer] ?? null;

/** Better scores and guarantors make a loan cheaper, never below two percent. */
function rateOf(state: LendingState, application: string): number {
  const { customer, product } = rowOf(state.applications, application);
  const guarantor = guarantorOf(state, application);
  const { rateTenths, minimumScore } = rowOf(state.products, product);
  const above = Math.floor((rowOf(state.customers, customer).score - minimumScore) / 40);
  return Math.max(20, rateTenths - Math.max(-5, above) * 2 - (guarantor === null ? 0 : 5));
}

const offeredInstalment = (state: LendingState, application: string): number => {
  const { cents, months } = rowOf(state.applications, application);
  return levelInstalment(cents, rateOf(state, application), months);
};

/** Instalments have no rows of their own: their codes follow from agreement and number. */
const instalmentCode = (state: LendingState, agreement: string, number: number): string => `IN-${hiddenCode(state.salt, `instalment/${agreement}/${number}`, 6)}`;

function instalmentOf(state: LendingState, code: string): { agreement_id: string; number: number } | undefined {
  for (const [agreement_id, { months, paidOutOn }] of rowsOf(state.agreements)) {
    for (let number = 1; paidOutOn !== null && number <= months; number++) if (instalmentCode(state, agreement_id, number) === code) return { agreement_id, number };
  }
  return undefined;
}

const dueOn = ({ paidOutOn }: Agreement, number: number): string => addDays(paidOutOn as string, number * INSTALMENT_DAYS);

// ---- the desk, customers and products ----

const openDesk = tool({
  name: 'open_desk',
  about: "Open the officer's desk with officer number and PIN. Customers, applications and loans are closed before.",
  in: z.strictObject({ officer_number: ref('officer_number', 'Number of the officer, as HL-000'), desk_pin: ref('desk_pin', 'Six-digit PIN of the desk') }),
  out: z.object({ officer_name: z.string().describe('Name of the officer'), loans_running: z.int().describe('Loans that are running'), owed_in_all: money('What customers owe on them') }),
  writes: ['session'],
  needs: [
    must('not_found', (state, args) => state.officer.number === args.officer_number, (args) => `There is no officer \`${args.officer_number}\`.`),
    must('precondition', (state, args) => state.officer.pin === args.desk_pin, () => 'The PIN does not belong to this officer number.'),
  ],
  run: ({ state }) => {
    state.session.signedIn = true;
    const running = Object.values(state.agreements).filter(({ status }) => status === 'running');
    return { officer_name: state.officer.name, loans_running: running.length, owed_in_all: fromCents(running.reduce((sum, { owedCents }) => sum + owedCents, 0)) };
  },
});

const customerNamed = (state: LendingState, name: string): string | undefined => findId(state.customers, (row) => sameName(row.name, name));

const findCustomer = tool({
  name: 'find_customer',
  about: 'Find a customer by full name, with occupation and monthly income. Guarantors are customers too.',
  in: z.strictObject({ customer_name: ref('customer_name', 'Full name of the customer') }),
  out: z.object({ customer_id: customerId('Code of the customer'), occupation: z.string().describe('Occupation'), monthly_income: money('Income each month'), monthly_costs: money('Fixed costs each month') }),
  needs: [opened, must('not_found', (state, args) => customerNamed(state, args.customer_name) !== undefined, (args) => `There is no customer called \`${args.customer_name}\`.`)],
  run: ({ state }, args) => {
    const customer_id = customerNamed(state, args.customer_name) as string;
    const { occupation, incomeCents, costsCents } = rowOf(state.customers, customer_id);
    return { customer_id, occupation, monthly_income: fromCents(incomeCents), monthly_costs: fromCents(costsCents) };
  },
});

const productNamed = (state: LendingState, name: string): string | undefined => findId(state.products, (row) => sameName(row.name, name));

const findProduct = tool({
  name: 'find_product',
  about: 'Find a loan product by its name: code, limits, usual rate, and the credit score it asks for.',
  in: z.strictObject({ product_name: productName }),
  out: z.object({
    product_id: productId,
    least_amount: money('Smallest loan'),
    largest_amount: money('Largest loan'),
    usual_rate: rate('Usual rate'),
    minimum_score: z.int().describe('Credit score from which no guarantor is needed'),
  }),
  needs: [must('not_found', (state, args) => productNamed(state, args.product_name) !== undefined, (args) => `There is no product called \`${args.product_name}\`.`)],
  run: ({ state }, args) => {
    const product_id = productNamed(state, args.product_name) as string;
    const { leastCents, mostCents: most, rateTenths, minimumScore } = rowOf(state.products, product_id);
    return { product_id, least_amount: fromCents(leastCents), largest_amount: fromCents(most), usual_rate: rateTenths / 10, minimum_score: minimumScore };
  },
});

const pullCreditFile = tool({
  name: 'pull_credit_file',
  about: 'Pull the credit file of a customer from the bureau. An offer rests on it.',
  in: z.strictObject({ customer_id: customerCode }),
  out: z.object({ credit_file_id: fileId, score: z.int().describe('Credit score'), enquiries: z.int().describe('Enquiries of the last year'), valid_until: dayShown('Last day on which the file can be used') }),
  writes: ['files'],
  needs: [opened, oneCustomer],
  run: ({ state, id }, args) => {
    const credit_file_id = findId(state.files, (row) => row.customer === args.customer_id) ?? id('CF', args.customer_id, state.files);
    state.files[credit_file_id] = { customer: args.customer_id };
    return { credit_file_id, score: rowOf(state.customers, args.customer_id).score, enquiries: createRng(`${state.salt}/enquiries/${args.customer_id}`).int(11, 29), valid_until: addDays(state.today, 30) };
  },
});

const checkAffordability = tool({
  name: 'check_affordability',
  about: 'Work out what a customer has left each month and the largest instalment that the customer can carry alone.',
  in: z.strictObject({ customer_id: customerCode }),
  out: z.object({ left_each_month: z.number().describe('What is left after costs and running instalments, in euros'), largest_instalment: money('Largest instalment that can be carried') }),
  needs: [opened, oneCustomer],
  run: ({ state }, args) => ({ left_each_month: fromCents(leftEachMonth(state, args.customer_id)), largest_instalment: fromCents(mostCents(state, args.customer_id, null)) }),
});

// ---- applications and offers ----

const openApplication = tool({
  name: 'open_application',
  about: 'Open the application of a customer for a loan product. The amount lies within the limits of the product.',
  in: z.strictObject({ customer_id: customerCode, product_id: productId, amount: z.number().min(100).describe('Amount of the loan, in euros'), months: z.enum(TERMS).default('12').describe('Months to pay it back in') }),
  out: z.object({ application_id: applicationId, answer_by: dayShown('Day by which the customer gets an answer'), guarantor_needed: z.boolean().describe('Whether the score of the customer asks for a guarantor') }),
  writes: ['applications'],
  needs: [
    opened, oneCustomer,
    exists('product', (state) => state.products, (args) => args.product_id),
    must('precondition', (state, args) => toCents(args.amount) >= rowOf(state.products, args.product_id).leastCents && toCents(args.amount) <= rowOf(state.products, args.product_id).mostCents, (args, state) => `${rowOf(state.products, args.product_id).name} goes from ${fromCents(rowOf(state.products, args.product_id).leastCents)} to ${fromCents(rowOf(state.products, args.product_id).mostCents)} euros.`),
    must('conflict', (state, args) => findId(state.applications, (row) => row.customer === args.customer_id && row.product === args.product_id && !isSigned(state, row.offer)) === undefined, () => 'This customer has an application for this product under way.'),
  ],
  run: ({ state, id }, args) => {
    const cents = toCents(args.amount);
    const application_id = id('AP', `${args.customer_id}/${args.product_id}/${cents}/${args.months}`, state.applications);
    state.applications[application_id] = { customer: args.customer_id, product: args.product_id, cents, months: Number(args.months), guarantor: null, offer: null };
    return { application_id, answer_by: addDays(state.today, createRng(`${state.salt}/answer/${application_id}`).int(2, 9)), guarantor_needed: lacksGuarantor(state, application_id) };
  },
});

const isSigned = (state: LendingState, offer: string | null): boolean => offer !== null && rowOf(state.offers, offer).agreement !== null;

function lacksGuarantor(state: LendingState, application: string): boolean {
  const { customer, product } = rowOf(state.applications, application);
  return guarantorOf(state, application) === null && rowOf(state.customers, customer).score < rowOf(state.products, product).minimumScore;
}

const listApplications = tool({
  name: 'list_applications',
  about: 'List the applications of a customer that have no offer yet, with product, amount and months.',
  in: z.strictObject({ customer_id: customerCode }),
  out: z.object({
    applications: z.array(z.object({ application_id: applicationId, product_name: productName, amount: money('Amount of the loan'), months: z.int().describe('Months to pay it back in'), has_guarantor: z.boolean().describe('Whether there is a guarantor') })).describe('The applications, by product'),
    asked_for_in_all: money('What the customer asks for in all'),
  }),
  needs: [opened, oneCustomer],
  run: ({ state }, args) => {
    const rows = rowsOf(state.applications, (row) => row.customer === args.customer_id && row.offer === null);
    const shown = rows.map(([application_id, row]) => ({ application_id, product_name: rowOf(state.products, row.product).name, amount: fromCents(row.cents), months: row.months, has_guarantor: guarantorOf(state, application_id) !== null }));
    return { applications: sortedBy(shown, (row) => row.product_name), asked_for_in_all: fromCents(rows.reduce((sum, [, row]) => sum + row.cents, 0)) };
  },
});

const pledgeGuarantee = tool({
  name: 'pledge_guarantee',
  about: 'Take the pledge of one customer to stand as guarantor for another. It counts for applications that have no offer yet.',
  in: z.strictObject({ borrower_id: customerId('Code of the customer who borrows'), guarantor_id: customerId('Code of the customer who stands as guarantor') }),
  out: z.object({ guarantor_name: z.string().describe('Name of the guarantor'), largest_instalment: money('Largest instalment that both can carry'), pledged_until: dayShown('Last day of the pledge') }),
  writes: ['guarantees'],
  needs: [
    opened,
    customerExists((args) => args.borrower_id),
    customerExists((args) => args.guarantor_id),
    must('precondition', (_state, args) => args.borrower_id !== args.guarantor_id, () => 'A customer cannot be the guarantor of the own loan.'),
    must('conflict', (state, args) => !Object.hasOwn(state.guarantees, args.borrower_id), (args) => `Customer \`${args.borrower_id}\` has a guarantor already.`),
  ],
  run: ({ state }, args) => {
    state.guarantees[args.borrower_id] = args.guarantor_id;
    return { guarantor_name: rowOf(state.customers, args.guarantor_id).name, largest_instalment: fromCents(mostCents(state, args.borrower_id, args.guarantor_id)), pledged_until: addDays(state.today, createRng(`${state.salt}/pledge/${args.borrower_id}/${args.guarantor_id}`).int(60, 400)) };
  },
});

const makeOffer = tool({
  name: 'make_offer',
  about: "Make a binding offer for an application from the customer's credit file: rate and instalment.",
  in: z.strictObject({ application_id: applicationId, credit_file_id: fileId }),
  out: z.object({ offer_id: offerId, rate: rate('Rate of the loan'), instalment: money('Instalment every 30 days'), total_to_repay: money('All instalments together'), open_until: dayShown('Last day on which the offer can be signed') }),
  writes: ['offers', 'applications'],
  needs: [
    opened,
    ...applicationOpen,
    exists('credit file', (state) => state.files, (args) => args.credit_file_id),
    must('conflict', (state, args) => rowOf(state.files, args.credit_file_id).customer === rowOf(state.applications, args.application_id).customer, (args) => `Credit file \`${args.credit_file_id}\` is that of another customer.`),
    must('precondition', (state, args) => !lacksGuarantor(state, args.application_id), () => 'The score of the customer is below the minimum of the product. Take the pledge of a guarantor first.'),
    enough(
      'the customer', 'euros a month',
      (state, args) => fromCents(mostCents(state, rowOf(state.applications, args.application_id).customer, guarantorOf(state, args.application_id))),
      (args, state) => fromCents(offeredInstalment(state, args.application_id)),
    ),
  ],
  run: ({ state, id }, args) => {
    const application = rowOf(state.applications, args.application_id);
    const rateTenths = rateOf(state, args.application_id);
    const instalmentCents = offeredInstalment(state, args.application_id);
    const offer_id = id('OF', args.application_id, state.offers);
    state.offers[offer_id] = { application: args.application_id, rateTenths, instalmentCents, agreement: null };
    application.offer = offer_id;
    application.guarantor = guarantorOf(state, args.application_id);
    return { offer_id, rate: rateTenths / 10, instalment: fromCents(instalmentCents), total_to_repay: fromCents(instalmentCents * application.months), open_until: addDays(state.today, 14) };
  },
});

const signAgreement = tool({
  name: 'sign_agreement',
  about: 'Have the customer sign an offer. It becomes an agreement, which can then be paid out.',
  in: z.strictObject({ offer_id: offerId, signed_by: z.enum(['pen', 'video', 'signature_card']).default('pen').describe('How the customer signs') }),
  out: z.object({ agreement_id: agreementId, can_be_revoked_until: dayShown('Last day on which the customer can step back'), archive_box: z.string().describe('Box in which the agreement is kept') }),
  writes: ['offers', 'agreements'],
  needs: [
    opened,
    exists('offer', (state) => state.offers, (args) => args.offer_id),
    must('conflict', (state, args) => rowOf(state.offers, args.offer_id).agreement === null, (args) => `Offer \`${args.offer_id}\` has been signed.`),
  ],
  run: ({ state, id }, args) => {
    const offer = rowOf(state.offers, args.offer_id);
    const { customer, product, cents, months } = rowOf(state.applications, offer.application);
    const agreement_id = id('AG', args.offer_id, state.agreements);
    offer.agreement = agreement_id;
    state.agreements[agreement_id] = { customer, product, principalCents: cents, owedCents: cents, months, rateTenths: offer.rateTenths, instalmentCents: offer.instalmentCents, collected: 0, paidOutOn: null, status: 'signed' };
    const rng = createRng(`${state.salt}/archive/${args.offer_id}`);
    return { agreement_id, can_be_revoked_until: addDays(state.today, 14), archive_box: `${rng.pick(['Oak', 'Elm', 'Ash', 'Yew'])} ${rng.int(12, 98)}` };
  },
});

// ---- loans ----

const AGREEMENT_ROWS = 6;

const listAgreements = tool({
  name: 'list_agreements',
  about: 'List the loan agreements of a customer with product, status and what is still owed.',
  in: z.strictObject({ customer_id: customerCode }),
  out: z.object({
    agreements: z.array(z.object({ agreement_id: agreementId, product_name: productName, status: z.enum(AGREEMENT_STATUSES).describe('How far the loan has come'), still_owed: money('What is still owed'), instalments_collected: z.int().describe('Instalments collected so far') })).describe('The agreements, largest debt first'),
    owed_in_all: money('What the customer owes on all loans'),
  }),
  needs: [opened, oneCustomer],
  run: ({ state }, args) => {
    const rows = rowsOf(state.agreements, (row) => row.customer === args.customer_id).sort(([, a], [, b]) => b.owedCents - a.owedCents);
    return {
      agreements: rows.slice(0, AGREEMENT_ROWS).map(([agreement_id, row]) => ({ agreement_id, product_name: rowOf(state.products, row.product).name, status: row.status, still_owed: fromCents(row.owedCents), instalments_collected: row.collected })),
      owed_in_all: fromCents(rows.reduce((sum, [, row]) => sum + row.owedCents, 0)),
    };
  },
});

const drawDown = tool({
  name: 'draw_down',
  about: 'Pay the amount of a signed agreement out to the customer on a day within 30 days. The loan runs from then on.',
  in: z.strictObject({ agreement_id: agreementId, payout_date: day('Day of the payout, as YYYY-MM-DD') }),
  out: z.object({ paid_out: money('Amount paid out'), first_instalment_due: dayShown('Day of the first instalment'), transfer_reference: z.string().describe('Reference on the transfer') }),
  writes: ['agreements'],
  needs: [opened, agreementExists, agreementIs('signed'), notPast((args) => args.payout_date, 30)],
  run: ({ state, id }, args) => {
    const row = rowOf(state.agreements, args.agreement_id);
    row.paidOutOn = args.payout_date;
    row.status = 'running';
    return { paid_out: fromCents(row.principalCents), first_instalment_due: dueOn(row, 1), transfer_reference: id('TX', args.agreement_id, {}) };
  },
});

const PLAN_ROWS = 4;

const repaymentPlan = tool({
  name: 'repayment_plan',
  about: `Show the next ${PLAN_ROWS} instalments of a running loan with their days.`,
  in: z.strictObject({ agreement_id: agreementId }),
  out: z.object({
    instalments: z.array(z.object({ instalment_id: instalmentId, number: z.int().describe('Number of the instalment'), due_on: dayShown('Day on which it is due') })).describe('The instalments, next first'),
    instalment: money('Usual instalment'),
    still_owed: money('What is still owed'),
  }),
  needs: [opened, agreementExists, agreementIs('running')],
  run: ({ state }, args) => {
    const row = rowOf(state.agreements, args.agreement_id);
    const numbers = Array.from({ length: Math.min(PLAN_ROWS, row.months - row.collected) }, (_, at) => row.collected + at + 1);
    return {
      instalments: numbers.map((number) => ({ instalment_id: instalmentCode(state, args.agreement_id, number), number, due_on: dueOn(row, number) })),
      instalment: fromCents(row.instalmentCents),
      still_owed: fromCents(row.owedCents),
    };
  },
});

type OfInstalment = { instalment_id: string };

const located = (state: LendingState, args: OfInstalment): { agreement_id: string; number: number } => instalmentOf(state, args.instalment_id) as { agreement_id: string; number: number };
const collectedBefore = (state: LendingState, args: OfInstalment): number => rowOf(state.agreements, located(state, args).agreement_id).collected;

const collectInstalment = tool({
  name: 'collect_instalment',
  about: 'Collect the next instalment of a running loan. Instalments are collected in order; the last one ends the loan.',
  in: z.strictObject({ instalment_id: instalmentId }),
  out: z.object({ collected: money('Amount collected'), of_which_interest: money('Interest in it'), still_owed: money('What is still owed'), receipt_number: z.string().describe('Number of the receipt') }),
  writes: ['agreements', 'payments'],
  needs: [
    opened,
    must('not_found', (state, args) => instalmentOf(state, args.instalment_id) !== undefined, (args) => `There is no instalment \`${args.instalment_id}\`.`),
    must('conflict', (state, args) => located(state, args).number > collectedBefore(state, args), (args) => `Instalment \`${args.instalment_id}\` has been collected.`),
    (state, args) => agreementIs('running')(state, located(state, args)),
    must('precondition', (state, args) => located(state, args).number === collectedBefore(state, args) + 1, (args, state) => `Instalment ${collectedBefore(state, args) + 1} of this loan comes first.`),
  ],
  run: ({ state, id }, args) => {
    const { agreement_id } = located(state, args);
    const row = rowOf(state.agreements, agreement_id);
    const { principalCents, interestCents } = nextInstalment(row);
    const receipt_number = id('PM', args.instalment_id, state.payments);
    state.payments[receipt_number] = collectNext(agreement_id, row);
    return { collected: fromCents(principalCents + interestCents), of_which_interest: fromCents(interestCents), still_owed: fromCents(row.owedCents), receipt_number };
  },
});

const quoteSettlement = tool({
  name: 'quote_settlement',
  about: 'Quote what it takes to settle a running loan early: what is owed and a fee of one percent.',
  in: z.strictObject({ agreement_id: agreementId }),
  out: z.object({ settlement_id: settlementId, to_pay: money('What it takes in all'), fee: money('Fee in it'), interest_saved: money('Interest that need not be paid') }),
  writes: ['settlements'],
  needs: [opened, agreementExists, agreementIs('running')],
  run: ({ state, id }, args) => {
    const row = rowOf(state.agreements, args.agreement_id);
    const feeCents = Math.round(row.owedCents / 100);
    const settlement_id = findId(state.settlements, (one) => one.agreement === args.agreement_id && one.collected === row.collected) ?? id('SQ', `${args.agreement_id}/${row.collected}`, state.settlements);
    state.settlements[settlement_id] = { agreement: args.agreement_id, collected: row.collected, feeCents };
    return { settlement_id, to_pay: fromCents(row.owedCents + feeCents), fee: fromCents(feeCents), interest_saved: fromCents(Math.max(0, row.instalmentCents * (row.months - row.collected) - row.owedCents)) };
  },
});

const settlementOf = (state: LendingState, args: { settlement_id: string }): LendingState['settlements'][string] => rowOf(state.settlements, args.settlement_id);

const settleEarly = tool({
  name: 'settle_early',
  about: 'Settle a running loan early by its settlement quote. The loan ends.',
  in: z.strictObject({ settlement_id: settlementId }),
  out: z.object({ paid: money('What was paid'), closing_letter: z.string().describe('Number of the closing letter'), instalments_spared: z.int().describe('Instalments that are no longer due') }),
  writes: ['agreements', 'payments'],
  needs: [
    opened,
    exists('settlement quote', (state) => state.settlements, (args) => args.settlement_id),
    (state, args) => agreementIs('running')(state, { agreement_id: settlementOf(state, args).agreement }),
    must('conflict', (state, args) => rowOf(state.agreements, settlementOf(state, args).agreement).collected === settlementOf(state, args).collected, (args) => `Quote \`${args.settlement_id}\` has lapsed: an instalment was collected after it. Ask for a new one.`),
  ],
  run: ({ state, id }, args) => {
    const { agreement, feeCents } = settlementOf(state, args);
    const row = rowOf(state.agreements, agreement);
    const { owedCents } = row;
    const closing_letter = id('PM', args.settlement_id, state.payments);
    state.payments[closing_letter] = { agreement, number: null, principalCents: owedCents, interestCents: 0, feeCents };
    row.owedCents = 0;
    row.status = 'settled';
    return { paid: fromCents(owedCents + feeCents), closing_letter, instalments_spared: row.months - row.collected };
  },
});

/** The tools at the lender's desk. */
export const lendingTools: readonly DomainTool<LendingState>[] = [
  openDesk, findCustomer, findProduct, pullCreditFile, checkAffordability,
  openApplication, pledgeGuarantee, listApplications, makeOffer, signAgreement,
  listAgreements, drawDown, repaymentPlan, collectInstalment, quoteSettlement, settleEarly,
];
