import { isRecord } from '../../../api/machinery/json.ts';
import type { KubeObject } from '../../../api/machinery/object.ts';
import { nicNames } from '../../desired/bridge.ts';
import { deviceName, ownerKey, type HostResources } from '../../desired/resources.ts';
import { failed, passed, warning, type HealthCheck } from './check.ts';

/** What the resources of a host need of the machine. */
export interface Expectations {
  /** Resources that ask for IPv6, as Kind/name. */
  readonly ipv6Wanted: readonly string[];
  /** Bridges that ask for the kernel's datapath. */
  readonly systemBridges: readonly string[];
  /** Devices that manifests give settings to. */
  readonly devices: readonly string[];
  readonly needsLibvirt: boolean;
}

/** Where nobody has asked for anything yet. */
export const NO_EXPECTATIONS: Expectations = { ipv6Wanted: [], systemBridges: [], devices: [], needsLibvirt: false };

export function expectationsOf({ bridges, vlanPorts, portgroups, virtualMachines }: HostResources): Expectations {
  const ipv6Ports = vlanPorts.filter(({ spec }) => spec.dhcp6 === true || spec.acceptRa === true || (spec.addresses ?? []).some(isIpv6));
  const ipv6Bridges = bridges.filter(({ spec }) => (spec.localPort?.addresses ?? []).some(isIpv6));
  return {
    ipv6Wanted: [...ipv6Bridges, ...ipv6Ports].map(ownerKey),
    systemBridges: bridges.filter(({ spec }) => spec.datapathType === 'system').map(ownerKey),
    devices: [...bridges.flatMap((bridge) => [deviceName(bridge), ...(bridge.spec.uplinks ?? []).flatMap(nicNames)]), ...vlanPorts.map(deviceName)],
    needsLibvirt: portgroups.length + virtualMachines.length > 0 || bridges.some(({ spec }) => spec.libvirtNetwork !== undefined),
  };
}

/** How many resources are as they should be, and what holds up those that need a person. */
export function resourceCheck(resources: HostResources): HealthCheck {
  const all: readonly KubeObject[] = [...resources.bridges, ...resources.vlanPorts, ...resources.portgroups, ...resources.virtualMachines];
  const troubled = all.flatMap((object) => {
    const ready = conditionOf(object, 'Ready');
    return ready?.['status'] === 'True' ? [] : [{ object, message: textOf(ready?.['message']), isStalled: conditionOf(object, 'Stalled')?.['status'] === 'True' }];
  });
  if (troubled.length === 0) return passed('resources', all.length === 0 ? 'no resources yet' : `all ${all.length} resources are Ready`);
  const stalled = troubled.filter(({ isStalled }) => isStalled);
  const [first] = stalled.length > 0 ? stalled : troubled;
  if (!first) return passed('resources', '');
  const name = ownerKey(first.object);
  const remedy = `bridgectl describe ${first.object.kind.toLowerCase()} ${first.object.metadata.name}`;
  const others = troubled.length === 1 ? '' : `, and ${troubled.length - 1} more`;
  const message = `${name} is not Ready: ${first.message}${others}`;
  return stalled.length > 0 ? failed('resources', message, remedy) : warning('resources', message, remedy);
}

function conditionOf({ status }: KubeObject, type: string): Readonly<Record<string, unknown>> | undefined {
  const conditions = isRecord(status) && Array.isArray(status['conditions']) ? status['conditions'] : [];
  return conditions.filter(isRecord).find((condition) => condition['type'] === type);
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function isIpv6(address: string): boolean {
  return address.includes(':');
}
