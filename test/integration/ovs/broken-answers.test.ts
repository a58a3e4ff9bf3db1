import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { createOvs, type Ovs } from '../../../controller/systems/ovs/ovs.ts';
import type { OvsDesired } from '../../../controller/systems/ovs/desired.ts';
import { SystemUnreachable } from '../../../controller/systems/system.ts';
import { desiredOf, eth0, internalPort, lunaBridge, vnet100 } from '../../unit/controller/systems/ovs/luna-desired.ts';
import { startOvsHost, type OvsHost } from './ovs-host.ts';
import { OvsdbProxy } from './ovsdb-proxy.ts';

const bare = desiredOf([lunaBridge({ ports: [eth0] })]);
/** A row of each table that OVSDB would take twice: only bridges, ports and interfaces are told apart by name. */
const rich: OvsDesired = desiredOf([
  lunaBridge({
    ports: [eth0, vnet100, internalPort('p1', 7)],
    controllers: ['tcp:127.0.0.1:6653'],
    mirrors: [{ name: 'span', selectAll: true, selectPorts: [], selectVlans: [], outputVlan: 9 }],
    netflow: { targets: ['127.0.0.1:2055'] },
  }),
]);

let host: OvsHost;
let proxy: OvsdbProxy;
let ovs: Ovs;

beforeAll(async () => {
  host = await startOvsHost('ovs-broken');
  const root = host.databaseFile.replace(/\/var\/lib\/.*$/, '');
  await host.ovs.stop();
  proxy = await OvsdbProxy.before(`${root}/run/openvswitch/db.sock`);
  ovs = createOvs({ address: proxy.address, databaseFile: host.databaseFile, systemDatapath: () => false });
  await ovs.start();
});
afterAll(async () => {
  await ovs.stop();
  await proxy[Symbol.asyncDispose]();
  await host.lab.down();
});
beforeEach(() => converged(bare));

/** Observes, plans and applies until the plan is empty, through whatever fails. */
async function converged(desired: OvsDesired): Promise<void> {
  await expect
    .poll(async () => {
      try {
        const { steps } = ovs.plan(desired, await ovs.observe());
        if (steps.length > 0) await ovs.apply(steps);
        return steps.length;
      } catch (error) {
        if (error instanceof SystemUnreachable) return error.message;
        throw error;
      }
    }, { timeout: 20_000, interval: 20 })
    .toBe(0);
}

async function counts(): Promise<Record<string, number>> {
  const tables = ['Bridge', 'Port', 'Interface', 'Controller', 'Mirror', 'NetFlow'];
  const listed = await Promise.all(tables.map((table) => host.vsctl('--bare', '--columns=_uuid', 'list', table)));
  return Object.fromEntries(tables.map((table, index) => [table, (listed[index] ?? '').split('\n').filter(Boolean).length]));
}

describe('an answer that is lost after the commit', () => {
  it('is told, and what was committed is taken for what it is: no row comes twice', async () => {
    const { steps } = ovs.plan(rich, await ovs.observe());
    proxy.loseNextAnswer();
    await expect(ovs.apply(steps)).rejects.toThrow(SystemUnreachable);
    expect(await counts()).toEqual({ Bridge: 1, Port: 4, Interface: 4, Controller: 1, Mirror: 1, NetFlow: 1 });
    const before = host.records().filter((line) => line.includes('bridgekeeper: ')).length;
    await converged(rich);
    expect(await counts()).toEqual({ Bridge: 1, Port: 4, Interface: 4, Controller: 1, Mirror: 1, NetFlow: 1 });
    expect(host.records().filter((line) => line.includes('bridgekeeper: '))).toHaveLength(before);
  });

  it('of a correction leaves it corrected once', async () => {
    await converged(rich);
    await host.vsctl('set', 'port', 'vnet100', 'tag=200');
    await expect.poll(async () => ovs.plan(rich, await ovs.observe()).steps.length).toBe(1);
    const { steps } = ovs.plan(rich, await ovs.observe());
    proxy.loseNextAnswer();
    await expect(ovs.apply(steps)).rejects.toThrow(SystemUnreachable);
    expect(await host.vsctl('get', 'port', 'vnet100', 'tag')).toBe('100\n');
    await converged(rich);
  });
});

describe('a database that is replaced by an older copy', () => {
  it('is followed, mended, and named as what it is', async () => {
    await host.lab.run(['sh', '-c', 'cp /var/lib/openvswitch/conf.db /var/lib/openvswitch/older.db']);
    await converged(rich);
    await host.lab.run(['sh', '-c', 'kill -KILL $(cat /run/openvswitch/ovsdb-server.pid); cp /var/lib/openvswitch/older.db /var/lib/openvswitch/new.db; mv /var/lib/openvswitch/new.db /var/lib/openvswitch/conf.db']);
    await host.lab.run(['systemctl', 'restart', 'ovsdb-server']);
    const planned = async () => ovs.plan(rich, await ovs.observe()).steps;
    await expect.poll(() => planned().then((steps) => steps.length, () => 0), { timeout: 20_000, interval: 50 }).toBeGreaterThan(2);
    const [step] = await planned();
    expect(step && (await ovs.causeOf?.(step))?.commands).toMatchObject([{ command: 'the database was replaced by another copy' }]);
    await converged(rich);
    expect(await counts()).toEqual({ Bridge: 1, Port: 4, Interface: 4, Controller: 1, Mirror: 1, NetFlow: 1 });
  });
});

describe('a second controller on the same switch', () => {
  it('says who holds it, and takes over when the first one goes', async () => {
    const second = createOvs({ address: proxy.address, databaseFile: host.databaseFile, systemDatapath: () => false });
    await second.start();
    try {
      expect(await ovs.heldByAnother()).toBeUndefined();
      expect(await second.heldByAnother()).toMatch(/another Bridgekeeper keeps this host/);
      await ovs.stop();
      await expect.poll(() => second.heldByAnother()).toBeUndefined();
    } finally {
      await second.stop();
    }
  });
});
