import type { Document } from 'yaml';
import { isMap, isScalar, isSeq, LineCounter, parseDocument } from 'yaml';
import { duplicateFields } from '../../registry/duplicate-fields.ts';

/**
 * Keys that stand twice in one map of a YAML text, in the words of Go's YAML reader: `line 3: key "tag" already set in map`. Those
 * inside a value come before the value's own key; the line is where the value begins.
 */
export function duplicateKeys({ contents }: Document, lines: LineCounter): string[] {
  const found: string[] = [];
  const visit = (node: unknown): void => {
    if (isSeq(node)) node.items.forEach(visit);
    if (!isMap(node)) return;
    const seen = new Set<unknown>();
    for (const { key, value } of node.items) {
      visit(value);
      if (!isScalar(key)) continue;
      if (seen.has(key.value)) found.push(`line ${lineOf(value) ?? lineOf(key) ?? 1}: key ${shown(key.value)} already set in map`);
      seen.add(key.value);
    }
  };
  const lineOf = (node: unknown): number | undefined => {
    const start = isMap(node) || isSeq(node) || isScalar(node) ? node.range?.[0] : undefined;
    return start === undefined ? undefined : lines.linePos(start).line;
  };
  visit(contents);
  return found;
}

/** The same of a JSON text, which is YAML too. Only what has any is read a second time. */
export function duplicateKeysOfJson(text: string): string[] {
  if (duplicateFields(text).length === 0) return [];
  const lines = new LineCounter();
  return duplicateKeys(parseDocument(text, { uniqueKeys: false, lineCounter: lines, logLevel: 'silent' }), lines);
}

function shown(key: unknown): string {
  return typeof key === 'string' ? JSON.stringify(key) : String(key);
}
