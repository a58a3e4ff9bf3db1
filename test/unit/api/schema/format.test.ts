import { describe, expect, it } from 'vitest';
import { formatCheck } from '../../../../api/schema/format.ts';
import { parseGoDuration } from '../../../../api/schema/go-duration.ts';

describe('formats', () => {
  it.each([
    ['ipv4', ['192.0.2.1'], ['::1', '192.0.2', 'x']],
    ['ipv6', ['::1', '2001:db8::1'], ['192.0.2.1', '::x']],
    ['cidr', ['192.0.2.1/24', '2001:db8::/32'], ['192.0.2.1', '192.0.2.1/33']],
    ['mac', ['52:54:00:12:34:56', '52-54-00-12-34-56', '5254.0012.3456'], ['52:54:00:12:34', '52:54-00:12:34:56', 'xx']],
    ['uri', ['https://example.org/x?y', '/absolute'], ['relative', 'http://a b']],
    ['hostname', ['example.org', 'a-b.example'], ['-a.example', 'a_b']],
    ['uuid', ['7d072813-014c-41f9-9f0d-4ebc350b9887', '7D072813014C41F99F0D4EBC350B9887'], ['7d072813']],
    ['byte', ['aGVsbG8='], ['a']],
    ['date', ['2024-02-29'], ['2023-02-29', '2024-13-01', '2024-1-1']],
    ['date-time', ['1970-01-01T00:00:00Z', '2026-01-01T23:59:59.123456+02:00'], ['2026-01-01', '2026-01-01T24:00:00Z', '2026-01-01T00:00:00']],
    ['duration', ['1h30m', '22 ns', '5 days'], ['soon', '5']],
  ])('%s', (format, good, bad) => {
    const check = formatCheck(format);
    if (check === undefined) throw new Error(`${format} is unknown`);
    expect(good.filter((text) => !check(text))).toEqual([]);
    expect(bad.filter((text) => check(text))).toEqual([]);
  });

  it('knows no others', () => {
    expect(formatCheck('haiku')).toBeUndefined();
    expect(formatCheck(undefined)).toBeUndefined();
  });
});

describe('parseGoDuration', () => {
  it.each<[string, bigint | undefined]>([
    ['1h30m', 5_400_000_000_000n],
    ['1.5s', 1_500_000_000n],
    ['-2ms', -2_000_000n],
    ['0', 0n],
    ['1d', undefined],
    ['', undefined],
  ])('%j is %s', (text, expected) => {
    expect(parseGoDuration(text)).toBe(expected);
  });
});
