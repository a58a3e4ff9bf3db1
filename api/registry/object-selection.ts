import { badRequest } from '../machinery/api-error.ts';
import { parseFieldSelector, type FieldRequirement } from '../machinery/field-selector.ts';
import { parseLabelSelector, SelectorError } from '../machinery/label-selector.ts';
import type { KubeObject } from '../machinery/object.ts';
import type { ListOptions } from './contract.ts';
import type { Kind } from './kind.ts';

/** Which objects a list or watch is about. */
export interface Selection {
  /** The start of the names in the store: `default/`, or empty for all. */
  readonly prefix: string;
  /** Absent when every object under the prefix is meant, so that nothing need be parsed. */
  readonly matches?: (object: KubeObject) => boolean;
}

type SelectionOptions = Pick<ListOptions, 'namespace' | 'labelSelector' | 'fieldSelector'>;

/** Throws a 400 `ApiError` for a selector that can't be read, or that names a field that the kind does not select by. */
export function selectionOf(kind: Kind, options: SelectionOptions): Selection {
  const prefix = kind.type.namespaced && isGiven(options.namespace) ? `${options.namespace}/` : '';
  const tests: ((object: KubeObject) => boolean)[] = [];
  if (isGiven(options.labelSelector)) {
    const matches = refusing(() => parseLabelSelector(options.labelSelector ?? ''));
    tests.push((object) => matches(object.metadata.labels));
  }
  if (isGiven(options.fieldSelector)) {
    for (const requirement of refusing(() => parseFieldSelector(options.fieldSelector ?? ''))) tests.push(fieldTest(kind, requirement));
  }
  return tests.length === 0 ? { prefix } : { prefix, matches: (object) => tests.every((test) => test(object)) };
}

function fieldTest(kind: Kind, { path, equal, value }: FieldRequirement): (object: KubeObject) => boolean {
  const read = fieldReader(kind, path);
  return (object) => (read(object) === value) === equal;
}

function fieldReader(kind: Kind, field: string): (object: KubeObject) => string {
  if (field === 'metadata.name') return (object) => object.metadata.name;
  if (field === 'metadata.namespace' && kind.type.namespaced) return (object) => object.metadata.namespace ?? '';
  const read = kind.rules.selectableFields?.get(field);
  if (read === undefined) throw badRequest(unknownField(kind, field));
  return read;
}

/** Kubernetes' own kinds that select by nothing but names say so in other words. */
function unknownField({ type: { group }, rules }: Kind, field: string): string {
  const isPlainBuiltin = (group === '' || group.endsWith('.k8s.io')) && rules.selectableFields === undefined;
  return isPlainBuiltin ? `"${field}" is not a known field selector: only "metadata.name", "metadata.namespace"` : `field label not supported: ${field}`;
}

function refusing<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (error instanceof SelectorError) throw badRequest(error.message);
    throw error;
  }
}

function isGiven(text: string | undefined): boolean {
  return text !== undefined && text !== '';
}
