import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import type { NetplanDesired } from '../../controller/systems/netplan/desired.ts';
import type { NetplanStep } from '../../controller/systems/netplan/step.ts';
import type { Plan, Refusal } from '../../controller/systems/system.ts';
import { startLab, type Lab } from '../lab/lab.ts';
import { desire, desiredJson, device, lunaDevices } from '../unit/controller/systems/netplan/netplan-desired.ts';

const DRIVER = fileURLToPath(new URL('netplan-driver.ts', import.meta.url));
const FILE = '/etc/netplan/90-bridgekeeper.yaml';
const TIMEOUT_MS = 60_000;

interface Round {
  readonly plan: Plan<NetplanStep>;
  readonly refusals: readonly Refusal[];
  readonly applied: number;
}

interface Run {
  /** The first is applied, the second only planned. */
  readonly rounds: readonly [Round, Round];
  /** All that was run, but for what only reads the kernel. */
  readonly commands: readonly string[];
}

let lab: Lab;

beforeAll(async () => {
  lab = await startLab('netplan');
}, TIMEOUT_MS);

afterAll(() => lab.down());

beforeEach(async () => {
  await sh(`
    rm -rf /etc/netplan/* /run/netplan/* /run/systemd/network/*netplan* /run/udev/rules.d/*netplan*
    systemctl is-active --quiet systemd-networkd || systemctl start systemd-networkd
    until networkctl reload; do sleep 0.05; done
    ovs-vsctl --if-exists del-br lunabr -- add-br lunabr -- set bridge lunabr datapath_type=netdev
    ovs-vsctl add-port lunabr vnet100 tag=100 -- set interface vnet100 type=internal`);
});

function sh(script: string): Promise<string> {
  return lab.run(['bash', '-euc', script]);
}

async function drive(action: 'converge' | 'plan', desired: NetplanDesired): Promise<Run> {
  return JSON.parse(await lab.run([process.execPath, DRIVER, action], { input: desiredJson(desired) })) as Run;
}

const converge = (desired: NetplanDesired): Promise<Run> => drive('converge', desired);

function differences(round: Round): readonly string[] {
  return round.plan.steps.flatMap((step) => step.differences.map(({ path, expected, found }) => `${path}: ${found} -> ${expected}`));
}

function failures(round: Round): readonly Refusal[] {
  return [...round.refusals, ...round.plan.refusals];
}

async function addresses(name: string): Promise<readonly string[]> {
  const text = await lab.run(['ip', '-4', '-o', 'addr', 'show', 'dev', name]);
  return [...text.matchAll(/inet (\S+)/g)].map(([, address]) => address ?? '');
}

/** Notes what happens to IPv4 addresses, routes and links while `during` runs (IPv6 goes on settling by itself for a second). */
async function monitored(during: () => Promise<void>): Promise<string> {
  await sh(`ip -4 monitor address > /run/seen.addresses 2>&1 & echo $! > /run/monitors
    ip -4 monitor route > /run/seen.routes 2>&1 & echo $! >> /run/monitors`);
  await during();
  return sh('kill $(cat /run/monitors); cat /run/seen.*');
}

const mtime = (): Promise<string> => lab.run(['stat', '-c', '%y %i', FILE]);

const waitFor = (isSo: () => boolean | Promise<boolean>): Promise<boolean> => vi.waitUntil(isSo, { timeout: 5_000, interval: 20 });

