import type { NetplanStep } from '../systems/netplan/step.ts';
import type { OwnerKey } from '../systems/owner.ts';
import { isHandle, type OvsStep, type RowEdit } from '../systems/ovs/plan/step.ts';
import type { OvsRows } from '../systems/ovs/replica/rows.ts';

/** The resources that make one change: those whose steps reach a way in, and those whose steps rest on what such a step makes. */
export function concernedOwners(touching: readonly OwnerKey[], steps: readonly OvsStep[]): ReadonlySet<OwnerKey> {
  const owners = new Set(touching);
  for (;;) {
    const made = new Set(steps.filter(({ owner }) => owners.has(owner)).flatMap(({ edits }) => edits.flatMap((edit) => (edit.edit === 'insert' ? [edit.handle] : []))));
    const resting = steps.filter((step) => !owners.has(step.owner) && step.edits.some((edit) => edit.edit === 'members' && isHandle(edit.holder) && made.has(edit.holder)));
    if (resting.length === 0) return owners;
    for (const { owner } of resting) owners.add(owner);
  }
}

/** The devices of the kernel that these steps of Open vSwitch may give or take. */
export function devicesOfOvs(steps: readonly OvsStep[], rows: OvsRows): readonly string[] {
  return steps.flatMap(({ edits }) => edits.flatMap((edit) => namesOf(edit, rows)));
}

export function devicesOfNetplan(steps: readonly NetplanStep[]): readonly string[] {
  return steps.flatMap((step) => {
    switch (step.kind) {
      case 'stanza':
        return [step.device];
      case 'kernel':
        return [step.repair.device];
      case 'rename':
        return [step.presentName, step.device];
      default:
        return [];
    }
  });
}

function namesOf(edit: RowEdit, rows: OvsRows): readonly string[] {
  switch (edit.edit) {
    case 'insert': {
      const name = edit.row['name'];
      return typeof name === 'string' ? [name] : [];
    }
    case 'members':
      return [...edit.add, ...edit.remove, edit.holder].flatMap((uuid) => namesOfRow(uuid, rows));
    case 'update':
    case 'keys':
      return namesOfRow(edit.uuid, rows);
    default:
      return [];
  }
}

/** A bridge's device has its name, and with the bridge go the devices of its ports. */
function namesOfRow(uuid: string, rows: OvsRows): readonly string[] {
  const bridge = rows.row('Bridge', uuid);
  const port = rows.row('Port', uuid);
  const iface = rows.row('Interface', uuid);
  const ports = bridge ? rows.rows('Port', bridge.ports) : port ? [port] : [];
  return [...(iface ? [iface.name] : []), ...ports.flatMap((each) => rows.interfacesOf(each).map(({ name }) => name))];
}
