import { createHash } from 'node:crypto';
import type { Uuid } from './protocol/xdr.ts';

/** The name space of our UUIDs: drawn once, never to change. */
const NAMESPACE = '5d1b6c1e-7a0f-4f0e-9a57-0f6f2f5b6a3d';

/**
 * The UUID of a network that we make: version 5 (RFC 9562, section 5.5) of its name, so that the network is known for ours even
 * where somebody edited our mark away.
 */
export function networkUuid(name: string): Uuid {
  const hash = createHash('sha1').update(Buffer.from(NAMESPACE.replaceAll('-', ''), 'hex')).update(`network/${name}`).digest();
  hash.writeUInt8((hash.readUInt8(6) & 0x0f) | 0x50, 6);
  hash.writeUInt8((hash.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = hash.toString('hex', 0, 16);
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
