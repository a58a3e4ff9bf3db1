import { parseDocument, stringify } from 'yaml';
import { fieldOf, stringOf } from '../../machinery/json.ts';
import type { KeyPair } from './certificate-authority.ts';

export interface Access {
  readonly serverUrl: string;
  /** PEM of the CA. */
  readonly authority: string;
  readonly userName: string;
  readonly credentials: { readonly token: string } | { readonly clientCertificate: KeyPair };
}

/** A kubeconfig with one cluster, user and context (client-go `clientcmd/api/v1`). */
export function kubeconfig({ serverUrl, authority, userName, credentials }: Access): string {
  return stringify(
    {
      apiVersion: 'v1',
      kind: 'Config',
      clusters: [{ name: 'bridgekeeper', cluster: { server: serverUrl, 'certificate-authority-data': base64(authority) } }],
      users: [{ name: userName, user: userOf(credentials) }],
      contexts: [{ name: `${userName}@bridgekeeper`, context: { cluster: 'bridgekeeper', user: userName, namespace: 'default' } }],
      'current-context': `${userName}@bridgekeeper`,
    },
    { lineWidth: 0 },
  );
}

function userOf(credentials: Access['credentials']): object {
  if ('token' in credentials) return { token: credentials.token };
  const { certificate, key } = credentials.clientCertificate;
  return { 'client-certificate-data': base64(certificate), 'client-key-data': base64(key) };
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}

/** How the server is reached, in a kubeconfig that we wrote. */
export function clusterIn(text: string): { readonly serverUrl: string; readonly authority: string } | undefined {
  const document = parseDocument(text);
  const clusters = document.errors.length > 0 ? undefined : fieldOf(document.toJS(), 'clusters');
  const cluster = Array.isArray(clusters) ? fieldOf(clusters[0], 'cluster') : undefined;
  const serverUrl = stringOf(fieldOf(cluster, 'server'));
  const authority = stringOf(fieldOf(cluster, 'certificate-authority-data'));
  if (serverUrl === undefined || authority === undefined) return undefined;
  return { serverUrl, authority: Buffer.from(authority, 'base64').toString('utf8') };
}

/** The token in a kubeconfig that we wrote; undefined when somebody made something else of it. */
export function tokenIn(text: string): string | undefined {
  const document = parseDocument(text);
  if (document.errors.length > 0) return undefined;
  const users = fieldOf(document.toJS(), 'users');
  const token = Array.isArray(users) ? stringOf(fieldOf(fieldOf(users[0], 'user'), 'token')) : undefined;
  return token === '' ? undefined : token;
}
