import { systemExec } from '../../controller/systems/exec.ts';
import { ROOT } from './daemon.ts';
import type { Lab } from '../lab/lab.ts';

/** The process by whose namespaces a lab host is reached from outside. */
export async function hostPid(lab: Lab): Promise<string> {
  const { stdout } = await systemExec.run([`${ROOT}/test/lab/lab`, 'list'], { timeoutMs: 10_000 });
  const pid = new RegExp(String.raw`^${lab.name}\s+up\s+pid (\d+)`, 'm').exec(stdout)?.[1];
  if (pid === undefined) throw new Error(`lab list does not show ${lab.name}: ${stdout}`);
  return pid;
}
