import { trueEdgesOf, type TrueGroup } from '../true-edges';

const { out, data, state } = trueEdgesOf('clinic');

const PATIENT = [out('find_patient', '/patient_number')];
const REFERRAL = [out('list_referrals', '/referrals/*/referral_id'), out('request_referral', '/referral_id')];
const SLOT = [out('search_slots', '/slots/*/slot_id')];
const APPOINTMENT = [out('list_appointments', '/appointments/*/appointment_id'), out('confirm_hold', '/appointment_id')];
const NOTE = [out('past_visits', '/visits/*/note_id'), out('write_visit_note', '/note_id')];
const NEEDS_SESSION = ['find_patient', 'link_contact_person', 'list_referrals', 'request_referral', 'hold_slot', 'confirm_hold', 'list_appointments', 'reschedule_appointment', 'call_off_visit', 'check_in_patient', 'record_vitals', 'write_visit_note', 'past_visits', 'read_visit_note'];

/** The clinic's dependencies as its author knows them. Only tests may read them. */
export const CLINIC_EDGES: readonly TrueGroup[] = [
  data('link_contact_person', '/patient_number', PATIENT),
  data('link_contact_person', '/contact_number', PATIENT),
  ...['list_referrals', 'request_referral', 'list_appointments', 'past_visits'].map((tool) => data(tool, '/patient_number', PATIENT)),
  data('search_slots', '/clinician_id', [out('find_clinicians', '/clinicians/*/clinician_id')]),
  data('hold_slot', '/slot_id', SLOT),
  data('hold_slot', '/referral_id', REFERRAL),
  data('confirm_hold', '/hold_id', [out('hold_slot', '/hold_id')]),
  data('reschedule_appointment', '/slot_id', SLOT),
  ...['reschedule_appointment', 'call_off_visit', 'check_in_patient', 'record_vitals', 'write_visit_note'].map((tool) => data(tool, '/appointment_id', APPOINTMENT)),
  data('read_visit_note', '/note_id', NOTE),
  ...NEEDS_SESSION.map((tool) => state(tool, 'start_desk_session')),
  state('record_vitals', 'check_in_patient'),
  state('write_visit_note', 'record_vitals'),
  // What the desk knows and a list tells as well.
  data('search_slots', '/date', [out('list_appointments', '/appointments/*/date'), out('confirm_hold', '/date')], 'optional'),
  ...['find_clinicians', 'request_referral'].map((tool) => data(tool, '/specialty', [out('list_referrals', '/referrals/*/specialty')], 'optional')),
];
