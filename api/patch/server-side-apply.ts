import { badRequest } from '../machinery/api-error.ts';
import { equalJson, isRecord, stringOf, type JsonRecord } from '../machinery/json.ts';
import type { KubeObject, ManagedFieldsEntry, Manifest } from '../machinery/object.ts';
import type { StructuralSchema } from '../schema/structural.ts';
import { conflictError, type Conflict } from './apply-conflict.ts';
import { compareTyped } from './compare-typed.ts';
import { FieldSet } from './field-set.ts';
import { fieldsOf } from './fields-of.ts';
import { takenOverFromClientSide, withLastApplied } from './last-applied.ts';
import { decodeManagers, encodeManagers, identityOf, type Manager, type Managers } from './managers.ts';
import { mergeTyped } from './merge-typed.ts';
import { objectShape, UNOWNED, writableFields } from './object-shape.ts';
import { fieldName, type PathElement } from './path-element.ts';
import { removeFields } from './remove-fields.ts';
import { releaseFields, withoutManagers, writableComparison } from './track-update.ts';
import { typedProblems } from './typed-check.ts';
import { isDeclared, memberShape, type Shape } from './typed-shape.ts';

export interface Application {
  readonly schema: StructuralSchema;
  readonly hasStatus: boolean;
  readonly apiVersion: string;
  /** Absent when the object does not exist yet. */
  readonly live: KubeObject | undefined;
  /** What the manager wants, and nothing else. */
  readonly config: Manifest;
  readonly manager: string;
  readonly subresource: string;
  /** Take over fields that others own with another value, instead of a conflict. */
  readonly force: boolean;
  /** RFC 3339. */
  readonly now: string;
}

export interface Applied {
  /** The merged object, without managedFields. */
  readonly object: JsonRecord;
  readonly managedFields: ManagedFieldsEntry[] | undefined;
}

/**
 * Server-side apply (KEP-555, structured-merge-diff `merge.Updater.Apply`): what the configuration says is set, what the manager
 * said before and says no more is removed unless somebody else owns it, and the rest stays.
 * Throws an `ApiError`: 400 when the configuration does not fit the schema, 409 with a cause for each field that others own.
 */
export function applyConfiguration(application: Application): Applied {
  const { config, now } = application;
  const shape = objectShape(application.schema);
  checkConfig(application, shape);
  const live = withoutManagers(application.live ?? { apiVersion: config.apiVersion, kind: config.kind });
  const applier = applierOf(application, writable(fieldsOf(config, shape), application));
  const identity = identityOf(applier);
  const before = managersOf(application);
  const lastFields = before.get(identity)?.fields ?? FieldSet.EMPTY;
  const claimed = new Map(before).set(identity, { ...applier, time: before.get(identity)?.time });
  const kept = mergeTyped(live, config, shape);
  const dropsNothing = lastFields.difference(applier.fields).isEmpty;
  const merged = dropsNothing ? kept : prune(kept, lastFields, claimed, shape);
  const managers = takeOver(live, merged, claimed, identity, application, shape);
  const changed = !equalJson(live, merged);
  const settled = settle(managers, identity, changed ? now : undefined);
  const object = withLastApplied(application.manager, asRecord(merged), config);
  return { object, managedFields: encodeManagers(settled) };
}

function checkConfig({ config, live, apiVersion }: Application, shape: Shape): void {
  if (config.apiVersion !== apiVersion) {
    throw badRequest(`Incorrect version specified in apply patch. Specified patch version: ${config.apiVersion}, expected: ${apiVersion}`);
  }
  if (config.metadata.managedFields !== undefined) throw badRequest('metadata.managedFields must be nil');
  const problems = typedProblems(config, shape);
  if (problems.length === 0) return;
  // The configuration does not fit the schema: its name may be anything.
  const name = stringOf(config.metadata.name) ?? live?.metadata.name ?? '';
  const namespace = stringOf(config.metadata.namespace) ?? live?.metadata.namespace ?? '';
  const which = `${namespace}/${name}; ${gvk(config)}`;
  const [only] = problems;
  const shown = problems.length === 1 && only !== undefined ? only : `errors:\n${problems.map((problem) => `  ${problem}`).join('\n')}`;
  throw badRequest(`failed to create typed patch object (${which}): ${shown}`);
}

