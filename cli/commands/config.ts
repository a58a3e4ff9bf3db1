import { readFileSync, writeFileSync } from 'node:fs';
import { isObject, textAt, type JsonObject } from '../api/json.ts';
import { didYouMean } from '../arguments/suggest.ts';
import type { Command } from '../command.ts';
import type { Kubeconfig, NamedEntry } from '../connection/kubeconfig.ts';
import { CommandError, UsageError } from '../errors.ts';
import { yamlText } from '../output/object-text.ts';
import { TablePrinter } from '../output/table.ts';
import type { Session } from '../session.ts';

export const config: Command = {
  usage: 'current | view | contexts | use-context NAME',
  description:
    'Shows which server bridgectl would speak to, as whom, and where that stands; use-context chooses another ' +
    'for this and every later command, kubectl\'s too.\n' +
    'A kubeconfig is looked for in --kubeconfig, $KUBECONFIG (several files, the first wins), ~/.kube/config ' +
    'and /var/lib/bridgekeeper/admin.kubeconfig.',
  examples: [
    ['The server in use', 'bridgectl config current'],
    ['All that was read, secrets left out', 'bridgectl config view'],
    ['Another server from now on', 'bridgectl config use-context bridgekeeper@mars'],
  ],
  options: {},
  async run(session, positionals) {
    const [what = 'current', ...rest] = positionals;
    if (what === 'use-context') return useContext(session, rest);
    if (rest.length > 0) throw new UsageError(`config ${what} takes nothing more.`);
    if (what === 'current' || what === 'current-context') await showCurrent(session);
    else if (what === 'view') session.surroundings.stdout.write(await yamlText(redacted(await readConfig(session))));
    else if (what === 'contexts' || what === 'get-contexts') showContexts(session, await readConfig(session));
    else throw new UsageError(`config ${what}: must be current, view, contexts or use-context.`);
  },
};

async function readConfig(session: Session): Promise<Kubeconfig> {
  const found = await session.kubeconfig();
  if (found) return found;
  throw new CommandError('no kubeconfig found. Give --kubeconfig FILE, or start the daemon.');
}

async function showCurrent(session: Session): Promise<void> {
  const settings = await session.settings();
  session.print(`Context: ${settings.contextName ?? '<none>'}`);
  session.print(`Server:  ${settings.server.href.replace(/\/$/, '')}`);
  session.print(`Login:   ${settings.credential.from}`);
  session.print(`From:    ${settings.from}`);
}

/** Written into the file that says so now, or into the first; all else in it stays to the letter. */
async function useContext(session: Session, [name, ...rest]: readonly string[]): Promise<void> {
  if (name === undefined || rest.length > 0) throw new UsageError('which context? bridgectl config use-context NAME; bridgectl config contexts shows them.');
  const found = await readConfig(session);
  const names = found.contexts.map((context) => context.name);
  if (!names.includes(name)) throw new CommandError(`there is no context "${name}".${didYouMean(name, names)} There is: ${names.join(', ') || 'none'}.`);
  const file = found.currentContextFile ?? found.files[0] ?? '';
  try {
    writeFileSync(file, await withContext(readFileSync(file, 'utf8'), name));
  } catch (error) {
    throw new CommandError(`cannot write ${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
  session.print(`Context ${name} from now on (${file}).`);
}

/** A kubeconfig with another current context, and nothing else in it touched. */
async function withContext(text: string, name: string): Promise<string> {
  const { isScalar, parseDocument } = await import('yaml');
  const document = parseDocument(text);
  const present = document.get('current-context', true);
  const quoted = JSON.stringify(name);
  if (isScalar(present) && present.range) return text.slice(0, present.range[0]) + quoted + text.slice(present.range[1]);
  if (!text.trimStart().startsWith('{')) return `${text.trimEnd()}\ncurrent-context: ${quoted}\n`;
  document.set('current-context', name);
  return document.toString({ lineWidth: 0 });
}

function showContexts(session: Session, found: Kubeconfig): void {
  const current = session.flags.text('context') ?? found.currentContext;
  const rows = found.contexts.map((context) => [
    context.name === current ? '*' : '',
    context.name,
    textAt(context.value, 'cluster') ?? '',
    textAt(context.value, 'user') ?? '',
    context.file,
  ]);
  new TablePrinter(session.surroundings.stdout, session.paint).print(['Current', 'Name', 'Cluster', 'User', 'File'], rows);
}

function redacted(found: Kubeconfig): JsonObject {
  return {
    apiVersion: 'v1',
    kind: 'Config',
    clusters: found.clusters.map((entry) => named(entry, 'cluster')),
    contexts: found.contexts.map((entry) => named(entry, 'context')),
    'current-context': found.currentContext ?? '',
    users: found.users.map((entry) => named(entry, 'user')),
  };
}

const SECRET = new Set(['token', 'password', 'client-key-data', 'auth-provider', 'exec']);
const LONG = new Set(['certificate-authority-data', 'client-certificate-data']);

function named(entry: NamedEntry, field: string): JsonObject {
  const value: JsonObject = {};
  for (const [name, own] of Object.entries(entry.value)) {
    if (SECRET.has(name)) value[name] = 'REDACTED';
    else if (LONG.has(name)) value[name] = 'DATA+OMITTED';
    else if (!isObject(own) || field !== 'user') value[name] = own;
  }
  return { name: entry.name, [field]: value };
}
