import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { fieldOf } from '../../../../api/machinery/json.ts';
import { SqliteStore } from '../../../../api/store/sqlite-store.ts';
import { StoreInUse } from '../../../../api/store/store-lock.ts';
import { acknowledgedIn, type Acknowledged } from './acknowledged.ts';

const ROUNDS = 6;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'bridgekeeper-crash-'));
});

afterEach(() => rmSync(folder, { recursive: true }));

/** Lets a writer run, kills it with SIGKILL after `writes` acknowledged writes, and answers what it had acknowledged. */
function killAfter(path: string, round: number, writes: number): Promise<Acknowledged[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [join(import.meta.dirname, 'crashing-writer.ts'), path, String(round)], { stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    let complaint = '';
    child.stderr.on('data', (chunk: Buffer) => (complaint += chunk.toString()));
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      if (output.split('\n').length > writes) child.kill('SIGKILL');
    });
    child.on('error', reject);
    child.on('close', () => {
      const acknowledged = acknowledgedIn(output);
      if (acknowledged.length === 0) reject(new Error(`the writer wrote nothing: ${complaint}`));
      resolve(acknowledged);
    });
  });
}

it('keeps every acknowledged write over kill -9, whole, and its revisions only rise', { timeout: 120_000 }, async () => {
  const path = join(folder, 'store.db');
  let highest = 0;
  const newest = new Map<string, Acknowledged>();
  for (let round = 0; round < ROUNDS; round += 1) {
    const acknowledged = await killAfter(path, round, 200 + 170 * round);
    for (const write of acknowledged) {
      expect(write.revision).toBeGreaterThan(highest);
      if (write.revision > (newest.get(write.name)?.revision ?? 0)) newest.set(write.name, write);
    }
    const store = new SqliteStore({ path });
    expect(store.revision).toBeGreaterThanOrEqual(Math.max(...acknowledged.map(({ revision }) => revision)));
    highest = store.revision;
    for (const { name, revision, text } of newest.values()) {
      const entry = store.get('notes', name);
      // A later write may have reached the disk before the kill, though nobody was told of it.
      expect(entry?.revision).toBeGreaterThanOrEqual(revision);
      if (entry?.revision === revision) expect(fieldOf(entry.object.spec, 'text')).toBe(text);
      expect(fieldOf(entry?.object.spec, 'again')).toBe(fieldOf(entry?.object.spec, 'text'));
    }
    await store.close();
  }
});

it('does not give out a second time the revision of an object that was deleted last', async () => {
  const path = join(folder, 'store.db');
  const metadata = { name: 'a', uid: 'a', resourceVersion: '1', generation: 1, creationTimestamp: '' };
  const object = { apiVersion: 'v1', kind: 'Note', metadata };
  const store = new SqliteStore({ path });
  await store.write((transaction) => transaction.put('notes', 'a', object));
  await store.write((transaction) => transaction.delete('notes', 'a', object));
  await store.compact(store.revision);
  const { revision } = store;
  await store.close();
  const reopened = new SqliteStore({ path });
  expect(reopened.revision).toBe(revision);
  await reopened.close();
});

it('refuses a store that another process has open', async () => {
  const path = join(folder, 'store.db');
  const store = new SqliteStore({ path });
  expect(() => new SqliteStore({ path })).toThrow(StoreInUse);
  await store.close();
});

it('refuses a store that a newer release wrote', () => {
  const path = join(folder, 'store.db');
  const database = new Sqlite(path);
  database.pragma('user_version = 99');
  database.close();
  expect(() => new SqliteStore({ path })).toThrow(expect.objectContaining({ cause: expect.objectContaining({ message: expect.stringContaining('newer release') }) }));
});
