import type { Locator } from '../plan/step.ts';
import { asJsonArray, isJsonObject } from '../protocol/json.ts';
import type { JsonObject } from '../protocol/json.ts';
import { readSignature } from './signature.ts';
import type { Signature } from './signature.ts';

/** One transaction of the log, as far as it matters for finding causes. */
export interface LoggedChange {
  /** Rises by one a transaction. */
  readonly sequence: number;
  /** Milliseconds since the epoch; absent where the record does not tell. */
  readonly at?: number;
  readonly signature: Exclude<Signature, { by: 'compaction' }>;
}

/** What a transaction did to one row. */
export interface RowChange {
  readonly table: string;
  readonly uuid: string;
  readonly change: LoggedChange;
  readonly kind: 'made' | 'changed' | 'deleted';
  /** The columns as the record has them: what is new, or for sets and maps, what came or went. */
  readonly values: JsonObject;
}

const MAX_TRANSACTIONS = 10_000;
const MAX_ROW_CHANGES = 100_000;
/** Of one row that changes all the time. */
const MAX_CHANGES_OF_ROW = 256;

/** Written by ovs-vswitchd, and by every client that asks for its attention: they say nothing of what was asked. */
const STATUS_COLUMNS: ReadonlySet<string> = new Set([
  ...['next_cfg', 'cur_cfg', 'datapaths', 'ovs_version', 'db_version', 'datapath_types', 'iface_types', 'dpdk_initialized', 'dpdk_version'],
  ...['datapath_version', 'bond_active_slave', 'ofport', 'error', 'cfm_flap_count'],
]);

/** Which transactions touched each row, for a bounded number of transactions back, and which of them were told already. */
export class ChangeHistory {
  readonly #changesOf = new Map<string, RowChange[]>();
  readonly #remembered: RowChange[][] = [];
  readonly #untold = new Set<RowChange>();
  readonly #toldChanges = new WeakSet<LoggedChange>();
  #count = 0;
  #lastSequence = 0;

  /** The number of the last transaction that was taken in; 0 before the first. */
  get lastSequence(): number {
    return this.#lastSequence;
  }

  add(record: JsonObject): void {
    const signature = readSignature(record['_comment']);
    if (signature.by === 'compaction' || 'cksum' in record) return;
    const at = dateOf(record);
    const change: LoggedChange = { sequence: (this.#lastSequence += 1), ...(at === undefined ? {} : { at }), signature };
    const rows = rowChanges(record, change);
    for (const row of rows) this.#remember(row);
    this.#remembered.push(rows);
    this.#count += rows.length;
    while (this.#remembered.length > MAX_TRANSACTIONS || this.#count > MAX_ROW_CHANGES) this.#forgetOldest();
  }

  /**
   * What others did to the things that the locators name since we last touched them, or after transaction `after`: each transaction
   * once, oldest first. Of those only what was not told before, or where all of it was, the last. What is given counts as told.
   */
  tell(locators: readonly Locator[], after?: number): LoggedChange[] {
    const found = [...new Set(locators.flatMap((locator) => this.#foreignChanges(locator, after)))];
    const fresh = found.filter((row) => this.#untold.has(row));
    this.markTold(fresh);
    return fresh.length > 0 ? distinct(fresh) : distinct(found).slice(-1);
  }

  /** What others changed in transactions of which nobody was told any part. */
  untold(): RowChange[] {
    return [...this.#untold].filter(({ change }) => !this.#toldChanges.has(change));
  }

  /** From now on these count as told. */
  markTold(rows: Iterable<RowChange>): void {
    for (const row of rows) {
      this.#untold.delete(row);
      this.#toldChanges.add(row.change);
    }
  }

  #foreignChanges({ table, uuid, columns }: Locator, after: number | undefined): RowChange[] {
    const changes = this.#changesOf.get(`${table}/${uuid}`) ?? [];
    if (columns.length === 0) return foreignSince(changes, after);
    return columns.flatMap((column) => foreignSince(changes.filter((row) => row.kind !== 'changed' || touches(row, column)), after));
  }

  #remember(row: RowChange): void {
    const key = `${row.table}/${row.uuid}`;
    const changes = this.#changesOf.get(key) ?? [];
    changes.push(row);
    const dropped = changes.length > MAX_CHANGES_OF_ROW ? changes.shift() : undefined;
    if (dropped) this.#untold.delete(dropped);
    this.#changesOf.set(key, changes);
    if (row.change.signature.by === 'others') this.#untold.add(row);
  }

  #forgetOldest(): void {
    const rows = this.#remembered.shift() ?? [];
    this.#count -= rows.length;
    for (const row of rows) {
      const key = `${row.table}/${row.uuid}`;
      const changes = this.#changesOf.get(key) ?? [];
      this.#untold.delete(row);
      if (changes[0] === row) changes.shift();
      if (changes.length === 0) this.#changesOf.delete(key);
    }
  }
}

/** When a transaction was committed, in milliseconds since the epoch. */
export function dateOf({ _date: date }: JsonObject): number | undefined {
  return typeof date === 'number' ? date : undefined;
}

function foreignSince(changes: readonly RowChange[], after: number | undefined): RowChange[] {
  if (after !== undefined) return changes.filter(({ change }) => change.sequence > after && change.signature.by === 'others');
  return changes.slice(changes.findLastIndex(({ change }) => change.signature.by === 'us') + 1);
}

/** `tag`, or one key of a map as `other_config:mac`, or one member of a set of references as `ports:<uuid>`. */
function touches({ values }: RowChange, column: string): boolean {
  const colon = column.indexOf(':');
  if (colon < 0) return column in values;
  return membersOf(values[column.slice(0, colon)]).includes(column.slice(colon + 1));
}

/** Keys of a map, references of a set. */
function membersOf(value: unknown): string[] {
  const [tag, content] = asJsonArray(value);
  if (tag === 'uuid') return [String(content)];
  if (tag !== 'map' && tag !== 'set') return [];
  return asJsonArray(content).map((member) => String(asJsonArray(member)[tag === 'map' ? 0 : 1]));
}

function distinct(rows: readonly RowChange[]): LoggedChange[] {
  return [...new Set(rows.map(({ change }) => change))].sort((a, b) => a.sequence - b.sequence);
}

function rowChanges(record: JsonObject, change: LoggedChange): RowChange[] {
  return Object.entries(record)
    .filter(([table]) => !table.startsWith('_'))
    .flatMap(([table, rows]) => Object.entries(isJsonObject(rows) ? rows : {}).flatMap(([uuid, row]) => rowChange(table, uuid, row, change) ?? []));
}

/** A row that is deleted is null; a name is given when a row is made, and never changes after. */
function rowChange(table: string, uuid: string, row: unknown, change: LoggedChange): RowChange | undefined {
  if (!isJsonObject(row)) return { table, uuid, change, kind: 'deleted', values: {} };
  const values = Object.fromEntries(Object.entries(row).filter(([column]) => !STATUS_COLUMNS.has(column)));
  if ('name' in row) return { table, uuid, change, kind: 'made', values };
  return Object.keys(values).length === 0 ? undefined : { table, uuid, change, kind: 'changed', values };
}
