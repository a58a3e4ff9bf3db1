import { CST, Lexer } from 'yaml';

/** Reading YAML takes up to 15 µs a character, during which nobody else is served. */
export const YAML_LIMIT_CHARACTERS = 128 * 1024;
const DEPTH_MAXIMUM = 250;

/**
 * What makes the YAML parser slow beyond all bounds, found by its tokens before it is let loose: deep nesting, which it reads
 * recursively, and keys that are no plain text (`? `), where its time doubles with each. JSON has no such keys.
 * Undefined when the text is harmless.
 */
export function yamlDanger(text: string): string | undefined {
  let flowDepth = 0;
  let itemsOfLine = 0;
  for (const token of new Lexer().lex(text)) {
    const type = CST.tokenType(token);
    if (type === 'explicit-key-ind') return 'a key must be plain text';
    if (type === 'flow-seq-start' || type === 'flow-map-start') flowDepth += 1;
    if (type === 'flow-seq-end' || type === 'flow-map-end') flowDepth -= 1;
    if (type === 'seq-item-ind') itemsOfLine += 1;
    if (type === 'newline') itemsOfLine = 0;
    if (Math.max(flowDepth, itemsOfLine) > DEPTH_MAXIMUM) return 'exceeded max depth';
  }
  return undefined;
}
