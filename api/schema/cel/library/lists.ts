import { EvaluationError, type Environment } from '@marcbachmann/cel-js';
import { Duration } from '@marcbachmann/cel-js/evaluator';
import { equalInCel } from '../equality.ts';

/** isSorted, sum, min, max, indexOf, lastIndexOf of lists (k8s.io/apiserver, pkg/cel/library/lists.go). */
export function registerLists(environment: Environment): void {
  for (const type of ['int', 'uint', 'double', 'bool', 'string', 'bytes', 'google.protobuf.Timestamp', 'google.protobuf.Duration']) {
    environment.registerFunction(`list<${type}>.isSorted(): bool`, isSorted);
  }
  for (const type of ['int', 'double', 'string', 'google.protobuf.Timestamp', 'google.protobuf.Duration']) {
    environment.registerFunction(`list<${type}>.min(): ${type}`, (list: readonly unknown[]) => extreme('min', list, -1));
    environment.registerFunction(`list<${type}>.max(): ${type}`, (list: readonly unknown[]) => extreme('max', list, 1));
  }
  environment.registerFunction('list<int>.sum(): int', (list: readonly bigint[]) => list.reduce((sum, each) => sum + each, 0n));
  environment.registerFunction('list<double>.sum(): double', (list: readonly number[]) => list.reduce((sum, each) => sum + each, 0));
  environment.registerFunction('list<google.protobuf.Duration>.sum(): google.protobuf.Duration', (list: readonly Duration[]) =>
    list.reduce((sum, each) => sum.addDuration(each), new Duration(0)),
  );
  environment.registerFunction('list<T>.indexOf(T): int', (list: readonly unknown[], item: unknown) =>
    BigInt(list.findIndex((each) => equalInCel(each, item))),
  );
  environment.registerFunction('list<T>.lastIndexOf(T): int', (list: readonly unknown[], item: unknown) =>
    BigInt(list.findLastIndex((each) => equalInCel(each, item))),
  );
}

function isSorted(list: readonly unknown[]): boolean {
  return list.every((item, index) => index === 0 || compare(list[index - 1], item) <= 0);
}

function extreme(name: string, list: readonly unknown[], sign: 1 | -1): unknown {
  if (list.length === 0) throw new EvaluationError(`${name} called on empty list`);
  return list.reduce((best, item) => (compare(item, best) * sign > 0 ? item : best));
}

function compare(left: unknown, right: unknown): number {
  const [a, b] = [ordinal(left), ordinal(right)];
  if (a < b) return -1;
  return a > b ? 1 : 0;
}

/** Something that JavaScript's own comparison orders rightly. */
function ordinal(value: unknown): bigint | number | string {
  if (typeof value === 'bigint' || typeof value === 'number') return value;
  if (value instanceof Date) return value.getTime();
  if (value instanceof Duration) return value.seconds * 1_000_000_000n + BigInt(value.nanos);
  if (value instanceof Uint8Array) return Buffer.from(value).toString('latin1');
  return String(value);
}
