import { randomBytes } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFailed, test, vi } from 'vitest';
import { Machine } from '../lab/machine/machine.ts';
import { CHECKOUT } from '../lab/machine/paths.ts';
import { makePackage } from './packages.ts';

const PREFIX = process.env['BRIDGEKEEPER_LAB_PREFIX'] ?? `test-${process.pid}`;
const ADDRESS = '192.168.105.253';
const OLDER = '0.0.1';
const NEWER = '0.0.2';
/** An emulated machine on a very busy one needs some minutes to unpack a package, and as many for the daemon to start. */
const PATIENCE_MS = 1_500_000;
const READY = 'bridgectl wait -f /media/given/luna --for=condition=Ready --timeout=1400s >&2';
const LOG = 'journalctl --no-pager -o short-precise -u bridgekeeper -u "bridgekeeper-watchdog-*" -u libvirtd | tail -n 200';

/** What of the host must be as it was whatever is done with the package. */
const NETWORK = `
  ip -br -4 address | grep -v DOWN | sort
  ip -4 route | sort
  sha256sum /etc/netplan/*
  ovs-vsctl --columns=name,tag,trunks list Port | grep -v '^$' | sort
  virsh net-list --name
  virsh list --name | sort
  # Without the device's index, which a boot may change.
  if resolvectl dns vnet100 2>/dev/null; then resolvectl domain vnet100; fi | sed 's/^Link [0-9]* //'
`;
/** What changes when a link flaps or a guest starts anew; a reboot changes it, and else nothing may. */
const LIVES = `
  ovs-vsctl --columns=name,ofport,ifindex,link_resets,mac_in_use list Interface | grep -v '^$'
  pgrep -x qemu-system-x86
`;
/**
 * Each applied plan leaves one. Not those of guests: a power cut leaves their ports in the database, and where libvirt then starts them
 * in another order it gives one the port of the other, which keeps its VLAN (`--may-exist add-port`) until that is mended.
 */
const CHANGES = 'bridgectl get changes -o name | grep -v virtualmachine';

const install = (version: string): string => `apt-get install --quiet --yes /media/given/bridgekeeper_${version}_*.deb`;

interface Step {
  readonly done: string;
  /** Run in the machine; where there is none, its power is cut. */
  readonly script?: string;
  /** Whether Bridgekeeper is there afterwards, and has found nothing to do. */
  readonly isThere: boolean;
  /** What the script must have said. */
  readonly says?: RegExp;
}

