import type { OvsStep, RowEdit } from '../../systems/ovs/plan/step.ts';
import type { OvsRows } from '../../systems/ovs/replica/rows.ts';
import type { Uuid } from '../../systems/ovs/schema/datum.ts';
import { isGuests, partsOf, type HostPart } from './host-parts.ts';
import type { Touch } from './touch.ts';

/** Which parts of the host the edits of a step concern. Marks and waits concern none. */
export function touchedByOvs(step: OvsStep, rows: OvsRows): Touch {
  const changes = new Set<HostPart>();
  const takes = new Set<HostPart>();
  for (const edit of step.edits) {
    for (const part of changedBy(edit, rows)) changes.add(part);
    for (const part of takenBy(edit, rows)) takes.add(part);
  }
  return { step, changes, takes };
}

function changedBy(edit: RowEdit, rows: OvsRows): readonly HostPart[] {
  switch (edit.edit) {
    case 'update':
      return partsOfRow(edit.table, edit.uuid, rows);
    case 'keys':
      return edit.column === 'external_ids' ? [] : partsOfRow(edit.table, edit.uuid, rows);
    case 'members':
      // A port more on a bridge changes nothing for the others; a mirror may take a port for its output.
      return edit.column === 'ports' || edit.column === 'bridges' ? [] : partsOfRow(edit.table, edit.holder, rows);
    case 'insert':
    case 'delete':
    case 'expect':
      return [];
  }
}

/** A device that goes into a port leaves what has it now, and so does a port that moves. */
function takenBy(edit: RowEdit, rows: OvsRows): readonly HostPart[] {
  if (edit.edit === 'insert') {
    const name = edit.row['name'];
    return edit.table === 'Interface' && typeof name === 'string' ? [`device:${name}`] : [];
  }
  if (edit.edit !== 'members') return [];
  switch (edit.column) {
    case 'bridges':
      return edit.remove.flatMap((uuid) => partsOfRow('Bridge', uuid, rows));
    case 'ports':
      return [...edit.add, ...edit.remove].flatMap((uuid) => partsOfRow('Port', uuid, rows));
    case 'interfaces':
      return edit.remove.flatMap((uuid) => partsOfRow('Interface', uuid, rows));
    case 'mirrors':
      return [];
  }
}

function partsOfRow(table: RowEdit['table'], uuid: Uuid, rows: OvsRows): readonly HostPart[] {
  switch (table) {
    case 'Bridge': {
      const bridge = rows.row('Bridge', uuid);
      return bridge ? [`bridge:${bridge.name}`] : [];
    }
    case 'Port': {
      const port = rows.row('Port', uuid);
      if (!port || rows.interfacesOf(port).every(isGuests)) return [];
      return partsOf(port, rows);
    }
    case 'Interface': {
      const iface = rows.row('Interface', uuid);
      return iface && !isGuests(iface) ? [`device:${iface.name}`] : [];
    }
    default:
      return [];
  }
}
