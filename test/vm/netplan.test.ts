import { expect, test } from 'vitest';
import { at } from '../e2e/daemon.ts';
import { startHost } from './virtual-machine.ts';

const HOST = `
apiVersion: bridgekeeper.dev/v1alpha1
kind: Host
metadata: {name: luna}
spec:
  # An emulated machine takes many times longer than a real one for everything.
  rollback: {timeoutSeconds: 300}
---`;
const LUNA = `${HOST}
apiVersion: bridgekeeper.dev/v1alpha1
kind: Bridge
metadata: {name: lunabr}
spec:
  adoptionPolicy: ADOPT
  uplinks:
  - name: eth0
    match: {macAddress: "94:c6:91:1a:a6:3e"}
    optional: true
---
apiVersion: bridgekeeper.dev/v1alpha1
kind: VlanPort
metadata: {name: vnet100}
spec:
  bridgeName: lunabr
  vlan: {mode: access, tag: 100}
  addresses: [192.168.105.253/24]
  routes: [{to: default, via: 192.168.105.1}]
  nameservers: {addresses: [192.168.105.224], search: [parchis.org]}
  optional: true
`;
const ADDRESS = '192.168.105.253';
const SEED_FILE = `network:
  version: 2
  renderer: networkd
  ethernets:
    eth0:
      optional: true
      match:
        macaddress: "94:c6:91:1a:a6:3e"
        name: eno1
        name: eth0
      set-name: eth0
      dhcp4: no
    lunabr:
      optional: true
      dhcp4: no
    vnet100:
      optional: true
      addresses:
      - 192.168.105.253/24
      routes:
      - to: default
        via: 192.168.105.1
      nameservers:
        addresses: [192.168.105.224]
        search: [parchis.org]
`;
/** netplan's files, with when they were written. */
const FILES = 'stat -c "%n %y %i" /etc/netplan/*';
/** netplan's own unit has ten seconds for ovs-vsctl, which an emulated machine on a busy one exceeds. */
const SLOW_NETPLAN = `
  mkdir -p /etc/systemd/system/netplan-ovs-cleanup.service.d
  printf '[Service]\\nTimeoutStartSec=300\\n' >/etc/systemd/system/netplan-ovs-cleanup.service.d/slow.conf
`;
/** All that the move may touch, and that a rollback must bring back; not when a file was written, nor what the kernel numbers anew. */
const HOST_STATE = `
  find /etc/netplan /run/systemd/network -type f -exec stat -c '%n %a %u:%g' {} + -exec sha256sum {} + | sort
  find /etc/netplan -type f -exec stat -c '%n %Y' {} +
  ip -br -4 address | sort
  ip -4 route
  ip rule
  cat /sys/class/net/eth0/mtu /sys/class/net/eth0/address
  resolvectl dns eth0
  resolvectl domain eth0
  ovs-vsctl show | sed 1d
`;

test('moves the host from its NIC to a VLAN port behind a new bridge, is silent when asked again, and boots so', async () => {
  await using host = await startHost();
  const pinging = host.machine.pinging(ADDRESS);
  await host.apply(LUNA.replace('ADOPT', 'Always'));
  await host.ready('bridge/lunabr', 'vlanport/vnet100');
  const count = await pinging.stop();
  console.log(`the move: ${JSON.stringify(count)}`);
  expect(count.longestGapMs).toBeLessThan(2_000);
  expect(await host.sh('ip -br -4 address show eth0')).not.toContain(ADDRESS);
  // networkd is not root.
  expect(await host.sh('runuser -u systemd-network -- cat /run/systemd/network/10-netplan-vnet100.network')).toContain(ADDRESS);

  const files = await host.sh(FILES);
  await host.listen();
  await host.apply(LUNA.replace('ADOPT', 'Always'));
  await host.ready('bridge/lunabr', 'vlanport/vnet100');
  expect(await host.heard()).toBe('');
  expect(await host.sh(FILES)).toBe(files);

  // The daemon is kept from starting: what a boot brings up is the host's own.
  await host.sh('systemctl disable --quiet bridgekeeper; sync');
  await host.machine.powerCycle();
  const after = host.machine.pinging(ADDRESS);
  await host.sh(`until ip -br -4 address show vnet100 | grep -q ${ADDRESS}; do sleep 0.5; done; sleep 3`);
  expect((await after.stop()).lost).toBeLessThan(5);
  const network = await host.sh('ip -4 route; ip -br -4 address; ovs-vsctl list-ports lunabr');
  await host.listen();
  await host.sh('systemctl start bridgekeeper');
  await host.answers();
  await host.ready('bridge/lunabr', 'vlanport/vnet100');
  expect(await host.heard()).toBe('');
  expect(await host.sh(FILES)).toBe(files);
  expect(await host.sh('ip -4 route; ip -br -4 address; ovs-vsctl list-ports lunabr')).toBe(network);
}, 1_800_000);

