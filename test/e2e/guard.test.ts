import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHECKPOINTS, GuardBench, type PortSpec } from './guard-bench.ts';

/** All cases take twenty minutes; without this only those that differ most are run. */
const ALL = process.env['BRIDGEKEEPER_GUARD_CASES'] === 'all';
const GATEWAY = '10.9.0.1';
const FAR = '10.8.0.1';
/** On a machine that has much else to do. */
const ANSWERS_WITHIN_MS = 60_000;
/** An address that another host answers for. */
const TAKEN = '10.9.0.50';
/** A change of Open vSwitch and of netplan, after which the gateway still answers. */
const GOOD: PortSpec = { vlan: { mode: 'trunk', trunks: [0, 5] }, addresses: ['10.9.0.7/24'] };
/** One after which nobody answers. */
const BAD: PortSpec = { vlan: { mode: 'access', tag: 300 }, addresses: ['10.9.0.7/24'] };

let bench: GuardBench;

beforeAll(async () => {
  bench = await GuardBench.start('guard');
});

afterAll(async () => {
  await bench[Symbol.asyncDispose]();
});

/** Runs in the host until it ends; for what has to happen at a moment. */
function onHost(script: string): Promise<unknown> {
  return bench.lab.run(['bash', '-c', script], { timeoutMs: 60_000 });
}

/** Puts a script in the place of a program; `restored` gives the program back. */
async function replace(program: string, script: string): Promise<() => Promise<unknown>> {
  const file = `/tmp/${bench.lab.name}-${path.basename(program)}`;
  await writeFile(file, `#!/bin/bash\n${script}\n`, { mode: 0o755 });
  await bench.lab.run(['mount', '--bind', file, program]);
  return async () => {
    await bench.lab.run(['umount', program]);
    await rm(file);
  };
}

/** Generates, and never ends to apply. */
const NETPLAN_HANGING = 'if [[ $1 == apply ]]; then sleep 600; fi; exec /usr/libexec/netplan/generate "${@:2}"';

interface BrokenChange {
  readonly name: string;
  readonly inShort?: true;
  /** Makes the change, and what goes wrong beside it; gives what has to be mended after. */
  readonly make: () => Promise<(() => Promise<unknown>) | undefined>;
  readonly ends: 'RolledBack' | 'Committed' | 'either';
}

const change = (port: PortSpec) => async () => {
  await bench.applyPort(port);
  return undefined;
};

