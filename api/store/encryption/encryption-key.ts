import { randomBytes } from 'node:crypto';
import { isRecord } from '../../machinery/json.ts';

/** A key for AES-256-GCM. Its id stands before each value that it sealed. */
export interface EncryptionKey {
  readonly id: string;
  /** 32 bytes. */
  readonly secret: Buffer;
}

const KEY_BYTES = 32;
const ID = /^[a-z0-9][-a-z0-9]{0,62}$/;

export function newEncryptionKey(nowMs: number): EncryptionKey {
  const day = new Date(nowMs).toISOString().slice(0, 10);
  return { id: `${day}-${randomBytes(4).toString('hex')}`, secret: randomBytes(KEY_BYTES) };
}

/** `encryption-keys.json`: the first key seals, all of them open. Throws with what is wrong, and never says a key. */
export function parseEncryptionKeys(text: string): readonly EncryptionKey[] {
  const content = parseJson(text);
  if (!isRecord(content) || !Array.isArray(content.keys) || content.keys.length === 0) throw new Error('encryption keys: "keys" must be a list of keys');
  return content.keys.map(parseKey);
}

export function printEncryptionKeys(keys: readonly EncryptionKey[]): string {
  return `${JSON.stringify({ keys: keys.map(({ id, secret }) => ({ id, secret: secret.toString('base64') })) }, null, 2)}\n`;
}

/** What V8 says of bad JSON quotes it, and here that is a key. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error('encryption keys: the file is no JSON');
  }
}

function parseKey(value: unknown, index: number): EncryptionKey {
  const { id, secret } = isRecord(value) ? value : {};
  if (typeof id !== 'string' || !ID.test(id)) throw new Error(`encryption keys: keys[${index}].id must be of lower case letters, digits and '-'`);
  const bytes = Buffer.from(typeof secret === 'string' ? secret : '', 'base64');
  if (bytes.length !== KEY_BYTES) throw new Error(`encryption keys: keys[${index}].secret must be 32 bytes in base64`);
  return { id, secret: bytes };
}
