import { describe, expect, it } from 'vitest';
import type { Exec } from '../../../controller/systems/exec.ts';
import { tellReady } from '../../../controller/tell-systemd.ts';

function execThatEndsWith(code: number): { readonly exec: Exec; readonly argvs: (readonly string[])[] } {
  const argvs: (readonly string[])[] = [];
  const run: Exec['run'] = async (argv) => {
    argvs.push(argv);
    return { code, stdout: '', stderr: 'Failed to notify init system\n' };
  };
  return { exec: { run }, argvs };
}

describe('telling systemd', () => {
  it('says that the daemon is ready, and what it does', async () => {
    const { exec, argvs } = execThatEndsWith(0);
    await tellReady(exec, '/run/systemd/notify', 'serving the API');
    expect(argvs).toEqual([['systemd-notify', '--ready', '--status=serving the API']]);
  });

  it('starts no program where nobody waits', async () => {
    const { exec, argvs } = execThatEndsWith(0);
    await tellReady(exec, undefined, 'serving the API');
    expect(argvs).toEqual([]);
  });

  it('fails when systemd could not be told: it would end the daemon some time', async () => {
    const told = tellReady(execThatEndsWith(1).exec, '/run/systemd/notify', 'serving the API');
    await expect(told).rejects.toThrow('systemd-notify ended with 1: Failed to notify init system');
  });
});
