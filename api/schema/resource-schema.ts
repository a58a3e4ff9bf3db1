import type { KubeObject, Manifest } from '../machinery/object.ts';
import type { StatusCause } from '../machinery/status.ts';
import type { StructuralSchema } from './structural.ts';

/**
 * One entry of `Status.details.causes`, word for word as kube-apiserver gives it. `field` is `spec.vlan.tag`,
 * `spec.uplinks[0].name`, or `<nil>` where it concerns no single field.
 */
export type Cause = StatusCause;

/**
 * What the schema of one kind does to its objects, compiled once. Pure: nothing here knows of stores, requests or clocks.
 *
 * The order of a write is that of kube-apiserver: `prune`, `applyDefaults`, (prepare: metadata, status kept or reset), `validate`.
 * The three work on the plain JSON of an object; `prune` and `applyDefaults` change it in place, since the registry has just
 * parsed or copied it. `apiVersion`, `kind` and `metadata` are left alone: their rules are the registry's.
 */
export interface ResourceSchema {
  readonly kind: string;
  /** The root schema, for server-side apply (list types) and `kubectl explain`. */
  readonly structural: StructuralSchema;
  /**
   * Takes out what the schema does not name and returns the paths of what it took, sorted, as strict decoding prints them:
   * `spec.nope`, `spec.uplinks[0].nada`. Objects and lists under `x-kubernetes-preserve-unknown-fields` are kept.
   */
  prune(object: Manifest | KubeObject): string[];
  /** Takes out nulls that are not `nullable` where a default stands, then puts in every default that applies. */
  applyDefaults(object: Manifest | KubeObject): void;
  /** The same for an object that has its other defaults and no status. */
  applyStatusDefault(object: Manifest | KubeObject): void;
  /**
   * Everything that is wrong with the object, empty when nothing is. `old` is the stored object on an update: it makes transition
   * rules (`oldSelf`) run, and lets values that were already invalid and did not change pass (ratcheting).
   */
  validate(object: Manifest | KubeObject, old?: Manifest | KubeObject): Cause[];
  /** The same for a write to `/status`: only `status` is looked at, and rules outside it do not run. */
  validateStatus(object: Manifest | KubeObject, old?: Manifest | KubeObject): Cause[];
}
