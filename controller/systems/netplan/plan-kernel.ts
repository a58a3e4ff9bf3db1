import type { Finding, Plan, Refusal } from '../system.ts';
import type { NetplanDevice } from './desired.ts';
import { deviceNeeds, withLease } from './device-needs.ts';
import type { DeviceNeeds } from './device-needs.ts';
import { foreignAddresses, foreignRoutes, isNoRepair, kernelRepair, repairDifferences, showRoute } from './kernel-differences.ts';
import type { KernelRepair } from './kernel-differences.ts';
import type { KernelLink, KernelState, Lease, NetplanObserved } from './observed.ts';
import { stanzaOf } from './stanza.ts';
import type { NetplanStep } from './step.ts';

const NOTHING: Plan<NetplanStep> = { steps: [], findings: [], refusals: [] };

/**
 * What the kernel lacks of what our file says of these devices, and what others gave them beside it. A device that the kernel
 * does not have yet is no difference: networkd sets it up when it comes.
 */
export function planKernel(devices: readonly NetplanDevice[], { kernel, leases }: Pick<NetplanObserved, 'kernel' | 'leases'>): Plan<NetplanStep> {
  const plans = devices.map((device) => {
    const link = kernel.links.get(device.name);
    return link ? planLink(device, link, kernel, leases.get(device.name)) : planRename(device, kernel);
  });
  return {
    steps: plans.flatMap(({ steps }) => steps),
    findings: plans.flatMap(({ findings }) => findings),
    refusals: plans.flatMap(({ refusals }) => refusals),
  };
}

function planLink(device: NetplanDevice, link: KernelLink, kernel: KernelState, lease: Lease | undefined): Plan<NetplanStep> {
  const needs = withLease(deviceNeeds(stanzaOf(device)), lease);
  const findings = foreignFindings(device, link, needs, kernel);
  const repair = kernelRepair(link, needs, kernel);
  if (isNoRepair(repair)) return { ...NOTHING, findings };
  if (link.settling) {
    return { steps: [], findings: [], refusals: [settling(device, device.name)] };
  }
  return {
    steps: [
      {
        kind: 'kernel',
        within: 'kernel',
        owner: device.owner,
        verb: 'apply',
        object: `device ${device.name}`,
        differences: repairDifferences(repair, link),
        leftover: false,
        fresh: link.untouched && !lacksOnlyRules(repair),
        repair,
      },
    ],
    findings,
    refusals: [],
  };
}

function settling({ owner }: NetplanDevice, name: string): Refusal {
  const message = `${name} has just appeared or changed and is being set up: this comes by itself`;
  return { owner, reason: 'DeviceSettling', message, needsPerson: false };
}

/** A rule is no part of a device: where all else is there, somebody has taken it away. */
function lacksOnlyRules({ link, mtu, addresses, routes }: KernelRepair): boolean {
  return link === undefined && mtu === undefined && addresses.length + routes.length === 0;
}

function foreignFindings(
  device: NetplanDevice,
  link: KernelLink,
  needs: DeviceNeeds,
  kernel: KernelState,
): readonly Finding[] {
  const finding = (key: string, found: string): Finding => ({
    owner: device.owner,
    object: `device ${device.name}`,
    within: 'kernel',
    difference: { path: `${device.name}.${key}`, expected: '', found },
  });
  return [
    ...foreignAddresses(link, needs).map((address) => finding('addresses', address)),
    ...foreignRoutes(link, needs, kernel).map((route) => finding('routes', showRoute(route))),
  ];
}

/** The NIC of this MAC is there under another name. One that has just appeared gets its name from udev, by the file that netplan made for it. */
function planRename(device: NetplanDevice, kernel: KernelState): Plan<NetplanStep> {
  if (!device.match) return NOTHING;
  const mac = device.match.macAddress.toLowerCase();
  const nics = [...kernel.links.values()].filter((link) => link.mac === mac && isNic(link));
  const [nic] = nics;
  if (!nic || nics.length > 1) return NOTHING;
  if (nic.settling) return { ...NOTHING, refusals: [settling(device, nic.name)] };
  const difference = { path: `${device.name}.set-name`, expected: device.name, found: nic.name };
  return {
    ...NOTHING,
    steps: [
      {
        kind: 'rename',
        owner: device.owner,
        verb: 'apply',
        object: `device ${device.name}`,
        differences: [difference],
        leftover: false,
        fresh: nic.untouched,
        device: device.name,
        presentName: nic.name,
      },
    ],
  };
}

/** Virtual devices borrow the MAC of a NIC (a bridge, a VLAN, a bond); a veth has one of its own, as a NIC has. */
function isNic(link: KernelLink): boolean {
  return link.kind === undefined || link.kind === 'veth';
}
