import { explainRefusal } from '../api/explain-refusal.ts';
import { textAt, type JsonObject } from '../api/json.ts';
import { fullName, type ResourceType } from '../api/resource-type.ts';
import { StatusError } from '../api/status-error.ts';
import type { Command } from '../command.ts';
import { AlreadyReported, UsageError } from '../errors.ts';
import { listObject, withoutManagedFields } from '../output/object-text.ts';
import { objectText, parseOutput, type Output } from '../output/output-format.ts';
import { ResourceTable } from '../output/resource-table.ts';
import { columnsOf, rowsOf } from '../output/server-table.ts';
import type { Session } from '../session.ts';
import { FILE_OPTIONS, listSelected, readTargets, SELECTOR_OPTIONS, selectionFor, type Targets } from '../targets.ts';

export const get: Command = {
  usage: 'KIND[,KIND] [NAME...] | KIND/NAME... | all',
  description: 'Shows resources as the server sees them. "all" is every kind of bridgekeeper.dev.',
  examples: [
    ['What there is', 'bridgectl get all'],
    ['Follow the bridges, with all columns', 'bridgectl get bridges -o wide -w'],
    ['One resource as YAML', 'bridgectl get portgroup vlan-100 -o yaml'],
    ['One field', 'bridgectl get host luna -o jsonpath=\'{.status.conditions[?(@.type=="Ready")].message}\''],
    ['By label', 'bridgectl get pg,vp -l tier=mgmt'],
  ],
  options: {
    output: { type: 'text', short: 'o', value: 'FORMAT', otherwise: 'table', help: 'wide, yaml, json, name or jsonpath=TEMPLATE' },
    watch: { type: 'switch', short: 'w', help: 'show it, then go on showing each change' },
    'watch-only': { type: 'switch', help: 'show changes only' },
    ...SELECTOR_OPTIONS,
    ...FILE_OPTIONS,
    'sort-by': { type: 'text', value: 'PATH', help: 'order by this field: .metadata.creationTimestamp' },
    'no-headers': { type: 'switch', help: 'no line of heads' },
    'ignore-not-found': { type: 'switch', help: 'a name that does not exist is no error' },
    'show-managed-fields': { type: 'switch', help: 'with yaml and json: who set which field' },
    'show-labels': { type: 'switch', help: 'a column with the labels' },
  },
  async run(session, positionals) {
    const output = await parseOutput(session.flags);
    const isWatch = session.flags.on('watch') || session.flags.on('watch-only');
    if (isWatch && output.sortBy) throw new UsageError('--sort-by needs the whole list: it does not go with -w.');
    const targets = await readTargets(session, positionals);
    if (isWatch) {
      const { watchTargets } = await import('./get-watch.ts');
      await watchTargets(session, targets, output);
    } else {
      const hasFailed = output.format === 'table' ? await showTables(session, targets, output) : await showObjects(session, targets, output);
      if (hasFailed) throw new AlreadyReported();
    }
  },
};

/** Answers whether something failed; that was reported then. */
async function showTables(session: Session, targets: Targets, output: Extract<Output, { format: 'table' }>): Promise<boolean> {
  const types = typesOf(targets);
  const { answers, hasFailed } = await gather(session, await requests(session, targets, output.sortBy ? 'table-with-objects' : 'table'));
  let printed = 0;
  for (const type of types) {
    const tables = answers.filter((answer) => answer.type === type).map((answer) => answer.value);
    const rows = tables.flatMap(rowsOf);
    if (rows.length === 0) continue;
    const { sortBy } = output;
    if (sortBy) rows.sort((left, right) => sortBy(left.object, right.object));
    if (printed++ > 0) session.print('');
    const table = new ResourceTable(session, type, { isWide: output.isWide, isAmongOthers: types.length > 1 });
    table.setColumns(tables.map(columnsOf).find((columns) => columns !== undefined));
    table.print(rows, { withHeads: true });
  }
  if (printed === 0 && !hasFailed && targets.by === 'kind') session.note(nothingFound(session, types));
  return hasFailed;
}

async function showObjects(session: Session, targets: Targets, output: Output): Promise<boolean> {
  const { answers, hasFailed } = await gather(session, await objectRequests(session, targets));
  const objects = answers.flatMap((answer) => answer.value);
  if (output.sortBy) objects.sort(output.sortBy);
  const isSingle = targets.by === 'name' && targets.targets.length === 1;
  if (output.format === 'name') for (const object of objects) session.print(await nameOf(session, object));
  else if (!isSingle || objects.length > 0) session.surroundings.stdout.write(await objectText(wholeOf(session, objects, isSingle), output));
  return hasFailed;
}

interface Request<Value> {
  readonly type: ResourceType;
  load(): Promise<Value>;
}

async function requests(session: Session, targets: Targets, view: 'objects' | 'table' | 'table-with-objects'): Promise<Request<JsonObject>[]> {
  const api = await session.api();
  if (targets.by === 'name') return targets.targets.map(({ type, namespace, name }) => ({ type, load: () => api.get(type, namespace, name, view) }));
  return targets.types.map((type) => ({ type, load: async () => api.list(type, { ...(await selectionFor(session, type)), view }) }));
}

async function objectRequests(session: Session, targets: Targets): Promise<Request<JsonObject[]>[]> {
  if (targets.by === 'kind') return targets.types.map((type) => ({ type, load: () => listSelected(session, type) }));
  const named = await requests(session, targets, 'objects');
  return named.map((request) => ({ type: request.type, load: async () => [await request.load()] }));
}

/** Sends all requests at once and keeps their order. A refusal is reported and leaves the others alone; all else is thrown. */
async function gather<Value>(session: Session, all: readonly Request<Value>[]) {
  const results = await Promise.allSettled(all.map((request) => request.load()));
  const answers: { type: ResourceType; value: Value }[] = [];
  let hasFailed = false;
  for (const [index, result] of results.entries()) {
    const type = all[index]?.type;
    if (result.status === 'fulfilled' && type) answers.push({ type, value: result.value });
    if (result.status === 'rejected') hasFailed = reportRefusal(session, result.reason) || hasFailed;
  }
  return { answers, hasFailed };
}

function reportRefusal(session: Session, error: unknown): boolean {
  if (!(error instanceof StatusError)) throw error;
  if (error.code === 404 && session.flags.on('ignore-not-found')) return false;
  for (const line of explainRefusal(error)) session.error(line);
  return true;
}

function typesOf(targets: Targets): readonly ResourceType[] {
  return targets.by === 'kind' ? targets.types : [...new Set(targets.targets.map((target) => target.type))];
}

function nothingFound(session: Session, types: readonly ResourceType[]): string {
  const [type] = types;
  const what = types.length === 1 && type ? type.plural : 'resources';
  const matching = session.flags.has('selector') || session.flags.has('field-selector');
  return `There are no ${what}${matching ? ' that match' : ''}.`;
}

async function nameOf(session: Session, object: JsonObject): Promise<string> {
  const kinds = await session.kinds();
  const type = await kinds.ofManifest(textAt(object, 'apiVersion') ?? '', textAt(object, 'kind') ?? '');
  return fullName(type, textAt(object, 'metadata', 'name') ?? '');
}

function wholeOf(session: Session, objects: readonly JsonObject[], isSingle: boolean): JsonObject {
  const shown = session.flags.on('show-managed-fields') ? objects : objects.map(withoutManagedFields);
  const [only] = shown;
  return isSingle && only ? only : listObject(shown);
}
