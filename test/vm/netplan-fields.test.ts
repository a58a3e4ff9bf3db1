import { expect, test } from 'vitest';
import { at } from '../e2e/daemon.ts';
import { PATIENCE_MS, startHost } from './virtual-machine.ts';
import type { Host } from './virtual-machine.ts';

/** One device with one kind of field, from the manifest to the kernel. */
interface Field {
  readonly device: string;
  /** The VlanPort's spec beside its bridge and VLAN, as YAML; absent: another resource of SURROUNDINGS gives it. */
  readonly spec?: string;
  /** It is on the wire of the uplink, where a router advertises; the others are in a VLAN of their own. */
  readonly onWire?: true;
  /** Shows in the machine what has become of it. */
  readonly look: string;
  readonly shows: readonly RegExp[];
  readonly hides?: RegExp;
  /** Undoes it by hand, which is to be noticed and mended. */
  readonly edit?: string;
  /** Open vSwitch mends it by itself, before anybody can notice. */
  readonly mendsItself?: true;
}

const [WAN, BOND_1, BOND_2] = ['52:54:00:00:09:01', '52:54:00:00:09:02', '52:54:00:00:09:03'];
const SURROUNDINGS = `
apiVersion: bridgekeeper.dev/v1alpha1
kind: Host
metadata: {name: luna}
spec:
  # What the guard does is not looked at here.
  rollback: {enabled: false}
---
apiVersion: bridgekeeper.dev/v1alpha1
kind: Bridge
metadata: {name: fbr}
spec:
  uplinks: [{name: wan1, match: {macAddress: "${WAN}"}, optional: true, mtu: 1600}]
  localPort: {addresses: [198.51.110.2/24], vlan: {mode: access, tag: 9}}
---
apiVersion: bridgekeeper.dev/v1alpha1
kind: Bridge
metadata: {name: fbr2}
spec:
  uplinks:
  - name: fbond
    optional: true
    bond:
      mode: balance-slb
      interfaces: [{name: slave1, match: {macAddress: "${BOND_1}"}}, {name: slave2, match: {macAddress: "${BOND_2}"}}]
`;

