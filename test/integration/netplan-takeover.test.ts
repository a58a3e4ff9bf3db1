import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { NetplanDesired, NetplanDevice } from '../../controller/systems/netplan/desired.ts';
import type { NetplanStep } from '../../controller/systems/netplan/step.ts';
import type { OwnerKey } from '../../controller/systems/owner.ts';
import type { Plan, Refusal } from '../../controller/systems/system.ts';
import { startLab, type Lab } from '../lab/lab.ts';
import { desire, desiredJson, device } from '../unit/controller/systems/netplan/netplan-desired.ts';

const DRIVER = fileURLToPath(new URL('netplan-driver.ts', import.meta.url));
const OURS = '/etc/netplan/90-bridgekeeper.yaml';
const THEIRS = '/etc/netplan/00-red-luna.yaml';
const BACKUP = '/var/lib/bridgekeeper/netplan/taken-over/00-red-luna.yaml';
const TIMEOUT_MS = 60_000;
const FILE = `# Config de red del servidor luna
network:
  version: 2
  renderer: networkd

  ethernets:
    # la del puerto troncal
    eth0:
      optional: true
      dhcp4: no
    vnet100:
      optional: true
      addresses:
      - 192.168.105.253/24
      routes:
      - to: default
        via: 192.168.105.1
`;

const eth0 = device('Bridge/lunabr', 'eth0', { lasting: true, noLinkLocal: true });
const vnet100 = device('VlanPort/vnet100', 'vnet100', {
  addresses: ['192.168.105.253/24'],
  routes: [{ to: 'default', via: '192.168.105.1' }],
});
const LUNA = [eth0, vnet100];
const present: ReadonlySet<OwnerKey> = new Set(['Host/luna']);

interface Run {
  readonly rounds: readonly { readonly plan: Plan<NetplanStep>; readonly refusals: readonly Refusal[] }[];
}

let lab: Lab;

beforeAll(async () => {
  lab = await startLab('netplan-takeover');
}, TIMEOUT_MS);

afterAll(() => lab.down());

/** The host as its administrator has left it: a file of his own, in force. */
beforeEach(async () => {
  await lab.run(['bash', '-euc', `
    rm -rf /etc/netplan/* /var/lib/bridgekeeper /run/systemd/network/*netplan* /etc/cloud
    ovs-vsctl --if-exists del-br lunabr -- add-br lunabr -- set bridge lunabr datapath_type=netdev
    ovs-vsctl add-port lunabr vnet100 tag=100 -- set interface vnet100 type=internal
    cat >${THEIRS}; chmod 640 ${THEIRS}
    netplan generate
    until networkctl reload; do sleep 0.05; done
    until ip -4 route show default | grep -q vnet100; do sleep 0.05; done`], { input: FILE });
});

