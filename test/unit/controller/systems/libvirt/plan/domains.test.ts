import { describe, expect, test } from 'vitest';
import type { LibvirtDesired, LibvirtDomain, LibvirtInterface } from '../../../../../../controller/systems/libvirt/desired.ts';
import type { DomainState, LibvirtObserved } from '../../../../../../controller/systems/libvirt/observed.ts';
import { planLibvirt } from '../../../../../../controller/systems/libvirt/plan/plan.ts';
import { updatedInterface, withMadeDisks } from '../../../../../../controller/systems/libvirt/xml/definition.ts';
import { desire, domain, domainState, DOMAIN_UUID, NOW, network, networkState, observe, portgroup } from '../observed-fixture.ts';

const BRIDGE_NIC: LibvirtInterface = { name: 'eth0', mac: '52:54:00:00:00:01', source: { type: 'bridge', bridge: 'br', vlan: { mode: 'access', tag: 5 } }, model: 'virtio', linkState: 'up' };
const GROUP_NIC: LibvirtInterface = { ...BRIDGE_NIC, source: { type: 'network', network: 'lan', portgroup: 'a' } };

/** The definition that our own plan would store, as libvirt would give it back. */
function storedAs(wanted: LibvirtDomain, observed: LibvirtObserved = observe({})): string {
  const step = planLibvirt(desire({ domains: [wanted] }), observed).steps.find(({ kind }) => kind === 'domain-define');
  if (step?.kind !== 'domain-define') throw new Error('no definition');
  return step.xml.replace('machine="q35"', 'machine="pc-q35-7.2"');
}

const LAN = networkState("<network><name>lan</name><uuid>00000000-0000-4000-8000-00000000000a</uuid><forward mode='bridge'/><bridge name='br'/><virtualport type='openvswitch'/><portgroup name='a'><vlan><tag id='7'/></vlan></portgroup></network>");

function kinds(desired: LibvirtDesired, observed: LibvirtObserved): string[] {
  return planLibvirt(desired, observed).steps.filter((step) => 'domain' in step).map(({ kind }) => kind);
}

function planOf(wanted: LibvirtDomain, state: DomainState | undefined): ReturnType<typeof planLibvirt> {
  return planLibvirt(desire({ domains: [wanted] }), observe({ networks: [LAN], domains: state ? [state] : [] }));
}

const wanted = domain({ interfaces: [BRIDGE_NIC] });
const running = (more: Parameters<typeof domainState>[1] = {}): DomainState => domainState(storedAs(wanted), { state: 'running', autostart: true, ...more });

