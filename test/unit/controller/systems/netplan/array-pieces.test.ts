import { expect, it } from 'vitest';
import { arrayPieces } from '../../../../../controller/systems/netplan/array-pieces.ts';

const ELEMENTS = [{ name: 'a,b', list: [1, [2, 3]] }, { text: '],[{"' }, { text: 'back\\slash\\"' }, {}, { name: 'ä' }, { deep: { list: [{ x: 1 }, { y: 2 }] } }];

it.each([1, 5, 20, 60, 1_000])('holds the same elements, cut at every %i characters', (length) => {
  const pieces = [...arrayPieces(JSON.stringify(ELEMENTS), length)];
  expect(pieces.flatMap((piece) => JSON.parse(piece) as unknown[])).toEqual(ELEMENTS);
  expect(pieces.length).toBe(length === 1_000 ? 1 : Math.max(pieces.length, 2));
});

it('leaves what is short, empty or no array as it is', () => {
  expect([...arrayPieces('')]).toEqual(['']);
  expect([...arrayPieces('[ ]', 1)]).toEqual(['[ ]']);
  expect([...arrayPieces('no array', 3)]).toEqual(['no array']);
});
