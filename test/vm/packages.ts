import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { BUILD } from '../lab/machine/paths.ts';

const TIMEOUT_MS = 300_000;

/** Makes the Debian package of the built checkout that goes on the machines, not compressed, in a folder. Needs build/packages-deb.txt. */
export function makePackage(folder: string, version: string): void {
  const { status, stderr, error } = spawnSync(process.execPath, [join(BUILD, 'build/debian.mjs'), '--output', folder, '--version', version], {
    env: { ...process.env, BRIDGEKEEPER_COMPRESSION: 'none' },
    encoding: 'utf8',
    timeout: TIMEOUT_MS,
  });
  if (status !== 0) throw new Error(`the package ${version} could not be made: ${error?.message ?? stderr}`);
}
