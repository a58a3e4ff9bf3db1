import { parseDocument, stringify } from 'yaml';
import { fieldOf, stringOf } from '../../machinery/json.ts';

export interface AdminAccess {
  readonly serverUrl: string;
  /** PEM of the CA. */
  readonly authority: string;
  readonly token: string;
}

/** A kubeconfig with one cluster, user and context (client-go `clientcmd/api/v1`). */
export function kubeconfig(access: AdminAccess): string {
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [
      {
        name: 'bridgekeeper',
        cluster: {
          server: access.serverUrl,
          'certificate-authority-data': Buffer.from(access.authority).toString('base64'),
        },
      },
    ],
    users: [{ name: 'admin', user: { token: access.token } }],
    contexts: [{ name: 'admin@bridgekeeper', context: { cluster: 'bridgekeeper', user: 'admin', namespace: 'default' } }],
    'current-context': 'admin@bridgekeeper',
  }, { lineWidth: 0 });
}

/** The token in a kubeconfig that we wrote; undefined when somebody made something else of it. */
export function tokenIn(text: string): string | undefined {
  const document = parseDocument(text);
  if (document.errors.length > 0) return undefined;
  const users = fieldOf(document.toJS(), 'users');
  const token = Array.isArray(users) ? stringOf(fieldOf(fieldOf(users[0], 'user'), 'token')) : undefined;
  return token === '' ? undefined : token;
}
