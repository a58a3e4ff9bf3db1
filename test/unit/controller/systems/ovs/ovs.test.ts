import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

import { createOvs } from '../../../../../controller/systems/ovs/ovs.ts';
import { SystemUnreachable } from '../../../../../controller/systems/system.ts';

it('says which socket can not be reached and why, and stops at once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'ovs-none-'));
  const address = `unix:${folder}/db.sock`;
  const ovs = createOvs({ address });
  await ovs.start();
  const error = await ovs.observe().catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(SystemUnreachable);
  expect(error).toMatchObject({
    reason: 'OvsdbUnreachable',
    message: `Open vSwitch's database at ${address} can't be reached: connect ENOENT ${folder}/db.sock`,
  });
  await expect(ovs.apply([])).rejects.toBeInstanceOf(SystemUnreachable);
  expect(ovs.stats()).toEqual({ connected: false, connections: 0, updates: 0, transactions: 0, refusedTransactions: 0 });
  await ovs.stop();
  await ovs.stop();
  rmSync(folder, { recursive: true });
});

it('refuses an address that is none', () => {
  expect(() => createOvs({ address: 'db.sock' })).toThrow(/expected unix:PATH or tcp:HOST:PORT/);
});
