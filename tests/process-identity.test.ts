import { spawn } from 'node:child_process';
import { identityOf, isRunning, signal, startTimeOf, waitForExit } from '../src/process-identity';

describe('a recorded process', () => {
  it('is recognised while it lives, and gone once it has ended', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => 0, 1000)'], { stdio: 'ignore' });
    const identity = identityOf(child.pid as number);
    expect(identity !== null && isRunning(identity)).toBe(true);
    expect(identity !== null && signal(identity, 'SIGTERM')).toBe(true);
    expect(identity !== null && (await waitForExit(identity, 5_000))).toBe(true);
  });

  it('is never a later process with the same id', () => {
    const recycled = { pid: process.pid, startedAt: 'an earlier time' };
    expect(isRunning(recycled)).toBe(false);
    expect(signal(recycled, 'SIGKILL')).toBe(false);
  });

  it('has one start time, however often one asks', () => {
    expect(startTimeOf(process.pid)).toBe(startTimeOf(process.pid));
  });

  it('does not exist for an id that nobody has', () => {
    expect(identityOf(2 ** 22 + 1)).toBeNull();
  });
});
