import { describe, expect, it } from 'vitest';

import { ChangeHistory } from '../../../../../../controller/systems/ovs/log/history.ts';
import { missedChanges } from '../../../../../../controller/systems/ovs/log/missed.ts';
import { wantedOf } from '../../../../../../controller/systems/ovs/plan/wanted.ts';
import type { MissedChange } from '../../../../../../controller/systems/system.ts';
import { desiredOf, lunaBridge, VNET100 } from '../luna-desired.ts';
import { lunaFixture, observedSwitch, uuidOf } from '../switch-fixture.ts';

const guest = { name: 'vnet0', tag: 6, ifaces: [{ name: 'vnet0', ids: { 'attached-mac': '52:54:01:aa:02:01' } }] };
const { rows } = observedSwitch([lunaFixture({ bridge: { withPorts: [...(lunaFixture().withPorts ?? []), guest, { name: 'tap9' }] } })]);
const vmPort = { owner: 'VirtualMachine/guest', bridgeName: 'lunabr', mac: '52:54:01:aa:02:01', isolated: false } as const;
const wanted = wantedOf({ ...desiredOf([lunaBridge()]), vmPorts: [vmPort] });

function record(command: string, port: string, columns: object) {
  return { Port: { [uuidOf('Port', port)]: columns }, _comment: `ovs-vsctl: ovs-vsctl ${command}`, _date: 1_000, _is_diff: true };
}

function missed(records: readonly object[], owners: (owner: string) => boolean = () => true): MissedChange[] {
  const history = new ChangeHistory();
  for (const each of records) history.add({ ...each });
  return missedChanges(history.untold(), { rows, wanted, owners });
}

describe('a change that was put back before anybody looked', () => {
  it('is told with all its commands, and with what was there', () => {
    const changes = missed([record('one', 'vnet100', { tag: 200 }), record('two', 'vnet100', { tag: 100 })]);
    expect(changes).toMatchObject([
      {
        finding: { owner: VNET100, object: 'Port vnet100', difference: { path: 'Port[vnet100].tag', expected: '100', found: '200' } },
        cause: { commands: [{ command: 'ovs-vsctl one', at: 1_000 }, { command: 'ovs-vsctl two', at: 1_000 }], source: 'ovsdb-log' },
      },
    ]);
  });

  it('is told of a set by what came and went', () => {
    const diff = { trunks: ['set', [7, 8]] };
    expect(missed([record('one', 'vnet100', diff), record('two', 'vnet100', diff)]).map(({ finding }) => finding.difference.found)).toEqual(['7, 8', '7, 8']);
  });

  it('is told of a VM’s port, which carries no mark of ours', () => {
    expect(missed([record('one', 'vnet0', { tag: 9 }), record('two', 'vnet0', { tag: 6 })])).toMatchObject([{ finding: { owner: 'VirtualMachine/guest', object: 'Port vnet0' } }]);
  });

  it.each([
    ['only puts back what was told before', [record('back', 'vnet100', { tag: 100 })]],
    ['is about a port of others', [record('one', 'tap9', { tag: 9 })]],
    ['is about a row that came', [record('one', 'vnet100', { name: 'vnet100', tag: 9 })]],
    ['is about keys that may be anybody’s', [record('one', 'vnet100', { external_ids: ['map', [['note', 'x']]] })]],
  ])('is not told where it %s', (_what, records) => {
    expect(missed(records)).toEqual([]);
  });

  it('is not told of what was not as desired before', () => {
    expect(missed([record('one', 'vnet100', { tag: 200 }), record('two', 'vnet100', { tag: 100 })], () => false)).toEqual([]);
  });
});
