import { z } from 'zod';
import { createRng } from '../../../core/random';
import { addDays, daysBetween } from '../calendar';
import { findId, inStatus, notPast, rowOf, rowsOf, sameName, sortedBy } from '../combinators';
import { day, exists, must, ref, toolsOn, type DomainTool, type Need } from '../domain';
import { ARTEFACT_STATUSES, BUILD_STATUSES, isLive, liveIn, type Artefact, type Build, type Deployment, type DeployState } from './state';

const tool = toolsOn<DeployState>();

// ---- fields that several tools share ----

const serviceId = ref('service_id', 'Identifier of a service, as given by find_service');
const environmentId = ref('environment_id', 'Identifier of an environment, as given by find_environment');
const buildId = ref('build_id', 'Identifier of a build');
const artefactId = (what: string): z.ZodString => ref('artefact_id', `Identifier of ${what}`);
const deploymentId = ref('deployment_id', 'Identifier of a deployment');
const reportCode = ref('report_code', 'Code of the scan report of an artefact');

// ---- needs ----

type OfBuild = { build_id: string };
type OfArtefact = { artefact_id: string };
type OfDeployment = { deployment_id: string };

const shiftOpen: Need<DeployState, unknown> = must('precondition', (state) => state.shift.open, () => 'No release shift is open. Open one first.');
const serviceExists = exists<DeployState, { service_id: string }>('service', (state) => state.services, (args) => args.service_id);
const environmentExists = exists<DeployState, { environment_id: string }>('environment', (state) => state.environments, (args) => args.environment_id);
const buildExists = exists<DeployState, OfBuild>('build', (state) => state.builds, (args) => args.build_id);
const artefactExists = exists<DeployState, OfArtefact>('artefact', (state) => state.artefacts, (args) => args.artefact_id);
const deploymentExists = exists<DeployState, OfDeployment>('deployment', (state) => state.deployments, (args) => args.deployment_id);
const artefactOf = (state: DeployState, args: OfArtefact): Artefact => rowOf(state.artefacts, args.artefact_id);
const deploymentOf = (state: DeployState, args: OfDeployment): Deployment => rowOf(state.deployments, args.deployment_id);
const versionOf = (state: DeployState, row: Deployment): string => rowOf(state.artefacts, row.artefact).version;
const windowOf = (state: DeployState, args: { window_code: string }): DeployState['windows'][string] => rowOf(state.windows, args.window_code);

const buildIn = (...allowed: Build['status'][]): Need<DeployState, OfBuild> =>
  inStatus({ kind: 'Build', id: (args) => args.build_id, status: (state, args) => rowOf(state.builds, args.build_id).status, order: BUILD_STATUSES, allowed });
const artefactIn = (...allowed: Artefact['status'][]): Need<DeployState, OfArtefact> =>
  inStatus({ kind: 'Artefact', id: (args) => args.artefact_id, status: (state, args) => artefactOf(state, args).status, order: ARTEFACT_STATUSES, allowed });

// ---- shift, services, environments, people ----

const openReleaseShift = tool({
  name: 'open_release_shift',
  about: 'Open a release shift with the badge number of an engineer. Builds, approvals, deployments and freezes are only possible during a shift.',
  in: z.strictObject({ badge_number: ref('badge_number', 'Badge number of the engineer') }),
  out: z.object({
    shift_ends: z.string().describe('Time at which the shift ends, as HH:MM'),
    alerts_waiting: z.int().describe('Alerts that came in before the shift'),
  }),
  writes: ['shift'],
  needs: [must('not_found', (state, args) => state.shift.badge === args.badge_number, (args) => `No engineer has the badge \`${args.badge_number}\`.`)],
  run: ({ state }) => {
    state.shift.open = true;
    const rng = createRng(`${state.salt}/shift`);
    return { shift_ends: rng.pick(['17:45', '18:15', '19:30', '21:00', '22:15']), alerts_waiting: rng.int(11, 90) };
  },
});

