import type { Environment } from '@marcbachmann/cel-js';
import { equalInCel } from '../equality.ts';

class SetsNamespace {}

/** sets.contains, sets.equivalent, sets.intersects (cel-go, ext.Sets). */
export function registerSets(environment: Environment): void {
  environment.registerType('SetsNamespace', SetsNamespace);
  environment.registerConstant('sets', 'SetsNamespace', new SetsNamespace());
  const method = (name: string, holds: (left: readonly unknown[], right: readonly unknown[]) => boolean): void => {
    environment.registerFunction(`SetsNamespace.${name}(list<T>, list<T>): bool`, (_: unknown, left: readonly unknown[], right: readonly unknown[]) =>
      holds(left, right),
    );
  };
  method('contains', containsAll);
  method('equivalent', (left, right) => containsAll(left, right) && containsAll(right, left));
  method('intersects', (left, right) => left.some((item) => right.some((other) => equalInCel(item, other))));
}

function containsAll(list: readonly unknown[], items: readonly unknown[]): boolean {
  return items.every((item) => list.some((each) => equalInCel(each, item)));
}
