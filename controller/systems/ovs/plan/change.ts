import { OWNER_MARK } from '../../owner.ts';
import type { OwnerKey } from '../../owner.ts';
import type { Difference } from '../../system.ts';
import { describeDatum, sameDatum } from '../schema/datum.ts';
import type { Columns, Uuid } from '../schema/datum.ts';
import type { TableName } from '../schema/rows.ts';
import type { Locator, RowEdit } from './step.ts';

/** What differs on the host, what to do about it, and where the log would tell who did it. */
export interface Change {
  readonly edits: readonly RowEdit[];
  readonly differences: readonly Difference[];
  readonly locators: readonly Locator[];
}

export const NO_CHANGE: Change = { edits: [], differences: [], locators: [] };

export function joinChanges(...changes: readonly Change[]): Change {
  const all = changes.filter((change) => change !== NO_CHANGE);
  if (all.length < 2) return all[0] ?? NO_CHANGE;
  return {
    edits: all.flatMap((change) => change.edits),
    differences: all.flatMap((change) => change.differences),
    locators: all.flatMap((change) => change.locators),
  };
}

export function isEmpty(change: Change): boolean {
  return change.edits.length === 0;
}

/** A row as far as comparing needs it. */
export interface ComparedRow {
  readonly uuid: Uuid;
  readonly name: string;
  readonly external_ids: ReadonlyMap<string, string>;
}

/** Compares the wanted columns of a row; only those that differ are updated. */
export function compareColumns(table: TableName, row: ComparedRow & Columns, wanted: Columns): Change {
  const names = Object.keys(wanted).filter((name) => !sameDatum(row[name], wanted[name]));
  if (names.length === 0) return NO_CHANGE;
  const before = pick(row, names);
  const after = pick(wanted, names);
  return {
    edits: [{ edit: 'update', table, uuid: row.uuid, before, after }],
    differences: names.map((name) => ({
      path: `${table}[${row.name}].${name}`,
      expected: describeDatum(wanted[name]),
      found: describeDatum(row[name]),
    })),
    locators: [{ table, uuid: row.uuid, columns: names }],
  };
}

/** Compares single keys of a map, absent where `undefined` is wanted; other keys may be anybody's. */
export function compareKeys<Column extends 'external_ids' | 'other_config'>(
  table: TableName,
  row: Pick<ComparedRow, 'uuid' | 'name'> & Readonly<Record<Column, ReadonlyMap<string, string>>>,
  column: Column,
  wanted: Readonly<Record<string, string | undefined>>,
): Change {
  const found = row[column];
  const keys = Object.entries(wanted).filter(([key, value]) => found.get(key) !== value);
  if (keys.length === 0) return NO_CHANGE;
  const put = new Map(keys.flatMap(([key, value]) => (value === undefined ? [] : [[key, value] as const])));
  return {
    edits: [
      {
        edit: 'keys',
        table,
        uuid: row.uuid,
        column,
        before: found,
        put,
        drop: keys.map(([key]) => key).filter((key) => !put.has(key)),
      },
    ],
    differences: keys.map(([key, value]) => ({
      path: `${table}[${row.name}].${column}:${key}`,
      expected: value ?? '',
      found: found.get(key) ?? '',
    })),
    locators: [{ table, uuid: row.uuid, columns: keys.map(([key]) => `${column}:${key}`) }],
  };
}

/** On the rows of a port that was taken over and not made by us: such a port keeps the MAC it has. */
export const ADOPTED_MARK = 'bridgekeeper-adopted';

/** The mark that a row should carry. */
export function compareMark(table: TableName, row: ComparedRow, owner: OwnerKey, extra: ReadonlyMap<string, string> = new Map()): Change {
  const found = row.external_ids.get(OWNER_MARK);
  if (found === owner) return NO_CHANGE;
  return {
    edits: [
      {
        edit: 'keys',
        table,
        uuid: row.uuid,
        column: 'external_ids',
        before: row.external_ids,
        put: new Map([[OWNER_MARK, owner], ...extra]),
        drop: [],
      },
    ],
    differences: [{ path: `${table}[${row.name}].external_ids:${OWNER_MARK}`, expected: owner, found: found ?? '' }],
    locators: [{ table, uuid: row.uuid, columns: [`external_ids:${OWNER_MARK}`] }],
  };
}

/** Takes our mark off a row that stays. */
export function removeMark(table: TableName, row: ComparedRow): Change {
  const found = row.external_ids.get(OWNER_MARK);
  if (found === undefined) return NO_CHANGE;
  return {
    edits: [
      {
        edit: 'keys',
        table,
        uuid: row.uuid,
        column: 'external_ids',
        before: row.external_ids,
        put: new Map(),
        drop: [OWNER_MARK, ADOPTED_MARK].filter((key) => row.external_ids.has(key)),
      },
    ],
    differences: [{ path: `${table}[${row.name}].external_ids:${OWNER_MARK}`, expected: '', found }],
    locators: [{ table, uuid: row.uuid, columns: [`external_ids:${OWNER_MARK}`] }],
  };
}

export function describeDifferences(differences: readonly Difference[]): string {
  return differences
    .map(({ path, expected, found }) => `${path} is ${found || 'not set'}, desired ${expected || 'not set'}`)
    .join('; ');
}

function pick(columns: Columns, names: readonly string[]): Columns {
  return Object.fromEntries(names.map((name) => [name, columns[name]]));
}
