import { hash } from 'node:crypto';

/** The prefix that libvirt and QEMU draw guests' addresses from. */
const GUEST_PREFIX = [0x52, 0x54, 0x00];
const LOCALLY_ADMINISTERED = 0x02;
const MULTICAST = 0x01;

/**
 * A MAC address that stays the same for a device of a host: Open vSwitch would draw a new one each time it makes an internal port,
 * and every neighbour would have to forget the old one. Locally administered, unicast (IEEE 802, clause 8.4).
 */
export function derivedMac(hostName: string, deviceName: string): string {
  const digest = Buffer.from(hash('sha256', `bridgekeeper mac ${hostName} ${deviceName}`, 'buffer'));
  const [first = 0, ...rest] = digest.subarray(0, 6);
  return macText([(first | LOCALLY_ADMINISTERED) & ~MULTICAST, ...rest]);
}

/** The address of a VM's NIC whose spec names none: the same as long as the VirtualMachine lives. */
export function derivedGuestMac(machineUid: string, nicName: string): string {
  const digest = Buffer.from(hash('sha256', `bridgekeeper guest mac ${machineUid} ${nicName}`, 'buffer'));
  return macText([...GUEST_PREFIX, ...digest.subarray(0, 3)]);
}

function macText(octets: readonly number[]): string {
  return octets.map((octet) => octet.toString(16).padStart(2, '0')).join(':');
}
