import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../../../fixtures/fake-clock.ts';
import { eventually } from '../../../fixtures/eventually.ts';
import type { KubeObject } from '../../../../api/machinery/object.ts';
import { startCompactor } from '../../../../api/store/compactor.ts';
import { SqliteStore } from '../../../../api/store/sqlite-store.ts';
import { RevisionCompacted, type StoreChange, type StoreWatcher } from '../../../../api/store/store.ts';

let store: SqliteStore;

beforeEach(() => {
  store = new SqliteStore({ path: ':memory:' });
});

afterEach(() => store.close());

function note(name: string, text = ''): KubeObject {
  return { apiVersion: 'v1', kind: 'Note', metadata: { name, uid: name, resourceVersion: '', generation: 1, creationTimestamp: '' }, spec: { text } };
}

function put(name: string, text = '', resource = 'notes'): Promise<number> {
  return store.write((transaction) => transaction.put(resource, name, note(name, text)).revision);
}

function remove(name: string): Promise<number> {
  return store.write((transaction) => transaction.delete('notes', name, note(name, 'gone')).revision);
}

interface Seen extends StoreWatcher {
  readonly changes: StoreChange[];
  readonly lines: string[];
  error: Error | undefined;
}

function watcher(): Seen {
  const seen: Seen = {
    changes: [],
    lines: [],
    error: undefined,
    change(change) {
      seen.changes.push(change);
      seen.lines.push(`${change.type} ${change.entry.name} ${change.revision}`);
    },
    failed(error) {
      seen.error = error;
    },
  };
  return seen;
}

