import { z } from 'zod';
import { createRng } from '../../../core/random';
import { addDays, daysBetween } from '../calendar';
import { clock, dayShown, findId, fromCents, inStatus, money, rowOf, rowsOf, sameName, signedIn, sortedBy, toCents } from '../combinators';
import { day, exists, must, ref, toolsOn, type DomainTool, type Need } from '../domain';
import { CLAIM_STATUSES, DOCUMENTS, leftOf, PERILS, type ClaimsState } from './state';

const tool = toolsOn<ClaimsState>();
type Claim = ClaimsState['claims'][string];

// ---- shared fields ----

const policyId = ref('policy_id', "Identifier of one of the holder's policies");
const coverageCode = ref('coverage_code', 'Code of a coverage, as given by check_coverage');
const claimId = (description: string): z.ZodString => ref('claim_id', description);
const requestId = ref('request_id', 'Identifier of a document request, as given by list_missing_documents');
const assessorId = ref('assessor_id', 'Identifier of an assessor, as given by find_assessors');
const assessmentId = ref('assessment_id', 'Identifier of an assessment, as given by appoint_assessor');
const offerId = ref('offer_id', 'Identifier of an offer, as given by make_offer');
const city = ref('city', 'Name of the city');
const thing = z.string().describe('What is insured');

// ---- needs ----

const verified = signedIn<ClaimsState>();
const policyExists = exists<ClaimsState, { policy_id: string }>('policy', (state) => state.policies, (args) => args.policy_id);
const claimIs = <A>(read: (args: A) => string): Need<ClaimsState, A> => exists('claim', (state) => state.claims, read);
const ownClaim = claimIs<{ claim_id: string }>((args) => args.claim_id);
const statusOf = <A>(find: (args: A, state: ClaimsState) => string, ...allowed: (typeof CLAIM_STATUSES)[number][]): Need<ClaimsState, A> =>
  inStatus({ kind: 'Claim', id: find, status: (state, args) => rowOf(state.claims, find(args, state)).status, order: CLAIM_STATUSES, allowed });
const claimStatus = (...allowed: (typeof CLAIM_STATUSES)[number][]): Need<ClaimsState, { claim_id: string }> => statusOf((args) => args.claim_id, ...allowed);
const offerExists = must<ClaimsState, { offer_id: string }>('not_found', (state, args) => offeredFor(state, args) !== undefined, (args) => `There is no offer \`${args.offer_id}\`.`);
const offerOpen = statusOf<{ offer_id: string }>((args, state) => offeredFor(state, args) as string, 'offered');

// ---- reading ----

const offeredFor = (state: ClaimsState, args: { offer_id: string }): string | undefined => findId(state.claims, (one) => one.offer?.id === args.offer_id);
const missingOf = (state: ClaimsState, claim: string): [string, ClaimsState['requests'][string]][] => sortedBy(rowsOf(state.requests, (one) => one.claim === claim && one.file === null), ([, one]) => one.kind);
const thingOf = (state: ClaimsState, claim: Claim): string => rowOf(state.policies, rowOf(state.coverages, claim.coverage).policy).thing;
const deductibleOf = (state: ClaimsState, claim: Claim): number => (claim.linkedTo === null ? rowOf(state.coverages, claim.coverage).deductibleCents : 0);
const payable = (state: ClaimsState, claim: Claim): number => Math.min(claim.assessedCents ?? 0, leftOf(state, claim.coverage)) - deductibleOf(state, claim);

// ---- the holder and what is covered ----