describe('a host as the founding document has it', () => {
  test('gets its address, route and file at once, and a second run touches nothing', async () => {
    const first = await converge(desire(lunaDevices));

    expect(failures(first.rounds[0])).toEqual([]);
    expect(first.rounds[1].plan).toEqual({ steps: [], findings: [], refusals: [] });
    expect(await addresses('vnet100')).toEqual(['192.168.105.253/24']);
    expect(await lab.run(['ip', 'route', 'show', 'default'])).toContain('default via 192.168.105.1 dev vnet100');
    expect(await lab.run(['stat', '-c', '%a %U', FILE])).toBe('600 root\n');
    expect(await lab.run(['networkctl', 'status', 'vnet100'])).toMatch(/DNS: 192\.168\.105\.224/);
    expect(await lab.run(['netplan', 'get', 'ethernets.vnet100.addresses'])).toContain('192.168.105.253/24');
    expect(await sh('ip -6 addr show dev lunabr')).toBe('');

    const before = await mtime();
    const again = await converge(desire(lunaDevices));
    expect(again.rounds[0].plan).toEqual({ steps: [], findings: [], refusals: [] });
    expect(again.commands).toEqual(['netplan info', 'dpkg-query -W -f ${Version} netplan.io']);
    expect(await mtime()).toBe(before);
  });

  test('gets its address when the port comes after the file, and again when it is made anew', async () => {
    await sh('ovs-vsctl del-port lunabr vnet100');
    const early = await converge(desire(lunaDevices));
    expect(failures(early.rounds[0])).toEqual([]);
    expect(early.rounds[1].plan.steps).toEqual([]);

    for (let time = 0; time < 2; time++) {
      await sh('ovs-vsctl --if-exists del-port lunabr vnet100 -- add-port lunabr vnet100 -- set interface vnet100 type=internal');
      await waitFor(async () => (await addresses('vnet100')).includes('192.168.105.253/24'));
      expect((await drive('plan', desire(lunaDevices))).rounds[0].plan.steps).toEqual([]);
    }
  });

  test('keeps what belongs to others when everything of ours goes', async () => {
    await sh(`printf 'network: {version: 2, ethernets: {other0: {addresses: [10.5.0.1/24]}}}' > /etc/netplan/00-other.yaml
      chmod 600 /etc/netplan/00-other.yaml; netplan generate; networkctl reload
      ovs-vsctl add-port lunabr other0 -- set interface other0 type=internal`);
    await waitFor(async () => (await addresses('other0')).length > 0);
    await converge(desire(lunaDevices));
    await sh('ip addr add 10.9.9.9/24 dev vnet100');

    const gone = await converge(desire([], { leaving: new Set(lunaDevices.map(({ owner }) => owner)) }));

    expect(gone.rounds[0].plan.steps.map(({ verb, leftover }) => ({ verb, leftover }))).toEqual(
      lunaDevices.map(() => ({ verb: 'delete', leftover: false })),
    );
    expect(gone.rounds[1].plan.steps).toEqual([]);
    expect(await sh('ls /etc/netplan')).toBe('00-other.yaml\n');
    expect(await sh('ls /run/systemd/network')).toBe('10-netplan-other0.network\n');
    expect(await addresses('vnet100')).toEqual(['10.9.9.9/24']);
    expect(await addresses('other0')).toEqual(['10.5.0.1/24']);
    expect(await lab.run(['ip', 'route', 'show', 'default'])).toBe('');
  });
});

describe('a device that is to be down', () => {
  const down = desire([device('Bridge/lunabr', 'lunabr', { noLinkLocal: true, keptDown: true })]);
  const isUp = async (): Promise<boolean> => (await lab.run(['ip', '-o', 'link', 'show', 'dev', 'lunabr'])).includes(',UP');

  test('goes down, goes down again when somebody brings it up, and comes back', async () => {
    await converge(desire([device('Bridge/lunabr', 'lunabr', { noLinkLocal: true })]));
    expect(await isUp()).toBe(true);
    const gone = await converge(down);
    expect(failures(gone.rounds[1])).toEqual([]);
    expect(gone.rounds[1].plan.steps).toEqual([]);
    expect(await isUp()).toBe(false);
    // networkd sees to it by itself while it runs.
    await sh('ip link set lunabr up');
    expect(await waitFor(async () => !(await isUp()))).toBe(true);
    await sh('systemctl stop systemd-networkd; ip link set lunabr up');
    const again = await converge(down);
    expect(differences(again.rounds[0])).toEqual(['lunabr.link: up -> down']);
    expect(again.rounds[1].plan.steps).toEqual([]);
    expect(await isUp()).toBe(false);
    await sh('systemctl start systemd-networkd');
    await converge(desire([device('Bridge/lunabr', 'lunabr', { noLinkLocal: true })]));
    expect(await waitFor(isUp)).toBe(true);
  }, TIMEOUT_MS);
});