const FIELDS: readonly Field[] = [
  {
    device: 'f-addr',
    spec: 'addresses: [198.51.100.2/24, "2001:db8:1::2/64"]',
    look: 'ip -br address show f-addr',
    shows: [/ 198\.51\.100\.2\/24 /, / 2001:db8:1::2\/64 /],
    edit: 'ip address delete 198.51.100.2/24 dev f-addr; ip address delete 2001:db8:1::2/64 dev f-addr',
  },
  {
    device: 'f-route',
    spec: `addresses: [198.51.101.2/24]
  routes:
  - {to: default, via: 198.51.101.1, metric: 500, table: 101}
  - {to: 203.0.113.0/24, via: 198.51.101.1, metric: 50}
  - {to: 203.0.114.0/24, via: 192.0.2.9, onLink: true}
  - {to: 192.0.3.0/24, scope: link}
  - {to: 192.0.4.1, scope: host}`,
    look: 'ip -4 route show table all dev f-route',
    shows: [
      /^default via 198\.51\.101\.1 table 101 proto static metric 500/m, /^203\.0\.113\.0\/24 via 198\.51\.101\.1 proto static metric 50/m,
      /^203\.0\.114\.0\/24 via 192\.0\.2\.9 proto static onlink/m, /^192\.0\.3\.0\/24 proto static scope link/m, /^192\.0\.4\.1 proto static scope host/m,
    ],
    edit: `ip route delete default table 101 dev f-route; ip route delete 203.0.113.0/24 dev f-route; ip route delete 203.0.114.0/24 dev f-route
      ip route delete 192.0.3.0/24 dev f-route; ip route delete 192.0.4.1 dev f-route scope host`,
  },
  {
    device: 'f-route6',
    spec: `addresses: ["2001:db8:2::2/64"]
  routes: [{to: "2001:db8:f::/48", via: "2001:db8:2::1", metric: 77}, {to: default, via: "2001:db8:2::1", table: 101}]`,
    look: 'ip -6 route show table all dev f-route6',
    shows: [/^2001:db8:f::\/48 via 2001:db8:2::1 proto static metric 77/m, /^default via 2001:db8:2::1 table 101 proto static/m],
    edit: 'ip -6 route delete 2001:db8:f::/48 dev f-route6; ip -6 route delete default table 101 dev f-route6',
  },
  {
    device: 'f-rule',
    spec: `addresses: [198.51.102.2/24]
  routingPolicy:
  - {from: 198.51.102.0/24, table: 102, priority: 1020}
  - {to: 203.0.115.0/24, table: 102, priority: 1021, mark: 7}
  - {from: 198.51.102.9, table: 102}
  - {from: "2001:db8:3::/64", table: 102, priority: 1023}`,
    look: 'ip -4 rule; ip -6 rule',
    shows: [
      /^1020:\tfrom 198\.51\.102\.0\/24 lookup 102/m, /^1021:\tfrom all to 203\.0\.115\.0\/24 fwmark 0x7 lookup 102/m,
      /from 198\.51\.102\.9 lookup 102/, /^1023:\tfrom 2001:db8:3::\/64 lookup 102/m,
    ],
    edit: 'ip rule delete priority 1020; ip rule delete priority 1021; ip rule delete from 198.51.102.9 table 102; ip -6 rule delete priority 1023',
  },
  {
    device: 'f-dhcp',
    spec: 'dhcp4: true\n  dhcp6: true\n  acceptRa: true',
    onWire: true,
    look: 'ip -br address show f-dhcp; ip -6 route show dev f-dhcp',
    shows: [/ 10\.0\.9\.\d+\/24 /, / fec0:/, /^default via fe80::2 proto ra/m],
    edit: 'ip -4 address flush dev f-dhcp',
  },
  { device: 'f-nora', spec: 'acceptRa: false', onWire: true, look: 'ip -br address show f-nora', shows: [/ fe80::/], hides: /fec0:/ },
  {
    device: 'f-dns',
    spec: 'addresses: [198.51.103.2/24]\n  nameservers: {addresses: [198.51.103.53, "2001:db8::53"], search: [one.example, two.example]}',
    look: 'resolvectl dns f-dns; resolvectl domain f-dns',
    shows: [/198\.51\.103\.53 2001:db8::53$/m, /one\.example two\.example$/m],
    edit: 'resolvectl dns f-dns 9.9.9.9; resolvectl domain f-dns wrong.example',
  },
  { device: 'f-mtu', spec: 'mtu: 1400\n  addresses: [198.51.104.2/24]', look: 'cat /sys/class/net/f-mtu/mtu', shows: [/^1400$/m], edit: 'ip link set f-mtu mtu 1300', mendsItself: true },
  {
    device: 'f-mac',
    spec: 'macAddress: "02:00:00:00:00:aa"\n  addresses: [198.51.105.2/24]',
    look: 'cat /sys/class/net/f-mac/address; ip -br address show f-mac',
    shows: [/^02:00:00:00:00:aa$/m, / 198\.51\.105\.2\/24 /],
  },
  { device: 'f-opt', spec: 'optional: true', look: 'cat /run/systemd/network/10-netplan-f-opt.network', shows: [/^RequiredForOnline=no$/m] },
  {
    device: 'fbr',
    look: 'ip -br address show fbr',
    shows: [/^fbr +UNKNOWN .* 198\.51\.110\.2\/24 /],
    edit: 'ip link set fbr down',
  },
  {
    device: 'wan1',
    look: 'ip -br link show wan1; cat /sys/class/net/wan1/mtu; ovs-vsctl port-to-br wan1',
    shows: [new RegExp(`^wan1 +UP +${WAN}`, 'm'), /^1600$/m, /^fbr$/m],
    edit: 'ip link set wan1 mtu 1500',
    mendsItself: true,
  },
  {
    device: 'slave1',
    look: 'ip -br link show slave1; ip -br link show slave2; ovs-appctl bond/show fbond',
    shows: [new RegExp(`^slave1 +UP +${BOND_1}`, 'm'), new RegExp(`^slave2 +UP +${BOND_2}`, 'm'), /bond_mode: balance-slb/, /slave1: enabled/, /slave2: enabled/],
    edit: 'ip link set slave1 down',
  },
];
const PORTS = FIELDS.filter(({ spec }) => spec !== undefined);

