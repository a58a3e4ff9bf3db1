import { equalJson, fieldOf, isRecord } from '../../../machinery/json.ts';

/** All values that a path finds, in the order of the document. */
export type JsonPath = (root: unknown) => readonly unknown[];

type Step = (value: unknown) => readonly unknown[];

/**
 * The JSONPath of `additionalPrinterColumns` (a subset of kubectl's): `.field`, `['field']`, `\.` in a name, `[0]`, `[-1]`,
 * `[*]`, `.*`, and filters `[?(@.type=="Ready")]` with ==, != or bare existence. Throws an Error for anything else, so that a bad
 * column is found when its CRD is loaded.
 */
export function compileJsonPath(text: string): JsonPath {
  const steps: Step[] = [];
  let rest = text.startsWith('{') && text.endsWith('}') ? text.slice(1, -1) : text;
  if (rest.startsWith('$')) rest = rest.slice(1);
  while (rest !== '') {
    const { step, length } = nextStep(rest, text);
    steps.push(step);
    rest = rest.slice(length);
  }
  return (root) => steps.reduce<readonly unknown[]>((values, step) => values.flatMap(step), [root]);
}

interface ReadStep {
  readonly step: Step;
  readonly length: number;
}

function nextStep(rest: string, whole: string): ReadStep {
  const field = /^\.((?:\\.|[^.[\]\\])+)/.exec(rest);
  if (field?.[1] !== undefined) return { step: fieldStep(field[1].replace(/\\(.)/g, '$1')), length: field[0].length };
  const quoted = /^\[(?:'((?:\\.|[^'\\])*)'|"((?:\\.|[^"\\])*)")\]/.exec(rest);
  if (quoted !== null) return { step: fieldStep((quoted[1] ?? quoted[2] ?? '').replace(/\\(.)/g, '$1')), length: quoted[0].length };
  const index = /^\[(-?\d+)\]/.exec(rest);
  if (index !== null) return { step: indexStep(Number(index[1])), length: index[0].length };
  if (rest.startsWith('[*]')) return { step: everyStep, length: 3 };
  const filter = /^\[\?\(\s*@([^=!<>\s)]*)\s*(?:(==|!=)\s*("(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[-\w.]+)\s*)?\)\]/.exec(rest);
  if (filter !== null) return { step: filterStep(filter[1] ?? '', filter[2], filter[3]), length: filter[0].length };
  throw new Error(`JSONPath ${JSON.stringify(whole)}: not understood from ${JSON.stringify(rest)} on`);
}

function fieldStep(name: string): Step {
  if (name === '*') return everyStep;
  return (value) => (isRecord(value) && Object.hasOwn(value, name) ? [fieldOf(value, name)] : []);
}

function indexStep(index: number): Step {
  return (value) => {
    const found: unknown = Array.isArray(value) ? value.at(index) : undefined;
    return found === undefined ? [] : [found];
  };
}

const everyStep: Step = (value) => (Array.isArray(value) ? value : isRecord(value) ? Object.values(value) : []);

function filterStep(path: string, operator: string | undefined, literal: string | undefined): Step {
  const find = compileJsonPath(path);
  if (operator === undefined || literal === undefined) return (value) => everyStep(value).filter((item) => find(item).length > 0);
  const expected = literalValue(literal);
  return (value) =>
    everyStep(value).filter((item) => {
      const [found] = find(item);
      return found !== undefined && equalJson(found, expected) === (operator === '==');
    });
}

function literalValue(literal: string): unknown {
  if (literal.startsWith("'")) return literal.slice(1, -1).replace(/\\(.)/g, '$1');
  const value: unknown = /^(true|false|-?\d+(\.\d+)?|".*")$/.test(literal) ? JSON.parse(literal) : literal;
  return value;
}
