import { createDeployWorld } from '../../../src/worlds/builtin/deploy';
import { rowsIn, rowWith, talkTo } from '../../fixtures/talk';

/** An open release shift and the codes that a release needs. */
async function onShift() {
  const talk = await talkTo(createDeployWorld());
  const { say, ask, get } = talk;
  await ask('open_release_shift', { badge_number: say.badge_number as string });
  const service_id = await get('find_service', 'service_id', { service_name: say.main_service as string });
  const window = async (environment: string, at = 0): Promise<string> => {
    const environment_id = await get('find_environment', 'environment_id', { environment_name: say[environment] as string });
    return rowsIn(await ask('read_change_calendar', { environment_id }), 'windows')[at]?.window_code as string;
  };
  const running = async (environment: string) => rowWith(await ask('find_environment', { environment_name: say[environment] as string }), 'running', { service_name: say.main_service as string });
  const artefact = async (wanted: { [field: string]: string | boolean }) => rowWith(await ask('list_artefacts', { service_id }), 'artefacts', wanted).artefact_id as string;
  return { ...talk, service_id, window, running, artefact };
}

test('a branch is built, published, scanned, approved, proven in staging, deployed to production and rolled back', async () => {
  const { ask, get, attempt, say, service_id, window, running } = await onShift();
  const build_id = await get('start_build', 'build_id', { service_id, branch: say.new_branch as string });
  const version = say.next_version as string;
  expect(await attempt('publish_artefact', { build_id, version })).toMatchObject({ fault: 'precondition' });
  await ask('wait_for_build', { build_id });
  const artefact_id = await get('publish_artefact', 'artefact_id', { build_id, version });
  expect(await attempt('publish_artefact', { build_id, version: say.later_version as string })).toMatchObject({ fault: 'conflict' });
  const scan = await ask('scan_artefact', { artefact_id });
  expect(scan.critical).toBe(0);
  const approver_id = await get('find_approver', 'approver_id', { full_name: say.strict_colleague as string });
  await ask('approve_artefact', { artefact_id, report_code: scan.report_code as string, approver_id });
  expect(await attempt('deploy_artefact', { artefact_id, window_code: await window('customer_environment') })).toMatchObject({ fault: 'precondition' });
  const trial = await get('deploy_artefact', 'deployment_id', { artefact_id, window_code: await window('trial_environment') });
  await ask('check_health', { deployment_id: trial });
  const before = (await running('customer_environment')).version;
  const live = await ask('deploy_artefact', { artefact_id, window_code: await window('customer_environment') });
  expect(live.replaces_version).toBe(before);
  expect(await running('customer_environment')).toMatchObject({ version, status: 'rolling' });
  expect(await ask('roll_back', { deployment_id: live.deployment_id as string, reason: 'errors' })).toMatchObject({ restored_version: before });
  expect(await attempt('roll_back', { deployment_id: live.deployment_id as string, reason: 'errors' })).toMatchObject({ fault: 'conflict' });
});

test('the owner of a service does not approve its artefacts, nor does a report of another one count', async () => {
  const { ask, get, attempt, say, artefact } = await onShift();
  const artefact_id = await artefact({ status: 'published' });
  const report_code = await get('scan_artefact', 'report_code', { artefact_id });
  const owner = await get('find_approver', 'approver_id', { full_name: await get('find_service', 'owner', { service_name: say.main_service as string }) });
  expect(await attempt('approve_artefact', { artefact_id, report_code, approver_id: owner })).toMatchObject({ fault: 'precondition' });
  expect(await attempt('approve_artefact', { artefact_id, report_code: 'SCAN-222222', approver_id: owner })).toMatchObject({ fault: 'invalid_args' });
  expect(await attempt('scan_artefact', { artefact_id })).toMatchObject({ fault: 'conflict' });
  const older = await artefact({ proven: true });
  await ask('compare_artefacts', { older_artefact: older, newer_artefact: artefact_id });
  expect(await attempt('compare_artefacts', { older_artefact: artefact_id, newer_artefact: older })).toMatchObject({ fault: 'invalid_args' });
});

test('a freeze closes the windows up to its last day, and the next deployment waits for a check of health', async () => {
  const { ask, get, attempt, say, window, running, artefact } = await onShift();
  const environment_id = await get('find_environment', 'environment_id', { environment_name: say.second_trial as string });
  const artefact_id = await artefact({ proven: true });
  expect((await running('second_trial')).status).toBe('rolling');
  expect(await attempt('deploy_artefact', { artefact_id, window_code: await window('second_trial', 2) })).toMatchObject({ fault: 'conflict', message: expect.stringContaining('health') });
  await ask('check_health', { deployment_id: (await running('second_trial')).deployment_id as string });
  const frozen = await ask('freeze_environment', { environment_id, until: say.fair_day as string });
  expect(frozen.windows_lost).toBeGreaterThan(0);
  expect(await attempt('deploy_artefact', { artefact_id, window_code: await window('second_trial', 0) })).toMatchObject({ fault: 'conflict', message: expect.stringContaining('frozen') });
  await ask('deploy_artefact', { artefact_id, window_code: await window('second_trial', 2) });
});

test('nothing changes outside a shift', async () => {
  const { attempt, get, say } = await talkTo(createDeployWorld());
  const service_id = await get('find_service', 'service_id', { service_name: say.busy_service as string });
  expect(await attempt('start_build', { service_id, branch: say.new_branch as string })).toMatchObject({ fault: 'precondition' });
  expect(await attempt('open_release_shift', { badge_number: 'B00000' })).toMatchObject({ fault: 'not_found' });
});
