import { describe, expect, it } from 'vitest';
import { editDistance, nearest } from '../../../../cli/arguments/suggest.ts';

describe('nearest', () => {
  it.each([
    ['gett', 'get'],
    ['desrcibe', 'describe'],
    ['DELTE', 'delete'],
    ['xyzzy', undefined],
    ['frobnicate', undefined],
  ])('answers for %s %s', (typed, meant) => {
    expect(nearest(typed, ['get', 'describe', 'delete', 'apply'])).toBe(meant);
  });
});

describe('editDistance', () => {
  it.each([
    ['', 'abc', 3],
    ['abc', 'abc', 0],
    ['brigde', 'bridge', 1],
    ['kitten', 'sitting', 3],
  ])('from %j to %j is %d', (left, right, distance) => {
    expect(editDistance(left, right)).toBe(distance);
  });
});
