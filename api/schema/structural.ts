import type { Json } from '../machinery/object.ts';

/** A rule of `x-kubernetes-validations`, as written. */
export interface ValidationRule {
  readonly rule: string;
  readonly message?: string;
  readonly messageExpression?: string;
  readonly reason?: string;
  /** `.trunks`, relative to the schema that the rule stands on. */
  readonly fieldPath?: string;
  readonly optionalOldSelf?: boolean;
}

export type SchemaType = 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean';

/** The keywords that limit a value by themselves, without other schemas. */
export interface ValueLimits {
  readonly format?: string;
  readonly enum?: readonly Json[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: boolean;
  readonly exclusiveMaximum?: boolean;
  readonly multipleOf?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly minProperties?: number;
  readonly maxProperties?: number;
  readonly required?: readonly string[];
}

/** The keywords that validate a value without shaping it (KEP-1693, "value validation"). */
export interface ValueValidation extends ValueLimits {
  readonly allOf?: readonly ValueSchema[];
  readonly anyOf?: readonly ValueSchema[];
  readonly oneOf?: readonly ValueSchema[];
  readonly not?: ValueSchema;
}

/** A schema inside allOf, anyOf, oneOf, not: it may name fields but defines none. */
export interface ValueSchema extends ValueValidation {
  /** Only in the two alternatives of int-or-string. */
  readonly type?: SchemaType;
  readonly properties?: ReadonlyMap<string, ValueSchema>;
  readonly items?: ValueSchema;
  readonly additionalProperties?: ValueSchema;
}

/**
 * A structural schema (apiextensions.k8s.io/v1): every field has a type, so that pruning, defaulting and server-side apply know
 * each value's shape without looking at the value.
 */
export interface StructuralSchema extends ValueValidation {
  /** Absent only with `intOrString` or `preserveUnknownFields`. */
  readonly type?: SchemaType;
  readonly description?: string;
  readonly nullable: boolean;
  /** Absent when there is none; a default may be any JSON but null. */
  readonly default?: Json;
  readonly properties: ReadonlyMap<string, StructuralSchema>;
  /** The schema of a map's values; `true` when any value may stand there. */
  readonly additionalProperties?: StructuralSchema | true;
  readonly items?: StructuralSchema;
  readonly intOrString: boolean;
  readonly embeddedResource: boolean;
  readonly preserveUnknownFields: boolean;
  /** `atomic` where none is given. */
  readonly listType: 'atomic' | 'set' | 'map';
  readonly listMapKeys: readonly string[];
  /** `granular` where none is given. */
  readonly mapType: 'granular' | 'atomic';
  readonly rules: readonly ValidationRule[];
}
