import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { systemClock } from '../../../../../../api/machinery/clock.ts';
import { CauseFinder } from '../../../../../../controller/systems/ovs/log/cause-finder.ts';
import { SILENT } from '../../../../../../controller/systems/ovs/logger.ts';
import type { OvsFinding } from '../../../../../../controller/systems/ovs/plan/step.ts';

const finding: OvsFinding = {
  owner: 'VlanPort/p',
  object: 'Port p',
  difference: { path: 'Port[p].tag', expected: '1', found: '2' },
  locators: [{ table: 'Port', uuid: 'p', columns: ['tag'] }],
};
const unix = { type: 'unix', path: '/run/openvswitch/db.sock' } as const;

let folder: string;
let databaseFile: string;
let causes: CauseFinder;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'ovs-cause-'));
  databaseFile = join(folder, 'conf.db');
  writeFileSync(databaseFile, record({ _comment: 'bridgekeeper: create Port p', _date: 1_000, Port: { p: { name: 'p', tag: 1 } } }));
  causes = new CauseFinder({ address: unix, databaseFile, clock: systemClock, log: SILENT });
  causes.start();
});
afterEach(() => {
  causes.stop();
  rmSync(folder, { recursive: true });
});

function record(json: object): string {
  const text = `${JSON.stringify(json)}\n`;
  return `OVSDB JSON ${Buffer.byteLength(text)} ${'0'.repeat(40)}\n${text}`;
}

function commit(date: number, tag: number, comment?: string): void {
  appendFileSync(databaseFile, record({ ...(comment === undefined ? {} : { _comment: comment }), _date: date, Port: { p: { tag } }, _is_diff: true }));
}

async function commands(): Promise<string[] | undefined> {
  return (await causes.find(finding))?.commands.map(({ command }) => command);
}

describe('the cause', () => {
  it('is all that was done since our own last change, with passwords masked', async () => {
    commit(2_000, 2, 'ovs-vsctl: ovs-vsctl set port p tag=2');
    commit(3_000, 3, 'ovs-vsctl: ovs-vsctl set port p tag=3 external_ids:password=x');
    expect(await commands()).toEqual(['ovs-vsctl set port p tag=2', 'ovs-vsctl set port p tag=3 external_ids:password=***']);
  });

  it('of a client that says nothing is told by its time', async () => {
    commit(2_000, 2);
    expect(await commands()).toEqual(['a transaction without a comment at 1970-01-01T00:00:02.000Z']);
  });

  it('that comes into the file a moment later is found, though our correction is there by then', async () => {
    const found = commands();
    commit(2_000, 2, 'ovs-vsctl: ovs-vsctl late');
    commit(2_001, 1, 'bridgekeeper: update Port p');
    expect(await found).toEqual(['ovs-vsctl late']);
  });

  it('is known over a compaction, and is not told twice for it', async () => {
    commit(2_000, 2, 'ovs-vsctl: ovs-vsctl set port p tag=2');
    causes.follow();
    const compacted = record({ _comment: 'compacting database online', _date: 3_000, Port: { p: { name: 'p', tag: 2 } } });
    writeFileSync(join(folder, 'new'), compacted);
    renameSync(join(folder, 'new'), databaseFile);
    expect(await commands()).toEqual(['ovs-vsctl set port p tag=2']);
    expect(causes.untold()).toEqual([]);
  });

  it('is another copy of the database, where that came in its place, until it is mended', async () => {
    commit(5_000, 1, 'bridgekeeper: update Port p');
    causes.follow();
    writeFileSync(join(folder, 'new'), record({ _date: 500, _comment: 'ovs-vsctl: ovs-vsctl long ago', Port: { p: { name: 'p', tag: 9 } } }));
    renameSync(join(folder, 'new'), databaseFile);
    causes.follow();
    expect(await commands()).toEqual(['the database was replaced by another copy']);
    expect(causes.untold()).toEqual([]);
    causes.settle([]);
    expect(await commands()).toBeUndefined();
  });

  it('of a server elsewhere is not known', async () => {
    const remote = new CauseFinder({ address: { type: 'tcp', host: '192.0.2.1', port: 6640 }, databaseFile: undefined, clock: systemClock, log: SILENT });
    remote.start();
    remote.follow();
    expect(await remote.find(finding)).toBeUndefined();
    expect(remote.untold()).toEqual([]);
    remote.stop();
  });
});
