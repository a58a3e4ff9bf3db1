import { PerResource } from '../../desired/per-resource.ts';
import type { NetplanFacts, ObservedLink } from '../../systems/netplan/observed.ts';
import type { OvsFacts } from '../../systems/ovs/observed.ts';
import type { SystemName } from '../../systems/system.ts';
import type { LaneReport } from '../lane-report.ts';
import type { KindStatus, Surroundings } from './kind-status.ts';

export function hostStatus({ reports, guard, kernelRelease }: Surroundings): KindStatus {
  const { ovs, netplan, libvirt } = reports;
  return {
    fields: () => ({
      versions: {
        kernel: kernelRelease,
        ...(ovs?.observed ? { ovs: ovs.observed.ovsVersion, ovsSchema: ovs.observed.schemaVersion } : {}),
        ...(libvirt?.observed ? { libvirt: libvirt.observed.libvirtVersion, qemu: libvirt.observed.hypervisorVersion } : {}),
        ...(netplan?.observed ? { netplan: netplan.observed.netplanVersion } : {}),
      },
      connections: [ovs, netplan, libvirt].filter((report) => report !== undefined).map(connection),
      interfaces: interfaces(netplan?.observed, ovs?.observed),
      ...(guard.checkpoint ? { checkpoint: guard.checkpoint } : {}),
      summary: {
        ovs: state(ovs),
        netplan: state(netplan),
        libvirt: state(libvirt),
        drifted: driftedOwners([ovs, netplan, libvirt]),
      },
    }),
    liveness: undefined,
  };
}

function connection({ system, unreachable }: LaneReport<unknown>): { name: SystemName; state: string; message?: string } {
  return unreachable ? { name: system, state: 'Disconnected', message: unreachable.message } : { name: system, state: 'Connected' };
}

function state(report: LaneReport<unknown> | undefined): string {
  if (!report) return 'Unknown';
  return report.unreachable ? 'Disconnected' : 'Connected';
}

function driftedOwners(reports: readonly (LaneReport<unknown> | undefined)[]): number {
  const owners = reports.flatMap((report) => [...(report?.outstanding ?? [])].filter(([, { held }]) => held.some(({ drift }) => drift)));
  return new Set(owners.map(([owner]) => owner)).size;
}

const knownInterfaces = new PerResource<ObservedLink, Record<string, unknown>>();

/** The same object for the same link: a host may have thousands, of which one changed. */
function interfaces(netplan: NetplanFacts | undefined, ovs: OvsFacts | undefined): Record<string, unknown>[] {
  return [...(netplan?.links.values() ?? [])]
    .filter(({ name }) => name !== 'lo')
    .map((link) => {
      const bridgeName = ovs?.bridgeNameOf(link.name);
      return knownInterfaces.of(link, [bridgeName], () => interfaceStatus(link, bridgeName));
    });
}

function interfaceStatus({ name, mac, mtu, up, carrier, driver, addresses }: ObservedLink, bridgeName: string | undefined): Record<string, unknown> {
  return {
    name,
    macAddress: mac,
    ...(driver === undefined ? {} : { driver }),
    mtu,
    linkState: up && carrier ? 'up' : 'down',
    ...(bridgeName === undefined ? {} : { bridgeName }),
    addresses,
  };
}
