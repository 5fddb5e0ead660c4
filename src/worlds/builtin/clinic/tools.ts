import { z } from 'zod';
import { createRng } from '../../../core/random';
import { addDays, daysBetween, minutesOf, timeOf } from '../calendar';
import { clock, fromCents, inStatus, money, notPast, rowOf, rowsOf, sameName, signedIn, sortedBy } from '../combinators';
import { day, exists, must, ref, toolsOn, type DomainTool, type Need } from '../domain';
import { DAYS_AHEAD, FINDINGS, takersOf, VISIT_STATUSES, visitsLeft, type Appointment, type ClinicState } from './state';

const tool = toolsOn<ClinicState>();

// ---- fields ----

const patientNumber = (description: string): z.ZodString => ref('patient_number', description);
const specialty = ref('specialty', 'Medical specialty');
const referralId = ref('referral_id', 'Code of a referral');
const clinicianId = ref('clinician_id', 'Code of a specialist');
const slotId = ref('slot_id', 'Code of one slot of a specialist');
const holdId = ref('hold_id', 'Code of a held slot');
const appointmentId = ref('appointment_id', 'Code of an appointment');
const noteId = ref('note_id', 'Code of a visit note');

// ---- needs ----

const session: Need<ClinicState, unknown> = signedIn();
const patientExists = <A>(number: (args: A) => string): Need<ClinicState, A> => exists('patient', (state) => state.patients, number);
const slotFree: Need<ClinicState, { slot_id: string }>[] = [
  exists('slot', (state) => state.slots, (args) => args.slot_id),
  must('precondition', (state, args) => rowOf(state.slots, args.slot_id).date > state.today, (args) => `Slot \`${args.slot_id}\` is not on a day to come.`),
  must('conflict', (state, args) => takersOf(state, args.slot_id) === 0, (args) => `Slot \`${args.slot_id}\` is taken.`),
];
const appointmentExists = exists<ClinicState, { appointment_id: string }>('appointment', (state) => state.appointments, (args) => args.appointment_id);
const visitIs = (...allowed: Appointment['status'][]): Need<ClinicState, { appointment_id: string }> =>
  inStatus({ kind: 'Appointment', id: (args) => args.appointment_id, status: (state, args) => rowOf(state.appointments, args.appointment_id).status, order: VISIT_STATUSES, allowed });

// ---- reading the state ----

const clinicianOf = (state: ClinicState, slot: string): ClinicState['clinicians'][string] => rowOf(state.clinicians, rowOf(state.slots, slot).clinician);
const visitOf = (state: ClinicState, args: { appointment_id: string }): Appointment => rowOf(state.appointments, args.appointment_id);
const roomOf = (state: ClinicState, slot: string): string => {
  const { clinician, date } = rowOf(state.slots, slot);
  return `${rowOf(state.clinicians, clinician).floor}.${createRng(`${state.salt}/room/${clinician}/${date}`).int(11, 38)}`;
};

// ---- patients and referrals ----

const startDeskSession = tool({
  name: 'start_desk_session',
  about: 'Start a desk session by badge and PIN. Everything about patients needs one.',
  in: z.strictObject({ badge: ref('desk_badge', 'Number on the desk badge'), pin: ref('desk_pin', 'PIN of the badge') }),
  out: z.object({ clerk: z.string().describe('Name of the person at the desk'), patients_expected: z.int().describe('Patients expected in the clinic today') }),
  writes: ['session'],
  needs: [
    must('not_found', (state, args) => state.desk.badge === args.badge, (args) => `There is no desk badge \`${args.badge}\`.`),
    must('precondition', (state, args) => state.desk.pin === args.pin, () => 'The PIN does not belong to this badge.'),
  ],
  run: ({ state }) => {
    state.session.signedIn = true;
    return { clerk: state.desk.name, patients_expected: createRng(`${state.salt}/expected`).int(41, 160) };
  },
});

