import type { WireRow, Uuid } from '../schema/datum.ts';

/** Rows as they go over the wire, by table and UUID: every column that is configuration, also those that we never write. */
export interface OvsSnapshot {
  readonly tables: Readonly<Record<string, Readonly<Record<Uuid, WireRow>>>>;
}

/** What a step is about to change, so that just that can be undone. */
export type OvsTouch =
  | { readonly touch: 'columns'; readonly table: string; readonly uuid: Uuid; readonly columns: readonly string[] }
  | { readonly touch: 'keys'; readonly table: string; readonly uuid: Uuid; readonly column: string; readonly keys: readonly string[] }
  | {
      /** Members of a set of references that come or go; the others are anybody's. */
      readonly touch: 'members';
      readonly table: string;
      readonly uuid: Uuid;
      readonly column: string;
      readonly removed: readonly Uuid[];
      /** Rows that were there before and are put into this set. */
      readonly moved: readonly Uuid[];
      /** Names of rows that are made for this set. */
      readonly made: readonly string[];
    };

export function rowOf(snapshot: OvsSnapshot, table: string, uuid: Uuid): WireRow | undefined {
  return snapshot.tables[table]?.[uuid];
}
