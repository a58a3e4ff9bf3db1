import { hostname } from 'node:os';
import { parseArgs } from 'node:util';

/** How `bridgekeeper serve` was called. */
export interface ServeConfig {
  readonly dataDirectory: string;
  readonly listen: { readonly host: string; readonly port: number };
  readonly hostName: string;
  /** Serve the API and touch no host. */
  readonly apiOnly: boolean;
  /** RFC 7047 remote: `unix:PATH` or `tcp:HOST:PORT`. */
  readonly ovsdb: string;
  readonly libvirtSocket: string;
  /** The folder that stands for `/` to netplan. */
  readonly netplanRoot: string;
  readonly imagesDirectory: string;
  readonly logLevel: string;
}

export class UsageError extends Error {
  override readonly name = 'UsageError';
}

export const USAGE = `Usage: bridgekeeper serve [options]

Keeps this host's network the way its manifests say, and serves them as a Kubernetes API.

  --data-dir DIR          where state is kept (default /var/lib/bridgekeeper)
  --listen HOST:PORT      where the API listens (default 127.0.0.1:6443)
  --host-name NAME        the Host resource that is this machine (default: its host name)
  --api-only              serve the API and touch no host
  --ovsdb REMOTE          OVSDB server (default unix:/run/openvswitch/db.sock; or tcp:HOST:PORT)
  --libvirt-socket PATH   libvirt's socket (default /run/libvirt/libvirt-sock;
                          where nobody answers, virtqemud-sock beside it)
  --netplan-root DIR      the folder that stands for / to netplan (default /)
  --images-dir DIR        where disk images are made (default /var/lib/libvirt/images)
  --log-level LEVEL       trace, debug, info, warn, error (default info)
  --help                  this text
  --version               the version
`;

const LOG_LEVELS: readonly string[] = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'];

const OPTIONS = {
  'data-dir': { type: 'string', default: '/var/lib/bridgekeeper' },
  listen: { type: 'string', default: '127.0.0.1:6443' },
  'host-name': { type: 'string' },
  'api-only': { type: 'boolean', default: false },
  ovsdb: { type: 'string', default: 'unix:/run/openvswitch/db.sock' },
  'libvirt-socket': { type: 'string', default: '/run/libvirt/libvirt-sock' },
  'netplan-root': { type: 'string', default: '/' },
  'images-dir': { type: 'string', default: '/var/lib/libvirt/images' },
  'log-level': { type: 'string', default: 'info' },
} as const;

/** Reads the arguments after `serve`. Throws a UsageError that names the option and what it takes. */
export function serveConfig(args: readonly string[]): ServeConfig {
  const values = parse(args);
  if (!LOG_LEVELS.includes(values['log-level'])) throw new UsageError(`--log-level: ${values['log-level']} is none of ${LOG_LEVELS.join(', ')}`);
  return {
    dataDirectory: values['data-dir'],
    listen: listenAddress(values.listen),
    hostName: hostName(values['host-name']),
    apiOnly: values['api-only'],
    ovsdb: ovsdbRemote(values.ovsdb),
    libvirtSocket: values['libvirt-socket'],
    netplanRoot: values['netplan-root'],
    imagesDirectory: values['images-dir'],
    logLevel: values['log-level'],
  };
}

function parse(args: readonly string[]): ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>['values'] {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, allowPositionals: false, strict: true }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}

function listenAddress(text: string): { host: string; port: number } {
  const match = /^(?:\[([0-9A-Fa-f:.]+)\]|([^:]+)):(\d{1,5})$/.exec(text);
  const port = Number(match?.[3]);
  if (!match || port > 65_535) throw new UsageError(`--listen: ${text} is no HOST:PORT, such as 127.0.0.1:6443 or [::1]:6443`);
  return { host: match[1] ?? match[2] ?? '', port };
}

/** A Host is an API object, so its name is an RFC 1123 subdomain. */
function hostName(text: string | undefined): string {
  const name = text ?? hostname().toLowerCase();
  if (!/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(name) || name.length > 253) {
    throw new UsageError(`--host-name: ${name} is no name for a Host; use lower case letters, digits, '-' and '.'`);
  }
  return name;
}

function ovsdbRemote(text: string): string {
  if (!/^(unix:.+|tcp:.+:\d+)$/.test(text)) throw new UsageError(`--ovsdb: ${text} is neither unix:PATH nor tcp:HOST:PORT`);
  return text;
}