const findPatient = tool({
  name: 'find_patient',
  about: 'Find a patient by insurance number. Referrals and appointments go by patient number.',
  in: z.strictObject({ insurance_number: ref('insurance_number', 'Number on the insurance card') }),
  out: z.object({ patient_number: patientNumber('Number of the patient'), name: z.string().describe('Name of the patient'), born_on: z.iso.date().describe('Date of birth') }),
  needs: [session, must('not_found', (state, args) => Object.values(state.patients).some((one) => sameName(one.insurance, args.insurance_number)), (args) => `No patient has the insurance number \`${args.insurance_number}\`.`)],
  run: ({ state }, args) => {
    const [patient_number, { name, born }] = rowsOf(state.patients, (one) => sameName(one.insurance, args.insurance_number))[0] as [string, ClinicState['patients'][string]];
    return { patient_number, name, born_on: born };
  },
});

const linkContactPerson = tool({
  name: 'link_contact_person',
  about: 'Register one patient as the contact person of another, to be called in an emergency.',
  in: z.strictObject({
    patient_number: patientNumber('Number of the patient'),
    contact_number: patientNumber('Patient number of the contact person'),
    relation: z.enum(['spouse', 'parent', 'child', 'sibling', 'carer']).describe('What the contact person is to the patient'),
  }),
  out: z.object({ contact_name: z.string().describe('Name of the contact person'), contact_age: z.int().describe('Age of the contact person'), called_between: z.string().describe('Hours at which the contact person is called') }),
  writes: ['contacts'],
  needs: [
    session,
    patientExists((args) => args.patient_number),
    patientExists((args) => args.contact_number),
    must('precondition', (_state, args) => args.patient_number !== args.contact_number, () => 'Nobody is their own contact person.'),
    must('conflict', (state, args) => !Object.values(state.contacts).some((one) => one.patient === args.patient_number && one.contact === args.contact_number), () => 'They are registered as contact person already.'),
  ],
  run: ({ state, id }, args) => {
    state.contacts[id('CT', `${args.patient_number}/${args.contact_number}`, state.contacts)] = { patient: args.patient_number, contact: args.contact_number };
    const { name, born } = rowOf(state.patients, args.contact_number);
    const from = createRng(`${state.salt}/called/${args.contact_number}`).int(7, 14);
    return { contact_name: name, contact_age: Math.floor(daysBetween(born, state.today) / 365.25), called_between: `${from}:00 and ${from + 6}:00` };
  },
});

const listReferrals = tool({
  name: 'list_referrals',
  about: "List a patient's referrals with specialty, validity and visits left.",
  in: z.strictObject({ patient_number: patientNumber('Number of the patient') }),
  out: z.object({
    referrals: z.array(z.object({ referral_id: referralId, specialty, issued_by: z.string().describe('Doctor who issued it'), valid_until: z.iso.date().describe('Last day of its validity'), visits_left: z.int().describe('Visits left on it') })).describe('The referrals'),
  }),
  needs: [session, patientExists((args) => args.patient_number)],
  run: ({ state }, args) => ({
    referrals: rowsOf(state.referrals, (one) => one.patient === args.patient_number).map(([referral_id, one]) => ({ referral_id, specialty: one.specialty, issued_by: one.issuedBy, valid_until: one.validUntil, visits_left: visitsLeft(state, referral_id) })),
  }),
});

const requestReferral = tool({
  name: 'request_referral',
  about: 'Ask the house doctor for a referral to a specialty for which the patient has no valid one.',
  in: z.strictObject({ patient_number: patientNumber('Number of the patient'), specialty }),
  out: z.object({ referral_id: referralId, issued_by: z.string().describe('Doctor who issued it'), valid_until: z.iso.date().describe('Last day of its validity'), visits_left: z.int().describe('Visits it is good for') }),
  writes: ['referrals'],
  needs: [
    session,
    patientExists((args) => args.patient_number),
    must('not_found', (state, args) => Object.values(state.clinicians).some((one) => sameName(one.specialty, args.specialty)), (args) => `The clinic has no \`${args.specialty}\`.`),
    must(
      'conflict',
      (state, args) => !rowsOf(state.referrals, (one) => one.patient === args.patient_number && sameName(one.specialty, args.specialty)).some(([id, one]) => one.validUntil >= state.today && visitsLeft(state, id) > 0),
      (args) => `The patient has a valid referral to ${args.specialty} already.`,
    ),
  ],
  run: ({ state, id }, args) => {
    const rng = createRng(`${state.salt}/referral/${args.patient_number}/${args.specialty.toLowerCase()}`);
    const referral = { patient: args.patient_number, specialty: args.specialty.trim().toLowerCase(), issuedBy: `Dr ${rng.pick(['Ashgrove', 'Bellamy', 'Corrigan', 'Thistlewood'])}`, validUntil: addDays(state.today, rng.int(60, 120)), visits: rng.int(1, 4) };
    const referral_id = id('RF', `${args.patient_number}/${referral.specialty}`, state.referrals);
    state.referrals[referral_id] = referral;
    return { referral_id, issued_by: referral.issuedBy, valid_until: referral.validUntil, visits_left: referral.visits };
  },
});

