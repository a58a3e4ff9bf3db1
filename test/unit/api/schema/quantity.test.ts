import { describe, expect, it } from 'vitest';
import { parseQuantity, wholeUnits } from '../../../../api/schema/quantity.ts';

describe('wholeUnits', () => {
  it.each<[string | number, bigint]>([
    ['256Mi', 268435456n],
    ['1.5Gi', 1610612736n],
    ['0.5Ki', 512n],
    ['1k', 1000n],
    ['2E', 2_000_000_000_000_000_000n],
    ['1e3', 1000n],
    ['1.5e3', 1500n],
    ['12E2', 1200n],
    ['100m', 1n],
    ['1500m', 2n],
    ['1n', 1n],
    ['.5', 1n],
    ['5.', 5n],
    ['-1500m', -1n],
    ['+3', 3n],
    [268435456, 268435456n],
    ['0', 0n],
  ])('%s is %s', (quantity, expected) => {
    expect(wholeUnits(quantity)).toBe(expected);
  });

  it.each(['', 'Mi', '1 Mi', '1Kb', '200K', '1,5G', '0x10', 'NaN', '1ee3', '--1', '.'])('%j is none', (text) => {
    expect(parseQuantity(text)).toBeUndefined();
  });
});
