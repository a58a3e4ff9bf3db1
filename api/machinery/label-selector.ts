import { goQuoted } from './go-quoted.ts';
import { labelValueProblems, qualifiedNameProblems } from './names.ts';
import { scanSelector, type Token } from './selector-scanner.ts';

export type LabelSelector = (labels: Readonly<Record<string, string>> | undefined) => boolean;

type Operator = 'exists' | '!' | '=' | '==' | '!=' | 'in' | 'notin' | 'gt' | 'lt';

interface Requirement {
  readonly key: string;
  readonly operator: Operator;
  readonly values: ReadonlySet<string>;
}

/** What is wrong with a selector, in the words of k8s.io/apimachinery `pkg/labels`. */
export class SelectorError extends Error {
  override readonly name = 'SelectorError';
}

/**
 * Parses a set-based label selector: `tier=mgmt,env in (a, b),!legacy,weight>3`. The empty selector matches everything.
 * Throws a `SelectorError`.
 */
export function parseLabelSelector(text: string): LabelSelector {
  const requirements = new Parser(scanSelector(text)).parse();
  return (labels) => requirements.every((requirement) => meets(requirement, labels));
}

function meets({ key, operator, values }: Requirement, labels: Readonly<Record<string, string>> | undefined): boolean {
  const value = labels !== undefined && Object.hasOwn(labels, key) ? labels[key] : undefined;
  switch (operator) {
    case 'exists':
      return value !== undefined;
    case '!':
      return value === undefined;
    case '=':
    case '==':
    case 'in':
      return value !== undefined && values.has(value);
    case '!=':
    case 'notin':
      return value === undefined || !values.has(value);
    case 'gt':
    case 'lt':
      return comparesTo(value, values, operator);
  }
}

function comparesTo(value: string | undefined, values: ReadonlySet<string>, operator: 'gt' | 'lt'): boolean {
  const [limit] = values;
  if (value === undefined || limit === undefined || !isInteger(value)) return false;
  return operator === 'gt' ? BigInt(value) > BigInt(limit) : BigInt(value) < BigInt(limit);
}

function isInteger(text: string): boolean {
  return /^[+-]?\d{1,19}$/.test(text);
}

const OPERATORS: ReadonlyMap<string, Operator> = new Map<string, Operator>([
  ['in', 'in'], ['=', '='], ['==', '=='], ['>', 'gt'], ['<', 'lt'], ['notin', 'notin'], ['!=', '!='],
]);

/** As Kubernetes names and orders them when it finds none of them. */
const OPERATOR_LIST = 'in, notin, =, ==, !=, gt, lt';

/** A recursive descent over the tokens; as in Kubernetes, `in` and `notin` are names where no operator can stand. */
class Parser {
  readonly #tokens: readonly Token[];
  #position = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  parse(): Requirement[] {
    const requirements: Requirement[] = [];
    for (;;) {
      const next = this.#peek();
      if (next.type === 'end') return requirements;
      if (!startsRequirement(next)) throw new SelectorError(`found '${next.text}', expected: !, identifier, or 'end of string'`);
      requirements.push(this.#requirement());
      const after = this.#take();
      if (after.type === 'end') return requirements;
      if (after.text !== ',') throw new SelectorError(`found '${after.text}', expected: ',' or 'end of string'`);
      const following = this.#peek();
      if (!startsRequirement(following)) throw new SelectorError(`found '${following.text}', expected: identifier after ','`);
    }
  }

  #requirement(): Requirement {
    try {
      return this.#keyAndRest();
    } catch (error) {
      if (error instanceof SelectorError) throw new SelectorError(`unable to parse requirement: ${error.message}`);
      throw error;
    }
  }

  #keyAndRest(): Requirement {
    const negated = this.#peek().text === '!';
    if (negated) this.#take();
    const token = this.#take();
    if (!isName(token)) throw new SelectorError(`found '${token.text}', expected: identifier`);
    const key = checkedKey(token.text);
    const next = this.#peek();
    if (negated) return { key, operator: '!', values: new Set() };
    if (next.type === 'end' || next.text === ',') return { key, operator: 'exists', values: new Set() };
    const operator = this.#operator();
    const values = operator === 'in' || operator === 'notin' ? this.#valueList() : this.#exactValue();
    checkValues(key, operator, values);
    return { key, operator, values: new Set(values) };
  }

  #operator(): Operator {
    const token = this.#take();
    const operator = OPERATORS.get(token.text);
    if (operator === undefined) throw new SelectorError(`found '${token.text}', expected: ${OPERATOR_LIST}`);
    return operator;
  }

  #exactValue(): string[] {
    const next = this.#peek();
    if (next.type === 'end' || next.text === ',') return [''];
    const token = this.#take();
    if (!isName(token)) throw new SelectorError(`found '${token.text}', expected: identifier`);
    return [token.text];
  }

  #valueList(): string[] {
    const open = this.#take();
    if (open.text !== '(') throw new SelectorError(`found '${open.text}' expected: '('`);
    const values: string[] = [];
    let expectsValue = true;
    for (let isFirst = true; ; isFirst = false) {
      const token = this.#take();
      if (token.text === ')') return expectsValue ? [...values, ''] : values;
      if (token.text === ',') {
        if (expectsValue) values.push('');
        expectsValue = true;
      } else if (isName(token) && expectsValue) {
        values.push(token.text);
        expectsValue = false;
      } else if (expectsValue) {
        throw new SelectorError(`found '${token.text}', expected: ',', ${isFirst ? "')' or identifier" : 'or identifier'}`);
      } else {
        throw new SelectorError(`found '${token.text}', expected: ',' or ')'`);
      }
    }
  }

  #peek(): Token {
    return this.#tokens[this.#position] ?? { type: 'end', text: '' };
  }

  #take(): Token {
    const token = this.#peek();
    this.#position += 1;
    return token;
  }
}

function isName(token: Token): boolean {
  return token.type === 'name';
}

function startsRequirement(token: Token): boolean {
  return isName(token) || token.text === '!';
}

function checkedKey(key: string): string {
  const problems = qualifiedNameProblems(key);
  if (problems.length > 0) throw new SelectorError(`<nil>: Invalid value: ${goQuoted(key)}: ${problems.join('; ')}`);
  return key;
}

function checkValues(key: string, operator: Operator, values: readonly string[]): void {
  const problems: string[] = [];
  for (const [index, value] of values.entries()) {
    if ((operator === 'gt' || operator === 'lt') && !isInteger(value)) {
      problems.push(`values[${index}]: Invalid value: ${goQuoted(value)}: for 'Gt', 'Lt' operators, the value must be an integer`);
    }
    const wrong = labelValueProblems(value);
    if (wrong.length > 0) problems.push(`values[${index}][${key}]: Invalid value: ${goQuoted(value)}: ${wrong.join('; ')}`);
  }
  const [only] = problems;
  if (only !== undefined) throw new SelectorError(problems.length === 1 ? only : `[${problems.join(', ')}]`);
}
