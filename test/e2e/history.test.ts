import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '../fixtures/eventually.ts';
import { startLab, type Lab } from '../lab/lab.ts';
import { at, Daemon } from './daemon.ts';

const BRIDGE = 'apiVersion: bridgekeeper.dev/v1alpha1\nkind: Bridge\nmetadata: {name: br0}\nspec: {uplinks: [{name: eth0}]}\n';

function port(tag: number, addresses: string): string {
  return `apiVersion: bridgekeeper.dev/v1alpha1\nkind: VlanPort\nmetadata: {name: mgmt, labels: {tier: mgmt}}\nspec: {bridgeName: br0, vlan: {mode: access, tag: ${tag}}, addresses: [${addresses}]}\n`;
}

let lab: Lab;
let daemon: Daemon;

beforeAll(async () => {
  lab = await startLab('history');
  daemon = await Daemon.start(lab);
  await daemon.apply(`${BRIDGE}---\n${port(100, '10.1.2.3/24')}`);
  await daemon.bridgectl('wait', '--for=condition=Ready', '--all', 'bridge,vlanport', '--timeout=60s');
}, 120_000);

afterAll(async () => {
  await lab.down();
});

/** The Change of port mgmt with this revision, once it says how it ended. */
function change(revision: number): Promise<Record<string, unknown>> {
  return eventually(async () => {
    const found = (await daemon.items('changes')).find((each) => at(each, 'spec.subject.name') === 'mgmt' && at(each, 'spec.revision') === revision);
    return at(found, 'status.result') === undefined ? undefined : found;
  }, 60_000);
}

function tag(): Promise<string> {
  return lab.run(['ovs-vsctl', 'get', 'port', 'mgmt', 'tag']).then((text) => text.trim());
}

describe('the history of a resource', () => {
  it('begins with what was done for its first spec, in all systems, as one Change', async () => {
    const first = await change(1);
    expect(first['spec']).toMatchObject({ hostName: 'luna', reason: 'SpecChanged', subject: { kind: 'VlanPort', generation: 1 }, requestedBy: { manager: 'bridgectl' } });
    expect(at(first, 'spec.before')).toBeUndefined();
    expect(at(first, 'spec.after')).toMatch(/tag: 100/);
    const steps = at(first, 'spec.steps');
    const systems = Array.isArray(steps) ? new Set(steps.map((step: unknown) => at(step, 'system'))) : new Set();
    expect([...systems].sort()).toEqual(['netplan', 'ovs']);
    expect(first['status']).toMatchObject({ result: 'Applied' });
  });

  it('goes on with each new spec, before and after, and with each corrected drift', async () => {
    await daemon.apply(port(200, '10.1.2.3/24, 10.1.2.4/24'));
    expect((await change(2))['spec']).toMatchObject({
      reason: 'SpecChanged',
      before: expect.stringContaining('tag: 100') as unknown,
      after: expect.stringContaining('tag: 200') as unknown,
    });
    await lab.run(['ovs-vsctl', 'set', 'port', 'mgmt', 'tag=7']);
    expect((await change(3))['spec']).toMatchObject({ reason: 'DriftCorrected', steps: [{ differences: [{ path: 'Port[mgmt].tag', expected: '200', found: '7' }] }] });
  });

  it('is shown by bridgectl', async () => {
    const lines = (await daemon.bridgectl('history', 'vlanport/mgmt')).trim().split('\n');
    expect(lines).toHaveLength(4);
    expect(lines[0]).toMatch(/^REVISION +WHEN +REASON +BY +WHAT +TOOK +RESULT$/);
    expect(lines[3]).toMatch(/^3 .*DriftCorrected +bridgectl +update Port mgmt: Port\[mgmt\]\.tag 7 -> 200 .*Applied$/);
  });

  it('says so where there is none', async () => {
    expect(await daemon.try(['history', 'vlanport/nothing'])).toMatchObject({ code: 0, stdout: '', stderr: expect.stringContaining('There is no Change of vlanport/nothing') as unknown });
  });
});