// ---- slots and appointments ----

const findClinicians = tool({
  name: 'find_clinicians',
  about: 'List the specialists of a specialty with floor and fee. Slots go by their codes.',
  in: z.strictObject({ specialty }),
  out: z.object({
    clinicians: z.array(z.object({ clinician_id: clinicianId, name: z.string().describe('Name of the specialist'), floor: z.int().describe('Floor of the practice'), visit_fee: money("Patient's share of a visit") })).describe('The specialists'),
  }),
  needs: [must('not_found', (state, args) => Object.values(state.clinicians).some((one) => sameName(one.specialty, args.specialty)), (args) => `The clinic has no \`${args.specialty}\`.`)],
  run: ({ state }, args) => ({
    clinicians: rowsOf(state.clinicians, (one) => sameName(one.specialty, args.specialty)).map(([clinician_id, { name, floor, feeCents }]) => ({ clinician_id, name, floor, visit_fee: fromCents(feeCents) })),
  }),
});

const searchSlots = tool({
  name: 'search_slots',
  about: `List the slots of a specialist on one day, within ${DAYS_AHEAD} days from today.`,
  in: z.strictObject({ clinician_id: clinicianId, date: day('Day, as YYYY-MM-DD') }),
  out: z.object({
    slots: z.array(z.object({ slot_id: slotId, starts: clock('Start'), ends: clock('End'), room: z.string().describe('Room'), free: z.boolean().describe('Whether the slot can be held') })).describe('The slots in order of their start'),
  }),
  needs: [
    exists('specialist', (state) => state.clinicians, (args) => args.clinician_id),
    notPast((args) => args.date, DAYS_AHEAD - 1),
    must('not_found', (state, args) => Object.values(state.slots).some((one) => one.clinician === args.clinician_id && one.date === args.date), (args) => `The specialist does not work on ${args.date}.`),
  ],
  run: ({ state }, args) => ({
    slots: sortedBy(rowsOf(state.slots, (one) => one.clinician === args.clinician_id && one.date === args.date), ([, one]) => one.starts).map(([slot_id, { starts }]) => ({
      slot_id,
      starts,
      ends: timeOf(minutesOf(starts) + createRng(`${state.salt}/length/${slot_id}`).pick([20, 30, 45, 60])),
      room: roomOf(state, slot_id),
      free: takersOf(state, slot_id) === 0,
    })),
  }),
});

const holdSlot = tool({
  name: 'hold_slot',
  about: 'Hold a free slot on a referral to its specialty. The referral must be valid on that day and have visits left.',
  in: z.strictObject({ slot_id: slotId, referral_id: referralId }),
  out: z.object({ hold_id: holdId, patient: z.string().describe('Name of the patient'), clinician: z.string().describe('Name of the specialist'), room: z.string().describe('Room of the visit') }),
  writes: ['holds'],
  needs: [
    session,
    ...slotFree,
    exists('referral', (state) => state.referrals, (args) => args.referral_id),
    must('precondition', (state, args) => rowOf(state.referrals, args.referral_id).specialty === clinicianOf(state, args.slot_id).specialty, (args, state) => `Referral \`${args.referral_id}\` is to ${rowOf(state.referrals, args.referral_id).specialty}; the slot is in ${clinicianOf(state, args.slot_id).specialty}.`),
    must('precondition', (state, args) => rowOf(state.referrals, args.referral_id).validUntil >= rowOf(state.slots, args.slot_id).date, (args, state) => `Referral \`${args.referral_id}\` is valid until ${rowOf(state.referrals, args.referral_id).validUntil} only.`),
    must('conflict', (state, args) => visitsLeft(state, args.referral_id) > 0, (args) => `No visits are left on referral \`${args.referral_id}\`.`),
    must('conflict', (state, args) => !Object.values(state.holds).some((one) => one.referral === args.referral_id && !one.confirmed), (args) => `A slot is held on referral \`${args.referral_id}\` already.`),
  ],
  run: ({ state, id }, args) => {
    const hold_id = id('HD', `${args.slot_id}/${args.referral_id}`, state.holds);
    state.holds[hold_id] = { slot: args.slot_id, referral: args.referral_id, confirmed: false };
    return { hold_id, patient: rowOf(state.patients, rowOf(state.referrals, args.referral_id).patient).name, clinician: clinicianOf(state, args.slot_id).name, room: roomOf(state, args.slot_id) };
  },
});

