import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../../api/machinery/clock.ts';
import { LockTimeout, underLock } from '../../../../controller/journal/exclusive-lock.ts';

const MODULE = path.resolve(import.meta.dirname, '../../../../controller/journal/exclusive-lock.ts');
const CLOCK = path.resolve(import.meta.dirname, '../../../../api/machinery/clock.ts');
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'lock-'));
});

afterEach(async () => {
  await rm(folder, { recursive: true });
});

describe('a lock between processes', () => {
  it('is one at a time, and ends with the process that has it', async () => {
    const file = path.join(folder, 'lock');
    const program = `const { underLock } = await import('${MODULE}'); const { systemClock } = await import('${CLOCK}');
      await underLock('${file}', systemClock, 5000, () => new Promise((resolve) => { console.log('has it'); setTimeout(resolve, 600_000); }));`;
    const holder = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(holder.stdout, 'data');
    await expect(underLock(file, systemClock, 100, () => Promise.resolve())).rejects.toThrow(LockTimeout);
    holder.kill('SIGKILL');
    await expect(underLock(file, systemClock, 5_000, () => Promise.resolve('ours'))).resolves.toBe('ours');
  });

  it('needs no room but its own file', async () => {
    const names = await underLock(path.join(folder, 'lock'), systemClock, 1_000, () => readdir(folder));
    expect(names).toEqual(['lock']);
  });
});
