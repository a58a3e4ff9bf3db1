import type { StructuralSchema } from '../structural.ts';

const SEGMENT = /\.([^.[\]]+)|\['((?:[^'\\]|\\.)*)'\]/y;

/**
 * Reads a rule's `fieldPath` (`.spec.trunks`, `['a-b']`): the members it passes, a key of a map in square brackets as causes show
 * it. Undefined when it leads nowhere in the schema.
 */
export function resolveFieldPath(fieldPath: string, schema: StructuralSchema): readonly string[] | undefined {
  const segments: string[] = [];
  let at: StructuralSchema | true | undefined = schema;
  SEGMENT.lastIndex = 0;
  while (SEGMENT.lastIndex < fieldPath.length) {
    const match = SEGMENT.exec(fieldPath);
    if (match === null || at === undefined || at === true) return undefined;
    const name = match[1] ?? (match[2] ?? '').replace(/\\(.)/g, '$1');
    const property = at.properties.get(name);
    segments.push(property === undefined ? `[${name}]` : name);
    at = property ?? at.additionalProperties;
  }
  return at === undefined || segments.length === 0 ? undefined : segments;
}

/** A field as causes name it: `.` before members, none before `[…]`. */
export function joinField(field: string, segments: readonly string[]): string {
  return segments.reduce((text, segment) => (text === '' || segment.startsWith('[') ? text + segment : `${text}.${segment}`), field);
}