const findService = tool({
  name: 'find_service',
  about: 'Find a service by its name, with the identifier by which its builds and artefacts are listed.',
  in: z.strictObject({ service_name: ref('service_name', 'Name of the service') }),
  out: z.object({
    service_id: serviceId,
    owner: ref('full_name', 'Name of the engineer who owns the service'),
    requests_per_minute: z.int().describe('Load of the service, in requests per minute'),
  }),
  needs: [must('not_found', (state, args) => findId(state.services, (row) => sameName(row.name, args.service_name)) !== undefined, (args) => `There is no service called \`${args.service_name}\`.`)],
  run: ({ state }, args) => {
    const service_id = findId(state.services, (row) => sameName(row.name, args.service_name)) as string;
    const { owner } = rowOf(state.services, service_id);
    return { service_id, owner: rowOf(state.people, owner).name, requests_per_minute: createRng(`${state.salt}/load/${service_id}`).int(40, 9000) };
  },
});

const findEnvironment = tool({
  name: 'find_environment',
  about: 'Find an environment by its name and show what runs there.',
  in: z.strictObject({ environment_name: ref('environment_name', 'Name of the environment') }),
  out: z.object({
    environment_id: environmentId,
    stage: z.enum(['staging', 'production']).describe('Whether it serves trials or customers'),
    running: z.array(z.object({
      deployment_id: deploymentId,
      service_name: z.string().describe('Name of the service'),
      version: z.string().describe('Version that runs'),
      status: z.enum(['rolling', 'healthy']).describe('Whether its health has been checked'),
    })).describe('What runs there, in the order of the names of the services'),
  }),
  needs: [must('not_found', (state, args) => findId(state.environments, (row) => sameName(row.name, args.environment_name)) !== undefined, (args) => `There is no environment called \`${args.environment_name}\`.`)],
  run: ({ state }, args) => {
    const environment_id = findId(state.environments, (row) => sameName(row.name, args.environment_name)) as string;
    const running = rowsOf(state.deployments, (row) => row.environment === environment_id && isLive(row)).map(([deployment_id, row]) => ({
      deployment_id,
      service_name: rowOf(state.services, rowOf(state.artefacts, row.artefact).service).name,
      version: versionOf(state, row),
      status: row.status as 'rolling' | 'healthy',
    }));
    return { environment_id, stage: rowOf(state.environments, environment_id).stage, running: sortedBy(running, (row) => row.service_name) };
  },
});

const findApprover = tool({
  name: 'find_approver',
  about: 'Find an engineer by full name, with the identifier that approvals need.',
  in: z.strictObject({ full_name: ref('full_name', 'Full name of the engineer') }),
  out: z.object({
    approver_id: ref('approver_id', 'Identifier of the engineer'),
    approvals_this_year: z.int().describe('Artefacts that the engineer has approved this year'),
    back_on: z.iso.date().describe('First day on which the engineer is in the office again'),
  }),
  needs: [must('not_found', (state, args) => findId(state.people, (row) => sameName(row.name, args.full_name)) !== undefined, (args) => `No engineer is called \`${args.full_name}\`.`)],
  run: ({ state }, args) => {
    const approver_id = findId(state.people, (row) => sameName(row.name, args.full_name)) as string;
    const rng = createRng(`${state.salt}/approver/${approver_id}`);
    return { approver_id, approvals_this_year: rng.int(11, 180), back_on: addDays(state.today, rng.int(0, 9)) };
  },
});

// ---- builds and artefacts ----

const listBuilds = tool({
  name: 'list_builds',
  about: 'List the builds of a service that have not been published.',
  in: z.strictObject({ service_id: serviceId }),
  out: z.object({
    builds: z.array(z.object({
      build_id: buildId,
      branch: z.string().describe('Branch that is built'),
      status: z.enum(BUILD_STATUSES).describe('How far the build has come'),
      tests: z.int().describe('Tests that the branch has'),
    })).describe('The builds in the order of their branches'),
    build_minutes_left: z.int().describe('Minutes of building that the service may still use this month'),
  }),
  needs: [serviceExists],
  run: ({ state }, args) => ({
    builds: sortedBy(rowsOf(state.builds, (row) => row.service === args.service_id && !row.published), ([, row]) => row.branch)
      .map(([build_id, row]) => ({ build_id, branch: row.branch, status: row.status, tests: testsOf(state, build_id) })),
    build_minutes_left: createRng(`${state.salt}/minutes/${args.service_id}`).int(60, 900),
  }),
});

