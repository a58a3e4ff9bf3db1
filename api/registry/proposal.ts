import { badRequest } from '../machinery/api-error.ts';
import type { Clock } from '../machinery/clock.ts';
import { timestamp } from '../machinery/conditions.ts';
import { canonicalJson, copyJson, fieldOf, isRecord, stringOf } from '../machinery/json.ts';
import type { KubeObject, ManagedFieldsEntry, Manifest } from '../machinery/object.ts';
import { applyJsonPatch } from '../patch/json-patch.ts';
import { applyMergePatch } from '../patch/merge-patch.ts';
import { applyConfiguration } from '../patch/server-side-apply.ts';
import { trackUpdate } from '../patch/track-update.ts';
import type { PatchBody, WriteOptions } from './contract.ts';
import { invalidPatch, judgeApplied, judgeManifest, judgePatched, patchProblems, strictProblems } from './field-check.ts';
import { apiVersionOf, type Kind } from './kind.ts';
import { parseManifest } from './manifest-parser.ts';

/** What a write wants an object to be: pruned, with defaults, and with what was said about it so far. */
export interface Proposal {
  readonly manifest: Manifest;
  readonly warnings: readonly string[];
  /** The managedFields of the object that will be stored. */
  readonly ownership: (next: KubeObject, old: KubeObject | undefined) => ManagedFieldsEntry[] | undefined;
}

export interface ProposalContext {
  readonly kind: Kind;
  readonly clock: Clock;
  readonly options: WriteOptions;
  readonly subresource: string;
}

/** From the body of a create or update. Throws an `ApiError` 400. */
export function proposeManifest(context: ProposalContext, body: unknown): Proposal {
  const { kind, options } = context;
  const { manifest, unknownFields } = parseManifest(body, kind.type, options.rawBody);
  const problems = strictProblems([...unknownFields, ...kind.schema.prune(manifest)], options);
  const warnings = judgeManifest(kind, manifest, problems, options);
  kind.schema.applyDefaults(manifest);
  return { manifest, warnings, ownership: trackedBy(context) };
}

/** From a JSON patch or merge patch of the stored object. Throws an `ApiError` 400, 413 or 422. */
export function proposePatched(context: ProposalContext, old: KubeObject, patch: PatchBody): Proposal {
  const { kind, options } = context;
  // The refusal shows the object as it is stored, with what the patch added behind.
  const shown = (): unknown => patchedBody(JSON.parse(canonicalJson(old)), patch);
  const refused = (problem: string): Error => invalidPatch(shown, problem);
  const wording = { unrecognized: refused, mistyped: (_kind: string, problem: string) => refused(problem) };
  const { manifest, unknownFields } = parseManifest(patchedBody(old, patch), kind.type, undefined, wording);
  const problems = patchProblems([...unknownFields, ...kind.schema.prune(manifest)], patch, options);
  const warnings = judgePatched(shown, problems, options);
  kind.schema.applyDefaults(manifest);
  return { manifest, warnings, ownership: trackedBy(context) };
}

/** From a configuration that is applied to the stored object, or to none. Throws an `ApiError` 400 or 409. */
export function proposeApplied(context: ProposalContext, live: KubeObject | undefined, body: unknown): Proposal {
  const { kind, clock, options, subresource } = context;
  const applied = applyConfiguration({
    schema: kind.schema.structural,
    hasStatus: kind.type.hasStatus,
    apiVersion: apiVersionOf(kind.type),
    live,
    config: configOf(kind, body),
    manager: options.fieldManager,
    subresource,
    force: options.force === true,
    now: timestamp(clock.now()),
  });
  const { manifest } = parseManifest(applied.object, kind.type);
  kind.schema.prune(manifest);
  kind.schema.applyDefaults(manifest);
  return { manifest, warnings: judgeApplied(options), ownership: () => applied.managedFields };
}

function patchedBody(old: unknown, patch: PatchBody): unknown {
  if (patch.type === 'json') return applyJsonPatch(old, patch.body);
  if (!isRecord(patch.body)) throw badRequest('Invalid JSON Patch');
  return applyMergePatch(old, copyJson(patch.body));
}

function trackedBy({ kind, clock, options, subresource }: ProposalContext): Proposal['ownership'] {
  return (next, old) =>
    trackUpdate({
      schema: kind.schema.structural,
      hasStatus: kind.type.hasStatus,
      apiVersion: apiVersionOf(kind.type),
      old,
      next,
      manager: options.fieldManager,
      subresource,
      now: timestamp(clock.now()),
    });
}

function configOf(kind: Kind, body: unknown): Manifest {
  if (!isRecord(body)) throw badRequest('error decoding patch: json: cannot unmarshal into Go value of type map[string]interface {}');
  const config = copyJson(body);
  const apiVersion = stringOf(fieldOf(config, 'apiVersion')) ?? '';
  const kindName = stringOf(fieldOf(config, 'kind')) ?? '';
  if (kindName !== kind.type.kind || apiVersion !== apiVersionOf(kind.type)) {
    throw badRequest(`invalid object type: ${apiVersion.includes('/') ? apiVersion : `/${apiVersion}`}, Kind=${kindName}`);
  }
  const metadata = fieldOf(config, 'metadata');
  return { ...config, apiVersion: apiVersionOf(kind.type), kind: kind.type.kind, metadata: isRecord(metadata) ? metadata : {} };
}
