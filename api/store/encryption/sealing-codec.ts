import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { ValueCodec, ValuePlace } from '../value-codec.ts';
import type { EncryptionKey } from './encryption-key.ts';

const ALGORITHM = 'aes-256-gcm';
/** Stored JSON begins with a brace, so it is never taken for this. */
const MARK = 'sealed:v1:aes-256-gcm:';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

/** A value was sealed by a key that is not there. */
export class UnknownEncryptionKey extends Error {
  override readonly name = 'UnknownEncryptionKey';
}

/**
 * Seals the values of `resources` with the first key (AES-256-GCM, NIST SP 800-38D; a random nonce each) and opens those of every
 * key. On disk: mark, id of the key, a colon, nonce, tag, ciphertext. Resource, name and revision are authenticated with it, so
 * that a value moved elsewhere in the file does not open.
 */
export function sealingCodec(keys: readonly [EncryptionKey, ...EncryptionKey[]], resources: readonly string[]): ValueCodec {
  const [newest] = keys;
  const byId = new Map(keys.map((key) => [key.id, key]));
  const currentHead = headOf(newest);
  return {
    sealed: resources,
    encode: (place, plain) => (resources.includes(place.resource) ? seal(newest, place, plain) : plain),
    decode: (place, stored) => (isSealed(stored) ? unseal(byId, place, stored) : stored),
    stateOf(stored) {
      if (!isSealed(stored)) return 'plain';
      return stored.subarray(0, currentHead.length).equals(currentHead) ? 'current' : 'older';
    },
  };
}

function isSealed(stored: Buffer): boolean {
  return stored.subarray(0, MARK.length).equals(MARK_BYTES);
}

const MARK_BYTES = Buffer.from(MARK, 'latin1');

function headOf({ id }: EncryptionKey): Buffer {
  return Buffer.from(`${MARK}${id}:`, 'latin1');
}

function seal(key: EncryptionKey, place: ValuePlace, plain: Buffer): Buffer {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, key.secret, nonce, { authTagLength: TAG_BYTES }).setAAD(placeBytes(place));
  const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
  return Buffer.concat([headOf(key), nonce, cipher.getAuthTag(), sealed]);
}

function unseal(keys: ReadonlyMap<string, EncryptionKey>, place: ValuePlace, stored: Buffer): Buffer {
  const colon = stored.indexOf(':', MARK.length);
  const id = stored.subarray(MARK.length, colon).toString('latin1');
  const key = keys.get(id);
  if (key === undefined) throw new UnknownEncryptionKey(`${place.resource} ${place.name} was encrypted with the key ${id}, which is not in the key file; put the file back`);
  const nonce = stored.subarray(colon + 1, colon + 1 + NONCE_BYTES);
  const tag = stored.subarray(colon + 1 + NONCE_BYTES, colon + 1 + NONCE_BYTES + TAG_BYTES);
  const decipher = createDecipheriv(ALGORITHM, key.secret, nonce, { authTagLength: TAG_BYTES }).setAAD(placeBytes(place)).setAuthTag(tag);
  try {
    return Buffer.concat([decipher.update(stored.subarray(colon + 1 + NONCE_BYTES + TAG_BYTES)), decipher.final()]);
  } catch (error) {
    throw new Error(`${place.resource} ${place.name} does not open with the key ${id}: the store was tampered with or is damaged`, { cause: error });
  }
}

/** No name holds a line feed. */
function placeBytes({ resource, name, revision }: ValuePlace): Buffer {
  return Buffer.from(`${resource}\n${name}\n${revision}`, 'utf8');
}
