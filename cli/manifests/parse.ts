import { isMap, isScalar, isSeq, LineCounter, parseAllDocuments, type Document, type Node } from 'yaml';
import { isObject, textAt, toJson, type Json, type JsonObject } from '../api/json.ts';
import type { ManifestDocument, ReadManifest } from './document.ts';
import { parseFieldPath, type FieldStep } from './field-path.ts';

/**
 * All objects in the text of one file, YAML or JSON, in their order; a `kind: List` is taken apart. `file` is what errors call it.
 */
export function parseManifests(text: string, file: string): ReadManifest[] {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text.replace(/^\uFEFF/, ''), { lineCounter: lines, prettyErrors: false, logLevel: 'silent' });
  if (!Array.isArray(documents)) return [];
  return documents.flatMap((document) => new OpenDocument(document, lines, file).manifests());
}

/** A parsed YAML document that still knows where everything in it stands. */
class OpenDocument {
  readonly #document: Document.Parsed;
  readonly #lines: LineCounter;
  readonly #file: string;

  constructor(document: Document.Parsed, lines: LineCounter, file: string) {
    this.#document = document;
    this.#lines = lines;
    this.#file = file;
  }

  manifests(): ReadManifest[] {
    const [error] = this.#document.errors;
    if (error) return [this.#problem(error.pos[0], error.message)];
    let value: Json;
    try {
      value = toJson(this.#document.toJS());
    } catch (cause) {
      // Aliases that unfold without end are refused here.
      return [this.#problem(0, cause instanceof Error ? cause.message : String(cause))];
    }
    return value === null ? [] : this.#objects(value, []);
  }

  #objects(value: Json, at: readonly FieldStep[]): ReadManifest[] {
    if (!isObject(value)) return [this.#problem(this.#offsetOf(at), 'a manifest must be a mapping with apiVersion, kind and metadata')];
    const items = value['items'];
    if (value['kind'] === 'List' && Array.isArray(items)) return items.flatMap((item, index) => this.#objects(item, [...at, 'items', index]));
    return [this.#manifest(value, at)];
  }

  #manifest(object: JsonObject, at: readonly FieldStep[]): ReadManifest {
    const apiVersion = textAt(object, 'apiVersion');
    const kind = textAt(object, 'kind');
    const name = textAt(object, 'metadata', 'name');
    if (!apiVersion || !kind || !name) {
      const missing = !apiVersion ? 'apiVersion' : !kind ? 'kind' : 'metadata.name';
      return this.#problem(this.#offsetOf([...at, ...parseFieldPath(missing)]), `${missing} is missing, or is no text`);
    }
    const document: ManifestDocument = {
      object,
      apiVersion,
      kind,
      name,
      namespace: textAt(object, 'metadata', 'namespace'),
      file: this.#file,
      line: this.#lines.linePos(this.#offsetOf(at)).line,
      lineOf: (fieldPath) => this.#lines.linePos(this.#offsetOf([...at, ...parseFieldPath(fieldPath)])).line,
    };
    return { document };
  }

  #problem(offset: number, message: string): ReadManifest {
    const { line, col } = this.#lines.linePos(offset);
    return { problem: `${this.#file}:${line}:${col}: ${(message.split('\n')[0] ?? '').replace(/[.:]$/, '')}` };
  }

  /** Where a field's key (or a list's entry) begins, as far as the path leads. */
  #offsetOf(path: readonly FieldStep[]): number {
    let node: Node | null = this.#document.contents;
    let offset = node?.range?.[0] ?? this.#document.range[0];
    for (const step of path) {
      const next = stepInto(node, step);
      if (next === undefined) break;
      node = next.node;
      offset = next.offset ?? offset;
    }
    return offset;
  }
}

interface Reached {
  readonly node: Node | null;
  readonly offset: number | undefined;
}

function stepInto(node: Node | null, step: FieldStep): Reached | undefined {
  if (isMap(node) && typeof step === 'string') {
    const pair = node.items.find((item) => isScalar(item.key) && String(item.key.value) === step);
    return pair && isScalar(pair.key) ? { node: asNode(pair.value), offset: pair.key.range?.[0] } : undefined;
  }
  if (!isSeq(node) || typeof step === 'string') return undefined;
  const entry = typeof step === 'number' ? node.items[step] : node.items.find((item) => hasKeys(item, step));
  const found = asNode(entry);
  return found === null ? undefined : { node: found, offset: found.range?.[0] };
}

function hasKeys(item: unknown, keys: ReadonlyMap<string, string>): boolean {
  return isMap(item) && [...keys].every(([name, value]) => String(item.get(name)) === value);
}

function asNode(value: unknown): Node | null {
  return isMap(value) || isSeq(value) || isScalar(value) ? value : null;
}
