import { readFileSync } from 'node:fs';
import path from 'node:path';
import { isObject, textAt, valueAt, type JsonObject } from '../api/json.ts';
import { didYouMean } from '../arguments/suggest.ts';
import { CommandError, UsageError } from '../errors.ts';
import { DAEMON_KUBECONFIG, type Kubeconfig, type NamedEntry } from './kubeconfig.ts';

/** Who we say we are, and where that stands, for the error when the server doesn't believe it. */
export interface Credential {
  readonly from: string;
  readonly token?: string;
  readonly basic?: { readonly userName: string; readonly password: string };
  readonly certificate?: string | Buffer;
  readonly key?: string | Buffer;
}

/** Everything needed to speak to one server. */
export interface ConnectionSettings {
  readonly server: URL;
  /** Where the address stands: a file, or an option. */
  readonly from: string;
  readonly contextName?: string;
  readonly namespace: string;
  readonly authority?: string | Buffer;
  readonly skipTlsVerify: boolean;
  readonly tlsServerName?: string;
  readonly credential: Credential;
}

/** What the command line says about the connection. It wins over the kubeconfig. */
export interface ConnectionFlags {
  readonly context?: string;
  readonly server?: string;
  readonly token?: string;
  readonly authorityFile?: string;
  readonly skipTlsVerify?: boolean;
  readonly namespace?: string;
}

/** Puts kubeconfig and options together. Throws CommandError or UsageError that says what is missing and how to give it. */
export function connectionSettings(config: Kubeconfig | undefined, flags: ConnectionFlags): ConnectionSettings {
  const context = chosenContext(config, flags);
  const cluster = clusterOf(config, context);
  const address = flags.server ?? textAt(cluster?.value, 'server');
  if (address === undefined) throw new CommandError(noServer(config, context));
  const from = flags.server === undefined ? (cluster?.file ?? '') : '--server';
  const authority = authorityOf(cluster, flags);
  const tlsServerName = textAt(cluster?.value, 'tls-server-name');
  refuseUnsupported(cluster, ['proxy-url']);
  return {
    server: parseServer(address, from),
    from,
    ...(context && { contextName: context.name }),
    namespace: flags.namespace ?? textAt(context?.value, 'namespace') ?? 'default',
    ...(authority !== undefined && { authority }),
    skipTlsVerify: flags.skipTlsVerify ?? valueAt(cluster?.value, 'insecure-skip-tls-verify') === true,
    ...(tlsServerName && { tlsServerName }),
    credential: credentialOf(config, context, flags),
  };
}

function chosenContext(config: Kubeconfig | undefined, flags: ConnectionFlags): NamedEntry | undefined {
  const name = flags.context ?? config?.currentContext;
  if (name === undefined) return undefined;
  const found = config?.contexts.find((context) => context.name === name);
  if (found) return found;
  const names = config?.contexts.map((context) => context.name) ?? [];
  const have = names.length === 0 ? 'It has none.' : `It has: ${names.join(', ')}.`;
  const where = config?.files.join(', ') ?? 'no kubeconfig';
  throw new CommandError(`there is no context "${name}" in ${where}.${didYouMean(name, names)} ${have}`);
}

function clusterOf(config: Kubeconfig | undefined, context: NamedEntry | undefined): NamedEntry | undefined {
  const name = textAt(context?.value, 'cluster');
  if (name === undefined) return undefined;
  return config?.clusters.find((cluster) => cluster.name === name);
}

function noServer(config: Kubeconfig | undefined, context: NamedEntry | undefined): string {
  if (config === undefined) {
    return `no kubeconfig found (looked at $KUBECONFIG, ~/.kube/config and ${DAEMON_KUBECONFIG}). Start the daemon, or give --kubeconfig FILE or --server URL.`;
  }
  const files = config.files.join(', ');
  if (context === undefined) return `${files} has no current-context. Choose one with --context NAME.`;
  const cluster = textAt(context.value, 'cluster');
  return `context "${context.name}" in ${files} names the cluster "${cluster ?? ''}", which has no server there.`;
}

