import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

/**
 * A process as it can be recognised later: process ids are recycled, a start time is not. `startedAt` is opaque text
 * (Linux: boot id and clock ticks; elsewhere what `ps` prints).
 */
export interface ProcessIdentity {
  pid: number;
  startedAt: string;
}

/** When a running process began, `null` when there is none (a zombie counts as none: it does nothing any more). */
export function startTimeOf(pid: number): string | null {
  return process.platform === 'linux' ? linuxStartTime(pid) : psStartTime(pid);
}

export function identityOf(pid: number): ProcessIdentity | null {
  const startedAt = startTimeOf(pid);
  return startedAt === null ? null : { pid, startedAt };
}

/** True only while this very process lives; never for a later one with the same id. */
export function isRunning(target: ProcessIdentity): boolean {
  return startTimeOf(target.pid) === target.startedAt;
}

/** Sends a signal to this very process; false when it is gone already. */
export function signal(target: ProcessIdentity, name: 'SIGTERM' | 'SIGKILL'): boolean {
  if (!isRunning(target)) return false;
  try {
    process.kill(target.pid, name);
    return true;
  } catch {
    return false;
  }
}

/** Kills what has this id, a negative one being a group; nothing when it has ended meanwhile. */
export function killIfThere(pid: number, name: NodeJS.Signals = 'SIGKILL'): void {
  try {
    process.kill(pid, name);
  } catch {
    // Ended meanwhile, or somebody else's.
  }
}

/** Waits until the process is gone; false when it still lives after `timeoutMs`. */
export async function waitForExit(target: ProcessIdentity, timeoutMs: number): Promise<boolean> {
  const deadline = Date.now() + timeoutMs;
  while (isRunning(target)) {
    if (Date.now() >= deadline) return false;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return true;
}

// Field 22 counts from after the program's name, which stands in brackets and may hold spaces and brackets itself.
function linuxStartTime(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const [state, ticks] = [fields[0], fields[19]];
    if (ticks === undefined || state === 'Z' || state === 'X') return null;
    return `${readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim()}/${ticks}`;
  } catch {
    return null;
  }
}

function psStartTime(pid: number): string | null {
  try {
    const line = execFileSync('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    const [state, ...time] = line.split(/\s+/);
    return line === '' || state?.startsWith('Z') ? null : time.join(' ');
  } catch {
    return null;
  }
}

/** Processes, other than ours, that still work in a folder: its name is in their command, environment or current folder. */
export function processesOf(folder: string): string[] {
  return process.platform === 'linux' ? fromProc(folder) : fromPs(folder);
}

function fromProc(folder: string): string[] {
  return readdirSync('/proc').filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid).flatMap((pid) => {
    const command = quietly(() => readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
    const traces = [command, quietly(() => readFileSync(`/proc/${pid}/environ`, 'utf8')), quietly(() => readlinkSync(`/proc/${pid}/cwd`))];
    return traces.some((trace) => trace.includes(folder)) ? [`${pid} ${command.replaceAll('\0', ' ').trim()}`] : [];
  });
}

/** Someone else's process, or one that has just ended, tells nothing. */
function quietly(read: () => string): string {
  try {
    return read();
  } catch {
    return '';
  }
}

function fromPs(folder: string): string[] {
  const lines = execFileSync('ps', ['axeww', '-o', 'pid=,command='], { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 }).split('\n');
  return lines.filter((line) => line.includes(folder) && Number(line.trim().split(/\s/)[0]) !== process.pid);
}
