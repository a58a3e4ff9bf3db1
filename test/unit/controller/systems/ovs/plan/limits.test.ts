import { describe, expect, it } from 'vitest';

import type { GuestNic } from '../../../../../../controller/systems/guest-nic.ts';
import { Guests } from '../../../../../../controller/systems/ovs/guests.ts';
import { observedOf } from '../../../../../../controller/systems/ovs/observe.ts';
import type { OvsDesired, OvsLimits, OvsVmPort } from '../../../../../../controller/systems/ovs/desired.ts';
import { planOvs } from '../../../../../../controller/systems/ovs/plan/plan.ts';
import type { OvsStep } from '../../../../../../controller/systems/ovs/plan/step.ts';
import { Replica } from '../../../../../../controller/systems/ovs/replica/replica.ts';
import { desiredOf, lunaBridge } from '../luna-desired.ts';
import { lunaFixture, switchReply } from '../switch-fixture.ts';

const MAC = '52:54:01:aa:02:01';
const OWNER = 'VirtualMachine/guest1';
const IDS = { 'vm-id': 'c0ffee', ifname: 'vnet0' };
const LIMITS: OvsLimits = { inbound: { averageKiBps: 1000, peakKiBps: 5000, burstKiB: 5120 }, outbound: { averageKiBps: 128, burstKiB: 256 } };
const CONFIG = { 'min-rate': '8000000', 'max-rate': '40000000', burst: '41943040' };

const map = (entries: Readonly<Record<string, unknown>>) => ['map', Object.entries(entries)] as const;

interface Found {
  readonly port?: Readonly<Record<string, unknown>>;
  readonly notes?: Readonly<Record<string, string>>;
  readonly iface?: Readonly<Record<string, unknown>>;
  /** Rows of a QoS and its queue by the name of the QoS row: whose they are. */
  readonly qos?: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly config?: Readonly<Record<string, string>>;
  readonly nic?: Partial<GuestNic>;
}

function plan({ limits, isolated = false }: { readonly limits?: OvsLimits; readonly isolated?: boolean }, found: Found): readonly OvsStep[] {
  const { port, notes, iface, qos = {}, config = CONFIG, nic } = found;
  const vmPort: OvsVmPort = { owner: OWNER, bridgeName: 'lunabr', mac: MAC, isolated, ...(limits === undefined ? {} : { limits }) };
  const desired: OvsDesired = { ...desiredOf([lunaBridge()]), root: { owner: 'Host/luna' }, vmPorts: [vmPort] };
  const guest = { name: 'vnet0', ids: notes, ...port, ifaces: [{ name: 'vnet0', ids: { 'attached-mac': MAC, 'vm-id': 'c0ffee' }, ...iface }] };
  const replica = new Replica();
  replica.load({
    ...switchReply([lunaFixture({ bridge: { withPorts: [...(lunaFixture().withPorts ?? []), guest] } })]),
    QoS: Object.fromEntries(
      Object.entries(qos).map(([name, ids]) => [
        name,
        { initial: { type: 'linux-htb', queues: ['map', [[0, ['uuid', `queue-${name}`]]]], other_config: map(config), external_ids: map(ids) } },
      ]),
    ),
    Queue: Object.fromEntries(Object.entries(qos).map(([name, ids]) => [`queue-${name}`, { initial: { other_config: map(config), external_ids: map(ids) } }])),
  });
  const guests = new Guests(() => true);
  if (nic) guests.take([{ mac: MAC, device: 'vnet0', guestUuid: 'c0ffee', lacksPortgroup: false, ...nic }]);
  const rows = replica.freeze();
  if (!rows) throw new Error('the fixture has no row in Open_vSwitch');
  return planOvs(desired, observedOf({ rows, guests: guests.observe(rows), schemaVersion: '8.3.1', systemDatapath: false, vswitchdResponds: true })).steps;
}

const outline = (steps: readonly OvsStep[]): string[] =>
  steps.map(
    ({ verb, object, owner, fresh, leftover, differences }) =>
      `${verb}${fresh ? ' fresh' : ''}${leftover ? ' leftover' : ''} ${object} (${owner}): ${differences.map(({ path, expected, found }) => `${path} ${found || '-'} -> ${expected || '-'}`).join(', ')}`,
  );

const NOTED = { 'bridgekeeper-limits': 'true' };
const AS_LIMITED = { port: { qos: ['uuid', 'q1'] }, iface: { ingress_policing_rate: 1024, ingress_policing_burst: 2048 }, qos: { q1: IDS } };

