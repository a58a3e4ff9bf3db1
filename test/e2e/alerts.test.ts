import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../fixtures/eventually.ts';
import { startLab, type Lab } from '../lab/lab.ts';
import { at, Daemon } from './daemon.ts';
import { alertsOf, Sink, type Received } from './sink.ts';

const PORT = 9000;
const SINK = `http://127.0.0.1:${PORT}`;
const BRIDGE = 'apiVersion: bridgekeeper.dev/v1alpha1\nkind: Bridge\nmetadata: {name: br0}\nspec: {uplinks: [{name: eth0}]}\n';

function port(name: string, tag: number, extra = ''): string {
  return `apiVersion: bridgekeeper.dev/v1alpha1\nkind: VlanPort\nmetadata: {name: ${name}}\nspec: {bridgeName: br0, vlan: {mode: access, tag: ${tag}}${extra}}\n`;
}

function receiver(name: string, spec: Record<string, unknown>): string {
  return JSON.stringify({ apiVersion: 'bridgekeeper.dev/v1alpha1', kind: 'AlertReceiver', metadata: { name }, spec });
}

let lab: Lab;
let daemon: Daemon;
let sink: Sink;

beforeAll(async () => {
  lab = await startLab('alerts');
  sink = await Sink.start(lab, PORT);
  daemon = await Daemon.start(lab);
  await daemon.apply(`${BRIDGE}---\n${port('mgmt', 100)}`);
  await daemon.bridgectl('wait', '--for=condition=Ready', '--all', 'bridge,vlanport', '--timeout=60s');
}, 120_000);

afterAll(async () => {
  await lab.down();
});

async function apply(manifest: string): Promise<void> {
  const { code, stderr } = await daemon.apply(manifest);
  if (code !== 0) throw new Error(stderr);
}

/** The first message to `url` that `wanted` takes. */
function message(url: string, wanted: (message: Received) => boolean): Promise<Received> {
  return eventually(() => sink.taken(url).find(wanted), 60_000);
}