describe('what somebody changed by hand', () => {
  beforeEach(async () => {
    await converge(desire(lunaDevices));
  });

  test('an address, a route and a link are mended by just that, and what others added stays and is told', async () => {
    await sh('ip addr add 10.1.1.1/24 dev vnet100; ip addr del 192.168.105.253/24 dev vnet100');
    const run = await converge(desire(lunaDevices));
    expect(differences(run.rounds[0])).toEqual(['vnet100.addresses:  -> 192.168.105.253/24']);
    expect(run.rounds[0].plan.findings.map(({ difference }) => difference)).toEqual([
      { path: 'vnet100.addresses', expected: '', found: '10.1.1.1/24' },
    ]);
    expect(run.commands.filter((command) => /netplan apply|generate|networkctl/.test(command))).toEqual([]);
    expect(run.rounds[1].plan.steps).toEqual([]);
    expect((await addresses('vnet100')).toSorted()).toEqual(['10.1.1.1/24', '192.168.105.253/24']);

    await sh('ip link set vnet100 down');
    const up = await converge(desire(lunaDevices));
    expect(differences(up.rounds[0])).toEqual(['vnet100.link: down -> up']);
    expect(up.rounds[1].plan.steps).toEqual([]);
    expect(await lab.run(['ip', 'route', 'show', 'default'])).toContain('192.168.105.1');
  });

  test('the file is put right, and nothing else moves', async () => {
    await sh(`sed -i 's/105.253/105.77/; s/optional: true/optional: false/' ${FILE}`);
    const seen = await monitored(async () => {
      const run = await converge(desire(lunaDevices));
      expect(differences(run.rounds[0])).toContain('vnet100.addresses: [192.168.105.77/24] -> [192.168.105.253/24]');
      expect(run.rounds[1].plan.steps).toEqual([]);
      expect(run.commands).not.toContain('networkctl reload');
    });
    expect(seen).toBe('');
    expect(await sh(`cat ${FILE}`)).not.toContain('105.77');
  });

  test('all routes that went with the last address come back with it', async () => {
    await sh('ip addr flush dev vnet100');
    const run = await converge(desire(lunaDevices));
    expect(differences(run.rounds[0])).toEqual([
      'vnet100.addresses:  -> 192.168.105.253/24',
      'vnet100.routes:  -> default via 192.168.105.1',
    ]);
    expect(run.rounds[1].plan.steps).toEqual([]);
  });

  test('the file is put right also after it was applied, and so is a file that is no YAML or is gone', async () => {
    for (const edit of [`sed -i s/105.253/105.77/ ${FILE}; netplan apply`, `echo '  [' >> ${FILE}`, `rm ${FILE}`, `chmod 644 ${FILE}`]) {
      await sh(edit);
      const run = await converge(desire(lunaDevices));
      expect(run.rounds[0].plan.steps.length).toBeGreaterThan(0);
      expect(failures(run.rounds[0])).toEqual([]);
      expect(run.rounds[1].plan.steps).toEqual([]);
      expect(await addresses('vnet100')).toEqual(['192.168.105.253/24']);
    }
  });

  test('a change of one device leaves the others alone, foreign addresses included', async () => {
    await sh('ovs-vsctl add-port lunabr vnet6 -- set interface vnet6 type=internal');
    const six = (more: object) => device('VlanPort/vnet6', 'vnet6', { addresses: ['10.6.0.1/24'], ...more });
    await converge(desire([...lunaDevices, six({})]));
    await sh('ip addr add 10.9.9.9/24 dev vnet100; ip addr add 10.6.6.6/32 dev vnet6; ip route add 10.66.0.0/16 via 10.6.0.9');

    const seen = await monitored(async () => {
      const run = await converge(desire([...lunaDevices, six({ addresses: ['10.6.0.2/24'] })]));
      expect(run.rounds[1].plan.steps).toEqual([]);
    });

    expect((await addresses('vnet6')).toSorted()).toEqual(['10.6.0.2/24', '10.6.6.6/32']);
    expect(await lab.run(['ip', 'route', 'show', '10.66.0.0/16'])).toContain('via 10.6.0.9 dev vnet6');
    expect((await addresses('vnet100')).toSorted()).toEqual(['10.9.9.9/24', '192.168.105.253/24']);
    expect(seen).toContain('10.6.0.2/24');
    expect(seen).not.toMatch(/vnet100|192\.168\.105/);
  });

  test('a change of one device leaves the others alone also where netplan has written its files anew since', async () => {
    // Whether networkd has loaded them by now shows in when it last wrote of a link that is set up by them.
    const links = '/run/systemd/netif/links/*';
    const isSetUp = `networkctl --no-legend list vnet100 | grep -q configured$ && ip route show default | grep -q vnet100`;
    const file = '/run/systemd/network/10-netplan-vnet100.network';
    const renewals = [
      `netplan generate; touch -d '-1 hour' ${links}`,
      `netplan generate; networkctl reload; until [ $(grep -l ${file} ${links}) -nt ${file} ] && ${isSetUp}; do sleep 0.1; done`,
      `netplan generate; touch -d '-1 hour' ${links}`,
    ];
    await converge(desire(lunaDevices));
    for (const [index, renewal] of renewals.entries()) {
      await sh(`until ${isSetUp}; do sleep 0.1; done; ${renewal}`);
      const seen = await monitored(async () => {
        const run = await converge(desire([...lunaDevices, device('VlanPort/vnet6', 'vnet6', { addresses: [`10.6.${index}.1/24`] })]));
        expect(failures(run.rounds[0])).toEqual([]);
      });
      expect(seen, renewal).toBe('');
    }
  });

  test('an address that comes to a second device comes after the first is set up, where networkd sets that up anew', async () => {
    await converge(desire(lunaDevices));
    // As after a daemon-reload that nobody has told networkd of, and that we did not see.
    await sh(`until ip route show default | grep -q vnet100; do sleep 0.1; done; netplan generate; rm -r /run/bridgekeeper/loaded; ovs-vsctl add-port lunabr vnet7 -- set interface vnet7 type=internal`);

    const seen = await monitored(async () => {
      const run = await converge(desire([...lunaDevices, device('VlanPort/vnet7', 'vnet7', { addresses: ['192.168.105.253/24'] })]));
      expect(failures(run.rounds[0])).toEqual([]);
    });

    const events = seen.split('\n').filter((line) => line.includes('192.168.105.253/24'));
    expect(events.map((line) => /vnet\d+/.exec(line)?.[0])).toEqual(['vnet100', 'vnet100', 'vnet7']);
    expect(await sh('ip route get 192.168.105.1')).toContain('dev vnet100');
  });

  test('a NIC under another name gets its own, and the others keep still', async () => {
    await sh('ip link add eno1 address 02:00:00:00:0e:01 type veth peer name eno1-far; ip link set eno1-far up; ip link set eno1 up');
    const nic = device('Bridge/lunabr', 'wan0', { match: { macAddress: '02:00:00:00:0e:01' } });
    await converge(desire(lunaDevices));

    const seen = await monitored(async () => {
      const added = await converge(desire([...lunaDevices, nic]));
      expect(differences(added.rounds[1])).toEqual(['wan0.set-name: eno1 -> wan0']);
      const named = await converge(desire([...lunaDevices, nic]));
      expect(failures(named.rounds[0])).toEqual([]);
      expect(named.rounds[1].plan.steps).toEqual([]);
    });

    expect(await sh('cat /sys/class/net/wan0/address; ip -br link show wan0')).toMatch(/^02:00:00:00:0e:01\nwan0@eno1-far +UP/);
    expect(seen).not.toMatch(/vnet100|192\.168\.105/);
    await sh('ip link delete wan0');
  });
});

