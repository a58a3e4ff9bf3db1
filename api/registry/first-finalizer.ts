import type { Clock } from '../machinery/clock.ts';
import { timestamp } from '../machinery/conditions.ts';
import type { KubeObject } from '../machinery/object.ts';

/** A finalizer that a controller wants on its objects from the very first, as an admission webhook would put it there. */
export interface FirstFinalizer {
  readonly finalizer: string;
  /** The field manager that owns it. */
  readonly manager: string;
  readonly appliesTo: (object: KubeObject) => boolean;
}

/** Puts it on an object that is about to be created: so no second write is needed before the object can be acted on. */
export function addFirstFinalizer(object: KubeObject, { finalizer, manager, appliesTo }: FirstFinalizer, clock: Clock): void {
  const { apiVersion, metadata } = object;
  const { finalizers = [], managedFields = [] } = metadata;
  if (finalizers.includes(finalizer) || !appliesTo(object)) return;
  const own = { [`v:"${finalizer}"`]: {}, ...(finalizers.length === 0 ? { '.': {} } : {}) };
  metadata.finalizers = [...finalizers, finalizer];
  metadata.managedFields = [
    ...managedFields,
    { apiVersion, fieldsType: 'FieldsV1', fieldsV1: { 'f:metadata': { 'f:finalizers': own } }, manager, operation: 'Update', time: timestamp(clock.now()) },
  ];
}
