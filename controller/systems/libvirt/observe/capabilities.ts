import { at, attributeOf, parseXml } from '../xml/dom.ts';

/** True when libvirt offers domains of type kvm for full virtualisation on x86_64 (formatcaps.html). */
export function offersKvm(capabilitiesXml: string): boolean {
  const guests = at(parseXml(capabilitiesXml), 'guest', 'arch');
  const x86 = guests.filter((arch) => attributeOf(arch, 'name') === 'x86_64');
  return x86.some((arch) => at(arch, 'domain').some((domain) => attributeOf(domain, 'type') === 'kvm'));
}

/** The machines that QEMU has for x86_64, by all names. */
export function machinesOffered(capabilitiesXml: string): ReadonlySet<string> {
  const x86 = at(parseXml(capabilitiesXml), 'guest', 'arch').filter((arch) => attributeOf(arch, 'name') === 'x86_64');
  return new Set([...x86, ...x86.flatMap((arch) => at(arch, 'domain'))].flatMap((holder) => at(holder, 'machine').map((machine) => machine.textContent?.trim() ?? '')));
}

/** virConnectGetLibVersion and virConnectGetVersion: major * 1,000,000 + minor * 1,000 + release. */
export function versionText(version: bigint): string {
  return [version / 1_000_000n, (version / 1_000n) % 1_000n, version % 1_000n].join('.');
}
