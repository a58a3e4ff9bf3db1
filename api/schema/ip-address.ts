/** An IP address as its bytes, 4 or 16 of them. */
export type IpAddress = Uint8Array;

export interface IpNetwork {
  /** As written, host bits kept. */
  readonly address: IpAddress;
  readonly prefixLength: number;
}

/**
 * Reads an address as Go's `net.ParseIP` does. Leading zeros in IPv4 (`192.168.001.1`) are read as decimal, as kube-apiserver
 * reads them in formats. No zones.
 */
export function parseIp(text: string): IpAddress | undefined {
  return text.includes(':') ? parseIpv6(text) : parseIpv4(text);
}

/** Reads `address/prefixLength` as Go's `net.ParseCIDR` does. */
export function parseCidr(text: string): IpNetwork | undefined {
  const slash = text.indexOf('/');
  if (slash < 0) return undefined;
  const address = parseIp(text.slice(0, slash));
  const digits = text.slice(slash + 1);
  if (address === undefined || !/^[0-9]{1,3}$/.test(digits)) return undefined;
  const prefixLength = Number(digits);
  return prefixLength <= address.length * 8 ? { address, prefixLength } : undefined;
}

/** The address with its host bits cleared. */
export function networkAddress({ address, prefixLength }: IpNetwork): IpAddress {
  return address.map((byte, index) => byte & maskByte(prefixLength - index * 8));
}

/** Whether `inner` lies in `network`; never where the families differ. */
export function contains(network: IpNetwork, inner: IpAddress): boolean {
  if (inner.length !== network.address.length) return false;
  return inner.every((byte, index) => {
    const mask = maskByte(network.prefixLength - index * 8);
    return (byte & mask) === ((network.address[index] ?? 0) & mask);
  });
}

/** The canonical text: dotted IPv4, IPv6 by RFC 5952. */
export function formatIp(address: IpAddress): string {
  if (address.length === 4) return address.join('.');
  const groups = Array.from({ length: 8 }, (_, index) => ((address[index * 2] ?? 0) << 8) | (address[index * 2 + 1] ?? 0));
  const { start, length } = longestZeros(groups);
  const hex = (part: readonly number[]): string => part.map((group) => group.toString(16)).join(':');
  return length < 2 ? hex(groups) : `${hex(groups.slice(0, start))}::${hex(groups.slice(start + length))}`;
}

function maskByte(bits: number): number {
  if (bits >= 8) return 0xff;
  return bits <= 0 ? 0 : (0xff << (8 - bits)) & 0xff;
}

function parseIpv4(text: string): IpAddress | undefined {
  const parts = text.split('.');
  if (parts.length !== 4 || !parts.every((part) => /^[0-9]{1,16}$/.test(part) && Number(part) <= 255)) return undefined;
  return Uint8Array.from(parts, Number);
}

function parseIpv6(text: string): IpAddress | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const head = parseGroups(halves[0] ?? '', halves.length === 1);
  const tail = halves.length === 2 ? parseGroups(halves[1] ?? '', true) : [];
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head, ...Array.from({ length: missing }, () => 0), ...tail];
  return Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff]));
}

/** The groups between colons; the last may be an IPv4 address where `last` says so. */
function parseGroups(text: string, last: boolean): number[] | undefined {
  if (text === '') return [];
  const groups: number[] = [];
  const parts = text.split(':');
  for (const [index, part] of parts.entries()) {
    if (part.includes('.')) {
      const ipv4 = last && index === parts.length - 1 ? parseIpv4(part) : undefined;
      if (ipv4 === undefined) return undefined;
      groups.push(((ipv4[0] ?? 0) << 8) | (ipv4[1] ?? 0), ((ipv4[2] ?? 0) << 8) | (ipv4[3] ?? 0));
    } else if (/^[0-9A-Fa-f]{1,4}$/.test(part)) {
      groups.push(Number.parseInt(part, 16));
    } else {
      return undefined;
    }
  }
  return groups;
}

function longestZeros(groups: readonly number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  for (let start = 0; start < groups.length; start++) {
    let end = start;
    while (groups[end] === 0) end++;
    if (end - start > best.length) best = { start, length: end - start };
  }
  return best;
}