async function drive(desired: NetplanDesired, env: Readonly<Record<string, string>> = {}): Promise<Run | 'killed'> {
  const { code, stdout, stderr } = await lab.exec([process.execPath, DRIVER, 'converge'], { input: desiredJson(desired), env });
  if (code === 137) return 'killed';
  if (code !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as Run;
}

async function converge(desired: NetplanDesired): Promise<readonly string[]> {
  const run = await drive(desired);
  if (run === 'killed') throw new Error('it was killed');
  return run.rounds.flatMap(({ plan, refusals }) => [...plan.steps.map(({ verb, object }) => `${verb} ${object}`), ...[...plan.refusals, ...refusals].map(({ message }) => message)]);
}

const text = (path: string): Promise<string> => lab.run(['sh', '-c', `cat ${path} 2>/dev/null || true`]);
const network = (): Promise<string> => lab.run(['sh', '-c', 'ip -br -4 address; ip -4 route; cat /run/systemd/network/*netplan*']);

/** What netplan makes of all its files: what a boot would bring about. */
const afterBoot = (): Promise<string> => lab.run(['sh', '-c', 'netplan get all | sort']);

describe('a host with a netplan file of its own', () => {
  test('is taken over with nothing said to the kernel, and gets its file back byte for byte', async () => {
    // Link-local addresses become usable a second after a device appears.
    await lab.run(['sh', '-c', 'while ip -6 address show tentative | grep -q inet6; do sleep 0.1; done']);
    const before = await network();
    // All but neighbours, which the kernel forgets by itself.
    await lab.run(['sh', '-c', 'ip monitor link address route rule netconf >/run/seen 2>&1 & echo $! >/run/monitor']);
    expect(await converge(desire(LUNA))).toEqual([`claim device eth0 in ${OURS}`, `claim device vnet100 in ${OURS}`]);
    // Another pass, by which anything late would have come.
    expect(await converge(desire(LUNA))).toEqual([]);
    expect(await lab.run(['sh', '-c', 'kill $(cat /run/monitor); cat /run/seen'])).toBe('');
    expect(await network()).toBe(before);
    expect(await text(BACKUP)).toBe(FILE);
    expect(await text(THEIRS)).toBe('# Config de red del servidor luna\nnetwork:\n  version: 2\n  renderer: networkd\n\n    # la del puerto troncal\n');
    expect(await lab.run(['stat', '-c', '%a', OURS, THEIRS])).toBe('600\n640\n');

    const released = new Set<OwnerKey>(['Bridge/lunabr', 'VlanPort/vnet100']);
    expect(await converge(desire([], { present, released }))).toEqual([`release device eth0 in ${OURS}`, `release device vnet100 in ${OURS}`]);
    expect(await text(THEIRS)).toBe(FILE);
    expect(await network()).toBe(before);
    expect(await lab.run(['sh', '-c', 'ls /etc/netplan /var/lib/bridgekeeper/netplan/taken-over'])).toBe(
      '/etc/netplan:\n00-red-luna.yaml\n\n/var/lib/bridgekeeper/netplan/taken-over:\n',
    );
  });

  test('keeps a port that changed after it was adopted, and gives a NIC back what it was', async () => {
    await converge(desire(LUNA));
    const changed = [eth0, { ...vnet100, addresses: ['192.168.105.77/24'] }];
    await converge(desire(changed));
    const released = new Set<OwnerKey>(['VlanPort/vnet100']);
    await converge(desire([], { present, released, leaving: new Set<OwnerKey>(['Bridge/lunabr']) }));
    expect(await text(THEIRS)).toContain('    vnet100:\n      optional: true\n      addresses:\n      - 192.168.105.77/24\n');
    expect(await text(THEIRS)).toContain('    eth0:\n      optional: true\n      dhcp4: no\n');
    expect(await lab.run(['ip', '-br', '-4', 'address', 'show', 'vnet100'])).toContain('192.168.105.77/24');
  });

  test('loses an address that is not desired only where the policy says Always', async () => {
    const moved: NetplanDevice = { ...vnet100, addresses: ['192.168.105.99/24'] };
    expect(await converge(desire([moved]))).toContainEqual(expect.stringMatching(/^\/etc\/netplan\/00-red-luna.yaml:11 defines vnet100 too .*adoptionPolicy: Always/));
    expect(await text(THEIRS)).toBe(FILE);
    expect(await converge(desire([{ ...moved, adoption: 'Always' }]))).toEqual([`create device vnet100 in ${OURS}`]);
    expect(await lab.run(['ip', '-br', '-4', 'address', 'show', 'vnet100'])).toMatch(/UNKNOWN +192\.168\.105\.99\/24 \n/);
    expect(await text(THEIRS)).toContain('    eth0:\n');
  });

  test('has cloud-init leave the network alone as long as a device of its file is ours', async () => {
    const cloud = '/etc/cloud/cloud.cfg.d/99-bridgekeeper-network.cfg';
    await lab.run(['sh', '-c', `mkdir -p /etc/cloud/cloud.cfg.d; mv ${THEIRS} /etc/netplan/50-cloud-init.yaml`]);
    await converge(desire([{ ...vnet100, adoption: 'Always' }]));
    expect(await text(cloud)).toContain('network: {config: disabled}');
    await converge(desire([], { present, released: new Set<OwnerKey>(['VlanPort/vnet100']) }));
    expect(await text(cloud)).toBe('');
    expect(await text('/etc/netplan/50-cloud-init.yaml')).toBe(FILE);
  });

  test.each([
    ['after netplan has checked it', 'after:netplan generate'],
    ['after networkd knows', 'after:networkctl reload'],
    ['once the backup is written', 'file:taken-over/00-red-luna.yaml.json'],
    ['once ours is written', 'file:/etc/netplan/90-bridgekeeper.yaml'],
    ['once theirs is written', 'file:/etc/netplan/00-red-luna.yaml'],
  ])('loses nothing by kill -9 %s: a boot then brings up the old or the new, and the next pass ends it', async (_, killAt) => {
    const wanted = [{ ...eth0, adoption: 'Always' as const }, { ...vnet100, adoption: 'Always' as const, mtu: 1400 }];
    const old = await afterBoot();
    await drive(desire(wanted), { KILL_AT: killAt });
    const found = await afterBoot();
    expect(found).toContain('192.168.105.253/24');
    expect(found === old || found.includes('mtu: 1400')).toBe(true);
    await converge(desire(wanted));
    expect(await converge(desire(wanted))).toEqual([]);
    expect(await text(THEIRS)).not.toContain('vnet100');
    expect(await text(BACKUP)).toBe(FILE);
    expect(await lab.run(['ip', '-br', '-4', 'address', 'show', 'vnet100'])).toContain('192.168.105.253/24');
  });
});
