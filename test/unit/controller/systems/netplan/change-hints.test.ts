import { once } from 'node:events';
import { watch } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createChangeHints } from '../../../../../controller/systems/netplan/change-hints.ts';
import type { ChangeHints } from '../../../../../controller/systems/netplan/change-hints.ts';
import type { FollowListener } from '../../../../../controller/systems/netplan/follow.ts';
import { silentLog } from '../../../../../controller/systems/netplan/log.ts';
import { FakeClock } from '../../../../fixtures/fake-clock.ts';

let root: string;
let clock: FakeClock;
let monitors: FollowListener[];
let stopped: number;
let hints: ChangeHints;
let count: number;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'netplan-hints-'));
  clock = new FakeClock();
  monitors = [];
  stopped = 0;
  count = 0;
  hints = createChangeHints({
    root,
    clock,
    log: silentLog,
    follow: (_, listener) => {
      monitors.push(listener);
      return () => stopped++;
    },
  });
  hints.changes(() => count++);
});

afterEach(async () => {
  hints.stop();
  await rm(root, { recursive: true });
});

test('a burst of lines is one hint, and the next burst another', () => {
  hints.start();
  for (let line = 0; line < 100; line++) monitors[0]?.onLine('4: vnet100 …');
  clock.advance(49);
  expect(count).toBe(0);
  clock.advance(1);
  expect(count).toBe(1);
  monitors[0]?.onLine('again');
  clock.advance(50);
  expect(count).toBe(2);
});

test('a monitor that ends is started again, and what it may have missed is looked for', () => {
  hints.start();
  clock.advance(2_000);
  expect(count).toBe(1);
  for (let time = 1; time <= 3; time++) {
    monitors.at(-1)?.onEnd('ip ended with 1');
    clock.advance(1_000);
    expect(monitors).toHaveLength(time + 1);
  }
  clock.advance(1_050);
  expect(count).toBe(2);
});

test.each(['run/netplan', 'run/systemd/netif/links'])('a folder that comes later is watched from the next observation on: %s', async (folder) => {
  hints.start();
  hints.watchLinkFiles(new Set(['7']));
  await mkdir(join(root, folder), { recursive: true });
  hints.watchNewFolders();
  await writeFile(join(root, folder, '7'), '');
  await vi.waitUntil(() => {
    clock.advance(50);
    return count > 0;
  });
});

test("of networkd's files on links only those are watched that are read", async () => {
  const folder = join(root, 'run/systemd/netif/links');
  await mkdir(folder, { recursive: true });
  hints.start();
  hints.watchLinkFiles(new Set(['7']));
  await writtenAndSeen(folder, '6');
  clock.advance(50);
  expect(count).toBe(0);
  await writtenAndSeen(folder, '7');
  clock.advance(50);
  expect(count).toBe(1);
});

/** Writes a file; resolves when whoever watches the folder has been told. */
async function writtenAndSeen(folder: string, name: string): Promise<void> {
  const watcher = watch(folder);
  const told = once(watcher, 'change');
  await writeFile(join(folder, name), '');
  await told;
  await new Promise((resolve) => setImmediate(resolve));
  watcher.close();
}

test('nothing is hinted before the start and after the stop, which may come twice', () => {
  hints.hint();
  clock.advance(1_000);
  hints.start();
  monitors[0]?.onLine('x');
  hints.stop();
  hints.stop();
  monitors[0]?.onLine('x');
  clock.advance(10_000);
  expect(count).toBe(0);
  expect(stopped).toBeGreaterThan(0);
  expect(monitors).toHaveLength(1);
});
