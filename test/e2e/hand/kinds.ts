import type { Operation } from '../../../bench/host/ovsdb.ts';
import type { Random } from './random.ts';
import { BR0, BR1, GUEST, PORTS } from './world.ts';

/** What must become of a change. */
type Outcome =
  /** It is undone, and reported once for each subject. */
  | 'Corrected'
  /** It touches nothing desired: told, and left. */
  | 'Reported'
  /** It is nobody's business. */
  | 'Silent';

/** One slip of the hand, in the words of each tool. */
export interface HandChange {
  readonly kind: string;
  readonly outcome: Outcome;
  /** Owners that a report must be about. */
  readonly subjects: readonly string[];
  /** Of those, the ones that only hear of it. */
  readonly told?: readonly string[];
  /** What ovs-vsctl is called with. */
  readonly argv: readonly string[];
  /** The same as operations of one transaction (RFC 7047 section 5.2). */
  readonly operations: (find: Find) => readonly Operation[];
  /** Takes away what was left, by ovs-vsctl. */
  readonly undo?: readonly string[];
}

/** The UUID of the row of that name. */
export type Find = (table: string, name: string) => unknown;
type Make = (random: Random, guestPort: string) => Omit<HandChange, 'kind'>;
type Outcomes = Pick<HandChange, 'outcome' | 'subjects' | 'told' | 'undo'>;

const port = (random: Random) => random.pick(PORTS);
const corrected = (...subjects: readonly string[]): Outcomes => ({ outcome: 'Corrected', subjects });
const told = (subject: string, ...undo: readonly string[]): Outcomes => ({ outcome: 'Reported', subjects: [subject], undo });
const silent = (...undo: readonly string[]): Outcomes => ({ outcome: 'Silent', subjects: [], ...(undo.length > 0 ? { undo } : {}) });
const named = (name: string) => [['name', '==', name]];
const uuid = (found: unknown) => ['uuid', found];

/** One column set, or emptied where the value is undefined. */
function column(outcomes: Outcomes, table: string, name: string, key: string, value: string | number | boolean | readonly number[] | undefined): Omit<HandChange, 'kind'> {
  const wire = value === undefined ? ['set', []] : Array.isArray(value) ? ['set', value] : value;
  return {
    ...outcomes,
    argv: value === undefined ? ['clear', table, name, key] : ['set', table, name, `${key}=${typeof value === 'object' ? value.join() : quoted(value)}`],
    operations: () => [{ op: 'update', table, where: named(name), row: { [key]: wire } }],
  };
}

/** One key of a map set. */
function key(outcomes: Outcomes, table: string, name: string, map: string, mapKey: string, value: string): Omit<HandChange, 'kind'> {
  return {
    ...outcomes,
    argv: ['set', table, name, `${map}:${mapKey}=${value}`],
    operations: () => [{ op: 'mutate', table, where: name === '.' ? [] : named(name), mutations: [[map, 'insert', ['map', [[mapKey, value]]]]] }],
  };
}

function unkey(outcomes: Outcomes, table: string, name: string, map: string, mapKey: string): Omit<HandChange, 'kind'> {
  return {
    ...outcomes,
    argv: ['remove', table, name, map, mapKey],
    operations: () => [{ op: 'mutate', table, where: named(name), mutations: [[map, 'delete', ['set', [mapKey]]]] }],
  };
}

/** Makes a row and hangs it into a column of a bridge or port. */
function attached(outcomes: Outcomes, table: string, row: Record<string, string | boolean | number>, holder: readonly [table: string, name: string, column: string]): Omit<HandChange, 'kind'> {
  const [holderTable, holderName, holderColumn] = holder;
  return {
    ...outcomes,
    argv: ['--', '--id=@new', 'create', table, ...Object.entries(row).map(([name, value]) => `${name}=${quoted(value)}`), '--', 'set', holderTable, holderName, `${holderColumn}=@new`],
    operations: () => [
      { op: 'insert', table, 'uuid-name': 'new', row },
      { op: 'update', table: holderTable, where: named(holderName), row: { [holderColumn]: ['named-uuid', 'new'] } },
    ],
  };
}

