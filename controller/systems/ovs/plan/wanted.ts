import type { OwnerKey } from '../../owner.ts';
import type { OvsBridge, OvsDesired, OvsPort, OvsPortgroup, OvsVmPort } from '../desired.ts';
import { localPortOf } from './bridge-rows.ts';

/** What is desired, by name. Bridges' own ports are among the ports. */
export interface Wanted {
  readonly bridges: ReadonlyMap<string, OvsBridge>;
  readonly ports: ReadonlyMap<string, { readonly port: OvsPort; readonly bridge: OvsBridge }>;
  readonly interfaceOwners: ReadonlyMap<string, OwnerKey>;
  /** By MAC, in lower case. */
  readonly vmPorts: ReadonlyMap<string, readonly OvsVmPort[]>;
  /** By the name of their network. */
  readonly portgroups: ReadonlyMap<string, readonly OvsPortgroup[]>;
}

const known = new WeakMap<OvsDesired, Wanted>();

/** Made once for each desired state, since every plan needs it. */
export function wantedOf(desired: OvsDesired): Wanted {
  const wanted = known.get(desired) ?? makeWanted(desired);
  known.set(desired, wanted);
  return wanted;
}

function makeWanted({ bridges, vmPorts, portgroups }: OvsDesired): Wanted {
  const ports = bridges.flatMap((bridge) => [localPortOf(bridge), ...bridge.ports].map((port) => ({ port, bridge })));
  return {
    bridges: new Map(bridges.map((bridge) => [bridge.name, bridge])),
    ports: new Map(ports.map((entry) => [entry.port.name, entry])),
    interfaceOwners: new Map(ports.flatMap(({ port }) => port.interfaces.map((iface) => [iface.name, port.owner]))),
    vmPorts: Map.groupBy(vmPorts, ({ mac }) => mac.toLowerCase()),
    portgroups: Map.groupBy(portgroups, ({ network }) => network),
  };
}
