import { describe, expect, test } from 'vitest';
import { parseLinks, parseRoutes, parseRules } from '../../../../../controller/systems/netplan/ip-json.ts';

// What iproute2 6.1 printed on a lab host, shortened.
const LINKS = `[{"ifindex":1,"ifname":"lo","flags":["LOOPBACK","UP","LOWER_UP"],"mtu":65536,"operstate":"UNKNOWN","address":"00:00:00:00:00:00",
"addr_info":[{"family":"inet","local":"127.0.0.1","prefixlen":8,"scope":"254","label":"lo"}]},{},
{"ifindex":3,"link":"v1","ifname":"v0","flags":["NO-CARRIER","BROADCAST","MULTICAST","UP","M-DOWN"],"mtu":1400,"operstate":"LOWERLAYERDOWN",
"address":"de:26:7f:3b:b4:a0","linkinfo":{"info_kind":"veth"},"addr_info":[]},
{"ifindex":4,"ifname":"vnet100","flags":["BROADCAST","MULTICAST","PROMISC","UP","LOWER_UP"],"mtu":1500,"operstate":"UNKNOWN",
"address":"56:c9:ef:6e:6f:80","linkinfo":{"info_kind":"tun"},"addr_info":[{"family":"inet","local":"192.168.105.253","prefixlen":24,"scope":"0"},
{"family":"inet","local":"10.0.0.7","prefixlen":24,"scope":"0","dynamic":true},
{"family":"inet6","local":"fe80::54c9:efff:fe6e:6f80","prefixlen":64,"scope":"253"}]}]`;

describe('links', () => {
  test('have flags, kind and addresses', () => {
    expect(parseLinks(LINKS)).toEqual([
      expect.objectContaining({ name: 'lo', up: true, carrier: true, kind: undefined }),
      { name: 'v0', index: 3, mac: 'de:26:7f:3b:b4:a0', mtu: 1400, up: true, carrier: false, kind: 'veth', below: 'v1', addresses: [] },
      {
        name: 'vnet100',
        index: 4,
        mac: '56:c9:ef:6e:6f:80',
        mtu: 1500,
        up: true,
        carrier: true,
        kind: 'tun',
        addresses: [
          { address: '192.168.105.253', prefixLength: 24, scope: 'global', dynamic: false },
          { address: '10.0.0.7', prefixLength: 24, scope: 'global', dynamic: true },
          { address: 'fe80::54c9:efff:fe6e:6f80', prefixLength: 64, scope: 'link', dynamic: false },
        ],
      },
    ]);
  });

  test.each(['{}', 'hello', '[{"ifname":"x"}]', '[{"ifindex":1,"mtu":1}]'])('that are none throw: %s', (json) => {
    expect(() => parseLinks(json)).toThrow();
  });

  test('may be none at all', () => {
    expect(parseLinks('')).toEqual([]);
  });
});

test('routes are brought into one form, without those of the local table', () => {
  const json = `[{"dst":"default","gateway":"192.168.105.1","dev":"vnet100","protocol":"4","flags":[]},
    {"dst":"10.77.0.0/16","gateway":"10.6.0.7","dev":"vnet6","table":"76","protocol":"4","metric":5,"flags":["onlink"]},
    {"dst":"10.78.0.9","dev":"vnet6","scope":"253","flags":[]},
    {"dst":"10.79.0.0/16","via":{"family":"inet6","host":"FE80::9"},"dev":"vnet6","flags":[]},
    {"type":"7","dst":"10.80.0.0/16","flags":[]},
    {"type":"2","dst":"10.6.0.1","dev":"vnet6","table":"255","protocol":"2","scope":"254","flags":[]}]`;
  expect(parseRoutes(json, 4)).toEqual([
    { family: 4, to: '0.0.0.0/0', device: 'vnet100', via: '192.168.105.1', metric: undefined, table: 254, protocol: 4, onLink: false, scope: 0 },
    { family: 4, to: '10.77.0.0/16', device: 'vnet6', via: '10.6.0.7', metric: 5, table: 76, protocol: 4, onLink: true, scope: 0 },
    { family: 4, to: '10.78.0.9/32', device: 'vnet6', via: undefined, metric: undefined, table: 254, protocol: 3, onLink: false, scope: 253 },
    { family: 4, to: '10.79.0.0/16', device: 'vnet6', via: 'fe80::9', metric: undefined, table: 254, protocol: 3, onLink: false, scope: 0 },
  ]);
  expect(parseRoutes('[{"dst":"default","gateway":"fe80::1","dev":"x","protocol":"9","metric":1024,"flags":[]}]', 6)).toMatchObject([{ to: '::/0' }]);
});

test('rules are brought into one form', () => {
  const json = `[{"priority":0,"src":"all","table":"255"},{"priority":99,"src":"all","dst":"1.2.3.4","fwmark":"0x5","table":"254"},
    {"priority":100,"src":"10.6.0.0","srclen":24,"table":"76","protocol":"4"}]`;
  expect(parseRules(json, 4)).toEqual([
    { family: 4, priority: 0, from: undefined, to: undefined, table: 255, mark: undefined },
    { family: 4, priority: 99, from: undefined, to: '1.2.3.4/32', table: 254, mark: 5 },
    { family: 4, priority: 100, from: '10.6.0.0/24', to: undefined, table: 76, mark: undefined },
  ]);
});