describe('a plan for a domain', () => {
  test('defines, lets come up with the host and starts one that is missing', () => {
    expect(kinds(desire({ domains: [wanted] }), observe({}))).toEqual(['domain-define', 'domain-autostart', 'domain-start']);
  });

  test('is empty for what it made itself', () => {
    expect(planOf(wanted, running())).toEqual({ steps: [], findings: [], refusals: [] });
  });

  test('is empty for what it made itself, with everything set', () => {
    const full = domain({
      interfaces: [BRIDGE_NIC, { ...GROUP_NIC, name: 'eth1', mac: '52:54:00:00:00:02', mtu: 1400, linkState: 'down', interfaceId: DOMAIN_UUID }],
      disks: [{ name: 'a b', path: '/i/a', format: 'raw', bus: 'scsi', readOnly: true }, { name: 'r', path: '/i/r', format: 'qcow2', bus: 'virtio', readOnly: false }],
      cdroms: [{ name: 'cd', path: '/i/cd.iso' }],
      bootOrder: ['eth1', 'r', 'cd'],
      cpuModel: 'Skylake-Client',
      firmware: 'uefi',
      graphics: { type: 'spice' },
      serialConsole: true,
      machine: 'q35',
    });
    expect(planOf(full, domainState(storedAs(full, observe({ networks: [LAN] })), { state: 'running', autostart: true, liveXml: storedAs(full).replace(/<interface type="network">.*?<\/interface>/, (nic) => nic.replace('<model', '<vlan><tag id="7"/></vlan><model')) }))).toEqual({ steps: [], findings: [], refusals: [] });
  });

  test.each([
    ['auto', true, undefined, 'kvm'],
    ['auto', false, undefined, 'qemu'],
    ['auto', true, 'qemu', 'qemu'],
    ['auto', false, 'kvm', 'kvm'],
    ['kvm', false, 'qemu', 'kvm'],
    ['tcg', true, 'kvm', 'qemu'],
  ] as const)('with acceleration %s, KVM offered: %s and an existing domain of type %s asks for %s', (acceleration, kvmOffered, existing, type) => {
    const asked = domain({ acceleration });
    const state = existing && domainState(storedAs(domain({ acceleration: existing === 'kvm' ? 'kvm' : 'tcg' })));
    const { steps } = planLibvirt(desire({ domains: [asked] }), observe({ kvmOffered, domains: state ? [state] : [] }));
    const define = steps.find(({ kind }) => kind === 'domain-define');
    expect(define?.kind === 'domain-define' ? define.xml.includes(`type="${type}"`) : existing === type).toBe(true);
  });

  test('takes the older machine, which has IDE, where a disk is on IDE', () => {
    const disks = [{ name: 'r', path: '/i/r', format: 'raw', bus: 'ide', readOnly: false }] as const;
    expect(storedAs(domain({ disks }))).toContain('machine="pc"');
  });

  test('makes no image under a running domain, and makes a missing one again before the next start', () => {
    const withDisk = domain({ disks: [{ name: 'r', path: '/i/r', sizeBytes: 1, format: 'raw', bus: 'virtio', readOnly: false }] });
    const xml = storedAs(withDisk);
    expect(planOf(withDisk, domainState(xml, { state: 'running', autostart: true, missingFiles: ['/i/r'] })).steps).toEqual([]);
    const off = planOf(withDisk, domainState(xml, { autostart: true, missingFiles: ['/i/r'] }));
    expect(off.steps.map(({ kind }) => kind)).toEqual(['disk-make', 'domain-start']);
  });

  test('says when the domain was renamed', () => {
    const renamed = domainState(storedAs(wanted).replace('<name>vm</name>', '<name>elsewhere</name>'));
    expect(planOf(wanted, renamed)).toMatchObject({ steps: [], refusals: [{ reason: 'DomainRenamed', message: expect.stringContaining('virsh domrename elsewhere vm') }] });
  });
});

describe('a machine', () => {
  test('that QEMU does not have is refused by its name', () => {
    const plan = planLibvirt(desire({ domains: [domain({ machine: 'pc-no' })] }), observe({ machinesOffered: new Set(['pc', 'q35']) }));
    expect(plan).toMatchObject({ steps: [], refusals: [{ reason: 'MachineNotFound', needsPerson: true, message: expect.stringContaining('no machine pc-no') }] });
  });

  test('of another family gets other buses, and no device keeps its place on the old ones', () => {
    const stored = storedAs(wanted).replace('<mac address', '<address type="pci" bus="0x01"/><mac address');
    const define = planOf(domain({ machine: 'pc' }), domainState(stored)).steps[0];
    const xml = define?.kind === 'domain-define' ? define.xml : '';
    expect(xml).toContain('machine="pc"');
    expect(xml).not.toMatch(/pcie-root|type="pci"/);
  });
});

