import type { Agent, ClientRequest, IncomingMessage, RequestOptions } from 'node:http';
import { hasCode } from './kubeconfig.ts';
import type { ConnectionSettings } from './settings.ts';

export interface HttpRequest {
  readonly method: 'GET' | 'PATCH' | 'POST' | 'DELETE' | 'PUT';
  /** Percent-encoded already. */
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  readonly accept?: string;
  readonly contentType?: string;
  readonly body?: string;
  readonly signal?: AbortSignal;
}

export interface HttpAnswer {
  readonly status: number;
  readonly contentType: string;
  /** Values of the `Warning` headers, as sent. */
  readonly warnings: readonly string[];
  readonly body: string;
}

/** An answer whose body is still coming. */
export interface HttpStream extends Omit<HttpAnswer, 'body'> {
  /** UTF-8 text in pieces, until the server ends it; throws when the connection breaks. */
  readonly pieces: AsyncIterable<string>;
  close(): void;
}

/** No byte for this long on a watch, bookmarks included, means that the other end is gone. */
const STREAM_SILENCE_MS = 330_000;
const TCP_PROBE_MS = 15_000;
/** Each watch holds one, and a command may watch every kind there is. */
const MAX_SOCKETS = 64;

/** Speaks HTTP(S) to one server over kept-alive connections. Errors of the connection are thrown as node:http gives them. */
export class HttpClient {
  readonly #settings: ConnectionSettings;
  readonly #requestTimeoutMs: number;
  #transport: Promise<Transport> | undefined;

  /** `requestTimeoutMs` 0 waits for ever. */
  constructor(settings: ConnectionSettings, requestTimeoutMs: number) {
    this.#settings = settings;
    this.#requestTimeoutMs = requestTimeoutMs;
  }

  async request(request: HttpRequest): Promise<HttpAnswer> {
    const message = await this.#send(request, this.#requestTimeoutMs);
    return { ...head(message), body: await readAll(message) };
  }

  async stream(request: HttpRequest): Promise<HttpStream> {
    const message = await this.#send(request, STREAM_SILENCE_MS);
    message.setEncoding('utf8');
    return { ...head(message), pieces: message, close: () => message.destroy() };
  }

  /** Closes idle connections, so that the process may end. */
  async close(): Promise<void> {
    (await this.#transport)?.agent.destroy();
  }

  async #send(request: HttpRequest, timeoutMs: number): Promise<IncomingMessage> {
    this.#transport ??= openTransport(this.#settings);
    const transport = await this.#transport;
    try {
      return await sendOnce(transport, this.#settings, request, timeoutMs);
    } catch (error) {
      // A kept connection that the server closed at this very moment: the request never reached it (RFC 9110, section 9.2.2).
      if (!(error instanceof StaleConnection)) throw error;
      return sendOnce(transport, this.#settings, request, timeoutMs);
    }
  }
}

interface Transport {
  readonly agent: Agent;
  request(options: RequestOptions): ClientRequest;
}

class StaleConnection extends Error {}

async function openTransport(settings: ConnectionSettings): Promise<Transport> {
  const keep = { keepAlive: true, keepAliveMsecs: TCP_PROBE_MS, maxSockets: MAX_SOCKETS };
  if (settings.server.protocol === 'http:') {
    const http = await import('node:http');
    const agent = new http.Agent(keep);
    return { agent, request: (options) => http.request({ ...options, agent }) };
  }
  const https = await import('node:https');
  const { authority, credential, tlsServerName } = settings;
  const agent = new https.Agent({
    ...keep,
    rejectUnauthorized: !settings.skipTlsVerify,
    ...(authority !== undefined && { ca: authority }),
    ...(credential.certificate !== undefined && { cert: credential.certificate }),
    ...(credential.key !== undefined && { key: credential.key }),
    ...(tlsServerName !== undefined && { servername: tlsServerName }),
  });
  return { agent, request: (options) => https.request({ ...options, agent }) };
}

function sendOnce(transport: Transport, settings: ConnectionSettings, request: HttpRequest, timeoutMs: number): Promise<IncomingMessage> {
  return new Promise((resolve, reject) => {
    const outgoing = transport.request({
      protocol: settings.server.protocol,
      // URL writes an IPv6 address in brackets; sockets want it bare.
      hostname: settings.server.hostname.replace(/^\[(.*)\]$/, '$1'),
      port: settings.server.port,
      method: request.method,
      path: settings.server.pathname.replace(/\/$/, '') + request.path + queryText(request.query),
      headers: headersOf(settings, request),
      timeout: timeoutMs,
      ...(request.signal && { signal: request.signal }),
    });
    outgoing.on('socket', (socket) => socket.setKeepAlive(true, TCP_PROBE_MS));
    outgoing.on('timeout', () => outgoing.destroy(timedOut(timeoutMs)));
    outgoing.on('response', resolve);
    outgoing.on('error', (error) => reject(outgoing.reusedSocket && hasCode(error, 'ECONNRESET') ? new StaleConnection() : error));
    outgoing.end(request.body);
  });
}

function timedOut(timeoutMs: number): Error {
  return Object.assign(new Error(`no answer within ${timeoutMs / 1000} s`), { code: 'ETIMEDOUT' });
}

function headersOf(settings: ConnectionSettings, request: HttpRequest): Record<string, string | number> {
  const { token, basic } = settings.credential;
  return {
    accept: request.accept ?? 'application/json',
    'user-agent': 'bridgectl',
    ...(token !== undefined && { authorization: `Bearer ${token}` }),
    ...(token === undefined && basic && { authorization: `Basic ${Buffer.from(`${basic.userName}:${basic.password}`).toString('base64')}` }),
    ...(request.body !== undefined && {
      'content-type': request.contentType ?? 'application/json',
      'content-length': Buffer.byteLength(request.body),
    }),
  };
}

function queryText(query: HttpRequest['query']): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query ?? {})) if (value !== undefined) given.append(name, value);
  return given.size === 0 ? '' : `?${given.toString()}`;
}

function head(message: IncomingMessage): Omit<HttpAnswer, 'body'> {
  return {
    status: message.statusCode ?? 0,
    contentType: message.headers['content-type'] ?? '',
    warnings: message.headersDistinct['warning'] ?? [],
  };
}

async function readAll(message: IncomingMessage): Promise<string> {
  const pieces: string[] = [];
  message.setEncoding('utf8');
  for await (const piece of message) pieces.push(String(piece));
  return pieces.join('');
}
