import { expect } from 'vitest';

import type { OvsDesired } from '../../../controller/systems/ovs/desired.ts';
import type { OvsHost } from './ovs-host.ts';

const DEADLINE_MS = 20_000;

export const quiet = { steps: [], findings: [], refusals: [] };

/** Converges until nothing is left to do, which must take no more than `rounds`. */
export async function settle(host: OvsHost, desired: OvsDesired, rounds = 1): Promise<void> {
  for (let round = 0; round < rounds; round += 1) {
    const failed = (await host.converge(desired)).filter(({ result }) => result === 'failed');
    expect(failed).toEqual([]);
  }
  expect(await host.plan(desired)).toEqual(quiet);
}

export async function countRows(host: OvsHost, ...tables: readonly string[]): Promise<Record<string, number>> {
  const counts = await Promise.all(
    tables.map(async (table) => [table, (await host.vsctl('--bare', '--columns=_uuid', 'list', table)).split('\n').filter(Boolean).length] as const),
  );
  return Object.fromEntries(counts);
}

/** Asks again and again until the answer is right; fails with the last one at the deadline. */
export async function eventually<T>(ask: () => Promise<T>, isRight: (answer: T) => boolean): Promise<T> {
  const deadline = Date.now() + DEADLINE_MS;
  for (;;) {
    const answer = await ask();
    if (isRight(answer)) return answer;
    if (Date.now() > deadline) throw new Error(`still not right: ${JSON.stringify(answer)}`);
  }
}

/** A port on lunabr as libvirt makes it for a guest. */
export async function startGuest(host: OvsHost, name: string, mac: string): Promise<void> {
  await host.vsctl(
    ...['add-port', 'lunabr', name, 'tag=100', '--', 'set', 'interface', name, 'type=internal'],
    ...[`external_ids:attached-mac="${mac}"`, 'external_ids:vm-id=0f3c', 'external_ids:iface-status=active'],
  );
  await host.lab.run(['ip', 'link', 'set', name, 'up']);
}

/** vnet100 up, with an address that the far end can ask for. */
export async function addressVnet100(host: OvsHost): Promise<void> {
  await host.lab.run(['ip', 'address', 'replace', '10.77.0.1/24', 'dev', 'vnet100']);
  await host.lab.run(['ip', 'link', 'set', 'vnet100', 'up']);
}
