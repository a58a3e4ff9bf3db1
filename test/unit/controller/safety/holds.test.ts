import { describe, expect, it } from 'vitest';
import { VolatileMap } from '../../../../controller/journal/durable-map.ts';
import { Holds, type Hold } from '../../../../controller/safety/holds.ts';

const HOLD: Hold = { name: 'c1', owners: [['Bridge/br', 'u1/1'], ['VlanPort/p', 'u2/4']], policy: 'p', reason: 'ProbeFailed', message: 'm' };

describe('what was rolled back', () => {
  it('is held over a restart, until the spec of any resource of the change is another', () => {
    const memory = new VolatileMap();
    new Holds(memory).add(HOLD);
    const holds = new Holds(memory);
    const versions = new Map<string, string>(HOLD.owners);
    const release = () => holds.release((owner) => versions.get(owner) ?? 'gone', 'p');
    expect(release()).toBe(false);
    expect(holds.of('Bridge/br')).toEqual(HOLD);
    versions.set('VlanPort/p', 'u2/5');
    expect(release()).toBe(true);
    expect(holds.of('Bridge/br')).toBeUndefined();
    expect(new Holds(memory).of('VlanPort/p')).toBeUndefined();
  });

  it('is let go when a resource is gone, or the Host wants to be guarded otherwise', () => {
    const holds = new Holds(new VolatileMap());
    holds.add(HOLD);
    expect(holds.release(() => 'gone', 'p')).toBe(true);
    holds.add(HOLD);
    expect(holds.release((owner) => new Map<string, string>(HOLD.owners).get(owner) ?? '', 'other')).toBe(true);
  });
});
