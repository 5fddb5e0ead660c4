import { z } from 'zod';
import { createRng } from '../../../core/random';
import { addDays, daysBetween } from '../calendar';
import { clock, enough, findId, fromCents, inStatus, money, notPast, rowOf, rowsOf, sameName, signedIn, sortedBy } from '../combinators';
import { day, exists, must, ref, toolsOn, type DomainTool, type Need } from '../domain';
import { DAYS_A_PACK, LOW_PACKS, pairOf, PRESCRIPTION_STATUSES, SEVERITIES, type PharmacyState, type Severity } from './state';

const tool = toolsOn<PharmacyState>();
type Prescription = PharmacyState['prescriptions'][string];

// ---- fields ----

const patientNumber = ref('patient_number', 'Number of the patient');
const medicineCode = (description: string): z.ZodString => ref('medicine_code', description);
const prescriptionId = ref('prescription_id', 'Code of a prescription');
const prescriber = ref('prescriber', 'Doctor who signed the prescription');
const checkId = ref('check_id', 'Code of a safety check');
const batchId = ref('batch_id', 'Code of a batch of a medicine');
const holdId = ref('hold_id', 'Code of packs that are set aside');
const dispensingId = ref('dispensing_id', 'Code of a dispensing');
const severity = z.enum(SEVERITIES);
const packs = (description: string): z.ZodInt => z.int().min(1).max(6).describe(description);

// ---- needs ----

const shift: Need<PharmacyState, unknown> = signedIn();
const patientExists = exists<PharmacyState, { patient_number: string }>('patient', (state) => state.patients, (args) => args.patient_number);
const medicineExists = <A>(code: (args: A) => string): Need<PharmacyState, A> => exists('medicine', (state) => state.medicines, code);
const checkExists = exists<PharmacyState, { check_id: string }>('check', (state) => state.checks, (args) => args.check_id);
const dispensingExists = exists<PharmacyState, { dispensing_id: string }>('dispensing', (state) => state.dispensings, (args) => args.dispensing_id);

/** The prescription that the arguments lead to has come this far and no further. */
const prescriptionIs = <A>(find: (state: PharmacyState, args: A) => string, status: Prescription['status']): Need<PharmacyState, A> =>
  inStatus({ kind: 'Prescription', id: (args, state) => find(state, args), status: (state, args) => rowOf(state.prescriptions, find(state, args)).status, order: PRESCRIPTION_STATUSES, allowed: [status] });

// ---- reading the state ----

const worstOf = (severities: Severity[]): Severity => SEVERITIES[Math.max(0, ...severities.map((one) => SEVERITIES.indexOf(one)))] as Severity;
const checkedBy = (state: PharmacyState, args: { check_id: string }): string => rowOf(state.checks, args.check_id).prescription;
const heldFor = (state: PharmacyState, args: { hold_id: string }): string => rowOf(state.checks, rowOf(state.holds, args.hold_id).check).prescription;
const dispensedOf = (state: PharmacyState, args: { dispensing_id: string }): Prescription => rowOf(state.prescriptions, rowOf(state.dispensings, args.dispensing_id).prescription);
const medicineOf = (state: PharmacyState, one: Prescription): PharmacyState['medicines'][string] => rowOf(state.medicines, one.medicine);
const usable = (state: PharmacyState, medicine: string): [string, PharmacyState['batches'][string]][] => rowsOf(state.batches, (one) => one.medicine === medicine && one.expiresOn >= state.today && one.packs > 0);
const usablePacks = (state: PharmacyState, medicine: string): number => usable(state, medicine).reduce((sum, [, one]) => sum + one.packs, 0);
const priceOf = (state: PharmacyState, args: { hold_id: string }): number => medicineOf(state, rowOf(state.prescriptions, heldFor(state, args))).packCents * rowOf(state.holds, args.hold_id).packs;
const allowanceOf = (state: PharmacyState, args: { hold_id: string }): PharmacyState['patients'][string] => rowOf(state.patients, rowOf(state.prescriptions, heldFor(state, args)).patient);

// ---- the shift and its patients ----

