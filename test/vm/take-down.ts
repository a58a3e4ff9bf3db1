import { Machine, machineNames } from '../lab/machine/machine.ts';

/** Names the machines of this run, and takes down at its end what a test has left that was ended in its middle. */
export default function setup(): () => Promise<void> {
  const prefix = (process.env['BRIDGEKEEPER_LAB_PREFIX'] ??= `test-${process.pid}`);
  return async () => {
    for (const name of machineNames()) if (name.startsWith(`${prefix}-`)) await new Machine(name).down();
  };
}
