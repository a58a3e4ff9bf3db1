import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../../api/machinery/object.ts';
import { SqliteStore } from '../../../../api/store/sqlite-store.ts';
import type { StoreTransaction } from '../../../../api/store/store.ts';
import { eventually } from '../../../fixtures/eventually.ts';

let folder: string;
let store: SqliteStore;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bridgekeeper-unflushed-'));
  store = new SqliteStore({ path: join(folder, 'store.db') });
  for (const name of ['changed', 'deleted', 'kept']) await store.write((transaction) => transaction.put('notes', name, note(name, 'old')));
});

afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true });
});

function note(name: string, text: string): KubeObject {
  return { apiVersion: 'v1', kind: 'Note', metadata: { name, uid: name, resourceVersion: '', generation: 1, creationTimestamp: '' }, spec: { text } };
}

function texts(revision?: number): string[] {
  return store.list('notes', revision === undefined ? {} : { revision }).entries.map(({ name, object }) => `${name} ${JSON.stringify(object.spec)}`);
}

function changeEverything(transaction: StoreTransaction): void {
  transaction.put('notes', 'changed', note('changed', 'between'));
  transaction.put('notes', 'changed', note('changed', 'new'));
  transaction.delete('notes', 'deleted', note('deleted', 'gone'));
  transaction.put('notes', 'added', note('added', 'new'));
}

const OLD = ['changed {"text":"old"}', 'deleted {"text":"old"}', 'kept {"text":"old"}'];
const NEW = ['added {"text":"new"}', 'changed {"text":"new"}', 'kept {"text":"old"}'];

/** Starts the write and stops where SQLite has it and the kernel is writing it: its end can't be heard before the next turn. */
async function committed(): Promise<{ readonly done: Promise<void> }> {
  const done = store.write(changeEverything);
  await nextTurn();
  return { done };
}

describe('what is committed but not on disk yet', () => {
  it('is not read, not listed and not told', async () => {
    const seen: string[] = [];
    store.watch('notes', 0, { change: ({ type, entry }) => seen.push(`${type} ${entry.name}`), failed: () => undefined });
    const { done } = await committed();
    expect(store.revision).toBe(3);
    expect(store.get('notes', 'changed')?.object.spec).toEqual({ text: 'old' });
    expect(store.get('notes', 'deleted')?.object.spec).toEqual({ text: 'old' });
    expect(store.get('notes', 'added')).toBeUndefined();
    expect(texts()).toEqual(OLD);
    expect(store.list('notes', { limit: 1 }).remaining).toBe(2);
    expect(seen).toEqual(['created changed', 'created deleted', 'created kept']);
    await done;
    expect(store.revision).toBe(7);
    expect(texts()).toEqual(NEW);
    expect(texts(3)).toEqual(OLD);
    expect(seen.slice(3)).toEqual(['updated changed', 'updated changed', 'deleted deleted', 'created added']);
  });

  it('is what the next write builds on', async () => {
    const { done } = await committed();
    const next = store.write((transaction) => [
      transaction.get('notes', 'changed')?.object.spec,
      transaction.get('notes', 'deleted'),
      transaction.put('notes', 'added', note('added', 'newer')).revision,
    ]);
    await done;
    expect(texts()).toEqual(NEW);
    expect(await next).toEqual([{ text: 'new' }, undefined, 8]);
    expect(store.get('notes', 'added')?.object.spec).toEqual({ text: 'newer' });
  });

  it('reaches a watcher that comes meanwhile, once', async () => {
    const { done } = await committed();
    const seen: number[] = [];
    store.watch('notes', 1, { change: ({ revision }) => seen.push(revision), failed: () => undefined });
    expect(seen).toEqual([2, 3]);
    await done;
    await eventually(() => seen.length === 6);
    expect(seen).toEqual([2, 3, 4, 5, 6, 7]);
  });

  it('answers a write that changes nothing only when what it saw is on disk', async () => {
    const { done } = await committed();
    const order: string[] = [];
    const looked = store.write((transaction) => transaction.get('notes', 'added')?.name).then((name) => order.push(`looked ${name}`));
    await Promise.all([done.then(() => order.push('done')), looked]);
    expect(order).toEqual(['done', 'looked added']);
  });
});
