import { isRecord } from '../machinery/json.ts';
import { showPath, type PathElement } from './path-element.ts';
import { child, grainOf, isDeclared, itemsOf, memberShape, type Shape } from './typed-shape.ts';

/**
 * What keeps an applied configuration from being read by its schema, in the words of structured-merge-diff: `.spec.nope: field not
 * declared in schema`.
 */
export function typedProblems(value: unknown, shape: Shape): string[] {
  return problemsAt(value, shape, []);
}

function problemsAt(value: unknown, shape: Shape, path: readonly PathElement[]): string[] {
  if (value === null || value === undefined) return [];
  const wrongType = typeProblem(value, shape);
  if (wrongType !== undefined) return [`${showPath(path)}: ${wrongType}`];
  if (isRecord(value)) return memberProblems(value, shape, path);
  return Array.isArray(value) ? itemProblems(value, shape, path) : [];
}

function memberProblems(value: Readonly<Record<string, unknown>>, shape: Shape, path: readonly PathElement[]): string[] {
  return Object.entries(value).flatMap(([name, member]) => {
    const at = child(path, name);
    if (!isAllowed(shape, name)) return [`${showPath(at)}: field not declared in schema`];
    return problemsAt(member, memberShape(shape, name), at);
  });
}

function isAllowed(shape: Shape, name: string): boolean {
  if (shape === undefined || isDeclared(shape, name)) return true;
  return shape.additionalProperties !== undefined || shape.preserveUnknownFields;
}

function itemProblems(list: readonly unknown[], shape: Shape, path: readonly PathElement[]): string[] {
  if (grainOf(list, shape) !== 'list') {
    return list.flatMap((item, index) => problemsAt(item, shape?.items, [...path, `i:${index}`]));
  }
  const problems: string[] = [];
  const seen = new Set<PathElement>();
  for (const [index, item] of list.entries()) {
    const missing = keyProblem(item, shape);
    if (missing !== undefined) return [...problems, `${showPath(path)}: element ${index}: ${missing}`];
    const [found] = itemsOf([item], shape);
    if (found === undefined) continue;
    if (seen.has(found.element)) problems.push(`${showPath(path)}: duplicate entries for key ${showPath([found.element])}`);
    seen.add(found.element);
    problems.push(...problemsAt(item, shape?.items, [...path, found.element]));
  }
  return problems;
}

function keyProblem(item: unknown, shape: Shape): string | undefined {
  if (shape?.listType === 'set') return setItemProblem(item);
  if (item === null) return 'associative list with keys may not have a null element';
  if (!isRecord(item)) return 'associative list with keys may not have non-map elements';
  const keys = shape?.listMapKeys ?? [];
  const hasKey = keys.some((key) => Object.hasOwn(item, key) || shape?.items?.properties.get(key)?.default !== undefined);
  if (hasKey) return undefined;
  const shown = `[${keys.map((key) => JSON.stringify(key)).join(' ')}]`;
  return `associative list with keys has an element that omits all key fields ${shown} (and doesn't have default values for any key fields)`;
}

function setItemProblem(item: unknown): string | undefined {
  if (item === null) return "associative list without keys has an element that's an explicit null";
  if (Array.isArray(item)) return 'not supported: associative list with lists as elements';
  return isRecord(item) ? "associative list without keys has an element that's a map type" : undefined;
}

function typeProblem(value: unknown, shape: Shape): string | undefined {
  if (shape === undefined || shape.intOrString) return undefined;
  switch (shape.type) {
    case 'object':
      return isRecord(value) ? undefined : `expected map, got ${shown(value)}`;
    case 'array':
      return Array.isArray(value) ? undefined : `expected list, got ${shown(value)}`;
    case 'string':
      return typeof value === 'string' ? undefined : `expected string, got ${shown(value)}`;
    case 'integer':
    case 'number':
      return typeof value === 'number' ? undefined : `expected numeric (int or float), got ${goType(value)}`;
    case 'boolean':
      return typeof value === 'boolean' ? undefined : `expected boolean, got ${shown(value)}`;
    case undefined:
      return undefined;
  }
}

function shown(value: unknown): string {
  return `&value.valueUnstructured{Value:${JSON.stringify(value)}}`;
}

function goType(value: unknown): string {
  if (Array.isArray(value)) return '[]interface {}';
  if (isRecord(value)) return 'map[string]interface {}';
  return typeof value === 'boolean' ? 'bool' : typeof value;
}

