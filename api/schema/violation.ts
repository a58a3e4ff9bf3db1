import { duplicate, invalidValue, notSupported, required, tooLong, tooMany, wrongType } from '../machinery/field-error.ts';
import type { Cause } from './resource-schema.ts';
import { valuePathText, type ValuePath } from './value-path.ts';

/** What kube-apiserver calls a nil path. */
export const NO_FIELD = '<nil>';

/**
 * Gathers what is wrong. Each method words one kind of failure as kube-openapi's validator does (pkg/validation/errors), turned
 * into a cause as apiextensions-apiserver does (pkg/apiserver/validation). `root` stands before every field but not in the texts:
 * that is how a write to /status is worded.
 */
export class Violations {
  readonly causes: Cause[] = [];
  readonly #root: string;

  constructor(root = '') {
    this.#root = root;
  }

  get count(): number {
    return this.causes.length;
  }

  /** Forgets all but the first `count` causes. */
  cut(count: number): void {
    this.causes.length = count;
  }

  /** An empty gatherer for the same root. */
  fresh(): Violations {
    return new Violations(this.#root);
  }

  merge(other: Violations): void {
    for (const cause of other.causes) this.add(cause);
  }

  /** What was said once is not said again. */
  add(cause: Cause): void {
    if (!this.causes.some(({ field, message }) => field === cause.field && message === cause.message)) this.causes.push(cause);
  }

  type(path: ValuePath, expected: string, found: string): void {
    this.add(wrongType(this.#field(path), found, `${valuePathText(path)} in body must be of type ${expected}: ${JSON.stringify(found)}`));
  }

  invalid(path: ValuePath, value: unknown, says: string): void {
    this.add(invalidValue(this.#field(path), value, `${valuePathText(path)} in body ${says}`));
  }

  enum(path: ValuePath, value: unknown, allowed: readonly unknown[]): void {
    const words = allowed.map((each) => (typeof each === 'string' ? each : JSON.stringify(each)));
    this.add(notSupported(this.#field(path), value, words));
  }

  required(path: ValuePath, name: string): void {
    this.add(required(this.#field([...path, name])));
  }

  tooLong(path: ValuePath, maximum: number): void {
    this.add(tooLong(this.#field(path), maximum));
  }

  tooMany(path: ValuePath, found: number, maximum: number): void {
    this.add(tooMany(this.#field(path), found, maximum));
  }

  duplicate(field: string, value: unknown): void {
    this.add(duplicate(field, value));
  }

  /** Something that kube-openapi says without a field of its own. */
  unplaced(says: string): void {
    this.add(invalidValue(this.#root === '' ? NO_FIELD : this.#root, '', says));
  }

  #field(path: Readonly<ValuePath>): string {
    const text = valuePathText(path);
    if (this.#root === '') return text === '' ? NO_FIELD : text;
    return text === '' ? this.#root : `${this.#root}.${text}`;
  }
}