const verifyHolder = tool({
  name: 'verify_holder',
  about: 'Verify a policy holder by holder number and date of birth. Policies, claims and offers are closed before.',
  in: z.strictObject({ holder_number: ref('holder_number', "The holder's number, as HN-000000"), birth_date: ref('birth_date', 'Date of birth, as YYYY-MM-DD') }),
  out: z.object({ holder_name: z.string().describe('Name of the holder'), claim_free_years: z.int().describe('Years without a claim before the present one') }),
  writes: ['session'],
  needs: [
    must('not_found', (state, args) => state.holder.number === args.holder_number, (args) => `There is no holder \`${args.holder_number}\`.`),
    must('precondition', (state, args) => state.holder.born === args.birth_date, () => 'The date of birth does not belong to this holder.'),
  ],
  run: ({ state }) => {
    state.session.signedIn = true;
    return { holder_name: state.holder.name, claim_free_years: createRng(`${state.salt}/claim-free`).int(2, 19) };
  },
});

const listPolicies = tool({
  name: 'list_policies',
  about: "List the holder's policies with what they insure, the premium and when they renew.",
  in: z.strictObject({}),
  out: z.object({
    policies: z.array(z.object({ policy_id: policyId, insured: thing, yearly_premium: money('Premium of a year'), renews_on: dayShown('Day on which the policy renews') })).describe('The policies, by what they insure'),
  }),
  needs: [verified],
  run: ({ state }) => ({
    policies: sortedBy(rowsOf(state.policies), ([, one]) => one.thing).map(([policy_id, one]) => ({ policy_id, insured: one.thing, yearly_premium: fromCents(one.premiumCents), renews_on: one.renewsOn })),
  }),
});

const findPolicy = tool({
  name: 'find_policy',
  about: 'Find the policy that insures a thing, and since when it does.',
  in: z.strictObject({ insured_thing: ref('insured_thing', 'What is insured') }),
  out: z.object({ policy_id: policyId, insured_since: z.int().describe('Year in which the insurance began'), insured_sum: money('Sum for which the thing is insured') }),
  needs: [verified, must('not_found', (state, args) => policyFor(state, args.insured_thing) !== undefined, (args) => `The holder has no policy for \`${args.insured_thing}\`.`)],
  run: ({ state }, args) => {
    const policy_id = policyFor(state, args.insured_thing) as string;
    const rng = createRng(`${state.salt}/policy/${policy_id}`);
    return { policy_id, insured_since: rng.int(2014, 2029), insured_sum: rng.int(90, 480) * 100 };
  },
});

const policyFor = (state: ClaimsState, name: string): string | undefined => findId(state.policies, (one) => sameName(one.thing, name));
const coverageFor = (state: ClaimsState, args: { policy_id: string; peril: string }): string | undefined => findId(state.coverages, (one) => one.policy === args.policy_id && one.peril === args.peril);

const checkCoverage = tool({
  name: 'check_coverage',
  about: 'Check whether a policy covers a peril, up to which limit and with which deductible.',
  in: z.strictObject({ policy_id: policyId, peril: z.enum(PERILS).describe('What caused the damage') }),
  out: z.object({ coverage_code: coverageCode, left_of_limit: money('What the coverage can still pay'), deductible: money('What the holder bears of each incident') }),
  needs: [
    verified, policyExists,
    must('precondition', (state, args) => coverageFor(state, args) !== undefined, (args) => `Policy \`${args.policy_id}\` does not cover ${args.peril}.`),
  ],
  run: ({ state }, args) => {
    const coverage_code = coverageFor(state, args) as string;
    return { coverage_code, left_of_limit: fromCents(leftOf(state, coverage_code)), deductible: fromCents(rowOf(state.coverages, coverage_code).deductibleCents) };
  },
});

const findRepairShop = tool({
  name: 'find_repair_shop',
  about: 'Find the workshop in a city that repairs for the insurer, with its hourly rate and when it is free.',
  in: z.strictObject({ city }),
  out: z.object({ workshop: z.string().describe('Name of the workshop'), hourly_rate: money('Price of an hour'), free_from: dayShown('First day with time for a repair'), opens_at: clock('Time at which it opens') }),
  needs: [must('not_found', (state, args) => inCity(state, args.city).length > 0, (args) => `No workshop works for the insurer in \`${args.city}\`.`)],
  run: ({ state }, args) => {
    const rng = createRng(`${state.salt}/workshop/${args.city.trim().toLowerCase()}`);
    return { workshop: `${rng.pick(['Anvil', 'Kestrel', 'Two Bridges', 'Old Forge', 'Lantern'])} ${rng.pick(['Repairs', 'Works', 'Restorers'])}`, hourly_rate: fromCents(rng.int(46, 98) * 100), free_from: addDays(state.today, rng.int(2, 19)), opens_at: rng.pick(['07:00', '07:30', '08:15', '09:00']) };
  },
});