const testsOf = (state: DeployState, build: string): number => createRng(`${state.salt}/tests/${build}`).int(120, 4200);

const startBuild = tool({
  name: 'start_build',
  about: 'Start to build a branch of a service. A branch is built once at a time.',
  in: z.strictObject({ service_id: serviceId, branch: ref('branch_name', 'Name of the branch') }),
  out: z.object({
    build_id: buildId,
    expected_minutes: z.int().describe('How long the build will take, in minutes'),
    machine: z.string().describe('Name of the machine that builds'),
  }),
  writes: ['builds'],
  needs: [
    shiftOpen,
    serviceExists,
    must('conflict', (state, args) => findId(state.builds, (row) => row.service === args.service_id && row.status === 'running' && sameName(row.branch, args.branch)) === undefined, (args) => `Branch \`${args.branch}\` is being built already.`),
  ],
  run: ({ state, id }, args) => {
    const build_id = id('BLD', `${args.service_id}/${args.branch}`, state.builds);
    state.builds[build_id] = { service: args.service_id, branch: args.branch, status: 'running', published: false };
    const rng = createRng(`${state.salt}/build/${build_id}`);
    return { build_id, expected_minutes: rng.int(11, 48), machine: `${rng.pick(['capstan', 'davit', 'fender', 'windlass'])}-${rng.int(1, 40)}` };
  },
});

const waitForBuild = tool({
  name: 'wait_for_build',
  about: 'Wait until a running build has finished.',
  in: z.strictObject({ build_id: buildId }),
  out: z.object({
    took_minutes: z.int().describe('How long the build took, in minutes'),
    warnings: z.int().describe('Warnings of the compiler'),
  }),
  writes: ['builds'],
  needs: [buildExists, buildIn('running')],
  run: ({ state }, args) => {
    rowOf(state.builds, args.build_id).status = 'finished';
    const rng = createRng(`${state.salt}/took/${args.build_id}`);
    return { took_minutes: rng.int(11, 55), warnings: rng.int(11, 240) };
  },
});

const publishArtefact = tool({
  name: 'publish_artefact',
  about: 'Publish a finished build as an artefact with a version. A build is published once, a version is used once per service.',
  in: z.strictObject({ build_id: buildId, version: ref('version_name', 'Version of the artefact, as 7.2') }),
  out: z.object({
    artefact_id: artefactId('the artefact'),
    size_megabytes: z.int().describe('Size of the artefact, in megabytes'),
    kept_until: z.iso.date().describe('Day until which it is kept'),
  }),
  writes: ['builds', 'artefacts'],
  needs: [
    shiftOpen,
    buildExists,
    buildIn('finished'),
    must('conflict', (state, args) => !rowOf(state.builds, args.build_id).published, (args) => `Build \`${args.build_id}\` is published already.`),
    must('conflict', (state, args) => findId(state.artefacts, (row) => row.service === rowOf(state.builds, args.build_id).service && row.version === args.version) === undefined, (args) => `The service has a version ${args.version} already.`),
  ],
  run: ({ state, id }, args) => {
    const build = rowOf(state.builds, args.build_id);
    const artefact_id = id('ART', `${build.service}/${args.version}`, state.artefacts);
    state.artefacts[artefact_id] = { service: build.service, version: args.version, status: 'published', report: null, critical: 0, proven: false };
    build.published = true;
    return { artefact_id, size_megabytes: sizeOf(state, artefact_id), kept_until: addDays(state.today, createRng(`${state.salt}/kept/${artefact_id}`).int(60, 400)) };
  },
});

const sizeOf = (state: DeployState, artefact: string): number => createRng(`${state.salt}/size/${artefact}`).int(20, 640);

