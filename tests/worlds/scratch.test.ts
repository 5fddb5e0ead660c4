import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { identityOf, waitForExit, type ProcessIdentity } from '../../src/process-identity';
import { ownScratch, SERVER_FILE } from '../../src/worlds/scratch';

describe('the scratch folder of a process', () => {
  it('is its own, and what killed processes left is removed', () => {
    const home = mkdtempSync(join(tmpdir(), 'hardgen-scratch-'));
    // No process has the largest pid of a 32-bit number; process 1 always lives.
    for (const pid of ['2147483646', '1']) mkdirSync(join(home, 'scratch', pid), { recursive: true });
    expect(ownScratch(home)).toBe(join(home, 'scratch', String(process.pid)));
    expect(existsSync(join(home, 'scratch/2147483646'))).toBe(false);
    expect(existsSync(join(home, 'scratch/1'))).toBe(true);
    rmSync(home, { recursive: true });
  });

  it('is given after servers of killed processes are ended, and no other process that has their number now', async () => {
    const home = mkdtempSync(join(tmpdir(), 'hardgen-scratch-'));
    const left = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
    const stranger = spawn('sleep', ['60'], { detached: true, stdio: 'ignore' });
    const note = (world: string, server: ProcessIdentity): void => {
      mkdirSync(join(home, 'scratch/2147483646', world), { recursive: true });
      writeFileSync(join(home, 'scratch/2147483646', world, SERVER_FILE), JSON.stringify(server));
    };
    const [server, other] = [left, stranger].map((child) => identityOf(child.pid as number) as ProcessIdentity) as [ProcessIdentity, ProcessIdentity];
    note('git-a', server);
    note('git-b', { ...other, startedAt: 'earlier' });
    ownScratch(home);
    expect(await waitForExit(server, 2_000)).toBe(true);
    expect(identityOf(other.pid)).not.toBeNull();
    stranger.kill('SIGKILL');
    rmSync(home, { recursive: true });
  });
});
