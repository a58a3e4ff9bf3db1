import { isObject, objectsAt, textAt, valueAt, type JsonObject } from '../api/json.ts';

/** The object without `metadata.managedFields`, which nobody reads. */
export function withoutManagedFields(object: JsonObject): JsonObject {
  const metadata = object['metadata'];
  if (!isObject(metadata) || metadata['managedFields'] === undefined) return object;
  const { managedFields: _, ...rest } = metadata;
  return { ...object, metadata: rest };
}

/** Several objects as one: a `v1` List. */
export function listObject(items: readonly JsonObject[]): JsonObject {
  return { apiVersion: 'v1', kind: 'List', metadata: { resourceVersion: '' }, items: [...items] };
}

/** JSON as people read it, with a line break at the end. */
export function jsonText(object: JsonObject): string {
  return `${JSON.stringify(object, null, 2)}\n`;
}

/**
 * YAML as the manifests are written, with a line break at the end. Texts that a YAML 1.1 reader (kubectl is one) would take for
 * something else (`yes`, dates, MAC addresses of digits) are quoted.
 */
export async function yamlText(value: JsonObject): Promise<string> {
  const { stringify } = await import('yaml');
  return stringify(value, { version: '1.1', lineWidth: 0, indentSeq: false, aliasDuplicateObjects: false });
}

export interface ShownCondition {
  readonly type: string;
  readonly status: string;
  readonly reason: string;
  readonly message: string;
  readonly since: string;
  /** The generation it was computed from, where it says so. */
  readonly observedGeneration: number | undefined;
}

export function conditionsOf(object: JsonObject): ShownCondition[] {
  return objectsAt(object, 'status', 'conditions').map((condition) => {
    const generation = valueAt(condition, 'observedGeneration');
    return {
      type: textAt(condition, 'type') ?? '',
      status: textAt(condition, 'status') ?? '',
      reason: textAt(condition, 'reason') ?? '',
      message: textAt(condition, 'message') ?? '',
      since: textAt(condition, 'lastTransitionTime') ?? '',
      observedGeneration: typeof generation === 'number' ? generation : undefined,
    };
  });
}