const listArtefacts = tool({
  name: 'list_artefacts',
  about: 'List the artefacts of a service with their versions and how far each has come.',
  in: z.strictObject({ service_id: serviceId }),
  out: z.object({
    artefacts: z.array(z.object({
      artefact_id: artefactId('the artefact'),
      version: z.string().describe('Version of the artefact'),
      status: z.enum(ARTEFACT_STATUSES).describe('How far the artefact has come'),
      proven: z.boolean().describe('Whether it has been healthy in staging'),
      size_megabytes: z.int().describe('Size of the artefact, in megabytes'),
    })).describe('The artefacts in the order of their versions'),
  }),
  needs: [serviceExists],
  run: ({ state }, args) => ({
    artefacts: sortedBy(rowsOf(state.artefacts, (row) => row.service === args.service_id), ([, row]) => row.version)
      .map(([artefact_id, row]) => ({ artefact_id, version: row.version, status: row.status, proven: row.proven, size_megabytes: sizeOf(state, artefact_id) })),
  }),
});

const compareArtefacts = tool({
  name: 'compare_artefacts',
  about: 'Compare two artefacts of one service: what changed from the older to the newer one.',
  in: z.strictObject({ older_artefact: artefactId('the older artefact'), newer_artefact: artefactId('the newer artefact') }),
  out: z.object({
    changed_files: z.int().describe('Files that differ'),
    growth_megabytes: z.int().describe('By how much the newer one is larger, in megabytes'),
  }),
  needs: [
    exists('artefact', (state) => state.artefacts, (args) => args.older_artefact),
    exists('artefact', (state) => state.artefacts, (args) => args.newer_artefact),
    must('invalid_args', (state, args) => rowOf(state.artefacts, args.older_artefact).service === rowOf(state.artefacts, args.newer_artefact).service, () => 'The two artefacts belong to different services.'),
    must('invalid_args', (state, args) => Number(rowOf(state.artefacts, args.older_artefact).version) < Number(rowOf(state.artefacts, args.newer_artefact).version), () => 'The first artefact is not older than the second.'),
  ],
  run: ({ state }, args) => ({
    changed_files: createRng(`${state.salt}/changed/${args.older_artefact}/${args.newer_artefact}`).int(11, 320),
    growth_megabytes: sizeOf(state, args.newer_artefact) - sizeOf(state, args.older_artefact),
  }),
});

const scanArtefact = tool({
  name: 'scan_artefact',
  about: 'Scan a published artefact for known weaknesses. The code of the report is needed for the approval.',
  in: z.strictObject({ artefact_id: artefactId('the artefact') }),
  out: z.object({
    report_code: reportCode,
    critical: z.int().describe('Critical findings'),
    minor: z.int().describe('Minor findings'),
  }),
  writes: ['artefacts'],
  needs: [shiftOpen, artefactExists, artefactIn('published')],
  run: ({ state, id }, args) => {
    const rng = createRng(`${state.salt}/scan/${args.artefact_id}`);
    const critical = rng.float() < 0.85 ? 0 : rng.int(1, 4);
    const report_code = id('SCAN', args.artefact_id, {});
    Object.assign(artefactOf(state, args), { status: 'scanned', report: report_code, critical });
    return { report_code, critical, minor: rng.int(11, 80) };
  },
});

const approveArtefact = tool({
  name: 'approve_artefact',
  about: 'Approve a scanned artefact without critical findings, by its scan report. The owner of the service cannot approve it.',
  in: z.strictObject({
    artefact_id: artefactId('the artefact'),
    report_code: reportCode,
    approver_id: ref('approver_id', 'Identifier of the engineer who approves'),
  }),
  out: z.object({
    valid_until: z.iso.date().describe('Last day on which the approval counts'),
    approved_this_year: z.int().describe('Artefacts that the service has had approved this year'),
  }),
  writes: ['artefacts'],
  needs: [
    shiftOpen,
    artefactExists,
    artefactIn('scanned'),
    must('invalid_args', (state, args) => artefactOf(state, args).report === args.report_code, (args) => `Report \`${args.report_code}\` is not about this artefact.`),
    exists('engineer', (state) => state.people, (args) => args.approver_id),
    must('precondition', (state, args) => rowOf(state.services, artefactOf(state, args).service).owner !== args.approver_id, () => 'The owner of the service cannot approve its artefacts.'),
    must('precondition', (state, args) => artefactOf(state, args).critical === 0, (args, state) => `The scan found ${artefactOf(state, args).critical} critical weaknesses.`),
  ],
  run: ({ state }, args) => {
    const artefact = artefactOf(state, args);
    artefact.status = 'approved';
    const rng = createRng(`${state.salt}/approval/${args.artefact_id}/${args.approver_id}`);
    return { valid_until: addDays(state.today, rng.int(20, 90)), approved_this_year: createRng(`${state.salt}/approved/${artefact.service}`).int(11, 60) };
  },
});

