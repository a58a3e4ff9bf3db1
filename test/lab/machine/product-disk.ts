import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { systemExec } from '../../../controller/systems/exec.ts';
import { CHECKOUT } from './paths.ts';

/** What an installation needs of a built checkout: nothing else runs on the host. */
const PRODUCT = ['bin', 'dist', 'deploy', 'examples', 'package.json', 'node_modules/node', 'node_modules/better-sqlite3'];
const TIMEOUT_MS = 120_000;

/** Makes a file system with the built product in it, labelled `bridgekeeper`. */
export async function makeProductDisk(path: string): Promise<void> {
  const staged = `${path}.files`;
  rmSync(staged, { recursive: true, force: true });
  mkdirSync(staged);
  for (const part of PRODUCT) cpSync(join(CHECKOUT, part), join(staged, part), { recursive: true });
  rmSync(join(staged, 'node_modules/better-sqlite3/deps'), { recursive: true, force: true });
  const argv = ['/sbin/mke2fs', '-q', '-t', 'ext4', '-L', 'bridgekeeper', '-O', '^has_journal', '-d', staged, path, '512M'] as const;
  const { code, stderr } = await systemExec.run([...argv], { timeoutMs: TIMEOUT_MS });
  rmSync(staged, { recursive: true, force: true });
  if (code !== 0) throw new Error(`the disk with the product could not be made: ${stderr}`);
}
