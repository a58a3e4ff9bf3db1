import { readFileSync } from 'node:fs';
import path from 'node:path';
import { isObject, objectsAt, parseJson, textAt, toJson, type Json, type JsonObject } from '../api/json.ts';
import { CommandError } from '../errors.ts';

export interface NamedEntry {
  readonly name: string;
  readonly value: JsonObject;
  /** The file it stands in; relative paths in it start from this file's folder. */
  readonly file: string;
}

/** One or more kubeconfig files, put together as client-go does: of entries with the same name the first wins. */
export interface Kubeconfig {
  readonly files: readonly string[];
  readonly currentContext?: string;
  /** The file that says which context that is. */
  readonly currentContextFile?: string;
  readonly clusters: readonly NamedEntry[];
  readonly users: readonly NamedEntry[];
  readonly contexts: readonly NamedEntry[];
}

/** The daemon's own, readable by root only. */
export const DAEMON_KUBECONFIG = '/var/lib/bridgekeeper/admin.kubeconfig';

/** Where the kubeconfig may be, in the order of asking. `explicit`: somebody named it, so it must exist. */
export function kubeconfigCandidates(
  flag: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): { readonly files: readonly string[]; readonly explicit: boolean; readonly from: string }[] {
  if (flag !== undefined) return [{ files: [flag], explicit: true, from: '--kubeconfig' }];
  const listed = (environment['KUBECONFIG'] ?? '').split(path.delimiter).filter((file) => file !== '');
  if (listed.length > 0) return [{ files: listed, explicit: true, from: '$KUBECONFIG' }];
  const home = environment['HOME'];
  const own = home === undefined || home === '' ? [] : [{ files: [path.join(home, '.kube', 'config')], explicit: false, from: 'the default' }];
  return [...own, { files: [DAEMON_KUBECONFIG], explicit: false, from: 'the daemon' }];
}

/**
 * Reads the kubeconfig that is in force, or undefined when there is none anywhere. Throws CommandError when a file that was
 * asked for is missing, or one can't be read.
 */
export async function loadKubeconfig(
  flag: string | undefined,
  environment: Readonly<Record<string, string | undefined>>,
): Promise<Kubeconfig | undefined> {
  for (const candidate of kubeconfigCandidates(flag, environment)) {
    const parts: Kubeconfig[] = [];
    for (const file of candidate.files) {
      const part = await readKubeconfig(file);
      if (part) parts.push(part);
    }
    if (candidate.explicit && parts.length === 0) {
      throw new CommandError(`cannot read the kubeconfig ${candidate.files.join(', ')} (from ${candidate.from}): no such file.`);
    }
    const merged = merge(parts);
    if (candidate.explicit || merged.clusters.length > 0) return merged;
  }
  return undefined;
}

async function readKubeconfig(file: string): Promise<Kubeconfig | undefined> {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) return undefined;
    const denied = hasCode(error, 'EACCES') || hasCode(error, 'EPERM');
    const why = denied ? 'permission denied. Run as a user who may read it, or give another with --kubeconfig.' : String(error);
    throw new CommandError(`cannot read the kubeconfig ${file}: ${why}`, { cause: error });
  }
  const value = await parseText(file, text);
  if (value === null) return { files: [file], clusters: [], users: [], contexts: [] };
  if (!isObject(value)) throw new CommandError(`${file} is no kubeconfig: it must be a mapping with clusters, users and contexts.`);
  const currentContext = textAt(value, 'current-context');
  return {
    files: [file],
    ...(currentContext && { currentContext, currentContextFile: file }),
    clusters: entries(value, 'clusters', 'cluster', file),
    users: entries(value, 'users', 'user', file),
    contexts: entries(value, 'contexts', 'context', file),
  };
}

async function parseText(file: string, text: string): Promise<Json> {
  try {
    if (text.trimStart().startsWith('{')) return parseJson(text);
    const { parse } = await import('yaml');
    return toJson(parse(text, { prettyErrors: true, logLevel: 'error' }));
  } catch (error) {
    const firstLine = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
    throw new CommandError(`${file} is no kubeconfig: ${firstLine.replace(/:$/, '')}`, { cause: error });
  }
}

function entries(config: JsonObject, list: string, field: string, file: string): NamedEntry[] {
  return objectsAt(config, list).flatMap((entry) => {
    const name = textAt(entry, 'name');
    const value = entry[field];
    return name === undefined ? [] : [{ name, file, value: isObject(value) ? value : {} }];
  });
}

function merge(parts: readonly Kubeconfig[]): Kubeconfig {
  const current = parts.find((part) => part.currentContext !== undefined);
  return {
    files: parts.flatMap((part) => part.files),
    ...(current?.currentContext !== undefined && { currentContext: current.currentContext }),
    ...(current?.currentContextFile !== undefined && { currentContextFile: current.currentContextFile }),
    clusters: firstOfEach(parts.flatMap((part) => part.clusters)),
    users: firstOfEach(parts.flatMap((part) => part.users)),
    contexts: firstOfEach(parts.flatMap((part) => part.contexts)),
  };
}

function firstOfEach(all: readonly NamedEntry[]): NamedEntry[] {
  return all.filter((entry, index) => all.findIndex((other) => other.name === entry.name) === index);
}

/** Whether an error of node:fs or node:net has this code. */
export function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
