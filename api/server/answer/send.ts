import { promisify } from 'node:util';
import { constants, gzip } from 'node:zlib';
import { stringify } from 'yaml';
import type { Exchange } from '../exchange.ts';
import { isTrue } from '../request/request-info.ts';
import type { Representation } from '../request/accept.ts';
import { writePieces } from './write-pieces.ts';

const JSON_TYPE = 'application/json';
const YAML_TYPE = 'application/yaml';

/** Below this size compressing costs more than it saves (kube-apiserver's threshold). */
const GZIP_FROM_BYTES = 128 * 1024;

/**
 * Node.js joins headers and body only when the body is text; joined they are one TLS record and one system call, which is most of
 * what a small answer costs. Latin-1 keeps every byte as it is.
 */
const ONE_RECORD_BYTES = 15 * 1024;

const compress = promisify(gzip);

/** Sends a value that is not stored as bytes. */
export function sendValue(exchange: Exchange, code: number, value: unknown, encoding: Representation['encoding']): Promise<void> {
  if (encoding === 'yaml') return sendBody(exchange, code, YAML_TYPE, Buffer.from(yamlOf(value)));
  const text = isPretty(exchange) ? `${JSON.stringify(value, null, 2)}\n` : `${JSON.stringify(value)}\n`;
  return sendBody(exchange, code, JSON_TYPE, Buffer.from(text));
}

/** Sends JSON that is ready as it is, in one piece or many; for YAML and for people (`pretty`) it is read and written again. */
export function sendJsonBytes(exchange: Exchange, code: number, bytes: Buffer | readonly Buffer[], encoding: Representation['encoding']): Promise<void> {
  if (encoding === 'json' && !isPretty(exchange)) return sendBody(exchange, code, JSON_TYPE, bytes);
  const value: unknown = JSON.parse(whole(bytes).toString());
  return sendValue(exchange, code, value, encoding);
}

function whole(body: Buffer | readonly Buffer[]): Buffer {
  return Buffer.isBuffer(body) ? body : Buffer.concat(body);
}

function lengthOf(body: Buffer | readonly Buffer[]): number {
  return Buffer.isBuffer(body) ? body.length : body.reduce((sum, piece) => sum + piece.length, 0);
}

/** As Kubernetes sends `/version` and `/`, whoever asks. */
export function sendIndented(exchange: Exchange, value: unknown): Promise<void> {
  return sendBody(exchange, 200, JSON_TYPE, Buffer.from(JSON.stringify(value, null, 2)));
}

export function sendText(exchange: Exchange, code: number, text: string): Promise<void> {
  return sendBody(exchange, code, 'text/plain; charset=utf-8', Buffer.from(text), { 'X-Content-Type-Options': 'nosniff' });
}

/** What every path that is none of ours gets, in Go's words. */
export function sendPageNotFound(exchange: Exchange): Promise<void> {
  return sendText(exchange, 404, '404 page not found\n');
}

const NOT_CACHED = { 'Cache-Control': 'no-cache, private' };

export async function sendBody(
  exchange: Exchange,
  code: number,
  contentType: string,
  body: Buffer | readonly Buffer[],
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  const { request, response } = exchange;
  const isCompressed = lengthOf(body) >= GZIP_FROM_BYTES && acceptsGzip(request.headers['accept-encoding']);
  const sent = isCompressed ? await compress(whole(body), { level: constants.Z_BEST_SPEED }) : body;
  const length = lengthOf(sent);
  if (response.headersSent || response.destroyed) return;
  response.writeHead(code, {
    'Content-Type': contentType,
    'Content-Length': length,
    // Nothing may be cached, as in Kubernetes, but what says so itself.
    ...(response.hasHeader('Cache-Control') ? {} : NOT_CACHED),
    ...(isCompressed ? { 'Content-Encoding': 'gzip', Vary: 'Accept-Encoding' } : {}),
    ...headers,
  });
  if (request.method === 'HEAD') response.end();
  else if (length <= ONE_RECORD_BYTES) response.end(whole(sent).toString('latin1'), 'latin1');
  else await writePieces(response, Buffer.isBuffer(sent) ? [sent] : sent);
}

/** People get indented JSON: who asks for it, and who comes with a browser or curl (as in Kubernetes). */
export function isPretty({ query, request }: Exchange): boolean {
  const asked = query.get('pretty');
  return asked === null ? /^(curl|Wget|Mozilla\/5\.0)/.test(request.headers['user-agent'] ?? '') : isTrue(asked);
}

export function acceptsGzip(header: string | string[] | undefined): boolean {
  return String(header ?? '')
    .split(',')
    .some((part) => /^\s*gzip\s*(;\s*q=(?!0(\.0*)?\s*$).*)?$/.test(part));
}

function yamlOf(value: unknown): string {
  const text = stringify(value, { lineWidth: 0, indentSeq: false, aliasDuplicateObjects: false, version: '1.1' });
  // The keys of managedFields; Go writes them without quotes.
  return text.replaceAll(/^( *)"\.": \{\}$/gm, '$1.: {}');
}
