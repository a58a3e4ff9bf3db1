import { hash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzip, gunzipSync } from 'node:zlib';
import type { Exchange } from '../exchange.ts';
import { acceptsGzip, sendBody } from '../answer/send.ts';

const unpack = promisify(gunzip);

/** A large answer that is asked for seldom: kept as gzip, which is also how most clients want it. */
export interface CompressedDocument {
  readonly gzip: Buffer;
  /** Of the plain bytes: SHA-512 in upper-case hex, as kube-apiserver shows it. */
  readonly hash: string;
}

export function compressedDocument(zipped: Buffer): CompressedDocument {
  return { gzip: zipped, hash: hash('sha512', gunzipSync(zipped), 'hex').toUpperCase() };
}

/** Sends it, or 304 to who has it already (RFC 9110, 13.1.2). */
export async function sendCompressed(exchange: Exchange, contentType: string, document: CompressedDocument): Promise<void> {
  const { request, response } = exchange;
  const etag = `"${document.hash}"`;
  response.setHeader('ETag', etag);
  response.setHeader('Vary', 'Accept-Encoding, Accept');
  if (request.headers['if-none-match'] === etag) {
    response.writeHead(304).end();
    return;
  }
  if (acceptsGzip(request.headers['accept-encoding'])) {
    await sendBody(exchange, 200, contentType, document.gzip, { 'Content-Encoding': 'gzip' });
  } else {
    await sendBody(exchange, 200, contentType, await unpack(document.gzip));
  }
}
