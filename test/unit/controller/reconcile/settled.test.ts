import { describe, expect, it } from 'vitest';
import { VolatileMap } from '../../../../controller/journal/durable-map.ts';
import type { Fingerprint } from '../../../../controller/reconcile/fingerprint.ts';
import { Settled } from '../../../../controller/reconcile/settled.ts';
import type { OwnerKey } from '../../../../controller/systems/owner.ts';
import type { Finding } from '../../../../controller/systems/system.ts';

const INTENT: Fingerprint = { intent: '1', gate: '' };
const GATED: Fingerprint = { intent: '1', gate: 'a bridge' };

class CountingMap extends VolatileMap {
  writes = 0;

  override together(work: () => void): void {
    this.writes += 1;
    work();
  }
}

function finding(found: string): Finding {
  return { owner: 'Thing/a', object: 'Port x', difference: { path: 'Port[x]', expected: '', found } };
}

const asked = (...owners: readonly OwnerKey[]) => new Map(owners.map((owner) => [owner, INTENT] as const));
const NOTHING = { outstanding: new Map<OwnerKey, unknown>(), findings: [] };

describe('what was reached', () => {
  it('is what is asked, waits for nothing and has nothing outstanding', () => {
    const settled = new Settled(new VolatileMap());
    settled.record({ asked: new Map([...asked('Thing/a', 'Thing/b'), ['Thing/c', GATED]]), outstanding: new Map([['Thing/b', 1]]), findings: [] });
    expect(settled.has('Thing/a', INTENT)).toBe(true);
    expect(settled.has('Thing/b', INTENT)).toBe(false);
    expect(settled.has('Thing/c', GATED)).toBe(false);
  });

  it('is reached later, where the same is asked and is outstanding no more', () => {
    const settled = new Settled(new VolatileMap());
    const same = asked('Thing/a', 'Thing/b');
    settled.record({ asked: same, outstanding: new Map([['Thing/b', 1]]), findings: [] });
    settled.record({ asked: same, ...NOTHING });
    expect(settled.has('Thing/b', INTENT)).toBe(true);
  });

  it('is forgotten when nothing is asked of it any more, and remembered over a restart until then', () => {
    const memory = new VolatileMap();
    new Settled(memory).record({ asked: asked('Thing/a', 'Thing/b'), ...NOTHING });
    const settled = new Settled(memory);
    expect(settled.has('Thing/b', INTENT)).toBe(true);
    settled.record({ asked: asked('Thing/a'), ...NOTHING });
    expect(settled.has('Thing/b', INTENT)).toBe(false);
    expect(new Settled(memory).has('Thing/b', INTENT)).toBe(false);
  });

  it('keeps a finding that is not seen while its owner is not as it should be', () => {
    const settled = new Settled(new VolatileMap());
    const same = asked('Thing/a');
    settled.record({ asked: same, outstanding: new Map(), findings: [finding('x')] });
    settled.record({ asked: same, outstanding: new Map([['Thing/a', 1]]), findings: [] });
    expect(settled.knows(finding('x'))).toBe(true);
    settled.record({ asked: same, ...NOTHING });
    expect(settled.knows(finding('x'))).toBe(false);
  });

  it('is written only where something changed', () => {
    const memory = new CountingMap();
    const settled = new Settled(memory);
    const same = asked('Thing/a');
    settled.record({ asked: same, ...NOTHING });
    settled.record({ asked: same, ...NOTHING });
    settled.record({ asked: asked('Thing/a'), ...NOTHING });
    expect(memory.writes).toBe(1);
  });
});

describe('foreign things', () => {
  it('are known once told, forgotten once gone, also over a restart', () => {
    const memory = new VolatileMap();
    const [one, other] = [finding('1'), finding('2')];
    new Settled(memory).record({ asked: new Map(), outstanding: new Map(), findings: [one, other] });
    const settled = new Settled(memory);
    expect(settled.knows(finding('1'))).toBe(true);
    settled.record({ asked: new Map(), outstanding: new Map(), findings: [other] });
    expect([settled.knows(one), settled.knows(other)]).toEqual([false, true]);
    const again = new Settled(memory);
    again.record({ asked: new Map(), outstanding: new Map(), findings: [] });
    expect(again.knows(other)).toBe(false);
  });
});
