import { describe, expect, test } from 'vitest';
import type { LibvirtDesired } from '../../../../../../controller/systems/libvirt/desired.ts';
import { networkUuid } from '../../../../../../controller/systems/libvirt/network-uuid.ts';
import type { LibvirtObserved, NetworkState } from '../../../../../../controller/systems/libvirt/observed.ts';
import { planLibvirt } from '../../../../../../controller/systems/libvirt/plan/plan.ts';
import { desire, domainState, network, networkState, observe, portgroup } from '../observed-fixture.ts';

const UUID = networkUuid('lan');
const MARK = "xmlns:b='https://bridgekeeper.dev/xmlns/v1alpha1'";

function lan(portgroups: string, marks: Readonly<Record<string, string>> | 'none' = {}, uuid = UUID): string {
  const marked = Object.entries(marks === 'none' ? {} : marks).map(([name, owner]) => `<b:portgroup name='${name}' owner='${owner}'/>`);
  const metadata = marks === 'none' ? '' : `<metadata><b:mark ${MARK} owner='Bridge/br'>${marked.join('')}</b:mark></metadata>`;
  return `<network><name>lan</name><uuid>${uuid}</uuid>${metadata}<forward mode='bridge'/><bridge name='br'/>
    <virtualport type='openvswitch'/>${portgroups}</network>`;
}

const group = (name: string, tag: number, more = ''): string => `<portgroup name='${name}' ${more}><vlan><tag id='${tag}'/></vlan></portgroup>`;

function user(source: string): string {
  return `<domain type='qemu'><name>theirs</name><uuid>00000000-0000-4000-8000-00000000000f</uuid><devices>
    <interface type='network'><mac address='52:54:00:00:00:0f'/><source network='lan' ${source}/></interface></devices></domain>`;
}

function summary(desired: LibvirtDesired, observed: LibvirtObserved): string[] {
  return planLibvirt(desired, observed).steps.map((step) => {
    const more = step.kind === 'network-portgroup' ? ` ${step.command} ${step.affect.join('+')}` : '';
    return `${step.owner} ${step.kind}${more}`;
  });
}

const steps = (state: NetworkState | undefined, ...groups: ReturnType<typeof portgroup>[]): string[] =>
  summary(desire({ networks: [network(groups)] }), observe({ networks: state ? [state] : [] }));

