import type { StructuralSchema } from '../structural.ts';

const MAX_REQUEST_BYTES = 3 * 1024 * 1024;

/**
 * How large a value of the schema can get, as Kubernetes reckons for the cost of rules (k8s.io/apiserver,
 * pkg/cel/common/schemas.go): bytes of a string, items of a list, entries of a map; nothing for other values.
 */
export function maxSize(schema: StructuralSchema): number {
  switch (schema.intOrString ? 'string' : schema.type) {
    case 'array':
      return schema.maxItems ?? Math.floor((MAX_REQUEST_BYTES - 2) / ((schema.items === undefined ? 1 : minBytes(schema.items)) + 1));
    case 'object': {
      const { additionalProperties, maxProperties } = schema;
      if (additionalProperties === undefined) return 0;
      const member = additionalProperties === true ? 1 : minBytes(additionalProperties);
      return maxProperties ?? Math.floor((MAX_REQUEST_BYTES - 2) / (member + 6));
    }
    case 'string':
      return maxStringSize(schema);
    default:
      return 0;
  }
}

/** How often a value of this schema can stand in one object: what a rule on an item of an unbounded list is multiplied by. */
export function maxOccurrences(schema: StructuralSchema): number {
  return Math.floor(MAX_REQUEST_BYTES / (minBytes(schema) + 1));
}

/** A character takes up to four bytes. */
function maxStringSize(schema: StructuralSchema): number {
  if (schema.format === 'date-time') return 32;
  if (schema.format === 'date') return 12;
  if (schema.format === 'duration') return 32;
  if (schema.maxLength !== undefined) return schema.maxLength * (schema.format === 'byte' ? 1 : 4);
  if (schema.enum !== undefined && schema.enum.length > 0) return Math.max(...schema.enum.map((each) => String(each).length));
  return MAX_REQUEST_BYTES - 2;
}

/** The shortest JSON of a value. */
function minBytes(schema: StructuralSchema): number {
  switch (schema.type) {
    case 'object':
      return [...schema.properties]
        .filter(([name, member]) => schema.required?.includes(name) === true && member.default === undefined)
        .reduce((bytes, [name, member]) => bytes + name.length + minBytes(member) + 4, 2);
    case 'array':
    case 'string':
      return 2;
    case 'boolean':
      return 4;
    default:
      return 1;
  }
}
