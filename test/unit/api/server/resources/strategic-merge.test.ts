import { describe, expect, it } from 'vitest';
import { mergePatchFor } from '../../../../../api/server/resources/strategic-merge.ts';

const stored = {
  metadata: {
    finalizers: ['a', 'b'],
    ownerReferences: [
      { uid: '1', name: 'one' },
      { uid: '2', name: 'two' },
    ],
  },
  data: { x: '1', y: '2' },
};

describe('a strategic merge patch', () => {
  it.each([
    ['merges maps, null removes', { data: { x: null, z: '3' } }, { data: { x: null, z: '3' } }],
    ['adds to a set', { metadata: { finalizers: ['b', 'c'] } }, { metadata: { finalizers: ['a', 'b', 'c'] } }],
    ['takes out of a set', { metadata: { '$deleteFromPrimitiveList/finalizers': ['a'] } }, { metadata: { finalizers: ['b'] } }],
    ['adds and takes out', { metadata: { finalizers: ['c'], '$deleteFromPrimitiveList/finalizers': ['a'] } }, { metadata: { finalizers: ['b', 'c'] } }],
    ['ignores the order of elements', { metadata: { '$setElementOrder/finalizers': ['b', 'a'], finalizers: ['a'] } }, { metadata: { finalizers: ['a', 'b'] } }],
    [
      'merges owners by uid',
      { metadata: { ownerReferences: [{ uid: '2', controller: true }, { uid: '3', name: 'three' }, { $patch: 'delete', uid: '1' }] } },
      { metadata: { ownerReferences: [{ uid: '2', name: 'two', controller: true }, { uid: '3', name: 'three' }] } },
    ],
    ['replaces owners', { metadata: { ownerReferences: [{ $patch: 'replace' }, { uid: '9' }] } }, { metadata: { ownerReferences: [{ uid: '9' }] } }],
    ['replaces a map', { data: { $patch: 'replace', q: '1' } }, { data: { x: null, y: null, q: '1' } }],
    ['deletes a map\'s members', { data: { $patch: 'delete' } }, { data: { x: null, y: null } }],
    ['keeps only some members', { data: { $retainKeys: ['x'], x: '5' } }, { data: { x: '5', y: null } }],
  ])('%s', (_what, patch, expected) => {
    expect(mergePatchFor(stored, patch)).toEqual(expected);
  });
});
