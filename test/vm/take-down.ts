import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { machineNames } from '../lab/machine/machine.ts';
import { CHECKOUT } from '../lab/machine/paths.ts';

const TIMEOUT_MS = 60_000;

/** Names the machines of this run, and takes down at its end, also where it is interrupted, what a test has left that was ended in its middle. */
export default function setup(): void {
  const prefix = (process.env['BRIDGEKEEPER_LAB_PREFIX'] ??= `test-${process.pid}`);
  process.once('exit', () => {
    for (const name of machineNames()) if (name.startsWith(`${prefix}-`)) spawnSync(join(CHECKOUT, 'test/lab/vm'), ['down', name], { timeout: TIMEOUT_MS });
  });
}