const startCounterShift = tool({
  name: 'start_counter_shift',
  about: 'Start a counter shift by licence number and PIN. Everything about patients needs one.',
  in: z.strictObject({ licence: ref('licence_number', 'Licence number of the pharmacist'), pin: ref('counter_pin', 'Counter PIN of the pharmacist') }),
  out: z.object({ pharmacist: z.string().describe('Name of the pharmacist on duty'), waiting: z.int().describe('Number on the ticket that is called next'), night_bell_until: clock('Time until which the night bell is served') }),
  writes: ['session'],
  needs: [
    must('not_found', (state, args) => state.pharmacist.licence === args.licence, (args) => `There is no licence \`${args.licence}\`.`),
    must('precondition', (state, args) => state.pharmacist.pin === args.pin, () => 'The PIN does not belong to this licence.'),
  ],
  run: ({ state }) => {
    state.session.signedIn = true;
    const rng = createRng(`${state.salt}/shift`);
    return { pharmacist: state.pharmacist.name, waiting: rng.int(101, 399), night_bell_until: rng.pick(['21:30', '22:00', '23:15']) };
  },
});

const findPatient = tool({
  name: 'find_patient',
  about: 'Find a patient by health card. Prescriptions and past dispensings go by patient number.',
  in: z.strictObject({ health_card: ref('health_card', 'Number on the health card') }),
  out: z.object({ patient_number: patientNumber, name: z.string().describe('Name of the patient'), age: z.int().describe('Age in years'), allowance: money('Medicine allowance left') }),
  needs: [shift, must('not_found', (state, args) => findId(state.patients, (one) => sameName(one.healthCard, args.health_card)) !== undefined, (args) => `No patient has the health card \`${args.health_card}\`.`)],
  run: ({ state }, args) => {
    const patient_number = findId(state.patients, (one) => sameName(one.healthCard, args.health_card)) as string;
    const { name, born, allowanceCents } = rowOf(state.patients, patient_number);
    return { patient_number, name, age: Math.floor(daysBetween(born, state.today) / 365.25), allowance: fromCents(allowanceCents) };
  },
});

const listPrescriptions = tool({
  name: 'list_prescriptions',
  about: "List a patient's prescriptions with medicine, packs, validity and status.",
  in: z.strictObject({ patient_number: patientNumber }),
  out: z.object({
    prescriptions: z.array(z.object({
      prescription_id: prescriptionId,
      medicine_code: medicineCode('Code of the medicine'),
      medicine: z.string().describe('Name of the medicine'),
      packs: z.int().describe('Packs prescribed'),
      prescriber,
      valid_until: z.iso.date().describe('Last day of its validity'),
      status: z.enum(PRESCRIPTION_STATUSES).describe('Status of the prescription'),
    })).describe('The prescriptions, by medicine'),
  }),
  needs: [shift, patientExists],
  run: ({ state }, args) => ({
    prescriptions: sortedBy(rowsOf(state.prescriptions, (one) => one.patient === args.patient_number), ([id, one]) => `${medicineOf(state, one).name} ${id}`).map(([prescription_id, one]) => ({
      prescription_id,
      medicine_code: one.medicine,
      medicine: medicineOf(state, one).name,
      packs: one.packs,
      prescriber: one.prescriber,
      valid_until: one.validUntil,
      status: one.status,
    })),
  }),
});

const registerPaperPrescription = tool({
  name: 'register_paper_prescription',
  about: 'Register a prescription that came on paper. Not where the patient has an open one for the same medicine.',
  in: z.strictObject({ patient_number: patientNumber, medicine_code: medicineCode('Code of the medicine'), prescriber, packs: z.int().min(1).max(3).default(1).describe('Packs prescribed') }),
  out: z.object({ prescription_id: prescriptionId, valid_until: z.iso.date().describe('Last day of its validity'), refills: z.int().describe('Refills it allows'), archive_number: z.string().describe('Number under which the paper is kept') }),
  writes: ['prescriptions'],
  needs: [
    shift,
    patientExists,
    medicineExists((args) => args.medicine_code),
    must('not_found', (state, args) => state.prescribers.some((one) => sameName(one, args.prescriber)), (args) => `There is no doctor called \`${args.prescriber}\` in the register.`),
    must(
      'conflict',
      (state, args) => !Object.values(state.prescriptions).some((one) => one.patient === args.patient_number && one.medicine === args.medicine_code && one.status !== 'dispensed' && one.validUntil >= state.today),
      () => 'The patient has an open prescription for this medicine.',
    ),
  ],
  run: ({ state, id }, args) => {
    const prescription_id = id('RX', `${args.patient_number}/${args.medicine_code}`, state.prescriptions);
    const rng = createRng(`${state.salt}/paper/${prescription_id}`);
    const paper: Prescription = { patient: args.patient_number, medicine: args.medicine_code, prescriber: args.prescriber, packs: args.packs, refillsLeft: rng.int(1, 3), validUntil: addDays(state.today, rng.int(20, 45)), status: 'issued' };
    state.prescriptions[prescription_id] = paper;
    return { prescription_id, valid_until: paper.validUntil, refills: paper.refillsLeft, archive_number: String(rng.int(20_000, 89_999)) };
  },
});

