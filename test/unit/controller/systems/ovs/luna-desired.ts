import type { OvsBridge, OvsDesired, OvsPort } from '../../../../../controller/systems/ovs/desired.ts';
import type { OwnerKey, Ownership } from '../../../../../controller/systems/owner.ts';

export const LUNABR: OwnerKey = 'Bridge/lunabr';
export const VNET100: OwnerKey = 'VlanPort/vnet100';

export const VNET100_MAC = '02:00:00:aa:01:00';

export const eth0: OvsPort = {
  owner: LUNABR,
  name: 'eth0',
  adoption: 'IfMatching',
  interfaces: [{ name: 'eth0', type: '', optional: true }],
};

export const vnet100: OvsPort = internalPort('vnet100', 100, VNET100_MAC);

export function internalPort(name: string, tag: number, mac?: string): OvsPort {
  return {
    owner: `VlanPort/${name}`,
    name,
    adoption: 'IfMatching',
    vlan: { mode: 'access', tag },
    interfaces: [{ name, type: 'internal', optional: false, ...(mac === undefined ? {} : { mac }) }],
  };
}

/** The Open vSwitch side of examples/luna, with parts replaced. */
export function lunaBridge(change: Partial<OvsBridge> = {}): OvsBridge {
  return {
    owner: LUNABR,
    name: 'lunabr',
    adoption: 'IfMatching',
    datapathType: 'auto',
    stp: false,
    rstp: false,
    mcastSnooping: false,
    protocols: [],
    controllers: [],
    localPort: {},
    ports: [eth0, vnet100],
    mirrors: [],
    unmanagedPorts: 'Report',
    ...change,
  };
}

export function desiredOf(bridges: readonly OvsBridge[], ownership: Partial<Ownership> = {}): OvsDesired {
  const present = new Set(bridges.flatMap((bridge) => [bridge.owner, ...bridge.ports.map((port) => port.owner)]));
  return {
    bridges,
    vmPorts: [],
    portgroups: [],
    ownership: { present, leaving: new Set(), released: new Set(), frozen: new Set(), ...ownership },
  };
}
