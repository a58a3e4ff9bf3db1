import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { makeFileSystem } from './file-system.ts';
import { BUILD } from './paths.ts';

/** What an installation needs of a built checkout: nothing else runs on the host. */
const PRODUCT = ['bin', 'dist', 'deploy', 'examples', 'package.json', 'node_modules/node', 'node_modules/better-sqlite3'];

/** Makes a file system with the built product in it, labelled `bridgekeeper`. */
export async function makeProductDisk(path: string): Promise<void> {
  const staged = `${path}.files`;
  rmSync(staged, { recursive: true, force: true });
  mkdirSync(staged);
  for (const part of PRODUCT) cpSync(join(BUILD, part), join(staged, part), { recursive: true, filter: (file) => !file.endsWith('.deb') });
  rmSync(join(staged, 'node_modules/better-sqlite3/deps'), { recursive: true, force: true });
  await makeFileSystem(path, { label: 'bridgekeeper', folder: staged, size: '512M' });
  rmSync(staged, { recursive: true, force: true });
}
