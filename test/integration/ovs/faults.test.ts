import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { OvsInterface } from '../../../controller/systems/ovs/desired.ts';
import { SystemUnreachable } from '../../../controller/systems/system.ts';
import { desiredOf, eth0, internalPort, lunaBridge, vnet100 } from '../../unit/controller/systems/ovs/luna-desired.ts';
import { nextChange, startOvsHost } from './ovs-host.ts';
import type { OvsHost } from './ovs-host.ts';

let host: OvsHost;

beforeAll(async () => {
  host = await startOvsHost('ovs-faults');
  await host.converge(luna);
});
afterAll(() => host[Symbol.asyncDispose]());

const luna = desiredOf([lunaBridge()]);

async function signal(name: 'KILL' | 'STOP' | 'CONT', daemon: 'ovsdb-server' | 'ovs-vswitchd'): Promise<void> {
  await host.lab.run(['sh', '-c', `kill -${name} $(cat /run/openvswitch/${daemon}.pid)`]);
}

function start(daemon: 'ovsdb-server' | 'ovs-vswitchd'): Promise<string> {
  return host.lab.run(['systemctl', 'restart', daemon]);
}

/** What `observe` throws once it does. */
async function untilUnreachable(): Promise<unknown> {
  const observing = () => host.ovs.observe().then(() => undefined, (error: unknown) => error);
  return expect.poll(observing, { timeout: 20_000, interval: 20 }).toBeInstanceOf(SystemUnreachable).then(observing);
}

describe('a server that is killed', () => {
  it('is said to be unreachable, and is followed again when it is back', async () => {
    const told = nextChange(host.ovs, 10_000);
    await signal('KILL', 'ovsdb-server');
    await told;
    const error = await untilUnreachable();
    expect(error).toMatchObject({ system: 'ovs', reason: 'OvsdbUnreachable' });
    expect(error).toHaveProperty('message', expect.stringMatching(/^Open vSwitch's database at unix:\/proc\/\d+\/root\/run\/openvswitch\/db\.sock can't be reached: .+/));
    await start('ovsdb-server');
    await host.until('it is back', (observed) => observed.bridges.get('lunabr')?.datapathId);
    expect((await host.plan(luna)).steps).toEqual([]);
  });

  it('is changed while nobody looks, and that is seen and named', async () => {
    await signal('STOP', 'ovs-vswitchd');
    await signal('KILL', 'ovsdb-server');
    await untilUnreachable();
    // From the daemon's first moment on, before we are connected again or not: the command must be found all the same.
    await start('ovsdb-server');
    await host.vsctl('--no-wait', 'set', 'port', 'vnet100', 'tag=200');
    await signal('CONT', 'ovs-vswitchd');
    await host.until('the tag is seen', (observed) => observed.rows.named('Port', 'vnet100')?.tag === 200);
    const { steps } = await host.plan(luna);
    expect(steps.map(({ object }) => object)).toEqual(['Port vnet100']);
    const [step] = steps;
    expect(step && (await host.ovs.causeOf?.(step))?.commands.map(({ command }) => command)).toEqual(['ovs-vsctl --no-wait set port vnet100 tag=200']);
    await host.converge(luna);
    expect((await host.plan(luna)).steps).toEqual([]);
  });

  it('that hangs is noticed by its silence', async () => {
    await signal('STOP', 'ovsdb-server');
    const error = await untilUnreachable();
    expect(error).toHaveProperty('message', expect.stringContaining('no answer to echo'));
    await signal('CONT', 'ovsdb-server');
    await host.until('it answers again', (observed) => observed.bridges.get('lunabr'));
    expect((await host.plan(luna)).steps).toEqual([]);
  });
});

