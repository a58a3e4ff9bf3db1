/**
 * What was made of a resource, or of anything else that never changes, kept for as long as the same is asked of it. A new state of
 * an object of the API is a new object, so identity says whether anything has to be made anew, and what follows can compare by
 * identity too.
 */
export class PerResource<R extends object, Value> {
  readonly #known = new WeakMap<R, { readonly inputs: readonly unknown[]; readonly value: Value }>();

  /** `make()`, or what it gave before with the very same `inputs`: all that it reads beside the resource. */
  of(resource: R, inputs: readonly unknown[], make: () => Value): Value {
    const known = this.#known.get(resource);
    if (known && sameInputs(known.inputs, inputs)) return known.value;
    const value = make();
    this.#known.set(resource, { inputs, value });
    return value;
  }
}

function sameInputs(before: readonly unknown[], now: readonly unknown[]): boolean {
  return before.length === now.length && before.every((input, index) => input === now[index]);
}