const confirmHold = tool({
  name: 'confirm_hold',
  about: 'Confirm a held slot as an appointment and choose how the patient is reminded.',
  in: z.strictObject({ hold_id: holdId, reminder: z.enum(['text_message', 'e_mail', 'letter']).describe('How the patient is reminded') }),
  out: z.object({ appointment_id: appointmentId, date: day('Day of the visit'), arrive_by: clock('Time by which the patient should be there'), visit_fee: money("Patient's share of the visit") }),
  writes: ['holds', 'appointments'],
  needs: [
    session,
    exists('hold', (state) => state.holds, (args) => args.hold_id),
    must('conflict', (state, args) => !rowOf(state.holds, args.hold_id).confirmed, (args) => `Hold \`${args.hold_id}\` has been confirmed.`),
  ],
  run: ({ state, id }, args) => {
    const hold = rowOf(state.holds, args.hold_id);
    const slot = rowOf(state.slots, hold.slot);
    hold.confirmed = true;
    const appointment_id = id('AP', args.hold_id, state.appointments);
    state.appointments[appointment_id] = { patient: rowOf(state.referrals, hold.referral).patient, slot: hold.slot, referral: hold.referral, status: 'booked', vitals: null };
    const early = createRng(`${state.salt}/early/${hold.slot}`).int(2, 6) * 5;
    return { appointment_id, date: slot.date, arrive_by: timeOf(minutesOf(slot.starts) - early), visit_fee: fromCents(clinicianOf(state, hold.slot).feeCents) };
  },
});

const listAppointments = tool({
  name: 'list_appointments',
  about: "List a patient's appointments from today on, with day, time and specialist.",
  in: z.strictObject({ patient_number: patientNumber('Number of the patient') }),
  out: z.object({
    appointments: z.array(z.object({ appointment_id: appointmentId, date: day('Day of the visit'), starts: clock('Start'), clinician: z.string().describe('Name of the specialist'), room: z.string().describe('Room'), status: z.enum(VISIT_STATUSES).describe('Status of the appointment') })).describe('The appointments, soonest first'),
  }),
  needs: [session, patientExists((args) => args.patient_number)],
  run: ({ state }, args) => ({
    appointments: sortedBy(
      rowsOf(state.appointments, (one) => one.patient === args.patient_number).map(([appointment_id, one]) => ({ appointment_id, one, slot: rowOf(state.slots, one.slot) })).filter(({ slot }) => slot.date >= state.today),
      ({ slot, appointment_id }) => `${slot.date} ${slot.starts} ${appointment_id}`,
    ).map(({ appointment_id, one, slot }) => ({ appointment_id, date: slot.date, starts: slot.starts, clinician: clinicianOf(state, one.slot).name, room: roomOf(state, one.slot), status: one.status })),
  }),
});

const rescheduleAppointment = tool({
  name: 'reschedule_appointment',
  about: 'Move a booked appointment to a free slot of the same specialty.',
  in: z.strictObject({ appointment_id: appointmentId, slot_id: slotId }),
  out: z.object({ clinician: z.string().describe('Name of the specialist'), room: z.string().describe('New room'), moved_by_days: z.int().describe('Days by which it moved, negative when it is earlier') }),
  writes: ['appointments'],
  needs: [
    session,
    appointmentExists,
    visitIs('booked'),
    ...slotFree,
    must('precondition', (state, args) => clinicianOf(state, args.slot_id).specialty === clinicianOf(state, visitOf(state, args).slot).specialty, (args, state) => `The appointment is in ${clinicianOf(state, visitOf(state, args).slot).specialty}, the slot in ${clinicianOf(state, args.slot_id).specialty}.`),
    must('precondition', (state, args) => {
      const { referral } = visitOf(state, args);
      return referral === null || rowOf(state.referrals, referral).validUntil >= rowOf(state.slots, args.slot_id).date;
    }, () => 'The referral is not valid on that day any more.'),
  ],
  run: ({ state }, args) => {
    const visit = visitOf(state, args);
    const before = rowOf(state.slots, visit.slot).date;
    visit.slot = args.slot_id;
    return { clinician: clinicianOf(state, args.slot_id).name, room: roomOf(state, args.slot_id), moved_by_days: daysBetween(before, rowOf(state.slots, args.slot_id).date) };
  },
});

