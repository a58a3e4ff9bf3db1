import { describe, expect, test } from 'vitest';
import { Lanes } from '../../../../../../controller/systems/libvirt/apply/lanes.ts';

/** A task that ends when it is told to. */
function task(log: string[], name: string): { readonly run: () => Promise<string>; readonly end: () => void; readonly fail: () => void } {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const run = (): Promise<string> => {
    log.push(name);
    return promise;
  };
  return { run, end: () => resolve(name), fail: () => reject(new Error(name)) };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('lanes', () => {
  test('keep the order within one, also after a failure, and hold up no other', async () => {
    const log: string[] = [];
    const lanes = new Lanes(2);
    const [slow, next, other] = [task(log, 'slow'), task(log, 'next'), task(log, 'other')];
    const ends = [lanes.run('a', slow.run), lanes.run('a', next.run), lanes.run('b', other.run)];
    const first = ends[0]?.catch(() => 'failed');
    await settle();
    expect(log).toEqual(['slow', 'other']);
    other.end();
    expect(await ends[2]).toBe('other');
    slow.fail();
    next.end();
    expect(await first).toBe('failed');
    expect(await ends[1]).toBe('next');
  });

  test('work no more at once than they may, and take up the next as soon as one ends', async () => {
    const log: string[] = [];
    const lanes = new Lanes(2);
    const tasks = ['a', 'b', 'c', 'd'].map((name) => task(log, name));
    const ends = tasks.map((each, index) => lanes.run(`lane ${index}`, each.run));
    await settle();
    expect(log).toEqual(['a', 'b']);
    tasks[1]?.end();
    await settle();
    expect(log).toEqual(['a', 'b', 'c']);
    for (const each of tasks) each.end();
    expect(await Promise.all(ends)).toEqual(['a', 'b', 'c', 'd']);
  });
});