describe("the limits of a VM's port", () => {
  it('are made as libvirt makes them, and the port is noted', () => {
    const [step] = plan({ limits: LIMITS }, {});
    expect(step).toMatchObject({ verb: 'claim', fresh: true, owner: OWNER });
    expect(step?.edits.filter(({ edit }) => edit === 'insert')).toEqual([
      { edit: 'insert', table: 'Queue', handle: '@Queue/vnet0', row: { other_config: new Map(Object.entries(CONFIG)), external_ids: new Map(Object.entries(IDS)) } },
      {
        edit: 'insert',
        table: 'QoS',
        handle: '@QoS/vnet0',
        row: { type: 'linux-htb', other_config: new Map(Object.entries(CONFIG)), queues: new Map([[0, '@Queue/vnet0']]), external_ids: new Map(Object.entries(IDS)) },
      },
    ]);
    expect(step?.differences.map(({ path }) => path)).toEqual([
      'Port[vnet0].qos',
      'Interface[vnet0].ingress_policing_rate',
      'Interface[vnet0].ingress_policing_burst',
      'Port[vnet0].external_ids:bridgekeeper-limits',
    ]);
  });

  it.each<[string, { limits?: OvsLimits }, Found, string[]]>([
    ['that are as they should be cost a note, once', { limits: LIMITS }, AS_LIMITED, ['claim fresh Port vnet0 (VirtualMachine/guest1): Port[vnet0].external_ids:bridgekeeper-limits - -> true']],
    ['that are as they should be are left', { limits: LIMITS }, { ...AS_LIMITED, notes: NOTED }, []],
    [
      'that somebody changed are mended in place',
      { limits: LIMITS },
      { ...AS_LIMITED, notes: NOTED, config: { 'min-rate': '1' } },
      [
        'update Port vnet0 (VirtualMachine/guest1): QoS[vnet0].other_config min-rate=1 -> min-rate=8000000, burst=41943040, max-rate=40000000, Queue[vnet0].other_config min-rate=1 -> min-rate=8000000, burst=41943040, max-rate=40000000',
      ],
    ],
    [
      'of another port are not shared',
      { limits: { inbound: { averageKiBps: 1000, peakKiBps: 5000, burstKiB: 5120 } } },
      { port: { qos: ['uuid', 'q1'] }, notes: NOTED, qos: { q1: { owner: 'somebody' } } },
      ['update Port vnet0 (VirtualMachine/guest1): Port[vnet0].qos min-rate=8000000, max-rate=40000000, burst=41943040 -> min-rate=8000000, burst=41943040, max-rate=40000000'],
    ],
    [
      'that are no longer asked for go',
      {},
      { ...AS_LIMITED, notes: NOTED },
      [
        'update Port vnet0 (VirtualMachine/guest1): Port[vnet0].qos min-rate=8000000, max-rate=40000000, burst=41943040 -> -, Interface[vnet0].ingress_policing_rate 1024 -> 0, Interface[vnet0].ingress_policing_burst 2048 -> 0, Port[vnet0].external_ids:bridgekeeper-limits true -> -',
      ],
    ],
    ['that nobody here asked for are left', {}, AS_LIMITED, []],
    ['that the NIC has of its own are left', { limits: LIMITS }, { nic: { hasOwnLimits: true } }, []],
    [
      'that a stopped VM left behind are swept with their queues',
      {},
      { qos: { q1: IDS, foreign: { ifname: 'vnet0' } } },
      ['delete leftover QoS q1 (Host/luna): QoS[q1] vnet0 of VM c0ffee -> -'],
    ],
  ])('%s', (_name, asked, found, steps) => {
    expect(outline(plan(asked, found))).toEqual(steps);
  });
});

describe("the isolation of a VM's port", () => {
  it.each<[string, boolean, Found, string[]]>([
    ['comes with a note', true, {}, ['claim fresh Port vnet0 (VirtualMachine/guest1): Port[vnet0].protected false -> true, Port[vnet0].external_ids:bridgekeeper-isolated - -> true']],
    ['that somebody took away is drift', true, { notes: { 'bridgekeeper-isolated': 'true' } }, ['update Port vnet0 (VirtualMachine/guest1): Port[vnet0].protected false -> true']],
    ['that nobody asked for goes', false, { port: { protected: true } }, ['update Port vnet0 (VirtualMachine/guest1): Port[vnet0].protected true -> false']],
    ['is left as it should be', true, { port: { protected: true }, notes: { 'bridgekeeper-isolated': 'true' } }, []],
  ])('%s', (_name, isolated, found, steps) => {
    expect(outline(plan({ isolated }, found))).toEqual(steps);
  });
});
