import { beforeEach, describe, expect, test } from 'vitest';
import { DomainMemories } from '../../../../../../controller/systems/libvirt/observe/domain-memories.ts';
import type { ReadDomain } from '../../../../../../controller/systems/libvirt/observe/domain-reader.ts';
import { FakeClock } from '../../../../../fixtures/fake-clock.ts';
import { domainState, MapKeep } from '../observed-fixture.ts';

const UUID = '00000000-0000-4000-8000-000000000001';
const XML = `<domain type='qemu'><name>guest1</name><uuid>${UUID}</uuid><metadata>
  <b:mark xmlns:b='https://bridgekeeper.dev/xmlns/v1alpha1' owner='VirtualMachine/guest1' management='Full'/></metadata></domain>`;

let clock: FakeClock;
let keep: MapKeep;
let memories: DomainMemories;
let wakes: number;
beforeEach(() => {
  clock = new FakeClock();
  keep = new MapKeep();
  wakes = 0;
  memories = new DomainMemories({ clock, keep, wake: () => (wakes += 1) });
});

const running = (more: Partial<ReadDomain> = {}): ReadDomain => ({ ...domainState(XML, { state: 'running' }), ...more });
const off = (stateReason = 'shutdown'): ReadDomain => domainState(XML, { state: 'shutoff', stateReason });

/** The domain is started, runs for that long, and goes off by itself. */
function run(forMs: number): void {
  memories.started(UUID);
  memories.observe(running());
  clock.advance(forMs);
}

describe('what is remembered of a domain', () => {
  test('is when it was first asked to stop, until it is off; and it wakes when the grace is over', () => {
    memories.stopAsked(UUID, 60_000);
    const askedAt = clock.now();
    clock.advance(1_000);
    memories.stopAsked(UUID, 60_000);
    expect(memories.observe(running()).stopAskedAt).toBe(askedAt);
    clock.advance(59_000);
    expect(wakes).toBe(1);
    expect(memories.observe(off()).stopAskedAt).toBeUndefined();
    expect(memories.observe(running()).stopAskedAt).toBeUndefined();
  });

  test('is how often it went off soon: each time in a row it waits longer, until it runs well', () => {
    const waits = [1, 2, 3, 4].map(() => {
      run(1_000);
      return (memories.observe(off()).startNotBefore ?? clock.now()) - clock.now();
    });
    expect(waits).toEqual([0, 5_000, 10_000, 20_000]);
    run(61_000);
    expect(memories.observe(off()).startNotBefore).toBeUndefined();
    run(1_000);
    expect(memories.observe(off()).startNotBefore).toBeUndefined();
  });

  test('never makes it wait for more than five minutes', () => {
    for (let turn = 0; turn < 20; turn += 1) {
      run(1_000);
      memories.observe(off());
    }
    run(1_000);
    expect((memories.observe(off()).startNotBefore ?? 0) - clock.now()).toBe(300_000);
  });

  test('does not count a stop of ours as an end of its own', () => {
    memories.started(UUID);
    memories.observe(running());
    memories.stopAsked(UUID, 60_000);
    expect(memories.observe(off('shutdown')).completed).toBe(false);
    expect(memories.observe(off('shutdown')).completed).toBe(false);
  });

  test.each([['shutdown', true], ['destroyed', true], ['crashed', false], ['failed', false], ['unknown', false]])(
    'is whether it ran to its end: off by %s is %s, also after a restart of ours and of libvirtd, until it runs again',
    (reason, completed) => {
      memories.observe(running());
      expect(memories.observe(off(reason)).completed).toBe(completed);
      const later = new DomainMemories({ clock, keep, wake: () => undefined });
      expect(later.observe(off('unknown')).completed).toBe(completed);
      expect(later.observe(running()).completed).toBe(false);
      expect(keep.entries.size).toBe(0);
    },
  );

  test('is since when it is half started', () => {
    const since = clock.now();
    const starting = running({ state: 'paused', stateReason: 'starting-up' });
    expect(memories.observe(starting).startingSince).toBe(since);
    clock.advance(10_000);
    expect(wakes).toBe(1);
    expect(memories.observe(starting).startingSince).toBe(since);
    expect(memories.observe(running()).startingSince).toBeUndefined();
  });

  test('goes with the domain', () => {
    memories.observe(off('shutdown'));
    expect(keep.entries.size).toBe(1);
    memories.keepOnly(new Set());
    expect(keep.entries.size).toBe(0);
  });
});
