import { join } from 'node:path';
import { ADMIN_KUBECONFIG } from '../server/data-dir.ts';
import type { Role } from '../server/identity/identity.ts';
import { groupOf } from '../server/identity/identity.ts';
import type { KeyPair } from '../server/tls/certificate-authority.ts';
import { clusterIn, kubeconfig, type Access } from '../server/tls/kubeconfig.ts';
import { readIfThere } from '../server/tls/read-if-there.ts';
import { writeFileAtomically } from '../machinery/durable-file.ts';
import { isThere } from './backup.ts';
import { Refusal } from './refusal.ts';

/** Throws a `Refusal` where `file` is there: it may hold the only copy of other credentials. */
export async function refuseToOverwrite(file: string): Promise<void> {
  if (await isThere(file)) throw new Refusal(`${file} exists already; choose another name, or remove it first`);
}

/** Writes a kubeconfig for the server of this data directory, for its owner only. */
export async function writeAccessFile(file: string, dataDirectory: string, user: Pick<Access, 'userName' | 'credentials'>): Promise<void> {
  const text = await readIfThere(join(dataDirectory, ADMIN_KUBECONFIG));
  const cluster = text === undefined ? undefined : clusterIn(text);
  if (cluster === undefined) throw new Refusal(`${dataDirectory} has no ${ADMIN_KUBECONFIG} to take the server's address from; start bridgekeeper once`);
  await writeFileAtomically(file, kubeconfig({ ...cluster, ...user }), 0o600);
}

/** A client certificate signed by the CA of this data directory. */
export async function signClientCertificate(
  dataDirectory: string,
  { userName, role, days, nowMs }: { readonly userName: string; readonly role: Role; readonly days: number; readonly nowMs: number },
): Promise<KeyPair> {
  const certificate = await readIfThere(join(dataDirectory, 'pki', 'ca.crt'));
  const key = await readIfThere(join(dataDirectory, 'pki', 'ca.key'));
  if (certificate === undefined || key === undefined) throw new Refusal(`${dataDirectory} has no CA in pki/; say --data-dir, or start bridgekeeper once`);
  const { createClientCertificate } = await import('../server/tls/certificate-authority.ts');
  return createClientCertificate({ certificate, key }, { commonName: userName, organizations: [groupOf(role)] }, days, nowMs);
}
