import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** How this daemon's program is started: the built one lies in one folder with what is built; from the sources it is main.ts. */
export function daemonProgram(): readonly [string, ...string[]] {
  const here = fileURLToPath(import.meta.url);
  const program = here.endsWith('.ts') ? path.resolve(path.dirname(here), '../../main.ts') : path.join(path.dirname(here), 'bridgekeeper.mjs');
  return [process.execPath, ...process.execArgv, program];
}
