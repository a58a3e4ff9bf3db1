import type { Finding, StepInfo } from '../../system.ts';
import type { Columns, Uuid } from '../schema/datum.ts';
import type { TableName } from '../schema/rows.ts';

/** Stands for the UUID of a row that a step of the same plan inserts. It begins with `@`, which no UUID does. */
export type Handle = `@${string}`;

export function isHandle(reference: Uuid): reference is Handle {
  return reference.startsWith('@');
}

/** One change of one row, with what the plan was based on, so that a stale plan can be refused. */
export type RowEdit =
  | { readonly edit: 'insert'; readonly table: TableName; readonly handle: Handle; readonly row: Columns }
  | {
      readonly edit: 'update';
      readonly table: TableName;
      readonly uuid: Uuid;
      /** The same columns as `after`, as they were observed. */
      readonly before: Columns;
      readonly after: Columns;
    }
  | {
      /** Single keys of a map; the other keys may be anybody's. */
      readonly edit: 'keys';
      readonly table: TableName;
      readonly uuid: Uuid;
      readonly column: 'external_ids' | 'other_config';
      /** The whole map as it was observed. */
      readonly before: ReadonlyMap<string, string>;
      readonly put: ReadonlyMap<string, string>;
      readonly drop: readonly string[];
    }
  | {
      /** Single members of a set of references; the other members may be anybody's. */
      readonly edit: 'members';
      readonly table: TableName;
      /** The row that holds the set: a UUID, or the handle of a row that is inserted. */
      readonly holder: Uuid;
      readonly column: 'bridges' | 'ports' | 'interfaces' | 'mirrors';
      readonly add: readonly Uuid[];
      readonly remove: readonly Uuid[];
    }
  /** For rows that live without being referred to; the others go with the last reference. */
  | { readonly edit: 'delete'; readonly table: 'QoS' | 'Queue'; readonly uuid: Uuid }
  | {
      /** Nothing is changed; the row must still be as it was observed. */
      readonly edit: 'expect';
      readonly table: TableName;
      readonly uuid: Uuid;
      readonly columns: Columns;
    };

/** Where a change can be found in the database's log. Without columns: where the row came or went. */
export interface Locator {
  readonly table: TableName;
  readonly uuid: Uuid;
  /** A column, or one key of a map as `external_ids:bridgekeeper`. */
  readonly columns: readonly string[];
}

export interface OvsStep extends StepInfo {
  readonly edits: readonly RowEdit[];
  readonly locators: readonly Locator[];
  /** Rows that are ours now and will not be once the step is done. */
  readonly givesUp: readonly Uuid[];
  /** Interfaces that the step makes or changes, and that vswitchd must be able to open then. */
  readonly interfaces: readonly { readonly name: string; readonly optional: boolean }[];
  /** The bridge that the step takes out of a spanning tree, and that floods no more until it is told to. */
  readonly endsSpanningTreeOf?: string;
  /** The bridge that the step makes, or whose datapath it changes: it must have a datapath then. */
  readonly bridgeName?: string;
}

export interface OvsFinding extends Finding {
  readonly locators: readonly Locator[];
}
