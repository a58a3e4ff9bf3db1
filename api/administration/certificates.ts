import { X509Certificate } from 'node:crypto';
import { join } from 'node:path';
import type { Clock } from '../machinery/clock.ts';
import { timestamp } from '../machinery/conditions.ts';
import { CERTIFICATE_FILE, TOKEN_FILE } from '../server/data-dir.ts';
import { withAccessLock } from '../server/identity/access-lock.ts';
import type { CertificateRecord } from '../server/identity/certificate-file.ts';
import { normalSerial, parseCertificateFile, printCertificateFile } from '../server/identity/certificate-file.ts';
import type { Role } from '../server/identity/identity.ts';
import { readIfThere } from '../server/tls/read-if-there.ts';
import { writeFileAtomically } from '../machinery/durable-file.ts';
import { Refusal } from './refusal.ts';

const ID_LENGTH = 12;

/** A client certificate as it may be shown: its id is the beginning of its serial number. */
export interface ListedCertificate {
  readonly id: string;
  readonly userName: string;
  readonly role: string;
  readonly expiresAt: string;
  readonly state: 'valid' | 'revoked' | 'expired';
}

/** Which certificates are meant; a serial number may be that of one that is not listed. */
export type WhichCertificate = { readonly id: string } | { readonly userName: string } | { readonly serialNumber: string };

/** Writes down that it was handed out, so that it can be listed and revoked. `certificate`: PEM. */
export async function recordCertificate(dataDirectory: string, clock: Clock, certificate: string, { userName, role }: { readonly userName: string; readonly role: Role }): Promise<void> {
  const { serialNumber, validToDate } = new X509Certificate(certificate);
  const record = { serialNumber: normalSerial(serialNumber) ?? serialNumber, issued: { userName, role, expiresAt: timestamp(validToDate.getTime()) } };
  await change(dataDirectory, clock, (records) => [...records, record]);
}

export async function listCertificates(dataDirectory: string, clock: Clock): Promise<readonly ListedCertificate[]> {
  return (await read(dataDirectory)).map((record) => ({
    id: idOf(record),
    userName: record.issued?.userName ?? '-',
    role: record.issued?.role ?? '-',
    expiresAt: record.issued?.expiresAt ?? '-',
    state: record.revokedAt !== undefined ? 'revoked' : isExpired(record, clock.now()) ? 'expired' : 'valid',
  }));
}

/** A running server refuses them within seconds. Answers how many are newly revoked. Throws a `Refusal` where there is none. */
export function revokeCertificates(dataDirectory: string, clock: Clock, which: WhichCertificate): Promise<number> {
  return withLocked(dataDirectory, clock, async (records) => {
    const revokedAt = timestamp(clock.now());
    const isMeant = (record: CertificateRecord): boolean => record.revokedAt === undefined && matches(record, which);
    const meant = records.filter(isMeant);
    if (meant.length > 0) {
      await write(dataDirectory, records.map((record) => (isMeant(record) ? { ...record, revokedAt } : record)));
      return meant.length;
    }
    const isUnlisted = 'serialNumber' in which && !records.some((record) => matches(record, which));
    if (!isUnlisted) throw new Refusal(`there is no valid certificate ${shown(which)}; see: bridgekeeper certificate list`);
    await write(dataDirectory, [...records, { serialNumber: which.serialNumber, revokedAt }]);
    return 1;
  });
}

function matches(record: CertificateRecord, which: WhichCertificate): boolean {
  if ('id' in which) return idOf(record) === which.id;
  return 'userName' in which ? record.issued?.userName === which.userName : record.serialNumber === which.serialNumber;
}

function shown(which: WhichCertificate): string {
  if ('id' in which) return which.id;
  return 'userName' in which ? `of ${which.userName}` : which.serialNumber;
}

function idOf({ serialNumber }: CertificateRecord): string {
  return serialNumber.slice(0, ID_LENGTH);
}

function isExpired({ issued }: CertificateRecord, nowMs: number): boolean {
  return issued !== undefined && Date.parse(issued.expiresAt) <= nowMs;
}

/** What ran out is of no use any more and goes with the next change. */
function change(dataDirectory: string, clock: Clock, next: (records: readonly CertificateRecord[]) => readonly CertificateRecord[]): Promise<void> {
  return withLocked(dataDirectory, clock, (records) => write(dataDirectory, next(records.filter((record) => !isExpired(record, clock.now())))));
}

function withLocked<Result>(dataDirectory: string, clock: Clock, work: (records: readonly CertificateRecord[]) => Promise<Result>): Promise<Result> {
  return withAccessLock(dataDirectory, clock, async () => work(await read(dataDirectory)));
}

/** The token file is there since the first start, this one since the first certificate. */
async function read(dataDirectory: string): Promise<readonly CertificateRecord[]> {
  const text = await readIfThere(join(dataDirectory, CERTIFICATE_FILE));
  if (text !== undefined) return parseCertificateFile(text);
  if ((await readIfThere(join(dataDirectory, TOKEN_FILE))) !== undefined) return [];
  throw new Refusal(`${dataDirectory} is no data directory; say --data-dir, or start bridgekeeper once`);
}

function write(dataDirectory: string, records: readonly CertificateRecord[]): Promise<void> {
  return writeFileAtomically(join(dataDirectory, CERTIFICATE_FILE), printCertificateFile(records), 0o600);
}