const BROKEN: readonly BrokenChange[] = [
  { name: 'wrong tag', make: change({ vlan: { mode: 'access', tag: 300 } }), ends: 'RolledBack' },
  { name: 'wrong trunks', make: change({ vlan: { mode: 'trunk', trunks: [5] } }), ends: 'RolledBack' },
  { name: 'wrong gateway', make: change({ routes: [{ to: 'default', via: '10.9.0.99' }] }), ends: 'RolledBack' },
  { name: 'no gateway', make: change({ routes: [] }), ends: 'RolledBack' },
  { name: 'gateway out of reach', make: change({ routes: [{ to: 'default', via: '10.77.0.1', onLink: true }] }), ends: 'RolledBack' },
  { name: 'wrong prefix', make: change({ addresses: ['10.9.0.2/32'] }), ends: 'RolledBack' },
  { name: 'wrong network', make: change({ addresses: ['10.19.0.2/24'], routes: [{ to: 'default', via: '10.19.0.1' }] }), ends: 'RolledBack' },
  { name: 'no address', make: change({ addresses: [], routes: [] }), ends: 'RolledBack' },
  { name: 'a small MTU', make: change({ mtu: 576 }), ends: 'either' },
  { name: 'wrong tag and wrong address at once', make: change(BAD), ends: 'RolledBack' },
  { name: 'a good change', inShort: true, make: change(GOOD), ends: 'Committed' },
  {
    name: 'uplink removed',
    make: async () => {
      // Of a spec that is an empty list alone nobody owns anything, and server-side apply takes it away.
      await bench.applyBridge({ uplinks: [], stp: false });
      return undefined;
    },
    ends: 'RolledBack',
  },
  {
    name: 'no flows without a controller',
    make: async () => {
      await bench.applyBridge({ failMode: 'secure' });
      return () => bench.applyBridge();
    },
    ends: 'RolledBack',
  },
  {
    name: 'STP, which takes longer to forward than there is time',
    make: async () => {
      await bench.applyBridge({ stp: true });
      return () => bench.applyBridge();
    },
    ends: 'RolledBack',
  },
  {
    name: 'port deleted',
    make: async () => {
      await bench.daemon.bridgectl('delete', 'vlanport', 'vnet100', '--wait=false');
      return undefined;
    },
    ends: 'RolledBack',
  },
  {
    name: 'port and bridge deleted',
    inShort: true,
    make: async () => {
      await bench.daemon.bridgectl('delete', 'vlanport,bridge', '--all', '--wait=false');
      return undefined;
    },
    ends: 'RolledBack',
  },
  {
    name: 'what answered before gone meanwhile',
    make: async () => {
      await bench.applyPort(GOOD);
      await onHost('until ip address show vnet100 | grep -q 10.9.0.7; do :; done');
      await bench.lab.switch(['ip', 'link', 'set', 'trunk0', 'down']);
      return () => bench.lab.switch(['ip', 'link', 'set', 'trunk0', 'up']);
    },
    ends: 'RolledBack',
  },
  {
    name: 'netplan that refuses every file',
    make: async () => {
      const restored = await replace('/usr/sbin/netplan', '[[ $1 == info ]] || { echo refused >&2; exit 1; }');
      // What netplan has checked once is not checked again.
      await bench.applyPort({ ...GOOD, addresses: ['10.9.0.8/24'] });
      return restored;
    },
    ends: 'RolledBack',
  },
  {
    name: 'networkctl that hangs',
    inShort: true,
    make: async () => {
      const restored = await replace('/usr/bin/networkctl', 'sleep 600');
      await bench.applyPort(GOOD);
      return restored;
    },
    ends: 'RolledBack',
  },
  {
    name: 'netplan apply that hangs',
    make: async () => {
      const [one, other] = [await replace('/usr/bin/networkctl', 'exit 1'), await replace('/usr/sbin/netplan', NETPLAN_HANGING)];
      await bench.applyPort(GOOD);
      return async () => {
        await one();
        await other();
      };
    },
    ends: 'RolledBack',
  },
  {
    name: 'networkd stopped in its tracks',
    make: async () => {
      await onHost('pkill -STOP systemd-network');
      await bench.applyPort(GOOD);
      return () => onHost('pkill -CONT systemd-network');
    },
    ends: 'either',
  },
  {
    name: 'ovs-vswitchd killed in the middle',
    make: async () => {
      await bench.applyPort(BAD);
      await onHost('until ovs-vsctl get port vnet100 tag | grep -q 300; do :; done; pkill -9 ovs-vswitchd');
      return () => bench.lab.run(['systemctl', 'start', 'ovs-vswitchd']);
    },
    ends: 'RolledBack',
  },
  {
    name: 'ovsdb-server killed in the middle, and back after the deadline',
    make: async () => {
      await bench.applyPort(BAD);
      await onHost('until ovs-vsctl get port vnet100 tag | grep -q 300; do :; done; pkill -9 ovsdb-server; sleep 9; systemctl start ovsdb-server');
      return undefined;
    },
    ends: 'RolledBack',
  },
];

describe('a change that goes wrong', () => {
  it.each(BROKEN.filter(({ inShort }) => ALL || inShort))('leaves the host within reach: $name', async ({ make, ends }) => {
    // What is to be kept has time enough on any machine.
    const before = await bench.reset(ends === 'Committed' ? { timeoutSeconds: 60 } : {});
    const last = await bench.lastCheckpoint();
    const mend = await make();
    if (mend && ends !== 'Committed') {
      // What stays broken must not keep the old state from coming back, but for the far end.
      await expect.poll(async () => (await bench.lab.run(['ls', CHECKPOINTS])).includes('-'), { timeout: ANSWERS_WITHIN_MS }).toBe(true);
    }
    const ended = await bench.ended(last).finally(mend);
    if (ends !== 'either') expect(ended.state, ended.message).toBe(ends);
    await expect.poll(() => bench.reaches(FAR), { timeout: ANSWERS_WITHIN_MS }).toBe(true);
    expect(await bench.reaches(GATEWAY)).toBe(true);
    if (ended.state === 'RolledBack') await expect.poll(() => bench.state(), { timeout: ANSWERS_WITHIN_MS }).toBe(before);
    if (ended.state === 'RolledBack') expect(await bench.lab.run(['ls', CHECKPOINTS])).not.toContain('20');
  });
});

