import { createServer } from 'node:https';
import type { Server } from 'node:https';
import type { RequestListener } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import { badRequest } from '../machinery/api-error.ts';
import type { ServerCertificate } from './tls/server-certificate.ts';

/** Pooled clients take an idle connection for usable for two minutes; ours must live longer, or they write into a closed one. */
const KEEP_ALIVE_MS = 130_000;
const HEADERS_TIMEOUT_MS = 20_000;
/** For the whole of a request to arrive; a watch's answer may take longer. */
const REQUEST_TIMEOUT_MS = 60_000;

/** The HTTPS server, HTTP/1.1, not listening yet. */
export function createListener(certificate: ServerCertificate, onRequest: RequestListener): Server {
  const server = createServer(
    {
      key: certificate.key,
      cert: certificate.certificate,
      // Asked for, not insisted on: who shows none may still have a token, and a wrong one is refused with a Status.
      ca: certificate.authority,
      requestCert: true,
      rejectUnauthorized: false,
      minVersion: 'TLSv1.2',
      keepAliveTimeout: KEEP_ALIVE_MS,
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: REQUEST_TIMEOUT_MS,
      noDelay: true,
    },
    onRequest,
  );
  server.on('clientError', refuse);
  return server;
}

/** What could not even be read as HTTP. */
function refuse(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const code = error.code === 'HPE_HEADER_OVERFLOW' ? 431 : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : 400;
  const body = JSON.stringify({ ...badRequest(STATUS_CODES[code] ?? '').status, code });
  socket.end(
    `HTTP/1.1 ${code} ${STATUS_CODES[code]}\r\nConnection: close\r\nContent-Type: application/json\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

/** Resolves with the port when it listens; rejects when it can't. */
export function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host, port }, () => {
      server.off('error', reject);
      const address = server.address();
      resolve(typeof address === 'object' && address !== null ? address.port : port);
    });
  });
}
