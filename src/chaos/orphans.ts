import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, readlinkSync } from 'node:fs';

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
