/** The watchdog's own program, which the daemon starts for each guarded change: `main.ts DIRECTORY`, the folder of its checkpoint. */
import { systemClock } from '../../../api/machinery/clock.ts';
import { systemExec } from '../../systems/exec.ts';
import { watch } from './watchdog.ts';

const [directory] = process.argv.slice(2);
if (directory === undefined) {
  process.stderr.write('bridgekeeper-watchdog: it needs the folder of a checkpoint; the daemon starts it, nobody has to\n');
  process.exitCode = 2;
} else {
  const log = (text: string): void => void process.stdout.write(`${new Date(systemClock.now()).toISOString()} ${text}\n`);
  await watch({ directory, clock: systemClock, exec: systemExec, log });
}
