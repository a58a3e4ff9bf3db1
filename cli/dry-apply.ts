import type { ApiClient } from './api/api-client.ts';
import { explainRefusal } from './api/explain-refusal.ts';
import { isObject, textAt, type JsonObject } from './api/json.ts';
import type { Kinds } from './api/kinds.ts';
import { StatusError } from './api/status-error.ts';
import { subjectOf, type ManifestDocument, type ReadManifest } from './manifests/document.ts';
import type { Session } from './session.ts';

/** What the server makes of a manifest: the object with its defaults, as if it had been applied. */
export interface Rehearsed {
  readonly document: ManifestDocument;
  /** As it is stored now; undefined where there is none. */
  readonly before: JsonObject | undefined;
  readonly after: JsonObject;
}

const AT_ONCE = 16;

/** Applies manifests without changing anything (dryRun=All). What the server refuses is reported as an error and left out. */
export async function rehearse(session: Session, manifests: readonly ReadManifest[]): Promise<{ readonly rehearsed: Rehearsed[]; readonly hasFailed: boolean }> {
  const [api, kinds] = await Promise.all([session.api(), session.kinds()]);
  const rehearsed: Rehearsed[] = [];
  let hasFailed = false;
  for (let at = 0; at < manifests.length; at += AT_ONCE) {
    const batch = await Promise.all(manifests.slice(at, at + AT_ONCE).map((manifest) => rehearseOne(session, api, kinds, manifest)));
    for (const outcome of batch) {
      if ('errors' in outcome) {
        hasFailed = true;
        for (const line of outcome.errors) session.error(line);
      } else rehearsed.push(outcome);
    }
  }
  return { rehearsed, hasFailed };
}

async function rehearseOne(session: Session, api: ApiClient, kinds: Kinds, manifest: ReadManifest): Promise<Rehearsed | { readonly errors: readonly string[] }> {
  if ('problem' in manifest) return { errors: [manifest.problem] };
  const { document } = manifest;
  try {
    const type = await kinds.ofManifest(document.apiVersion, document.kind);
    const namespace = type.namespaced ? (document.namespace ?? (await session.namespaceFor(type))) : undefined;
    const before = await found(api.get(type, namespace, document.name));
    const options = { fieldManager: 'bridgectl', force: session.flags.on('force-conflicts'), dryRun: true, fieldValidation: 'Strict' } as const;
    const { object, warnings } = await api.apply(type, namespace, document.name, toSend(document.object), options);
    for (const text of warnings) session.warn(`${subjectOf(document)}: ${text}`);
    return { document, before, after: object };
  } catch (error) {
    if (error instanceof StatusError) return { errors: explainRefusal(error, (field) => subjectOf(document, field)) };
    throw error;
  }
}

async function found(object: Promise<JsonObject>): Promise<JsonObject | undefined> {
  try {
    return await object;
  } catch (error) {
    if (error instanceof StatusError && error.code === 404) return undefined;
    throw error;
  }
}

/** The manifest without what only the server may write and refuses in an apply. */
export function toSend(object: JsonObject): JsonObject {
  const metadata = object['metadata'];
  if (!isObject(metadata)) return object;
  const { managedFields: _, ...rest } = metadata;
  return { ...object, metadata: rest };
}

/** An object as a manifest: what people write of it, and no more. */
export function asManifest(object: JsonObject): JsonObject {
  const metadata = isObject(object['metadata']) ? object['metadata'] : {};
  const { labels, annotations } = metadata;
  return {
    apiVersion: textAt(object, 'apiVersion') ?? '',
    kind: textAt(object, 'kind') ?? '',
    metadata: { name: textAt(metadata, 'name') ?? '', ...(labels !== undefined && { labels }), ...(annotations !== undefined && { annotations }) },
    spec: object['spec'],
  };
}
