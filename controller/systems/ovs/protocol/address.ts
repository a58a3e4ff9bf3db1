/** Where an OVSDB server listens, in the words of ovsdb(7), "Connection Methods". */
export type OvsdbAddress =
  | { readonly type: 'unix'; readonly path: string }
  | { readonly type: 'tcp'; readonly host: string; readonly port: number };

export const DEFAULT_ADDRESS = 'unix:/run/openvswitch/db.sock';

/** Reads `unix:PATH` or `tcp:HOST:PORT` (an IPv6 address in brackets). Throws a `RangeError` that says what is expected. */
export function parseOvsdbAddress(text: string): OvsdbAddress {
  const unix = /^unix:(?<path>.+)$/.exec(text);
  if (unix?.groups?.['path']) return { type: 'unix', path: unix.groups['path'] };
  const tcp = /^tcp:(?:\[(?<ipv6>[^\]]+)\]|(?<host>[^:[\]]+)):(?<port>\d{1,5})$/.exec(text);
  const host = tcp?.groups?.['ipv6'] ?? tcp?.groups?.['host'];
  const port = Number(tcp?.groups?.['port']);
  if (host && port > 0 && port < 65536) return { type: 'tcp', host, port };
  throw new RangeError(`OVSDB address ${JSON.stringify(text)}: expected unix:PATH or tcp:HOST:PORT`);
}
