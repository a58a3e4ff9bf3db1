import { randomBytes } from 'node:crypto';
import { open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';

/**
 * Writes a file so that a crash or a power cut at any moment leaves the old one or the new one whole (rename(2), then fsync(2) of
 * the folder). Its mode is set before the content is in it.
 *
 * @param mode permission bits, such as 0o600
 * @param temporary what it is called while it is written, in the same folder; a file of that name is written over
 */
export async function writeFileAtomically(path: string, content: string, mode: number, temporary = `${path}.${randomBytes(6).toString('hex')}.tmp`): Promise<void> {
  await rm(temporary, { force: true });
  try {
    await writeAndSync(temporary, content, mode);
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(dirname(path));
}

async function writeAndSync(path: string, content: string, mode: number): Promise<void> {
  const file = await open(path, 'wx', mode);
  try {
    await file.chmod(mode);
    await file.writeFile(content);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A name is on disk once its folder is (fsync(2)). */
export async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}
