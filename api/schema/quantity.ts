/**
 * A Kubernetes quantity (k8s.io/apimachinery, pkg/api/resource) as a whole number of nano units: exact, and finer parts are
 * rounded up as Kubernetes does.
 */
export type NanoUnits = bigint;

const NANO = 1_000_000_000n;
const DECIMAL_EXPONENTS: ReadonlyMap<string, number> = new Map([
  ['n', -9],
  ['u', -6],
  ['m', -3],
  ['', 0],
  ['k', 3],
  ['M', 6],
  ['G', 9],
  ['T', 12],
  ['P', 15],
  ['E', 18],
]);
const BINARY_EXPONENTS: ReadonlyMap<string, number> = new Map([
  ['Ki', 10],
  ['Mi', 20],
  ['Gi', 30],
  ['Ti', 40],
  ['Pi', 50],
  ['Ei', 60],
]);
const FORM = /^([+-]?)([0-9]+\.?[0-9]*|\.[0-9]+)([eE][+-]?[0-9]{1,3}|[KMGTPE]i|[numkMGTPE]?)$/;

/** Reads `256Mi`, `1.5G`, `100m`, `1e3`. Undefined when the text is no quantity. */
export function parseQuantity(text: string): NanoUnits | undefined {
  const match = FORM.exec(text);
  if (match === null) return undefined;
  const [, sign, digits = '', suffix = ''] = match;
  const [whole = '', fraction = ''] = digits.split('.');
  const mantissa = BigInt(`${whole}${fraction}` === '' ? '0' : `${whole}${fraction}`) * NANO;
  const binary = BINARY_EXPONENTS.get(suffix);
  const exponent = binary === undefined ? decimalExponent(suffix) : 0;
  if (exponent === undefined) return undefined;
  const power = exponent - fraction.length;
  const scaled = binary === undefined ? mantissa : mantissa << BigInt(binary);
  const nanoUnits = power >= 0 ? scaled * 10n ** BigInt(power) : divideUp(scaled, 10n ** BigInt(-power));
  return sign === '-' ? -nanoUnits : nanoUnits;
}

/** The quantity as whole units, rounded up: bytes for memory and disks. Undefined when the value is no quantity. */
export function wholeUnits(quantity: string | number): bigint | undefined {
  const nanoUnits = parseQuantity(String(quantity));
  return nanoUnits === undefined ? undefined : divideUp(nanoUnits, NANO);
}

/** The exact number of units, undefined when there is a rest. */
export function exactUnits(nanoUnits: NanoUnits): bigint | undefined {
  return nanoUnits % NANO === 0n ? nanoUnits / NANO : undefined;
}

export function quantityOfUnits(units: bigint): NanoUnits {
  return units * NANO;
}

export function approximateUnits(nanoUnits: NanoUnits): number {
  return Number(nanoUnits) / Number(NANO);
}

function decimalExponent(suffix: string): number | undefined {
  return /^[eE]/.test(suffix) && suffix.length > 1 ? Number(suffix.slice(1)) : DECIMAL_EXPONENTS.get(suffix);
}

function divideUp(dividend: bigint, divisor: bigint): bigint {
  const quotient = dividend / divisor;
  return dividend > 0n && quotient * divisor !== dividend ? quotient + 1n : quotient;
}
