import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Client, Connection } from '@temporalio/client';
import type { Config } from '../config';
import type { CampaignInput } from '../core/campaign/manifest';
import { signal, waitForExit } from '../process-identity';
import { ensureServices, ensureSimulator, ServiceError, stopServices, type Report } from '../services';
import { readServicesFile } from '../services/services-file';
import { openDoor, type Door } from './door';
import type { Victim } from './schedule';
import { createChaosWorker, type ChaosWorker } from './worker';

/** Services, a worker and a way to the models that belong to one run alone, so that killing them harms nobody. */
export interface Site {
  config: Config;
  door: Door;
  worker: ChaosWorker;
  client: Client;
  /** The campaign as it has to be given to this site: every model is reached by the door. */
  divert(input: CampaignInput): CampaignInput;
  kill(victim: Victim): Promise<void>;
  /** Resolves when a service answers again; a worker's start is its process's. */
  restart(victim: Victim): Promise<void>;
  close(): Promise<void>;
}

/** The built-in simulator's name at the door; no endpoint of a campaign file can be called so. */
const SIMULATOR = ' simulator';

/** Local processes on free ports, on data in a folder of their own; nothing of the environment's services is taken over. */
export function ownConfig(config: Config, home: string): Config {
  return {
    home, cache: config.cache, searchPath: config.searchPath, docker: 'off', taskQueue: 'chaos', temporalNamespace: 'default', neo4jUser: 'neo4j', logLevel: config.logLevel,
    ...(config.javaHome === undefined ? {} : { javaHome: config.javaHome }),
  };
}

export async function openSite(input: { config: Config; simulated: boolean; report: Report }): Promise<Site> {
  const { config, simulated, report } = input;
  mkdirSync(config.home, { recursive: true });
  const door = await openDoor();
  try {
    const services = await ensureServices(config, report);
    const addressOf = { temporal: services.temporal.address, neo4j: services.neo4j.uri };
    const startModels = async (): Promise<void> => {
      if (simulated) door.lead(SIMULATOR, await ensureSimulator(config, report));
    };
    await startModels();
    const worker = createChaosWorker(config, door.urlOf(SIMULATOR));
    const connection = await Connection.connect({ address: addressOf.temporal });
    return {
      config, door, worker, client: new Client({ connection, namespace: services.temporal.namespace }),
      divert: (campaign) => divert(campaign, door),
      kill: (victim) => kill(victim, { config, door, worker }),
      restart: async (victim) => {
        if (victim === 'worker') {
          door.callerIsDead(false);
          worker.start();
        } else if (victim === 'model') {
          await startModels();
          door.unshut();
        } else {
          const { temporal, neo4j } = await ensureServices(config, report);
          if (temporal.address !== addressOf.temporal || neo4j.uri !== addressOf.neo4j) throw new ServiceError(`Expected ${victim} to come back where it was, got another port, as its own was taken meanwhile; run chaos again`);
        }
      },
      close: async () => {
        await worker.stop();
        await connection.close();
        await door.close();
        await stopServices(config, report);
      },
    };
  } catch (error) {
    await door.close();
    await stopServices(config, report);
    throw error;
  }
}

function divert(input: CampaignInput, door: Door): CampaignInput {
  const { models } = input.campaign;
  const endpoints = Object.entries(models.endpoints).map(([name, endpoint]) => {
    door.lead(name, endpoint.baseURL);
    return [name, { ...endpoint, baseURL: door.urlOf(name) }] as const;
  });
  return { ...input, campaign: { ...input.campaign, models: { ...models, endpoints: Object.fromEntries(endpoints) } } };
}

async function kill(victim: Victim, { config, door, worker }: Pick<Site, 'config' | 'door' | 'worker'>): Promise<void> {
  if (victim === 'worker') {
    door.callerIsDead(true);
    return await worker.kill();
  }
  // An endpoint that is not ours lives on behind the door.
  if (victim === 'model') door.shut();
  const runner = readServicesFile(config).running[victim === 'model' ? 'simulator' : victim];
  if (runner?.kind !== 'process') return;
  signal(runner, 'SIGKILL');
  if (!(await waitForExit(runner, 10_000))) throw new ServiceError(`Expected process ${runner.pid} (${victim}) to die of SIGKILL within 10 s, got it alive; see ${join(config.home, 'logs')}`);
}