describe('other files', () => {
  test('that define a device of ours otherwise are named with their line, and that device alone waits', async () => {
    await sh(`cp ${fileURLToPath(new URL('../../examples/adopt/00-red-luna.yaml', import.meta.url))} /etc/netplan/`);
    const run = await converge(desire([device('Bridge/lunabr', 'lunabr', { noLinkLocal: true }), ...lunaDevices.slice(2)]));
    expect(run.rounds[0].plan.refusals).toEqual([
      {
        owner: 'Bridge/lunabr',
        reason: 'DefinedElsewhere',
        needsPerson: true,
        message: expect.stringContaining('/etc/netplan/00-red-luna.yaml:15 defines lunabr too') as string,
      },
    ]);
    expect(run.rounds[0].applied).toBe(1);
    expect(run.rounds[1].plan.steps).toEqual([]);
    expect(await sh(`cat ${FILE}`)).not.toContain('lunabr:');
  });

  test('under our name without our mark are left alone', async () => {
    await sh(`echo 'network: {version: 2}' > ${FILE}`);
    const run = await converge(desire(lunaDevices));
    expect(run.rounds[0].plan.steps).toEqual([]);
    expect(new Set(run.rounds[0].plan.refusals.map(({ reason }) => reason))).toEqual(new Set(['NotOwned']));
    expect(await sh(`cat ${FILE}`)).toBe('network: {version: 2}\n');
  });

  test('that netplan refuses hold everything up, and are named', async () => {
    await sh(`printf 'network:\\n  version: 2\\n  ethernets:\\n    x0:\\n      bogus: 1\\n' > /etc/netplan/50-broken.yaml`);
    const run = await converge(desire(lunaDevices));
    expect(run.rounds[0].applied).toBe(0);
    expect(run.rounds[0].refusals).toHaveLength(3);
    expect(run.rounds[0].refusals[0]?.message).toContain("/etc/netplan/50-broken.yaml:5:7: Error in network definition: unknown key 'bogus'");
    expect(await sh('ls /etc/netplan')).toBe('50-broken.yaml\n');
  });
});

