import type { Answer } from '../answer.ts';
import type { HealthCheck } from './check.ts';
import { libvirtChecks } from './libvirt-checks.ts';
import type { Machine } from './machine.ts';
import { machineChecks } from './machine-checks.ts';
import { netplanChecks } from './netplan-checks.ts';
import { openVswitchChecks } from './open-vswitch-checks.ts';
import type { Expectations } from './expectations.ts';

/** Where things are on the machine, as the daemon is told on its command line. */
export interface Places {
  readonly dataDirectory: string;
  readonly imagesDirectory: string;
  readonly ovsdb: string;
  readonly libvirtSocket: string;
}

/** Each thing that would stop Bridgekeeper on this machine, or slow it down, and the line that mends it. Changes nothing. */
export async function examine(machine: Machine, places: Places, expectations: Expectations): Promise<readonly HealthCheck[]> {
  const folders = [places.dataDirectory, places.imagesDirectory, '/etc/netplan', '/var/lib/openvswitch'];
  const groups = await Promise.all([
    machineChecks(machine, { folders, dataDirectory: places.dataDirectory, ipv6Wanted: expectations.ipv6Wanted }),
    openVswitchChecks(machine, { remote: places.ovsdb, systemBridges: expectations.systemBridges }),
    netplanChecks(machine, { devices: expectations.devices }),
    libvirtChecks(machine, { socketPath: places.libvirtSocket, isAsked: expectations.needsLibvirt }),
  ]);
  return groups.flat();
}

/** Checks as a HostQuery tells them. */
export function diagnosis(checks: readonly HealthCheck[]): Answer {
  const failed = checks.filter(({ result }) => result === 'Failed').length;
  const warnings = checks.filter(({ result }) => result === 'Warning').length;
  const text = failed + warnings === 0 ? `all ${checks.length} checks passed` : `${failed} failed, ${warnings} ${warnings === 1 ? 'warning' : 'warnings'}`;
  return { summary: { text, failed, warnings }, lists: { checks: [...checks] } };
}