const callOffVisit = tool({
  name: 'call_off_visit',
  about: 'Cancel a booked appointment. Today or a day ahead it costs a fee, except for illness; the visit goes back to the referral.',
  in: z.strictObject({ appointment_id: appointmentId, reason: z.enum(['illness', 'no_time', 'recovered', 'went_elsewhere']).describe('Why it is cancelled') }),
  out: z.object({ cancellation_fee: money('Fee for the cancellation'), freed_room: z.string().describe('Room that becomes free'), notice_to: z.string().describe('Specialist who is told') }),
  writes: ['appointments'],
  needs: [session, appointmentExists, visitIs('booked')],
  run: ({ state }, args) => {
    const visit = visitOf(state, args);
    visit.status = 'cancelled';
    const late = daysBetween(state.today, rowOf(state.slots, visit.slot).date) <= 1;
    return { cancellation_fee: late && args.reason !== 'illness' ? fromCents(clinicianOf(state, visit.slot).feeCents) : 0, freed_room: roomOf(state, visit.slot), notice_to: clinicianOf(state, visit.slot).name };
  },
});

// ---- the visit ----

const checkInPatient = tool({
  name: 'check_in_patient',
  about: 'Check a patient in for an appointment of today.',
  in: z.strictObject({ appointment_id: appointmentId }),
  out: z.object({ queue_ticket: z.string().describe('Ticket with which the patient is called'), waiting_area: z.string().describe('Area where the patient waits'), wait_minutes: z.int().describe('Wait to expect, in minutes') }),
  writes: ['appointments'],
  needs: [
    session,
    appointmentExists,
    visitIs('booked'),
    must('precondition', (state, args) => rowOf(state.slots, visitOf(state, args).slot).date === state.today, (args, state) => `Appointment \`${args.appointment_id}\` is on ${rowOf(state.slots, visitOf(state, args).slot).date}, today is ${state.today}.`),
  ],
  run: ({ state }, args) => {
    visitOf(state, args).status = 'checked_in';
    const rng = createRng(`${state.salt}/queue/${args.appointment_id}`);
    return { queue_ticket: `${rng.pick(['B', 'K', 'R', 'T'])}${rng.int(104, 987)}`, waiting_area: rng.pick(['Willow', 'Marigold', 'Juniper', 'Bluebell', 'Sorrel']), wait_minutes: rng.int(11, 48) };
  },
});

const judged = (systolic: number): 'low' | 'normal' | 'raised' | 'high' => (systolic < 105 ? 'low' : systolic < 130 ? 'normal' : systolic < 150 ? 'raised' : 'high');

const recordVitals = tool({
  name: 'record_vitals',
  about: 'Record blood pressure and pulse of a patient who is checked in, once for each visit.',
  in: z.strictObject({
    appointment_id: appointmentId,
    systolic: z.int().min(60).max(240).describe('Systolic blood pressure, in mmHg'),
    pulse: z.int().min(30).max(200).describe('Pulse, in beats a minute'),
  }),
  out: z.object({ pressure: z.enum(['low', 'normal', 'raised', 'high']).describe('How the blood pressure is judged'), change_since_last: z.int().describe('Difference to the systolic pressure of the record before, in mmHg'), nurse: z.string().describe('Nurse who takes over') }),
  writes: ['appointments'],
  needs: [
    session,
    appointmentExists,
    visitIs('checked_in'),
    must('conflict', (state, args) => visitOf(state, args).vitals === null, (args) => `The vitals of \`${args.appointment_id}\` have been recorded.`),
  ],
  run: ({ state }, args) => {
    const visit = visitOf(state, args);
    visit.vitals = { systolic: args.systolic, pulse: args.pulse };
    const before = createRng(`${state.salt}/before/${visit.patient}`).int(100, 150);
    return { pressure: judged(args.systolic), change_since_last: args.systolic - before, nurse: createRng(`${state.salt}/nurse/${args.appointment_id}`).pick(['Nurse Avery', 'Nurse Dagmar', 'Nurse Ifeoma', 'Nurse Lorcan']) };
  },
});

