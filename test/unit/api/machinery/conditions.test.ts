import { expect, it } from 'vitest';
import { FakeClock } from '../../../fixtures/fake-clock.ts';
import { findCondition, removeCondition, setCondition } from '../../../../api/machinery/conditions.ts';

const clock = new FakeClock();
const ready = { type: 'Ready', status: 'True', reason: 'Programmed', message: '', observedGeneration: 1 } as const;

it('moves lastTransitionTime only with the status', () => {
  const first = setCondition([], ready, clock);
  clock.advance(60_000);
  const retold = setCondition(first, { ...ready, message: 'still', observedGeneration: 2 }, clock);
  expect(retold).toEqual([{ ...ready, message: 'still', observedGeneration: 2, lastTransitionTime: '2026-01-01T00:00:00Z' }]);
  const turned = setCondition(retold, { ...ready, status: 'False' }, clock);
  expect(findCondition(turned, 'Ready')?.lastTransitionTime).toBe('2026-01-01T00:01:00Z');
});

it('answers the same list when nothing changes', () => {
  const conditions = setCondition([], ready, clock);
  expect(setCondition(conditions, { ...ready }, clock)).toBe(conditions);
  expect(removeCondition(conditions, 'Stalled')).toBe(conditions);
  expect(removeCondition(conditions, 'Ready')).toEqual([]);
});

it('keeps the places of the others', () => {
  const conditions = setCondition(setCondition([], { ...ready, type: 'A' }, clock), { ...ready, type: 'B' }, clock);
  expect(setCondition(conditions, { ...ready, type: 'A', status: 'False' }, clock).map(({ type }) => type)).toEqual(['A', 'B']);
});
