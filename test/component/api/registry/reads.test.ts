import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DELETE, openRegistry, portgroup, recordedWatch, WRITE, type OpenedRegistry } from './opened-registry.ts';

let opened: OpenedRegistry;

beforeEach(async () => {
  opened = await openRegistry();
});

afterEach(() => opened.close());

async function create(name: string, labels: Record<string, string> = {}): Promise<string> {
  const { stored } = await opened.registry.create(opened.type('portgroups'), undefined, portgroup(name, { labels }), WRITE);
  return stored.object.metadata.resourceVersion;
}

function label(name: string, labels: Record<string, string | null>): Promise<unknown> {
  return opened.registry.patch(opened.at('portgroups', name), { type: 'merge', body: { metadata: { labels } } }, WRITE);
}

function names(options: Parameters<OpenedRegistry['registry']['list']>[1]): string[] {
  return opened.registry.list(opened.type('portgroups'), options).items.map(({ object }) => object.metadata.name);
}

describe('list', () => {
  it('pages through one snapshot, whatever is written meanwhile', async () => {
    for (const name of ['a', 'b', 'c', 'd']) await create(name);
    const type = opened.type('portgroups');
    const first = opened.registry.list(type, { limit: 2 });
    expect(first.remainingItemCount).toBe(2);
    await opened.registry.delete(opened.at('portgroups', 'c'), DELETE);
    await create('bb');
    const second = opened.registry.list(type, { limit: 2, continueToken: first.continueToken ?? '' });
    expect(second.items.map(({ object }) => object.metadata.name)).toEqual(['c', 'd']);
    expect(second.resourceVersion).toBe(first.resourceVersion);
    expect(second.continueToken).toBeUndefined();
  });

  it('tells a client whose snapshot was compacted how to go on', async () => {
    for (const name of ['a', 'b', 'c']) await create(name);
    const type = opened.type('portgroups');
    const { continueToken = '' } = opened.registry.list(type, { limit: 1 });
    await create('d');
    await create('e');
    await opened.store.compact(opened.store.revision);
    const error = thrown(() => opened.registry.list(type, { limit: 1, continueToken }));
    expect(error).toMatchObject({ status: { code: 410, reason: 'Expired' } });
    const { continue: rest = '' } = (error as { status: { metadata: { continue?: string } } }).status.metadata;
    expect(opened.registry.list(type, { continueToken: rest }).items.map(({ object }) => object.metadata.name)).toEqual(['b', 'c', 'd', 'e']);
  });

  it('fills its pages where a selector leaves objects out, and does not count the rest', async () => {
    for (let index = 0; index < 20; index += 1) await create(`pg-${String(index).padStart(2, '0')}`, index % 5 === 0 ? { five: 'yes' } : {});
    const type = opened.type('portgroups');
    const first = opened.registry.list(type, { limit: 3, labelSelector: 'five' });
    expect(first.items.map(({ object }) => object.metadata.name)).toEqual(['pg-00', 'pg-05', 'pg-10']);
    expect(first.remainingItemCount).toBeUndefined();
    const second = opened.registry.list(type, { limit: 3, labelSelector: 'five', continueToken: first.continueToken ?? '' });
    expect(second.items.map(({ object }) => object.metadata.name)).toEqual(['pg-15']);
    expect(second.continueToken).toBeUndefined();
  });

  it('selects by labels and by name', async () => {
    await create('a', { tier: 'x' });
    await create('b', { tier: 'y' });
    await create('c');
    expect(names({ labelSelector: 'tier in (x, y),tier!=y' })).toEqual(['a']);
    expect(names({ labelSelector: '!tier' })).toEqual(['c']);
    expect(names({ fieldSelector: 'metadata.name!=a' })).toEqual(['b', 'c']);
    expect(() => names({ fieldSelector: 'spec.bridgeName=x' })).toThrow('field label not supported: spec.bridgeName');
    expect(() => names({ labelSelector: 'a b' })).toThrow("unable to parse requirement: found 'b', expected:");
  });

  it('shows an exact old state, and refuses one that is still to come', async () => {
    const resourceVersion = await create('a');
    await create('b');
    expect(names({ resourceVersion, resourceVersionMatch: 'Exact' })).toEqual(['a']);
    expect(names({ resourceVersion, resourceVersionMatch: 'NotOlderThan' })).toEqual(['a', 'b']);
    expect(names({ resourceVersion: '0' })).toEqual(['a', 'b']);
    expect(() => names({ resourceVersion: '1000' })).toThrow('Too large resource version: 1000, current: 4');
  });
});

