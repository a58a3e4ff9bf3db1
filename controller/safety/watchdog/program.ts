import path from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * How the watchdog is started: the interpreter, its options and the program. The built one lies in one folder with what is built and
 * holds nothing that it does not need, for a change waits until it has started; from the sources it is main.ts.
 */
export function watchdogProgram(): readonly [string, ...string[]] {
  const here = fileURLToPath(import.meta.url);
  const program = here.endsWith('.ts') ? 'main.ts' : 'bridgekeeper-watchdog.mjs';
  return [process.execPath, ...process.execArgv, path.join(path.dirname(here), program)];
}