describe('what is refused or goes wrong', () => {
  test('a stanza that netplan refuses is set aside, its old one stays, the others are done', async () => {
    await converge(desire(lunaDevices));
    const bad = device('VlanPort/vnet100', 'vnet100', { addresses: ['192.168.105.299/24'] });
    const good = device('VlanPort/vnet6', 'vnet6', { addresses: ['10.6.0.1/24'] });
    const run = await converge(desire([...lunaDevices.slice(0, 2), bad, good]));

    expect(run.rounds[0].refusals).toEqual([
      {
        owner: 'VlanPort/vnet100',
        reason: 'NetplanRefused',
        needsPerson: true,
        message: expect.stringMatching(/malformed address '192\.168\.105\.299\/24'/) as string,
      },
    ]);
    expect(run.rounds[0].applied).toBe(1);
    const file = await sh(`cat ${FILE}`);
    expect(file).toContain('10.6.0.1/24');
    expect(file).toContain('192.168.105.253/24');
    expect(await addresses('vnet100')).toEqual(['192.168.105.253/24']);
  });

  test('networkd that does not run is started by netplan apply', async () => {
    await sh('systemctl stop systemd-networkd');
    const run = await converge(desire(lunaDevices));
    expect(run.commands).toContain('netplan apply');
    expect(failures(run.rounds[0])).toEqual([]);
    expect(run.rounds[1].plan.steps).toEqual([]);
    expect(await addresses('vnet100')).toEqual(['192.168.105.253/24']);
  });

  test('when netplan apply fails the old file is put back', async () => {
    await converge(desire(lunaDevices));
    const before = await sh(`cat ${FILE}`);
    await sh('systemctl stop systemd-networkd; mount --bind /bin/false /usr/bin/systemctl');
    try {
      const changed = desire([...lunaDevices.slice(0, 2), device('VlanPort/vnet100', 'vnet100', { addresses: ['10.0.0.1/24'] })]);
      const run = await converge(changed);
      expect(run.rounds[0].refusals.map(({ owner }) => owner)).toEqual(['VlanPort/vnet100']);
      expect(run.rounds[0].refusals[0]?.message).toContain('the former configuration was put back');
      expect(await sh(`cat ${FILE}`)).toBe(before);
    } finally {
      await sh('umount /usr/bin/systemctl');
    }
  });

  test.each([
    ['before netplan has checked it', 'before:netplan generate'],
    ['before networkd is told', 'before:networkctl reload'],
    ['after networkd was told', 'after:networkctl reload'],
  ])('a change that is cut off %s is carried through by the next run', async (_, killAt) => {
    const changed = desire([...lunaDevices.slice(0, 1), device('VlanPort/vnet100', 'vnet100', { addresses: ['192.168.105.252/24'] })], {
      leaving: new Set(['Bridge/lunabr']),
    });
    await converge(desire(lunaDevices));
    const { code } = await lab.exec([process.execPath, DRIVER, 'converge'], { input: desiredJson(changed), env: { KILL_AT: killAt } });
    expect(code).toBe(137);

    const run = await converge(changed);

    expect(failures(run.rounds[0])).toEqual([]);
    expect(run.rounds[1].plan).toEqual({ steps: [], findings: [], refusals: [] });
    expect(await addresses('vnet100')).toEqual(['192.168.105.252/24']);
    expect(await lab.run(['ip', 'route', 'show', 'default'])).toBe('');
    expect(await sh('ls /etc/netplan')).toBe('90-bridgekeeper.yaml\n');
    expect(await sh('ls /run/systemd/network')).not.toContain('lunabr');
  });
});

