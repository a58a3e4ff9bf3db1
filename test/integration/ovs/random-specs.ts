import fc from 'fast-check';

export const GUEST_MAC = '52:54:00:00:00:07';
/** VlanPorts that a Bridge's mirrors may name: they are always there. */
export const PORT_NAMES = ['alpha', 'beta', 'gamma'] as const;

type Spec = Record<string, unknown>;

/** What a host is asked to be: one Bridge, its VlanPorts and Portgroup, and the Host's own part. */
export interface Specs {
  readonly bridge: Spec;
  readonly ports: Readonly<Record<(typeof PORT_NAMES)[number], Spec>>;
  readonly portgroup: Spec;
  readonly host: Spec;
}

const some = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> => fc.option(arbitrary, { nil: undefined, freq: 1 });

/** Fields that are undefined are left out. */
function spec(fields: Readonly<Record<string, fc.Arbitrary<unknown>>>): fc.Arbitrary<Spec> {
  return fc.record(fields).map((value) => Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)));
}

const tag = fc.integer({ min: 0, max: 4094 });
const trunks = fc.uniqueArray(tag, { minLength: 1, maxLength: 4 });

const vlan: fc.Arbitrary<Spec> = fc.oneof(
  spec({ mode: fc.constant('access'), tag }),
  spec({ mode: fc.constant('trunk'), trunks }),
  spec({ mode: fc.constantFrom('native-tagged', 'native-untagged'), tag, trunks: some(trunks) }),
  spec({ mode: fc.constant('dot1q-tunnel'), tag }),
);

const bond = spec({
  interfaces: fc.constant([{ name: 'eth0' }, { name: 'up1' }]),
  mode: fc.constantFrom('active-backup', 'balance-slb'),
  lacp: fc.constantFrom('off', 'active', 'passive'),
  lacpTime: some(fc.constantFrom('fast', 'slow')),
  updelayMilliseconds: some(fc.integer({ min: 0, max: 500 })),
  downdelayMilliseconds: some(fc.integer({ min: 0, max: 500 })),
  rebalanceIntervalMilliseconds: some(fc.integer({ min: 0, max: 9_000 })),
  primary: some(fc.constantFrom('eth0', 'up1')),
});

const mtu = some(fc.integer({ min: 1_000, max: 1_500 }));

// The VLANs of an uplink decide which VlanPorts make sense at all, so it carries all of them.
const uplinks = fc.oneof(
  fc.constant([]),
  spec({ name: fc.constant('eth0'), optional: fc.constant(true), mtu }).map((uplink) => [uplink]),
  spec({ name: fc.constant('bond0'), bond, mtu }).map((uplink) => [uplink]),
);

const mirrorPort = fc.constantFrom(...PORT_NAMES.slice(1), 'guest/eth0');
const selection = fc.oneof(
  fc.constant<Spec>({ selectAll: true }),
  spec({ selectPorts: fc.uniqueArray(mirrorPort, { minLength: 1, maxLength: 3 }), selectVlans: some(trunks) }),
  spec({ selectVlans: trunks }),
);
const output = fc.oneof(fc.constant<Spec>({ outputPort: 'alpha' }), spec({ outputVlan: fc.integer({ min: 1, max: 4094 }) }));
const mirrors = fc
  .uniqueArray(fc.tuple(fc.constantFrom('span', 'rspan'), selection, output), { selector: ([name]) => name, maxLength: 2 })
  .map((list) => list.map(([name, ...parts]): Spec => Object.assign({ name }, ...parts)));

const targets = fc.uniqueArray(fc.constantFrom('127.0.0.1:2055', '127.0.0.1:6343', '[::1]:4739'), { minLength: 1, maxLength: 3 });
const small = some(fc.integer({ min: 0, max: 255 }));
const netflow = spec({ targets, activeTimeoutSeconds: small, engineType: small, engineID: small, addIDToInterface: some(fc.boolean()) });
const positive = some(fc.integer({ min: 1, max: 400 }));
const sflow = spec({ targets, agent: some(fc.constant('lo')), sampling: positive, pollingSeconds: small, headerBytes: positive });
const ipfix = spec({ targets, sampling: positive, obsDomainID: small, obsPointID: small, cacheActiveTimeoutSeconds: small, cacheMaxFlows: small });

const spanningTree = fc.constantFrom<Spec>({}, {}, { stp: true }, { rstp: true });

const bridge = fc
  .tuple(
    spec({
      datapathType: fc.constant('netdev'),
      uplinks,
      localPort: some(spec({ vlan: some(vlan) })),
      mtu,
      failMode: some(fc.constantFrom('standalone', 'secure')),
      mcastSnooping: some(fc.boolean()),
      controllers: some(fc.uniqueArray(fc.constantFrom('ptcp:6653:127.0.0.1', 'tcp:127.0.0.1:9', 'tcp:127.0.0.1:10'), { maxLength: 2 })),
      protocols: some(fc.uniqueArray(fc.constantFrom('OpenFlow10', 'OpenFlow13', 'OpenFlow15'), { maxLength: 3 })),
      mirrors: some(mirrors),
      netflow: some(netflow),
      sflow: some(sflow),
      ipfix: some(ipfix),
      libvirtNetwork: fc.constant({ name: 'net' }),
    }),
    spanningTree,
  )
  .map(([fields, tree]): Spec => ({ ...fields, ...tree }));

const macAddress = some(fc.constantFrom('02:00:00:00:0a:01', '02:00:00:00:0a:02'));
const vlanPort = spec({ bridgeName: fc.constant('lunabr'), vlan: some(vlan), macAddress, mtu });

const rate = spec({ averageKiBps: fc.integer({ min: 1, max: 10_000 }), peakKiBps: positive, burstKiB: positive });
const portgroup = spec({
  bridgeName: fc.constant('lunabr'),
  vlan: some(vlan),
  isolated: some(fc.boolean()),
  bandwidth: some(spec({ inbound: some(rate), outbound: some(rate) })),
});

const host = spec({ ovs: some(spec({ vlanLimit: some(fc.integer({ min: 0, max: 2 })) })) });

/** Specs that the CRDs accept. Two ports of one MAC address are as legal as they are unwise. */
export const specs: fc.Arbitrary<Specs> = fc.record({
  bridge,
  ports: fc.record({ alpha: vlanPort, beta: vlanPort, gamma: vlanPort }),
  portgroup,
  host,
});
