import { isIPv6 } from 'node:net';
import { isEveryAddress } from './tls/certificate-names.ts';

/** How a client on this machine reaches a listener: one on every address is found on loopback. */
export function reachableUrl(listenHost: string, port: number): string {
  const host = isEveryAddress(listenHost) ? '127.0.0.1' : listenHost;
  return `https://${isIPv6(host) ? `[${host}]` : host}:${port}`;
}
