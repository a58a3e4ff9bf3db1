import { Agent, request } from 'node:https';
import type { IncomingHttpHeaders } from 'node:http';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { fieldOf } from '../../api/machinery/json.ts';

export interface HttpsAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** Each header as it came, repeated ones with all their values. */
  readonly headersDistinct: NodeJS.Dict<string[]>;
  readonly body: string;
}

export interface HttpsRequest {
  readonly method?: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** The admin's token is sent where nothing else is said; `null` sends none. */
  readonly token?: string | null;
}

/** Plain HTTPS to a served API, so that a test sees exactly what is on the wire. */
export interface HttpsClient {
  readonly token: string;
  readonly authority: string;
  send(request: HttpsRequest): Promise<HttpsAnswer>;
  close(): void;
}

export function httpsClient(url: string, kubeconfigPath: string): HttpsClient {
  const config: unknown = parse(readFileSync(kubeconfigPath, 'utf8'));
  const authority = Buffer.from(String(entry(config, 'clusters', 'cluster', 'certificate-authority-data')), 'base64').toString();
  const token = String(entry(config, 'users', 'user', 'token'));
  const agent = new Agent({ keepAlive: true, ca: authority });
  return {
    token,
    authority,
    send: ({ method = 'GET', path, headers = {}, body, token: sent = token }) =>
      new Promise((resolve, reject) => {
        const authorization = sent === null ? {} : { authorization: `Bearer ${sent}` };
        // Node.js itself says no length for the body of a DELETE.
        const length = body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) };
        const outgoing = request(new URL(url), { method, path, agent, headers: { ...authorization, ...length, ...headers } }, (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
          incoming.on('error', reject);
          incoming.on('end', () =>
            resolve({
              status: incoming.statusCode ?? 0,
              headers: incoming.headers,
              headersDistinct: incoming.headersDistinct,
              body: Buffer.concat(chunks).toString(),
            }),
          );
        });
        outgoing.on('error', reject);
        outgoing.end(body);
      }),
    close: () => agent.destroy(),
  };
}

function entry(config: unknown, list: string, object: string, field: string): unknown {
  const items = fieldOf(config, list);
  return Array.isArray(items) ? fieldOf(fieldOf(items[0], object), field) : undefined;
}