describe('writes', () => {
  it('gives each change the next revision, in the order of the writes', async () => {
    expect(await Promise.all([put('a'), put('b'), put('a')])).toEqual([1, 2, 3]);
    expect(store.get('notes', 'a')?.revision).toBe(3);
    expect(store.revision).toBe(3);
  });

  it('lets a write see those before it in the same commit', async () => {
    const [, seen] = await Promise.all([
      put('a', 'first'),
      store.write((transaction) => transaction.get('notes', 'a')?.object.spec),
    ]);
    expect(seen).toEqual({ text: 'first' });
  });

  it('undoes alone the write that throws', async () => {
    const results = await Promise.allSettled([
      put('a'),
      store.write((transaction) => {
        transaction.put('notes', 'b', note('b'));
        transaction.delete('notes', 'a', note('a'));
        throw new Error('no');
      }),
      put('c'),
    ]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(store.list('notes', {}).entries.map(({ name }) => name)).toEqual(['a', 'c']);
    expect(store.revision).toBe(2);
  });

  it('tells watchers only what was committed, and nothing of a write that threw', async () => {
    const seen = watcher();
    store.watch('notes', 0, seen);
    await Promise.allSettled([
      put('a'),
      store.write((transaction) => {
        transaction.put('notes', 'b', note('b'));
        throw new Error('no');
      }),
    ]);
    expect(seen.lines).toEqual(['created a 1']);
  });

  it('refuses writes after it was closed', async () => {
    await store.close();
    await expect(put('a')).rejects.toThrow('closed');
  });

  it('finishes the writes that wait when it is closed', async () => {
    const writes = [put('a'), put('b')];
    await store.close();
    expect(await Promise.all(writes)).toEqual([1, 2]);
  });
});

describe('lists', () => {
  it('pages in the order of names and says how many follow', async () => {
    for (const name of ['c', 'a', 'd', 'b']) await put(name);
    const first = store.list('notes', { limit: 2 });
    expect(first.entries.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(first.remaining).toBe(2);
    const second = store.list('notes', { limit: 2, after: 'b' });
    expect(second.entries.map(({ name }) => name)).toEqual(['c', 'd']);
    expect(second.remaining).toBe(0);
  });

  it('keeps namespaces and resources apart', async () => {
    await put('x/a');
    await put('xy/b');
    await put('x/c', '', 'others');
    expect(store.list('notes', { prefix: 'x/' }).entries.map(({ name }) => name)).toEqual(['x/a']);
  });

  it('shows the state of an older revision, deleted and changed objects included', async () => {
    await put('a', 'old');
    await put('b');
    const revision = await put('c');
    await put('a', 'new');
    await remove('b');
    await put('d');
    const page = store.list('notes', { revision, limit: 2 });
    expect(page.entries.map(({ name, object }) => [name, object.spec])).toEqual([['a', { text: 'old' }], ['b', { text: '' }]]);
    expect(page.remaining).toBe(1);
    expect(store.list('notes', { revision, after: 'b' }).entries.map(({ name }) => name)).toEqual(['c']);
  });
});

describe('watch', () => {
  it('goes on from a revision without a gap, from the log and then live', async () => {
    await put('a');
    const from = await put('b');
    await put('a');
    await remove('b');
    const seen = watcher();
    store.watch('notes', from, seen);
    await put('b');
    expect(seen.lines).toEqual(['updated a 3', 'deleted b 4', 'created b 5']);
  });

  it('replays a long log in turns and loses nothing of what is written meanwhile', async () => {
    await Promise.all(Array.from({ length: 1700 }, (_, index) => put(`n-${index}`)));
    const seen = watcher();
    let caughtUp = 0;
    store.watch('notes', 0, { ...seen, caughtUp: (revision) => (caughtUp = revision) });
    expect(seen.changes.length).toBeLessThan(1700);
    await put('during');
    await eventually(() => caughtUp > 0);
    await put('after');
    expect(seen.changes.map(({ revision }) => revision)).toEqual(Array.from({ length: 1702 }, (_, index) => index + 1));
  });

  it('knows the state before, live and from the log', async () => {
    const live = watcher();
    store.watch('notes', 0, live);
    await put('a', 'one');
    await put('a', 'two');
    await remove('a');
    const replayed = watcher();
    store.watch('notes', 0, replayed);
    for (const { changes } of [live, replayed]) {
      expect(changes.map((change) => change.previous()?.object.spec)).toEqual([undefined, { text: 'one' }, { text: 'two' }]);
    }
  });

  it('tells nothing of other resources, nor after it was stopped', async () => {
    const seen = watcher();
    const stop = store.watch('notes', 0, seen);
    await put('a', '', 'others');
    stop();
    stop();
    await put('b');
    expect(seen.lines).toEqual([]);
  });

  it('cuts off a watcher that throws and goes on telling the others', async () => {
    const bad = watcher();
    const good = watcher();
    store.watch('notes', 0, { ...bad, change: () => { throw new Error('broken'); }, failed: (error) => (bad.error = error) });
    store.watch('notes', 0, good);
    await put('a');
    await put('b');
    expect(bad.error?.message).toBe('broken');
    expect(good.lines).toEqual(['created a 1', 'created b 2']);
  });

  it('gives a change once to a watcher that starts while it is told', async () => {
    const inner = watcher();
    store.watch('notes', 0, { change: () => { if (inner.lines.length === 0) store.watch('notes', 0, inner); }, failed: () => undefined });
    await Promise.all([put('a'), put('b')]);
    expect(inner.lines).toEqual(['created a 1', 'created b 2']);
  });

  it('fails its watchers when the store closes', async () => {
    const seen = watcher();
    store.watch('notes', 0, seen);
    await store.close();
    expect(seen.error?.message).toContain('closed');
  });
});

describe('compaction', () => {
  it('forgets what was superseded, keeps what is, and says so to those who come too late', async () => {
    await put('a', 'one');
    await put('b');
    await put('a', 'two');
    await remove('b');
    await put('c');
    await store.compact(4);
    expect(store.compactedRevision).toBe(4);
    expect(() => store.list('notes', { revision: 3 })).toThrow(RevisionCompacted);
    expect(() => store.watch('notes', 3, watcher())).toThrow('too old resource version: 3 (4)');
    expect(store.list('notes', { revision: 4 }).entries.map(({ name, object }) => [name, object.spec])).toEqual([['a', { text: 'two' }]]);
    const seen = watcher();
    store.watch('notes', 4, seen);
    expect(seen.lines).toEqual(['created c 5']);
  });

  it('keeps the state before of what it still replays', async () => {
    await put('a', 'one');
    await put('b');
    await put('a', 'two');
    await store.compact(2);
    const seen = watcher();
    store.watch('notes', 2, seen);
    expect(seen.changes[0]?.previous()?.object.spec).toEqual({ text: 'one' });
  });

  it('ends a replay that it has overtaken', async () => {
    await Promise.all(Array.from({ length: 1500 }, (_, index) => put(`n-${index}`)));
    const seen = watcher();
    store.watch('notes', 0, seen);
    await store.compact(1400);
    await eventually(() => seen.error !== undefined);
    expect(seen.error).toBeInstanceOf(RevisionCompacted);
  });

  it('happens by itself after five minutes, but keeps the last 10,000 revisions', async () => {
    const clock = new FakeClock();
    await Promise.all(Array.from({ length: 10_500 }, (_, index) => put(`n-${index % 100}`)));
    const stop = startCompactor(store, clock, (error) => { throw error; });
    clock.advance(5 * 60_000);
    await eventually(() => store.compactedRevision === 500);
    clock.advance(60 * 60_000);
    await store.compact(0);
    expect(store.compactedRevision).toBe(500);
    stop();
  });
});

describe('expiry', () => {
  it('names what is over, oldest first, and nothing that was written again', async () => {
    const until = (name: string, expiresAtMs: number) => store.write((transaction) => transaction.put('notes', name, note(name), { expiresAtMs }));
    await until('late', 300);
    await until('early', 100);
    await until('renewed', 50);
    await until('renewed', 900);
    await put('lasting');
    expect(store.listExpired(300, 10).map(({ name }) => name)).toEqual(['early', 'late']);
    expect(store.listExpired(300, 1).map(({ name }) => name)).toEqual(['early']);
  });
});
