import { CommandError } from '../errors.ts';
import type { ConnectionSettings } from './settings.ts';

/** The connection itself failed: no answer of the server was read. */
export class ConnectionError extends CommandError {}

/** What a failure of node:net or node:tls means, and the way out, on one line. */
export function explainConnectionFailure(error: unknown, settings: ConnectionSettings): ConnectionError {
  const address = settings.server.href.replace(/\/$/, '');
  const code = codeOf(error);
  const reason = REASONS[code] ?? (error instanceof Error ? error.message.split('\n')[0] : String(error));
  return new ConnectionError(`cannot reach ${address}: ${reason}. ${wayOut(code, settings)}`, { cause: error });
}

const REASONS: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'connection refused',
  ECONNRESET: 'the server closed the connection',
  EHOSTUNREACH: 'no route to the host',
  ENETUNREACH: 'the network is unreachable',
  ENOTFOUND: 'no such host name',
  EAI_AGAIN: 'the name server does not answer',
  ETIMEDOUT: 'no answer in time',
  EPIPE: 'the server closed the connection',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by itself, not by the authority that the kubeconfig trusts',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is from an authority that the kubeconfig does not trust',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is from an authority that the kubeconfig does not trust',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is from an authority that the kubeconfig does not trust',
  CERT_SIGNATURE_FAILURE: 'its certificate is from an authority that the kubeconfig does not trust',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another host name',
  ERR_SSL_WRONG_VERSION_NUMBER: 'it does not speak TLS on this port',
  EPROTO: 'it does not speak TLS on this port',
  HPE_INVALID_CONSTANT: 'it does not speak HTTP on this port',
};

const UNTRUSTED = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_SIGNATURE_FAILURE',
]);

function wayOut(code: string, settings: ConnectionSettings): string {
  const now = `now: ${settings.from}`;
  if (UNTRUSTED.has(code)) return `Take a fresh copy of the daemon's admin.kubeconfig, or give --certificate-authority FILE (${now}).`;
  if (code === 'CERT_HAS_EXPIRED' || code === 'CERT_NOT_YET_VALID') return 'Check the clocks of both machines, or renew it by restarting the daemon.';
  if (code === 'ERR_TLS_CERT_ALTNAME_INVALID') return `Use a name or address that stands in the certificate (${now}).`;
  if (code === 'ENOTFOUND' || code === 'ERR_SSL_WRONG_VERSION_NUMBER' || code === 'EPROTO' || code.startsWith('HPE_')) return `Check the server's address (${now}).`;
  if (code === 'ECONNRESET' && settings.server.protocol === 'http:') return `Does it want https://? Check the server's address (${now}).`;
  return `Is the daemon running? Check ${settings.from === '--server' ? '--server' : `--kubeconfig (${now})`}.`;
}

function codeOf(error: unknown): string {
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') return error.code;
  // With several addresses (IPv4 and IPv6) node:net throws one error that holds one for each.
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  return '';
}
