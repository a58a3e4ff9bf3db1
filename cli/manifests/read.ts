import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { hasCode } from '../connection/kubeconfig.ts';
import { CommandError, UsageError } from '../errors.ts';
import type { ReadManifest } from './document.ts';

const EXTENSIONS = new Set(['.yaml', '.yml', '.json']);

export interface ManifestSources {
  /** Files, folders, or `-` for standard input. */
  readonly names: readonly string[];
  /** Folders within folders too. */
  readonly isRecursive: boolean;
  readStdin(): Promise<string>;
}

/** Reads manifests in the order given; the files of a folder in the order of their names. Throws where a file can't be read. */
export async function readManifests(sources: ManifestSources): Promise<ReadManifest[]> {
  const { parseManifests } = await import('./parse.ts');
  const manifests: ReadManifest[] = [];
  for (const name of sources.names) {
    if (name === '-') manifests.push(...parseManifests(await sources.readStdin(), 'standard input'));
    else for (const file of filesOf(name, sources.isRecursive)) manifests.push(...parseManifests(readText(file), file));
  }
  return manifests;
}

function filesOf(name: string, isRecursive: boolean): string[] {
  if (/^https?:\/\//.test(name)) throw new UsageError(`-f ${name}: addresses are not read. Pipe it: curl -fsS ${name} | bridgectl apply -f -`);
  const stats = reading(name, () => statSync(name));
  if (!stats.isDirectory()) return [name];
  const files = manifestsIn(name, isRecursive);
  if (files.length > 0) return files;
  const hint = isRecursive ? '' : ' With -R folders within it are read too.';
  throw new CommandError(`${name}: no file in this folder ends in .yaml, .yml or .json.${hint}`);
}

function manifestsIn(folder: string, isRecursive: boolean): string[] {
  const entries = reading(folder, () => readdirSync(folder, { withFileTypes: true })).sort((left, right) => (left.name < right.name ? -1 : 1));
  return entries.flatMap((entry) => {
    const file = path.join(folder, entry.name);
    if (entry.isDirectory()) return isRecursive ? manifestsIn(file, isRecursive) : [];
    return EXTENSIONS.has(path.extname(entry.name)) ? [file] : [];
  });
}

function readText(file: string): string {
  return reading(file, () => readFileSync(file, 'utf8'));
}

function reading<Result>(file: string, read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    const why = hasCode(error, 'ENOENT') ? 'there is no such file or folder' : hasCode(error, 'EACCES') ? 'permission denied' : String(error);
    throw new CommandError(`cannot read ${file}: ${why}.`, { cause: error });
  }
}