// ---- medicines and batches ----

const findMedicine = tool({
  name: 'find_medicine',
  about: 'Find a medicine by its name. Batches and warnings go by medicine code.',
  in: z.strictObject({ name: ref('medicine_name', 'Name of the medicine') }),
  out: z.object({ medicine_code: medicineCode('Code of the medicine'), form: z.string().describe('Form in which it is taken'), milligrams: z.int().describe('Strength in milligrams'), pack_price: money('Price of a pack') }),
  needs: [must('not_found', (state, args) => findId(state.medicines, (one) => sameName(one.name, args.name)) !== undefined, (args) => `There is no medicine called \`${args.name}\`.`)],
  run: ({ state }, args) => {
    const medicine_code = findId(state.medicines, (one) => sameName(one.name, args.name)) as string;
    const { form, milligrams, packCents } = rowOf(state.medicines, medicine_code);
    return { medicine_code, form, milligrams, pack_price: fromCents(packCents) };
  },
});

const EFFECTS = ['dizziness', 'a dry mouth', 'a slow pulse', 'sleepiness', 'a rash', 'low blood pressure'];

const pairWarning = tool({
  name: 'pair_warning',
  about: 'Show what happens when two medicines are taken together, and how far apart to take them.',
  in: z.strictObject({ first_medicine: medicineCode('Code of one medicine'), second_medicine: medicineCode('Code of the other medicine') }),
  out: z.object({ severity: severity.describe('How severe it is'), hours_apart: z.int().describe('Hours that should lie between them'), watch_for: z.string().describe('Effect to watch for') }),
  needs: [
    medicineExists((args) => args.first_medicine),
    medicineExists((args) => args.second_medicine),
    must('precondition', (_state, args) => args.first_medicine !== args.second_medicine, () => 'These are one and the same medicine.'),
  ],
  run: ({ state }, args) => {
    const pair = pairOf(args.first_medicine, args.second_medicine);
    const rng = createRng(`${state.salt}/pair/${pair}`);
    return { severity: state.pairs[pair] ?? 'none', hours_apart: rng.int(2, 18), watch_for: rng.pick(EFFECTS) };
  },
});

const listBatches = tool({
  name: 'list_batches',
  about: 'List the batches of a medicine with packs, shelf and expiry, expired ones as well.',
  in: z.strictObject({ medicine_code: medicineCode('Code of the medicine') }),
  out: z.object({
    batches: z.array(z.object({ batch_id: batchId, expires_on: z.iso.date().describe('Day on which it expires'), packs: z.int().describe('Packs on the shelf'), shelf: z.string().describe('Shelf of the batch') })).describe('The batches, the first to expire first'),
  }),
  needs: [medicineExists((args) => args.medicine_code)],
  run: ({ state }, args) => ({
    batches: sortedBy(rowsOf(state.batches, (one) => one.medicine === args.medicine_code), ([id, one]) => `${one.expiresOn} ${id}`).map(([batch_id, one]) => ({ batch_id, expires_on: one.expiresOn, packs: one.packs, shelf: one.shelf })),
  }),
});

