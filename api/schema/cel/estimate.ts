import type { StructuralSchema } from '../structural.ts';

/** What is known of an expression before it runs. `size` is infinite where nothing bounds it. */
export interface Estimate {
  readonly cost: number;
  readonly size: number;
  /** The schema of its value, where it is a part of the object. */
  readonly schema?: StructuralSchema;
}
