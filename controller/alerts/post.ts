import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { getCACertificates } from 'node:tls';
import type { Clock } from '../../api/machinery/clock.ts';
import type { Rendered } from './render.ts';

const TIMEOUT_MS = 10_000;
const LONGEST_RETRY_AFTER_MS = 3_600_000;

export type PostResult =
  | { readonly result: 'delivered' }
  /** The receiver will never take this message. */
  | { readonly result: 'rejected'; readonly message: string }
  /** It may go better later. */
  | { readonly result: 'failed'; readonly message: string; readonly retryAfterMs?: number };

/** Answers that speak of the content of the message; with the same content they come again. */
const REJECTED: ReadonlySet<number> = new Set([400, 413, 422]);

/**
 * Sends one request and waits for the answer, 10 seconds at most. Follows no redirect: what is signed and authorized goes to the
 * host that the URL names. Never throws; its messages name the host only, for a URL may itself be a secret.
 */
export function post({ url, headers, body }: Rendered, clock: Clock): Promise<PostResult> {
  return new Promise((resolve) => {
    const payload = Buffer.from(body);
    const options = { method: 'POST', agent: false, headers: { 'user-agent': 'bridgekeeper', ...headers, 'content-length': payload.length } };
    const request = url.protocol === 'https:' ? httpsRequest(url, { ...options, ca: authorities() }) : httpRequest(url, options);
    const cancelTimeout = clock.after(TIMEOUT_MS, () => request.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`)));
    const end = (result: PostResult): void => {
      cancelTimeout();
      resolve(result);
      request.destroy();
    };
    request.on('response', ({ statusCode = 0, headers: answered }) => end(resultOf(url.host, statusCode, answered['retry-after'])));
    request.on('error', (error) => end({ result: 'failed', message: `${url.host}: ${reasonOf(error)}` }));
    request.end(payload);
  });
}

/** The answer's meaning (RFC 9110). `retryAfter` is counted when it is in seconds. */
export function resultOf(host: string, status: number, retryAfter: string | undefined): PostResult {
  if (status >= 200 && status < 300) return { result: 'delivered' };
  if (status >= 300 && status < 400) {
    return { result: 'failed', message: `${host} answered ${status}: redirects are not followed; put the final address into spec.url` };
  }
  if (REJECTED.has(status)) return { result: 'rejected', message: `${host} answered ${status}: it does not take this message; see whether spec.type is what listens there` };
  const seconds = Number(retryAfter ?? Number.NaN);
  const retry = Number.isFinite(seconds) && seconds > 0 ? { retryAfterMs: Math.min(seconds * 1_000, LONGEST_RETRY_AFTER_MS) } : {};
  const hint = status === 401 || status === 403 ? '; see the Secret that spec.secretRef names' : '';
  return { result: 'failed', message: `${host} answered ${status}${hint}`, ...retry };
}

/** An error of several addresses (happy eyeballs) has its reasons inside. */
function reasonOf(error: Error): string {
  if (error instanceof AggregateError) return error.errors.map((each: unknown) => (each instanceof Error ? each.message : String(each))).join('; ');
  return error.message;
}

let known: string[] | undefined;

/** Node's own and the machine's: an internal receiver's certificate is often of an authority that only the machine knows. */
function authorities(): string[] {
  known ??= [...new Set([...getCACertificates('default'), ...getCACertificates('system')])];
  return known;
}