test('takes over a host made by hand as the founding document does it and gives it back, and the wire hears nothing', async () => {
  await using host = await startHost(`
    cat >/etc/netplan/00-red-luna.yaml <<'FILE'
${SEED_FILE}FILE
    chmod 600 /etc/netplan/00-red-luna.yaml
    rm /etc/netplan/00-installer-config.yaml
    ovs-vsctl add-br lunabr -- add-port lunabr eth0 -- add-port lunabr vnet100 tag=100 -- set Interface vnet100 type=internal
    ${SLOW_NETPLAN}
    netplan apply
    until ip -br -4 address show vnet100 | grep -q ${ADDRESS}; do sleep 0.5; done`);
  const adopted = LUNA.replaceAll('spec:\n', 'spec:\n  deletionPolicy: Orphan\n').replace('ADOPT', 'IfMatching').replace('  deletionPolicy: Orphan\n  # An', '  # An');
  const pinging = host.machine.pinging(ADDRESS);
  await host.listen();
  await host.apply(adopted);
  await host.ready('bridge/lunabr', 'vlanport/vnet100');
  expect(await host.heard()).toBe('');
  expect(await host.sh('cat /etc/netplan/00-red-luna.yaml')).not.toContain('eth0');
  expect(await host.sh('cat /var/lib/bridgekeeper/netplan/taken-over/00-red-luna.yaml')).toBe(SEED_FILE);

  await host.listen();
  await host.bridgectl('delete', 'vlanport/vnet100', 'bridge/lunabr');
  await host.sh('until [ "$(ls /etc/netplan)" = 00-red-luna.yaml ]; do sleep 0.5; done');
  expect(await host.heard()).toBe('');
  expect(await host.sh('cat /etc/netplan/00-red-luna.yaml')).toBe(SEED_FILE);
  expect(await host.sh('stat -c %a /etc/netplan/00-red-luna.yaml; ls /var/lib/bridgekeeper/netplan/taken-over')).toBe('600\n');
  const count = await pinging.stop();
  console.log(`taken over and given back: ${JSON.stringify(count)}`);
  // An emulated machine on a busy one may itself stand still for a second.
  expect(count.longestGapMs).toBeLessThan(2_000);
}, 1_800_000);

test('is back where it was at the deadline when the far switch has the port in another VLAN, and says why', async () => {
  await using host = await startHost();
  const before = await host.sh(HOST_STATE);
  // VLAN 100 passes untagged, as the NIC speaks it now, and not tagged, as the new port will.
  await host.machine.switch({ command: 'port', native: 100, tagged: [200] });
  const pinging = host.machine.pinging(ADDRESS);
  await host.apply(LUNA.replace('ADOPT', 'Always').replace('timeoutSeconds: 300', 'timeoutSeconds: 90'));
  await host.bridgectl('wait', 'vlanport/vnet100', '--for=condition=RolledBack', '--timeout=300s');
  const after = host.machine.pinging(ADDRESS);
  const checkpoint = at(JSON.parse(await host.bridgectl('get', 'host', 'luna', '-o', 'json')), 'status.checkpoint');
  const count = await pinging.stop();
  console.log(`the rollback: ${JSON.stringify({ checkpoint, count })}`);
  expect(count.longestGapMs, 'the port was cut off').toBeGreaterThan(5_000);
  expect(checkpoint).toMatchObject({ state: 'RolledBack', failedProbe: expect.stringContaining('192.168.105.1') });
  const [startedAt, endedAt] = ['startedAt', 'endedAt'].map((field) => Date.parse(String(at(checkpoint, field))));
  expect(Number(endedAt) - Number(startedAt)).toBeGreaterThanOrEqual(89_000);
  expect(Number(endedAt) - Number(startedAt)).toBeLessThan(150_000);
  expect(await host.bridgectl('get', 'vlanport', 'vnet100', '-o', 'yaml')).toMatch(/nobody answered: gateway 192\.168\.105\.1/);
  expect(await host.sh(HOST_STATE)).toBe(before);
  expect((await after.stop()).lost).toBeLessThan(5);
}, 1_800_000);
