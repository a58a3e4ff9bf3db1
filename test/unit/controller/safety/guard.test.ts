import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { VolatileMap } from '../../../../controller/journal/durable-map.ts';
import { Guard } from '../../../../controller/safety/guard.ts';
import { guardPolicy } from '../../../../controller/safety/policy.ts';
import { StoppableExec } from '../../../../controller/safety/watchdog/stoppable-exec.ts';
import type { Exec } from '../../../../controller/systems/exec.ts';
import { fileText } from '../../../../controller/systems/netplan/file-text.ts';
import { planNetplan } from '../../../../controller/systems/netplan/plan.ts';
import { stanzaOf } from '../../../../controller/systems/netplan/stanza.ts';
import { eventually } from '../../../fixtures/eventually.ts';
import { FakeClock } from '../../../fixtures/fake-clock.ts';
import { desire, device } from '../systems/netplan/netplan-desired.ts';
import { link, observed, route } from '../systems/netplan/netplan-observed.ts';

/** Time that passes as soon as somebody waits for it, and else when it is told to. */
class HurriedClock extends FakeClock {
  override async sleep(delayMs: number): Promise<void> {
    await setImmediate();
    this.advance(delayMs);
  }
}

const OLD = device('VlanPort/vnet100', 'vnet100', { addresses: ['10.9.0.2/24'], routes: [{ to: 'default', via: '10.9.0.1' }] });
const TIMEOUT_MS = 30_000;
const host = observed({
  files: { '/etc/netplan/90-bridgekeeper.yaml': fileText('Host/luna', '90-bridgekeeper.yaml', [{ name: OLD.name, owner: OLD.owner, stanza: stanzaOf(OLD) }]) },
  links: [link('vnet100', ['10.9.0.2/24'])],
  routes: [route('vnet100', '0.0.0.0/0', '10.9.0.1')],
});
/** A step that takes the address away from the device that the default route runs over. */
const steps = planNetplan(desire([{ ...OLD, addresses: ['10.9.0.7/24'] }]), host).steps.map((step) => ({ step, drift: false }));

let parent: string;
let clock: HurriedClock;
let guard: Guard;
let version: string;
let told: string[];

/** The kernel has what it had before, whatever is done. */
const LINK = '[{"ifindex":7,"ifname":"vnet100","flags":["UP","LOWER_UP"],"mtu":1500,"address":"02:00:00:00:00:07","addr_info":[{"family":"inet","local":"10.9.0.2","prefixlen":24,"scope":"0"}]}]';
const ROUTE = '[{"dst":"default","gateway":"10.9.0.1","dev":"vnet100","protocol":"4"}]';
const exec: Exec = {
  run: (argv) => Promise.resolve({ code: 0, stdout: argv.includes('address') ? LINK : argv.includes('-4') && argv.includes('route') ? ROUTE : '[]', stderr: '' }),
};

beforeEach(async () => {
  parent = await mkdtemp(path.join(tmpdir(), 'guard-'));
  await mkdir(path.join(parent, 'etc/netplan'), { recursive: true });
  clock = new HurriedClock();
  version = '1';
  told = [];
  guard = new Guard({
    directory: path.join(parent, 'checkpoints'), ovsdb: 'unix:/nowhere', netplanRoot: parent, stateDirectory: parent,
    clock, exec, laneExec: new StoppableExec(exec, clock, 'a mark'), arm: () => Promise.resolve(clock.now()),
    readWaysIn: () => Promise.resolve([{ kind: 'DefaultRoute', device: 'vnet100', peer: '10.9.0.1' }]),
    holds: new VolatileMap(), memory: new VolatileMap(),
    host: {
      preview: () => Promise.resolve({ netplan: { observed: host, steps } }),
      facts: () => ({ netplan: host }),
      versionOf: () => version,
      policy: () => guardPolicy({ enabled: true, timeoutSeconds: TIMEOUT_MS / 1_000, confirmTimeoutSeconds: 0 }),
      confirmed: () => undefined,
      wake: () => undefined,
    },
    listener: { changed: () => undefined, told: ({ reason }) => void told.push(reason), failed: () => undefined },
  });
});

afterEach(async () => {
  guard.stop();
  await rm(parent, { recursive: true });
});

const admit = (work: () => Promise<string>): Promise<string | undefined> => guard.gates.netplan.admit(steps, work);
const state = (): string | undefined => guard.report.checkpoint?.state;

describe('the guard', () => {
  it('does a step that reaches a way in under a checkpoint, at the second asking', async () => {
    expect(await admit(() => Promise.resolve('done'))).toBeUndefined();
    expect(state()).toBe('Probing');
    expect(await admit(() => Promise.resolve('done'))).toBe('done');
  });

  it('does nothing any more for which the deadline passed while it was noted', async () => {
    await admit(() => Promise.resolve('done'));
    await admit(() => Promise.resolve('done'));
    const late = admit(() => Promise.resolve('done'));
    clock.advance(TIMEOUT_MS);
    expect(await late).toBeUndefined();
    await eventually(() => told.includes('RolledBack'));
  });

  it('does not try again what was rolled back, until it is another version', async () => {
    await admit(() => Promise.resolve('done'));
    await admit(() => Promise.resolve('done'));
    clock.advance(TIMEOUT_MS);
    await eventually(() => told.includes('RolledBack'));
    const [{ step } = { step: undefined }] = steps;
    const hold = () => step && guard.gates.netplan.holdOf(step);
    expect(hold()).toBe('rolledBack');
    guard.resourcesChanged();
    expect(hold()).toBe('rolledBack');
    version = '2';
    guard.resourcesChanged();
    expect(hold()).toBeUndefined();
  });
});
