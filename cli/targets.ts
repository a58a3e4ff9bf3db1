import type { JsonObject } from './api/json.ts';
import { objectsAt, textAt } from './api/json.ts';
import type { ResourceType } from './api/resource-type.ts';
import type { OptionTable } from './arguments/options.ts';
import { CommandError, UsageError } from './errors.ts';
import { readManifests } from './manifests/read.ts';
import type { Session } from './session.ts';

/** One object that the command line names. */
export interface NamedTarget {
  readonly type: ResourceType;
  readonly namespace: string | undefined;
  readonly name: string;
}

/** What the command line names: single objects, or whole kinds to be narrowed by selectors. */
export type Targets =
  | { readonly by: 'name'; readonly targets: readonly NamedTarget[] }
  | { readonly by: 'kind'; readonly types: readonly ResourceType[]; readonly isCategory: boolean };

export const FILE_OPTIONS: OptionTable = {
  filename: { type: 'text', short: 'f', value: 'FILE', help: 'manifests: a file, a folder, or - for standard input; may be repeated' },
  recursive: { type: 'switch', short: 'R', help: 'with -f: folders within folders too' },
};

export const SELECTOR_OPTIONS: OptionTable = {
  selector: { type: 'text', short: 'l', value: 'LABELS', help: 'only those with these labels: a=b,c!=d,e' },
  'field-selector': { type: 'text', value: 'FIELDS', help: 'only those with these fields: metadata.name=x' },
  'all-namespaces': { type: 'switch', short: 'A', help: 'for kinds that live in a namespace: all of them' },
};

/**
 * Reads `KIND`, `KIND NAME...`, `KIND,KIND`, `KIND/NAME...` or -f. A category counts as its kinds. Throws UsageError where they are
 * mixed, CommandError where a kind is unknown.
 */
export async function readTargets(session: Session, positionals: readonly string[]): Promise<Targets> {
  if (session.flags.has('filename')) return { by: 'name', targets: await fileTargets(session, positionals) };
  const [first, ...names] = positionals;
  if (first === undefined) throw new UsageError('which kind? Name one, like bridges, or all. bridgectl api-resources lists them.');
  if (positionals.some((word) => word.includes('/'))) return { by: 'name', targets: await slashTargets(session, positionals) };
  const kinds = await session.kinds();
  const words = first.split(',').filter((word) => word !== '');
  const found = await Promise.all(words.map((word) => kinds.named(word)));
  const types = [...new Set(found.flat())];
  if (names.length === 0) return { by: 'kind', types, isCategory: found.some((group) => group.length > 1) };
  if (session.flags.has('selector')) throw new UsageError('give names or -l, not both.');
  return { by: 'name', targets: await named(session, types, names) };
}

async function slashTargets(session: Session, words: readonly string[]): Promise<NamedTarget[]> {
  const kinds = await session.kinds();
  const all: NamedTarget[] = [];
  for (const word of words) {
    const [kind, name, ...rest] = word.split('/');
    if (!kind || !name || rest.length > 0) throw new UsageError(`"${word}": write KIND/NAME for each, or KIND NAME....`);
    all.push(...(await named(session, await kinds.named(kind), [name])));
  }
  return all;
}

async function named(session: Session, types: readonly ResourceType[], names: readonly string[]): Promise<NamedTarget[]> {
  const all: NamedTarget[] = [];
  for (const type of types) {
    if (type.namespaced && session.flags.on('all-namespaces')) throw new UsageError('a name is in one namespace: give -n NAME, not -A.');
    const namespace = await session.namespaceFor(type);
    for (const name of names) all.push({ type, namespace, name });
  }
  return all;
}

async function fileTargets(session: Session, positionals: readonly string[]): Promise<NamedTarget[]> {
  if (positionals.length > 0) throw new UsageError(`give -f or "${positionals.join(' ')}", not both.`);
  const manifests = await readManifests({
    names: session.flags.all('filename'),
    isRecursive: session.flags.on('recursive'),
    readStdin: () => session.surroundings.readStdin(),
  });
  const problems = manifests.flatMap((manifest) => ('problem' in manifest ? [manifest.problem] : []));
  if (problems.length > 0) throw new CommandError(problems);
  const kinds = await session.kinds();
  const all: NamedTarget[] = [];
  for (const manifest of manifests) {
    if ('problem' in manifest) continue;
    const { apiVersion, kind, name, namespace } = manifest.document;
    const type = await kinds.ofManifest(apiVersion, kind);
    all.push({ type, name, namespace: type.namespaced ? (namespace ?? (await session.namespaceFor(type))) : undefined });
  }
  return all;
}

/** All objects of a kind that the selectors on the command line leave. */
export async function listSelected(session: Session, type: ResourceType): Promise<JsonObject[]> {
  const list = await (await session.api()).list(type, await selectionFor(session, type));
  // The items of a list may leave out what the list says for all of them.
  const kind = type.kind;
  const apiVersion = textAt(list, 'apiVersion');
  return objectsAt(list, 'items').map((item) => ({ ...(apiVersion !== undefined && { apiVersion }), kind, ...item }));
}

/** Namespace and selectors of the command line, for one kind. */
export async function selectionFor(session: Session, type: ResourceType): Promise<{ namespace?: string; labelSelector?: string; fieldSelector?: string }> {
  const namespace = await session.namespaceFor(type);
  const labelSelector = session.flags.text('selector');
  const fieldSelector = session.flags.text('field-selector');
  return {
    ...(namespace !== undefined && { namespace }),
    ...(labelSelector !== undefined && { labelSelector }),
    ...(fieldSelector !== undefined && { fieldSelector }),
  };
}