const orderFromSister = tool({
  name: 'order_from_sister',
  about: `Have packs of a medicine brought over from the sister pharmacy, as a batch of their own. Only where fewer than ${LOW_PACKS} usable packs are left.`,
  in: z.strictObject({ medicine_code: medicineCode('Code of the medicine'), packs: packs('Packs to bring').default(3) }),
  out: z.object({ batch_id: batchId, expires_on: z.iso.date().describe('Day on which it expires'), brought_by: z.string().describe('Who brings it'), shelf: z.string().describe('Shelf on which it is put') }),
  writes: ['batches'],
  needs: [
    shift,
    medicineExists((args) => args.medicine_code),
    must('precondition', (state, args) => usablePacks(state, args.medicine_code) < LOW_PACKS, (args, state) => `There are ${usablePacks(state, args.medicine_code)} usable packs of this medicine: the sister pharmacy sends none.`),
  ],
  run: ({ state, id }, args) => {
    const batch_id = id('BT', `sister/${args.medicine_code}`, state.batches);
    const rng = createRng(`${state.salt}/sister/${batch_id}`);
    const batch = { medicine: args.medicine_code, expiresOn: addDays(state.today, rng.int(90, 400)), shelf: `Green drawer ${rng.int(11, 68)}`, received: args.packs, packs: args.packs };
    state.batches[batch_id] = batch;
    return { batch_id, expires_on: batch.expiresOn, brought_by: rng.pick(['Jolanta', 'Kester', 'Milo', 'Petronella']), shelf: batch.shelf };
  },
});

// ---- from the check to the bag ----

const runSafetyCheck = tool({
  name: 'run_safety_check',
  about: 'Check a valid prescription against what the patient takes already, once. Packs are set aside on its check.',
  in: z.strictObject({ prescription_id: prescriptionId }),
  out: z.object({ check_id: checkId, severity: severity.describe('Worst finding'), watch_for: z.string().describe('Effect to watch for'), best_taken_at: clock('Time at which it is best taken') }),
  writes: ['checks', 'prescriptions'],
  needs: [
    shift,
    exists('prescription', (state) => state.prescriptions, (args) => args.prescription_id),
    prescriptionIs((_state, args) => args.prescription_id, 'issued'),
    must('precondition', (state, args) => rowOf(state.prescriptions, args.prescription_id).validUntil >= state.today, (args, state) => `Prescription \`${args.prescription_id}\` was valid until ${rowOf(state.prescriptions, args.prescription_id).validUntil} only.`),
  ],
  run: ({ state, id }, args) => {
    const prescription = rowOf(state.prescriptions, args.prescription_id);
    const worst = worstOf(rowOf(state.patients, prescription.patient).takes.map((other) => state.pairs[pairOf(other, prescription.medicine)] ?? 'none'));
    const check_id = id('CK', args.prescription_id, state.checks);
    state.checks[check_id] = { prescription: args.prescription_id, severity: worst, overridden: false };
    prescription.status = 'checked';
    const rng = createRng(`${state.salt}/check/${args.prescription_id}`);
    return { check_id, severity: worst, watch_for: rng.pick(EFFECTS), best_taken_at: rng.pick(['06:30', '08:00', '12:30', '18:00', '21:30']) };
  },
});

const askForOverride = tool({
  name: 'ask_for_override',
  about: 'Ask the prescriber to stand by a prescription in spite of a severe finding.',
  in: z.strictObject({ check_id: checkId, argument: z.enum(['benefit_outweighs', 'short_course', 'other_medicine_stopped']).describe('Why it is given all the same') }),
  out: z.object({ answered_by: z.string().describe('Doctor who answered'), lower_dose_milligrams: z.number().describe('Dose to start with, in milligrams'), look_again_on: z.iso.date().describe('Day on which the doctor wants to see the patient') }),
  writes: ['checks'],
  needs: [
    shift,
    checkExists,
    must('precondition', (state, args) => rowOf(state.checks, args.check_id).severity === 'severe', (args) => `Check \`${args.check_id}\` found nothing severe, so there is nothing to override.`),
    must('conflict', (state, args) => !rowOf(state.checks, args.check_id).overridden, (args) => `Check \`${args.check_id}\` has been overridden.`),
  ],
  run: ({ state }, args) => {
    rowOf(state.checks, args.check_id).overridden = true;
    const prescription = rowOf(state.prescriptions, checkedBy(state, args));
    return { answered_by: prescription.prescriber, lower_dose_milligrams: medicineOf(state, prescription).milligrams / 2, look_again_on: addDays(state.today, createRng(`${state.salt}/override/${args.check_id}`).int(5, 21)) };
  },
});

