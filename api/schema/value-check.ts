import type { ValuePath } from './value-path.ts';
import type { Violations } from './violation.ts';

/** Stands for "there is no old value to compare with"; `undefined` and `null` are not used, since null is a value. */
export const NO_OLD_VALUE = Symbol('no old value');

/**
 * Checks one value and what is in it, and returns how many checks were made, by which kube-openapi chooses among alternatives.
 * A value equal to `old` is not faulted (ratcheting: what was accepted under older rules may stay).
 */
export type ValueCheck = (value: unknown, path: ValuePath, old: unknown, violations: Violations) => number;