describe('a plan for a network', () => {
  test('is pure: the same twice, whatever was planned between', () => {
    const desired = desire({ networks: [network([portgroup('a', 1)])] });
    const observed = observe({});
    const first = JSON.stringify(planLibvirt(desired, observed));
    planLibvirt(desire({}), observed);
    expect(JSON.stringify(planLibvirt(desired, observed))).toBe(first);
  });

  test('makes one that is missing, its portgroups one by one, and starts it then', () => {
    expect(steps(undefined, portgroup('a', 1), portgroup('b', 2))).toEqual([
      'Bridge/br network-define',
      'Portgroup/a network-portgroup add config',
      'Portgroup/b network-portgroup add config',
      'Bridge/br network-start',
      'Bridge/br network-autostart',
    ]);
  });

  test('is empty for one that is as desired', () => {
    expect(steps(networkState(lan(group('a', 1), { a: 'Portgroup/a' })), portgroup('a', 1))).toEqual([]);
  });

  test('writes the mark of a new portgroup before it adds it', () => {
    expect(steps(networkState(lan('')), portgroup('a', 1))).toEqual(['Portgroup/a network-mark', 'Portgroup/a network-portgroup add config+live']);
  });

  test('gives the stored and the active network each what it lacks', () => {
    const state = networkState(lan(group('a', 1), { a: 'Portgroup/a' }), { liveXml: lan('', { a: 'Portgroup/a' }) });
    expect(steps(state, portgroup('a', 1))).toEqual(['Portgroup/a network-portgroup add live']);
    const changed = networkState(lan(group('a', 9), { a: 'Portgroup/a' }), { liveXml: lan('', { a: 'Portgroup/a' }) });
    expect(steps(changed, portgroup('a', 1))).toEqual(['Portgroup/a network-portgroup add live', 'Portgroup/a network-portgroup modify config']);
  });

  test('takes the default away from the old one first, in one step with all else that changes', () => {
    const marks = { a: 'Portgroup/a', b: 'Portgroup/b' };
    const state = networkState(lan(group('a', 1) + group('b', 2, "default='yes'"), marks));
    expect(steps(state, portgroup('a', 1, { isDefault: true }), portgroup('b', 3))).toEqual([
      'Portgroup/b network-portgroup modify config+live',
      'Portgroup/a network-portgroup modify config+live',
    ]);
  });

  test('refuses to take the default from a portgroup of others', () => {
    const state = networkState(lan(group('a', 1) + group('theirs', 2, "default='yes'"), { a: 'Portgroup/a' }));
    const plan = planLibvirt(desire({ networks: [network([portgroup('a', 1, { isDefault: true })])] }), observe({ networks: [state] }));
    expect(plan.steps).toEqual([]);
    expect(plan.refusals).toMatchObject([{ owner: 'Portgroup/a', reason: 'DeviceConflict', needsPerson: true }]);
  });

  test.each(["portgroup='b'", ''])('deletes a portgroup only when no NIC is on it, by name or by default: <source %s>', (source) => {
    const marks = { a: 'Portgroup/a', b: 'Portgroup/b' };
    const state = networkState(lan(group('a', 1) + group('b', 2, "default='yes'"), marks));
    const desired = desire({ networks: [network([portgroup('a', 1)])] }, { leaving: ['Portgroup/b'] });
    expect(summary(desired, observe({ networks: [state] }))).toEqual(['Portgroup/b network-portgroup delete config+live', 'Portgroup/b network-mark']);
    const used = planLibvirt(desired, observe({ networks: [state], domains: [domainState(user(source))] }));
    expect(used.steps).toEqual([]);
    expect(used.refusals).toMatchObject([{ owner: 'Portgroup/b', reason: 'InUse', needsPerson: false, message: expect.stringContaining('theirs') }]);
  });

  test.each([
    ['frozen', []],
    ['released', ['Portgroup/b network-mark']],
    ['leaving', ['Portgroup/b network-portgroup delete config+live', 'Portgroup/b network-mark']],
    ['present', ['Portgroup/b network-portgroup delete config+live', 'Portgroup/b network-mark']],
  ] as const)('does with an undesired portgroup of a resource that is %s what that says', (set, expected) => {
    const state = networkState(lan(group('b', 2), { b: 'Portgroup/b' }));
    expect(summary(desire({ networks: [network([])] }, { [set]: ['Portgroup/b'] }), observe({ networks: [state] }))).toEqual(expected);
  });

  test('marks what it would do to a leftover as such', () => {
    const state = networkState(lan(group('b', 2), { b: 'Portgroup/b' }));
    const plan = planLibvirt(desire({ networks: [network([])] }), observe({ networks: [state] }));
    expect(plan.steps.map(({ leftover }) => leftover)).toEqual([true, true]);
  });

  test('does not take what belongs to another resource', () => {
    const state = networkState(lan(group('a', 1), { a: 'Portgroup/other' }));
    const desired = desire({ networks: [network([portgroup('a', 1, { adoption: 'Always' })])] }, { present: ['Portgroup/other'] });
    const plan = planLibvirt(desired, observe({ networks: [state] }));
    expect(plan.refusals).toMatchObject([{ owner: 'Portgroup/a', reason: 'DeviceConflict', message: expect.stringContaining('Portgroup/other') }]);
  });

  test('keeps what it does not know in a portgroup that it changes', () => {
    const odd = "<portgroup name='a'><vlan><tag id='9'/></vlan><virtualport><parameters profileid='x'/></virtualport></portgroup>";
    const state = networkState(lan(odd, { a: 'Portgroup/a' }));
    const [step] = planLibvirt(desire({ networks: [network([portgroup('a', 1)])] }), observe({ networks: [state] })).steps;
    expect(step?.kind === 'network-portgroup' && step.xml).toContain("profileid=\"x\"");
  });

  test('names every difference with its path and both values', () => {
    const state = networkState(lan(group('a', 9), { a: 'Portgroup/a' }), { autostart: false });
    const plan = planLibvirt(desire({ networks: [network([portgroup('a', 1)])] }), observe({ networks: [state] }));
    expect(plan.steps.flatMap(({ differences }) => differences)).toEqual([
      { path: 'network[lan].portgroup[a].vlan', expected: 'access 1', found: 'access 9' },
      { path: 'network[lan].autostart', expected: 'yes', found: 'no' },
    ]);
  });
});

describe("a plan for libvirt's default network", () => {
  const XML = "<network><name>default</name><uuid>00000000-0000-4000-8000-0000000000dd</uuid><forward mode='nat'/><bridge name='virbr0'/></network>";
  const ABSENT = desire({ defaultNetwork: { owner: 'Host/luna', policy: 'Absent' } });
  const kept = { owner: 'Host/luna', xml: XML, autostart: true, active: true } as const;
  const state = networkState(XML);

  test('keeps it before it takes it away, with whether it was active and started with the host', () => {
    const plan = planLibvirt(ABSENT, observe({ networks: [state] }));
    expect(plan.steps.map(({ kind }) => kind)).toEqual(['network-keep', 'network-stop', 'network-undefine']);
    expect(plan.steps[0]).toMatchObject({ kept });
  });

  test('does not keep it again when only half of that was done', () => {
    const half = networkState(XML, { active: false });
    expect(summary(ABSENT, observe({ networks: [half], keptDefaultNetwork: kept }))).toEqual(['Host/luna network-undefine']);
  });

  test('gives it back as it was, and forgets it before it is started', () => {
    const steps = ['network-define', 'network-autostart', 'network-forget', 'network-start'].map((kind) => `Host/luna ${kind}`);
    const observed = observe({ keptDefaultNetwork: kept });
    expect(summary(desire({}, { leaving: ['Host/luna'] }), observed)).toEqual(steps);
    expect(summary(desire({ defaultNetwork: { owner: 'Host/luna', policy: 'Unmanaged' } }), observed)).toEqual(steps);
    expect(summary(ABSENT, observed)).toEqual([]);
    expect(summary(desire({}, { frozen: ['Host/luna'] }), observed)).toEqual([]);
  });

  test('only forgets it when somebody made one meanwhile', () => {
    expect(summary(desire({}), observe({ networks: [state], keptDefaultNetwork: kept }))).toEqual(['Host/luna network-forget']);
  });

  test('leaves it alone when a bridge of ours has that name for its network', () => {
    const ours = network([], { name: 'default' });
    const desired = desire({ networks: [ours], defaultNetwork: { owner: 'Host/luna', policy: 'Absent' } });
    expect(summary(desired, observe({ networks: [state] }))).toEqual([]);
  });
});