describe('watch', () => {
  it('starts with what exists, then follows', async () => {
    await create('a');
    const seen = recordedWatch();
    opened.registry.watch(opened.type('portgroups'), {}, seen);
    await label('a', { x: 'y' });
    await opened.registry.delete(opened.at('portgroups', 'a'), DELETE);
    expect(seen.lines).toEqual(['ADDED a', 'MODIFIED a', 'DELETED a']);
    const last = seen.objects.at(-1)?.metadata;
    expect(last?.labels).toEqual({ x: 'y' });
    expect(last?.resourceVersion).toBe(String(opened.store.revision));
  });

  it('follows from a resourceVersion without sending what exists', async () => {
    const resourceVersion = await create('a');
    const seen = recordedWatch();
    opened.registry.watch(opened.type('portgroups'), { resourceVersion }, seen);
    await create('b');
    expect(seen.lines).toEqual(['ADDED b']);
  });

  it('adds what enters a selector and deletes what leaves it', async () => {
    const resourceVersion = await create('a');
    const watched = () => {
      const seen = recordedWatch();
      opened.registry.watch(opened.type('portgroups'), { resourceVersion, labelSelector: 'tier=x' }, seen);
      return seen;
    };
    const live = watched();
    await label('a', { tier: 'x' });
    await label('a', { tier: 'x', other: 'y' });
    await label('a', { tier: 'y' });
    await label('a', { other: null });
    const fromLog = watched();
    for (const seen of [live, fromLog]) {
      expect(seen.lines).toEqual(['ADDED a', 'MODIFIED a', 'DELETED a']);
      expect(seen.objects[2]?.metadata.labels).toEqual({ tier: 'x', other: 'y' });
      expect(Number(seen.objects[2]?.metadata.resourceVersion)).toBe(Number(resourceVersion) + 3);
    }
  });

  it('marks the end of the initial events', async () => {
    await create('a');
    const seen = recordedWatch();
    opened.registry.watch(opened.type('portgroups'), { sendInitialEvents: true, allowWatchBookmarks: true }, seen);
    expect(seen.lines).toEqual(['ADDED a']);
    expect(seen.bookmarks).toEqual([`${opened.store.revision} initial`]);
  });

  it('sends a bookmark every minute, with the revision of all kinds, until it is stopped', async () => {
    const seen = recordedWatch();
    const stop = opened.registry.watch(opened.type('bridges'), { resourceVersion: await create('a'), allowWatchBookmarks: true }, seen);
    await create('b');
    opened.clock.advance(60_000);
    expect(seen.bookmarks).toEqual([String(opened.store.revision)]);
    stop();
    opened.clock.advance(600_000);
    expect(seen.bookmarks).toHaveLength(1);
  });

  it('is refused from a compacted revision', async () => {
    const resourceVersion = await create('a');
    await create('b');
    await create('c');
    await opened.store.compact(opened.store.revision);
    expect(thrown(() => opened.registry.watch(opened.type('portgroups'), { resourceVersion }, recordedWatch()))).toMatchObject({
      status: { code: 410, reason: 'Expired', message: `too old resource version: ${resourceVersion} (${opened.store.compactedRevision})` },
    });
  });
});

function thrown(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}