describe('an address that somebody else has', () => {
  it('is not taken, be it that of the gateway: the host stays as it is and says who has it', async () => {
    const before = await bench.reset({ timeoutSeconds: 60 });
    const isRefused = async (address: string): Promise<void> => {
      await bench.applyPort({ addresses: [`${address}/24`] });
      const message = expect.stringContaining(`vnet100 does not get ${address}`);
      await expect.poll(() => bench.condition('Ready'), { timeout: ANSWERS_WITHIN_MS }).toMatchObject({ status: 'False', reason: 'AddressInUse', message });
      expect(await bench.reaches(FAR)).toBe(true);
      expect(await bench.state()).toBe(before);
    };
    await isRefused(GATEWAY);
    await bench.lab.switch(['ip', 'address', 'add', `${TAKEN}/32`, 'dev', 'lo']);
    await isRefused(TAKEN);
    const last = await bench.lastCheckpoint();
    await bench.lab.switch(['ip', 'address', 'del', `${TAKEN}/32`, 'dev', 'lo']);
    // It is asked again, and free.
    expect(await bench.ended(last)).toMatchObject({ state: 'Committed' });
    expect(await bench.reaches(FAR)).toBe(true);
  });
});

const HAS_NEW_FILE = 'grep -q 10.9.0.7 /etc/netplan/90-bridgekeeper.yaml';
/** What is true from that moment on until the change has ended, so that a machine that has much else to do does not miss it. */
const MOMENTS: readonly { readonly name: string; readonly inShort?: true; readonly when: string }[] = [
  { name: 'while the checkpoint is written', when: `compgen -G '${CHECKPOINTS}/2*' >/dev/null` },
  { name: 'when the checkpoint is written', when: `compgen -G '${CHECKPOINTS}/2*/checkpoint.json' >/dev/null` },
  { name: 'when the watchdog is armed', when: `grep -qs '^{' ${CHECKPOINTS}/2*/watcher.json` },
  { name: 'when the first step is noted', when: `compgen -G '${CHECKPOINTS}/2*/undo.jsonl' >/dev/null` },
  { name: 'when Open vSwitch has changed', inShort: true, when: "[[ $(ovs-vsctl get port vnet100 tag trunks) == *[1-9]* ]]" },
  { name: 'when netplan has begun', when: `compgen -G '/etc/netplan/*.previous' >/dev/null || ${HAS_NEW_FILE}` },
  { name: 'when netplan has the new file', when: HAS_NEW_FILE },
  { name: 'when the kernel has the new address', when: 'ip address show vnet100 | grep -q 10.9.0.7' },
  { name: 'while the probes are asked', when: "ip address show vnet100 | grep -q 10.9.0.7 && ! compgen -G '/etc/netplan/*.previous' >/dev/null" },
  { name: 'in the rollback', when: `${HAS_NEW_FILE} && until grep -q 10.9.0.2 /etc/netplan/90-bridgekeeper.yaml; do :; done` },
];

const KILLS = MOMENTS.flatMap((moment) =>
  [
    { change: 'bad', port: BAD, restart: 'at once' },
    { change: 'bad', port: BAD, restart: 'after the deadline' },
    { change: 'good', port: GOOD, restart: 'at once' },
    { change: 'good', port: GOOD, restart: 'after the deadline' },
  ]
    .filter(({ change }) => change === 'bad' || moment.name !== 'in the rollback')
    .map((kind) => ({ ...kind, moment: moment.name, when: moment.when, inShort: moment.inShort === true && kind.change === 'bad' })),
);

const HANGS = ['ovs-vsctl get port vnet100 tag | grep -q 300', HAS_NEW_FILE];

