import type { GuestNic } from '../../guest-nic.ts';
import type { OvsVmPort } from '../desired.ts';
import { ATTACHED_MAC, IFACE_ID, VM_ID } from '../replica/mark.ts';
import type { BridgeRow, InterfaceRow, PortRow } from '../schema/rows.ts';
import { compareColumns, compareKeys, joinChanges } from './change.ts';
import type { Change } from './change.ts';
import type { PlanDraft } from './draft.ts';
import { planMovedGuestPort } from './moved-guest-port.ts';
import { portOwner } from './ownership.ts';
import type { Handle, Locator } from './step.ts';
import { planVmPort } from './vm-ports.ts';
import { vlanColumns, vlanOfColumns } from './vlan.ts';
import type { Wanted } from './wanted.ts';

/** No frame leaves it: Open vSwitch keeps it apart from all others, and no switch may carry it (IEEE 802.1Q, 9.6). */
const DEAD_VLAN = 4095;
/** On a port that we put into the dead VLAN, so that it gets out again. */
const DEAD_NOTE = 'bridgekeeper-dead-vlan';

/** The ports of all guests: those that are there, those that should be, and those that are left of guests that are gone. */
export function planGuests(draft: PlanDraft): void {
  for (const iface of draft.rows.guestInterfaces()) planGuestInterface(iface, draft);
  planGuestsAside(draft);
}

/** What of a guest's interface is not as its resource or its portgroup asks. */
export function planGuestInterface(iface: InterfaceRow, draft: PlanDraft): void {
  const mac = iface.external_ids.get(ATTACHED_MAC)?.toLowerCase() ?? '';
  if (isOfTwin(iface, mac, draft)) return;
  const asked = askedOf(mac, draft);
  for (const vmPort of asked) planVmPort(vmPort, iface, draft);
  planDeadVlan(mac, asked.length > 0, iface, draft);
}

/** Another guest that runs has that MAC address too, and what is asked for it is asked of that one's port. */
function isOfTwin({ external_ids: ids }: InterfaceRow, mac: string, { observed }: PlanDraft): boolean {
  const nic = observed.guests.nics?.get(mac);
  return nic !== undefined && ids.has(VM_ID) && ids.get(VM_ID) !== nic.guestUuid;
}

/** Guests' ports that are not there and should be, and the other way round: they show in no row, or in one that nobody changed. */
export function planGuestsAside(draft: PlanDraft): void {
  for (const nic of draft.observed.guests.withoutPort) planMissingPort(nic, draft);
  for (const name of draft.observed.guests.gone) planGonePort(name, draft);
}

/** What is asked of the port of a NIC: by the VM's resource, or where there is none, by the portgroup that the NIC is on. */
function askedOf(mac: string, { wanted, observed }: PlanDraft): readonly OvsVmPort[] {
  const nic = observed.guests.nics?.get(mac);
  return wanted.vmPorts.get(mac) ?? (nic ? askedByPortgroup(nic, wanted.portgroups) : []);
}

function askedByPortgroup({ mac, network = '', portgroup }: GuestNic, portgroups: Wanted['portgroups']): OvsVmPort[] {
  const asked = portgroups.get(network)?.find(({ name, isDefault }) => (portgroup === undefined ? isDefault : name === portgroup));
  if (!asked) return [];
  const { owner, bridgeName, vlan, isolated, limits } = asked;
  return [{ owner, bridgeName, mac, isolated, ...(vlan === undefined ? {} : { vlan }), ...(limits === undefined ? {} : { limits }) }];
}

/**
 * A port without the VLAN that it should have, for its portgroup is gone, would pass every VLAN: it passes none until we know its
 * VLAN, or somebody else gives it one, be it by a portgroup of that name that is not ours.
 */
function planDeadVlan(mac: string, isAsked: boolean, iface: InterfaceRow, draft: PlanDraft): void {
  const port = draft.rows.portOf(iface);
  const bridge = port && draft.wanted.bridges.get(draft.rows.bridgeOf(port)?.name ?? '');
  if (!port || !bridge) return;
  const isNoted = port.external_ids.has(DEAD_NOTE);
  const isUnguarded = !isAsked && draft.observed.guests.unguarded.has(mac);
  const { portgroup = '', portgroupVlan } = draft.observed.guests.nics?.get(mac) ?? {};
  draft.about(port.name);
  const head = { owner: bridge.owner, verb: 'update', object: `Port ${port.name}` } as const;
  if (isUnguarded && vlanOfColumns(port) === undefined) {
    const change = joinChanges(compareColumns('Port', port, { tag: DEAD_VLAN }), noteDead(port, true));
    const difference = { path: `Port[${port.name}].tag`, expected: `${DEAD_VLAN}, the dead VLAN, for portgroup "${portgroup}" is gone`, found: '' };
    draft.step(head, { ...change, differences: [difference] });
  } else if (isNoted && !isAsked && port.tag === DEAD_VLAN && portgroupVlan !== undefined) {
    draft.step(head, joinChanges(compareColumns('Port', port, vlanColumns(portgroupVlan)), noteDead(port, false)));
  } else if (isNoted && (isAsked || port.tag !== DEAD_VLAN)) {
    draft.step({ ...head, fresh: true }, noteDead(port, false));
  }
}