const inCity = (state: ClaimsState, name: string): [string, ClaimsState['assessors'][string]][] => rowsOf(state.assessors, (one) => sameName(one.city, name));

// ---- claims and their documents ----

const REPORT_DAYS = 30;

const openClaim = tool({
  name: 'open_claim',
  about: `Open a claim on a coverage for an incident of the last ${REPORT_DAYS} days.`,
  in: z.strictObject({ coverage_code: coverageCode, incident_date: day('Day of the incident'), estimated_damage: z.number().min(50).max(20_000).describe('What the holder thinks the damage amounts to, in euros') }),
  out: z.object({ claim_id: claimId('Identifier of the claim'), handler: z.string().describe('Who handles the claim'), documents_by: dayShown('Day by which the documents have to be in') }),
  writes: ['claims', 'requests'],
  needs: [
    verified,
    exists('coverage', (state) => state.coverages, (args) => args.coverage_code),
    must('precondition', (state, args) => withinReach(state.today, args.incident_date), (args, state) => `${args.incident_date} is not within the ${REPORT_DAYS} days up to today, ${state.today}.`),
    must('conflict', (state, args) => findId(state.claims, (one) => one.coverage === args.coverage_code && one.incidentOn === args.incident_date) === undefined, () => 'There is a claim on this coverage for that day already.'),
  ],
  run: ({ state, id }, args) => {
    const claim_id = id('CL', `${args.coverage_code}/${args.incident_date}`, state.claims);
    state.claims[claim_id] = { coverage: args.coverage_code, incidentOn: args.incident_date, estimateCents: toCents(args.estimated_damage), status: 'open', assessors: [], assessment: null, assessedCents: null, offer: null, contested: false, linkedTo: null };
    for (const kind of DOCUMENTS[rowOf(state.coverages, args.coverage_code).peril]) state.requests[id('DQ', `${claim_id}/${kind}`, state.requests)] = { claim: claim_id, kind, file: null };
    return { claim_id, handler: createRng(`${state.salt}/handler/${claim_id}`).pick(['Ms Tollivar', 'Mr Aske', 'Ms Brannigan', 'Mr Oyelaran', 'Ms Fenwright']), documents_by: addDays(state.today, 14) };
  },
});

function withinReach(today: string, incident: string): boolean {
  const age = daysBetween(incident, today);
  return age >= 0 && age <= REPORT_DAYS;
}

const listClaims = tool({
  name: 'list_claims',
  about: "List the holder's claims with what was damaged, when, and how far they are.",
  in: z.strictObject({}),
  out: z.object({
    claims: z.array(z.object({
      claim_id: claimId('Identifier of the claim'), damaged: thing, peril: z.enum(PERILS).describe('What caused the damage'), incident_on: dayShown('Day of the incident'),
      estimate: money('What the holder thought the damage amounts to'), status: z.enum(CLAIM_STATUSES).describe('How far the claim is'),
    })).describe('The claims, latest incident first'),
  }),
  needs: [verified],
  run: ({ state }) => ({
    claims: sortedBy(rowsOf(state.claims), ([id, one]) => `${one.incidentOn} ${id}`).reverse().map(([claim_id, one]) => ({
      claim_id, damaged: thingOf(state, one), peril: rowOf(state.coverages, one.coverage).peril, incident_on: one.incidentOn, estimate: fromCents(one.estimateCents), status: one.status,
    })),
  }),
});

