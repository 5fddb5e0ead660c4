import { z } from 'zod';
import { addDays, daysBetween } from '../calendar';
import { clock, derived, findId, inOrder, inStatus, rowOf, rowsOf, sameName } from '../combinators';
import { day, exists, must, ref, toolsOn, type DomainTool, type Need } from '../domain';
import { MAX_WINDOW_DAYS, readingsOf, RULE_STATUSES, USES, type TimeSeriesState } from './state';

type S = TimeSeriesState;
const tool = toolsOn<S>();

// ---- fields ----

const siteId = ref('site_id', 'Id of a site, as given by find_site');
const sensorId = ref('sensor_id', 'Id of a sensor, as given by list_sensors');
const seriesId = ref('series_id', 'Id of a series, as given by list_series');
const windowId = ref('window_id', 'Id of a window, as given by cut_window');
const aggregateId = (description: string): z.ZodString => ref('aggregate_id', description);
const anomalyId = ref('anomaly_id', 'Id of an anomaly, as given by scan_anomalies');
const ruleId = ref('rule_id', 'Id of an alert rule');
const ruleStatus = z.enum(RULE_STATUSES);

// ---- needs and reading ----

const unlocked = must<S, unknown>('precondition', (state) => state.session.signedIn, () => 'The console is locked. Unlock it first.');
const siteExists = exists<S, { site_id: string }>('site', (state) => state.sites, (args) => args.site_id);
const sensorExists = exists<S, { sensor_id: string }>('sensor', (state) => state.sensors, (args) => args.sensor_id);
const windowExists = exists<S, { window_id: string }>('window', (state) => state.windows, (args) => args.window_id);
const aggregateExists = <A>(read: (args: A) => string): Need<S, A> => exists('aggregate', (state) => state.aggregates, read);
const ruleExists = exists<S, { rule_id: string }>('rule', (state) => state.rules, (args) => args.rule_id);
const ruleIs = (allowed: (typeof RULE_STATUSES)[number]): Need<S, { rule_id: string }> =>
  inStatus({ kind: 'Rule', id: (args) => args.rule_id, status: (state, args) => rowOf(state.rules, args.rule_id).status, order: RULE_STATUSES, allowed: [allowed] });

const round = (value: number): number => Math.round(value * 10) / 10;
const siteOf = (state: S, name: string): string | undefined => findId(state.sites, (site) => sameName(site.name, name));
const seriesOfAggregate = (state: S, aggregate: string): string => rowOf(state.windows, rowOf(state.aggregates, aggregate).window).series;
const sensorOfAggregate = (state: S, aggregate: string): S['sensors'][string] => rowOf(state.sensors, rowOf(state.series, seriesOfAggregate(state, aggregate)).sensor);
const unitOf = (state: S, aggregate: string): string => rowOf(state.series, seriesOfAggregate(state, aggregate)).unit;
const mean = (values: readonly number[]): number => round(values.reduce((sum, value) => sum + value, 0) / values.length);

// ---- sites and sensors ----

const unlockConsole = tool({
  name: 'unlock_console',
  about: 'Unlock the console with name and code of the operator. Calibration and alert rules need an unlocked console.',
  in: z.strictObject({ operator_name: ref('operator_name', 'Full name of the operator'), console_code: ref('console_code', 'Console code of the operator') }),
  out: z.object({ shift_ends: clock('End of the shift'), alarms_waiting: z.int().describe('Alarms that nobody has looked at') }),
  writes: ['session'],
  needs: [
    must('not_found', (state, args) => sameName(state.operator.name, args.operator_name), (args) => `No operator is called \`${args.operator_name}\`.`),
    must('precondition', (state, args) => state.operator.code === args.console_code, () => 'The code does not belong to this operator.'),
  ],
  run: ({ state }) => {
    state.session.signedIn = true;
    const rng = derived(state, 'shift');
    return { shift_ends: rng.pick(['14:30', '17:45', '19:15', '22:00']), alarms_waiting: rng.int(11, 48) };
  },
});