function noteDead(port: PortRow, isDead: boolean): Change {
  return compareKeys('Port', port, 'external_ids', { [DEAD_NOTE]: isDead ? 'true' : undefined });
}

/** The guest runs and its tap is there: the port is put back as libvirt made it, and the guest goes on. */
function planMissingPort(nic: GuestNic, draft: PlanDraft): void {
  const [asked] = askedOf(nic.mac, draft);
  const bridge = asked && draft.rows.named('Bridge', asked.bridgeName);
  if (!asked || !bridge) return;
  draft.about(nic.device);
  const present = draft.rows.named('Port', nic.device);
  const lost = draft.rows.lostGuest(nic.mac);
  const locators: Locator[] = lost === undefined ? [] : [{ table: 'Interface', uuid: lost, columns: [] }];
  if (present) return planLostIds(nic, asked, present, draft);
  draft.step(
    { owner: asked.owner, verb: 'create', object: `Port ${nic.device}`, interfaces: [{ name: nic.device, optional: true }] },
    { edits: insertGuestPort(nic, asked, bridge), differences: [{ path: `Bridge[${bridge.name}].ports`, expected: nic.device, found: '' }], locators },
  );
}

function insertGuestPort(nic: GuestNic, { vlan }: OvsVmPort, bridge: BridgeRow): Change['edits'] {
  const [port, iface]: [Handle, Handle] = [`@Port/${nic.device}`, `@Interface/${nic.device}`];
  const { tag, trunks, vlan_mode } = vlanColumns(vlan);
  return [
    { edit: 'insert', table: 'Interface', handle: iface, row: { name: nic.device, external_ids: new Map(Object.entries(guestIds(nic))) } },
    {
      edit: 'insert',
      table: 'Port',
      handle: port,
      row: { name: nic.device, interfaces: [iface], ...(tag === undefined ? {} : { tag }), ...(trunks.length === 0 ? {} : { trunks }), ...(vlan_mode === undefined ? {} : { vlan_mode }) },
    },
    { edit: 'expect', table: 'Bridge', uuid: bridge.uuid, columns: { name: bridge.name } },
    { edit: 'members', table: 'Bridge', holder: bridge.uuid, column: 'ports', add: [port], remove: [] },
  ];
}

/** The port is there, but what said whose it is was taken away. */
function planLostIds(nic: GuestNic, asked: OvsVmPort, port: PortRow, draft: PlanDraft): void {
  const iface = draft.rows.interfacesOf(port).find(({ name }) => name === nic.device);
  if (!iface || portOwner(port, draft.rows) !== undefined) return;
  const ids = compareKeys('Interface', iface, 'external_ids', guestIds(nic));
  if (draft.rows.bridgeOf(port)?.name !== asked.bridgeName) return planMovedGuestPort(asked, port, ids, draft);
  draft.step({ owner: asked.owner, verb: 'update', object: `Port ${port.name}` }, ids);
}

/** As libvirt writes them (virnetdevopenvswitch.c). */
function guestIds({ mac, guestUuid, interfaceId }: GuestNic): Record<string, string> {
  return { [ATTACHED_MAC]: mac, [VM_ID]: guestUuid, 'iface-status': 'active', ...(interfaceId === undefined ? {} : { [IFACE_ID]: interfaceId }) };
}

/** libvirt takes a guest's ports away; where it could not, for it was killed with the guest, they stay. */
function planGonePort(name: string, draft: PlanDraft): void {
  const iface = draft.rows.named('Interface', name);
  const port = iface && draft.rows.portOf(iface);
  const row = port && draft.rows.bridgeOf(port);
  const bridge = row && draft.wanted.bridges.get(row.name);
  if (!port || !bridge || portOwner(port, draft.rows) !== undefined) return;
  const difference = { path: `Bridge[${bridge.name}].ports`, expected: '', found: `${port.name}, left of a guest that is gone` };
  const locators: Locator[] = [{ table: 'Port', uuid: port.uuid, columns: [] }];
  draft.about(port.name);
  draft.finding({ owner: bridge.owner, object: `Port ${port.name}`, difference, locators });
  draft.step(
    { owner: bridge.owner, verb: 'delete', object: `Port ${port.name}`, leftover: true },
    {
      edits: [
        { edit: 'expect', table: 'Interface', uuid: iface.uuid, columns: { external_ids: iface.external_ids } },
        { edit: 'members', table: 'Bridge', holder: row.uuid, column: 'ports', add: [], remove: [port.uuid] },
      ],
      differences: [difference],
      locators,
    },
  );
}
