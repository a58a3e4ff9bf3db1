import { describe, expect, it } from 'vitest';
import { setPaths } from '../../../../controller/desired/not-yet-acting.ts';

const object = { spec: { rollback: { timeoutSeconds: 30 }, netplan: {}, interfaces: [{ name: 'a' }, { name: 'b', guest: { dhcp4: true } }], list: [] } };

describe('setPaths', () => {
  it.each(['spec.rollback', 'spec.rollback.timeoutSeconds', 'spec.interfaces[].guest'])('finds %s', (path) => {
    expect(setPaths(object, [path])).toEqual([path]);
  });

  it.each(['spec.netplan', 'spec.list', 'spec.nope.deep', 'spec.interfaces[].vlan', 'spec.rollback[].x'])('does not find %s', (path) => {
    expect(setPaths(object, [path])).toEqual([]);
  });
});
