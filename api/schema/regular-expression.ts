import { RE2JS } from 're2js';

/** A compiled regular expression of RE2: its time grows with the text and nothing else. */
export interface RegularExpression {
  /** Whether the expression occurs anywhere in the text. */
  test(text: string): boolean;
  /** The first match. */
  find(text: string): string | undefined;
  /** Every match from the left, at most `limit` of them. */
  findAll(text: string, limit: number): string[];
}

const compiled = new Map<string, RegularExpression>();
const MAX_COMPILED = 1000;

/**
 * Compiles with the syntax of RE2, as Go and CEL have it. What was compiled is kept, up to a limit.
 * Throws when the expression is none; the message says why.
 */
export function compileRegularExpression(pattern: string): RegularExpression {
  const known = compiled.get(pattern);
  if (known !== undefined) return known;
  const expression = wrap(RE2JS.compile(pattern));
  if (compiled.size < MAX_COMPILED) compiled.set(pattern, expression);
  return expression;
}

function wrap(re2: RE2JS): RegularExpression {
  return {
    test: (text) => re2.test(text),
    find(text) {
      const matcher = re2.matcher(text);
      return matcher.find() ? (matcher.group() ?? '') : undefined;
    },
    findAll(text, limit) {
      const found: string[] = [];
      const matcher = re2.matcher(text);
      while (found.length < limit && matcher.find()) found.push(matcher.group() ?? '');
      return found;
    },
  };
}
