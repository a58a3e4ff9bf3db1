import { describe, expect, it } from 'vitest';
import { fingerprints, sameFingerprints } from '../../../../controller/reconcile/fingerprint.ts';
import type { Ownership, OwnerKey } from '../../../../controller/systems/owner.ts';

const NOBODY: Ownership = { present: new Set(), leaving: new Set(), released: new Set(), frozen: new Set() };

function of(elements: Record<string, unknown>, ownership: Partial<Ownership> = {}) {
  return fingerprints({ ...elements, ownership: { ...NOBODY, ...ownership } });
}

const element = (owner: OwnerKey, rest: Record<string, unknown> = {}) => ({ owner, ...rest });

describe('fingerprints', () => {
  it('are the same object for the same element, and equal for an equal one', () => {
    const port = element('Thing/a', { tag: 1 });
    const [before, after, equal] = [of({ ports: [port] }), of({ ports: [port], more: 1 }), of({ ports: [{ ...port }] })];
    expect(after.get('Thing/a')).toBe(before.get('Thing/a'));
    expect(equal).toEqual(before);
    expect(sameFingerprints(before, equal)).toBe(true);
  });

  it('tell another value, another owner and one element more', () => {
    const before = of({ ports: [element('Thing/a', { tag: 1 })] });
    for (const ports of [[element('Thing/a', { tag: 2 })], [element('Thing/b', { tag: 1 })], [element('Thing/a', { tag: 1 }), element('Thing/a', { tag: 1 })]]) {
      expect(sameFingerprints(before, of({ ports }))).toBe(false);
    }
  });

  it('count an element inside another for its own owner', () => {
    const bridge = (tag: number) => ({ bridges: [element('Thing/outer', { ports: [element('Thing/inner', { tag })] })] });
    const [before, after] = [of(bridge(1)), of(bridge(2))];
    expect(after.get('Thing/outer')).toEqual(before.get('Thing/outer'));
    expect(after.get('Thing/inner')).not.toEqual(before.get('Thing/inner'));
  });

  it('see a change inside an outer element that is the same object', () => {
    const outer = element('Thing/outer', { ports: [element('Thing/inner', { tag: 1 })] });
    expect(of({ bridges: [outer] })).toEqual(of({ bridges: [outer] }));
    expect(of({ bridges: [outer] }).has('Thing/inner')).toBe(true);
  });

  it('keep what an element waits for out of its intent', () => {
    const [free, waiting] = [of({ domains: [element('Thing/a')] }), of({ domains: [element('Thing/a', { startBlockedBy: { reason: 'R' } })] })];
    expect(waiting.get('Thing/a')?.intent).toBe(free.get('Thing/a')?.intent);
    expect(waiting.get('Thing/a')?.gate).not.toBe('');
    expect(sameFingerprints(free, waiting)).toBe(false);
  });

  it('tell a resource that leaves from one that is released or frozen', () => {
    const states = [of({}, { leaving: new Set(['Thing/a']) }), of({}, { released: new Set(['Thing/a']) }), of({}, { frozen: new Set(['Thing/a']) })];
    expect(new Set(states.map((state) => state.get('Thing/a')?.intent)).size).toBe(3);
  });
});
