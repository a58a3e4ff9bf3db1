import { expect, it } from 'vitest';
import { isPlannedAlike } from '../../../../../../controller/systems/ovs/plan/interface-status.ts';
import { COLUMNS, readInterfaceRow } from '../../../../../../controller/systems/ovs/schema/rows.ts';

const STATUS = ['mac_in_use', 'mtu', 'ofport', 'link_state'];
const VALUES = { string: 'other', integer: 7, boolean: true, real: 7, uuid: ['uuid', 'x'] } as const;

it('a plan of an interface depends on every column but those in which vswitchd says how it is doing', () => {
  const before = readInterfaceRow('i', { name: 'vp1', type: 'internal' });
  for (const [column, { kind, atom }] of Object.entries(COLUMNS.Interface)) {
    const value = kind === 'map' ? ['map', [['a', 'b']]] : VALUES[atom];
    expect([column, isPlannedAlike(before, readInterfaceRow('i', { [column]: value }, before))]).toEqual([column, STATUS.includes(column)]);
  }
});

it('a row that came or went is another', () => {
  const row = readInterfaceRow('i', { name: 'vp1' });
  expect([isPlannedAlike(row, undefined), isPlannedAlike(undefined, row), isPlannedAlike(undefined, undefined)]).toEqual([false, false, true]);
});
