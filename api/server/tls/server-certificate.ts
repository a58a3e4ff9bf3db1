import { createPrivateKey, X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import type { Clock } from '../../machinery/clock.ts';
import type { CertificateNames } from './certificate-names.ts';
import type { KeyPair } from './certificate-authority.ts';
import { readIfThere } from './read-if-there.ts';
import { writeFileAtomically } from '../../machinery/durable-file.ts';

const RENEW_BEFORE_MS = 30 * 86_400_000;

/** What the listener needs, and the CA that clients must trust. */
export interface ServerCertificate extends KeyPair {
  readonly authority: string;
}

/**
 * The CA and the server certificate in `folder`, made where they are missing. The server certificate is made anew when it runs out
 * within 30 days, lacks one of `names`, or was signed by another CA; the CA is kept, so clients go on trusting us.
 */
export async function keepServerCertificate(folder: string, names: CertificateNames, clock: Clock): Promise<ServerCertificate> {
  const authority = await keepAuthority(folder, clock);
  const stored = await readKeyPair(folder, 'server');
  if (stored !== undefined && isUsable(stored, authority, names, clock.now())) {
    return { ...stored, authority: authority.certificate };
  }
  const { createServerCertificate } = await import('./certificate-authority.ts');
  const made = await createServerCertificate(authority, names, clock.now());
  await writeKeyPair(folder, 'server', made);
  return { ...made, authority: authority.certificate };
}

async function keepAuthority(folder: string, clock: Clock): Promise<KeyPair> {
  const stored = await readKeyPair(folder, 'ca');
  if (stored !== undefined && expiresAtMs(stored) > clock.now()) return stored;
  const { createAuthority } = await import('./certificate-authority.ts');
  const made = await createAuthority('bridgekeeper-ca', clock.now());
  await writeKeyPair(folder, 'ca', made);
  return made;
}

function isUsable(pair: KeyPair, authority: KeyPair, names: CertificateNames, nowMs: number): boolean {
  const certificate = new X509Certificate(pair.certificate);
  return (
    Date.parse(certificate.validTo) - nowMs > RENEW_BEFORE_MS &&
    certificate.verify(new X509Certificate(authority.certificate).publicKey) &&
    names.dnsNames.every((name) => certificate.checkHost(name) !== undefined) &&
    names.addresses.every((address) => certificate.checkIP(address) !== undefined)
  );
}

function expiresAtMs(pair: KeyPair): number {
  return Date.parse(new X509Certificate(pair.certificate).validTo);
}

/** A certificate without its key, or the other way round, is of no use: then both are made anew. */
async function readKeyPair(folder: string, name: string): Promise<KeyPair | undefined> {
  const certificate = await readIfThere(join(folder, `${name}.crt`));
  const key = await readIfThere(join(folder, `${name}.key`));
  if (certificate === undefined || key === undefined) return undefined;
  return keyFits(certificate, key) ? { certificate, key } : undefined;
}

function keyFits(certificate: string, key: string): boolean {
  return new X509Certificate(certificate).checkPrivateKey(createPrivateKey(key));
}

/** The key goes first: a crash between the two leaves a pair that does not fit, which `keyFits` finds. */
async function writeKeyPair(folder: string, name: string, pair: KeyPair): Promise<void> {
  await writeFileAtomically(join(folder, `${name}.key`), pair.key, 0o600);
  await writeFileAtomically(join(folder, `${name}.crt`), pair.certificate, 0o644);
}
