import { describe, expect, it } from 'vitest';

import { maskSecrets, readSignature } from '../../../../../../controller/systems/ovs/log/signature.ts';

describe('the comment of a transaction', () => {
  it.each<[string, unknown, object]>([
    [
      'of ovs-vsctl',
      'ovs-vsctl (invoked by /bin/bash): ovs-vsctl set port vnet100 tag=200',
      { by: 'others', command: 'ovs-vsctl set port vnet100 tag=200', process: '/bin/bash' },
    ],
    [
      'of ovs-vsctl with a process number',
      'ovs-vsctl (invoked by bash[pid 123]): ovs-vsctl set port a "other_config:x=(y): z"',
      { by: 'others', command: 'ovs-vsctl set port a "other_config:x=(y): z"', process: 'bash[pid 123]' },
    ],
    ['of an ovs-vsctl without a caller', 'ovs-vsctl: ovs-vsctl del-br br0', { by: 'others', command: 'ovs-vsctl del-br br0', process: 'Unknown' }],
    ['of another client', 'neutron says hello', { by: 'others', command: 'neutron says hello', process: 'Unknown' }],
    ['that is not there', undefined, { by: 'others', command: 'a transaction without a comment', process: 'Unknown' }],
    ['of ours', 'bridgekeeper: update Port vnet100 for VlanPort/vnet100', { by: 'us' }],
    ['of online compaction', 'compacting database online', { by: 'compaction' }],
    ['of ovsdb-tool', 'compacted by ovsdb-tool 3.1.0', { by: 'compaction' }],
  ])('%s is read', (_name, comment, signature) => {
    expect(readSignature(comment)).toEqual(signature);
  });
});

describe('secrets in a command line', () => {
  it.each([
    ['ovs-vsctl set interface vx options:psk=abc123 tag=5', 'ovs-vsctl set interface vx options:psk=*** tag=5'],
    ['ovs-vsctl set x y:password="a b" z=1', 'ovs-vsctl set x y:password=*** z=1'],
    ['ovs-vsctl --api-key=k --token t0p list br', 'ovs-vsctl --api-key=*** --token *** list br'],
    ['ovs-vsctl set-manager ssl://me:hunter2@host:6640', 'ovs-vsctl set-manager ssl://me:***@host:6640'],
    ['ovs-vsctl set port x "external_ids:user_secret=\\"a b\\""', 'ovs-vsctl set port x "external_ids:user_secret=***"'],
    ['ovs-vsctl set interface gre0 options:key=5 type=gre', 'ovs-vsctl set interface gre0 options:key=5 type=gre'],
  ])('%s', (command, masked) => {
    expect(maskSecrets(command)).toBe(masked);
  });
});
