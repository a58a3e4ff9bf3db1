import { UsageError } from '../errors.ts';
import { parseJson, type Json } from '../api/json.ts';

/** One step of a path. */
export type Step =
  | { readonly step: 'field'; readonly name: string }
  | { readonly step: 'index'; readonly index: number }
  | { readonly step: 'slice'; readonly from: number | undefined; readonly to: number | undefined }
  | { readonly step: 'every' }
  | { readonly step: 'anywhere'; readonly name: string }
  | { readonly step: 'filter'; readonly path: readonly Step[]; readonly operator: Operator | undefined; readonly value: Json };

export type Operator = '==' | '!=' | '<' | '<=' | '>' | '>=';

/** One piece of a template: text, the values at a path, or pieces repeated for each value at a path. */
export type Piece =
  | { readonly piece: 'text'; readonly text: string }
  | { readonly piece: 'path'; readonly path: readonly Step[] }
  | { readonly piece: 'range'; readonly path: readonly Step[]; readonly body: readonly Piece[] };

/**
 * Reads a template as kubectl's -o jsonpath takes it (kubernetes.io/docs/reference/kubectl/jsonpath): text, `{.path}`, `{"text"}`,
 * `{range .path}…{end}`. A template without braces is a single path. Throws UsageError.
 */
export function parseTemplate(template: string): Piece[] {
  if (!template.includes('{')) return [{ piece: 'path', path: parsePath(template) }];
  const open: { path: readonly Step[]; body: Piece[] }[] = [{ path: [], body: [] }];
  const add = (piece: Piece): void => void open.at(-1)?.body.push(piece);
  for (const [whole, text, inside] of template.matchAll(/([^{]+)|\{((?:"(?:[^"\\]|\\.)*"|'[^']*'|[^{}"'])*)\}|[{}]/g)) {
    if (text !== undefined) add({ piece: 'text', text });
    else if (inside === undefined) throw new UsageError(`jsonpath: "${whole}" has no partner in ${template}`);
    else if (inside.trim().startsWith('range ')) open.push({ path: parsePath(inside.trim().slice(6)), body: [] });
    else if (inside.trim() === 'end') {
      const range = open.pop();
      if (range === undefined || open.length === 0) throw new UsageError('jsonpath: {end} without {range …}');
      add({ piece: 'range', path: range.path, body: range.body });
    } else if (/^\s*["']/.test(inside)) add({ piece: 'text', text: quotedText(inside.trim()) });
    else add({ piece: 'path', path: parsePath(inside) });
  }
  if (open.length !== 1) throw new UsageError('jsonpath: {range …} without {end}');
  return open[0]?.body ?? [];
}

const STEP =
  /\.\.([\w-]+)|\.\*|\[\*\]|\[\?\((.+?)\)\]|\[(-?\d+)\]|\[(-?\d*):(-?\d*)\]|\[(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\]|\.((?:[^.[\]\\\s]|\\.)+)|\./y;

/** Reads `.spec.uplinks[0].name`, `$.x`, `x.y`, `.a['b.c']`, `.items[?(@.x=="y")]`. Throws UsageError. */
export function parsePath(text: string): Step[] {
  let rest = text.trim().replace(/^[$@]/, '');
  if (/^[^.[]/.test(rest)) rest = `.${rest}`;
  const steps: Step[] = [];
  let at = 0;
  while (at < rest.length) {
    // A filter has a path within: the position must not be kept in the expression.
    STEP.lastIndex = at;
    const found = STEP.exec(rest);
    if (found === null) throw new UsageError(`jsonpath: can't read "${rest.slice(at)}" in ${text}`);
    at = STEP.lastIndex;
    const step = stepOf(found);
    if (step) steps.push(step);
  }
  return steps;
}

function stepOf(found: RegExpExecArray): Step | undefined {
  const [whole, anywhere, filter, index, from, to, single, double, field] = found;
  if (anywhere !== undefined) return { step: 'anywhere', name: anywhere };
  if (filter !== undefined) return filterOf(filter);
  if (index !== undefined) return { step: 'index', index: Number(index) };
  if (from !== undefined) return { step: 'slice', from: from === '' ? undefined : Number(from), to: to ? Number(to) : undefined };
  const name = single ?? double ?? field;
  if (name !== undefined) return { step: 'field', name: name.replace(/\\(.)/g, '$1') };
  return whole === '.' ? undefined : { step: 'every' };
}

function filterOf(text: string): Step {
  const found = /^(.+?)\s*(==|!=|<=|>=|<|>)\s*(.+)$/.exec(text);
  if (!found) return { step: 'filter', path: parsePath(text), operator: undefined, value: null };
  const [, left = '', operator = '', right = ''] = found;
  return { step: 'filter', path: parsePath(left), operator: operatorOf(operator), value: literal(right.trim()) };
}

function operatorOf(text: string): Operator | undefined {
  const operators: readonly Operator[] = ['==', '!=', '<', '<=', '>', '>='];
  return operators.find((operator) => operator === text);
}

function literal(text: string): Json {
  if (/^["']/.test(text)) return quotedText(text);
  try {
    return parseJson(text);
  } catch {
    // Neither a number nor true, false or null: a bare word.
    return text;
  }
}

const ESCAPES: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' };

function quotedText(text: string): string {
  return text.slice(1, -1).replace(/\\(.)/g, (_, character: string) => ESCAPES[character] ?? character);
}
