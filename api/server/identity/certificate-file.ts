import { isRecord, stringOf } from '../../machinery/json.ts';
import type { Role } from './identity.ts';
import { ROLES } from './identity.ts';

/** A client certificate that was handed out here, or one from elsewhere that is no longer to be trusted. */
export interface CertificateRecord {
  /** In hex as `normalSerial` writes it. */
  readonly serialNumber: string;
  readonly issued?: { readonly userName: string; readonly role: Role; readonly expiresAt: string };
  /** RFC 3339. Absent while it is good. */
  readonly revokedAt?: string;
}

/** `certificates.json` in the data directory. Throws an Error that names what is wrong with it. */
export function parseCertificateFile(text: string): CertificateRecord[] {
  const content: unknown = JSON.parse(text);
  if (!isRecord(content) || !Array.isArray(content.certificates)) throw new Error('certificate file: "certificates" must be a list');
  return content.certificates.map(parseRecord);
}

export function printCertificateFile(records: readonly CertificateRecord[]): string {
  return `${JSON.stringify({ certificates: records }, null, 2)}\n`;
}

/** A serial number however it is written (`0A:1b`, `0x0a1b`): lower-case hex without leading zeros. Undefined for what is none. */
export function normalSerial(text: string): string | undefined {
  const digits = text.toLowerCase().replace(/^0x/, '').replaceAll(':', '');
  if (!/^[0-9a-f]{1,40}$/.test(digits)) return undefined;
  return digits.replace(/^0+(?=.)/, '');
}

function parseRecord(value: unknown, index: number): CertificateRecord {
  const problem = (what: string): Error => new Error(`certificate file: certificates[${index}]${what}`);
  if (!isRecord(value)) throw problem(' must be an object');
  const serialNumber = normalSerial(stringOf(value.serialNumber) ?? '');
  if (serialNumber === undefined) throw problem('.serialNumber must be in hex');
  const revokedAt = stringOf(value.revokedAt);
  if (value.issued === undefined) return { serialNumber, ...(revokedAt === undefined ? {} : { revokedAt }) };
  if (!isRecord(value.issued)) throw problem('.issued must be an object');
  const { userName, role, expiresAt } = value.issued;
  const known = ROLES.find((each) => each === role);
  if (typeof userName !== 'string' || known === undefined || typeof expiresAt !== 'string') throw problem('.issued must have userName, role and expiresAt');
  return { serialNumber, issued: { userName, role: known, expiresAt }, ...(revokedAt === undefined ? {} : { revokedAt }) };
}
