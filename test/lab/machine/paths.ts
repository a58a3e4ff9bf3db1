import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

export const HERE = import.meta.dirname;
export const CHECKOUT = resolve(HERE, '../../..');
/** The checkout whose build goes on the machines; another one to look at a build of its own. */
export const BUILD = process.env['BRIDGEKEEPER_BUILD'] ?? CHECKOUT;
export const IMAGE_RECIPE = join(HERE, 'image');
const MACHINES = '/var/tmp/bridgekeeper-vm';

/** Where the image and the booted snapshot are kept between runs: another recipe is another folder. */
export function cacheFolder(): string {
  const cache = process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache');
  const recipe = createHash('sha256').update(readFileSync(IMAGE_RECIPE)).digest('hex').slice(0, 12);
  return join(cache, 'bridgekeeper', `vm-${recipe}`);
}

/** Everything of one machine: its disk, sockets, logs and process ids. */
export function machineFolder(name: string): string {
  return join(MACHINES, name);
}

export function allMachinesFolder(): string {
  return MACHINES;
}