describe('a vswitchd that is killed', () => {
  const withMtu = vnet100.interfaces.map((iface): OvsInterface => ({ ...iface, mtuRequest: 1400 }));

  it('does not keep a repair waiting, and is told of when it stays away', async () => {
    await signal('KILL', 'ovs-vswitchd');
    await host.vsctl('--no-wait', 'set', 'port', 'vnet100', 'tag=200');
    expect((await host.converge(luna)).map(({ result }) => result)).toEqual(['applied']);
    expect(await host.vsctl('get', 'port', 'vnet100', 'tag')).toBe('100\n');
    expect((await host.plan(luna)).refusals).toEqual([]);
    await nextChange(host.ovs, 12_000);
    expect((await host.plan(luna)).refusals).toMatchObject([{ owner: 'Bridge/lunabr', reason: 'VswitchdNotResponding' }]);
    await start('ovs-vswitchd');
    await host.until('vswitchd has caught up', (observed) => observed.vswitchdResponds);
    expect(await host.plan(luna)).toEqual({ steps: [], findings: [], refusals: [] });
  });

  it('is reported, and what it left undone is done when it is back', async () => {
    await signal('KILL', 'ovs-vswitchd');
    const desired = desiredOf([lunaBridge({ ports: [eth0, { ...vnet100, interfaces: withMtu }] })]);
    await host.converge(desired);
    expect(await host.plan(desired)).toMatchObject({ steps: [], refusals: [{ owner: 'Bridge/lunabr', reason: 'VswitchdNotResponding', needsPerson: false }] });
    const startedMs = Date.now();
    await host.converge(luna);
    expect(Date.now() - startedMs).toBeLessThan(2_000);
    await start('ovs-vswitchd');
    await host.until('vswitchd has caught up', (observed) => observed.vswitchdResponds);
    expect(await host.plan(luna)).toEqual({ steps: [], findings: [], refusals: [] });
  });
});

describe('a joint transaction', () => {
  it('that one step spoils is done without it, and the refusal names the column', async () => {
    const bad = { ...internalPort('bad', 5), vlan: { mode: 'access' as const, tag: 5000 } };
    const desired = desiredOf([lunaBridge({ ports: [eth0, internalPort('good1', 1), bad, internalPort('good2', 2)] })]);
    const outcomes = await host.converge(desired);
    expect(outcomes.map(({ step, result }) => `${result} ${step.verb} ${step.object}`).sort()).toEqual([
      'applied create Port good1',
      'applied create Port good2',
      'applied delete Port vnet100',
      'failed create Port bad',
    ]);
    const refusal = outcomes.flatMap((outcome) => (outcome.result === 'failed' ? [outcome.refusal] : []))[0];
    expect(refusal).toMatchObject({ owner: 'VlanPort/bad', reason: 'OvsdbRefused', needsPerson: true });
    expect(refusal?.message).toMatch(/^Open vSwitch refused to create Port bad: tag: constraint violation: .*5000/);
    expect((await host.vsctl('list-ports', 'lunabr')).split('\n').sort()).toEqual(['', 'eth0', 'good1', 'good2']);
    await host.converge(luna);
  });

  it('with a spoiled bridge leaves its ports waiting and does the rest', async () => {
    const spoiled = lunaBridge({ owner: 'Bridge/spoiled', name: 'spoiled', protocols: ['OpenFlow99'], ports: [internalPort('p1', 1)] });
    const outcomes = await host.converge(desiredOf([spoiled, lunaBridge({ ports: [eth0, vnet100, internalPort('good1', 1)] })]));
    expect(outcomes.map(({ step, ...outcome }) => [step.object, outcome.result === 'failed' ? outcome.refusal.reason : outcome.result])).toEqual([
      ['Bridge spoiled', 'OvsdbRefused'],
      ['Port p1', 'DependencyFailed'],
      ['Port good1', 'applied'],
    ]);
    await host.converge(luna);
  });

  it('that rests on what is no longer so is refused in that part, and not half applied', async () => {
    const desired = desiredOf([lunaBridge({ stp: true, ports: [eth0, { ...vnet100, vlan: { mode: 'access', tag: 300 } }] })]);
    const { steps } = await host.plan(desired);
    await host.vsctl('set', 'port', 'vnet100', 'tag=250');
    const outcomes = await host.ovs.apply(steps);
    expect(outcomes.map(({ step, ...outcome }) => [step.object, outcome.result === 'failed' ? outcome.refusal.reason : outcome.result])).toEqual([
      ['Bridge lunabr', 'applied'],
      ['Port vnet100', 'StalePlan'],
    ]);
    expect(await host.vsctl('get', 'port', 'vnet100', 'tag')).toBe('250\n');
    expect((await host.converge(desired)).map(({ result }) => result)).toEqual(['applied']);
    await host.converge(luna);
  });

  it('onto a bridge that was deleted meanwhile makes nothing', async () => {
    const { steps } = await host.plan(desiredOf([lunaBridge({ ports: [eth0, vnet100, internalPort('late', 9)] })]));
    await host.vsctl('del-br', 'lunabr');
    expect((await host.ovs.apply(steps)).map((outcome) => outcome.result === 'failed' && outcome.refusal.reason)).toEqual(['StalePlan']);
    await host.converge(luna);
    expect((await host.plan(luna)).steps).toEqual([]);
  });
});