// ---- deployments ----

const readChangeCalendar = tool({
  name: 'read_change_calendar',
  about: 'Show the free change windows of an environment. A deployment takes one of them, by its code.',
  in: z.strictObject({ environment_id: environmentId }),
  out: z.object({
    windows: z.array(z.object({
      window_code: ref('window_code', 'Code of the window'),
      on: day('Day of the window'),
      opens: z.string().describe('Time at which it opens, as HH:MM'),
    })).describe('The free windows, soonest first'),
    frozen_until: z.string().describe('Last day of a freeze, or `not frozen`'),
  }),
  needs: [environmentExists],
  run: ({ state }, args) => ({
    windows: sortedBy(rowsOf(state.windows, (row) => row.environment === args.environment_id && row.usedBy === null), ([, row]) => row.on)
      .map(([window_code, row]) => ({ window_code, on: row.on, opens: row.opens })),
    frozen_until: rowOf(state.environments, args.environment_id).frozenUntil ?? 'not frozen',
  }),
});

const deployArtefact = tool({
  name: 'deploy_artefact',
  about: 'Deploy an approved artefact in a free change window, to the environment of that window. Production takes only what has been healthy in staging.',
  in: z.strictObject({
    artefact_id: artefactId('the artefact'),
    window_code: ref('window_code', 'Code of a free change window'),
  }),
  out: z.object({
    deployment_id: deploymentId,
    replaces_version: z.string().describe('Version that ran there before, or `none`'),
    done_at: z.string().describe('When the rollout will be done, as day and time'),
  }),
  writes: ['deployments', 'windows'],
  needs: [
    shiftOpen,
    artefactExists,
    artefactIn('approved'),
    exists('change window', (state) => state.windows, (args) => args.window_code),
    must('conflict', (state, args) => windowOf(state, args).usedBy === null, (args) => `Window \`${args.window_code}\` is taken.`),
    must('conflict', (state, args) => (rowOf(state.environments, windowOf(state, args).environment).frozenUntil ?? '') < windowOf(state, args).on, (args, state) => `The environment is frozen until ${rowOf(state.environments, windowOf(state, args).environment).frozenUntil}.`),
    must('precondition', (state, args) => rowOf(state.environments, windowOf(state, args).environment).stage === 'staging' || artefactOf(state, args).proven, () => 'Production takes only what has been healthy in staging.'),
    must('conflict', (state, args) => liveRow(state, args)?.artefact !== args.artefact_id, () => 'The environment runs this artefact already.'),
    must('conflict', (state, args) => liveRow(state, args)?.status !== 'rolling', () => 'The health of the deployment before has not been checked.'),
  ],
  run: ({ state, id }, args) => {
    const window = windowOf(state, args);
    const previous = liveIn(state, artefactOf(state, args).service, window.environment) ?? null;
    const before = previous === null ? undefined : rowOf(state.deployments, previous);
    const deployment_id = id('DPL', `${args.artefact_id}/${window.environment}`, state.deployments);
    if (before) before.status = 'replaced';
    state.deployments[deployment_id] = { artefact: args.artefact_id, environment: window.environment, status: 'rolling', previous };
    window.usedBy = deployment_id;
    return { deployment_id, replaces_version: before ? versionOf(state, before) : 'none', done_at: `${window.on} ${window.opens}` };
  },
});

const liveRow = (state: DeployState, args: { artefact_id: string; window_code: string }): Deployment | undefined => {
  const live = liveIn(state, artefactOf(state, args).service, windowOf(state, args).environment);
  return live === undefined ? undefined : rowOf(state.deployments, live);
};