describe('a plan for a running domain', () => {
  test('changes a straight NIC live, with the interface id that it has', () => {
    const live = storedAs(wanted).replace('<virtualport type="openvswitch"/>', '<virtualport type="openvswitch"><parameters interfaceid="abc"/></virtualport>');
    const moved = domain({ interfaces: [{ ...BRIDGE_NIC, source: { type: 'bridge', bridge: 'br', vlan: { mode: 'trunk', trunks: [1, 2] } } }] });
    const { steps } = planOf(moved, running({ liveXml: live }));
    expect(steps.map(({ kind }) => kind)).toEqual(['domain-define', 'nic-update']);
    const update = steps[1];
    const xml = update?.kind === 'nic-update' ? updatedInterface(live, update.nic, update.settings) : '';
    expect(xml).toContain('interfaceid="abc"');
    expect(xml).toContain('<vlan trunk="yes"><tag id="1"/><tag id="2"/></vlan>');
  });

  test("writes the portgroup's VLAN out for a live NIC, since libvirt 9.0 would clear the port otherwise", () => {
    const onGroup = domain({ interfaces: [GROUP_NIC] });
    const liveNic = `<interface type="bridge"><mac address="52:54:00:00:00:01"/><source network="lan" portgroup="a" portid="p" bridge="br"/>
      <vlan><tag id="3"/></vlan><virtualport type="openvswitch"><parameters interfaceid="abc"/></virtualport><target dev="vnet0"/><model type="virtio"/></interface>`;
    const liveXml = storedAs(onGroup, observe({ networks: [LAN] })).replace(/<interface.*<\/interface>/s, liveNic);
    const state = domainState(storedAs(onGroup, observe({ networks: [LAN] })), { state: 'running', autostart: true, liveXml });
    const [update] = planOf(onGroup, state).steps;
    const xml = update?.kind === 'nic-update' ? updatedInterface(liveXml, update.nic, update.settings) : '';
    expect(xml).toMatch(/^<interface type="network">/);
    expect(xml).toContain('<source network="lan" portgroup="a"/>');
    expect(xml).toContain('<vlan><tag id="7"/></vlan>');
    expect(xml).toContain('interfaceid="abc"');
  });

  test('says which running domain of others has its MAC address', () => {
    const twin = domainState(storedAs(domain({ name: 'twin', uuid: '00000000-0000-4000-8000-0000000000ff', interfaces: [BRIDGE_NIC] })), { state: 'running' });
    const ours = running({});
    const plan = (other: DomainState) => planLibvirt(desire({ domains: [wanted] }), observe({ domains: [ours, other] }));
    expect(plan({ ...twin, owner: undefined }).refusals).toMatchObject([{ reason: 'DeviceConflict', needsPerson: true, message: expect.stringContaining('domain twin has MAC address 52:54:00:00:00:01') }]);
    expect(plan({ ...twin, owner: undefined, live: undefined }).refusals).toEqual([]);
  });

  test('asks for a NIC to be let go once, and says then that a restart is needed', () => {
    const without = domain({ interfaces: [] });
    const stored = storedAs(without);
    const state = running({ config: domainState(stored).config });
    expect(planOf(without, state).steps.map(({ kind }) => kind)).toEqual(['nic-detach']);
    const asked = planOf(without, { ...state, memory: { detachAsked: new Set(['52:54:00:00:00:01']), completed: false } });
    expect(asked).toMatchObject({ steps: [], refusals: [{ reason: 'RestartRequired', needsPerson: true }] });
  });

  test('changes nothing about the NICs of one that is to be off', () => {
    const halted = { ...wanted, runStrategy: 'Halted' as const, interfaces: [{ ...BRIDGE_NIC, linkState: 'down' as const }] };
    expect(planOf(halted, running()).steps.map(({ kind }) => kind)).toEqual(['domain-define', 'domain-autostart', 'domain-shutdown']);
  });

  test('never plugs in or moves a NIC to a portgroup that is not there', () => {
    const onMissing = domain({ interfaces: [{ ...GROUP_NIC, source: { type: 'network', network: 'lan', portgroup: 'gone' } }] });
    const state = running({ config: domainState(storedAs(onMissing)).config });
    const bare = storedAs(domain());
    const { steps, refusals } = planOf(onMissing, { ...state, live: domainState(bare, { state: 'running' }).live });
    expect(steps.map(({ kind }) => kind)).toEqual(['domain-autostart']);
    expect(refusals).toMatchObject([{ reason: 'PortgroupNotFound' }]);
  });

  test('counts a portgroup that the same plan makes as there', () => {
    const onNew = domain({ interfaces: [{ ...GROUP_NIC, source: { type: 'network', network: 'lan', portgroup: 'new' } }] });
    const desired = desire({ networks: [network([portgroup('new', 4)], { adoption: 'Always' })], domains: [onNew] });
    expect(kinds(desired, observe({ networks: [LAN] }))).toEqual(['domain-define', 'domain-autostart', 'domain-start']);
  });
});