const writeVisitNote = tool({
  name: 'write_visit_note',
  about: 'Write the note of a visit whose vitals are recorded, with finding and follow-up. It closes the visit.',
  in: z.strictObject({ appointment_id: appointmentId, finding: z.enum(FINDINGS).describe('What was found'), follow_up_weeks: z.int().min(1).max(12).default(4).describe('Weeks until the next look') }),
  out: z.object({ note_id: noteId, review_on: z.iso.date().describe('Day of the next look'), copy_sent_to: z.string().describe('House doctor who gets a copy') }),
  writes: ['appointments', 'notes'],
  needs: [
    session,
    appointmentExists,
    visitIs('checked_in'),
    must('precondition', (state, args) => visitOf(state, args).vitals !== null, (args) => `Record the vitals of \`${args.appointment_id}\` before the note.`),
  ],
  run: ({ state, id }, args) => {
    const visit = visitOf(state, args);
    visit.status = 'seen';
    const note_id = id('VN', args.appointment_id, state.notes);
    const review_on = addDays(state.today, 7 * args.follow_up_weeks);
    state.notes[note_id] = { appointment: args.appointment_id, finding: args.finding, reviewOn: review_on };
    return { note_id, review_on, copy_sent_to: `Dr ${createRng(`${state.salt}/house/${visit.patient}`).pick(['Ashgrove', 'Bellamy', 'Corrigan', 'Thistlewood'])}` };
  },
});

const pastVisits = tool({
  name: 'past_visits',
  about: "List a patient's visits that have a note.",
  in: z.strictObject({ patient_number: patientNumber('Number of the patient') }),
  out: z.object({
    visits: z.array(z.object({ note_id: noteId, seen_on: z.iso.date().describe('Day of the visit'), clinician: z.string().describe('Name of the specialist') })).describe('The visits, earliest first'),
  }),
  needs: [session, patientExists((args) => args.patient_number)],
  run: ({ state }, args) => ({
    visits: sortedBy(
      rowsOf(state.notes).map(([note_id, one]) => ({ note_id, visit: rowOf(state.appointments, one.appointment) })).filter(({ visit }) => visit.patient === args.patient_number),
      ({ note_id, visit }) => `${rowOf(state.slots, visit.slot).date} ${note_id}`,
    ).map(({ note_id, visit }) => ({ note_id, seen_on: rowOf(state.slots, visit.slot).date, clinician: clinicianOf(state, visit.slot).name })),
  }),
});

const readVisitNote = tool({
  name: 'read_visit_note',
  about: 'Read a visit note: finding, vitals and what comes next.',
  in: z.strictObject({ note_id: noteId }),
  out: z.object({ finding: z.enum(FINDINGS).describe('What was found'), systolic: z.int().describe('Systolic blood pressure at the visit, in mmHg'), pulse: z.int().describe('Pulse at the visit, in beats a minute'), review_on: z.iso.date().describe('Day of the next look'), advice: z.string().describe('Advice to the patient') }),
  needs: [session, exists('note', (state) => state.notes, (args) => args.note_id)],
  run: ({ state }, args) => {
    const note = rowOf(state.notes, args.note_id);
    const vitals = rowOf(state.appointments, note.appointment).vitals ?? { systolic: 0, pulse: 0 };
    return { finding: note.finding, ...vitals, review_on: note.reviewOn, advice: createRng(`${state.salt}/advice/${args.note_id}`).pick(['walk half an hour a day', 'drink more water', 'keep the bandage dry', 'rest for a week', 'avoid bright screens at night']) };
  },
});

/** The tools of the clinic, as its desk assistant would be given them. */
export const clinicTools: readonly DomainTool<ClinicState>[] = [
  startDeskSession,
  findPatient,
  linkContactPerson,
  listReferrals,
  requestReferral,
  findClinicians,
  searchSlots,
  holdSlot,
  confirmHold,
  listAppointments,
  rescheduleAppointment,
  callOffVisit,
  checkInPatient,
  recordVitals,
  writeVisitNote,
  pastVisits,
  readVisitNote,
];
