const SUFFIXES: Readonly<Record<string, bigint>> = {
  '': 1n,
  k: 1000n,
  M: 1000n ** 2n,
  G: 1000n ** 3n,
  T: 1000n ** 4n,
  P: 1000n ** 5n,
  Ki: 1024n,
  Mi: 1024n ** 2n,
  Gi: 1024n ** 3n,
  Ti: 1024n ** 4n,
  Pi: 1024n ** 5n,
};

/**
 * Bytes of a Kubernetes quantity such as `256Mi`, `1.5G` or `1024`, rounded up to whole bytes (k8s.io/apimachinery, resource.Quantity;
 * the CRDs allow no exponents). Throws a RangeError for anything else.
 */
export function bytesOf(quantity: string | number): number {
  const match = /^(\d+)(?:\.(\d+))?([kMGTP]i?|Ki)?$/.exec(String(quantity));
  const unit = SUFFIXES[match?.[3] ?? ''];
  if (!match || unit === undefined) throw new RangeError(`${JSON.stringify(quantity)} is no quantity of bytes, such as 256Mi or 1Gi`);
  const [, whole = '0', fraction = ''] = match;
  const scale = 10n ** BigInt(fraction.length);
  const scaled = BigInt(whole + fraction) * unit;
  return Number((scaled + scale - 1n) / scale);
}
