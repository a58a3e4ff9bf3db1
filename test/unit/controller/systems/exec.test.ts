import { expect, it } from 'vitest';
import { ExecFailed, ExecTimedOut, systemExec } from '../../../../controller/systems/exec.ts';

it('gives the code and all that was printed', async () => {
  expect(await systemExec.run(['sh', '-c', 'cat; echo no >&2; exit 3'], { timeoutMs: 10_000, input: 'yes' })).toEqual({ code: 3, stdout: 'yes', stderr: 'no\n' });
  const many = 'x'.repeat(1_000_000);
  expect((await systemExec.run(['cat'], { timeoutMs: 10_000, input: many })).stdout).toBe(many);
  expect(await systemExec.run(['true'], { timeoutMs: 10_000 })).toEqual({ code: 0, stdout: '', stderr: '' });
});

it('does not mind a program that ends before it has read its input', async () => {
  const input = 'x'.repeat(1_000_000);
  expect(await systemExec.run(['sh', '-c', 'exit 4'], { timeoutMs: 10_000, input })).toMatchObject({ code: 4 });
});

it('kills what takes too long', async () => {
  await expect(systemExec.run(['sleep', '60'], { timeoutMs: 50 })).rejects.toThrow(new ExecTimedOut('sleep did not end within 50 ms'));
});

it('takes half of what a program printed for no answer, though the program itself has ended well', async () => {
  await expect(systemExec.run(['sh', '-c', 'echo half; sleep 5 & exit 0'], { timeoutMs: 200 })).rejects.toThrow(ExecTimedOut);
});

it('says what could not be run', async () => {
  await expect(systemExec.run(['/no/such/program'], { timeoutMs: 50 })).rejects.toThrow(new ExecFailed('/no/such/program could not be run: spawn /no/such/program ENOENT'));
});