function parseServer(address: string, from: string): URL {
  const text = address.includes('://') ? address : `https://${address}`;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url && (url.protocol === 'https:' || url.protocol === 'http:')) return url;
  throw new UsageError(`"${address}" (from ${from}) is no server address. Write it like https://127.0.0.1:6443.`);
}

function authorityOf(cluster: NamedEntry | undefined, flags: ConnectionFlags): string | Buffer | undefined {
  if (flags.authorityFile !== undefined) return readNamedFile(flags.authorityFile, '--certificate-authority');
  return dataOrFile(cluster, 'certificate-authority');
}

function credentialOf(config: Kubeconfig | undefined, context: NamedEntry | undefined, flags: ConnectionFlags): Credential {
  if (flags.token !== undefined) return { token: flags.token, from: 'the token of --token' };
  const name = textAt(context?.value, 'user');
  if (name === undefined) return { from: 'no credentials' };
  const user = config?.users.find((entry) => entry.name === name);
  if (!user) throw new CommandError(`context "${context?.name ?? ''}" names the user "${name}", which ${config?.files.join(', ') ?? ''} doesn't have.`);
  refuseUnsupported(user, ['exec', 'auth-provider', 'as']);
  const certificate = dataOrFile(user, 'client-certificate');
  const key = dataOrFile(user, 'client-key');
  const token = tokenOf(user);
  const userName = textAt(user.value, 'username');
  return {
    from: `${token !== undefined ? 'the token' : certificate !== undefined ? 'the client certificate' : 'the credentials'} of user "${name}" in ${user.file}`,
    ...(token !== undefined && { token }),
    ...(userName !== undefined && { basic: { userName, password: textAt(user.value, 'password') ?? '' } }),
    ...(certificate !== undefined && { certificate }),
    ...(key !== undefined && { key }),
  };
}

function tokenOf(user: NamedEntry): string | undefined {
  const file = textAt(user.value, 'tokenFile');
  // client-go lets tokenFile win over token, since the file may be renewed.
  if (file) return readNamedFile(besideKubeconfig(user, file), `tokenFile of user "${user.name}" in ${user.file}`).toString('utf8').trim();
  return textAt(user.value, 'token');
}

function refuseUnsupported(entry: NamedEntry | undefined, fields: readonly string[]): void {
  const found = fields.find((field) => hasValue(entry?.value, field));
  if (entry === undefined || found === undefined) return;
  throw new CommandError(
    `"${entry.name}" in ${entry.file} uses ${found}, which bridgectl does not support. Use a token or a client certificate (--token, --context), or kubectl.`,
  );
}

function hasValue(value: JsonObject | undefined, field: string): boolean {
  const found = value?.[field];
  return typeof found === 'string' ? found !== '' : isObject(found);
}

/** `<field>-data` in base64, else the file that `<field>` names. */
function dataOrFile(entry: NamedEntry | undefined, field: string): Buffer | undefined {
  if (entry === undefined) return undefined;
  const data = textAt(entry.value, `${field}-data`);
  if (data) return Buffer.from(data, 'base64');
  const file = textAt(entry.value, field);
  if (!file) return undefined;
  return readNamedFile(besideKubeconfig(entry, file), `${field} of "${entry.name}" in ${entry.file}`);
}

function besideKubeconfig(entry: NamedEntry, file: string): string {
  return path.resolve(path.dirname(entry.file), file);
}

function readNamedFile(file: string, from: string): Buffer {
  try {
    return readFileSync(file);
  } catch (error) {
    const why = error instanceof Error ? error.message.replace(/^[A-Z]+: /, '').replace(/, open .*$/, '') : String(error);
    throw new CommandError(`cannot read ${file} (${from}): ${why}.`, { cause: error });
  }
}
