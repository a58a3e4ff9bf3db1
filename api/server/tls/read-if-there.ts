import { readFile } from 'node:fs/promises';

/** The content, or undefined when there is no such file. Every other failure throws: unknown is not absent. */
export async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}