const findSite = tool({
  name: 'find_site',
  about: 'Find a measuring site by name and get its id.',
  in: z.strictObject({ site_name: ref('site_name', 'Name of the site') }),
  out: z.object({ site_id: siteId, region: z.string().describe('Region in which it lies'), height_m: z.int().describe('Height above the sea, in metres') }),
  needs: [must('not_found', (state, args) => siteOf(state, args.site_name) !== undefined, (args) => `No site is called \`${args.site_name}\`.`)],
  run: ({ state }, args) => {
    const site_id = siteOf(state, args.site_name) as string;
    return { site_id, region: rowOf(state.sites, site_id).region, height_m: derived(state, `height/${site_id}`).int(12, 940) };
  },
});

const listSensors = tool({
  name: 'list_sensors',
  about: 'List the sensors of a site.',
  in: z.strictObject({ site_id: siteId }),
  out: z.object({
    sensors: z.array(z.object({ sensor_id: sensorId, place: z.string().describe('Where the sensor sits'), calibrated: z.boolean().describe('Whether it is calibrated') })).describe('The sensors'),
  }),
  needs: [siteExists],
  run: ({ state }, args) => ({ sensors: rowsOf(state.sensors, (sensor) => sensor.site === args.site_id).map(([sensor_id, { place, calibrated }]) => ({ sensor_id, place, calibrated })) }),
});

const sensorHealth = tool({
  name: 'sensor_health',
  about: 'Show battery, signal and last service of a sensor.',
  in: z.strictObject({ sensor_id: sensorId }),
  out: z.object({ battery_percent: z.int().describe('Charge of the battery, in percent'), signal_percent: z.int().describe('Strength of the signal, in percent'), serviced_on: day('Day of the last service') }),
  needs: [sensorExists],
  run: ({ state }, args) => {
    const rng = derived(state, `health/${args.sensor_id}`);
    return { battery_percent: rng.int(14, 99), signal_percent: rng.int(31, 98), serviced_on: addDays(state.today, -rng.int(5, 50)) };
  },
});

const calibrateSensor = tool({
  name: 'calibrate_sensor',
  about: 'Calibrate a sensor that is not calibrated. Alert rules need a calibrated sensor.',
  in: z.strictObject({ sensor_id: sensorId }),
  out: z.object({ certificate_number: z.string().describe('Number of the calibration certificate'), drift_percent: z.number().describe('Drift that was corrected, in percent'), valid_until: day('Day until which the calibration is valid') }),
  writes: ['sensors'],
  needs: [unlocked, sensorExists, must('conflict', (state, args) => !rowOf(state.sensors, args.sensor_id).calibrated, (args) => `Sensor \`${args.sensor_id}\` is calibrated already.`)],
  run: ({ state, id }, args) => {
    rowOf(state.sensors, args.sensor_id).calibrated = true;
    const rng = derived(state, `calibration/${args.sensor_id}`);
    return { certificate_number: id('CC', args.sensor_id, {}), drift_percent: rng.int(2, 89) / 10, valid_until: addDays(state.today, rng.int(120, 500)) };
  },
});

const listSeries = tool({
  name: 'list_series',
  about: 'List the series that a sensor records.',
  in: z.strictObject({ sensor_id: sensorId }),
  out: z.object({
    series: z.array(z.object({ series_id: seriesId, quantity: z.string().describe('What is measured'), unit: z.string().describe('Unit of the readings') })).describe('The series'),
  }),
  needs: [sensorExists],
  run: ({ state }, args) => ({ series: rowsOf(state.series, (one) => one.sensor === args.sensor_id).map(([series_id, { quantity, unit }]) => ({ series_id, quantity, unit })) }),
});

// ---- windows and aggregates ----