describe('a rollback', () => {
  it('shows what it would change, and changes nothing, on a dry run', async () => {
    const shown = await daemon.bridgectl('rollback', 'vlanport/mgmt', '--to-revision', '1', '--dry-run=server');
    expect(shown).toMatch(/^- {3}tag: 200$/m);
    expect(shown).toMatch(/^\+ {3}tag: 100$/m);
    expect(shown).toContain('vlanport.bridgekeeper.dev/mgmt rolled back to revision 1 (server dry run)');
    expect(await tag()).toBe('200');
  });

  it('brings the resource and the host back, keeps its labels, and is a revision itself', async () => {
    await daemon.bridgectl('rollback', 'vlanport/mgmt', '--to-revision', '1');
    await eventually(async () => (await tag()) === '100', 60_000);
    await daemon.bridgectl('wait', '--for=condition=Ready', 'vlanport/mgmt', '--timeout=60s');
    expect(await lab.run(['ip', '-br', 'addr', 'show', 'mgmt'])).not.toContain('10.1.2.4');
    expect(at(await daemon.get('vlanport', 'mgmt'), 'metadata.labels.tier')).toBe('mgmt');
    expect((await change(4))['spec']).toMatchObject({ reason: 'SpecChanged', after: at(await change(1), 'spec.after') });
    expect(await daemon.bridgectl('rollback', 'vlanport/mgmt', '--to-revision', '4')).toBe('vlanport.bridgekeeper.dev/mgmt unchanged\n');
  });

  it('leaves a later apply without a conflict', async () => {
    const { code, stderr } = await daemon.apply(port(300, '10.1.2.3/24'));
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect((await change(5))['spec']).toMatchObject({ after: expect.stringContaining('tag: 300') as unknown });
  });

  it('takes away what another manager has added', async () => {
    await daemon.apply(port(300, '10.1.2.3/24'));
    await daemon.try(['apply', '--field-manager=ann', '-f', '-'], 'apiVersion: bridgekeeper.dev/v1alpha1\nkind: VlanPort\nmetadata: {name: mgmt}\nspec: {bridgeName: br0, mtu: 1400}\n');
    await eventually(async () => at(await daemon.get('vlanport', 'mgmt'), 'spec.mtu') === 1400, 60_000);
    await daemon.bridgectl('rollback', 'vlanport/mgmt', '--to-revision', '5');
    expect(at(await daemon.get('vlanport', 'mgmt'), 'spec.mtu')).toBeUndefined();
  });

  it('makes a deleted resource anew, and goes on counting', async () => {
    await daemon.bridgectl('delete', 'vlanport/mgmt');
    await daemon.bridgectl('rollback', 'vlanport/mgmt', '--to-revision', '5');
    await daemon.bridgectl('wait', '--for=condition=Ready', 'vlanport/mgmt', '--timeout=60s');
    expect(await tag()).toBe('300');
    const reasons = await eventually(async () => {
      const lines = (await daemon.bridgectl('history', 'vlanport/mgmt', '--no-headers')).trim().split('\n');
      const found = lines.map((line) => line.split(/ +/)[2]);
      return found.at(-1) === 'SpecChanged' && found.includes('Deleted') && found;
    }, 60_000);
    expect(reasons.slice(-2)).toEqual(['Deleted', 'SpecChanged']);
  });

  it.each([
    [['--to-revision', '99'], 1, /has no revision 99; it has 1, 2,/],
    [['--to-revision', 'x'], 2, /--to-revision x is no number/],
    [[], 2, /to which revision\?/],
  ])('says what is wrong with %j', async (flags, code, text) => {
    const answer = await daemon.try(['rollback', 'vlanport/mgmt', ...flags]);
    expect(answer.code).toBe(code);
    expect(answer.stderr).toMatch(text);
  });
});