function quoted(value: string | boolean | number): string {
  return typeof value === 'string' && value.includes(':') ? `"${value}"` : String(value);
}

function deletePort(outcomes: Outcomes, name: string, bridge: string): Omit<HandChange, 'kind'> {
  return {
    ...outcomes,
    argv: ['del-port', bridge, name],
    operations: (find) => [{ op: 'mutate', table: 'Bridge', where: named(bridge), mutations: [['ports', 'delete', uuid(find('Port', name))]] }],
  };
}

function addPort(outcomes: Outcomes, name: string, bridge: string, ids: Readonly<Record<string, string>> = {}): Omit<HandChange, 'kind'> {
  const externalIds = Object.entries(ids);
  return {
    ...outcomes,
    argv: ['add-port', bridge, name, '--', 'set', 'Interface', name, 'type=internal', ...externalIds.map(([id, value]) => `external_ids:${id}=${quoted(value)}`)],
    operations: () => [
      { op: 'insert', table: 'Interface', 'uuid-name': 'iface', row: { name, type: 'internal', external_ids: ['map', externalIds] } },
      { op: 'insert', table: 'Port', 'uuid-name': 'port', row: { name, interfaces: ['named-uuid', 'iface'] } },
      { op: 'mutate', table: 'Bridge', where: named(bridge), mutations: [['ports', 'insert', ['named-uuid', 'port']]] },
    ],
  };
}

const portsOn = (bridge: string): string[] => PORTS.filter((each) => each.bridge === bridge).map(({ owner }) => owner);

