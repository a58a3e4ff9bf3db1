const UNIT_NANOSECONDS: ReadonlyMap<string, bigint> = new Map([
  ['ns', 1n],
  ['us', 1_000n],
  ['µs', 1_000n],
  ['μs', 1_000n],
  ['ms', 1_000_000n],
  ['s', 1_000_000_000n],
  ['m', 60_000_000_000n],
  ['h', 3_600_000_000_000n],
]);

/** Reads a duration as Go's `time.ParseDuration` does (`1h30m`, `-1.5s`), in nanoseconds. Undefined when the text is none. */
export function parseGoDuration(text: string): bigint | undefined {
  const match = /^([-+]?)((?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:ns|us|µs|μs|ms|s|m|h))+$/.exec(text);
  if (match === null) return text === '0' ? 0n : undefined;
  let nanoseconds = 0n;
  for (const [, whole = '', fraction = '', unit = ''] of text.matchAll(/([0-9]*)\.?([0-9]*)(ns|us|µs|μs|ms|s|m|h)/g)) {
    const digits = BigInt(`${whole}${fraction}` || '0');
    nanoseconds += (digits * (UNIT_NANOSECONDS.get(unit) ?? 0n)) / 10n ** BigInt(fraction.length);
  }
  return match[1] === '-' ? -nanoseconds : nanoseconds;
}
