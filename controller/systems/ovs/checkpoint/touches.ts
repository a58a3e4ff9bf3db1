import { isHandle, type OvsStep, type RowEdit } from '../plan/step.ts';
import type { OvsTouch } from './snapshot.ts';

/** What these steps are about to change of rows that are there. */
export function touchesOf(steps: readonly OvsStep[]): readonly OvsTouch[] {
  return steps.flatMap(({ edits }) => edits.flatMap(touchOf));
}

/** What happens to a row that is only made now goes with that row. */
function touchOf(edit: RowEdit): readonly OvsTouch[] {
  switch (edit.edit) {
    case 'update':
      return [{ touch: 'columns', table: edit.table, uuid: edit.uuid, columns: Object.keys(edit.after) }];
    case 'keys':
      return [{ touch: 'keys', table: edit.table, uuid: edit.uuid, column: edit.column, keys: [...edit.put.keys(), ...edit.drop] }];
    case 'members': {
      if (isHandle(edit.holder)) return [];
      const moved = edit.add.filter((uuid) => !isHandle(uuid));
      const made = edit.add.filter(isHandle).map((handle) => handle.slice(handle.indexOf('/') + 1));
      return [{ touch: 'members', table: edit.table, uuid: edit.holder, column: edit.column, removed: edit.remove, moved, made }];
    }
    default:
      // What only comes goes with what refers to it, and what refers to a row that goes is touched itself.
      return [];
  }
}
