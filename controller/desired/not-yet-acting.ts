import { customResourceDefinitions } from '../../api/generated/crds.ts';
import type { KubeObject } from '../../api/machinery/object.ts';

/** The annotation of a CRD that lists, a line each, the fields that are stored and do nothing yet. */
const ANNOTATION = 'bridgekeeper.dev/not-yet-acting';

const pathsByKind: ReadonlyMap<string, readonly string[]> = new Map(
  customResourceDefinitions.map(({ spec, metadata }) => [spec.names.kind, (metadata.annotations?.[ANNOTATION] ?? '').split('\n').filter(Boolean)]),
);

/** The fields of `object` that are set and do nothing yet, for the message of `Accepted`. */
export function notYetActingPaths(object: KubeObject): string[] {
  return setPaths(object, pathsByKind.get(object.kind) ?? []);
}

/**
 * Which of `paths` (`spec.rollback`, `spec.interfaces[].guest`) are set in `object`: fields that are stored and do nothing yet.
 * An empty list or object counts as not set.
 */
export function setPaths(object: unknown, paths: readonly string[]): string[] {
  return paths.filter((path) => isSet(object, path.split('.')));
}

function isSet(value: unknown, [step, ...rest]: readonly string[]): boolean {
  if (step === undefined) return !isEmpty(value);
  if (typeof value !== 'object' || value === null) return false;
  const isList = step.endsWith('[]');
  const field: unknown = Reflect.get(value, isList ? step.slice(0, -2) : step);
  if (!isList) return isSet(field, rest);
  return Array.isArray(field) && field.some((item) => isSet(item, rest));
}

function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
