import { createTelecomWorld } from '../../../src/worlds/builtin/telecom';
import { rowsIn, talkTo } from '../../fixtures/talk';

const world = createTelecomWorld();

/** A verified customer with one of their lines and its device. */
async function onLine(phone: string) {
  const chat = await talkTo(world);
  await chat.ask('verify_customer', { customer_number: chat.say.customer_number as string, password: chat.say.password as string });
  const line_id = await chat.get('find_line', 'line_id', { phone_number: chat.say[phone] as string });
  return { ...chat, line_id, device_id: await chat.get('line_device', 'device_id', { line_id }) };
}

async function ordered(phone: string) {
  const chat = await onLine(phone);
  const test_code = await chat.get('request_test_code', 'test_code', { device_id: chat.device_id });
  const diagnosis_id = await chat.get('run_diagnosis', 'diagnosis_id', { line_id: chat.line_id, test_code });
  return { ...chat, test_code, diagnosis_id, fix_order_id: await chat.get('place_fix_order', 'fix_order_id', { diagnosis_id }) };
}

describe('a line that does not work', () => {
  test('is tested, fixed from afar, rebooted, verified and credited, in this order', async () => {
    const { ask, get, attempt, say, line_id, device_id, diagnosis_id, fix_order_id, test_code } = await ordered('phone_1');
    expect(await attempt('run_diagnosis', { line_id, test_code })).toMatchObject({ fault: 'conflict' });
    expect(await attempt('place_fix_order', { diagnosis_id })).toMatchObject({ fault: 'conflict' });
    await ask('restart_device', { device_id });
    await ask('apply_remote_fix', { fix_order_id });
    expect(await attempt('verify_line', { fix_order_id })).toMatchObject({ fault: 'precondition', message: expect.stringContaining('rebooted') });
    await ask('restart_device', { device_id });
    expect(await attempt('claim_credit', { fix_order_id })).toMatchObject({ fault: 'precondition' });
    const { days_down } = await ask('verify_line', { fix_order_id });
    expect((await ask('claim_credit', { fix_order_id })).credited).toBeCloseTo(1.8 * (days_down as number), 2);
    expect(await attempt('claim_credit', { fix_order_id })).toMatchObject({ fault: 'conflict' });
    expect(await get('find_line', 'status', { phone_number: say.phone_1 as string })).toBe('working');
    const again = await get('request_test_code', 'test_code', { device_id });
    const healthy = await ask('run_diagnosis', { line_id, test_code: again });
    expect(await attempt('place_fix_order', { diagnosis_id: healthy.diagnosis_id as string })).toMatchObject({ fault: 'precondition' });
  });

  test('gets an engineer when its cable is broken, and no fix from afar', async () => {
    const { ask, attempt, fix_order_id } = await ordered('phone_2');
    expect(await attempt('apply_remote_fix', { fix_order_id })).toMatchObject({ fault: 'precondition', message: expect.stringContaining('engineer') });
    const slots = rowsIn(await ask('engineer_slots', { fix_order_id }), 'slots').map((one) => one.slot_id as string);
    await ask('book_engineer', { slot_id: slots[1] as string, access: 'key_box' });
    expect(await attempt('book_engineer', { slot_id: slots[0] as string, access: 'key_box' })).toMatchObject({ fault: 'conflict' });
    expect(await attempt('verify_line', { fix_order_id })).toMatchObject({ fault: 'precondition' });
  });

  test('is not tested with the code of another device', async () => {
    const { get, attempt, say, device_id } = await onLine('phone_1');
    const test_code = await get('request_test_code', 'test_code', { device_id });
    expect(await attempt('request_test_code', { device_id })).toMatchObject({ fault: 'conflict' });
    const other = await get('find_line', 'line_id', { phone_number: say.phone_2 as string });
    expect(await attempt('run_diagnosis', { line_id: other, test_code })).toMatchObject({ fault: 'precondition' });
  });

  test('forwards its calls to one that works, never in a circle, and keeps its plan', async () => {
    const { ask, get, attempt, say, line_id } = await onLine('phone_1');
    const working = await get('find_line', 'line_id', { phone_number: say.phone_3 as string });
    expect(await attempt('forward_calls', { from_line: working, to_line: line_id })).toMatchObject({ fault: 'precondition' });
    await ask('forward_calls', { from_line: line_id, to_line: working });
    expect(await attempt('forward_calls', { from_line: working, to_line: line_id })).toMatchObject({ fault: 'precondition', message: expect.stringContaining('come back') });
    expect(await attempt('quote_plan_change', { line_id, plan_name: say.plan_1 as string })).toMatchObject({ fault: 'precondition' });
    const quote_id = await get('quote_plan_change', 'quote_id', { line_id: working, plan_name: say.plan_1 as string });
    await ask('confirm_plan_change', { quote_id, first_day: say.first_day as string });
    expect(await attempt('quote_plan_change', { line_id: working, plan_name: say.plan_1 as string })).toMatchObject({ fault: 'conflict' });
  });
});
