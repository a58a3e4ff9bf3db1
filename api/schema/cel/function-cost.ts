import { SchemaError } from '../parse-structural.ts';
import type { Estimate } from './estimate.ts';

const STRING_FACTOR = 0.1;
const REGEX_FACTOR = 0.25;

/** What one turn of a comprehension costs beside its body. */
export const PER_ITERATION: ReadonlyMap<string, number> = new Map([
  ['all', 4],
  ['exists', 5],
  ['exists_one', 5],
  ['map', 14],
  ['filter', 14],
]);

type Cost = 'fixed' | 'traversal' | 'double-traversal' | 'contains' | 'regex' | 'list' | 'argument-traversal' | 'product';

/** The functions of Kubernetes' CEL, their cost, and the first version that a new CRD may use them in (one after their own). */
const FUNCTIONS: ReadonlyMap<string, { readonly cost: Cost; readonly since: number }> = new Map(
  Object.entries({
    ...every('fixed', 25, ['size', 'int', 'uint', 'double', 'bool', 'type', 'dyn', 'duration', 'timestamp']),
    ...every('traversal', 25, ['string', 'bytes', 'url', 'isURL', 'lowerAscii', 'upperAscii', 'toLowerAscii', 'toUpperAscii', 'trim', 'substring', 'charAt']),
    ...every('double-traversal', 25, ['replace', 'split', 'join']),
    ...every('argument-traversal', 25, ['startsWith', 'endsWith']),
    ...every('contains', 25, ['contains']),
    ...every('regex', 25, ['matches', 'matchesRe2', 'find', 'findAll']),
    ...every('list', 25, ['isSorted', 'sum', 'min', 'max', 'indexOf', 'lastIndexOf']),
    ...every('fixed', 25, ['getScheme', 'getHost', 'getHostname', 'getPort', 'getEscapedPath', 'getQuery']),
    ...every('fixed', 25, ['getFullYear', 'getMonth', 'getDate', 'getDayOfMonth', 'getDayOfWeek', 'getDayOfYear']),
    ...every('fixed', 25, ['getHours', 'getMinutes', 'getSeconds', 'getMilliseconds']),
    ...every('traversal', 29, ['quantity', 'isQuantity']),
    ...every('fixed', 29, ['isInteger', 'asInteger', 'asApproximateFloat', 'sign', 'add', 'sub', 'isLessThan', 'isGreaterThan', 'compareTo']),
    ...every('fixed', 29, ['of', 'none', 'hasValue', 'value', 'or', 'orValue', 'optMap', 'optFlatMap']),
    ...every('product', 30, ['equivalent', 'intersects']),
    ...every('traversal', 30, ['format', 'quote']),
    ...every('traversal', 31, ['ip', 'isIP', 'cidr', 'isCIDR', 'isCanonical', 'containsIP', 'containsCIDR']),
    ...every('fixed', 31, ['family', 'isUnspecified', 'isLoopback', 'isLinkLocalMulticast', 'isLinkLocalUnicast', 'isGlobalUnicast', 'masked', 'prefixLength']),
    ...every('traversal', 32, ['validate', 'named']),
  }),
);

/** Kubernetes 1.<n>: the first that takes the function in a new CRD. Undefined for a function it has not. */
export function firstMinorVersion(name: string): number | undefined {
  return FUNCTIONS.get(name)?.since;
}

/** The estimate of a call. Throws `SchemaError` for a function that Kubernetes has not. */
export function functionCost(name: string, target: Estimate | undefined, args: readonly Estimate[]): Estimate {
  const known = FUNCTIONS.get(name);
  if (known === undefined) throw new SchemaError(`undeclared reference to '${name}'`);
  const subject = target ?? args[0] ?? NOTHING;
  const own = OWN_COSTS[known.cost](subject, args.at(-1) ?? NOTHING);
  return { cost: (target?.cost ?? 0) + args.reduce((total, each) => total + each.cost, 0) + own.cost, size: own.size };
}

const NOTHING: Estimate = { cost: 0, size: 1 };

/** What a call costs beside its operands, from what it is called on and its last argument. */
const OWN_COSTS: Readonly<Record<Cost, (subject: Estimate, argument: Estimate) => Estimate>> = {
  fixed: () => ({ cost: 1, size: 1 }),
  traversal: ({ size }) => ({ cost: traversal(size), size }),
  'double-traversal': ({ size }, argument) => ({ cost: 2 * traversal(size), size: size * Math.max(1, argument.size) }),
  'argument-traversal': (_, argument) => ({ cost: traversal(argument.size), size: 1 }),
  contains: ({ size }, argument) => ({ cost: traversal(size) * traversal(argument.size), size: 1 }),
  regex: ({ size }, argument) => ({ cost: traversal(size + 1) * Math.ceil(argument.size * REGEX_FACTOR), size }),
  list: ({ size, schema }) => ({ cost: size * (1 + traversal(schema?.items?.maxLength ?? 1)), size: 1 }),
  product: ({ size }, argument) => ({ cost: size * argument.size, size: 1 }),
};

function traversal(size: number): number {
  return Math.max(1, Math.ceil(size * STRING_FACTOR));
}

function every(cost: Cost, since: number, names: readonly string[]): Record<string, { cost: Cost; since: number }> {
  return Object.fromEntries(names.map((name) => [name, { cost, since }]));
}