describe('the log', () => {
  it('is followed over a compaction, and what was before it is still known', async () => {
    await host.vsctl('set', 'port', 'vnet100', 'tag=201');
    await host.until('the tag is seen', (observed) => observed.rows.named('Port', 'vnet100')?.tag === 201);
    await host.lab.run(['ovs-appctl', '-t', 'ovsdb-server', 'ovsdb-server/compact']);
    const before = (await host.plan(luna)).steps[0];
    expect(before && (await host.ovs.causeOf?.(before))?.commands.map(({ command }) => command)).toEqual(['ovs-vsctl set port vnet100 tag=201']);
    await host.vsctl('set', 'port', 'vnet100', 'tag=202');
    await host.until('the tag is seen', (observed) => observed.rows.named('Port', 'vnet100')?.tag === 202);
    const after = (await host.plan(luna)).steps[0];
    expect(after && (await host.ovs.causeOf?.(after))?.commands.map(({ command }) => command)).toEqual(['ovs-vsctl set port vnet100 tag=202']);
    await host.converge(luna);
  });

  it('names the right command for each thing in a burst', async () => {
    const ports = Array.from({ length: 30 }, (_, index) => internalPort(`b${index}`, 100));
    const desired = desiredOf([lunaBridge({ ports: [eth0, vnet100, ...ports] })]);
    await host.converge(desired);
    const script = ports.map((port, index) => `ovs-vsctl --no-wait set port ${port.name} tag=${200 + index}`).join(' & ');
    await host.lab.run(['bash', '-c', `${script} & wait`]);
    const { steps } = await host.plan(desired);
    expect(steps).toHaveLength(30);
    for (const step of steps) {
      const index = Number(step.object.replace('Port b', ''));
      expect((await host.ovs.causeOf?.(step))?.commands.map(({ command }) => command)).toEqual([`ovs-vsctl --no-wait set port b${index} tag=${200 + index}`]);
    }
    await host.converge(desired);
    await host.converge(luna);
  });
});

describe('a thousand ports', () => {
  it('are made in one transaction and then cost nothing', async () => {
    const ports = Array.from({ length: 1000 }, (_, index) => internalPort(`t${index}`, (index % 4000) + 1));
    const desired = desiredOf([lunaBridge({ ports: [eth0, vnet100, ...ports] })]);
    const { transactions } = host.ovs.stats();
    const { steps } = await host.plan(desired);
    const outcomes = await host.ovs.apply(steps);
    expect(outcomes.filter(({ result }) => result === 'applied')).toHaveLength(1000);
    expect(host.ovs.stats().transactions).toBe(transactions + 1);
    expect(await host.plan(desired)).toEqual({ steps: [], findings: [], refusals: [] });
    await host.converge(luna);
    expect((await host.vsctl('list-ports', 'lunabr')).split('\n')).toEqual(['eth0', 'vnet100', '']);
  });
});
