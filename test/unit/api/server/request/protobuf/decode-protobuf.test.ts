import protobuf from 'protobufjs';
import { describe, expect, it } from 'vitest';
import { decodeProtobuf } from '../../../../../../api/server/request/protobuf/decode-protobuf.ts';
import { MESSAGES } from '../../../../../../api/server/request/protobuf/messages.ts';

const { root } = protobuf.parse(MESSAGES, { keepCase: true });

/** As Go writes it: every field that is no pointer is there, empty or not. */
function body(apiVersion: string, kind: string, message: string, content: object): Buffer {
  const raw = root.lookupType(`kubernetes.${message}`).encode(content).finish();
  const envelope = root.lookupType('kubernetes.Unknown').encode({ typeMeta: { apiVersion, kind }, raw }).finish();
  return Buffer.concat([Buffer.from('k8s\0'), envelope]);
}

const emptyMeta = { name: '', generateName: '', namespace: '', uid: '', resourceVersion: '', generation: 0, creationTimestamp: {} };

describe('decodeProtobuf', () => {
  it('gives bytes as base64 and leaves out what says nothing', () => {
    const secret = { metadata: { ...emptyMeta, name: 's1', labels: { a: 'b' } }, data: { user: Buffer.from('luna') }, type: 'Opaque' };
    expect(decodeProtobuf(body('v1', 'Secret', 'Secret', secret))).toEqual({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 's1', labels: { a: 'b' } },
      data: { user: Buffer.from('luna').toString('base64') },
      type: 'Opaque',
    });
  });

  it('gives times as RFC 3339, with microseconds where Kubernetes has them', () => {
    const event = {
      metadata: { ...emptyMeta, name: 'e' },
      firstTimestamp: { seconds: 1767225600, nanos: 5 },
      lastTimestamp: {},
      eventTime: { seconds: 1767225600, nanos: 1_500_000 },
      count: 0,
    };
    expect(decodeProtobuf(body('v1', 'Event', 'CoreEvent', event))).toEqual({
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'e' },
      firstTimestamp: '2026-01-01T00:00:00Z',
      eventTime: '2026-01-01T00:00:00.001500Z',
    });
  });

  it('keeps an empty value that Go sends as a pointer', () => {
    const lease = { metadata: { ...emptyMeta, name: 'l' }, spec: { holderIdentity: '', leaseTransitions: 0 } };
    expect(decodeProtobuf(body('coordination.k8s.io/v1', 'Lease', 'Lease', lease))).toMatchObject({
      spec: { holderIdentity: '', leaseTransitions: 0 },
    });
  });

  it('reads owned fields', () => {
    const fieldsV1 = { Raw: Buffer.from('{"f:data":{}}') };
    const map = { metadata: { name: 'c', managedFields: [{ manager: 'm', operation: 'Update', fieldsV1 }] }, data: { a: 'b' } };
    expect(decodeProtobuf(body('v1', 'ConfigMap', 'ConfigMap', map))).toMatchObject({
      metadata: { managedFields: [{ manager: 'm', operation: 'Update', fieldsV1: { 'f:data': {} } }] },
    });
  });

  it.each([
    ['no envelope', Buffer.from('{}'), 400],
    ['nothing', Buffer.alloc(0), 400],
    ['a broken envelope', Buffer.from('k8s\0\xff\xff\xff', 'latin1'), 400],
    ['a broken object', Buffer.concat([Buffer.from('k8s\0'), root.lookupType('kubernetes.Unknown').encode({ typeMeta: { apiVersion: 'v1', kind: 'Secret' }, raw: Buffer.from([0x0a, 0xff]) }).finish()]), 400],
    ['a kind without a protobuf form', body('bridgekeeper.dev/v1alpha1', 'Portgroup', 'ConfigMap', {}), 415],
    ['fields that are no JSON', body('v1', 'ConfigMap', 'ConfigMap', { metadata: { managedFields: [{ fieldsV1: { Raw: Buffer.from('{') } }] } }), 400],
  ])('refuses %s', (_what, bytes, code) => {
    expect(() => decodeProtobuf(bytes)).toThrow(expect.objectContaining({ code }));
  });
});