const listMissingDocuments = tool({
  name: 'list_missing_documents',
  about: 'List the documents of a claim that have been requested and are not in yet.',
  in: z.strictObject({ claim_id: claimId('Claim to look at') }),
  out: z.object({
    documents: z.array(z.object({ request_id: requestId, document_kind: z.string().describe('Which document it is'), pages_at_most: z.int().describe('How many pages it may have') })).describe('The missing documents, by kind'),
    reminder_on: dayShown('Day on which a reminder is sent'),
  }),
  needs: [verified, ownClaim, must('conflict', (state, args) => missingOf(state, args.claim_id).length > 0, (args) => `The documents of claim \`${args.claim_id}\` are complete.`)],
  run: ({ state }, args) => ({
    documents: missingOf(state, args.claim_id).map(([request_id, { kind }]) => ({ request_id, document_kind: kind, pages_at_most: createRng(`${state.salt}/pages/${request_id}`).int(11, 60) })),
    reminder_on: addDays(state.today, createRng(`${state.salt}/reminder/${args.claim_id}`).int(4, 12)),
  }),
});

const submitDocument = tool({
  name: 'submit_document',
  about: 'Submit a file for a document request of a claim.',
  in: z.strictObject({ request_id: requestId, file_name: ref('file_name', 'Name of the file') }),
  out: z.object({ still_missing: z.int().describe('Documents of the claim that are still missing'), registered_as: z.string().describe('Number under which the document is kept'), checked_by: dayShown('Day by which the document is checked') }),
  writes: ['requests'],
  needs: [
    verified,
    exists('document request', (state) => state.requests, (args) => args.request_id),
    must('conflict', (state, args) => rowOf(state.requests, args.request_id).file === null, () => 'This document is in already.'),
  ],
  run: ({ state, id }, args) => {
    const asked = rowOf(state.requests, args.request_id);
    asked.file = args.file_name;
    return { still_missing: missingOf(state, asked.claim).length, registered_as: id('DN', args.request_id, {}), checked_by: addDays(state.today, createRng(`${state.salt}/checked/${args.request_id}`).int(2, 9)) };
  },
});

const linkClaims = tool({
  name: 'link_claims',
  about: 'Link two claims of one incident: the deductible is charged on the main one only.',
  in: z.strictObject({ main_claim: claimId('Claim on which the deductible is charged'), further_claim: claimId('Claim on which it is not') }),
  out: z.object({ deductible_saved: money('Deductible that is not charged'), joint_estimate: money('What both damages may amount to') }),
  writes: ['claims'],
  needs: [
    verified, claimIs((args) => args.main_claim), claimIs((args) => args.further_claim),
    must('invalid_args', (_state, args) => args.main_claim !== args.further_claim, () => 'The two claims are the same.'),
    must('precondition', (state, args) => rowOf(state.claims, args.main_claim).incidentOn === rowOf(state.claims, args.further_claim).incidentOn, () => 'The claims are of two different days.'),
    statusOf((args) => args.further_claim, 'open', 'contested', 'assessing', 'assessed'),
    must('conflict', (state, args) => rowOf(state.claims, args.main_claim).linkedTo === null && isUnlinked(state, args.further_claim), () => 'One of the claims is linked already.'),
  ],
  run: ({ state }, args) => {
    const [main, further] = [rowOf(state.claims, args.main_claim), rowOf(state.claims, args.further_claim)];
    const deductible_saved = fromCents(deductibleOf(state, further));
    further.linkedTo = args.main_claim;
    return { deductible_saved, joint_estimate: fromCents(main.estimateCents + further.estimateCents) };
  },
});

const isUnlinked = (state: ClaimsState, id: string): boolean => rowOf(state.claims, id).linkedTo === null && findId(state.claims, (one) => one.linkedTo === id) === undefined;

// ---- assessment ----

