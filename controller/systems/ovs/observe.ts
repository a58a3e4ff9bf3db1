import type { ObservedBridge, ObservedController, ObservedMirror, ObservedGuests, ObservedInterface, ObservedPort, OvsObserved } from './observed.ts';
import { vlanOfColumns } from './plan/vlan.ts';
import { ATTACHED_MAC, IFACE_ID, ownerOf, VM_ID } from './replica/mark.ts';
import type { OvsRows } from './replica/rows.ts';
import type { BridgeRow, ControllerRow, InterfaceRow, MirrorRow, PortRow } from './schema/rows.ts';

export interface ObservedOptions {
  readonly rows: OvsRows;
  readonly schemaVersion: string;
  readonly guests: ObservedGuests;
  readonly systemDatapath: boolean;
  readonly vswitchdResponds: boolean;
}

/** Rows of one moment as what status and plan read. The facts are made when they are first asked for. */
export function observedOf(options: ObservedOptions): OvsObserved {
  const { rows } = options;
  let bridges: ReadonlyMap<string, ObservedBridge> | undefined;
  return {
    ...options,
    ovsVersion: rows.root.ovs_version ?? '',
    get bridges() {
      bridges ??= new Map([...rows.bridges].map((row) => [row.name, bridgeFacts(row, rows)]));
      return bridges;
    },
    portNamed(name) {
      const row = rows.named('Port', name);
      return row && portFacts(row, rows.interfacesOf(row));
    },
    bridgeNameOf(portName) {
      const row = rows.named('Port', portName);
      return row && rows.bridgeOf(row)?.name;
    },
    portAttachedTo(mac) {
      const [iface] = rows.attachedTo(mac);
      const row = iface && rows.portOf(iface);
      const bridge = row && rows.bridgeOf(row);
      return bridge && { port: portFacts(row, rows.interfacesOf(row)), bridgeName: bridge.name };
    },
  };
}

function bridgeFacts(row: BridgeRow, rows: OvsRows): ObservedBridge {
  let ports: readonly ObservedPort[] | undefined;
  return {
    name: row.name,
    ...ownerFact(row),
    datapathId: row.datapath_id ?? '',
    datapathType: row.datapath_type || 'system',
    get ports() {
      ports ??= rows.rows('Port', row.ports).map((port) => portFacts(port, rows.interfacesOf(port)));
      return ports;
    },
    get controllers() {
      return rows.rows('Controller', row.controller).map(controllerFacts);
    },
    get mirrors() {
      return rows.rows('Mirror', row.mirrors).map((mirror) => mirrorFacts(mirror, rows));
    },
  };
}

function controllerFacts({ target, is_connected: connected, role }: ControllerRow): ObservedController {
  return { target, connected, ...(role === undefined ? {} : { role }) };
}

function mirrorFacts(row: MirrorRow, rows: OvsRows): ObservedMirror {
  const outputPort = rows.row('Port', row.output_port)?.name;
  const selected = new Set([...row.select_src_port, ...row.select_dst_port]);
  return {
    name: row.name,
    selectAll: row.select_all,
    selectedPorts: rows.rows('Port', [...selected]).map(({ name }) => name).sort(),
    selectedVlans: row.select_vlan,
    ...(outputPort === undefined ? {} : { outputPort }),
    ...(row.output_vlan === undefined ? {} : { outputVlan: row.output_vlan }),
  };
}

/** Made once a row: a port whose rows are as before has the same facts as before. */
const knownFacts = new WeakMap<PortRow, { readonly interfaces: readonly InterfaceRow[]; readonly facts: ObservedPort }>();

function portFacts(row: PortRow, interfaces: readonly InterfaceRow[]): ObservedPort {
  const known = knownFacts.get(row);
  if (known && known.interfaces.length === interfaces.length && interfaces.every((iface, index) => iface === known.interfaces[index])) {
    return known.facts;
  }
  const vlan = vlanOfColumns(row);
  const facts: ObservedPort = {
    name: row.name,
    ...ownerFact(row),
    ...(vlan === undefined ? {} : { vlan }),
    interfaces: interfaces.map(interfaceFacts),
  };
  knownFacts.set(row, { interfaces, facts });
  return facts;
}

function interfaceFacts(row: InterfaceRow): ObservedInterface {
  const attachedMac = row.external_ids.get(ATTACHED_MAC);
  const vmId = row.external_ids.get(VM_ID);
  const ifaceId = row.external_ids.get(IFACE_ID);
  return {
    name: row.name,
    type: row.type,
    macInUse: row.mac_in_use ?? '',
    ofport: row.ofport ?? -1,
    ...(row.mtu === undefined ? {} : { mtu: row.mtu }),
    linkState: row.link_state ?? '',
    error: row.error ?? '',
    ...(attachedMac === undefined ? {} : { attachedMac }),
    ...(vmId === undefined ? {} : { vmId }),
    ...(ifaceId === undefined ? {} : { ifaceId }),
  };
}

function ownerFact(row: BridgeRow | PortRow) {
  const owner = ownerOf(row);
  return owner === undefined ? {} : { owner };
}
