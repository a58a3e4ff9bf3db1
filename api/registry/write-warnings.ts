import { equalJson } from '../machinery/json.ts';
import { qualifiedNameProblems } from '../machinery/names.ts';
import type { KubeObject } from '../machinery/object.ts';
import type { Kind } from './kind.ts';
import { notYetActingWarnings } from './not-yet-acting.ts';

/** What is legal but doubtful about an object, one text each. */
export type Doubts = (object: KubeObject) => readonly string[];

const STANDARD_FINALIZERS = new Set(['orphan', 'foregroundDeletion', 'kubernetes']);

/** Warnings of a write that was accepted; about the spec only when the spec is new or changed. */
export function writeWarnings(kind: Kind, object: KubeObject, old: KubeObject | undefined, doubts: Doubts): string[] {
  const specChanged = old === undefined || !equalJson(object.spec, old.spec);
  return [
    ...finalizerWarnings(object, old),
    ...(specChanged ? [...notYetActingWarnings(kind, object), ...doubts(object)] : []),
  ];
}

/** As apiextensions-apiserver warns of finalizers that others may take for theirs. */
function finalizerWarnings(object: KubeObject, old: KubeObject | undefined): string[] {
  const before = new Set(old?.metadata.finalizers ?? []);
  const added = [...new Set(object.metadata.finalizers ?? [])].filter((finalizer) => !before.has(finalizer)).sort();
  return added.flatMap((finalizer) => {
    const shown = `metadata.finalizers: ${JSON.stringify(finalizer)}:`;
    const warnings = qualifiedNameProblems(finalizer).map((problem) => `${shown} ${problem}`);
    if (finalizer.includes('/') || STANDARD_FINALIZERS.has(finalizer)) return warnings;
    const path = finalizer.includes('.') ? ' including a path (/)' : '';
    return [
      ...warnings,
      `${shown} prefer a domain-qualified finalizer name${path} to avoid accidental conflicts with other finalizer writers`,
    ];
  });
}