const cutWindow = tool({
  name: 'cut_window',
  about: `Cut a window of days out of a series; it ends today at the latest and has at most ${MAX_WINDOW_DAYS} days.`,
  in: z.strictObject({ series_id: seriesId, first_day: day('First day of the window, as YYYY-MM-DD'), last_day: day('Last day of the window, as YYYY-MM-DD') }),
  out: z.object({ window_id: windowId, readings: z.int().describe('Single readings in the window'), gaps: z.int().describe('Readings that are missing') }),
  writes: ['windows'],
  needs: [
    exists('series', (state) => state.series, (args) => args.series_id),
    inOrder((args) => args.first_day, (args) => args.last_day),
    must('precondition', (state, args) => args.last_day <= state.today, (args, state) => `${args.last_day} is after today, ${state.today}.`),
    must('precondition', (_state, args) => daysBetween(args.first_day, args.last_day) < MAX_WINDOW_DAYS, () => `A window has at most ${MAX_WINDOW_DAYS} days.`),
  ],
  run: ({ state, id }, args) => {
    const window = { series: args.series_id, first: args.first_day, last: args.last_day };
    const same = findId(state.windows, (one) => one.series === window.series && one.first === window.first && one.last === window.last);
    const window_id = same ?? id('WN', `${args.series_id}/${args.first_day}/${args.last_day}`, state.windows);
    state.windows[window_id] = window;
    return { window_id, readings: 96 * (daysBetween(args.first_day, args.last_day) + 1), gaps: derived(state, `gaps/${window_id}`).int(0, 60) };
  },
});

const aggregateWindow = tool({
  name: 'aggregate_window',
  about: 'Boil the readings of a window down to one value.',
  in: z.strictObject({ window_id: windowId, use: z.enum(USES).describe('Which value to take') }),
  out: z.object({ aggregate_id: aggregateId('Id of the aggregate'), value: z.number().describe('The value'), unit: z.string().describe('Unit of the value') }),
  writes: ['aggregates'],
  needs: [windowExists],
  run: ({ state, id }, args) => {
    const window = rowOf(state.windows, args.window_id);
    const readings = readingsOf(state, window);
    const value = { mean: mean(readings), highest: Math.max(...readings), lowest: Math.min(...readings) }[args.use];
    const same = findId(state.aggregates, (one) => one.window === args.window_id && one.use === args.use);
    const aggregate_id = same ?? id('AG', `${args.window_id}/${args.use}`, state.aggregates);
    state.aggregates[aggregate_id] = { window: args.window_id, use: args.use, value };
    return { aggregate_id, value, unit: rowOf(state.series, window.series).unit };
  },
});

const compareAggregates = tool({
  name: 'compare_aggregates',
  about: 'Compare two aggregates that were taken in the same way, for example two means.',
  in: z.strictObject({ first_aggregate: aggregateId('Id of the aggregate to compare'), second_aggregate: aggregateId('Id of the aggregate to compare it with') }),
  out: z.object({ difference: z.number().describe('First value minus second value'), ratio_percent: z.number().describe('First value as a share of the second, in percent') }),
  needs: [
    aggregateExists((args) => args.first_aggregate),
    aggregateExists((args) => args.second_aggregate),
    must('precondition', (_state, args) => args.first_aggregate !== args.second_aggregate, () => 'A comparison needs two different aggregates.'),
    must('precondition', (state, args) => rowOf(state.aggregates, args.first_aggregate).use === rowOf(state.aggregates, args.second_aggregate).use, () => 'The aggregates were taken in different ways.'),
  ],
  run: ({ state }, args) => {
    const [first, second] = [rowOf(state.aggregates, args.first_aggregate).value, rowOf(state.aggregates, args.second_aggregate).value];
    return { difference: round(first - second), ratio_percent: round((100 * first) / second) };
  },
});

// ---- anomalies ----

const SHOWN = { coarse: 2, normal: 3, fine: 4 } as const;