const findAssessors = tool({
  name: 'find_assessors',
  about: 'List the assessors who work in a city, with their experience and fee.',
  in: z.strictObject({ city }),
  out: z.object({
    assessors: z.array(z.object({ assessor_id: assessorId, assessor_name: z.string().describe('Name of the assessor'), years_of_practice: z.int().describe('Years of practice'), free_at: clock('Time today at which the assessor is free') })).describe('The assessors, by name'),
  }),
  needs: [must('not_found', (state, args) => inCity(state, args.city).length > 0, (args) => `No assessor works in \`${args.city}\`.`)],
  run: ({ state }, args) => ({
    assessors: sortedBy(inCity(state, args.city), ([, one]) => one.name).map(([assessor_id, { name }]) => {
      const rng = createRng(`${state.salt}/assessor/${assessor_id}`);
      return { assessor_id, assessor_name: name, years_of_practice: rng.int(3, 31), free_at: rng.pick(['09:20', '10:45', '11:30', '13:15', '14:50', '16:05']) };
    }),
  }),
});

const appointAssessor = tool({
  name: 'appoint_assessor',
  about: 'Appoint an assessor for an open or contested claim. A contested claim goes to somebody who has not seen it.',
  in: z.strictObject({ claim_id: claimId('Claim to assess'), assessor_id: assessorId }),
  out: z.object({ assessment_id: assessmentId, video_call_at: clock('Time today of the video call'), assessor_fee: money('Fee, which the insurer bears') }),
  writes: ['claims'],
  needs: [
    verified, ownClaim,
    exists('assessor', (state) => state.assessors, (args) => args.assessor_id),
    claimStatus('open', 'contested'),
    must('conflict', (state, args) => !rowOf(state.claims, args.claim_id).assessors.includes(args.assessor_id), () => 'This assessor has assessed the claim before.'),
  ],
  run: ({ state, id }, args) => {
    const claim = rowOf(state.claims, args.claim_id);
    const assessment_id = id('AM', `${args.claim_id}/${args.assessor_id}`, {});
    claim.assessors.push(args.assessor_id);
    Object.assign(claim, { status: 'assessing', assessment: assessment_id });
    const rng = createRng(`${state.salt}/call/${assessment_id}`);
    return { assessment_id, video_call_at: rng.pick(['15:10', '15:40', '16:20', '17:00', '17:35']), assessor_fee: fromCents(rng.int(70, 240) * 100) };
  },
});

const fileAssessment = tool({
  name: 'file_assessment',
  about: 'Hold the video call of an assessment and file what the assessor found.',
  in: z.strictObject({ assessment_id: assessmentId }),
  out: z.object({ assessed_damage: money('Damage as the assessor sees it'), finding: z.string().describe('What the assessor writes about the cause'), report_number: z.string().describe('Number of the report') }),
  writes: ['claims'],
  needs: [
    verified,
    must('not_found', (state, args) => assessedIn(state, args) !== undefined, (args) => `There is no assessment \`${args.assessment_id}\`.`),
    statusOf((args, state) => assessedIn(state, args) as string, 'assessing'),
  ],
  run: ({ state, id }, args) => {
    const claim = rowOf(state.claims, assessedIn(state, args) as string);
    const rng = createRng(`${state.salt}/report/${args.assessment_id}`);
    // Never below the deductible: every claim can come to an offer.
    claim.assessedCents = Math.max(Math.round((claim.estimateCents * rng.int(70, 110)) / 100), rowOf(state.coverages, claim.coverage).deductibleCents + 5000);
    claim.status = 'assessed';
    return { assessed_damage: fromCents(claim.assessedCents), finding: rng.pick(['cause as described', 'cause likely', 'older damage besides', 'poor upkeep besides']), report_number: id('RP', args.assessment_id, {}) };
  },
});

const assessedIn = (state: ClaimsState, args: { assessment_id: string }): string | undefined => findId(state.claims, (one) => one.assessment === args.assessment_id);

// ---- offers ----

