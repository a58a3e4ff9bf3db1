import { gunzipSync, gzipSync } from 'node:zlib';

/** How much text a packed list may become, in bytes: an answer that is larger helps nobody, and a bomb stops here. */
const MAX_UNPACKED_BYTES = 64 * 1024 * 1024;
/** The CRD's limit for a packed list, in characters: question and answer together stay below the 1.5 MiB of an object in etcd. */
export const MAX_PACKED_LENGTH = 614_400;

/** Any JSON as gzip in base64. */
export function pack(value: unknown): string {
  return gzipSync(JSON.stringify(value)).toString('base64');
}

/** What `pack` was given. Throws where the text is no such thing, or would become too large. */
export function unpack(text: string): unknown {
  return JSON.parse(gunzipSync(Buffer.from(text, 'base64'), { maxOutputLength: MAX_UNPACKED_BYTES }).toString('utf8'));
}
