import type { OvsVmPort } from '../desired.ts';
import type { InterfaceRow, PortRow } from '../schema/rows.ts';
import { compareColumns, compareKeys, joinChanges, NO_CHANGE } from './change.ts';
import type { Change } from './change.ts';
import type { PlanDraft } from './draft.ts';
import { compareLimits } from './limits.ts';
import { planMovedGuestPort } from './moved-guest-port.ts';
import { sameVlan, vlanColumns } from './vlan.ts';

/** Keys of a VM port's `external_ids` that say what of it is ours. A port without them is as libvirt made it, which is no drift. */
const ISOLATED_NOTE = 'bridgekeeper-isolated';
const LIMITS_NOTE = 'bridgekeeper-limits';

/** Keeps the VLAN, the isolation and the limits of a running VM's port; a port that is not there is libvirt's to make. */
export function planVmPort(vmPort: OvsVmPort, iface: InterfaceRow, draft: PlanDraft): void {
  const port = draft.rows.portOf(iface);
  if (!port) return;
  draft.about(port.name);
  if (draft.rows.bridgeOf(port)?.name !== vmPort.bridgeName) return planMovedGuestPort(vmPort, port, NO_CHANGE, draft);
  const isolation = compareIsolation(vmPort, port);
  const limits = compareVmLimits(vmPort, port, iface, draft);
  const object = `Port ${port.name}`;
  const known = [compareVlan(vmPort, port), ...[isolation, limits].filter(({ isNew }) => !isNew).map(({ change }) => change)];
  draft.step({ owner: vmPort.owner, verb: 'update', object }, joinChanges(...known));
  const fresh = [isolation, limits].filter(({ isNew }) => isNew).map(({ change }) => change);
  draft.step({ owner: vmPort.owner, verb: 'claim', object, fresh: true }, joinChanges(...fresh));
}

interface Share {
  readonly change: Change;
  /** The port has never had what is desired of it. */
  readonly isNew: boolean;
}

function compareVlan({ vlan }: OvsVmPort, port: PortRow): Change {
  const wanted = vlanColumns(vlan);
  return sameVlan(port, wanted) ? NO_CHANGE : compareColumns('Port', port, wanted);
}

function compareIsolation({ isolated }: OvsVmPort, port: PortRow): Share {
  const change = joinChanges(compareColumns('Port', port, { protected: isolated }), compareNote(port, ISOLATED_NOTE, isolated));
  return { change, isNew: isolated && !port.external_ids.has(ISOLATED_NOTE) };
}

/** Limits that nobody here asks for are left alone, unless we set them; so are those that a NIC has of its own. */
function compareVmLimits({ limits, mac }: OvsVmPort, port: PortRow, iface: InterfaceRow, { rows, observed }: PlanDraft): Share {
  const isNoted = port.external_ids.has(LIMITS_NOTE);
  const hasOwn = observed.guests.nics?.get(mac.toLowerCase())?.hasOwnLimits === true;
  if (hasOwn || (!limits && !isNoted)) return { change: NO_CHANGE, isNew: false };
  const change = joinChanges(compareLimits(limits ?? {}, port, iface, rows), compareNote(port, LIMITS_NOTE, limits !== undefined));
  return { change, isNew: !isNoted };
}

function compareNote(port: PortRow, key: string, wanted: boolean): Change {
  return compareKeys('Port', port, 'external_ids', { [key]: wanted ? 'true' : undefined });
}
