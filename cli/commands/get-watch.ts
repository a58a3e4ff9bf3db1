import { objectsAt, textAt, type JsonObject } from '../api/json.ts';
import type { Followed } from '../api/follow.ts';
import { fullName, type ResourceType } from '../api/resource-type.ts';
import { UsageError } from '../errors.ts';
import { withoutManagedFields } from '../output/object-text.ts';
import { objectText, type Output } from '../output/output-format.ts';
import { ResourceTable } from '../output/resource-table.ts';
import { columnsOf, rowsOf, type Row } from '../output/server-table.ts';
import type { Session } from '../session.ts';
import { selectionFor, type NamedTarget, type Targets } from '../targets.ts';

/** Shows what there is and then each change, through restarts of the server, until it is interrupted. */
export async function watchTargets(session: Session, targets: Targets, output: Output): Promise<void> {
  const watched = await watchedKinds(session, targets);
  const pen: Pen = { lastKind: undefined };
  await Promise.all(
    watched.map(async ({ type, selection }) => {
      const view = output.format === 'table' ? 'table' : 'objects';
      const shower = output.format === 'table' ? new RowShower(session, type, output.isWide, watched.length > 1, pen) : new ObjectShower(session, type, output);
      for await (const followed of session.follow(type, { ...selection, view })) await shower.show(followed);
    }),
  );
}

interface WatchedKind {
  readonly type: ResourceType;
  readonly selection: { namespace?: string; labelSelector?: string; fieldSelector?: string };
}

async function watchedKinds(session: Session, targets: Targets): Promise<WatchedKind[]> {
  if (targets.by === 'kind') return Promise.all(targets.types.map(async (type) => ({ type, selection: await selectionFor(session, type) })));
  const [first, ...others] = targets.targets;
  if (first === undefined || others.some((other) => other.type === first.type)) {
    throw new UsageError('-w takes one name of a kind, or none to see them all.');
  }
  return Promise.all(targets.targets.map((target) => watchedName(session, target)));
}

async function watchedName(session: Session, { type, name, namespace }: NamedTarget): Promise<WatchedKind> {
  // A name that does not exist is an error now, not an endless silence.
  if (!session.flags.on('ignore-not-found')) await (await session.api()).get(type, namespace, name);
  return { type, selection: { ...(namespace !== undefined && { namespace }), fieldSelector: `metadata.name=${name}` } };
}

/** Shared by the kinds that are watched together: who wrote last. */
interface Pen {
  lastKind: ResourceType | undefined;
}

/** Shows changes as rows of a table. */
class RowShower {
  readonly #session: Session;
  readonly #type: ResourceType;
  readonly #table: ResourceTable;
  readonly #pen: Pen;
  /** What was shown last of each object, by uid: after a new list only what is new is shown. */
  #shown: Map<string, Row> | undefined;

  constructor(session: Session, type: ResourceType, isWide: boolean, isAmongOthers: boolean, pen: Pen) {
    this.#session = session;
    this.#type = type;
    this.#table = new ResourceTable(session, type, { isWide, isAmongOthers });
    this.#pen = pen;
  }

  show(followed: Followed): Promise<void> {
    if (followed.type === 'LISTED') this.#showList(followed.list);
    else this.#showEvent(followed.type === 'DELETED', followed.object);
    return Promise.resolve();
  }

  #showList(list: JsonObject): void {
    this.#table.setColumns(columnsOf(list));
    const rows = rowsOf(list);
    const before = this.#shown;
    this.#shown = new Map(rows.map((row) => [row.uid, row]));
    if (before === undefined) {
      if (!this.#session.flags.on('watch-only')) this.#print(rows);
      return;
    }
    this.#print(rows.filter((row) => before.get(row.uid)?.resourceVersion !== row.resourceVersion));
    this.#print([...before.values()].filter((row) => !this.#shown?.has(row.uid)), 'deleted');
  }

  #showEvent(isDeleted: boolean, table: JsonObject): void {
    this.#table.setColumns(columnsOf(table));
    const rows = rowsOf(table);
    for (const row of rows) {
      if (isDeleted) this.#shown?.delete(row.uid);
      else this.#shown?.set(row.uid, row);
    }
    this.#print(rows, isDeleted ? 'deleted' : undefined);
  }

  #print(rows: readonly Row[], suffix?: string): void {
    if (rows.length === 0) return;
    const isOtherKind = this.#pen.lastKind !== this.#type;
    if (isOtherKind && this.#pen.lastKind !== undefined) this.#session.print('');
    this.#pen.lastKind = this.#type;
    this.#table.print(rows, { withHeads: isOtherKind, ...(suffix !== undefined && { suffix }) });
  }
}

/** Shows changes as whole objects: YAML documents, JSON texts one after the other, names, or filled templates. */
class ObjectShower {
  readonly #session: Session;
  readonly #type: ResourceType;
  readonly #output: Output;
  #shown: Map<string, string> | undefined;

  constructor(session: Session, type: ResourceType, output: Output) {
    this.#session = session;
    this.#type = type;
    this.#output = output;
  }

  async show(followed: Followed): Promise<void> {
    if (followed.type !== 'LISTED') {
      this.#shown?.set(uidOf(followed.object), revisionOf(followed.object));
      await this.#print(followed.object);
      return;
    }
    const before = this.#shown;
    const objects = objectsAt(followed.list, 'items');
    this.#shown = new Map(objects.map((object) => [uidOf(object), revisionOf(object)]));
    if (before === undefined && this.#session.flags.on('watch-only')) return;
    for (const object of objects) if (before?.get(uidOf(object)) !== revisionOf(object)) await this.#print(object);
  }

  async #print(object: JsonObject): Promise<void> {
    if (this.#output.format === 'name') {
      this.#session.print(fullName(this.#type, textAt(object, 'metadata', 'name') ?? ''));
      return;
    }
    const shown = this.#session.flags.on('show-managed-fields') ? object : withoutManagedFields(object);
    const text = await objectText(shown, this.#output);
    const end = this.#output.format === 'jsonpath' && !text.endsWith('\n') ? '\n' : '';
    this.#session.surroundings.stdout.write(`${this.#output.format === 'yaml' ? '---\n' : ''}${text}${end}`);
  }
}

function uidOf(object: JsonObject): string {
  return textAt(object, 'metadata', 'uid') ?? '';
}

function revisionOf(object: JsonObject): string {
  return textAt(object, 'metadata', 'resourceVersion') ?? '';
}