function vlanPort({ device, spec = '', onWire }: Pick<Field, 'device' | 'spec' | 'onWire'>): string {
  const vlan = onWire ? '' : '  vlan: {mode: access, tag: 9}\n';
  return `---\napiVersion: bridgekeeper.dev/v1alpha1\nkind: VlanPort\nmetadata: {name: ${device}}\nspec:\n  bridgeName: fbr\n${vlan}  ${spec}\n`;
}

/** What is not as the table says, with what was seen. */
async function wrong(host: Host): Promise<readonly string[]> {
  const seen = (await host.sh(FIELDS.map(({ device, look }) => `echo '== ${device}'; { ${look}; } 2>&1 || true`).join('\n'))).split(/^== .*\n/m).slice(1);
  return FIELDS.flatMap(({ device, shows, hides }, index) => {
    const text = seen[index] ?? '';
    const missing = [...shows.filter((pattern) => !pattern.test(text)), ...(hides?.test(text) === true ? [`not ${hides}`] : [])];
    return missing.length === 0 ? [] : [`${device}: no ${missing.join(', ')} in: ${text}`];
  });
}

test('has of every field what the manifest says, mends what is undone by hand, and leaves what is right', async () => {
  await using host = await startHost();
  const asSaid = (): Promise<void> => expect.poll(() => wrong(host), { timeout: PATIENCE_MS, interval: 1_000 }).toEqual([]);
  // These are there under the kernel's names; the other comes when its name is known already.
  for (const macAddress of [BOND_1, BOND_2]) await host.machine.plugNic(macAddress);
  await host.apply(SURROUNDINGS + PORTS.map(vlanPort).join(''));
  await host.ready(...PORTS.map(({ device }) => `vlanport/${device}`));
  await host.machine.plugNic(WAN);
  await asSaid();
  await host.ready('bridge/fbr', 'bridge/fbr2');

  // Another device is looked at with all the others, and only it is touched, also where netplan has written all files anew, as it
  // does whenever a package is installed.
  await host.sh('until [ -z "$(ip -6 address show tentative)$(find /run/systemd/netif/links -newermt \'-5 seconds\')" ]; do sleep 0.5; done; systemctl daemon-reload');
  const before = await host.sh('date +%s.%N');
  await host.listen();
  await host.apply(vlanPort({ device: 'f-last', spec: 'addresses: [198.51.109.2/24]' }));
  await host.ready('vlanport/f-last');
  const heard = (await host.heard()).split('\n').filter((line) => line !== '' && !/f-last|198\.51\.109\.|f-dhcp/.test(line));
  expect(heard).toEqual([]);
  const plans = await host.sh(`journalctl -o cat -u bridgekeeper --since @${before.trim()} | grep 'applied a plan' || true`);
  expect(plans).toContain('f-last');
  expect(plans.replaceAll(/"[^"]*f-last[^"]*"/g, '')).not.toMatch(/device|Port |Bridge /);
  expect(at(JSON.parse(await host.bridgectl('get', 'driftreports', '-o', 'json')), 'items')).toEqual([]);

  await host.sh(FIELDS.flatMap(({ edit }) => edit ?? []).join('\n'));
  const edited = FIELDS.filter(({ edit, mendsItself }) => edit !== undefined && !mendsItself).map(({ device }) => device);
  const unreported = async (): Promise<readonly string[]> => {
    const reports = await host.bridgectl('get', 'driftreports', '-o', 'yaml');
    return edited.filter((device) => !reports.includes(`${device}.`));
  };
  await expect.poll(unreported, { timeout: PATIENCE_MS, interval: 1_000 }).toEqual([]);
  await asSaid();
});
