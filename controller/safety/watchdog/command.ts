import { systemClock } from '../../../api/machinery/clock.ts';
import { systemExec } from '../../systems/exec.ts';
import { watch } from './watchdog.ts';

/** `bridgekeeper watchdog DIRECTORY`: what the daemon starts for each guarded change. Answers the exit code. */
export async function watchdogCommand([directory]: readonly string[]): Promise<number> {
  if (directory === undefined) {
    process.stderr.write('bridgekeeper: watchdog needs the folder of a checkpoint; the daemon starts it, nobody has to\n');
    return 2;
  }
  const log = (text: string): void => void process.stdout.write(`${new Date(systemClock.now()).toISOString()} ${text}\n`);
  await watch({ directory, clock: systemClock, exec: systemExec, log });
  return 0;
}
