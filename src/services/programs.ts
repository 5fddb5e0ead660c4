import { execFile, spawn } from 'node:child_process';
import { accessSync, closeSync, constants, openSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Config } from '../config';
import { serverEnvironment, toolEnvironment } from '../config';
import { ServiceError, reasonOf } from './service-error';

/** The absolute path of a program on PATH, `null` when there is none. */
export function findProgram(searchPath: string, program: string): string | null {
  const candidates = searchPath.split(delimiter).filter((folder) => folder !== '').map((folder) => join(folder, program));
  return candidates.find(isExecutable) ?? null;
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

export interface ShortRun {
  ok: boolean;
  /** stdout and stderr in one, as version texts may go to either. */
  output: string;
}

/** Runs a program that answers at once (a version, a status); a time-out or a missing program is `ok: false`, never a throw. */
export async function ask(config: Config, program: string, args: readonly string[], timeoutMs = 3_000): Promise<ShortRun> {
  return await new Promise((done) => {
    execFile(program, args, { env: toolEnvironment(config), timeout: timeoutMs, killSignal: 'SIGKILL' }, (error, stdout, stderr) => {
      done({ ok: error === null, output: `${stdout}\n${stderr}`.trim() || (error ? reasonOf(error) : '') });
    });
  });
}

export interface LoggedRun {
  program: string;
  args: readonly string[];
  /** Folder to run in. */
  cwd: string;
  /** What it prints is appended here. */
  log: string;
  env: NodeJS.ProcessEnv;
}

/** Runs a build tool to its end; throws ServiceError with the last line of its log when it fails. It dies with us. */
export async function runLogged(run: LoggedRun): Promise<void> {
  const log = openSync(run.log, 'a');
  try {
    await new Promise<void>((resolve, reject) => {
      const child = spawn(run.program, run.args, { cwd: run.cwd, env: run.env, stdio: ['ignore', log, log] });
      child.on('error', (cause) => reject(new ServiceError(`Expected ${run.program} to start, got ${reasonOf(cause)}`, { cause })));
      child.on('exit', (code, signal) => (code === 0 ? resolve() : reject(failedRun(run, code ?? signal ?? 'no exit code'))));
    });
  } finally {
    closeSync(log);
  }
}

function failedRun(run: LoggedRun, exit: number | string): ServiceError {
  return new ServiceError(`Expected \`${run.program} ${run.args[0] ?? ''}\` to succeed, got ${exit} (${lastLine(run.log)}); see ${run.log}, then try again`);
}

/** The last line of a log that says something, for a message. */
export function lastLine(file: string): string {
  return lastLines(file, 1)[0] ?? 'the log is empty';
}

export function lastLines(file: string, count: number): string[] {
  return readFileSync(file, 'utf8').split('\n').map((line) => line.trim()).filter((line) => line !== '').slice(-count);
}

export interface Detached {
  program: string;
  args: readonly string[];
  cwd: string;
  log: string;
  extraEnv?: Record<string, string>;
}

/** Starts a server that outlives us, its output appended to a log. Gives its process id; throws ServiceError when it cannot start. */
export async function startDetached(config: Config, server: Detached): Promise<{ pid: number; exited: Promise<string> }> {
  const log = openSync(server.log, 'a');
  try {
    const child = spawn(server.program, server.args, { cwd: server.cwd, detached: true, env: serverEnvironment(config, server.extraEnv), stdio: ['ignore', log, log] });
    const exited = new Promise<string>((resolve) => child.on('exit', (code, signal) => resolve(String(code ?? signal))));
    await new Promise<void>((resolve, reject) => {
      child.on('spawn', resolve);
      child.on('error', (cause) => reject(new ServiceError(`Expected ${server.program} to start, got ${reasonOf(cause)}`, { cause })));
    });
    child.unref();
    return { pid: child.pid as number, exited };
  } finally {
    closeSync(log);
  }
}
