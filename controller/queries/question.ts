import { isRecord } from '../../api/machinery/json.ts';
import type { KubeObject } from '../../api/machinery/object.ts';
import { DESIRED_KINDS, type DesiredKind } from '../desired/resources.ts';
import { unpack } from './packed.ts';

/** What a HostQuery asks, read out of its spec. */
export type Question =
  | { readonly type: 'Plan'; readonly objects: readonly unknown[]; readonly deletions: readonly { readonly kind: DesiredKind; readonly name: string }[] }
  | { readonly type: 'Import'; readonly kinds: ReadonlySet<DesiredKind> | undefined; readonly names: ReadonlySet<string> | undefined }
  | { readonly type: 'Diagnose' };

/** A question that nobody can answer; the message names the field and the remedy. */
export class BadQuestion extends Error {
  override readonly name = 'BadQuestion';
}

const DEFAULT_TTL_SECONDS = 600;
const MAX_OBJECTS = 10_000;

/** Reads a HostQuery that the API has validated. Throws BadQuestion for what its schema can't tell. */
export function questionOf({ spec }: KubeObject): Question {
  const fields = isRecord(spec) ? spec : {};
  switch (fields['type']) {
    case 'Plan':
      return { type: 'Plan', objects: objectsOf(fields), deletions: listOf(fields['deletions']).flatMap(deletionOf) };
    case 'Import':
      return { type: 'Import', kinds: fields['kinds'] === undefined ? undefined : new Set(listOf(fields['kinds']).filter(isDesiredKind)), names: textsOf(fields['names']) };
    case 'Diagnose':
      return { type: 'Diagnose' };
    default:
      throw new BadQuestion('spec.type: must be Plan, Import or Diagnose');
  }
}

/** How long after its answer a HostQuery is deleted, in milliseconds. */
export function keptMs({ spec }: KubeObject): number {
  const seconds = isRecord(spec) ? spec['ttlSecondsAfterFinished'] : undefined;
  return (typeof seconds === 'number' ? seconds : DEFAULT_TTL_SECONDS) * 1000;
}

function objectsOf(fields: Readonly<Record<string, unknown>>): readonly unknown[] {
  const packed = fields['packedObjects'];
  const objects = typeof packed === 'string' ? unpackedList(packed) : listOf(fields['objects']);
  if (objects.length > MAX_OBJECTS) throw new BadQuestion(`spec.packedObjects: ${objects.length} manifests are more than ${MAX_OBJECTS}; ask for fewer at once`);
  return objects;
}

function unpackedList(text: string): readonly unknown[] {
  try {
    return listOf(unpack(text));
  } catch (error) {
    throw new BadQuestion(`spec.packedObjects: is no gzipped JSON list in base64 (${error instanceof Error ? error.message : String(error)})`, { cause: error });
  }
}

function deletionOf(value: unknown): { kind: DesiredKind; name: string }[] {
  if (!isRecord(value)) return [];
  const { kind, name } = value;
  return isDesiredKind(kind) && typeof name === 'string' ? [{ kind, name }] : [];
}

function isDesiredKind(value: unknown): value is DesiredKind {
  return DESIRED_KINDS.some((kind) => kind === value);
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function textsOf(value: unknown): ReadonlySet<string> | undefined {
  return value === undefined ? undefined : new Set(listOf(value).filter((item) => typeof item === 'string'));
}
