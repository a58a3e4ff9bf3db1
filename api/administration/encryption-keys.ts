import { join } from 'node:path';
import { readIfThere } from '../server/tls/read-if-there.ts';
import { writeFileAtomically } from '../machinery/durable-file.ts';
import { newEncryptionKey, parseEncryptionKeys, printEncryptionKeys, type EncryptionKey } from '../store/encryption/encryption-key.ts';
import { sealingCodec } from '../store/encryption/sealing-codec.ts';
import { PLAIN, type ValueCodec } from '../store/value-codec.ts';
import { KEY_FILE } from './data-files.ts';

/** What is encrypted at rest. */
const SEALED_RESOURCES = ['secrets'];
const OWNER_ONLY = 0o600;

/** How the store of a data directory seals its Secrets; the first key is made where there is none. */
export async function keepSealingCodec(dataDirectory: string, nowMs: number): Promise<ValueCodec> {
  const keys = await readKeys(dataDirectory);
  return codecOf(keys.length > 0 ? keys : await addEncryptionKey(dataDirectory, nowMs));
}

/** The same for a folder that is only read: without keys nothing in it is sealed. */
export async function sealingCodecIn(folder: string): Promise<ValueCodec> {
  return codecOf(await readKeys(folder));
}

/** Puts a new key before the others and answers all. The next start seals everything with it. */
export async function addEncryptionKey(dataDirectory: string, nowMs: number): Promise<readonly EncryptionKey[]> {
  const keys = [newEncryptionKey(nowMs), ...(await readKeys(dataDirectory))];
  await writeFileAtomically(join(dataDirectory, KEY_FILE), printEncryptionKeys(keys), OWNER_ONLY);
  return keys;
}

function codecOf([newest, ...older]: readonly EncryptionKey[]): ValueCodec {
  return newest === undefined ? PLAIN : sealingCodec([newest, ...older], SEALED_RESOURCES);
}

async function readKeys(folder: string): Promise<readonly EncryptionKey[]> {
  const text = await readIfThere(join(folder, KEY_FILE));
  return text === undefined ? [] : parseEncryptionKeys(text);
}
