import type { JsonRecord } from '../../api/machinery/json.ts';
import { API_VERSION, type KubeObject, type Manifest } from '../../api/machinery/object.ts';
import { kindAndName, type OwnerKey } from '../systems/owner.ts';
import type { Refusal, StepInfo, SystemName } from '../systems/system.ts';
import { requestedBy } from './requested-by.ts';

export type ChangeReason = 'SpecChanged' | 'Deleted' | 'DriftCorrected' | 'Adopted' | 'Resync';

export interface DoneStep {
  readonly system: SystemName;
  readonly step: StepInfo;
  readonly refusal?: Refusal;
}

/** What was done for one resource. */
export interface Work {
  readonly owner: OwnerKey;
  /** The resource as it was known then; absent when it was gone. */
  readonly object: KubeObject | undefined;
  readonly drift: boolean;
  readonly steps: readonly DoneStep[];
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly endedAt: number;
}

/** What is remembered of a resource from one Change to the next. */
export interface LastChange {
  readonly revision: number;
  readonly uid?: string;
  readonly generation?: number;
  /** When the last of what the generation asked for was done, milliseconds since the epoch; drift does not count. */
  readonly carriedOutAt?: number;
  /** The spec that was carried out, as YAML. */
  readonly spec?: string;
}

export interface ChangeManifest extends Manifest {
  readonly spec: JsonRecord;
}

/** What follows so soon belongs to the change of the spec: a VM that waited for its bridge, addresses after their port. */
const CARRYING_OUT_MS = 60_000;
const MOST_STEPS = 10_000;
const MOST_FAILURES = 1_000;
const LONGEST_TEXT = 8_192;

export function reasonOf({ object, drift, steps, startedAt }: Work, last: LastChange | undefined): ChangeReason {
  if (object === undefined || object.metadata.deletionTimestamp !== undefined) return 'Deleted';
  if (drift) return 'DriftCorrected';
  const isKnown = last?.uid === object.metadata.uid && last.generation === object.metadata.generation;
  if (isKnown && startedAt - (last.carriedOutAt ?? 0) > CARRYING_OUT_MS) return 'Resync';
  return steps.every(({ step }) => step.verb === 'claim') ? 'Adopted' : 'SpecChanged';
}

/** The Change of `work`. `spec` is the resource's spec as YAML, where it has one that was carried out. */
export function change(work: Work, about: { readonly revision: number; readonly last: LastChange | undefined; readonly spec: string | undefined; readonly hostName: string }): ChangeManifest {
  const { owner, object, steps, startedAt } = work;
  const { revision, last, spec, hostName } = about;
  const [kind, name] = kindAndName(owner);
  const by = object && requestedBy(object);
  return {
    apiVersion: API_VERSION,
    kind: 'Change',
    metadata: { name: changeName(owner, revision) },
    spec: {
      hostName,
      reason: reasonOf(work, last),
      subject: { kind, name, ...(object ? { uid: object.metadata.uid, generation: object.metadata.generation } : {}) },
      revision,
      ...(by === undefined ? {} : { requestedBy: { manager: by } }),
      ...(last?.spec === undefined ? {} : { before: last.spec }),
      ...(spec === undefined ? {} : { after: spec }),
      steps: steps.slice(0, MOST_STEPS).map(stepOf),
      startedAt: timestamp(startedAt),
    },
  };
}

/** How it ended; a Change, too, has status behind its own subresource. */
export function changeStatus({ owner, steps, startedAt, endedAt }: Work): object {
  const failures = steps.flatMap(({ step, refusal }) =>
    refusal ? [{ object: step.object, reason: refusal.reason, message: refusal.message.slice(0, LONGEST_TEXT) }] : [],
  );
  const result = failures.length === 0 ? 'Applied' : failures.length < steps.length ? 'PartlyApplied' : 'Failed';
  return {
    result,
    completedAt: timestamp(endedAt),
    durationMilliseconds: endedAt - startedAt,
    ...(failures[0] ? { message: failures[0].message, failures: failures.slice(0, MOST_FAILURES) } : {}),
    summary: { subject: owner, steps: steps.length, took: tookText(endedAt - startedAt) },
  };
}

/** `vlanport-vnet100-12`: names of several kinds do not meet, and the revision is told by the name. */
export function changeName(owner: OwnerKey, revision: number): string {
  const [kind, name] = kindAndName(owner);
  const [prefix, suffix] = [`${kind.toLowerCase()}-`, `-${revision}`];
  return prefix + name.slice(0, 253 - prefix.length - suffix.length) + suffix;
}

function stepOf({ system, step }: DoneStep): unknown {
  const { verb, object, owner, differences } = step;
  return {
    system,
    verb,
    object,
    owner,
    differences: differences.slice(0, 1_000).map(({ path, expected, found }) => ({ path, expected: expected.slice(0, LONGEST_TEXT), found: found.slice(0, LONGEST_TEXT) })),
  };
}

function tookText(ms: number): string {
  return ms < 1_000 ? `${ms}ms` : `${(ms / 1_000).toFixed(1)}s`;
}

function timestamp(ms: number): string {
  return new Date(ms).toISOString();
}
