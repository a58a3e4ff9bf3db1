import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { systemExec } from '../../../controller/systems/exec.ts';
import { createLibvirt } from '../../../controller/systems/libvirt/libvirt.ts';
import { procedures } from '../../../controller/systems/libvirt/protocol/procedures.ts';
import { LibvirtSession } from '../../../controller/systems/libvirt/protocol/session.ts';
import type { SessionOptions } from '../../../controller/systems/libvirt/protocol/session.ts';
import { SystemUnreachable } from '../../../controller/systems/system.ts';
import { desire, domainOf, eventually, LibvirtHost, MapKeep, SEED_NETWORK, SkewedClock } from './libvirt-host.ts';

let host: LibvirtHost;
beforeAll(async () => {
  host = await LibvirtHost.start('connection');
});
afterAll(async () => {
  await host[Symbol.asyncDispose]();
});

function sessionTo(options: Partial<SessionOptions>): LibvirtSession {
  const nothing = (): void => undefined;
  const session = new LibvirtSession({
    socketPath: host.socketPath,
    uri: 'qemu:///system',
    clock: new SkewedClock(),
    callTimeoutMs: 10_000,
    onEvent: nothing,
    onConnect: nothing,
    onDisconnect: nothing,
    ...options,
  });
  session.start();
  return session;
}

const quiet = { steps: [], findings: [], refusals: [] };

describe('the connection to libvirt', () => {
  test('is said to be missing, with the socket, where there is no libvirt', async () => {
    const system = createLibvirt({ exec: systemExec, clock: new SkewedClock(), keep: new MapKeep(), socketPath: '/nowhere/libvirt-sock' });
    await system.start();
    const error: unknown = await system.observe().catch((caught: unknown) => caught);
    await system.stop();
    expect(error).toBeInstanceOf(SystemUnreachable);
    expect(error).toMatchObject({ system: 'libvirt', reason: 'LibvirtUnreachable', message: expect.stringContaining('/nowhere/libvirt-sock') });
  });

  test('comes back after libvirtd was killed, and what changed meanwhile is mended', async () => {
    const desired = desire({ networks: [SEED_NETWORK], domains: [domainOf('guest1')] });
    expect((await host.converge(desired)).plan).toEqual(quiet);
    const id = await host.lab.run(['cat', '/run/libvirt/qemu/guest1.pid']);
    let notices = 0;
    const stopListening = host.system.changes(() => (notices += 1));
    await host.lab.run(['sh', '-c', 'kill -9 $(cat /run/libvirtd.pid)']);
    const error = await eventually('the loss of libvirt', () =>
      host.system.observe().then(
        () => undefined,
        (caught: unknown) => caught,
      ),
    );
    expect(error).toBeInstanceOf(SystemUnreachable);
    await eventually('a notice of the loss', () => Promise.resolve(notices > 0));
    notices = 0;
    await host.lab.run(['systemctl', 'start', 'libvirtd']);
    await eventually('a notice of the return', () => Promise.resolve(notices > 0));
    stopListening();
    await host.virsh('net-autostart', '--disable', 'switch-lunabr');
    const { plan, steps } = await host.converge(desired);
    expect(steps.map(({ kind }) => kind)).toEqual(['network-autostart']);
    expect(plan).toEqual(quiet);
    expect(await host.lab.run(['cat', '/run/libvirt/qemu/guest1.pid'])).toBe(id);
  });

  test('lost in the middle of a plan leaves nothing that the next one does not finish', async () => {
    const desired = desire({ networks: [SEED_NETWORK], domains: ['a', 'b', 'c'].map((name) => domainOf(name)) }, { frozen: ['VirtualMachine/guest1'] });
    const { steps } = await host.plan(desired);
    const applied = host.system.apply(steps).then(
      () => undefined,
      (error: unknown) => error,
    );
    await host.lab.run(['sh', '-c', 'kill -9 $(cat /run/libvirtd.pid)']);
    const error = await applied;
    if (error !== undefined) expect(error).toBeInstanceOf(SystemUnreachable);
    await host.lab.run(['systemctl', 'start', 'libvirtd']);
    await eventually('libvirt again', () => host.system.observe().catch(() => undefined));
    await host.converge(desired);
    // A start that was cut short is started over when it has had its time.
    host.clock.advance(10_000);
    await eventually('all three running', async () => {
      const plan = await host.converge(desired).then(
        (converged) => converged.plan,
        () => undefined,
      );
      if (!plan) return false;
      // Killed at the very wrong moment, libvirtd 9.0 hangs on the domain for good: then we say what a person must do.
      const stuck = plan.refusals.find(({ reason }) => reason === 'LibvirtStuck');
      if (stuck) await host.lab.run(['sh', '-c', `kill -9 $(cat /run/libvirtd.pid); ${/: (rm .*)$/.exec(stuck.message)?.[1] ?? 'false'}`]);
      return plan.steps.length + plan.refusals.length === 0;
    }, 100_000);
    expect((await host.virsh('list', '--name')).split('\n')).toEqual(expect.arrayContaining(['a', 'b', 'c']));
  });

  test('carries hundreds of calls side by side, and what others do meanwhile is heard', async () => {
    const events: string[] = [];
    const session = sessionTo({ onEvent: (event) => events.push(event.object) });
    const answers = await Promise.all(Array.from({ length: 300 }, () => session.call(procedures.connectGetHostname, undefined)));
    expect(new Set(answers).size).toBe(1);
    await host.virsh('net-destroy', 'switch-lunabr');
    await eventually('the event', () => Promise.resolve(events.includes('network')));
    session.stop();
  });

  test("opens libvirt's own test driver as well", async () => {
    const session = sessionTo({ uri: 'test:///default' });
    const networks = await session.call(procedures.connectListAllNetworks, { flags: 0 });
    session.stop();
    expect(networks.map(({ name }) => name)).toEqual(['default']);
  });
});
