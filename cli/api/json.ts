/** JSON as it comes off the wire. Values are narrowed where they are read, by the functions here. */
export type Json = null | boolean | number | string | Json[] | JsonObject;
export interface JsonObject {
  [field: string]: Json | undefined;
}

/** Parses JSON text, which gives nothing but JSON; throws SyntaxError. */
export function parseJson(text: string): Json;
export function parseJson(text: string): unknown {
  const value: unknown = JSON.parse(text);
  return value;
}

/** The same value, known to be JSON. Throws TypeError for what JSON has no way to write, as YAML's `.nan`. */
export function toJson(value: unknown): Json {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  if (Array.isArray(value)) return value.map(toJson);
  if (typeof value !== 'object') throw new TypeError(`${typeof value === 'number' ? value : typeof value} is no value that JSON can carry`);
  return Object.fromEntries(Object.entries(value).map(([name, own]) => [name, toJson(own)]));
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at a path of field names, or undefined where the path leads nowhere. */
export function valueAt(value: Json | undefined, ...path: string[]): Json | undefined {
  let here = value;
  for (const field of path) here = isObject(here) ? here[field] : undefined;
  return here;
}

export function textAt(value: Json | undefined, ...path: string[]): string | undefined {
  const found = valueAt(value, ...path);
  return typeof found === 'string' ? found : undefined;
}

export function numberAt(value: Json | undefined, ...path: string[]): number | undefined {
  const found = valueAt(value, ...path);
  return typeof found === 'number' ? found : undefined;
}

export function listAt(value: Json | undefined, ...path: string[]): Json[] {
  const found = valueAt(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** The objects of a list; entries that are none are left out. */
export function objectsAt(value: Json | undefined, ...path: string[]): JsonObject[] {
  return listAt(value, ...path).filter(isObject);
}

export function textsAt(value: Json | undefined, ...path: string[]): string[] {
  return listAt(value, ...path).filter((entry) => typeof entry === 'string');
}

/** A field shown as text: scalars as they are, all else as JSON, nothing as ''. */
export function shown(value: Json | undefined): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
