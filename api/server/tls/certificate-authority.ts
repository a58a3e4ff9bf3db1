import 'reflect-metadata';
import { webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import type { CertificateNames } from './certificate-names.ts';

/** A certificate and its private key (PKCS #8), both PEM. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

const ECDSA_P256 = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const DAY_MS = 86_400_000;
const CA_DAYS = 3650;
const SERVER_DAYS = 365;
/** A clock that is a little behind ours must not find the certificate "not yet valid". */
const BACKDATED_MS = 3_600_000;

x509.cryptoProvider.set(webcrypto);

/** A self-signed CA that signs certificates of this server and of its clients, and no other CA. */
export async function createAuthority(commonName: string, nowMs: number): Promise<KeyPair> {
  const keys = await newKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serialNumber(),
    name: [{ CN: [commonName] }],
    ...validity(nowMs, CA_DAYS),
    keys,
    signingAlgorithm: ECDSA_P256,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate: certificate.toString('pem'), key: await exportKey(keys.privateKey) };
}

/** A server certificate for `names`, signed by `authority`. */
export function createServerCertificate(authority: KeyPair, names: CertificateNames, nowMs: number): Promise<KeyPair> {
  return issue(authority, {
    subject: [{ CN: [names.dnsNames.at(-1) ?? 'localhost'] }],
    purpose: x509.ExtendedKeyUsage.serverAuth,
    names: [
      new x509.SubjectAlternativeNameExtension([
        ...names.dnsNames.map((value) => ({ type: 'dns' as const, value })),
        ...names.addresses.map((value) => ({ type: 'ip' as const, value })),
      ]),
    ],
    ...validity(nowMs, SERVER_DAYS),
  });
}

/** Who a client certificate is for (RFC 5280, 4.1.2.6). */
export interface ClientSubject {
  readonly commonName: string;
  readonly organizations: readonly string[];
}

/** A client certificate, good for `days`, signed by `authority`. */
export function createClientCertificate(authority: KeyPair, subject: ClientSubject, days: number, nowMs: number): Promise<KeyPair> {
  return issue(authority, {
    subject: [...subject.organizations.map((name) => ({ O: [name] })), { CN: [subject.commonName] }],
    purpose: x509.ExtendedKeyUsage.clientAuth,
    names: [],
    ...validity(nowMs, days),
  });
}

interface Request {
  readonly subject: x509.JsonName;
  readonly purpose: x509.ExtendedKeyUsage;
  /** Other names of the subject. */
  readonly names: readonly x509.SubjectAlternativeNameExtension[];
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** A certificate that signs no other. */
async function issue(authority: KeyPair, { purpose, names, ...request }: Request): Promise<KeyPair> {
  const keys = await newKeys();
  const issuer = new x509.X509Certificate(authority.certificate);
  const certificate = await x509.X509CertificateGenerator.create({
    ...request,
    serialNumber: serialNumber(),
    issuer: issuer.subjectName,
    publicKey: keys.publicKey,
    signingKey: await importKey(authority.key),
    signingAlgorithm: ECDSA_P256,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([purpose]),
      ...names,
      await x509.AuthorityKeyIdentifierExtension.create(issuer),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate: certificate.toString('pem'), key: await exportKey(keys.privateKey) };
}

function newKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(ECDSA_P256, true, ['sign', 'verify']);
}

function validity(nowMs: number, days: number): { notBefore: Date; notAfter: Date } {
  return { notBefore: new Date(nowMs - BACKDATED_MS), notAfter: new Date(nowMs + days * DAY_MS) };
}

/** Positive and at most 20 octets (RFC 5280, 4.1.2.2). */
function serialNumber(): string {
  const bytes = Buffer.from(webcrypto.getRandomValues(new Uint8Array(16)));
  bytes[0] = ((bytes[0] ?? 0) & 0x7f) | 0x40;
  return bytes.toString('hex');
}

async function exportKey(key: webcrypto.CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY');
}

function importKey(pem: string): Promise<webcrypto.CryptoKey> {
  const der = x509.PemConverter.decodeFirst(pem);
  return webcrypto.subtle.importKey('pkcs8', der, ECDSA_P256, false, ['sign']);
}