const checkHealth = tool({
  name: 'check_health',
  about: 'Check the health of a deployment that rolls out. A healthy deployment in staging opens production for its artefact.',
  in: z.strictObject({ deployment_id: deploymentId }),
  out: z.object({
    response_milliseconds: z.int().describe('Mean time of a response, in milliseconds'),
    instances: z.int().describe('Instances that run'),
  }),
  writes: ['deployments', 'artefacts'],
  needs: [
    shiftOpen,
    deploymentExists,
    must('conflict', (state, args) => deploymentOf(state, args).status === 'rolling', (args, state) => `Deployment \`${args.deployment_id}\` is ${deploymentOf(state, args).status.replace('_', ' ')}, it does not roll out.`),
  ],
  run: ({ state }, args) => {
    const row = deploymentOf(state, args);
    row.status = 'healthy';
    if (rowOf(state.environments, row.environment).stage === 'staging') rowOf(state.artefacts, row.artefact).proven = true;
    const rng = createRng(`${state.salt}/health/${args.deployment_id}`);
    return { response_milliseconds: rng.int(12, 480), instances: rng.int(11, 64) };
  },
});

const rollBack = tool({
  name: 'roll_back',
  about: 'Take a live deployment back, so that the one before it runs again. Allowed during a freeze, too.',
  in: z.strictObject({
    deployment_id: deploymentId,
    reason: z.enum(['errors', 'too_slow', 'wrong_version', 'customer_request']).describe('Why it is taken back'),
  }),
  out: z.object({
    restored_version: z.string().describe('Version that runs again'),
    lost_requests: z.int().describe('Requests that were lost on the way'),
  }),
  writes: ['deployments'],
  needs: [
    shiftOpen,
    deploymentExists,
    must('conflict', (state, args) => isLive(deploymentOf(state, args)), (args) => `Deployment \`${args.deployment_id}\` does not run any more.`),
    must('precondition', (state, args) => deploymentOf(state, args).previous !== null, (args) => `Nothing ran there before deployment \`${args.deployment_id}\`.`),
  ],
  run: ({ state }, args) => {
    const row = deploymentOf(state, args);
    const before = rowOf(state.deployments, row.previous as string);
    row.status = 'rolled_back';
    before.status = 'healthy';
    return { restored_version: versionOf(state, before), lost_requests: createRng(`${state.salt}/lost/${args.deployment_id}/${args.reason}`).int(11, 900) };
  },
});

const freezeEnvironment = tool({
  name: 'freeze_environment',
  about: 'Freeze an environment: no deployment up to and including a day, at most 30 days ahead.',
  in: z.strictObject({ environment_id: environmentId, until: day('Last day of the freeze, as YYYY-MM-DD') }),
  out: z.object({
    windows_lost: z.int().describe('Free change windows that fall into the freeze'),
    frozen_days: z.int().describe('Days of the freeze, from today'),
    notified_team: z.string().describe('Team that is told'),
  }),
  writes: ['environments'],
  needs: [
    shiftOpen,
    environmentExists,
    notPast((args) => args.until, 30),
    must('conflict', (state, args) => rowOf(state.environments, args.environment_id).frozenUntil === null, (args, state) => `The environment is frozen until ${rowOf(state.environments, args.environment_id).frozenUntil} already.`),
  ],
  run: ({ state }, args) => {
    rowOf(state.environments, args.environment_id).frozenUntil = args.until;
    const lost = rowsOf(state.windows, (row) => row.environment === args.environment_id && row.usedBy === null && row.on <= args.until).length;
    return { windows_lost: lost, frozen_days: daysBetween(state.today, args.until) + 1, notified_team: createRng(`${state.salt}/team/${args.environment_id}`).pick(['Anchor', 'Ballast', 'Compass', 'Halyard', 'Sextant']) };
  },
});

/** The tools of the deployment platform, as a release assistant would be given them. */
export const deployTools: readonly DomainTool<DeployState>[] = [
  openReleaseShift, findService, findEnvironment, findApprover,
  listBuilds, startBuild, waitForBuild, publishArtefact, listArtefacts, compareArtefacts, scanArtefact, approveArtefact,
  readChangeCalendar, deployArtefact, checkHealth, rollBack, freezeEnvironment,
];
