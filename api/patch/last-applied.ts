import { canonicalJson, fieldOf, isRecord, type JsonRecord } from '../machinery/json.ts';
import type { KubeObject, Manifest } from '../machinery/object.ts';
import { compareTyped } from './compare-typed.ts';
import { FieldSet } from './field-set.ts';
import { fieldsOf } from './fields-of.ts';
import type { Shape } from './typed-shape.ts';

/** The annotation in which client-side `kubectl apply` remembers what it applied. */
const ANNOTATION = 'kubectl.kubernetes.io/last-applied-configuration';
/** Only kubectl's own server-side apply goes on from its client-side one; other managers keep out of it by another name. */
const KUBECTL = 'kubectl';

/**
 * The fields that kubectl may take over without a conflict when it moves an object from client-side to server-side apply: those
 * that its annotation names and that still have the value it gave them.
 */
export function takenOverFromClientSide(manager: string, live: KubeObject | undefined, shape: Shape): FieldSet {
  const annotation = live?.metadata.annotations?.[ANNOTATION] ?? '';
  if (manager !== KUBECTL || annotation === '') return FieldSet.EMPTY;
  const applied = parsed(annotation);
  if (applied === undefined || applied['apiVersion'] !== live?.apiVersion) return FieldSet.EMPTY;
  const { added, modified, removed } = compareTyped(applied, live, shape);
  return fieldsOf(applied, shape).difference(modified).difference(added).difference(removed);
}

/** The merged object with the annotation brought up to date, where kubectl applies and the object has one. */
export function withLastApplied(manager: string, merged: JsonRecord, config: Manifest): JsonRecord {
  const metadata = fieldOf(merged, 'metadata');
  const annotations = fieldOf(metadata, 'annotations');
  const hasOne = typeof fieldOf(annotations, ANNOTATION) === 'string';
  if (manager !== KUBECTL || !hasOne || !isRecord(metadata) || !isRecord(annotations)) return merged;
  const text = `${canonicalJson(withoutAnnotation(config))}\n`;
  return { ...merged, metadata: { ...metadata, annotations: { ...annotations, [ANNOTATION]: text } } };
}

function withoutAnnotation(config: Manifest): JsonRecord {
  const { annotations = {}, ...metadata } = config.metadata;
  const others = Object.entries(annotations).filter(([name]) => name !== ANNOTATION);
  return { ...config, metadata: others.length === 0 ? metadata : { ...metadata, annotations: Object.fromEntries(others) } };
}

function parsed(text: string): JsonRecord | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isRecord(value) ? value : undefined;
  } catch (error) {
    // Anybody may write the annotation.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