describe('the daemon killed with -9', () => {
  it.each(KILLS.filter(({ inShort }) => ALL || inShort))('leaves the old state or the new: $moment, $change change, restarted $restart', async ({ port, when, restart, change: kind }) => {
    const before = await bench.reset();
    const last = await bench.lastCheckpoint();
    const killed = onHost(`until { ${when}; } 2>/dev/null; do :; done; pkill -9 -f 'bridgekeeper.mjs serve'`);
    await bench.applyPort(port);
    await killed;
    try {
      if (restart === 'after the deadline') await expect.poll(() => bench.isWatched(), { timeout: 60_000 }).toBe(false);
    } finally {
      await bench.daemon.restart();
    }
    const ended = await bench.ended(last);
    await expect.poll(() => bench.reaches(FAR), { timeout: ANSWERS_WITHIN_MS }).toBe(true);
    // What was rolled back without having been begun is begun once more.
    if (ended.state === 'RolledBack') await expect.poll(() => bench.state(), { timeout: ANSWERS_WITHIN_MS }).toBe(before);
    else expect(ended.state, ended.message).toBe(kind === 'good' ? 'Committed' : 'RolledBack');
    if (ended.state === 'Committed') await expect.poll(async () => (await bench.lab.run(['ip', 'address', 'show', 'vnet100'])).includes('10.9.0.7')).toBe(true);
  });

  // It is as good as dead, and takes the longest.
  it.each(HANGS.filter(() => ALL))('or stopped in its tracks is ended by the watchdog, which brings the old state back: %s', async (when) => {
    const before = await bench.reset();
    const last = await bench.lastCheckpoint();
    const stopped = onHost(`until { ${when}; } 2>/dev/null; do :; done; pkill -STOP -f 'bridgekeeper.mjs serve'`);
    await bench.applyPort(BAD);
    try {
      await stopped;
      await expect.poll(() => bench.isWatched(), { timeout: ANSWERS_WITHIN_MS }).toBe(false);
      await expect.poll(() => bench.reaches(FAR), { timeout: ANSWERS_WITHIN_MS }).toBe(true);
      expect((await bench.lab.exec(['pgrep', '-f', 'bridgekeeper.mjs serve'])).code).toBe(1);
    } finally {
      await bench.daemon.restart();
    }
    expect(await bench.ended(last)).toMatchObject({ state: 'RolledBack' });
    await expect.poll(() => bench.state(), { timeout: ANSWERS_WITHIN_MS }).toBe(before);
  });
});

/** A file system on which the Nth new file, or the Nth page, does not fit any more. */
const FULL = [
  ...[1, 2, 3, 4, 5, 6, 7, 8].map((inodes) => ({ where: CHECKPOINTS, what: `nr_inodes=${inodes}`, inShort: inodes === 7 })),
  ...[4, 8, 16, 24, 32, 40].map((kib) => ({ where: CHECKPOINTS, what: `size=${kib}k`, inShort: false })),
  ...[2, 3, 4, 5].map((inodes) => ({ where: '/etc/netplan', what: `nr_inodes=${inodes}`, inShort: false })),
  ...[4, 8, 12, 16].map((kib) => ({ where: '/etc/netplan', what: `size=${kib}k`, inShort: false })),
];

describe('a full disk', () => {
  it.each(FULL.filter(({ inShort }) => ALL || inShort))('leaves the old state or the new: $where with $what', async ({ where, what }) => {
    const before = await bench.reset();
    await onHost(`mkdir -p ${where} && mkdir -p /tmp/full-$$ && mount -t tmpfs -o ${what},mode=755 full /tmp/full-$$ && cp -a ${where}/. /tmp/full-$$/ 2>/dev/null; mount --move /tmp/full-$$ ${where}`);
    try {
      await bench.applyPort(BAD);
      await expect.poll(() => bench.condition('Ready'), { timeout: ANSWERS_WITHIN_MS }).toMatchObject({ status: 'False', reason: expect.stringMatching(/^(CheckpointFailed|ProbeFailed|ApplyFailed|DeadlineExceeded)$/) });
      await expect.poll(() => bench.reaches(FAR), { timeout: ANSWERS_WITHIN_MS }).toBe(true);
    } finally {
      await onHost(`cp -a ${where} /tmp/kept-$$; umount ${where}; [[ ${where} != /etc/netplan ]] || cp -a /tmp/kept-$$/. ${where}/`);
    }
    await expect.poll(() => bench.state(), { timeout: ANSWERS_WITHIN_MS }).toBe(before);
  });
});
