import { normalAddress, normalNetwork } from './ip-network.ts';
import type { KernelAddress, KernelLink, KernelRoute, KernelRule } from './observed.ts';

/** A link as `ip -json -details address` tells it: what only we know of it is added later. */
export type IpLink = Omit<KernelLink, 'settling' | 'untouched' | 'driver'>;

const MAIN_TABLE = 254;
const LOCAL_TABLE = 255;
const PROTOCOL_BOOT = 3;
const UNICAST = '1';

/** Parses `ip -N -j -d address show`. Throws when it is not what iproute2 prints. */
export function parseLinks(json: string): readonly IpLink[] {
  return recordsOf(json).map((link) => {
    const flags = textsOf(link['flags']);
    const info = isRecord(link['linkinfo']) ? link['linkinfo'] : {};
    return {
      name: requiredText(link, 'ifname'),
      index: requiredNumber(link, 'ifindex'),
      mac: optionalText(link, 'address') ?? '',
      mtu: requiredNumber(link, 'mtu'),
      up: flags.includes('UP'),
      carrier: flags.includes('LOWER_UP') || (flags.includes('UP') && link['operstate'] === 'UNKNOWN'),
      kind: optionalText(info, 'info_kind'),
      below: optionalText(link, 'link'),
      master: optionalText(link, 'master'),
      addresses: listOf(link['addr_info']).filter(isRecord).flatMap(parseAddress),
    };
  });
}

function parseAddress(info: Readonly<Record<string, unknown>>): readonly KernelAddress[] {
  const local = optionalText(info, 'local');
  if (local === undefined) return [];
  return [
    {
      address: normalAddress(local),
      prefixLength: requiredNumber(info, 'prefixlen'),
      scope: scopeName(optionalText(info, 'scope') ?? 'global'),
      dynamic: info['dynamic'] === true,
    },
  ];
}

/** Scopes come as numbers under `ip -N`. */
function scopeName(scope: string): string {
  return { 0: 'global', 200: 'site', 253: 'link', 254: 'host' }[scope] ?? scope;
}

/** Parses `ip -N -4|-6 -j route show table all`: unicast routes out of one device, without the kernel's local table. */
export function parseRoutes(json: string, family: 4 | 6): readonly KernelRoute[] {
  return recordsOf(json).flatMap((route) => {
    const device = optionalText(route, 'dev');
    const table = Number(optionalText(route, 'table') ?? MAIN_TABLE);
    if (device === undefined || table === LOCAL_TABLE || (optionalText(route, 'type') ?? UNICAST) !== UNICAST) return [];
    const to = requiredText(route, 'dst');
    return [
      {
        family,
        to: to === 'default' ? (family === 4 ? '0.0.0.0/0' : '::/0') : normalNetwork(to),
        device,
        via: gatewayOf(route),
        metric: optionalNumber(route, 'metric'),
        table,
        protocol: Number(optionalText(route, 'protocol') ?? PROTOCOL_BOOT),
        onLink: textsOf(route['flags']).includes('onlink'),
        scope: Number(optionalText(route, 'scope') ?? 0),
      },
    ];
  });
}

/** A gateway of the other family stands in `via`. */
function gatewayOf(route: Readonly<Record<string, unknown>>): string | undefined {
  const via = isRecord(route['via']) ? optionalText(route['via'], 'host') : optionalText(route, 'gateway');
  return via === undefined ? undefined : normalAddress(via);
}

/** Parses `ip -N -4|-6 -j rule show`. */
export function parseRules(json: string, family: 4 | 6): readonly KernelRule[] {
  return recordsOf(json).map((rule) => ({
    family,
    priority: requiredNumber(rule, 'priority'),
    from: networkOf(rule, 'src'),
    to: networkOf(rule, 'dst'),
    table: numberText(optionalText(rule, 'table')),
    mark: numberText(optionalText(rule, 'fwmark')),
  }));
}

function networkOf(rule: Readonly<Record<string, unknown>>, key: 'src' | 'dst'): string | undefined {
  const address = optionalText(rule, key);
  if (address === undefined || address === 'all') return undefined;
  const prefixLength = optionalNumber(rule, `${key}len`);
  return normalNetwork(prefixLength === undefined ? address : `${address}/${prefixLength}`);
}

function numberText(text: string | undefined): number | undefined {
  return text === undefined ? undefined : Number(text);
}

/** iproute2 prints nothing at all where it has nothing to tell, and `{}` in place of what it left out. */
function recordsOf(json: string): readonly Readonly<Record<string, unknown>>[] {
  const parsed: unknown = json.trim() === '' ? [] : JSON.parse(json);
  if (!Array.isArray(parsed)) throw new TypeError('iproute2 printed no JSON array');
  return parsed.filter(isRecord).filter((record) => Object.keys(record).length > 0);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function textsOf(value: unknown): readonly string[] {
  return listOf(value).filter((item) => typeof item === 'string');
}

function optionalText(record: Readonly<Record<string, unknown>>, key: string): string | undefined {
  const value = record[key];
  return typeof value === 'string' ? value : undefined;
}

function requiredText(record: Readonly<Record<string, unknown>>, key: string): string {
  const value = optionalText(record, key);
  if (value === undefined) throw new TypeError(`iproute2 printed no ${key}`);
  return value;
}

function optionalNumber(record: Readonly<Record<string, unknown>>, key: string): number | undefined {
  const value = record[key];
  return typeof value === 'number' ? value : undefined;
}

function requiredNumber(record: Readonly<Record<string, unknown>>, key: string): number {
  const value = optionalNumber(record, key);
  if (value === undefined) throw new TypeError(`iproute2 printed no ${key}`);
  return value;
}
