import { equalJson } from '../machinery/json.ts';
import type { KubeObject, ManagedFieldsEntry, Manifest } from '../machinery/object.ts';
import type { StructuralSchema } from '../schema/structural.ts';
import { compareTyped, type Comparison } from './compare-typed.ts';
import { FieldSet } from './field-set.ts';
import { capUpdaters, decodeManagers, encodeManagers, identityOf, type Manager, type Managers } from './managers.ts';
import { objectShape, UNOWNED, writableFields } from './object-shape.ts';

export interface UpdateToTrack {
  readonly schema: StructuralSchema;
  readonly hasStatus: boolean;
  readonly apiVersion: string;
  /** Absent when `next` is created. */
  readonly old: KubeObject | undefined;
  /** The object that will be stored. Its managedFields, where a client sent any, stand in for those of `old`. */
  readonly next: KubeObject;
  readonly manager: string;
  readonly subresource: string;
  /** RFC 3339. */
  readonly now: string;
}

/**
 * The managedFields after a create, update or patch: the writer owns what it changed, nobody owns what it took away, and others
 * lose what it changed. An entry that lost nothing and won nothing keeps its time.
 */
export function trackUpdate(update: UpdateToTrack): ManagedFieldsEntry[] | undefined {
  const managers = managersBefore(update);
  if (update.old !== undefined && managers.size === 0) return undefined;
  const shape = objectShape(update.schema);
  const before = update.old ?? { apiVersion: update.next.apiVersion, kind: update.next.kind };
  const compared = writableComparison(compareTyped(withoutManagers(before), withoutManagers(update.next), shape), update);
  const written = compared.added.union(compared.modified);
  const others = releaseFields(managers, written.union(compared.removed));
  return encodeManagers(capUpdaters(withWriter(others, written.difference(UNOWNED), update)));
}

export function writableComparison(compared: Comparison, { hasStatus, subresource }: Pick<UpdateToTrack, 'hasStatus' | 'subresource'>): Comparison {
  return {
    added: writableFields(compared.added, hasStatus, subresource),
    modified: writableFields(compared.modified, hasStatus, subresource),
    removed: writableFields(compared.removed, hasStatus, subresource),
  };
}

/** A client that clears managedFields (`[]` or `[{}]`) starts them anew; one that can't know them sends none. */
function managersBefore({ old, next, subresource }: UpdateToTrack): Managers {
  const stored = old?.metadata.managedFields ?? [];
  const sent = next.metadata.managedFields;
  if (subresource !== '' || sent === undefined || equalJson(sent, stored)) return managersIn(stored);
  if (isReset(sent)) return new Map();
  const decoded = decodeManagers(sent);
  return decoded === undefined || decoded.size === 0 ? managersIn(stored) : decoded;
}

function managersIn(stored: readonly ManagedFieldsEntry[]): Managers {
  return decodeManagers(stored) ?? new Map<string, Manager>();
}

function isReset(entries: readonly ManagedFieldsEntry[]): boolean {
  const [first] = entries;
  return first === undefined || (entries.length === 1 && Object.keys(first).length === 0);
}

/** The managers without these fields; those who have none left are gone. */
export function releaseFields(managers: Managers, fields: FieldSet): Managers {
  const left = new Map<string, Manager>();
  for (const [identity, manager] of managers) {
    const kept = manager.fields.difference(fields);
    if (!kept.isEmpty) left.set(identity, kept === manager.fields ? manager : { ...manager, fields: kept });
  }
  return left;
}

function withWriter(managers: Managers, written: FieldSet, { manager, apiVersion, subresource, now }: UpdateToTrack): Managers {
  if (written.isEmpty) return managers;
  const writer: Manager = {
    name: manager === '' ? 'unknown' : manager,
    operation: 'Update',
    apiVersion,
    subresource,
    time: now,
    fields: written,
  };
  const identity = identityOf(writer);
  const before = managers.get(identity)?.fields ?? FieldSet.EMPTY;
  return new Map(managers).set(identity, { ...writer, fields: before.union(written) });
}

export function withoutManagers<T extends Manifest | Pick<KubeObject, 'apiVersion' | 'kind'>>(object: T): T {
  if (!('metadata' in object) || object.metadata.managedFields === undefined) return object;
  const { managedFields: _managedFields, ...metadata } = object.metadata;
  return { ...object, metadata };
}