const setAside = tool({
  name: 'set_aside',
  about: 'Set the packs of a checked prescription aside, from a batch of its medicine. Of usable batches with enough packs, the one that expires first goes first.',
  in: z.strictObject({ check_id: checkId, batch_id: batchId }),
  out: z.object({ hold_id: holdId, packs: z.int().describe('Packs set aside'), to_pay: money('What they cost'), bag_colour: z.string().describe('Colour of the bag they are in') }),
  writes: ['holds', 'batches', 'prescriptions'],
  needs: [
    shift,
    checkExists,
    prescriptionIs(checkedBy, 'checked'),
    must('precondition', (state, args) => rowOf(state.checks, args.check_id).severity !== 'severe' || rowOf(state.checks, args.check_id).overridden, () => 'The check found something severe. Ask the prescriber for an override first.'),
    exists('batch', (state) => state.batches, (args) => args.batch_id),
    must('precondition', (state, args) => rowOf(state.batches, args.batch_id).medicine === rowOf(state.prescriptions, checkedBy(state, args)).medicine, (args) => `Batch \`${args.batch_id}\` is of another medicine.`),
    must('precondition', (state, args) => rowOf(state.batches, args.batch_id).expiresOn >= state.today, (args, state) => `Batch \`${args.batch_id}\` expired on ${rowOf(state.batches, args.batch_id).expiresOn}.`),
    must('conflict', (state, args) => rowOf(state.batches, args.batch_id).packs >= rowOf(state.prescriptions, checkedBy(state, args)).packs, (args, state) => `Batch \`${args.batch_id}\` has ${rowOf(state.batches, args.batch_id).packs} packs only.`),
    must(
      'conflict',
      (state, args) => {
        const { medicine, packs: wanted } = rowOf(state.prescriptions, checkedBy(state, args));
        return usable(state, medicine).every(([, one]) => one.packs < wanted || one.expiresOn >= rowOf(state.batches, args.batch_id).expiresOn);
      },
      () => 'Another batch of the medicine expires sooner and goes first.',
    ),
  ],
  run: ({ state, id }, args) => {
    const prescription = rowOf(state.prescriptions, checkedBy(state, args));
    prescription.status = 'set_aside';
    rowOf(state.batches, args.batch_id).packs -= prescription.packs;
    const hold_id = id('HD', args.check_id, state.holds);
    state.holds[hold_id] = { check: args.check_id, batch: args.batch_id, packs: prescription.packs };
    return { hold_id, packs: prescription.packs, to_pay: fromCents(medicineOf(state, prescription).packCents * prescription.packs), bag_colour: createRng(`${state.salt}/bag/${args.check_id}`).pick(['white', 'yellow', 'green', 'violet', 'orange']) };
  },
});

const dispense = tool({
  name: 'dispense_packs',
  about: "Hand packs that are set aside to the patient, paid by card or from the patient's allowance.",
  in: z.strictObject({ hold_id: holdId, payment: z.enum(['card', 'allowance']).describe('How it is paid') }),
  out: z.object({ dispensing_id: dispensingId, amount_paid: money('Amount paid'), allowance_left: money("Patient's allowance afterwards"), lasts_until: z.iso.date().describe('Day until which the packs last') }),
  writes: ['prescriptions', 'dispensings', 'patients'],
  needs: [
    shift,
    exists('hold', (state) => state.holds, (args) => args.hold_id),
    prescriptionIs(heldFor, 'set_aside'),
    (state, args) => (args.payment === 'card' ? undefined : enough<PharmacyState, typeof args>('the allowance', 'cents', (now, hold) => allowanceOf(now, hold).allowanceCents, (hold, now) => priceOf(now, hold))(state, args)),
  ],
  run: ({ state, id }, args) => {
    const prescription = rowOf(state.prescriptions, heldFor(state, args));
    const patient = rowOf(state.patients, prescription.patient);
    prescription.status = 'dispensed';
    if (args.payment === 'allowance') patient.allowanceCents -= priceOf(state, args);
    if (!patient.takes.includes(prescription.medicine)) patient.takes.push(prescription.medicine);
    const dispensing_id = id('DS', args.hold_id, state.dispensings);
    state.dispensings[dispensing_id] = { prescription: heldFor(state, args), on: state.today, refillOn: null };
    return { dispensing_id, amount_paid: fromCents(priceOf(state, args)), allowance_left: fromCents(patient.allowanceCents), lasts_until: addDays(state.today, prescription.packs * 20) };
  },
});

// ---- afterwards ----

