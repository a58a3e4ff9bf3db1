import type { KernelRoute, KernelState } from '../systems/netplan/observed.ts';
import type { TcpConnection } from './sockets.ts';
import type { WayIn } from './way-in.ts';

export interface WaysInOptions {
  readonly kernel: KernelState;
  readonly connections: readonly TcpConnection[];
  readonly sshPorts: ReadonlySet<number>;
  /** Where our API listens; undefined where none does. */
  readonly listen: { readonly host: string; readonly port: number } | undefined;
}

const MAIN_TABLE = 254;
const DEFAULT_ROUTES: ReadonlySet<string> = new Set(['0.0.0.0/0', '::/0']);

/** How this host is reached now, each way once. Pure. Connections from the host to itself are none. */
export function waysInOf({ kernel, connections, sshPorts, listen }: WaysInOptions): readonly WayIn[] {
  const deviceOf = deviceByAddress(kernel);
  const ways = [
    ...connections.flatMap((connection) => session(connection, deviceOf, sshPorts, listen?.port)),
    ...listener(listen?.host, deviceOf),
    ...bestDefaultRoutes(kernel).map(({ device, via }): WayIn => ({ kind: 'DefaultRoute', device, ...(via === undefined ? {} : { peer: via }) })),
  ];
  return [...new Map(ways.map((way) => [JSON.stringify(way), way])).values()];
}

const possible = new WeakMap<KernelState, readonly WayIn[]>();

/** Every way by which this host may be reached, whether somebody does so now or not; but for link-local addresses, which every device has. */
export function possibleWaysIn(kernel: KernelState): readonly WayIn[] {
  const known = possible.get(kernel) ?? [...addressedDevices(kernel), ...bestDefaultRoutes(kernel).map(({ device }) => device)].map((device): WayIn => ({ kind: 'ApiListener', device }));
  possible.set(kernel, known);
  return known;
}

function addressedDevices({ links }: KernelState): readonly string[] {
  return [...links.values()].filter(({ name, addresses }) => name !== 'lo' && addresses.some(({ scope }) => scope !== 'link' && scope !== 'host')).map(({ name }) => name);
}

/** The default routes of the main table that the kernel uses: those of the least metric, for each family. */
export function bestDefaultRoutes({ routes }: KernelState): readonly KernelRoute[] {
  const all = [...routes.values()].flat().filter(({ to, table }) => DEFAULT_ROUTES.has(to) && table === MAIN_TABLE);
  return all.filter((route) => all.every(({ family, metric = 0 }) => family !== route.family || metric >= (route.metric ?? 0)));
}

function deviceByAddress({ links }: KernelState): ReadonlyMap<string, string> {
  const devices = new Map<string, string>();
  for (const { name, addresses } of links.values()) {
    if (name === 'lo') continue;
    for (const { address } of addresses) devices.set(address, name);
  }
  return devices;
}

function session(
  { localAddress, localPort, peerAddress }: TcpConnection,
  deviceOf: ReadonlyMap<string, string>,
  sshPorts: ReadonlySet<number>,
  apiPort: number | undefined,
): readonly WayIn[] {
  const device = deviceOf.get(localAddress);
  const isApi = localPort === apiPort;
  if (device === undefined || deviceOf.has(peerAddress) || !(isApi || sshPorts.has(localPort))) return [];
  return [{ kind: isApi ? 'ApiConnection' : 'SshSession', device, address: localAddress, peer: peerAddress }];
}

/** An API that listens on every address is reached by any way, so it is none of its own. */
function listener(host: string | undefined, deviceOf: ReadonlyMap<string, string>): readonly WayIn[] {
  const device = host === undefined ? undefined : deviceOf.get(host);
  return host === undefined || device === undefined ? [] : [{ kind: 'ApiListener', device, address: host }];
}
