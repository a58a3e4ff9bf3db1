import { EvaluationError, type Environment } from '@marcbachmann/cel-js';
import { approximateUnits, exactUnits, parseQuantity, quantityOfUnits, type NanoUnits } from '../../quantity.ts';

class QuantityValue {
  readonly nanoUnits: NanoUnits;

  constructor(nanoUnits: NanoUnits) {
    this.nanoUnits = nanoUnits;
  }
}

const INT64_MAX = 2n ** 63n - 1n;

/** quantity, isQuantity and arithmetic on quantities (k8s.io/apiserver, pkg/cel/library/quantity.go). */
export function registerQuantities(environment: Environment): void {
  const type = 'kubernetes.Quantity';
  environment.registerType(type, { ctor: QuantityValue });
  environment.registerFunction('isQuantity(string): bool', (text: string) => parseQuantity(text) !== undefined);
  environment.registerFunction(`quantity(string): ${type}`, (text: string) => {
    const nanoUnits = parseQuantity(text);
    if (nanoUnits === undefined) {
      throw new EvaluationError(`quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'`);
    }
    return new QuantityValue(nanoUnits);
  });
  environment.registerFunction(`${type}.isInteger(): bool`, (value: QuantityValue) => int64(value) !== undefined);
  environment.registerFunction(`${type}.asInteger(): int`, (value: QuantityValue) => {
    const units = int64(value);
    if (units === undefined) throw new EvaluationError('cannot convert value to integer');
    return units;
  });
  environment.registerFunction(`${type}.asApproximateFloat(): double`, ({ nanoUnits }: QuantityValue) => approximateUnits(nanoUnits));
  environment.registerFunction(`${type}.sign(): int`, ({ nanoUnits }: QuantityValue) => sign(nanoUnits));
  environment.registerFunction(`${type}.add(${type}): ${type}`, (a: QuantityValue, b: QuantityValue) => new QuantityValue(a.nanoUnits + b.nanoUnits));
  environment.registerFunction(`${type}.add(int): ${type}`, (a: QuantityValue, b: bigint) => new QuantityValue(a.nanoUnits + quantityOfUnits(b)));
  environment.registerFunction(`${type}.sub(${type}): ${type}`, (a: QuantityValue, b: QuantityValue) => new QuantityValue(a.nanoUnits - b.nanoUnits));
  environment.registerFunction(`${type}.sub(int): ${type}`, (a: QuantityValue, b: bigint) => new QuantityValue(a.nanoUnits - quantityOfUnits(b)));
  environment.registerFunction(`${type}.isLessThan(${type}): bool`, (a: QuantityValue, b: QuantityValue) => a.nanoUnits < b.nanoUnits);
  environment.registerFunction(`${type}.isGreaterThan(${type}): bool`, (a: QuantityValue, b: QuantityValue) => a.nanoUnits > b.nanoUnits);
  environment.registerFunction(`${type}.compareTo(${type}): int`, (a: QuantityValue, b: QuantityValue) => sign(a.nanoUnits - b.nanoUnits));
  environment.registerOperator(`${type} == ${type}: bool`, (a: QuantityValue, b: QuantityValue) => a.nanoUnits === b.nanoUnits);
}

function int64({ nanoUnits }: QuantityValue): bigint | undefined {
  const units = exactUnits(nanoUnits);
  return units !== undefined && units <= INT64_MAX && units >= -INT64_MAX - 1n ? units : undefined;
}

function sign(value: bigint): bigint {
  if (value === 0n) return 0n;
  return value > 0n ? 1n : -1n;
}
