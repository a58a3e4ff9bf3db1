/** One Ethernet frame, with at most one 802.1Q tag. */
export interface Frame {
  readonly destination: string;
  readonly source: string;
  /** Absent: untagged. */
  readonly vlan?: number;
  readonly etherType: number;
  readonly payload: Buffer;
}

export interface Arp {
  readonly operation: 'request' | 'reply';
  readonly senderMac: string;
  readonly senderAddress: string;
  readonly targetMac: string;
  readonly targetAddress: string;
}

/** An ICMP echo message inside IPv4. */
export interface Echo {
  readonly kind: 'request' | 'reply';
  readonly from: string;
  readonly to: string;
  readonly id: number;
  readonly sequence: number;
  readonly data: Buffer;
}

export const BROADCAST = 'ff:ff:ff:ff:ff:ff';
export const ARP = 0x0806;
export const IPV4 = 0x0800;
export const IPV6 = 0x86dd;
const VLAN_TAG = 0x8100;
const SHORTEST_FRAME_BYTES = 60;
const ICMP = 1;
const ICMP_KINDS = { 0: 'reply', 8: 'request' } as const;

/** Reads a frame as it is on the wire; undefined when it is too short to be one. */
export function decodeFrame(bytes: Buffer): Frame | undefined {
  if (bytes.length < 18) return undefined;
  const tagged = bytes.readUInt16BE(12) === VLAN_TAG;
  const at = tagged ? 16 : 12;
  return {
    destination: macText(bytes, 0),
    source: macText(bytes, 6),
    ...(tagged ? { vlan: bytes.readUInt16BE(14) & 0xfff } : {}),
    etherType: bytes.readUInt16BE(at),
    payload: bytes.subarray(at + 2),
  };
}

export function encodeFrame({ destination, source, vlan, etherType, payload }: Frame): Buffer {
  const tag = vlan === undefined ? [] : [VLAN_TAG, vlan];
  const frame = Buffer.concat([macBytes(destination), macBytes(source), words(...tag, etherType), payload]);
  return frame.length >= SHORTEST_FRAME_BYTES ? frame : Buffer.concat([frame, Buffer.alloc(SHORTEST_FRAME_BYTES - frame.length)]);
}

/** RFC 826, for Ethernet and IPv4; undefined for anything else. */
export function decodeArp(payload: Buffer): Arp | undefined {
  if (payload.length < 28 || payload.readUInt16BE(0) !== 1 || payload.readUInt16BE(2) !== IPV4) return undefined;
  const operation = payload.readUInt16BE(6);
  if (operation !== 1 && operation !== 2) return undefined;
  return {
    operation: operation === 1 ? 'request' : 'reply',
    senderMac: macText(payload, 8),
    senderAddress: addressText(payload, 14),
    targetMac: macText(payload, 18),
    targetAddress: addressText(payload, 24),
  };
}

export function encodeArp({ operation, senderMac, senderAddress, targetMac, targetAddress }: Arp): Buffer {
  return Buffer.concat([
    words(1, IPV4, 0x0604, operation === 'request' ? 1 : 2),
    macBytes(senderMac),
    addressBytes(senderAddress),
    macBytes(targetMac),
    addressBytes(targetAddress),
  ]);
}

/** An unfragmented ICMP echo (RFC 792) in an IPv4 packet (RFC 791); undefined for anything else. */
export function decodeEcho(packet: Buffer): Echo | undefined {
  if (packet.length < 28 || packet.readUInt8(0) >> 4 !== 4 || packet.readUInt8(9) !== ICMP) return undefined;
  const headerBytes = (packet.readUInt8(0) & 0xf) * 4;
  const message = packet.subarray(headerBytes, packet.readUInt16BE(2));
  const type = message.length < 8 ? undefined : message.readUInt8(0);
  if (type !== 0 && type !== 8) return undefined;
  return {
    kind: ICMP_KINDS[type],
    from: addressText(packet, 12),
    to: addressText(packet, 16),
    id: message.readUInt16BE(4),
    sequence: message.readUInt16BE(6),
    data: message.subarray(8),
  };
}

export function encodeEcho({ kind, from, to, id, sequence, data }: Echo): Buffer {
  const message = Buffer.concat([words(kind === 'request' ? 0x0800 : 0, 0, id, sequence), data]);
  message.writeUInt16BE(checksum(message), 2);
  const header = Buffer.concat([
    words(0x4500, 20 + message.length, 0, 0, 0x4000 | ICMP, 0),
    addressBytes(from),
    addressBytes(to),
  ]);
  header.writeUInt16BE(checksum(header), 10);
  return Buffer.concat([header, message]);
}

/** The Internet checksum (RFC 1071). */
function checksum(bytes: Buffer): number {
  let sum = 0;
  for (let at = 0; at < bytes.length; at += 2) sum += (bytes.readUInt8(at) << 8) + (at + 1 < bytes.length ? bytes.readUInt8(at + 1) : 0);
  while (sum > 0xffff) sum = (sum & 0xffff) + (sum >>> 16);
  return ~sum & 0xffff;
}

function words(...values: readonly number[]): Buffer {
  const bytes = Buffer.alloc(values.length * 2);
  values.forEach((value, index) => bytes.writeUInt16BE(value, index * 2));
  return bytes;
}

function macText(bytes: Buffer, at: number): string {
  return [...bytes.subarray(at, at + 6)].map((byte) => byte.toString(16).padStart(2, '0')).join(':');
}

function macBytes(mac: string): Buffer {
  return Buffer.from(mac.replaceAll(':', ''), 'hex');
}

function addressText(bytes: Buffer, at: number): string {
  return [...bytes.subarray(at, at + 4)].join('.');
}

function addressBytes(address: string): Buffer {
  return Buffer.from(address.split('.').map(Number));
}
