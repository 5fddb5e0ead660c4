import { trueEdgesOf, type TrueGroup } from '../true-edges';

const { out, data, state } = trueEdgesOf('deploy');

const SERVICE = [out('find_service', '/service_id')];
const ENVIRONMENT = [out('find_environment', '/environment_id')];
const BUILD = [out('list_builds', '/builds/*/build_id'), out('start_build', '/build_id')];
const ARTEFACT = [out('list_artefacts', '/artefacts/*/artefact_id'), out('publish_artefact', '/artefact_id')];
const DEPLOYMENT = [out('find_environment', '/running/*/deployment_id'), out('deploy_artefact', '/deployment_id')];
const NEEDS_SHIFT = ['start_build', 'publish_artefact', 'scan_artefact', 'approve_artefact', 'deploy_artefact', 'check_health', 'roll_back', 'freeze_environment'];

/** The platform's dependencies as its author knows them. Orders of statuses that a seed offers from the start are not listed. */
export const DEPLOY_EDGES: readonly TrueGroup[] = [
  ...['list_builds', 'start_build', 'list_artefacts'].map((tool) => data(tool, '/service_id', SERVICE)),
  ...['read_change_calendar', 'freeze_environment'].map((tool) => data(tool, '/environment_id', ENVIRONMENT)),
  ...['wait_for_build', 'publish_artefact'].map((tool) => data(tool, '/build_id', BUILD)),
  ...['scan_artefact', 'approve_artefact', 'deploy_artefact'].map((tool) => data(tool, '/artefact_id', ARTEFACT)),
  data('compare_artefacts', '/older_artefact', ARTEFACT),
  data('compare_artefacts', '/newer_artefact', ARTEFACT),
  data('approve_artefact', '/report_code', [out('scan_artefact', '/report_code')]),
  data('approve_artefact', '/approver_id', [out('find_approver', '/approver_id')]),
  data('deploy_artefact', '/window_code', [out('read_change_calendar', '/windows/*/window_code')]),
  ...['check_health', 'roll_back'].map((tool) => data(tool, '/deployment_id', DEPLOYMENT)),
  ...NEEDS_SHIFT.map((tool) => state(tool, 'open_release_shift')),
  // What a user can state as well as look up: true, and not needed for legality.
  data('find_approver', '/full_name', [out('find_service', '/owner')], 'optional'),
  data('freeze_environment', '/until', [out('read_change_calendar', '/windows/*/on')], 'optional'),
];