const scanAnomalies = tool({
  name: 'scan_anomalies',
  about: 'Scan a window of at least five days for the days that stand out most.',
  in: z.strictObject({ window_id: windowId, sensitivity: z.enum(['coarse', 'normal', 'fine']).default('normal').describe('How much has to stand out') }),
  out: z.object({
    usual_value: z.number().describe('Mean of the window'),
    anomalies: z.array(z.object({ anomaly_id: anomalyId, day: day('Day that stands out'), value: z.number().describe('Reading of that day') })).describe('The anomalies, strongest first'),
  }),
  writes: ['anomalies'],
  needs: [windowExists, must('precondition', (state, args) => readingsOf(state, rowOf(state.windows, args.window_id)).length >= 5, () => 'The window is shorter than five days.')],
  run: ({ state, id }, args) => {
    const window = rowOf(state.windows, args.window_id);
    const readings = readingsOf(state, window);
    const usual_value = mean(readings);
    const found = readings
      .map((value, at) => ({ day: addDays(window.first, at), value }))
      .sort((a, b) => Math.abs(b.value - usual_value) - Math.abs(a.value - usual_value))
      .slice(0, SHOWN[args.sensitivity])
      .map((one) => {
        const same = findId(state.anomalies, (other) => other.window === args.window_id && other.day === one.day);
        const anomaly_id = same ?? id('AN', `${args.window_id}/${one.day}`, state.anomalies);
        state.anomalies[anomaly_id] ??= { window: args.window_id, ...one, cause: null };
        return { anomaly_id, ...one };
      });
    return { usual_value, anomalies: found };
  },
});

const nameCause = tool({
  name: 'name_cause',
  about: 'Name the cause of an anomaly, once, which opens a work order.',
  in: z.strictObject({ anomaly_id: anomalyId, cause: z.enum(['storm', 'blockage', 'sensor_fault', 'maintenance', 'unknown']).describe('The cause') }),
  out: z.object({ work_order: z.string().describe('Number of the work order'), crew: z.string().describe('Crew that gets it'), due_on: day('Day on which it is due') }),
  writes: ['anomalies'],
  needs: [
    unlocked,
    exists('anomaly', (state) => state.anomalies, (args) => args.anomaly_id),
    must('conflict', (state, args) => rowOf(state.anomalies, args.anomaly_id).cause === null, (args) => `The cause of \`${args.anomaly_id}\` has been named.`),
  ],
  run: ({ state, id }, args) => {
    rowOf(state.anomalies, args.anomaly_id).cause = args.cause;
    const rng = derived(state, `work/${args.anomaly_id}/${args.cause}`);
    return { work_order: id('WO', args.anomaly_id, {}), crew: rng.pick(['Heron crew', 'Otter crew', 'Pike crew', 'Kingfisher crew']), due_on: addDays(state.today, rng.int(1, 20)) };
  },
});

// ---- alert rules ----

const draftRule = tool({
  name: 'draft_rule',
  about: 'Draft an alert rule from an aggregate of a calibrated sensor: the threshold lies a little beyond its value.',
  in: z.strictObject({ aggregate_id: aggregateId('Id of the aggregate the threshold is taken from'), contact_name: ref('contact_name', 'Full name of the person to call') }),
  out: z.object({ rule_id: ruleId, threshold: z.number().describe('Threshold of the rule'), unit: z.string().describe('Unit of the threshold') }),
  writes: ['rules'],
  needs: [
    unlocked,
    aggregateExists((args) => args.aggregate_id),
    must('not_found', (state, args) => state.contacts.some((name) => sameName(name, args.contact_name)), (args) => `Nobody called \`${args.contact_name}\` can be called.`),
    must('precondition', (state, args) => sensorOfAggregate(state, args.aggregate_id).calibrated, () => 'The sensor is not calibrated.'),
    must('conflict', (state, args) => findId(state.rules, (one) => one.aggregate === args.aggregate_id) === undefined, (args) => `Aggregate \`${args.aggregate_id}\` has a rule.`),
  ],
  run: ({ state, id }, args) => {
    const rule_id = id('AR', args.aggregate_id, state.rules);
    state.rules[rule_id] = { aggregate: args.aggregate_id, contact: args.contact_name, status: 'draft' };
    const beyond = derived(state, `beyond/${rule_id}`).int(104, 118) / 100;
    return { rule_id, threshold: round(rowOf(state.aggregates, args.aggregate_id).value * beyond), unit: unitOf(state, args.aggregate_id) };
  },
});

