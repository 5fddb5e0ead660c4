import { z } from 'zod';
import { addDays, timeOf } from '../calendar';
import { rowOf } from '../combinators';
import { seeding, type Seeding } from '../seeding';

export const BUILD_STATUSES = ['running', 'finished', 'failed'] as const;
export const ARTEFACT_STATUSES = ['published', 'scanned', 'approved'] as const;
export const DEPLOYMENT_STATUSES = ['rolling', 'healthy', 'replaced', 'rolled_back'] as const;

const build = z.strictObject({ service: z.string(), branch: z.string(), status: z.enum(BUILD_STATUSES), published: z.boolean() });
const artefact = z.strictObject({
  service: z.string(),
  version: z.string(),
  status: z.enum(ARTEFACT_STATUSES),
  report: z.string().nullable(),
  critical: z.int().min(0),
  /** Has been healthy in a staging environment. */
  proven: z.boolean(),
});
const window = z.strictObject({ environment: z.string(), on: z.iso.date(), opens: z.string(), usedBy: z.string().nullable() });
const deployment = z.strictObject({ artefact: z.string(), environment: z.string(), status: z.enum(DEPLOYMENT_STATUSES), previous: z.string().nullable() });

/** Everything there is on the platform. A deployment is live while it rolls out or is healthy. */
export const deployStateSchema = z.strictObject({
  salt: z.string(),
  today: z.iso.date(),
  shift: z.strictObject({ badge: z.string(), open: z.boolean() }),
  services: z.record(z.string(), z.strictObject({ name: z.string(), owner: z.string() })),
  people: z.record(z.string(), z.strictObject({ name: z.string() })),
  environments: z.record(z.string(), z.strictObject({ name: z.string(), stage: z.enum(['staging', 'production']), frozenUntil: z.iso.date().nullable() })),
  builds: z.record(z.string(), build),
  artefacts: z.record(z.string(), artefact),
  windows: z.record(z.string(), window),
  deployments: z.record(z.string(), deployment),
});

export type DeployState = z.output<typeof deployStateSchema>;
export type Artefact = z.output<typeof artefact>;
export type Build = z.output<typeof build>;
export type Deployment = z.output<typeof deployment>;

const SERVICE_NAMES = ['ticket-printer', 'meter-reader', 'stock-mirror', 'route-planner', 'seat-keeper', 'refund-clerk', 'label-maker'];
const ENVIRONMENT_NAMES = ['dry-dock', 'mudflat', 'open-sea', 'north-quay', 'breakwater', 'sandbank', 'high-tide'];
const BRANCHES = ['autumn-rules', 'lighter-images', 'two-regions', 'safer-restart', 'quiet-logs', 'new-tariffs'];

/** The initial state of a seed: three services with four versions each, two staging and two production environments. */
export function initDeploy(seed: number): DeployState {
  const s = seeding('deploy', seed);
  const names = s.faker.helpers.uniqueArray(() => s.faker.person.firstName(), 5).map((first) => `${first} ${s.faker.person.lastName()}`);
  const people = s.table('ENG', names, (name) => ({ name }));
  const services = s.table('SVC', s.some(SERVICE_NAMES, 3), (name, at) => ({ name, owner: Object.keys(people)[at] as string }));
  const environments = s.table('ENV', s.some(ENVIRONMENT_NAMES, 4), (name, at) => ({ name, stage: at % 2 === 0 ? ('staging' as const) : ('production' as const), frozenUntil: null }));
  const slots = Object.keys(environments).flatMap((environment) => [0, 1, 2].map((at) => ({ environment, at })));
  const windows = s.table('WIN', slots, ({ environment, at }) => ({ environment, on: addDays(s.today, s.rng.int(1, 4) + 5 * at), opens: timeOf(s.rng.int(80, 92) * 15), usedBy: null }));
  return {
    salt: s.salt,
    today: s.today,
    shift: { badge: `B${s.rng.int(10000, 99999)}`, open: false },
    services, people, environments, windows,
    builds: initBuilds(s, Object.keys(services)),
    ...initDeployments(s, Object.keys(services), Object.keys(environments)),
  };
}

function initBuilds(s: Seeding, services: string[]): DeployState['builds'] {
  const plan = services.flatMap((service) => {
    const branches = s.some(BRANCHES, 3);
    return BUILD_STATUSES.map((status, at) => ({ service, branch: branches[at] as string, status, published: false }));
  });
  return s.table('BLD', plan, (row) => row);
}

/**
 * Of each service: version 0 was replaced by 1 in the first staging and production environment, 0 still runs in the
 * second production one, 2 rolls out in the second staging one, 3 is only published.
 */
function initDeployments(s: Seeding, services: string[], environments: string[]): Pick<DeployState, 'artefacts' | 'deployments'> {
  const artefacts: DeployState['artefacts'] = {};
  const deployments: DeployState['deployments'] = {};
  const [stagingA, productionA, stagingB, productionB] = environments as [string, string, string, string];
  services.forEach((service, at) => {
    const major = s.rng.int(1, 6);
    const versions = [0, 1, 2, 3].map((minor) => {
      const id = s.code('ART', `${at}/${minor}`);
      const known = minor < 3;
      artefacts[id] = { service, version: `${major}.${minor}`, status: known ? 'approved' : 'published', report: known ? s.code('SCAN', `${at}/${minor}`) : null, critical: 0, proven: minor < 2 };
      return id;
    }) as [string, string, string, string];
    const put = (artefact: string, environment: string, status: Deployment['status'], previous: string | null): string => {
      const id = s.code('DPL', `${artefact}/${environment}`);
      deployments[id] = { artefact, environment, status, previous };
      return id;
    };
    for (const environment of [stagingA, productionA]) put(versions[1], environment, 'healthy', put(versions[0], environment, 'replaced', null));
    put(versions[2], stagingB, 'rolling', null);
    put(versions[0], productionB, 'healthy', null);
  });
  return { artefacts, deployments };
}

export const isLive = (row: Deployment): boolean => row.status === 'rolling' || row.status === 'healthy';

/** The id of the live deployment of a service in an environment. */
export const liveIn = (state: DeployState, service: string, environment: string): string | undefined =>
  Object.keys(state.deployments).find((id) => {
    const row = rowOf(state.deployments, id);
    return isLive(row) && row.environment === environment && rowOf(state.artefacts, row.artefact).service === service;
  });

export const deployInvariants: { [rule: string]: (state: DeployState) => boolean } = {
  'an environment runs one deployment of a service at a time': (state) => {
    const places = Object.values(state.deployments).filter(isLive).map((row) => `${row.environment}/${rowOf(state.artefacts, row.artefact).service}`);
    return new Set(places).size === places.length;
  },
  'only approved artefacts are deployed': (state) => Object.values(state.deployments).every((row) => rowOf(state.artefacts, row.artefact).status === 'approved'),
  'production runs what was healthy in staging': (state) =>
    Object.values(state.deployments).every((row) => rowOf(state.environments, row.environment).stage === 'staging' || rowOf(state.artefacts, row.artefact).proven),
  'a deployment goes back to one of the same service and environment': (state) =>
    Object.values(state.deployments).every((row) => {
      const before = row.previous === null ? undefined : rowOf(state.deployments, row.previous);
      return before === undefined || (before.environment === row.environment && rowOf(state.artefacts, before.artefact).service === rowOf(state.artefacts, row.artefact).service);
    }),
  'approved artefacts have a clean scan': (state) => Object.values(state.artefacts).every((row) => row.status !== 'approved' || (row.report !== null && row.critical === 0)),
};