describe('a plan for when a domain runs', () => {
  const off = (more: Parameters<typeof domainState>[1] = {}): DomainState => domainState(storedAs(wanted), more);
  const asked = (agoMs: number): Partial<DomainState> => ({ memory: { stopAskedAt: NOW - agoMs, detachAsked: new Set(), completed: false } });

  test.each([
    ['Always', off({ autostart: true }), ['domain-start']],
    ['Always', off({ autostart: true, state: 'crashed' }), ['domain-start']],
    ['Always', running({ autostart: false }), ['domain-autostart']],
    ['Always', running({ state: 'paused', stateReason: 'user' }), ['domain-resume']],
    ['Always', running({ state: 'paused', stateReason: 'ioerror' }), []],
    ['Always', running({ state: 'paused', stateReason: 'starting-up', memory: { startingSince: NOW - 9_999, detachAsked: new Set(), completed: false } }), []],
    ['Always', running({ state: 'paused', stateReason: 'starting-up', memory: { startingSince: NOW - 10_000, detachAsked: new Set(), completed: false } }), ['domain-destroy']],
    ['Always', off({ autostart: true, memory: { startNotBefore: NOW + 1, detachAsked: new Set(), completed: false } }), []],
    ['Halted', off(), []],
    ['Halted', running(), ['domain-autostart', 'domain-shutdown']],
    ['Halted', running({ autostart: false, ...asked(59_999) }), []],
    ['Halted', running({ autostart: false, ...asked(60_000) }), ['domain-destroy']],
    ['Manual', off({ autostart: true }), []],
    ['Manual', running({ autostart: false }), []],
    ['RerunOnFailure', off(), ['domain-start']],
    ['RerunOnFailure', off({ memory: { detachAsked: new Set(), completed: true } }), []],
  ] as const)('%s, as found: %#', (runStrategy, state, expected) => {
    expect(planOf({ ...wanted, runStrategy }, state).steps.map(({ kind }) => kind)).toEqual(expected);
  });

  test('does not start one that is to wait, and says nothing of it', () => {
    const waiting = { ...wanted, startBlockedBy: { reason: 'BridgeNotFound', message: '' } };
    expect(planOf(waiting, off({ autostart: true }))).toEqual({ steps: [], findings: [], refusals: [] });
  });
});

describe('a plan for a domain that is no longer desired', () => {
  const ends = (set: 'leaving' | 'released' | 'frozen' | undefined, state: DomainState): string[] =>
    kinds(desire({}, set ? { [set]: ['VirtualMachine/vm'] } : {}), observe({ domains: [state] }));
  const made = withMadeDisks(storedAs(domain({ diskReclaim: 'Delete' })), ['/i/made']);

  test('ends it, but only when its resource says so', () => {
    expect(ends('leaving', running())).toEqual(['domain-shutdown']);
    expect(ends('leaving', domainState(storedAs(wanted)))).toEqual(['domain-undefine']);
    expect(ends('frozen', running())).toEqual([]);
    expect(ends('released', running())).toEqual(['domain-define']);
    expect(ends(undefined, domainState(storedAs(wanted)))).toEqual(['domain-undefine']);
  });

  test('deletes the images that we made, where that was asked for, and no others', () => {
    const deleted = (xml: string): unknown => {
      const [step] = planLibvirt(desire({}, { leaving: ['VirtualMachine/vm'] }), observe({ domains: [domainState(xml)] })).steps;
      return step?.kind === 'domain-undefine' && step.deleteFiles;
    };
    expect(deleted(made)).toEqual(['/i/made']);
    expect(deleted(made.replace('diskReclaim="Delete"', 'diskReclaim="Retain"'))).toEqual([]);
  });

  test('only takes our mark from one whose NICs alone were ours', () => {
    const theirs = storedAs(wanted).replace('management="Full"', 'management="InterfacesOnly"');
    expect(ends('leaving', domainState(theirs, { state: 'running' }))).toEqual(['domain-define']);
  });
});
