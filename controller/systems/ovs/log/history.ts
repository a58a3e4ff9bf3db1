import type { Locator } from '../plan/step.ts';
import { asJsonArray, isJsonObject } from '../protocol/json.ts';
import type { JsonObject } from '../protocol/json.ts';
import { readSignature } from './signature.ts';
import type { Signature } from './signature.ts';

/** One transaction of the log, as far as it matters for finding causes. */
export interface LoggedChange {
  /** Rises by one a transaction. */
  readonly sequence: number;
  readonly signature: Exclude<Signature, { by: 'compaction' }>;
}

const MAX_TRANSACTIONS = 10_000;
const MAX_PLACES = 500_000;
/** Of one place that changes all the time, such as `next_cfg`. */
const MAX_CHANGES_AT_PLACE = 16;

/** Which transactions last touched each row and column, for a bounded number of transactions back. */
export class ChangeHistory {
  readonly #changesAt = new Map<string, LoggedChange[]>();
  readonly #remembered: { readonly sequence: number; readonly places: readonly string[] }[] = [];
  #placeCount = 0;
  #lastSequence = 0;

  /** The number of the last transaction that was taken in; 0 before the first. */
  get lastSequence(): number {
    return this.#lastSequence;
  }

  add(record: JsonObject): void {
    const signature = readSignature(record['_comment']);
    if (signature.by === 'compaction' || 'cksum' in record) return;
    const change: LoggedChange = { sequence: (this.#lastSequence += 1), signature };
    const places = touchedPlaces(record);
    for (const place of places) this.#addAt(place, change);
    this.#remembered.push({ sequence: change.sequence, places });
    this.#placeCount += places.length;
    while (this.#remembered.length > MAX_TRANSACTIONS || this.#placeCount > MAX_PLACES) this.#forgetOldest();
  }

  /** The last eligible change of each thing that the locators name; each transaction once, oldest first. */
  lastChanges(locators: readonly Locator[], isEligible: (change: LoggedChange) => boolean): LoggedChange[] {
    const found = new Set<LoggedChange>();
    for (const { table, uuid, columns } of locators) {
      for (const column of columns.length === 0 ? [undefined] : columns) {
        const change = this.#changesOf(`${table}/${uuid}`, column).filter(isEligible).at(-1);
        if (change) found.add(change);
      }
    }
    return [...found].sort(bySequence);
  }

  /** What was done to a column of a row, and to the row as a whole; oldest first. */
  #changesOf(row: string, column: string | undefined): LoggedChange[] {
    const ofColumn = column === undefined ? [] : (this.#changesAt.get(`${row}/${column}`) ?? []);
    return [...ofColumn, ...(this.#changesAt.get(row) ?? [])].sort(bySequence);
  }

  #addAt(place: string, change: LoggedChange): void {
    const changes = this.#changesAt.get(place) ?? [];
    changes.push(change);
    if (changes.length > MAX_CHANGES_AT_PLACE) changes.shift();
    this.#changesAt.set(place, changes);
  }

  #forgetOldest(): void {
    const { sequence, places } = this.#remembered.shift() ?? { sequence: 0, places: [] };
    this.#placeCount -= places.length;
    for (const place of places) {
      const changes = this.#changesAt.get(place) ?? [];
      if (changes[0]?.sequence === sequence) changes.shift();
      if (changes.length === 0) this.#changesAt.delete(place);
    }
  }
}

function bySequence(a: LoggedChange, b: LoggedChange): number {
  return a.sequence - b.sequence;
}

/** `Table/uuid` for a row that came or went, `Table/uuid/column` and `Table/uuid/column:key` for what was changed in it. */
function touchedPlaces(record: JsonObject): string[] {
  return Object.entries(record)
    .filter(([table]) => !table.startsWith('_'))
    .flatMap(([table, rows]) =>
      Object.entries(isJsonObject(rows) ? rows : {}).flatMap(([uuid, row]) => touchedInRow(`${table}/${uuid}`, row)),
    );
}

/** A name is given when a row is made, and never changes after. */
function touchedInRow(place: string, row: unknown): string[] {
  if (!isJsonObject(row)) return [place];
  const columns = Object.entries(row).flatMap(([column, value]) => [
    `${place}/${column}`,
    ...mapKeys(value).map((key) => `${place}/${column}:${key}`),
  ]);
  return 'name' in row ? [place, ...columns] : columns;
}

function mapKeys(value: unknown): string[] {
  const [tag, pairs] = asJsonArray(value);
  return tag === 'map' ? asJsonArray(pairs).map((pair) => String(asJsonArray(pair)[0])) : [];
}
