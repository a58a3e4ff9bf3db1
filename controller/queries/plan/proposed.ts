import { hash } from 'node:crypto';
import type { KubeObject, Manifest } from '../../../api/machinery/object.ts';
import { FINALIZER } from '../../desired/lifecycle.ts';
import type { DesiredKind } from '../../desired/resources.ts';

/** What is imagined: manifests as if they were applied, resources as if they were deleted. */
export interface Proposal {
  /** Defaulted and valid by their CRDs. */
  readonly manifests: readonly Manifest[];
  readonly deletions: readonly { readonly kind: DesiredKind; readonly name: string }[];
}

/** The objects as they would be: with the proposal carried out, and each with its finalizer, which is only a moment away. */
export function proposedObjects(stored: readonly KubeObject[], { manifests, deletions }: Proposal, now: string): KubeObject[] {
  const objects = new Map(stored.map((object) => [keyOf(object.kind, object.metadata.name), object]));
  for (const manifest of manifests) {
    const key = keyOf(manifest.kind, manifest.metadata.name ?? '');
    objects.set(key, applied(manifest, objects.get(key), now));
  }
  for (const { kind, name } of deletions) {
    const key = keyOf(kind, name);
    const object = objects.get(key);
    if (object) objects.set(key, { ...object, metadata: { ...object.metadata, deletionTimestamp: now } });
  }
  return [...objects.values()].map(withFinalizer);
}

function applied(manifest: Manifest, before: KubeObject | undefined, now: string): KubeObject {
  const name = manifest.metadata.name ?? '';
  const { labels, annotations } = manifest.metadata;
  return {
    apiVersion: manifest.apiVersion,
    kind: manifest.kind,
    metadata: {
      name,
      uid: before?.metadata.uid ?? manifest.metadata.uid ?? imaginedUid(manifest.kind, name),
      resourceVersion: before?.metadata.resourceVersion ?? '0',
      generation: (before?.metadata.generation ?? 0) + 1,
      creationTimestamp: before?.metadata.creationTimestamp ?? now,
      ...(before?.metadata.deletionTimestamp === undefined ? {} : { deletionTimestamp: before.metadata.deletionTimestamp }),
      ...(before?.metadata.finalizers === undefined ? {} : { finalizers: before.metadata.finalizers }),
      ...(labels === undefined ? {} : { labels }),
      ...(annotations === undefined ? {} : { annotations }),
    },
    spec: manifest.spec,
  };
}

function withFinalizer(object: KubeObject): KubeObject {
  const { finalizers = [], deletionTimestamp } = object.metadata;
  if (deletionTimestamp !== undefined || finalizers.includes(FINALIZER)) return object;
  return { ...object, metadata: { ...object.metadata, finalizers: [...finalizers, FINALIZER] } };
}

/** A UUID for an object that does not exist: always the same, so that two plans of one manifest are equal. */
function imaginedUid(kind: string, name: string): string {
  const digest = hash('sha256', `bridgekeeper imagined ${kind}/${name}`, 'hex');
  return `${digest.slice(0, 8)}-${digest.slice(8, 12)}-4${digest.slice(13, 16)}-8${digest.slice(17, 20)}-${digest.slice(20, 32)}`;
}

function keyOf(kind: string, name: string): string {
  return `${kind}/${name}`;
}
