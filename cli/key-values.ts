import { isObject, shown, textAt, valueAt, type JsonObject } from './api/json.ts';
import { fullName, type ResourceType } from './api/resource-type.ts';
import type { Command } from './command.ts';
import { AlreadyReported, UsageError } from './errors.ts';
import type { Session } from './session.ts';
import { FILE_OPTIONS, listSelected, readTargets, SELECTOR_OPTIONS, type NamedTarget } from './targets.ts';

interface Changes {
  readonly put: ReadonlyMap<string, string>;
  readonly drop: readonly string[];
}

/** `label` and `annotate`: they differ in the field that they write and in a word. */
export function keyValueCommand(options: { readonly name: 'label' | 'annotate'; readonly field: 'labels' | 'annotations'; readonly done: string; readonly examples: Command['examples'] }): Command {
  const { name, field, done, examples } = options;
  return {
    usage: 'KIND NAME... | KIND/NAME... | KIND --all | -f FILE, then KEY=VALUE... KEY-...',
    description: `Sets ${field} of resources, KEY=VALUE, or takes them away, KEY-. With no KEY it shows them.`,
    examples,
    isWriting: true,
    options: {
      ...SELECTOR_OPTIONS,
      ...FILE_OPTIONS,
      all: { type: 'switch', help: 'every object of the kind' },
      overwrite: { type: 'switch', help: 'also where the key has another value' },
      'dry-run': { type: 'text', value: 'server|none', otherwise: 'none', help: 'server: check and answer as if, but change nothing' },
    },
    async run(session, positionals) {
      const [words, changes] = parted(positionals, name);
      const isDryRun = session.flags.word('dry-run', ['server', 'none']) === 'server';
      const api = await session.api();
      let hasFailed = false;
      for (const { type, namespace, name: object } of await targetsOf(session, words, name)) {
        const present = await api.get(type, namespace, object);
        const known = valueAt(present, 'metadata', field);
        if (changes.put.size + changes.drop.length === 0) show(session, type, present, known);
        else if (!session.flags.on('overwrite') && hasConflict(session, type, object, known, changes)) hasFailed = true;
        else if (isAsWanted(known, changes)) session.print(`${fullName(type, object)} unchanged`);
        else {
          const values: JsonObject = { ...Object.fromEntries(changes.put), ...Object.fromEntries(changes.drop.map((key) => [key, null])) };
          await api.patch(type, namespace, object, { metadata: { [field]: values } }, { fieldManager: 'bridgectl', dryRun: isDryRun });
          session.print(`${fullName(type, object)} ${done}${isDryRun ? ' (server dry run)' : ''}`);
        }
      }
      if (hasFailed) throw new AlreadyReported();
    },
  };
}

/** Words that name resources, and after them those that say what to do. */
function parted(positionals: readonly string[], command: string): [string[], Changes] {
  const isChange = (word: string): boolean => /^[^=]+=/s.test(word) || /^[^=]+-$/.test(word);
  const first = positionals.findIndex((word, index) => isChange(word) && (index > 0 || word.includes('=')));
  const words = first < 0 ? [...positionals] : positionals.slice(0, first);
  const put = new Map<string, string>();
  const drop: string[] = [];
  for (const word of first < 0 ? [] : positionals.slice(first)) {
    const at = word.indexOf('=');
    if (at > 0) put.set(word.slice(0, at), word.slice(at + 1));
    else if (word.endsWith('-') && word.length > 1) drop.push(word.slice(0, -1));
    else throw new UsageError(`"${word}": write KEY=VALUE to set, KEY- to take away. bridgectl ${command} --help`);
  }
  const both = drop.find((key) => put.has(key));
  if (both !== undefined) throw new UsageError(`${both} is to be set and taken away: choose one.`);
  return [words, { put, drop }];
}

async function targetsOf(session: Session, words: readonly string[], command: string): Promise<NamedTarget[]> {
  const targets = await readTargets(session, words);
  if (targets.by === 'name') return [...targets.targets];
  if (!session.flags.on('all') && !session.flags.has('selector') && !session.flags.has('field-selector')) {
    throw new UsageError(`which ones? bridgectl ${command} ${words[0] ?? 'KIND'} NAME..., -l LABELS or --all.`);
  }
  const lists = await Promise.all(targets.types.map(async (type) => (await listSelected(session, type)).map((object) => ({ type, object }))));
  return lists.flat().map(({ type, object }) => ({ type, name: textAt(object, 'metadata', 'name') ?? '', namespace: textAt(object, 'metadata', 'namespace') }));
}

function show(session: Session, type: ResourceType, object: JsonObject, known: unknown): void {
  session.print(fullName(type, textAt(object, 'metadata', 'name') ?? ''));
  for (const [key, value] of Object.entries(known ?? {})) session.print(`  ${key}=${String(value)}`);
}

function hasConflict(session: Session, type: ResourceType, name: string, known: JsonObject[string], { put }: Changes): boolean {
  const other = [...put].find(([key, value]) => isObject(known) && known[key] !== undefined && known[key] !== value);
  if (!other || !isObject(known)) return false;
  session.error(`${fullName(type, name)}: ${other[0]} is "${shown(known[other[0]])}" already. Give --overwrite to change it.`);
  return true;
}

function isAsWanted(known: JsonObject[string], { put, drop }: Changes): boolean {
  const present = isObject(known) ? known : {};
  return [...put].every(([key, value]) => present[key] === value) && drop.every((key) => present[key] === undefined);
}