describe('a device that is given up', () => {
  test('keeps working under a file of its own, and comes back', async () => {
    await converge(desire(lunaDevices));
    const seen = await monitored(async () => {
      const given = await converge(desire(lunaDevices.slice(0, 2), { released: new Set(['VlanPort/vnet100']) }));
      expect(given.rounds[0].plan.steps.map(({ verb }) => verb)).toEqual(['release']);
      expect(failures(given.rounds[0])).toEqual([]);
      expect(given.rounds[1].plan.steps).toEqual([]);
      expect(await sh(`cat ${FILE}`)).not.toContain('vnet100');
      expect(await sh('cat /etc/netplan/90-bridgekeeper-left-vnet100.yaml')).toContain('192.168.105.253/24');

      const back = await converge(desire(lunaDevices));
      expect(failures(back.rounds[0])).toEqual([]);
      expect(back.rounds[1].plan.steps).toEqual([]);
      expect(await sh('ls /etc/netplan')).toBe('90-bridgekeeper.yaml\n');
    });
    expect(seen).toBe('');
  });
});

test('a change of the kernel or of a netplan file is hinted at once', async () => {
  const child = lab.spawn([process.execPath, DRIVER, 'follow']);
  let output = '';
  child.stdout?.on('data', (data: Buffer) => (output += data.toString()));
  const hints = (): number => output.split('hint').length - 1;
  try {
    // The first says that the monitor listens by now.
    await waitFor(() => hints() === 1);
    for (const change of ['ip addr add 10.1.1.1/24 dev vnet100', 'ip link set vnet100 up', 'touch /etc/netplan/50-new.yaml']) {
      const before = hints();
      await sh(change);
      await expect.poll(hints, { message: change, timeout: 5_000 }).toBeGreaterThan(before);
    }
    const before = hints();
    await sh('kill -9 $(pgrep -x ip)');
    // Started again, and listening.
    await waitFor(() => hints() > before);
    const restarted = hints();
    await sh('ip link set vnet100 down');
    await waitFor(() => hints() > restarted);
  } finally {
    child.kill('SIGKILL');
  }
});

