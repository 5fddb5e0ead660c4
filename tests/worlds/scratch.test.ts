import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ownScratch } from '../../src/worlds/scratch';

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
});
