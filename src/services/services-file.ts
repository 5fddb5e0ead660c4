import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Config } from '../config';
import type { ProcessIdentity } from '../process-identity';
import type { ServiceName } from './report';

/** Who runs a service of ours: a process that we started, or a container in a compose project. */
export type Runner = ({ kind: 'process' } & ProcessIdentity) | { kind: 'compose'; project: string };

/** `.hardgen/services.json`: what runs now, and the ports to ask for first next time, so that workers find a restarted server again. */
export interface ServicesFile {
  running: Partial<Record<ServiceName, Runner>>;
  ports: { temporal?: number; temporalUi?: number; neo4j?: number; simulator?: number };
}

const fileOf = (config: Config): string => join(config.home, 'services.json');

/** What the file says; a missing or torn file says nothing, and the services then start anew on their kept data. */
export function readServicesFile(config: Config): ServicesFile {
  try {
    const { running, ports } = JSON.parse(readFileSync(fileOf(config), 'utf8')) as Partial<ServicesFile>;
    return { running: running ?? {}, ports: ports ?? {} };
  } catch {
    return { running: {}, ports: {} };
  }
}

function write(config: Config, content: ServicesFile): void {
  mkdirSync(config.home, { recursive: true });
  const draft = `${fileOf(config)}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(content, null, 2)}\n`);
  renameSync(draft, fileOf(config));
}

/** Notes a started service at once, before it answers: a starter that dies here leaves nothing that `down` cannot find. */
export function noteRunning(config: Config, service: ServiceName, runner: Runner, ports: ServicesFile['ports']): void {
  const file = readServicesFile(config);
  write(config, { running: { ...file.running, [service]: runner }, ports: { ...file.ports, ...ports } });
}

export function noteStopped(config: Config, service: ServiceName): void {
  const { running, ports } = readServicesFile(config);
  const { [service]: _gone, ...others } = running;
  write(config, { running: others, ports });
}

/** Folder of the services' logs, made when missing. */
export function logFile(config: Config, name: string): string {
  const folder = join(config.home, 'logs');
  mkdirSync(folder, { recursive: true });
  return join(folder, `${name}.log`);
}