const dispensingHistory = tool({
  name: 'dispensing_history',
  about: 'List what was dispensed to a patient, with the refills that are left.',
  in: z.strictObject({ patient_number: patientNumber }),
  out: z.object({
    dispensings: z.array(z.object({ dispensing_id: dispensingId, medicine: z.string().describe('Name of the medicine'), dispensed_on: z.iso.date().describe('Day on which it was dispensed'), refills_left: z.int().describe('Refills that are left') })).describe('The dispensings, earliest first'),
  }),
  needs: [shift, patientExists],
  run: ({ state }, args) => ({
    dispensings: sortedBy(rowsOf(state.dispensings, (one) => rowOf(state.prescriptions, one.prescription).patient === args.patient_number), ([id, one]) => `${one.on} ${id}`).map(([dispensing_id, one]) => ({
      dispensing_id,
      medicine: medicineOf(state, rowOf(state.prescriptions, one.prescription)).name,
      dispensed_on: one.on,
      refills_left: rowOf(state.prescriptions, one.prescription).refillsLeft,
    })),
  }),
});

const earliestRefill = (state: PharmacyState, args: { dispensing_id: string }): string => addDays(rowOf(state.dispensings, args.dispensing_id).on, dispensedOf(state, args).packs * DAYS_A_PACK);

const planRefill = tool({
  name: 'plan_refill',
  about: 'Plan the refill of a dispensing for a day, once. Not before four fifths of the tablets are used, and only where refills are left.',
  in: z.strictObject({ dispensing_id: dispensingId, date: day('Day of the refill, as YYYY-MM-DD') }),
  out: z.object({ refills_left: z.int().describe('Refills left afterwards'), ready_from: clock('Time from which it is ready'), locker: z.string().describe('Locker from which it is collected') }),
  writes: ['dispensings', 'prescriptions'],
  needs: [
    shift,
    dispensingExists,
    notPast((args) => args.date, 90),
    must('conflict', (state, args) => rowOf(state.dispensings, args.dispensing_id).refillOn === null, (args) => `A refill of \`${args.dispensing_id}\` is planned already.`),
    must('precondition', (state, args) => dispensedOf(state, args).refillsLeft > 0, () => 'The prescription has no refills left.'),
    must('precondition', (state, args) => args.date >= earliestRefill(state, args) && args.date > rowOf(state.dispensings, args.dispensing_id).on, (args, state) => `The refill can be planned from ${earliestRefill(state, args)} on.`),
  ],
  run: ({ state }, args) => {
    rowOf(state.dispensings, args.dispensing_id).refillOn = args.date;
    dispensedOf(state, args).refillsLeft -= 1;
    const rng = createRng(`${state.salt}/refill/${args.dispensing_id}/${args.date}`);
    return { refills_left: dispensedOf(state, args).refillsLeft, ready_from: `${rng.int(10, 17)}:${rng.pick(['00', '15', '30', '45'])}`, locker: `${rng.pick(['Left', 'Right', 'Court'])} ${rng.int(11, 64)}` };
  },
});

const sideEffectRecord = tool({
  name: 'side_effect_record',
  about: 'Show what the medicines board has on record about a side effect of something that was dispensed.',
  in: z.strictObject({ dispensing_id: dispensingId, effect: z.enum(['nausea', 'rash', 'dizziness', 'headache', 'sleeplessness']).describe('What the patient noticed') }),
  out: z.object({ reports_this_year: z.int().describe('Reports of it this year'), last_reported_on: z.iso.date().describe('Day of the last report'), clerk: z.string().describe('Clerk of the board who takes reports') }),
  needs: [shift, dispensingExists],
  run: ({ state }, args) => {
    const rng = createRng(`${state.salt}/effect/${dispensedOf(state, args).medicine}/${args.effect}`);
    return { reports_this_year: rng.int(11, 240), last_reported_on: addDays(state.today, -rng.int(2, 40)), clerk: rng.pick(['Mrs Ebbing', 'Mr Farthing', 'Ms Ivory', 'Mr Okoro']) };
  },
});

/** The tools of the pharmacy, as its counter assistant would be given them. */
export const pharmacyTools: readonly DomainTool<PharmacyState>[] = [
  startCounterShift,
  findPatient,
  listPrescriptions,
  registerPaperPrescription,
  findMedicine,
  pairWarning,
  listBatches,
  orderFromSister,
  runSafetyCheck,
  askForOverride,
  setAside,
  dispense,
  dispensingHistory,
  planRefill,
  sideEffectRecord,
];
