import { notAcceptable } from '../../machinery/api-error.ts';

/** How an answer is to be written. */
export interface Representation {
  readonly encoding: 'json' | 'yaml';
  /** What the object is turned into first. */
  readonly as: 'itself' | 'Table' | 'PartialObjectMetadata' | 'PartialObjectMetadataList';
}

export const JSON_AS_IS: Representation = { encoding: 'json', as: 'itself' };

interface Clause {
  readonly type: string;
  readonly quality: number;
  readonly parameters: ReadonlyMap<string, string>;
}

/** What a refusal names, as in Kubernetes; protobuf is taken but not given, which no client insists on. */
const NAMED = ['application/json', 'application/yaml', 'application/vnd.kubernetes.protobuf'];
const TRANSFORMATIONS = ['Table', 'PartialObjectMetadata', 'PartialObjectMetadataList'] as const;

/** Headers repeat: a client sends the same one each time. Bounded, since the text comes from outside. */
const known = new Map<string, Representation>();
const KNOWN_MAXIMUM = 200;

/**
 * The best of what the client accepts (RFC 9110, 12.5.1; `as`, `g` and `v` as in Kubernetes' API concepts, "Alternate
 * representations"). Without a header: JSON. Throws 406 when nothing fits.
 */
export function representation(accept: string | undefined): Representation {
  if (accept === undefined || accept === '') return JSON_AS_IS;
  const found = known.get(accept);
  if (found !== undefined) return found;
  const chosen = choose(accept);
  if (known.size >= KNOWN_MAXIMUM) known.clear();
  known.set(accept, chosen);
  return chosen;
}

/** For answers that have one form only, such as discovery: the first clause that `fits` says yes to, or undefined. */
export function preferred<Form>(accept: string | undefined, fits: (type: string, parameters: ReadonlyMap<string, string>) => Form | undefined): Form | undefined {
  for (const clause of clausesOf(accept ?? '')) {
    const form = fits(clause.type, clause.parameters);
    if (form !== undefined) return form;
  }
  return undefined;
}

function choose(accept: string): Representation {
  for (const { type, parameters } of clausesOf(accept)) {
    const encoding = encodingOf(type);
    const as = transformationOf(parameters);
    if (encoding !== undefined && as !== undefined) return { encoding, as };
  }
  throw notAcceptable(NAMED);
}

function encodingOf(type: string): Representation['encoding'] | undefined {
  if (type === 'application/json' || type === '*/*' || type === 'application/*') return 'json';
  return type === 'application/yaml' ? 'yaml' : undefined;
}

function transformationOf(parameters: ReadonlyMap<string, string>): Representation['as'] | undefined {
  const as = parameters.get('as');
  if (as === undefined) return 'itself';
  const isMeta = parameters.get('g') === 'meta.k8s.io' && ['v1', 'v1beta1'].includes(parameters.get('v') ?? '');
  return isMeta ? TRANSFORMATIONS.find((each) => each === as) : undefined;
}

/** Best first; equal ones in the client's order. */
function clausesOf(accept: string): Clause[] {
  return accept
    .split(',')
    .map(parseClause)
    .filter(({ quality }) => quality > 0)
    .sort((left, right) => right.quality - left.quality);
}

function parseClause(text: string): Clause {
  const [type = '', ...rest] = text.split(';').map((part) => part.trim());
  const parameters = new Map(rest.map(splitParameter));
  const quality = Number(parameters.get('q') ?? '1');
  return { type: type.toLowerCase(), quality: Number.isFinite(quality) ? quality : 0, parameters };
}

function splitParameter(text: string): [string, string] {
  const [name = '', value = ''] = text.split('=', 2);
  return [name.trim(), value.trim()];
}
