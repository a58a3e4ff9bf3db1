import { MalformedDatum, sameDatum } from '../schema/datum.ts';
import type { Columns, Uuid, WireRow } from '../schema/datum.ts';
import { asJsonObject, isJsonObject } from '../protocol/json.ts';
import type { JsonObject } from '../protocol/json.ts';
import { RowMap } from './row-map.ts';

interface TableOptions<Row> {
  readonly read: (uuid: Uuid, wire: WireRow, before?: Row) => Row;
  /** Called for every row that comes, changes or goes, to keep indexes. */
  readonly index: (before: Row | undefined, after: Row | undefined) => void;
}

/** The rows of one table as the monitor tells them. */
export class ReplicaTable<Row extends Columns & { readonly uuid: Uuid }> {
  readonly rows = new RowMap<Row>();
  readonly #options: TableOptions<Row>;

  constructor(options: TableOptions<Row>) {
    this.#options = options;
  }

  /** Takes a complete read. Rows that are as before keep their identity. Says whether anything differs. */
  replaceAll(updates: JsonObject): boolean {
    let changed = false;
    for (const row of [...this.rows.freeze().values()]) {
      if (updates[row.uuid] !== undefined) continue;
      this.#put(row.uuid, undefined);
      changed = true;
    }
    for (const [uuid, update] of Object.entries(updates)) {
      const row = this.#options.read(uuid, asJsonObject(asJsonObject(update)['initial']));
      if (sameRow(this.rows.get(uuid), row)) continue;
      this.#put(uuid, row);
      changed = true;
    }
    return changed;
  }

  /** Takes the changes of one `update2`: UUID to `insert`, `modify` or `delete` (ovsdb-server(7), "Update2 Notification"). */
  update(updates: JsonObject): void {
    for (const [uuid, update] of Object.entries(updates)) this.#updateRow(uuid, asJsonObject(update));
  }

  #updateRow(uuid: Uuid, { insert, initial, modify, delete: gone }: JsonObject): void {
    const before = this.rows.get(uuid);
    if (gone !== undefined) return this.#put(uuid, undefined);
    const whole = insert ?? initial;
    if (isJsonObject(whole)) return this.#put(uuid, this.#options.read(uuid, whole));
    if (!isJsonObject(modify) || !before) throw new MalformedDatum(`a change came for row ${uuid}, which is not known`);
    this.#put(uuid, this.#options.read(uuid, modify, before));
  }

  #put(uuid: Uuid, after: Row | undefined): void {
    const before = this.rows.get(uuid);
    if (after) this.rows.set(uuid, after);
    else this.rows.delete(uuid);
    this.#options.index(before, after);
  }
}

function sameRow(before: Columns | undefined, after: Columns): boolean {
  return before !== undefined && Object.entries(after).every(([column, datum]) => sameDatum(before[column], datum));
}