test('name servers that somebody told networkd at run time are put back', async () => {
  await converge(desire(lunaDevices));
  const manager = 'org.freedesktop.network1 /org/freedesktop/network1 org.freedesktop.network1.Manager';
  const told = (): Promise<string> => sh('grep ^DNS= /run/systemd/netif/links/$(cat /sys/class/net/vnet100/ifindex)');
  await waitFor(async () => (await told()) === 'DNS=192.168.105.224\n');
  await sh(`busctl call ${manager} SetLinkDNS 'ia(iay)' $(cat /sys/class/net/vnet100/ifindex) 1 2 4 9 9 9 9`);
  await waitFor(async () => (await told()) === 'DNS=9.9.9.9\n');
  const run = await converge(desire(lunaDevices));
  expect(differences(run.rounds[0])).toEqual(['vnet100.nameservers.addresses: 9.9.9.9 -> 192.168.105.224']);
  await waitFor(async () => (await told()) === 'DNS=192.168.105.224\n');
});

test('what DHCP gave and somebody took away is put back, with its metric and for no longer than the lease', async () => {
  await sh(`ovs-vsctl add-br lunabr -- set bridge lunabr datapath_type=netdev 2>/dev/null || true
    for port in dhcp0 vnet9; do ovs-vsctl --may-exist add-port lunabr $port -- set interface $port type=internal; done
    ip address add 10.9.0.1/24 dev dhcp0; ip link set dhcp0 up
    dnsmasq --interface=dhcp0 --bind-interfaces --port=0 --dhcp-range=10.9.0.50,10.9.0.50,1h --dhcp-leasefile=/run/leases --pid-file=/run/dnsmasq.pid`);
  const desired = desire([device('Bridge/lunabr', 'lunabr', { noLinkLocal: true }), device('VlanPort/vnet9', 'vnet9', { dhcp4: true })]);
  await converge(desired);
  await waitFor(async () => (await addresses('vnet9')).length === 1);
  const had = await sh('ip route show default dev vnet9');
  expect(had).toMatch(/^default via 10\.9\.0\.1 proto dhcp src 10\.9\.0\.50 metric \d+/);
  const metric = /metric \d+/.exec(had)?.[0] ?? '';

  // networkd writes the lease anew when the link changes; a lease just written may be one that it is about to carry out.
  for (const [edit, expected] of [
    ['ip address delete 10.9.0.50/24 dev vnet9', ['vnet9.addresses:  -> 10.9.0.50/24', `vnet9.routes:  -> default via 10.9.0.1 ${metric}`]],
    ['ip route delete default dev vnet9', [`vnet9.routes:  -> default via 10.9.0.1 ${metric}`]],
  ] as const) {
    await sh(`${edit}; sleep 2.5`);
    const run = await converge(desired);
    expect(differences(run.rounds[0])).toEqual(expected);
    expect(failures(run.rounds[0])).toEqual([]);
    expect(run.rounds[1].plan.steps).toEqual([]);
    expect(await sh('ip -4 address show dev vnet9')).toMatch(/10\.9\.0\.50\/24 brd 10\.9\.0\.255[^]*valid_lft 3\d{3}sec/);
    expect(await sh('ip route show default dev vnet9')).toContain(`default via 10.9.0.1 proto static ${metric}`);
  }
});