const testRule = tool({
  name: 'test_rule',
  about: 'Test a drafted alert rule against the past year.',
  in: z.strictObject({ rule_id: ruleId }),
  out: z.object({ would_have_fired: z.int().describe('Alerts it would have given'), false_alarms: z.int().describe('Alerts of these without a cause'), last_alert_on: day('Day of the last alert it would have given') }),
  writes: ['rules'],
  needs: [unlocked, ruleExists, ruleIs('draft')],
  run: ({ state }, args) => {
    rowOf(state.rules, args.rule_id).status = 'tested';
    const rng = derived(state, `test/${args.rule_id}`);
    const would_have_fired = rng.int(12, 60);
    return { would_have_fired, false_alarms: rng.int(1, 11), last_alert_on: addDays(state.today, -rng.int(2, 55)) };
  },
});

const armRule = tool({
  name: 'arm_rule',
  about: 'Arm a tested alert rule. A series has one armed rule.',
  in: z.strictObject({ rule_id: ruleId }),
  out: z.object({ called_first: z.string().describe('Person who is called first'), call_number: z.string().describe('Number the call comes from'), next_check: clock('Time of the next check') }),
  writes: ['rules'],
  needs: [
    unlocked,
    ruleExists,
    ruleIs('tested'),
    must(
      'conflict',
      (state, args) => {
        const series = seriesOfAggregate(state, rowOf(state.rules, args.rule_id).aggregate);
        return findId(state.rules, (one) => one.status === 'armed' && seriesOfAggregate(state, one.aggregate) === series) === undefined;
      },
      () => 'The series already has an armed rule.',
    ),
  ],
  run: ({ state }, args) => {
    const rule = rowOf(state.rules, args.rule_id);
    rule.status = 'armed';
    const rng = derived(state, `arm/${args.rule_id}`);
    return { called_first: rule.contact, call_number: `0${rng.int(200, 899)}-${rng.int(1000, 9999)}`, next_check: rng.pick(['00:20', '03:40', '06:10', '12:50', '18:30']) };
  },
});

const listRules = tool({
  name: 'list_rules',
  about: 'List the alert rules of a site.',
  in: z.strictObject({ site_id: siteId }),
  out: z.object({
    rules: z.array(z.object({ rule_id: ruleId, aggregate_id: aggregateId('Id of the aggregate the threshold was taken from'), quantity: z.string().describe('What is watched'), contact: z.string().describe('Person who is called'), status: ruleStatus.describe('Status of the rule') })).describe('The rules'),
  }),
  needs: [siteExists],
  run: ({ state }, args) => ({
    rules: rulesAt(state, args.site_id).map(([rule_id, { aggregate, contact, status }]) => ({ rule_id, aggregate_id: aggregate, quantity: rowOf(state.series, seriesOfAggregate(state, aggregate)).quantity, contact, status })),
  }),
});

const rulesAt = (state: S, site: string): [string, S['rules'][string]][] => rowsOf(state.rules, (rule) => sensorOfAggregate(state, rule.aggregate).site === site);

/** The tools of the console, as an operator's assistant would be given them. */
export const timeSeriesTools: readonly DomainTool<S>[] = [
  unlockConsole, findSite, listSensors, sensorHealth, calibrateSensor, listSeries, cutWindow, aggregateWindow, compareAggregates,
  scanAnomalies, nameCause, draftRule, testRule, armRule, listRules,
];