function gvk({ apiVersion, kind }: Manifest): string {
  return `${apiVersion.includes('/') ? apiVersion : `/${apiVersion}`}, Kind=${kind}`;
}

function applierOf({ manager, apiVersion, subresource, now }: Application, fields: FieldSet): Manager {
  return { name: manager, operation: 'Apply', apiVersion, subresource, time: now, fields };
}

/** An object that nobody managed so far: what is there belongs to nobody in particular, and is not taken over silently. */
function managersOf({ live, apiVersion, schema, now }: Application): Managers {
  const managers = decodeManagers(live?.metadata.managedFields ?? []) ?? new Map<string, Manager>();
  if (live === undefined || managers.size > 0) return managers;
  const fields = fieldsOf(withoutManagers(live), objectShape(schema)).difference(UNOWNED);
  if (fields.isEmpty) return managers;
  const before: Manager = { name: 'before-first-apply', operation: 'Update', apiVersion, subresource: '', time: now, fields };
  return new Map([[identityOf(before), before]]);
}

/** Removes what the applier had and neither it nor anybody else claims now. */
function prune(merged: unknown, lastFields: FieldSet, claimed: Managers, shape: Shape): unknown {
  const named = (fields: FieldSet): FieldSet => fields.withMembers((path) => isNamed(path, shape));
  const all = named(fieldsOf(merged, shape));
  const last = named(lastFields);
  const owned = named([...claimed.values()].reduce((sum, { fields }) => sum.union(fields), FieldSet.EMPTY));
  const withoutLast = removeFields(merged, last, shape);
  const withOwned = removeFields(merged, all.difference(named(fieldsOf(withoutLast, shape)).union(owned)), shape);
  // What nobody owns, or only updaters set, was never the applier's to remove.
  return removeFields(merged, all.difference(named(fieldsOf(withOwned, shape))).intersection(last), shape);
}

/** Whether the path ends in a member that the schema names; the keys of a map and items of a list are not named. */
function isNamed(path: readonly PathElement[], shape: Shape): boolean {
  let at = shape;
  for (const [index, element] of path.entries()) {
    const name = fieldName(element);
    if (index === path.length - 1) return name !== undefined && isDeclared(at, name);
    at = name === undefined ? at?.items : memberShape(at, name);
  }
  return false;
}

function takeOver(
  live: unknown,
  merged: unknown,
  claimed: Managers,
  applier: string,
  application: Application,
  shape: Shape,
): Managers {
  const compared = writableComparison(compareTyped(live, merged, shape), application);
  const changed = compared.added.union(compared.modified);
  const others = new Map([...claimed].filter(([identity]) => identity !== applier));
  const conflicts = application.force || changed.isEmpty ? [] : conflictsWith(others, changed);
  if (conflicts.length > 0) {
    const allowed = takenOverFromClientSide(application.manager, application.live, shape);
    const refused = conflicts.filter(({ path }) => !allowed.has(path));
    if (refused.length > 0) throw conflictError(refused);
  }
  const left = new Map(releaseFields(others, changed.union(compared.removed)));
  const own = claimed.get(applier);
  return own === undefined ? left : left.set(applier, own);
}

function conflictsWith(others: Managers, changed: FieldSet): Conflict[] {
  const sorted = [...others.values()].sort((left, right) => (identityOf(left) < identityOf(right) ? -1 : 1));
  return sorted.flatMap((manager) => [...manager.fields.intersection(changed).paths()].map((path) => ({ manager, path })));
}

/** The applier's entry without what nobody owns; its time moves only when the object changed. */
function settle(managers: Managers, identity: string, time: string | undefined): Managers {
  const settled = new Map(managers);
  const own = settled.get(identity);
  const fields = own?.fields.difference(UNOWNED) ?? FieldSet.EMPTY;
  if (own === undefined || fields.isEmpty) settled.delete(identity);
  else settled.set(identity, { ...own, fields, time: time ?? own.time });
  return settled;
}

function writable(fields: FieldSet, { hasStatus, subresource }: Application): FieldSet {
  return writableFields(fields, hasStatus, subresource);
}

function asRecord(value: unknown): JsonRecord {
  if (!isRecord(value)) throw new TypeError('an applied object is no object');
  return value;
}
