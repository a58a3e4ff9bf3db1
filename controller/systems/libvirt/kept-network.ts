import type { OwnerKey } from '../owner.ts';
import type { Keep } from './keep.ts';

/** The network that libvirt brings along; `defaultNetwork: Absent` takes it away until its owner goes. */
export const DEFAULT_NETWORK = 'default';

/** libvirt's default network as it was before we took it away. */
export interface KeptNetwork {
  readonly owner: OwnerKey;
  /** The stored XML, with its UUID. */
  readonly xml: string;
  readonly autostart: boolean;
  readonly active: boolean;
}

const KEY = 'libvirt/default-network';

export function readKeptNetwork(keep: Keep): KeptNetwork | undefined {
  const text = keep.get(KEY);
  return text === undefined ? undefined : parseKeptNetwork(JSON.parse(text));
}

export function keepNetwork(keep: Keep, network: KeptNetwork): void {
  keep.put(KEY, JSON.stringify(network));
}

export function forgetNetwork(keep: Keep): void {
  keep.delete(KEY);
}

function parseKeptNetwork(value: unknown): KeptNetwork {
  if (isKeptNetwork(value)) return value;
  throw new TypeError(`what is kept of libvirt's default network can't be read: ${JSON.stringify(value)}`);
}

function isKeptNetwork(value: unknown): value is KeptNetwork {
  if (typeof value !== 'object' || value === null) return false;
  const has = (name: string, type: string): boolean => typeof Reflect.get(value, name) === type;
  return has('owner', 'string') && has('xml', 'string') && has('autostart', 'boolean') && has('active', 'boolean');
}
