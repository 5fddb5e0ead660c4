import type { Config } from '../config';
import { ensureSimulator } from '../services/simulator';
import { progressToStderr } from './services';

/** The configuration with the simulator's address in it, when it is wanted or known. */
export async function findSimulator(config: Config, wanted: boolean): Promise<Config> {
  if (!wanted || config.simulatorUrl !== undefined) return config;
  return { ...config, simulatorUrl: await ensureSimulator(config, progressToStderr) };
}