/** In this order, on the host that the manifests of examples/luna have made. */
const STEPS: readonly Step[] = [
  { done: 'upgraded', script: install(NEWER), isThere: true, says: /bridgekeeper \(0\.0\.2\) over \(0\.0\.1\)/ },
  { done: 'rebooted', isThere: true },
  { done: 'removed', script: 'apt-get remove --quiet --yes bridgekeeper', isThere: false },
  { done: 'rebooted without it', isThere: false },
  { done: 'installed again', script: install(NEWER), isThere: true },
  { done: 'purged', script: 'apt-get purge --quiet --yes bridgekeeper', isThere: false, says: /kept this host's network and virtual machines as they are, and \/var\/lib\/bridgekeeper/ },
];

const machine = new Machine(`${PREFIX}-${randomBytes(3).toString('hex')}`);
const sh = (script: string): Promise<string> => machine.run(['sh', '-euc', script], { timeoutMs: PATIENCE_MS });
let changes = '';

beforeAll(async () => {
  const given = mkdtempSync(join(tmpdir(), 'bridgekeeper-package-'));
  for (const version of [OLDER, NEWER]) makePackage(given, version);
  layManifests(join(given, 'luna'));
  writeFileSync(join(given, 'wrong-vlan.yaml'), `---\n${readFileSync(join(given, 'luna/20-vlanports.yaml'), 'utf8').replace('tag: 100', 'tag: 200')}`);
  await machine.up({ withProduct: false });
  await machine.giveFiles('given', given, '400M');
  rmSync(given, { recursive: true });
  // netplan's own unit has ten seconds for ovs-vsctl, which an emulated machine on a busy one exceeds.
  await sh('mkdir -p /etc/systemd/system/netplan-ovs-cleanup.service.d; printf "[Service]\\nTimeoutStartSec=300\\n" >/etc/systemd/system/netplan-ovs-cleanup.service.d/slow.conf');
}, PATIENCE_MS);

afterAll(() => machine.down(), PATIENCE_MS);

test('installed, it has changed nothing on the host, answers at once, and shows its secrets to root only', async () => {
  const before = await sh(NETWORK);
  const loaded = await sh('ls -i /run/systemd/network | grep network$');
  await sh(install(OLDER));
  expect(await sh('ls -i /run/bridgekeeper/loaded')).toBe(loaded);
  expect(await sh('systemctl is-active bridgekeeper; bridgectl version')).toMatch(/^active\nClient: v.*\nServer: v/);
  expect(await sh(NETWORK)).toBe(before);
  expect(await sh('stat -c %a:%U /var/lib/bridgekeeper /var/cache/bridgekeeper | xargs')).toBe('700:root 700:root\n');
  expect(await sh("find /var/lib/bridgekeeper -type f -perm /077 -not -name '*.crt'")).toBe('');
  expect(await sh('systemd-analyze security --no-pager bridgekeeper | tail -n 1')).toMatch(/exposure level.*: [0-3]\.\d OK/);
});

test('brings the host of the founding document up', async () => {
  showLogWhenFailed();
  await sh(`bridgectl apply -f /media/given/luna >&2; ${READY}`);
  expect(await sh('virsh list --name | sort | xargs')).toBe('guest1 lunafw.parchis.org\n');
  expect(await sh('bridgectl doctor --quiet || true')).toMatch(/ 0 failed/);
  changes = await sh(CHANGES);
});

test('rolls back by the watchdog what the daemon can no longer end', async () => {
  showLogWhenFailed();
  const before = await sh(NETWORK);
  const unit = "systemctl list-units --plain --no-legend 'bridgekeeper-watchdog-*'";
  await sh('cat /media/given/luna/00-* /media/given/wrong-vlan.yaml | sed "s/timeoutSeconds: 900/timeoutSeconds: 120/" | bridgectl apply -f - >&2');
  await vi.waitUntil(async () => (await sh('ovs-vsctl get Port vnet100 tag')).trim() === '200', { timeout: PATIENCE_MS, interval: 1_000 });
  await sh('systemctl kill --signal=KILL bridgekeeper; systemctl stop bridgekeeper');
  expect(await sh(unit)).toMatch(/running/);
  const pinging = machine.pinging(ADDRESS);
  await vi.waitUntil(async () => (await sh(unit)) === '', { timeout: PATIENCE_MS, interval: 1_000 });
  await pinging.stop();
  expect(await sh(NETWORK)).toBe(before);
  await answersPings();
  await sh(`systemctl start bridgekeeper; bridgectl wait vlanport/vnet100 --for=condition=RolledBack --timeout=1400s >&2; bridgectl apply -f /media/given/luna >&2; ${READY}`);
  changes = await sh(CHANGES);
});

test.each(STEPS)('goes on as it was when it is $done', async ({ script, isThere, says }) => {
  showLogWhenFailed();
  const [network, lives] = [await sh(NETWORK), await sh(LIVES)];
  if (script === undefined) {
    await sh('sync');
    await machine.powerCycle();
    await vi.waitFor(async () => expect(await sh(NETWORK)).toBe(network), { timeout: PATIENCE_MS, interval: 2_000 });
  } else {
    const pinging = machine.pinging(ADDRESS);
    const said = await sh(script);
    const count = await pinging.stop();
    console.log(`${script.split(' /', 1)[0] ?? ''}: ${JSON.stringify(count)}`);
    expect(said).toMatch(says ?? /./);
    expect(count.longestGapMs).toBeLessThan(2_000);
    expect(await sh(LIVES)).toBe(lives);
  }
  expect(await sh(NETWORK)).toBe(network);
  await answersPings();
  expect(await sh('ls /usr/bin | grep -c bridgectl || true')).toBe(isThere ? '1\n' : '0\n');
  expect(await sh('ls /var/lib/bridgekeeper')).toMatch(/store\.sqlite/);
  if (!isThere) return;
  await sh(READY);
  expect(await sh(CHANGES)).toBe(changes);
});

/**
 * The manifests of examples/luna, for a host whose NIC the installer's file has, which takes many times longer for everything, and whose
 * emulated KVM ends guests in internal errors.
 */
function layManifests(folder: string): void {
  cpSync(join(CHECKOUT, 'examples/luna'), folder, { recursive: true });
  for (const name of readdirSync(folder)) {
    const text = readFileSync(join(folder, name), 'utf8');
    const slow = text.replace('timeoutSeconds: 30', 'timeoutSeconds: 900').replaceAll('  cpu: {', '  acceleration: tcg\n  cpu: {');
    writeFileSync(join(folder, name), slow.replace('  datapathType: auto', '  adoptionPolicy: Always\n  datapathType: auto'));
  }
}

/** Waits until a laptop behind the far switch loses none of the pings of some seconds. */
async function answersPings(): Promise<void> {
  const isAnswered = async (): Promise<boolean> => {
    const pinging = machine.pinging(ADDRESS, 200);
    await sh('sleep 5');
    return (await pinging.stop()).lost === 0;
  };
  await vi.waitUntil(isAnswered, { timeout: PATIENCE_MS, interval: 1_000 });
}

function showLogWhenFailed(): void {
  onTestFailed(async () => console.log(await sh(LOG)));
}
