import { describe, expect, it } from 'vitest';
import { bytesOf } from '../../../../controller/desired/quantity.ts';

describe('bytesOf', () => {
  it.each([
    ['256Mi', 268_435_456],
    ['1Gi', 1_073_741_824],
    ['1.5Gi', 1_610_612_736],
    ['1G', 1_000_000_000],
    ['0.3k', 300],
    ['0.0001', 1],
    [1024, 1024],
  ])('reads %s', (quantity, bytes) => {
    expect(bytesOf(quantity)).toBe(bytes);
  });

  it.each(['', '1 Gi', '-1', '1e3', '1KiB', 'Gi'])('refuses %s', (quantity) => {
    expect(() => bytesOf(quantity)).toThrow(RangeError);
  });
});
