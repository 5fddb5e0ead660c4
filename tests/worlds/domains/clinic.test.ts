import { createClinicWorld } from '../../../src/worlds/builtin/clinic';
import { rowsIn, rowWith, talkTo, type Talk } from '../../fixtures/talk';

const world = createClinicWorld();

/** A desk session with the first patient in front of it. */
async function atDesk() {
  const chat = await talkTo(world);
  await chat.ask('start_desk_session', { badge: chat.say.badge as string, pin: chat.say.desk_pin as string });
  const patient_number = await chat.get('find_patient', 'patient_number', { insurance_number: chat.say.insurance_1 as string });
  return { ...chat, patient_number };
}

/** A free slot of a specialty on one of the days that would do. */
async function freeSlot({ ask, say }: Talk, specialty: string): Promise<string> {
  for (const clinician of rowsIn(await ask('find_clinicians', { specialty }), 'clinicians')) {
    for (const date of [say.day_1, say.day_2, say.day_3]) {
      const free = rowsIn(await ask('search_slots', { clinician_id: clinician.clinician_id as string, date: date as string }), 'slots').find((one) => one.free === true);
      if (free) return free.slot_id as string;
    }
  }
  throw new Error('Expected a free slot');
}

describe('an appointment', () => {
  test('comes from a referral, a slot and a hold, and can be moved and cancelled', async () => {
    const chat = await atDesk();
    const { ask, get, attempt, say, patient_number } = chat;
    const referral = rowWith(await ask('list_referrals', { patient_number }), 'referrals', { specialty: say.specialty_1 as string });
    const slot_id = await freeSlot(chat, say.specialty_1 as string);
    const referral_id = referral.referral_id as string;
    const hold_id = await get('hold_slot', 'hold_id', { slot_id, referral_id });
    expect(await attempt('hold_slot', { slot_id, referral_id })).toMatchObject({ fault: 'conflict' });
    const appointment_id = await get('confirm_hold', 'appointment_id', { hold_id, reminder: 'letter' });
    expect(rowWith(await ask('list_referrals', { patient_number }), 'referrals', { referral_id }).visits_left).toBe((referral.visits_left as number) - 1);
    await ask('reschedule_appointment', { appointment_id, slot_id: await freeSlot(chat, say.specialty_1 as string) });
    expect(await attempt('check_in_patient', { appointment_id })).toMatchObject({ fault: 'precondition' });
    expect((await ask('call_off_visit', { appointment_id, reason: 'recovered' })).cancellation_fee).toBe(0);
    expect(await attempt('call_off_visit', { appointment_id, reason: 'recovered' })).toMatchObject({ fault: 'conflict' });
  });

  test('is not to be had on a referral that has run out or is to another specialty', async () => {
    const chat = await atDesk();
    const { ask, get, attempt, say, patient_number } = chat;
    const referrals = await ask('list_referrals', { patient_number });
    const expired = rowWith(referrals, 'referrals', { specialty: say.specialty_2 as string }).referral_id as string;
    const slot_id = await freeSlot(chat, say.specialty_2 as string);
    expect(await attempt('hold_slot', { slot_id, referral_id: expired })).toMatchObject({ fault: 'precondition', message: expect.stringContaining('valid until') });
    const other = rowWith(referrals, 'referrals', { specialty: say.specialty_1 as string }).referral_id as string;
    expect(await attempt('hold_slot', { slot_id, referral_id: other })).toMatchObject({ fault: 'precondition' });
    expect(await attempt('request_referral', { patient_number, specialty: say.specialty_1 as string })).toMatchObject({ fault: 'conflict' });
    const fresh = await get('request_referral', 'referral_id', { patient_number, specialty: say.specialty_2 as string });
    await ask('hold_slot', { slot_id, referral_id: fresh });
  });
});

describe('a visit', () => {
  test('goes from check-in over vitals to a note', async () => {
    const { ask, attempt, say, patient_number } = await atDesk();
    const appointment_id = rowsIn(await ask('list_appointments', { patient_number }), 'appointments')[0]?.appointment_id as string;
    const vitals = { appointment_id, systolic: say.systolic as unknown as number, pulse: say.pulse as unknown as number };
    expect(await attempt('record_vitals', vitals)).toMatchObject({ fault: 'precondition' });
    await ask('check_in_patient', { appointment_id });
    expect(await attempt('write_visit_note', { appointment_id, finding: 'stable' })).toMatchObject({ fault: 'precondition', message: expect.stringContaining('vitals') });
    await ask('record_vitals', vitals);
    const { note_id } = await ask('write_visit_note', { appointment_id, finding: 'stable', follow_up_weeks: 6 });
    expect(await ask('read_visit_note', { note_id: note_id as string })).toMatchObject({ finding: 'stable', systolic: vitals.systolic, pulse: vitals.pulse });
    expect(await attempt('call_off_visit', { appointment_id, reason: 'no_time' })).toMatchObject({ fault: 'conflict' });
  });

  test('nobody is their own contact person', async () => {
    const { ask, get, attempt, say, patient_number } = await atDesk();
    expect(await attempt('link_contact_person', { patient_number, contact_number: patient_number, relation: 'spouse' })).toMatchObject({ fault: 'precondition' });
    const contact_number = await get('find_patient', 'patient_number', { insurance_number: say.insurance_3 as string });
    await ask('link_contact_person', { patient_number, contact_number, relation: 'sibling' });
  });
});
