import type { ManagedFieldsEntry } from '../machinery/object.ts';
import { FieldSet } from './field-set.ts';

/** Who set which fields, and how. */
export interface Manager {
  readonly name: string;
  readonly operation: 'Apply' | 'Update';
  readonly apiVersion: string;
  readonly subresource: string;
  readonly time: string | undefined;
  readonly fields: FieldSet;
}

/** The managers of an object, each under its identity. */
export type Managers = ReadonlyMap<string, Manager>;

type Identified = Pick<Manager, 'name' | 'operation' | 'apiVersion' | 'subresource'>;

/** An applier is the same whatever version it applies in; an updater is not. */
export function identityOf({ name, operation, apiVersion, subresource }: Identified): string {
  return JSON.stringify([name, operation, operation === 'Apply' ? '' : apiVersion, subresource]);
}

/** Reads `metadata.managedFields`. Undefined when an entry can't be read: then none of them counts. */
export function decodeManagers(entries: readonly ManagedFieldsEntry[]): Managers | undefined {
  const managers = new Map<string, Manager>();
  for (const entry of entries) {
    const { manager: name = '', operation, apiVersion = '', subresource = '', time } = entry;
    const fields = FieldSet.parse(entry.fieldsV1 ?? {});
    const isKnown = operation === 'Apply' || operation === 'Update';
    if (!isKnown || apiVersion === '' || entry.fieldsType !== 'FieldsV1' || fields === undefined) return undefined;
    const manager: Manager = { name, operation, apiVersion, subresource, time, fields };
    managers.set(identityOf(manager), manager);
  }
  return managers;
}

/** Appliers first, then by time and name. Undefined when there is none. */
export function encodeManagers(managers: Managers): ManagedFieldsEntry[] | undefined {
  if (managers.size === 0) return undefined;
  return [...managers.values()].sort(byPlace).map(encodeManager);
}

function encodeManager({ name, operation, apiVersion, subresource, time, fields }: Manager): ManagedFieldsEntry {
  return {
    ...(name === '' ? {} : { manager: name }),
    operation,
    apiVersion,
    ...(time === undefined ? {} : { time }),
    fieldsType: 'FieldsV1',
    fieldsV1: fields.toFieldsV1(),
    ...(subresource === '' ? {} : { subresource }),
  };
}

function byPlace(left: Manager, right: Manager): number {
  return (
    compareText(left.operation, right.operation) ||
    compareText(left.time ?? '', right.time ?? '') ||
    compareText(left.name, right.name) ||
    compareText(left.apiVersion, right.apiVersion) ||
    compareText(left.subresource, right.subresource)
  );
}

function compareText(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0;
}

const MAX_UPDATERS = 10;
const BUCKET = 'ancient-changes';

/** More than ten updaters: the oldest of each version become one, so that an object touched by many does not grow without end. */
export function capUpdaters(managers: Managers): Managers {
  if (managers.size <= MAX_UPDATERS) return managers;
  const updaters = [...managers].filter(([, { operation }]) => operation === 'Update').sort(([, left], [, right]) => byPlace(left, right));
  const capped = new Map(managers);
  const firstOfVersion = new Map<string, string>();
  let count = updaters.length;
  for (const [identity, manager] of updaters) {
    if (count <= MAX_UPDATERS) break;
    const first = firstOfVersion.get(manager.apiVersion);
    if (first === undefined) {
      firstOfVersion.set(manager.apiVersion, identity);
      continue;
    }
    mergeIntoBucket(capped, first, identity, manager);
    count -= 1;
  }
  return capped;
}

function mergeIntoBucket(managers: Map<string, Manager>, first: string, identity: string, manager: Manager): void {
  const bucket: Identified = { name: BUCKET, operation: 'Update', apiVersion: manager.apiVersion, subresource: '' };
  const key = identityOf(bucket);
  const older = managers.get(key) ?? managers.get(first);
  if (!managers.has(key)) managers.delete(first);
  managers.delete(identity);
  managers.set(key, { ...bucket, time: manager.time, fields: manager.fields.union(older?.fields ?? FieldSet.EMPTY) });
}
