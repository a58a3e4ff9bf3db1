import type { Columns, Datum, Uuid } from '../schema/datum.ts';
import { columnType } from '../schema/encode.ts';
import type { OvsStep, RowEdit } from './step.ts';
import { isHandle } from './step.ts';

/**
 * The step without what it does to these paths. Each difference of an update stands beside the column that its locator names; a step
 * where they don't, such as one that makes a row, can't be parted.
 */
export function withoutPaths(step: OvsStep, isLeftOut: (path: string) => boolean): OvsStep | undefined {
  const places = step.locators.flatMap(({ uuid, columns }) => columns.map((column) => placeOf(uuid, column)));
  if (step.verb !== 'update' || places.length !== step.differences.length) return undefined;
  const kept = step.differences.map(({ path }) => !isLeftOut(path));
  const leftOut = new Set(places.filter((_, index) => !kept[index]));
  const edits = dropUnused(step.edits.flatMap((edit) => withoutPlaces(edit, leftOut)));
  return {
    ...step,
    edits,
    differences: step.differences.filter((_, index) => kept[index]),
    locators: step.locators.flatMap((locator) => {
      const columns = locator.columns.filter((column) => !leftOut.has(placeOf(locator.uuid, column)));
      return columns.length === 0 ? [] : [{ ...locator, columns }];
    }),
  };
}

function placeOf(uuid: Uuid, column: string): string {
  return `${uuid} ${column}`;
}

function withoutPlaces(edit: RowEdit, leftOut: ReadonlySet<string>): RowEdit[] {
  switch (edit.edit) {
    case 'update': {
      const before = withoutColumns(edit.before, edit.uuid, leftOut);
      return Object.keys(before).length === 0 ? [] : [{ ...edit, before, after: withoutColumns(edit.after, edit.uuid, leftOut) }];
    }
    case 'keys': {
      const isKept = (key: string) => !leftOut.has(placeOf(edit.uuid, `${edit.column}:${key}`));
      const put = new Map([...edit.put].filter(([key]) => isKept(key)));
      const drop = edit.drop.filter(isKept);
      return put.size + drop.length === 0 ? [] : [{ ...edit, put, drop }];
    }
    case 'members':
      return leftOut.has(placeOf(edit.holder, edit.column)) ? [] : [edit];
    case 'expect':
      return Object.keys(edit.columns).some((column) => leftOut.has(placeOf(edit.uuid, column))) ? [] : [edit];
    case 'insert':
    case 'delete':
      return [edit];
  }
}

function withoutColumns(columns: Columns, uuid: Uuid, leftOut: ReadonlySet<string>): Columns {
  return Object.fromEntries(Object.entries(columns).filter(([column]) => !leftOut.has(placeOf(uuid, column))));
}

/** A new row that nothing refers to any more is not made. */
function dropUnused(edits: readonly RowEdit[]): RowEdit[] {
  const referred = new Set(edits.flatMap(references));
  return edits.filter((edit) => edit.edit !== 'insert' || referred.has(edit.handle));
}

function references(edit: RowEdit): Uuid[] {
  if (edit.edit === 'members') return edit.add.filter(isHandle);
  if (edit.edit !== 'update' && edit.edit !== 'insert') return [];
  const columns = edit.edit === 'update' ? edit.after : edit.row;
  return Object.entries(columns)
    .filter(([column]) => columnType(edit.table, column).atom === 'uuid')
    .flatMap(([, datum]) => membersOf(datum))
    .filter((value) => typeof value === 'string');
}

function membersOf(datum: Datum): readonly unknown[] {
  if (datum instanceof Map) return [...datum.values()];
  return Array.isArray(datum) ? datum : [datum];
}
