import { createTimeSeriesWorld } from '../../../src/worlds/builtin/time-series';
import { rowsIn, rowWith, talkTo, type Talk } from '../../fixtures/talk';

const world = createTimeSeriesWorld();

async function windowed(calibrated: boolean): Promise<Talk & { series_id: string; sensor_id: string; window_id: string; site_id: string }> {
  const talk = await talkTo(world);
  await talk.ask('unlock_console', { operator_name: talk.say.operator as string, console_code: talk.say.operator_code as string });
  const site_id = await talk.get('find_site', 'site_id', { site_name: talk.say.site_1 as string });
  const sensor_id = rowWith(await talk.ask('list_sensors', { site_id }), 'sensors', { calibrated }).sensor_id as string;
  const series_id = rowsIn(await talk.ask('list_series', { sensor_id }), 'series')[0]?.series_id as string;
  const window_id = await talk.get('cut_window', 'window_id', { series_id, first_day: talk.say.storm_day as string, last_day: talk.say.complaint_day as string });
  return { ...talk, site_id, sensor_id, series_id, window_id };
}

test('from a site to an armed rule, whose threshold lies beyond the aggregate', async () => {
  const { ask, attempt, get, say, site_id, window_id } = await windowed(true);
  const { aggregate_id, value, unit } = await ask('aggregate_window', { window_id, use: 'highest' });
  const rule = await ask('draft_rule', { aggregate_id: aggregate_id as string, contact_name: say.contact as string });
  expect(rule.unit).toBe(unit);
  expect(rule.threshold as number).toBeGreaterThan(value as number);
  const rule_id = rule.rule_id as string;
  expect(await attempt('arm_rule', { rule_id })).toMatchObject({ fault: 'precondition', message: expect.stringContaining('draft') });
  await ask('test_rule', { rule_id });
  expect(await get('arm_rule', 'called_first', { rule_id })).toBe(say.contact);
  expect(rowWith(await ask('list_rules', { site_id }), 'rules', { rule_id })).toMatchObject({ status: 'armed' });
  expect(await attempt('test_rule', { rule_id })).toMatchObject({ fault: 'conflict' });
});

test('a series has one armed rule', async () => {
  const { ask, attempt, get, say, window_id } = await windowed(true);
  const tested = async (use: string): Promise<string> => {
    const aggregate_id = await get('aggregate_window', 'aggregate_id', { window_id, use });
    const rule_id = await get('draft_rule', 'rule_id', { aggregate_id, contact_name: say.other_contact as string });
    await ask('test_rule', { rule_id });
    return rule_id;
  };
  await ask('arm_rule', { rule_id: await tested('mean') });
  expect(await attempt('arm_rule', { rule_id: await tested('lowest') })).toMatchObject({ fault: 'conflict' });
});

test('a rule waits until the sensor is calibrated', async () => {
  const { ask, attempt, get, say, sensor_id, window_id } = await windowed(false);
  const args = { aggregate_id: await get('aggregate_window', 'aggregate_id', { window_id, use: 'mean' }), contact_name: say.contact as string };
  expect(await attempt('draft_rule', args)).toMatchObject({ fault: 'precondition', message: expect.stringContaining('calibrated') });
  await ask('calibrate_sensor', { sensor_id });
  expect((await attempt('draft_rule', args)).ok).toBe(true);
});

test('windows end in the past, in order, and are not too long; what they hold depends on nothing else', async () => {
  const { ask, attempt, say, series_id, window_id } = await windowed(true);
  expect(await attempt('cut_window', { series_id, first_day: say.visit_day as string, last_day: say.storm_day as string })).toMatchObject({ fault: 'invalid_args' });
  expect(await attempt('cut_window', { series_id, first_day: say.visit_day as string, last_day: '2032-06-01' })).toMatchObject({ fault: 'precondition' });
  expect(await attempt('cut_window', { series_id, first_day: '2030-11-01', last_day: say.visit_day as string })).toMatchObject({ fault: 'precondition' });
  const [strongest] = rowsIn(await ask('scan_anomalies', { window_id, sensitivity: 'coarse' }), 'anomalies');
  const day = strongest?.day as string;
  const single = await ask('cut_window', { series_id, first_day: day, last_day: day });
  expect((await ask('aggregate_window', { window_id: single.window_id as string, use: 'mean' })).value).toBe(strongest?.value);
  const args = { anomaly_id: strongest?.anomaly_id as string, cause: 'storm' };
  await ask('name_cause', args);
  expect(await attempt('name_cause', args)).toMatchObject({ fault: 'conflict' });
});
