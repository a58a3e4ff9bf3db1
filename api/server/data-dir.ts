import { chmod, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '../machinery/clock.ts';
import { writeFileAtomically } from '../machinery/durable-file.ts';
import { withAccessLock } from './identity/access-lock.ts';
import type { TokenRecord } from './identity/authenticator.ts';
import { parseCertificateFile } from './identity/certificate-file.ts';
import { newToken, parseTokenFile, printTokenFile, recordOf, stampOf } from './identity/token-file.ts';
import { certificateNames } from './tls/certificate-names.ts';
import { kubeconfig, tokenIn } from './tls/kubeconfig.ts';
import { readIfThere } from './tls/read-if-there.ts';
import { keepServerCertificate } from './tls/server-certificate.ts';
import type { ServerCertificate } from './tls/server-certificate.ts';

export interface DataDirOptions {
  readonly path: string;
  /** The address or name of the listener; 0.0.0.0 or :: for every address. */
  readonly listenHost: string;
  readonly hostName: string;
  readonly clock: Clock;
}

/** What the server keeps on disk besides its store: certificates, digests of tokens, the admin's kubeconfig. */
export interface DataDir {
  readonly path: string;
  /** The certificate to serve with now; renewed first when it runs out soon. */
  certificate(): Promise<ServerCertificate>;
  /** The known tokens; changes when the file was read again. */
  tokens(): readonly TokenRecord[];
  /** Serial numbers of client certificates that are no longer trusted. */
  revokedCertificates(): ReadonlySet<string>;
  /**
   * Reads who may come in again if it was written since, and answers whether it was. A file that does not parse throws, and all
   * stays as it was.
   */
  reloadAccess(): Promise<boolean>;
  /** Writes `admin.kubeconfig` for the address that clients reach us at. */
  writeAdminKubeconfig(serverUrl: string): Promise<void>;
}

/** Makes the directory ready for a server: at the first start everything is made, later only what is missing or runs out. */
export async function prepareDataDir({ path, listenHost, hostName, clock }: DataDirOptions): Promise<DataDir> {
  const pki = join(path, 'pki');
  await mkdir(pki, { recursive: true, mode: 0o700 });
  await chmod(path, 0o700);
  const names = certificateNames(listenHost, hostName);
  const certificate = (): Promise<ServerCertificate> => keepServerCertificate(pki, names, clock);
  const { authority } = await certificate();
  const adminToken = await withAccessLock(path, clock, () => keepAdminToken(path));
  const accessStamp = async (): Promise<string> => (await Promise.all([TOKEN_FILE, CERTIFICATE_FILE].map((file) => stampOf(join(path, file))))).join(' ');
  let stamp = await accessStamp();
  let [tokens, revoked] = await readAccess(path);
  return {
    path,
    certificate,
    tokens: () => tokens,
    revokedCertificates: () => revoked,
    async reloadAccess() {
      const found = await accessStamp();
      if (found === stamp) return false;
      [tokens, revoked] = await readAccess(path);
      stamp = found;
      return true;
    },
    writeAdminKubeconfig: (serverUrl) =>
      writeFileAtomically(join(path, ADMIN_KUBECONFIG), kubeconfig({ serverUrl, authority, userName: ADMIN, credentials: { token: adminToken } }), 0o600),
  };
}

export const TOKEN_FILE = 'tokens.json';
export const CERTIFICATE_FILE = 'certificates.json';
export const ADMIN_KUBECONFIG = 'admin.kubeconfig';
const ADMIN = 'admin';

/**
 * The admin's token stands only in the kubeconfig. When that is gone, or its token is not the known one, a new token takes the
 * old one's place.
 */
async function keepAdminToken(path: string): Promise<string> {
  const records = await readTokens(path);
  const text = await readIfThere(join(path, ADMIN_KUBECONFIG));
  const token = text === undefined ? undefined : tokenIn(text);
  if (token !== undefined && isKnown(records, token)) return token;
  const made = newToken();
  const others = records.filter((record) => record.userName !== ADMIN);
  await writeFileAtomically(join(path, TOKEN_FILE), printTokenFile([recordOf(made, ADMIN, 'admin'), ...others]), 0o600);
  return made;
}

function isKnown(records: readonly TokenRecord[], token: string): boolean {
  const { sha256 } = recordOf(token, ADMIN, 'admin');
  return records.some((record) => record.sha256 === sha256 && record.userName === ADMIN);
}

function readAccess(path: string): Promise<[TokenRecord[], ReadonlySet<string>]> {
  return Promise.all([readTokens(path), readRevoked(path)]);
}

async function readRevoked(path: string): Promise<ReadonlySet<string>> {
  const text = await readIfThere(join(path, CERTIFICATE_FILE));
  const records = text === undefined ? [] : parseCertificateFile(text);
  return new Set(records.filter(({ revokedAt }) => revokedAt !== undefined).map(({ serialNumber }) => serialNumber));
}

async function readTokens(path: string): Promise<TokenRecord[]> {
  const text = await readIfThere(join(path, TOKEN_FILE));
  return text === undefined ? [] : parseTokenFile(text);
}
