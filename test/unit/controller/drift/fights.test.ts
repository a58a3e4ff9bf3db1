import { describe, expect, it } from 'vitest';
import { Fights } from '../../../../controller/drift/fights.ts';
import type { StepInfo } from '../../../../controller/systems/system.ts';

function step(found: string, object = 'Port vnet100'): StepInfo {
  return { owner: 'VlanPort/vnet100', verb: 'update', object, leftover: false, differences: [{ path: 'tag', expected: '100', found }] };
}

/** Corrects the same change `times` times, 10 ms after the rest that came before; the rests. */
function fight(fights: Fights, times: number, found = '200', from = 0): { pauses: number[]; now: number } {
  const pauses: number[] = [];
  let now = from;
  for (let round = 0; round < times; round += 1) {
    const pause = fights.corrected(step(found), now);
    pauses.push(pause);
    now += pause + 10;
  }
  return { pauses, now };
}

describe('a fight', () => {
  it('is left alone for longer and longer, a minute at most', () => {
    const { pauses } = fight(new Fights(), 18);
    expect(pauses.slice(0, 9)).toEqual(new Array(9).fill(0));
    expect(pauses.slice(9)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  });

  it('is no fight when somebody writes something else each time', () => {
    const fights = new Fights();
    expect(Array.from({ length: 30 }, (_, round) => fights.corrected(step(String(round % 2)), round * 10))).toEqual(new Array(30).fill(0));
  });

  it('is over when the change does not come back', () => {
    const fights = new Fights();
    const { now } = fight(fights, 12);
    expect(fights.corrected(step('200'), now + 5_001)).toBe(0);
  });

  it('holds up this change of this object only, and only for its time', () => {
    const fights = new Fights();
    fight(fights, 9);
    fights.corrected(step('200'), 100);
    expect(fights.waits(step('200'), 1_099)).toBe(true);
    expect(fights.waits(step('300'), 500)).toBe(false);
    expect(fights.waits(step('200', 'Port other'), 500)).toBe(false);
    expect(fights.nextDue(500)).toBe(1_100);
    expect(fights.waits(step('200'), 1_100)).toBe(false);
    expect(fights.nextDue(1_100)).toBeUndefined();
  });

  it('remembers no more than a thousand objects', () => {
    const fights = new Fights();
    fight(fights, 10);
    for (let each = 0; each < 1_000; each += 1) fights.corrected(step('200', `Port p${each}`), 100);
    expect(fights.waits(step('200'), 101)).toBe(false);
  });
});
