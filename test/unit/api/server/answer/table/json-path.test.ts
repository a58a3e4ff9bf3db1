import { describe, expect, it } from 'vitest';
import { compileJsonPath } from '../../../../../../api/server/answer/table/json-path.ts';

const object = {
  metadata: { name: 'a', labels: { 'example.com/tier': 'mgmt' } },
  spec: { trunks: [2, 3], uplinks: [{ name: 'eth0', vlan: { tag: 5 } }, { name: 'eth1' }] },
  status: {
    conditions: [
      { type: 'Accepted', status: 'True' },
      { type: 'Ready', status: 'False', message: 'waits' },
    ],
  },
};

describe('compileJsonPath', () => {
  it.each([
    ['.spec.trunks', [[2, 3]]],
    ['.spec.trunks[*]', [2, 3]],
    ['.spec.trunks[-1]', [3]],
    ['.spec.trunks[7]', []],
    ['.spec.uplinks[*].name', ['eth0', 'eth1']],
    ['.spec.uplinks[?(@.name=="eth0")].vlan.tag', [5]],
    ['.spec.uplinks[?(@.vlan)].name', ['eth0']],
    ['.spec.uplinks[?(@.vlan.tag==5)].name', ['eth0']],
    ['.status.conditions[?(@.type=="Ready")].status', ['False']],
    [".status.conditions[?(@.type == 'Ready')].message", ['waits']],
    ['.status.conditions[?(@.type!="Ready")].type', ['Accepted']],
    ['.status.conditions[?(@.type=="None")].status', []],
    ['.metadata.labels.example\\.com/tier', ['mgmt']],
    [".metadata.labels['example.com/tier']", ['mgmt']],
    ['{.metadata.name}', ['a']],
    ['$.metadata.name', ['a']],
    ['.nope.nothing', []],
    ['.constructor', []],
    ['.spec.__proto__', []],
  ])('%s', (path, expected) => {
    expect(compileJsonPath(path)(object)).toEqual(expected);
  });

  it.each(['..name', '.a[', 'name', '.a[?(@.b>1)]', '.a[1:2]'])('refuses %s', (path) => {
    expect(() => compileJsonPath(path)).toThrow(/JSONPath/);
  });
});
