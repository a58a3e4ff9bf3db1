import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createLeaseReader } from '../../../../../controller/systems/netplan/leases.ts';
import { FakeClock } from '../../../../fixtures/fake-clock.ts';
import { link, observed } from './netplan-observed.ts';

const LEASE = 'ADDRESS=10.9.0.50\nNETMASK=255.255.255.0\nROUTER=10.9.0.1 10.9.0.2\nLIFETIME=3600\n';
const FILE = '[Match]\nName=vnet9\n\n[Network]\nDHCP=ipv4\n\n[DHCP]\nRouteMetric=100\nUseMTU=true\n';

let root: string;
let clock: FakeClock;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'leases-'));
  clock = new FakeClock();
});

afterEach(() => rmSync(root, { recursive: true }));

/** What networkd has written, the lease so many seconds ago. */
function given({ lease = LEASE, file = FILE, secondsAgo = 60 } = {}): void {
  const files = { 'run/systemd/netif/leases/7': lease, 'run/systemd/network/10-netplan-vnet9.network': file };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(join(root, path, '..'), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const at = clock.now() / 1_000 - secondsAgo;
  utimesSync(join(root, 'run/systemd/netif/leases/7'), at, at);
}

const look = (reader: ReturnType<typeof createLeaseReader>, ...addresses: string[]): Promise<unknown> =>
  reader(['vnet9'], observed({ links: [link('vnet9', addresses)] }).kernel).then((leases) => leases.get('vnet9'));

describe('a lease', () => {
  it('gives an address for a time, and the first router with the metric of the file', async () => {
    given();
    expect(await look(createLeaseReader({ root, clock }))).toEqual({ address: '10.9.0.50/24', secondsLeft: 3_540, router: { address: '10.9.0.1', metric: 100 } });
  });

  it.each([
    ['has no end', { lease: LEASE.replace('3600', '4294967295') }, { address: '10.9.0.50/24', router: { address: '10.9.0.1', metric: 100 } }],
    ['has routes of its own', { lease: `${LEASE}ROUTES=10.0.0.0/8,10.9.0.1\n` }, { address: '10.9.0.50/24', secondsLeft: 3_540 }],
    ['is not to make a route', { file: `${FILE}UseRoutes=false\n` }, { address: '10.9.0.50/24', secondsLeft: 3_540 }],
    ['is over', { secondsAgo: 3_600 }, undefined],
    ['may be just being taken', { secondsAgo: 1 }, undefined],
  ])('that %s', async (_, parts, expected) => {
    given(parts);
    expect(await look(createLeaseReader({ root, clock }))).toEqual(expected);
  });

  it('counts at once where its address was there before, though it was just written', async () => {
    given({ secondsAgo: 0 });
    const reader = createLeaseReader({ root, clock });
    expect(await look(reader)).toBeUndefined();
    expect(await look(reader, '10.9.0.50/24')).toMatchObject({ address: '10.9.0.50/24' });
    expect(await look(reader)).toMatchObject({ address: '10.9.0.50/24' });
    given({ secondsAgo: 0, lease: LEASE.replace('.50', '.51') });
    expect(await look(reader)).toBeUndefined();
  });
});
