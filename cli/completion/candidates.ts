import { textAt, objectsAt } from '../api/json.ts';
import { Flags } from '../arguments/parse.ts';
import { GLOBAL_OPTIONS, type Option, type OptionTable } from '../arguments/options.ts';
import type { Command } from '../command.ts';
import { Session } from '../session.ts';
import type { Surroundings } from '../surroundings.ts';

/** What may stand at the end of a command line: words, or names of files, which the shell knows best. */
export type Candidates = { readonly words: readonly string[] } | { readonly files: true };

export interface CompletableCommand {
  readonly summary: string;
  load(): Promise<Command>;
}

/** How long the server may take: whoever presses TAB does not wait. */
const PATIENCE = '2s';
const TAKES_NAMES: ReadonlySet<string> = new Set(['get', 'describe', 'delete', 'wait', 'edit', 'label', 'annotate', 'history', 'rollback', 'drift', 'explain']);
const FILE_OPTIONS: ReadonlySet<string> = new Set(['filename', 'kubeconfig', 'certificate-authority']);
const GOALS = ['condition=Ready', 'condition=Programmed', 'condition=Accepted', 'delete', 'create'];

/**
 * What may follow `words`, the last of which is being typed. Asks the server for kinds and names; one that does not answer, or
 * not soon, offers none.
 */
export async function candidatesFor(words: readonly string[], commands: Readonly<Record<string, CompletableCommand>>, surroundings: Surroundings): Promise<Candidates> {
  const current = words.at(-1) ?? '';
  const before = words.slice(0, -1);
  const at = commandAt(before);
  const name = before[at];
  const entry = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (entry === undefined) return { words: current.startsWith('-') ? optionWords(GLOBAL_OPTIONS) : [...Object.keys(commands), 'help'] };
  const { options } = await entry.load();
  const table = { ...GLOBAL_OPTIONS, ...options };
  const asked = optionNamed(before.at(-1) ?? '', table);
  if (asked?.option.type === 'text') return valueCandidates(asked.name, asked.option, name ?? '', before, table, surroundings);
  const inline = /^(--[^=]+)=/.exec(current)?.[1];
  const inlineOption = inline === undefined ? undefined : optionNamed(inline, table);
  if (inline !== undefined && inlineOption) return prefixed(`${inline}=`, await valueCandidates(inlineOption.name, inlineOption.option, name ?? '', before, table, surroundings));
  if (current.startsWith('-')) return { words: optionWords(table) };
  return argumentCandidates(name ?? '', positionalsOf(before.slice(at + 1), table), current, () => sessionOf(before, table, surroundings));
}

/** The first word that is no option of every command, and no value of one. */
function commandAt(words: readonly string[]): number {
  for (let at = 0; at < words.length; at += 1) {
    const word = words[at] ?? '';
    if (!word.startsWith('-')) return at;
    if (!word.includes('=') && optionNamed(word, GLOBAL_OPTIONS)?.option.type === 'text') at += 1;
  }
  return -1;
}

function optionNamed(word: string, table: OptionTable): { readonly name: string; readonly option: Option } | undefined {
  const found = Object.entries(table).find(([name, option]) => word === `--${name}` || (option.short !== undefined && word === `-${option.short}`));
  return found && { name: found[0], option: found[1] };
}

function optionWords(table: OptionTable): string[] {
  return Object.keys(table).map((name) => `--${name}`);
}

function positionalsOf(words: readonly string[], table: OptionTable): string[] {
  return words.filter((word, index) => {
    const previous = words[index - 1] ?? '';
    return !word.startsWith('-') && optionNamed(previous, table)?.option.type !== 'text';
  });
}

async function valueCandidates(name: string, option: Option, command: string, before: readonly string[], table: OptionTable, surroundings: Surroundings): Promise<Candidates> {
  if (FILE_OPTIONS.has(name)) return { files: true };
  if (name === 'for') return { words: GOALS };
  if (name === 'output' && command === 'get') return { words: ['wide', 'yaml', 'json', 'name', 'jsonpath='] };
  if (option.value?.includes('|')) return { words: option.value.split('|') };
  const ask = (): Session => sessionOf(before, table, surroundings);
  if (name === 'context') return { words: await quietly(ask, async (session) => ((await session.kubeconfig())?.contexts ?? []).map((context) => context.name)) };
  if (name === 'host') return { words: await quietly(ask, (session) => namesOf(session, 'host')) };
  if (name === 'kind') return { words: ['host', 'bridge', 'vlanport', 'portgroup', 'virtualmachine'] };
  return { words: [] };
}

async function argumentCandidates(command: string, positionals: readonly string[], current: string, ask: () => Session): Promise<Candidates> {
  if (command === 'completion') return { words: ['bash', 'zsh', 'fish'] };
  if (command === 'config') return { words: positionals[0] === 'use-context' ? await quietly(ask, async (session) => ((await session.kubeconfig())?.contexts ?? []).map(({ name }) => name)) : ['current', 'view', 'contexts', 'use-context'] };
  if (!TAKES_NAMES.has(command)) return { words: [] };
  const slash = current.indexOf('/');
  if (slash > 0) return { words: await quietly(ask, async (session) => (await namesOf(session, current.slice(0, slash))).map((name) => `${current.slice(0, slash)}/${name}`)) };
  const [kind] = positionals;
  if (kind === undefined) return { words: ['all', ...(await quietly(ask, kindsOf))] };
  return kind.includes('/') ? { words: [] } : { words: (await quietly(ask, (session) => namesOf(session, kind))).filter((name) => !positionals.includes(name)) };
}

function prefixed(start: string, candidates: Candidates): Candidates {
  return 'files' in candidates ? candidates : { words: candidates.words.map((word) => start + word) };
}

async function kindsOf(session: Session): Promise<string[]> {
  return (await session.kinds()).all.filter(({ verbs }) => verbs.includes('list')).map(({ plural }) => plural);
}

async function namesOf(session: Session, kind: string): Promise<string[]> {
  const [type] = await (await session.kinds()).named(kind);
  if (type === undefined) return [];
  const namespace = await session.namespaceFor(type);
  const list = await (await session.api()).list(type, namespace === undefined ? {} : { namespace });
  return objectsAt(list, 'items').map((item) => textAt(item, 'metadata', 'name') ?? '');
}

/** A session with what the line says of the server, so that another context completes from there. */
function sessionOf(words: readonly string[], table: OptionTable, surroundings: Surroundings): Session {
  const values = new Map<string, readonly string[]>([['request-timeout', [PATIENCE]]]);
  words.forEach((word, index) => {
    const [flag = '', inline] = word.split(/=(.*)/s);
    const found = optionNamed(flag, table);
    const value = inline ?? words[index + 1];
    if (found && Object.hasOwn(GLOBAL_OPTIONS, found.name) && found.option.type === 'text' && value !== undefined) values.set(found.name, [value]);
  });
  return new Session(new Flags(values), surroundings);
}

/** A shell that completes shows no errors: what can't be asked offers nothing. */
async function quietly(ask: () => Session, read: (session: Session) => Promise<string[]>): Promise<string[]> {
  const session = ask();
  try {
    return await read(session);
  } catch {
    return [];
  } finally {
    await session.close();
  }
}
