import type { CloudInit } from '../../../../../controller/systems/netplan/cloud-init.ts';
import type { TakenFile } from '../../../../../controller/systems/netplan/taken-over.ts';
import { parseNetplanFile } from '../../../../../controller/systems/netplan/netplan-file.ts';
import type { DeviceResolver, KernelLink, KernelRoute, Lease, NetplanObserved } from '../../../../../controller/systems/netplan/observed.ts';

export interface ObservedParts {
  /** Path → text, in the order in which netplan reads them; each has mode 0600. */
  readonly files?: Readonly<Record<string, string>>;
  readonly links?: readonly KernelLink[];
  readonly routes?: readonly KernelRoute[];
  readonly hidden?: Readonly<Record<string, string>>;
  readonly interrupted?: readonly string[];
  readonly takenOver?: readonly TakenFile[];
  readonly cloudInit?: CloudInit;
  readonly resolvers?: Readonly<Record<string, DeviceResolver>>;
  readonly leases?: Readonly<Record<string, Lease>>;
}

export function observed({ files = {}, links = [], routes = [], hidden = {}, interrupted = [], takenOver = [], cloudInit = 'absent', resolvers = {}, leases = {} }: ObservedParts = {}): NetplanObserved {
  return {
    netplanVersion: '0.106',
    links: new Map(),
    folder: '/etc/netplan',
    files: Object.entries(files).map(([path, text]) => parseNetplanFile(path, text, 0o600)),
    hidden: new Map(Object.entries(hidden)),
    interrupted,
    takenOver,
    cloudInit,
    resolvers: new Map(Object.entries(resolvers)),
    leases: new Map(Object.entries(leases)),
    kernel: {
      links: new Map(links.map((each) => [each.name, each])),
      routes: Map.groupBy(routes, ({ device }) => device),
      rules: [],
    },
  };
}

/** A device that is up, with carrier, and has these addresses. */
export function link(name: string, addresses: readonly string[] = [], more: Partial<KernelLink> = {}): KernelLink {
  return {
    name,
    index: 7,
    mac: '02:00:00:00:00:07',
    mtu: 1500,
    up: true,
    carrier: true,
    kind: 'tun',
    settling: false,
    untouched: false,
    addresses: addresses.map((text) => {
      const [address = '', prefix] = text.split('/');
      return { address, prefixLength: Number(prefix), scope: 'global', dynamic: false };
    }),
    ...more,
  };
}

export function route(device: string, to: string, via?: string, more: Partial<KernelRoute> = {}): KernelRoute {
  return { family: 4, to, device, ...(via === undefined ? {} : { via }), table: 254, protocol: 4, onLink: false, scope: 0, ...more };
}