describe('an alert', () => {
  it('of a corrected drift comes signed, with the command, once, and is told of in the report', async () => {
    await apply(JSON.stringify({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'hook', namespace: 'default' }, stringData: { hmacKey: 'k', token: 'shown-to-nobody' } }));
    await apply(receiver('hook', { type: 'webhook', url: `${SINK}/hook`, secretRef: { namespace: 'default', name: 'hook' } }));
    await daemon.bridgectl('wait', '--for=condition=Accepted', 'alertreceiver/hook', '--timeout=60s');
    await lab.run(['ovs-vsctl', 'set', 'port', 'mgmt', 'tag=200']);
    const { headers, text, body } = await message('/hook', ({ text: sent }) => sent.includes('tag=200'));
    expect(headers['x-bridgekeeper-signature']).toBe(`sha256=${createHmac('sha256', 'k').update(text).digest('hex')}`);
    expect(headers['authorization']).toBe('Bearer shown-to-nobody');
    expect(headers['idempotency-key']).toBe(`"${String(at(body, 'id'))}"`);
    expect(body).toMatchObject({
      event: 'DriftCorrected',
      alerts: [{ subject: { kind: 'VlanPort', name: 'mgmt' }, hostName: 'luna', drift: { command: 'ovs-vsctl set port mgmt tag=200', differences: [{ path: 'Port[mgmt].tag', expected: '100', found: '200' }] } }],
    });
    const report = await eventually(async () => {
      const reports = await daemon.items('driftreports');
      return reports.find((each) => at(each, 'status.alerts.0.state') === 'Delivered');
    }, 60_000);
    expect(at(report, 'status.alerts.0.receiverName')).toBe('hook');
    const seen = (await daemon.get('alertreceiver', 'hook'))['status'];
    expect(seen).toMatchObject({ pending: 0, lastDelivery: { result: 'Delivered', event: 'DriftCorrected' } });
    expect(sink.taken('/hook')).toHaveLength(1);
    expect(daemon.log).not.toContain('shown-to-nobody');
  });

  it('is tried again until it is taken, always as the same message', async () => {
    await apply(receiver('busy', { type: 'cloudevents', url: `${SINK}/busy/2/x`, events: ['DriftCorrected'] }));
    await daemon.bridgectl('wait', '--for=condition=Accepted', 'alertreceiver/busy', '--timeout=60s');
    await lab.run(['ovs-vsctl', 'set', 'port', 'mgmt', 'tag=201']);
    await message('/busy/2/x', ({ text }) => text.includes('tag=201'));
    const attempts = sink.received.filter(({ url }) => url === '/busy/2/x');
    expect(attempts.map(({ status }) => status)).toEqual([503, 503, 200]);
    expect(new Set(attempts.map(({ text }) => text)).size).toBe(1);
    expect(attempts[0]?.headers['content-type']).toBe('application/cloudevents+json');
    expect(attempts[0]?.body).toMatchObject({ specversion: '1.0', type: 'dev.bridgekeeper.alert.DriftCorrected', subject: 'VlanPort/mgmt', data: { alerts: [{}] } });
    await daemon.bridgectl('delete', 'alertreceiver', 'busy');
  });

  it('follows no redirect, and says so', async () => {
    await apply(receiver('moved', { type: 'slack', url: `${SINK}/moved/x` }));
    await daemon.bridgectl('wait', '--for=condition=Accepted', 'alertreceiver/moved', '--timeout=60s');
    await lab.run(['ovs-vsctl', 'set', 'port', 'mgmt', 'tag=202']);
    await daemon.bridgectl('wait', '--for=condition=Ready=False', 'alertreceiver/moved', '--timeout=60s');
    expect(await daemon.bridgectl('get', 'alertreceiver', 'moved', '-o', 'wide')).toContain('redirects are not followed');
    expect(sink.received.filter(({ url }) => url === '/elsewhere')).toEqual([]);
    await daemon.bridgectl('delete', 'alertreceiver', 'moved');
  });

  it('of what lasts is told, and its end to whom it was told', async () => {
    // Somebody else's port of that name: a person must decide.
    await lab.run(['ovs-vsctl', 'add-port', 'br0', 'taken', 'tag=7', '--', 'set', 'interface', 'taken', 'type=internal']);
    await apply(receiver('chat', { type: 'slack', url: `${SINK}/chat`, events: ['Stalled', 'Recovered'] }));
    await apply(receiver('pager', { type: 'ntfy', url: `${SINK}/pager`, minSeverity: 'Critical' }));
    await apply(port('taken', 8));
    const told = await message('/chat', ({ text }) => text.includes('VlanPort/taken'));
    expect(told.body).toMatchObject({ text: expect.stringMatching(/^\*Stalled on luna: VlanPort\/taken\*/) as unknown });
    await lab.run(['ovs-vsctl', 'del-port', 'br0', 'taken']);
    const over = await message('/chat', ({ text }) => text.includes('Recovered'));
    expect(over.text).toContain('VlanPort/taken');
    expect(sink.taken('/pager')).toEqual([]);
  });

  it('is told by ntfy in its own words when the host has no Open vSwitch, and when it is back', async () => {
    await lab.run(['systemctl', 'stop', 'openvswitch-switch']);
    const told = await message('/pager', ({ headers }) => headers['title'] === 'HostUnreachable on luna: Host/luna');
    expect(told.headers).toMatchObject({ priority: '5', tags: 'warning' });
    await lab.run(['systemctl', 'start', 'openvswitch-switch']);
    const over = await message('/pager', ({ headers }) => headers['title'] === 'Recovered on luna: Host/luna');
    expect(over.headers['tags']).toBe('white_check_mark');
    await daemon.bridgectl('wait', '--for=condition=Ready', 'vlanport/mgmt', '--timeout=60s');
  });

  it('outlives the daemon: killed with -9 before it could be sent, it comes after the restart, once', async () => {
    await sink.stop();
    await lab.run(['ovs-vsctl', 'set', 'port', 'mgmt', 'tag=203']);
    await eventually(async () => at(await daemon.get('alertreceiver', 'hook'), 'status.lastDelivery.result') === 'Failed', 60_000);
    await daemon.kill();
    sink = await Sink.start(lab, PORT);
    await daemon.restart();
    await message('/hook', ({ text }) => text.includes('tag=203'));
    await eventually(async () => at(await daemon.get('alertreceiver', 'hook'), 'status.pending') === 0, 60_000);
    const alerts = sink.taken('/hook').flatMap(alertsOf).filter((alert) => String(at(alert, 'drift.command')).includes('tag=203'));
    expect(alerts).toHaveLength(1);
  });

  it('of a fight is critical, and the correction rests', async () => {
    const commands = "while :; do ovs-vsctl --no-wait set port mgmt tag=300; done";
    const opponent = lab.spawn(['sh', '-c', commands]);
    const fight = await message('/hook', ({ text }) => text.includes('comes back again and again'));
    const alert = alertsOf(fight).find((each) => at(each, 'severity') === 'Critical');
    expect(alert).toMatchObject({ event: 'DriftDetected', drift: { command: 'ovs-vsctl --no-wait set port mgmt tag=300' } });
    opponent.kill('SIGKILL');
    await lab.exec(['pkill', '-f', 'tag=300']);
    await eventually(async () => (await lab.run(['ovs-vsctl', 'get', 'port', 'mgmt', 'tag'])).trim() === '100', 70_000);
    const reports = (await daemon.items('driftreports')).filter((report) => String(at(report, 'spec.cause.command')).includes('tag=300'));
    // Ten times the same is a fight; on a slow machine each of them is a report of its own.
    expect(reports.reduce((sum, report) => sum + Number(at(report, 'spec.count')), 0)).toBeGreaterThanOrEqual(10);
    expect(reports.length).toBeLessThan(16);
  }, 120_000);
});

describe('a receiver that can not be used', () => {
  it.each([
    ['without its Secret', { type: 'webhook', url: `${SINK}/x`, secretRef: { namespace: 'default', name: 'nothing' } }, 'SecretNotFound', 'there is no Secret default/nothing'],
    ['with a password in its URL', { type: 'webhook', url: 'http://ann:secret@127.0.0.1/x' }, 'InvalidURL', 'put them into a Secret'],
  ])('says what would mend it: %s', async (_what, spec, reason, text) => {
    await apply(receiver('odd', spec));
    await daemon.bridgectl('wait', '--for=condition=Accepted=False', 'alertreceiver/odd', '--timeout=60s');
    const conditions = at(await daemon.get('alertreceiver', 'odd'), 'status.conditions.0');
    expect(conditions).toMatchObject({ type: 'Accepted', reason, message: expect.stringContaining(text) as unknown });
    await daemon.bridgectl('delete', 'alertreceiver', 'odd');
  });
});
