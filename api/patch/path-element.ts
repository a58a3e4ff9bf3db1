import { canonicalJson, isRecord, type JsonRecord } from '../machinery/json.ts';

/**
 * One step of a path as fieldsV1 writes it: `f:tag` (a member), `k:{"name":"eth0"}` (an item of a list that is a map), `v:5` (an
 * item of a set), `i:0` (an item of another list). Two steps are the same when their texts are.
 */
export type PathElement = string;

export function fieldElement(name: string): PathElement {
  return `f:${name}`;
}

export function keyElement(keys: JsonRecord): PathElement {
  return `k:${canonicalJson(keys)}`;
}

export function valueElement(value: unknown): PathElement {
  return `v:${canonicalJson(value)}`;
}

/** The member's name, when the step leads to one. */
export function fieldName(element: PathElement): string | undefined {
  return element.startsWith('f:') ? element.slice(2) : undefined;
}

/** A step that a client wrote, in its one canonical text. Undefined when it is none. */
export function parseElement(text: string): PathElement | undefined {
  const content = text.slice(2);
  switch (text.slice(0, 2)) {
    case 'f:':
      return text;
    case 'i:':
      return /^-?\d+$/.test(content) ? text : undefined;
    case 'v:':
      return withJson(content, valueElement);
    case 'k:':
      return withJson(content, (value) => (isRecord(value) ? keyElement(value) : undefined));
    default:
      return undefined;
  }
}

/** As conflicts name it: `.tag`, `[name="eth0"]`, `[=5]`, `[0]`. */
export function showElement(element: PathElement): string {
  const content = element.slice(2);
  switch (element.charAt(0)) {
    case 'f':
      return `.${content}`;
    case 'k':
      return `[${withJson(content, showKeys) ?? content}]`;
    case 'v':
      return `[=${content}]`;
    default:
      return `[${content}]`;
  }
}

export function showPath(path: readonly PathElement[]): string {
  return path.map(showElement).join('');
}

/** Members before keys before values before places; each kind in the order of its text. */
export function compareElements(left: PathElement, right: PathElement): number {
  const order = RANK.indexOf(left.charAt(0)) - RANK.indexOf(right.charAt(0));
  if (order !== 0) return order;
  return left < right ? -1 : left > right ? 1 : 0;
}

const RANK = 'fkvi';

function showKeys(value: unknown): string | undefined {
  if (!isRecord(value)) return undefined;
  return Object.keys(value)
    .sort()
    .map((name) => `${name}=${canonicalJson(value[name])}`)
    .join(',');
}

function withJson<T>(text: string, use: (value: unknown) => T): T | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  return use(value);
}
