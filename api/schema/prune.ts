import { isRecord, type JsonRecord } from '../machinery/json.ts';
import type { StructuralSchema } from './structural.ts';

/**
 * Takes out of `object` what `schema` does not name, and returns the paths of what it took, sorted
 * (apiextensions-apiserver, pkg/apiserver/schema/pruning). The object is the root of a resource: its apiVersion, kind and metadata
 * stay. Changes `object`.
 */
export function prune(object: JsonRecord, schema: StructuralSchema): string[] {
  const taken: string[] = [];
  pruneObject(object, rootOf(schema), '', taken);
  return taken.sort();
}

const roots = new WeakMap<StructuralSchema, StructuralSchema>();

/** Made once for each schema, since this runs for every write. */
function rootOf(schema: StructuralSchema): StructuralSchema {
  const known = roots.get(schema);
  if (known !== undefined) return known;
  const root = { ...schema, embeddedResource: true };
  roots.set(schema, root);
  return root;
}

function pruneValue(value: unknown, schema: StructuralSchema | true | undefined, path: string, taken: string[]): void {
  if (schema === true) return;
  if (isRecord(value)) return pruneObject(value, schema, path, taken);
  if (!Array.isArray(value)) return;
  const items = itemSchema(schema);
  for (const [index, item] of value.entries()) {
    if (typeof item === 'object') pruneValue(item, items, `${path}[${index}]`, taken);
  }
}

function pruneObject(object: JsonRecord, schema: StructuralSchema | undefined, path: string, taken: string[]): void {
  for (const name of Object.keys(object)) {
    if (schema?.embeddedResource === true && isMetaField(name)) continue;
    const member = schema?.properties.get(name) ?? schema?.additionalProperties;
    if (member !== undefined) {
      const value = object[name];
      if (typeof value === 'object') pruneValue(value, member, childPath(path, name), taken);
    } else if (schema?.preserveUnknownFields !== true) {
      delete object[name];
      taken.push(childPath(path, name));
    }
  }
}

/** Items of a list that preserves unknown fields preserve theirs. */
function itemSchema(schema: StructuralSchema | undefined): StructuralSchema | true | undefined {
  if (schema?.preserveUnknownFields !== true) return schema?.items;
  return schema.items === undefined ? true : { ...schema.items, preserveUnknownFields: true };
}

function isMetaField(name: string): boolean {
  return name === 'apiVersion' || name === 'kind' || name === 'metadata';
}

function childPath(path: string, name: string): string {
  return path === '' ? name : `${path}.${name}`;
}
