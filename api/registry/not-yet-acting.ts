import { copyJson, equalJson, fieldOf, isRecord } from '../machinery/json.ts';
import type { KubeObject } from '../machinery/object.ts';
import type { Kind } from './kind.ts';

/**
 * A warning for each path of the kind that is stored but does not act yet and that the object sets to something else than its
 * default: `spec.rollback is stored but does not act yet`.
 */
export function notYetActingWarnings(kind: Kind, object: KubeObject): string[] {
  return kind.type.notYetActing
    .filter((path) => isSet(kind, object, path))
    .map((path) => `${path} is stored but does not act yet`);
}

/** Set by somebody, that is: not what the defaults alone would put there. */
function isSet(kind: Kind, object: KubeObject, path: string): boolean {
  const steps = stepsOf(path);
  const found = valuesAt(object, steps);
  if (found.length === 0) return false;
  const bare = copyJson(object);
  removeAt(bare, steps);
  kind.schema.applyDefaults(bare);
  return !equalJson(found, valuesAt(bare, steps));
}

/** `spec.interfaces[].guest` → spec, interfaces, each, guest. */
function stepsOf(path: string): readonly string[] {
  const known = steps.get(path);
  if (known !== undefined) return known;
  const parsed = path.split('.').flatMap((part) => (part.endsWith('[]') ? [part.slice(0, -2), '[]'] : [part]));
  steps.set(path, parsed);
  return parsed;
}

/** The paths come from the CRDs: they are few, and asked for at every write. */
const steps = new Map<string, readonly string[]>();

function valuesAt(value: unknown, [step, ...rest]: readonly string[]): unknown[] {
  if (step === undefined) return value === undefined ? [] : [value];
  if (step !== '[]') return valuesAt(fieldOf(value, step), rest);
  return Array.isArray(value) ? value.flatMap((item) => valuesAt(item, rest)) : [];
}

function removeAt(value: unknown, [step, ...rest]: readonly string[]): void {
  if (step === undefined) return;
  if (step === '[]') {
    if (Array.isArray(value)) for (const item of value) removeAt(item, rest);
  } else if (rest.length > 0) {
    removeAt(fieldOf(value, step), rest);
  } else if (isRecord(value)) {
    delete value[step];
  }
}
