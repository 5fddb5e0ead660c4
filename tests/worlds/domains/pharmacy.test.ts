import type { JsonObject } from '../../../src/core/json';
import { createPharmacyWorld } from '../../../src/worlds/builtin/pharmacy';
import { rowsIn, rowWith, talkTo } from '../../fixtures/talk';

const world = createPharmacyWorld();

/** A shift with one of the patients at the counter. */
async function serving(card: string) {
  const chat = await talkTo(world);
  await chat.ask('start_counter_shift', { licence: chat.say.licence as string, pin: chat.say.pin as string });
  const patient_number = await chat.get('find_patient', 'patient_number', { health_card: chat.say[card] as string });
  const prescriptions = rowsIn(await chat.ask('list_prescriptions', { patient_number }), 'prescriptions').filter((one) => one.status === 'issued');
  const batches = async (one: JsonObject): Promise<JsonObject[]> => rowsIn(await chat.ask('list_batches', { medicine_code: one.medicine_code as string }), 'batches');
  return { ...chat, patient_number, prescriptions, batches };
}

describe('from a prescription to the bag', () => {
  test('a severe finding waits for the prescriber; then the batch that expires first is set aside and dispensed', async () => {
    const { ask, get, attempt, say, prescriptions, batches } = await serving('health_card_1');
    const risky = prescriptions.find((one) => one.medicine === say.medicine_1) as JsonObject;
    const { check_id, severity } = await ask('run_safety_check', { prescription_id: risky.prescription_id as string });
    expect(severity).toBe('severe');
    const [expired, first, second] = (await batches(risky)).map((one) => ({ check_id: check_id as string, batch_id: one.batch_id as string }));
    expect(await attempt('set_aside', first as JsonObject)).toMatchObject({ fault: 'precondition', message: expect.stringContaining('override') });
    await ask('ask_for_override', { check_id: check_id as string, argument: 'short_course' });
    expect(await attempt('set_aside', expired as JsonObject)).toMatchObject({ fault: 'precondition', message: expect.stringContaining('expired') });
    expect(await attempt('set_aside', second as JsonObject)).toMatchObject({ fault: 'conflict', message: expect.stringContaining('sooner') });
    const held = await ask('set_aside', first as JsonObject);
    const done = await ask('dispense_packs', { hold_id: held.hold_id as string, payment: 'card' });
    expect(done.amount_paid).toBe(held.to_pay);
    expect(await attempt('dispense_packs', { hold_id: held.hold_id as string, payment: 'card' })).toMatchObject({ fault: 'conflict' });
    const dispensing_id = done.dispensing_id as string;
    await ask('plan_refill', { dispensing_id, date: say.later_refill_day as string });
    expect(await attempt('plan_refill', { dispensing_id, date: say.later_refill_day as string })).toMatchObject({ fault: 'conflict' });
    expect(await get('pair_warning', 'severity', { first_medicine: risky.medicine_code as string, second_medicine: await get('find_medicine', 'medicine_code', { name: say.medicine_2 as string }) })).toBe('severe');
  });

  test('what is out of stock comes from the sister pharmacy, and nothing else does', async () => {
    const { ask, get, attempt, say, prescriptions, batches } = await serving('health_card_2');
    const missing = prescriptions.find((one) => one.medicine === say.medicine_3) as JsonObject;
    const check_id = await get('run_safety_check', 'check_id', { prescription_id: missing.prescription_id as string });
    for (const batch of await batches(missing)) expect(await attempt('set_aside', { check_id, batch_id: batch.batch_id as string })).toMatchObject({ ok: false });
    const batch_id = await get('order_from_sister', 'batch_id', { medicine_code: missing.medicine_code as string, packs: 3 });
    await ask('set_aside', { check_id, batch_id });
    const other = await get('find_medicine', 'medicine_code', { name: say.medicine_1 as string });
    expect(await attempt('order_from_sister', { medicine_code: other, packs: 3 })).toMatchObject({ fault: 'precondition' });
  });

  test('an old prescription is not checked; a paper one takes its place, once', async () => {
    const { ask, attempt, say, prescriptions, patient_number } = await serving('health_card_2');
    const old = prescriptions.find((one) => one.medicine !== say.medicine_3) as JsonObject;
    expect(await attempt('run_safety_check', { prescription_id: old.prescription_id as string })).toMatchObject({ fault: 'precondition', message: expect.stringContaining('valid until') });
    const paper = { patient_number, medicine_code: old.medicine_code as string, prescriber: say.prescriber as string };
    const { prescription_id } = await ask('register_paper_prescription', paper);
    expect(await attempt('register_paper_prescription', paper)).toMatchObject({ fault: 'conflict' });
    expect((await ask('run_safety_check', { prescription_id: prescription_id as string })).severity).toBe('severe');
  });

  test('refills end', async () => {
    const { ask, attempt, say, patient_number } = await serving('health_card_2');
    const spent = rowWith(await ask('dispensing_history', { patient_number }), 'dispensings', { refills_left: 0 });
    expect(await attempt('plan_refill', { dispensing_id: spent.dispensing_id as string, date: say.refill_day as string })).toMatchObject({ fault: 'precondition', message: expect.stringContaining('no refills') });
  });
});
