import { describe, expect, it } from 'vitest';

import { parseOvsdbAddress } from '../../../../../../controller/systems/ovs/protocol/address.ts';

describe('an OVSDB address', () => {
  it.each([
    ['unix:/run/openvswitch/db.sock', { type: 'unix', path: '/run/openvswitch/db.sock' }],
    ['tcp:192.0.2.1:6640', { type: 'tcp', host: '192.0.2.1', port: 6640 }],
    ['tcp:ovs.example.org:6640', { type: 'tcp', host: 'ovs.example.org', port: 6640 }],
    ['tcp:[2001:db8::1]:6640', { type: 'tcp', host: '2001:db8::1', port: 6640 }],
  ])('%s is read', (text, address) => {
    expect(parseOvsdbAddress(text)).toEqual(address);
  });

  it.each(['', 'unix:', '/run/db.sock', 'tcp:host', 'tcp:host:0', 'tcp:host:65536', 'tcp:2001:db8::1:6640', 'ssl:host:6640'])(
    '%j is refused with what is expected',
    (text) => {
      expect(() => parseOvsdbAddress(text)).toThrow(/expected unix:PATH or tcp:HOST:PORT/);
    },
  );
});