/** Every kind of change by its name. */
export const KINDS: Readonly<Record<string, Make>> = {
  'tag of a port': (random) => column(corrected('VlanPort/mgmt'), 'Port', 'mgmt', 'tag', random.integer(200, 4000)),
  'no tag': () => column(corrected('VlanPort/mgmt'), 'Port', 'mgmt', 'tag', undefined),
  'trunks of an access port': (random) => column(corrected('VlanPort/mgmt'), 'Port', 'mgmt', 'trunks', [random.integer(200, 4000)]),
  'trunks of a trunk': (random) => column(corrected('VlanPort/many'), 'Port', 'many', 'trunks', [2, random.integer(200, 4000)]),
  'no trunks': () => column(corrected('VlanPort/many'), 'Port', 'many', 'trunks', undefined),
  vlan_mode: (random) => column(corrected('VlanPort/native'), 'Port', 'native', 'vlan_mode', random.pick(['native-tagged', 'access'])),
  'port deleted': (random) => {
    const { name, bridge, owner } = port(random);
    // The mirror ends at probe and starts at mgmt: without them it is not as desired either.
    return deletePort(corrected(owner, ...(name === 'mgmt' || name === 'probe' ? [BR0] : [])), name, bridge);
  },
  'mark of a port': (random) => {
    const { name, owner } = port(random);
    return unkey(corrected(owner), 'Port', name, 'external_ids', 'bridgekeeper');
  },
  'mark of an interface': (random) => {
    const { name, owner } = port(random);
    return unkey(corrected(owner), 'Interface', name, 'external_ids', 'bridgekeeper');
  },
  'all external_ids of a port': (random) => {
    const { name, owner } = port(random);
    return { ...corrected(owner), argv: ['clear', 'Port', name, 'external_ids'], operations: () => [{ op: 'update', table: 'Port', where: named(name), row: { external_ids: ['map', []] } }] };
  },
  'the mark of somebody else': (random) => {
    const { name, owner } = port(random);
    return {
      ...corrected(owner),
      argv: ['set', 'Port', name, 'external_ids:bridgekeeper="VlanPort/gone"'],
      operations: () => [{ op: 'mutate', table: 'Port', where: named(name), mutations: [['external_ids', 'delete', ['set', ['bridgekeeper']]], ['external_ids', 'insert', ['map', [['bridgekeeper', 'VlanPort/gone']]]]] }],
    };
  },
  'a foreign external id': (random) => {
    const { name } = port(random);
    return key(silent('remove', 'Port', name, 'external_ids', 'note'), 'Port', name, 'external_ids', 'note', `n${random.integer(1, 9999)}`);
  },
  'a foreign key of a port': (random) => {
    const { name, owner } = port(random);
    return key(told(owner, 'remove', 'Port', name, 'other_config', 'foreign'), 'Port', name, 'other_config', 'foreign', `f${random.integer(1, 9999)}`);
  },
  'a foreign key of an interface': (random) => {
    const { name, owner } = port(random);
    return key(told(owner, 'remove', 'Interface', name, 'other_config', 'foreign'), 'Interface', name, 'other_config', 'foreign', `f${random.integer(1, 9999)}`);
  },
  'interface type': () => column(corrected('VlanPort/native'), 'Interface', 'native', 'type', 'dummy'),
  'mtu_request of a port': (random) => column(corrected('VlanPort/many'), 'Interface', 'many', 'mtu_request', random.integer(1000, 1290)),
  'no mtu_request': () => column(corrected('VlanPort/many'), 'Interface', 'many', 'mtu_request', undefined),
  mac: (random) => column(corrected('VlanPort/other'), 'Interface', 'other', 'mac', `02:00:00:00:00:${random.integer(16, 99)}`),
  'port moved': () => ({
    ...corrected('VlanPort/native'),
    argv: ['--', '--id=@p', 'get', 'Port', 'native', '--', 'remove', 'Bridge', 'br0', 'ports', '@p', '--', 'add', 'Bridge', 'br1', 'ports', '@p'],
    operations: (find) => [
      { op: 'mutate', table: 'Bridge', where: named('br0'), mutations: [['ports', 'delete', uuid(find('Port', 'native'))]] },
      { op: 'mutate', table: 'Bridge', where: named('br1'), mutations: [['ports', 'insert', uuid(find('Port', 'native'))]] },
    ],
  }),
  'port renamed': (random) => {
    const name = `ren${random.integer(1, 9999)}`;
    const [gone, come] = [deletePort(corrected(), 'many', 'br0'), addPort(corrected(), name, 'br0')];
    return {
      ...corrected('VlanPort/many', BR0),
      told: [BR0],
      argv: [...gone.argv, '--', ...come.argv],
      operations: (find) => [...gone.operations(find), ...come.operations(find)],
      undo: ['del-port', name],
    };
  },
  'port replaced': (random) => {
    const tag = random.integer(200, 4000);
    return {
      ...corrected('VlanPort/many'),
      argv: ['del-port', 'many', '--', 'add-port', 'br0', 'many', `tag=${tag}`, '--', 'set', 'Interface', 'many', 'type=internal'],
      operations: (find) => [
        { op: 'mutate', table: 'Bridge', where: named('br0'), mutations: [['ports', 'delete', uuid(find('Port', 'many'))]] },
        { op: 'insert', table: 'Interface', 'uuid-name': 'iface', row: { name: 'many', type: 'internal' } },
        { op: 'insert', table: 'Port', 'uuid-name': 'port', row: { name: 'many', tag, interfaces: ['named-uuid', 'iface'] } },
        { op: 'mutate', table: 'Bridge', where: named('br0'), mutations: [['ports', 'insert', ['named-uuid', 'port']]] },
      ],
    };
  },
  'tag of an uplink': (random) => column(corrected(BR0), 'Port', 'eth0', 'tag', random.integer(200, 4000)),
  'trunks of an uplink': (random) => column(corrected(BR0), 'Port', 'eth0', 'trunks', [random.integer(200, 4000)]),
  'uplink deleted': () => deletePort(corrected(BR0), 'eth0', 'br0'),
  'mtu_request of an uplink': (random) => column(corrected(BR0), 'Interface', 'nic1', 'mtu_request', random.integer(1000, 1390)),
  bond_mode: (random) => column(corrected(BR0), 'Port', 'bond0', 'bond_mode', random.pick(['balance-slb', 'balance-tcp'])),
  lacp: (random) => column(corrected(BR0), 'Port', 'bond0', 'lacp', random.pick(['active', 'passive'])),
  bond_updelay: (random) => column(corrected(BR0), 'Port', 'bond0', 'bond_updelay', random.integer(200, 900)),
  bond_downdelay: (random) => column(corrected(BR0), 'Port', 'bond0', 'bond_downdelay', random.integer(200, 900)),
  'member taken out of a bond': () => ({
    ...corrected(BR0),
    argv: ['--', '--id=@i', 'get', 'Interface', 'nic2', '--', 'remove', 'Port', 'bond0', 'interfaces', '@i'],
    operations: (find) => [{ op: 'mutate', table: 'Port', where: named('bond0'), mutations: [['interfaces', 'delete', uuid(find('Interface', 'nic2'))]] }],
  }),
  'member put into a bond': () => ({
    ...corrected(BR0),
    argv: ['--', '--id=@i', 'create', 'Interface', 'name=nic3', '--', 'add', 'Port', 'bond0', 'interfaces', '@i'],
    operations: () => [
      { op: 'insert', table: 'Interface', 'uuid-name': 'iface', row: { name: 'nic3' } },
      { op: 'mutate', table: 'Port', where: named('bond0'), mutations: [['interfaces', 'insert', ['named-uuid', 'iface']]] },
    ],
  }),
  qos: () => attached(told(BR0, 'clear', 'Port', 'eth0', 'qos'), 'QoS', { type: 'linux-htb' }, ['Port', 'eth0', 'qos']),
  stp: (random) => column(corrected(random.next() < 0.5 ? BR0 : BR0), 'Bridge', 'br0', 'stp_enable', true),
  rstp: () => column(corrected(BR1), 'Bridge', 'br1', 'rstp_enable', true),
  'mcast snooping': () => column(corrected(BR0), 'Bridge', 'br0', 'mcast_snooping_enable', true),
  'fail mode': (random) => column(corrected(BR1), 'Bridge', 'br1', 'fail_mode', random.pick(['secure', undefined])),
  'fail mode where none is asked': () => column(corrected(BR0), 'Bridge', 'br0', 'fail_mode', 'secure'),
  protocols: (random) => column(corrected(BR1), 'Bridge', 'br1', 'protocols', random.pick(['OpenFlow10', 'OpenFlow14', undefined])),
  'controller added': (random) => attached(corrected(BR0), 'Controller', { target: `tcp:127.0.0.1:${random.integer(10_000, 20_000)}` }, ['Bridge', 'br0', 'controller']),
  'controller removed': () => column(corrected(BR1), 'Bridge', 'br1', 'controller', undefined),
  'controller changed': (random) => {
    const target = `tcp:127.0.0.1:${random.integer(10_000, 20_000)}`;
    return { ...attached(corrected(BR1), 'Controller', { target }, ['Bridge', 'br1', 'controller']), argv: ['set-controller', 'br1', target] };
  },
  'mirror added': (random) => attached(corrected(BR1), 'Mirror', { name: `spy${random.integer(1, 999)}`, select_all: true }, ['Bridge', 'br1', 'mirrors']),
  'mirror removed': () => column(corrected(BR0), 'Bridge', 'br0', 'mirrors', undefined),
  'mirror changed': () => column(corrected(BR0), 'Mirror', 'span', 'select_all', true),
  netflow: () => attached(corrected(BR0), 'NetFlow', { targets: '127.0.0.1:2055' }, ['Bridge', 'br0', 'netflow']),
  sflow: () => attached(corrected(BR0), 'sFlow', { targets: '127.0.0.1:6343' }, ['Bridge', 'br0', 'sflow']),
  ipfix: () => attached(corrected(BR1), 'IPFIX', { targets: '127.0.0.1:4739' }, ['Bridge', 'br1', 'ipfix']),
  'datapath id': (random) => key(told(BR0, 'remove', 'Bridge', 'br0', 'other_config', 'datapath-id'), 'Bridge', 'br0', 'other_config', 'datapath-id', `000000000000${random.integer(1000, 9999)}`),
  'a foreign key of a bridge': (random) => key(told(BR1, 'remove', 'Bridge', 'br1', 'other_config', 'mac-aging-time'), 'Bridge', 'br1', 'other_config', 'mac-aging-time', String(random.integer(15, 900))),
  'a foreign external id of a bridge': (random) => key(silent('remove', 'Bridge', 'br0', 'external_ids', 'note'), 'Bridge', 'br0', 'external_ids', 'note', `n${random.integer(1, 9999)}`),
  'mark of a bridge': (random) => {
    const name = random.pick(['br0', 'br1']);
    return unkey(corrected(`Bridge/${name}`), 'Bridge', name, 'external_ids', 'bridgekeeper');
  },
  'bridge deleted': () => ({
    ...corrected(BR1, ...portsOn('br1')),
    argv: ['del-br', 'br1'],
    operations: (find) => [{ op: 'mutate', table: 'Open_vSwitch', where: [], mutations: [['bridges', 'delete', uuid(find('Bridge', 'br1'))]] }],
  }),
  'tag of the local port': (random) => column(corrected(BR0), 'Port', 'br0', 'tag', random.integer(200, 4000)),
  'mtu_request of the local port': (random) => column(corrected(BR0), 'Interface', 'br0', 'mtu_request', random.integer(1000, 1390)),
  'a foreign port': (random) => {
    const name = `tap${random.integer(100, 9999)}`;
    return addPort(told(BR0, 'del-port', name), name, 'br0');
  },
  'a guest port of others': (random) => {
    const name = `vif${random.integer(100, 9999)}`;
    return addPort(silent('del-port', name), name, 'br1', { 'iface-id': name });
  },
  'a foreign bridge': (random) => {
    const name = `brx${random.integer(100, 9999)}`;
    return {
      ...silent('del-br', name),
      argv: ['add-br', name, '--', 'set', 'Bridge', name, 'datapath_type=netdev'],
      operations: () => [
        { op: 'insert', table: 'Interface', 'uuid-name': 'iface', row: { name, type: 'internal' } },
        { op: 'insert', table: 'Port', 'uuid-name': 'port', row: { name, interfaces: ['named-uuid', 'iface'] } },
        { op: 'insert', table: 'Bridge', 'uuid-name': 'bridge', row: { name, datapath_type: 'netdev', ports: ['named-uuid', 'port'] } },
        { op: 'mutate', table: 'Open_vSwitch', where: [], mutations: [['bridges', 'insert', ['named-uuid', 'bridge']]] },
      ],
    };
  },
  'a note of the whole switch': (random) => key(silent('remove', 'Open_vSwitch', '.', 'external_ids', 'note'), 'Open_vSwitch', '.', 'external_ids', 'note', `n${random.integer(1, 9999)}`),
  'a number of the whole switch': () => ({ ...silent(), argv: ['get', 'Open_vSwitch', '.', 'next_cfg'], operations: () => [{ op: 'mutate', table: 'Open_vSwitch', where: [], mutations: [['next_cfg', '+=', 1]] }] }),
  'tag of a guest': (random, guestPort) => column(corrected(GUEST), 'Port', guestPort, 'tag', random.integer(200, 4000)),
  'no tag of a guest': (_random, guestPort) => column(corrected(GUEST), 'Port', guestPort, 'tag', undefined),
  'trunks of a guest': (random, guestPort) => column(corrected(GUEST), 'Port', guestPort, 'trunks', [random.integer(200, 4000)]),
  'port of a guest deleted': (_random, guestPort) => deletePort(corrected(GUEST), guestPort, 'br0'),
};
