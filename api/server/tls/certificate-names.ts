import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';

/** The names and addresses that a server certificate must carry (RFC 5280, 4.2.1.6). */
export interface CertificateNames {
  readonly dnsNames: readonly string[];
  readonly addresses: readonly string[];
}

/** Loopback, the host's name, and where we listen; a listener on every address has the machine's addresses of today. */
export function certificateNames(listenHost: string, hostName: string): CertificateNames {
  const dnsNames = new Set(['localhost', hostName.toLowerCase()]);
  const addresses = new Set(['127.0.0.1', '::1']);
  if (isEveryAddress(listenHost)) machineAddresses().forEach((address) => addresses.add(address));
  else if (isIP(listenHost) !== 0) addresses.add(listenHost);
  else dnsNames.add(listenHost.toLowerCase());
  return { dnsNames: [...dnsNames].filter(isDnsName), addresses: [...addresses] };
}

export function isEveryAddress(host: string): boolean {
  return host === '' || host === '0.0.0.0' || host === '::';
}

function machineAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .map(({ address }) => address)
    .filter((address) => !address.startsWith('fe80:'));
}

function isDnsName(name: string): boolean {
  return /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(name);
}