const makeOffer = tool({
  name: 'make_offer',
  about: 'Make the offer for an assessed claim whose documents are complete.',
  in: z.strictObject({ claim_id: claimId('Claim to settle') }),
  out: z.object({ offer_id: offerId, offered_amount: money('Amount offered'), deductible_charged: money('Deductible in it'), valid_until: dayShown('Last day of the offer') }),
  writes: ['claims'],
  needs: [
    verified, ownClaim, claimStatus('assessed'),
    must('precondition', (state, args) => missingOf(state, args.claim_id).length === 0, (args, state) => `Documents of claim \`${args.claim_id}\` are missing: ${missingOf(state, args.claim_id).map(([, one]) => one.kind).join(', ')}.`),
    must('conflict', (state, args) => payable(state, rowOf(state.claims, args.claim_id)) > 0, () => 'Nothing is left of the limit of this coverage.'),
  ],
  run: ({ state, id }, args) => {
    const claim = rowOf(state.claims, args.claim_id);
    const cents = payable(state, claim);
    const offer_id = id('OF', `${args.claim_id}/${claim.assessors.length}`, {});
    Object.assign(claim, { status: 'offered', offer: { id: offer_id, cents } });
    return { offer_id, offered_amount: fromCents(cents), deductible_charged: fromCents(deductibleOf(state, claim)), valid_until: addDays(state.today, 21) };
  },
});

const acceptOffer = tool({
  name: 'accept_offer',
  about: 'Accept an offer and have it paid to a bank account. The claim is closed by that.',
  in: z.strictObject({ offer_id: offerId, bank_account: ref('bank_account', 'Number of the bank account') }),
  out: z.object({ amount_paid: money('Amount that is paid'), arrives_on: dayShown('Day on which the money arrives'), payment_number: z.string().describe('Number of the payment') }),
  writes: ['claims', 'coverages'],
  needs: [verified, offerExists, offerOpen],
  run: ({ state, id }, args) => {
    const claim = rowOf(state.claims, offeredFor(state, args) as string);
    const cents = claim.offer?.cents as number;
    claim.status = 'paid';
    rowOf(state.coverages, claim.coverage).paidCents += cents;
    return { amount_paid: fromCents(cents), arrives_on: addDays(state.today, createRng(`${state.salt}/payout/${args.offer_id}`).int(2, 8)), payment_number: id('PN', args.offer_id, {}) };
  },
});

const contestOffer = tool({
  name: 'contest_offer',
  about: 'Contest an offer, once per claim. The offer is void, and another assessor has to be appointed.',
  in: z.strictObject({ offer_id: offerId, reason: z.enum(['damage_underrated', 'wrong_deductible', 'cause_disputed']).describe('Why the offer is contested') }),
  out: z.object({ objection_number: z.string().describe('Number of the objection'), assess_again_by: dayShown('Day by which the damage is assessed again'), voided_amount: money('Amount of the offer that is void') }),
  writes: ['claims'],
  needs: [
    verified, offerExists, offerOpen,
    must('conflict', (state, args) => !rowOf(state.claims, offeredFor(state, args) as string).contested, () => 'The claim has been contested before; this offer stands.'),
  ],
  run: ({ state, id }, args) => {
    const claim = rowOf(state.claims, offeredFor(state, args) as string);
    const voided = claim.offer?.cents as number;
    Object.assign(claim, { status: 'contested', contested: true, offer: null, assessedCents: null });
    return { objection_number: id('OB', args.offer_id, {}), assess_again_by: addDays(state.today, 10), voided_amount: fromCents(voided) };
  },
});

/** The tools of the insurer, as its claims desk would be given them. */
export const claimsTools: readonly DomainTool<ClaimsState>[] = [
  verifyHolder, listPolicies, findPolicy, checkCoverage, findRepairShop,
  openClaim, listClaims, listMissingDocuments, submitDocument, linkClaims,
  findAssessors, appointAssessor, fileAssessment, makeOffer, acceptOffer, contestOffer,
];
