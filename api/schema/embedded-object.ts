import { isRecord } from '../machinery/json.ts';
import { invalidValue, required } from '../machinery/field-error.ts';
import type { Cause } from './resource-schema.ts';
import type { StructuralSchema } from './structural.ts';

/**
 * Checks apiVersion, kind and metadata of objects within the object (`x-kubernetes-embedded-resource`); those of the object itself
 * are the registry's.
 */
export function checkEmbeddedObjects(value: unknown, schema: StructuralSchema, field = ''): Cause[] {
  const causes: Cause[] = [];
  visit(value, schema, field, causes);
  return causes;
}

function visit(value: unknown, schema: StructuralSchema | true | undefined, field: string, causes: Cause[]): void {
  if (schema === undefined || schema === true || !concerns(schema)) return;
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries()) visit(item, schema.items, `${field}[${index}]`, causes);
  } else if (isRecord(value)) {
    if (schema.embeddedResource) checkTypeAndMeta(value, field, causes);
    for (const [name, member] of schema.properties) {
      if (Object.hasOwn(value, name)) visit(value[name], member, field === '' ? name : `${field}.${name}`, causes);
    }
  }
}

function checkTypeAndMeta(object: Readonly<Record<string, unknown>>, field: string, causes: Cause[]): void {
  for (const name of ['apiVersion', 'kind']) {
    const value = object[name];
    const place = `${field}.${name}`;
    if (!Object.hasOwn(object, name)) causes.push(required(place));
    else if (typeof value !== 'string') causes.push(invalidValue(place, value, 'must be a string'));
    else if (value === '') causes.push(invalidValue(place, value, 'must not be empty'));
  }
  if (Object.hasOwn(object, 'metadata') && !isRecord(object['metadata'])) {
    causes.push(invalidValue(`${field}.metadata`, object['metadata'], 'must be an object'));
  }
}

const concerned = new WeakMap<StructuralSchema, boolean>();

function concerns(schema: StructuralSchema): boolean {
  const known = concerned.get(schema);
  if (known !== undefined) return known;
  const below = [...schema.properties.values(), schema.items];
  const answer = schema.embeddedResource || below.some((each) => each !== undefined && concerns(each));
  concerned.set(schema, answer);
  return answer;
}
