import { trueEdgesOf, type TrueGroup } from '../true-edges';

const { out, data, state } = trueEdgesOf('time-series');

const SITE = [out('find_site', '/site_id')];
const SENSOR = [out('list_sensors', '/sensors/*/sensor_id')];
const WINDOW = [out('cut_window', '/window_id')];
const AGGREGATE = [out('aggregate_window', '/aggregate_id'), out('list_rules', '/rules/*/aggregate_id')];
const RULE = [out('draft_rule', '/rule_id'), out('list_rules', '/rules/*/rule_id')];
const PAST_DAY = [out('scan_anomalies', '/anomalies/*/day'), out('sensor_health', '/serviced_on'), out('test_rule', '/last_alert_on')];
const NEEDS_CONSOLE = ['calibrate_sensor', 'name_cause', 'draft_rule', 'test_rule', 'arm_rule'];

/** The console's dependencies as their author knows them: the oracle that exploration is tested against. */
export const TIME_SERIES_EDGES: readonly TrueGroup[] = [
  ...['list_sensors', 'list_rules'].map((tool) => data(tool, '/site_id', SITE)),
  ...['sensor_health', 'calibrate_sensor', 'list_series'].map((tool) => data(tool, '/sensor_id', SENSOR)),
  data('cut_window', '/series_id', [out('list_series', '/series/*/series_id')]),
  ...['aggregate_window', 'scan_anomalies'].map((tool) => data(tool, '/window_id', WINDOW)),
  data('compare_aggregates', '/first_aggregate', AGGREGATE),
  data('compare_aggregates', '/second_aggregate', AGGREGATE),
  data('name_cause', '/anomaly_id', [out('scan_anomalies', '/anomalies/*/anomaly_id')]),
  data('draft_rule', '/aggregate_id', AGGREGATE),
  ...['test_rule', 'arm_rule'].map((tool) => data(tool, '/rule_id', RULE)),
  ...NEEDS_CONSOLE.map((tool) => state(tool, 'unlock_console')),
  // A window can be set around a day that was looked up as well as one that the user names.
  data('cut_window', '/first_day', PAST_DAY, 'optional'),
  data('cut_window', '/last_day', PAST_DAY, 'optional'),
];
