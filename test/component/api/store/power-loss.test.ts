import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import Sqlite from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fieldOf } from '../../../../api/machinery/json.ts';
import { SqliteStore } from '../../../../api/store/sqlite-store.ts';
import { acknowledgedIn, type Acknowledged } from './acknowledged.ts';
import { readDiskTrace, STRACE_ARGUMENTS, type DiskEvent } from './disk-trace.ts';

const run = promisify(execFile);
const WRITER = join(import.meta.dirname, 'crashing-writer.ts');
const WRITES = 600;
/** Several copies of the log into the database fall into the run. */
const CHECKPOINT_CHANGES = 100;
const POWER_LOSSES = 40;
/** What a disk writes whole or not at all. */
const SECTOR = 512;

const hasStrace = spawnSync('strace', ['--version']).status === 0;
if (!hasStrace) console.warn('SKIPPED: loss of power and a failing disk can only be shown with strace (apt-get install strace)');

/** What a disk would hold is reckoned here, so the real one need not be waited for. */
const MEMORY = '/dev/shm';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(existsSync(MEMORY) ? MEMORY : tmpdir(), 'bridgekeeper-power-'));
});

afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf(!hasStrace)('a loss of power', () => {
  it('takes nothing that was acknowledged, whatever of the rest had reached the disk', { timeout: 120_000 }, async () => {
    const place = join(folder, 'traced');
    mkdirSync(place);
    const trace = join(folder, 'trace');
    const store = join(place, 'store.db');
    await run('strace', [...STRACE_ARGUMENTS, '-o', trace, process.execPath, WRITER, store, '0', String(WRITES), String(CHECKPOINT_CHANGES)]);
    const events = readDiskTrace(trace, `${place}/`);
    expect(events.filter(({ type }) => type === 'said').length).toBeGreaterThan(WRITES / 2);
    const copies = events.filter((event) => event.type === 'sync-end' && event.file === store).length;
    expect(copies).toBeGreaterThan(3);

    const firstSaid = events.findIndex(({ type }) => type === 'said');
    const random = generator(42);
    for (let loss = 0; loss < POWER_LOSSES; loss += 1) {
      const at = firstSaid + Math.floor(random() * (events.length - firstSaid));
      const left = join(folder, `loss-${loss}`);
      mkdirSync(left);
      for (const [file, content] of onDisk(events.slice(0, at + 1), random)) writeFileSync(join(left, basename(file)), content);
      const said = events.slice(0, at + 1).flatMap((event) => (event.type === 'said' ? [event.text] : []));
      await expectAll(acknowledgedIn(said.join('')), join(left, 'store.db'));
      rmSync(left, { recursive: true });
    }
  });
});

/** The files as a disk may hold them: all that was synced, and by chance sector by sector what was not. */
function onDisk(events: readonly DiskEvent[], random: () => number): Map<string, Buffer> {
  const safeUntil = new Map<string, number>();
  const begins = new Map<number, number>();
  for (const [index, event] of events.entries()) {
    if (event.type === 'sync-begin') begins.set(event.id, index);
    if (event.type === 'sync-end') safeUntil.set(event.file, begins.get(event.id) ?? -1);
  }
  const files = new Map<string, Buffer>();
  // A cache that was nearly empty, nearly full, or anything between.
  const kept = random();
  for (const [index, event] of events.entries()) {
    // The store syncs its folder when it opens; afterwards nothing comes or goes but at its end.
    if (event.type === 'unlink') files.delete(event.file);
    if (event.type !== 'write' && event.type !== 'truncate') continue;
    const isSafe = index < (safeUntil.get(event.file) ?? -1);
    const before = files.get(event.file) ?? Buffer.from(new ArrayBuffer(0));
    if (event.type === 'truncate') {
      if (isSafe || random() < kept) files.set(event.file, resized(before, event.length));
      continue;
    }
    const content = resized(before, Math.max(before.length, event.offset + event.data.length));
    for (let start = 0; start < event.data.length; start += SECTOR) {
      if (isSafe || random() < kept) event.data.subarray(start, start + SECTOR).copy(content, event.offset + start);
    }
    files.set(event.file, content);
  }
  return files;
}

/** As ftruncate(2), and as a write beyond the end: what is new is zero. */
function resized(content: Buffer, length: number): Buffer {
  if (length <= content.length) return content.subarray(0, length);
  const hasRoom = content.byteOffset + length <= content.buffer.byteLength;
  const next = hasRoom ? Buffer.from(content.buffer, content.byteOffset, length) : Buffer.from(new ArrayBuffer(2 * length), 0, length);
  if (hasRoom) next.fill(0, content.length);
  else content.copy(next);
  return next;
}

async function expectAll(acknowledged: readonly Acknowledged[], path: string): Promise<void> {
  const newest = new Map(acknowledged.map((write) => [write.name, write]));
  const store = new SqliteStore({ path });
  expect(store.revision).toBeGreaterThanOrEqual(Math.max(...acknowledged.map(({ revision }) => revision)));
  for (const { name, revision, text } of newest.values()) {
    const entry = store.get('notes', name);
    expect(entry?.revision).toBeGreaterThanOrEqual(revision);
    if (entry?.revision === revision) expect(fieldOf(entry.object.spec, 'text')).toBe(text);
  }
  for (const { object } of store.list('notes', {}).entries) expect(fieldOf(object.spec, 'again')).toBe(fieldOf(object.spec, 'text'));
  await store.close();
  const database = new Sqlite(path);
  expect(database.pragma('integrity_check', { simple: true })).toBe('ok');
  database.close();
}

/** The same numbers from 0 to 1 for the same seed (mulberry32). */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe.skipIf(!hasStrace)('a disk that fails', () => {
  it('refuses the writes that may be lost and all after them, and keeps answering what was written before', { timeout: 60_000 }, async () => {
    const inject = 'inject=fdatasync:error=EIO:when=40+';
    const { stdout } = await run('strace', ['-f', '-o', '/dev/null', '-e', 'trace=fdatasync', '-e', inject, process.execPath, WRITER, join(folder, 'failing.db'), '0', '100000', '100000']);
    const lines = stdout.trimEnd().split('\n');
    const report: unknown = JSON.parse(lines.pop() ?? '');
    const acknowledged = acknowledgedIn(`${lines.join('\n')}\n`);
    const highest = Math.max(...acknowledged.map(({ revision }) => revision));
    expect(fieldOf(report, 'failed')).toMatch(/can't be written any more: EIO.*; mend the disk, then restart/);
    expect(fieldOf(report, 'refusedAfter')).toBe(true);
    expect(fieldOf(report, 'readable')).toBe(highest);
    const store = new SqliteStore({ path: join(folder, 'failing.db') });
    expect(store.revision).toBeGreaterThanOrEqual(highest);
    await store.close();
  });
});
