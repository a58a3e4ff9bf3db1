import { forbiddenField, invalidValue, notSupported, required, tooLong } from './field-error.ts';
import { equalJson } from './json.ts';
import { labelNameProblems, labelValueProblems, qualifiedNameProblems } from './names.ts';
import type { ManagedFieldsEntry, ObjectMeta, OwnerReference } from './object.ts';
import type { StatusCause } from './status.ts';

export interface MetadataRules {
  readonly namespaced: boolean;
  /** What is wrong with a name of this kind; for a prefix (`generateName`) a dangling dash is allowed. */
  readonly nameProblems: (name: string) => readonly string[];
}

const ANNOTATIONS_MAX_BYTES = 256 * 1024;
const ORPHAN = 'orphan';
const FOREGROUND = 'foregroundDeletion';

/** What is wrong with the metadata of an object, on create or update (apimachinery `ValidateObjectMetaAccessor`). */
export function metadataCauses(metadata: ObjectMeta, rules: MetadataRules): StatusCause[] {
  return [
    ...nameCauses(metadata, rules),
    ...namespaceCauses(metadata, rules.namespaced),
    ...labelCauses(metadata.labels ?? {}),
    ...annotationCauses(metadata.annotations ?? {}),
    ...ownerCauses(metadata.ownerReferences ?? []),
    ...finalizerCauses(metadata.finalizers ?? []),
    ...managedFieldsCauses(metadata.managedFields ?? []),
  ];
}

/** What an update may not do to the metadata (apimachinery `ValidateObjectMetaAccessorUpdate`). */
export function metadataUpdateCauses(metadata: ObjectMeta, old: ObjectMeta): StatusCause[] {
  return [
    ...newFinalizerCauses(metadata, old),
    ...immutableCauses(metadata, old),
    ...labelCauses(metadata.labels ?? {}),
    ...annotationCauses(metadata.annotations ?? {}),
    ...ownerCauses(metadata.ownerReferences ?? []),
    ...managedFieldsCauses(metadata.managedFields ?? []),
  ];
}

function nameCauses({ name, generateName }: ObjectMeta, { nameProblems }: MetadataRules): StatusCause[] {
  const prefix = generateName === undefined || generateName === '' ? [] : nameProblems(maskTrailingDash(generateName));
  const causes = prefix.map((problem) => invalidValue('metadata.generateName', generateName, problem));
  if (name === '') return [...causes, required('metadata.name', 'name or generateName is required')];
  return [...causes, ...nameProblems(name).map((problem) => invalidValue('metadata.name', name, problem))];
}

/** A prefix may end in a dash, since random letters follow. */
function maskTrailingDash(prefix: string): string {
  return prefix.length > 1 && prefix.endsWith('-') ? `${prefix.slice(0, -2)}a` : prefix;
}

function namespaceCauses({ namespace = '' }: ObjectMeta, namespaced: boolean): StatusCause[] {
  if (!namespaced) return namespace === '' ? [] : [forbiddenField('metadata.namespace', 'not allowed on this type')];
  if (namespace === '') return [required('metadata.namespace')];
  return labelNameProblems(namespace).map((problem) => invalidValue('metadata.namespace', namespace, problem));
}

function labelCauses(labels: Readonly<Record<string, string>>): StatusCause[] {
  return sortedEntries(labels).flatMap(([key, value]) => [
    ...qualifiedNameProblems(key).map((problem) => invalidValue('metadata.labels', key, problem)),
    ...labelValueProblems(value).map((problem) => invalidValue('metadata.labels', value, problem)),
  ]);
}

function annotationCauses(annotations: Readonly<Record<string, string>>): StatusCause[] {
  const entries = sortedEntries(annotations);
  const causes = entries.flatMap(([key]) =>
    qualifiedNameProblems(key.toLowerCase()).map((problem) => invalidValue('metadata.annotations', key, problem)),
  );
  const bytes = entries.reduce((sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value), 0);
  return bytes > ANNOTATIONS_MAX_BYTES ? [...causes, tooLong('metadata.annotations', ANNOTATIONS_MAX_BYTES)] : causes;
}

function ownerCauses(owners: readonly OwnerReference[]): StatusCause[] {
  const causes = owners.flatMap((owner, index) => oneOwnerCauses(owner, `metadata.ownerReferences[${index}]`));
  const [first, ...others] = owners.filter((owner) => owner.controller === true);
  const doubled = others.map((other) =>
    invalidValue(
      'metadata.ownerReferences',
      owners,
      `Only one reference can have Controller set to true. Found "true" in references for ${first?.kind}/${first?.name} and ${other.kind}/${other.name}`,
    ),
  );
  return [...causes, ...doubled];
}

function oneOwnerCauses(owner: OwnerReference, field: string): StatusCause[] {
  const causes: StatusCause[] = [];
  const parts = owner.apiVersion.split('/');
  if (owner.apiVersion === '') causes.push(required(`${field}.apiVersion`, 'must not be empty'));
  else if (parts.length > 2 || parts.at(-1) === '') {
    causes.push(invalidValue(`${field}.apiVersion`, owner.apiVersion, 'must be <group>/<version> or <version>'));
  }
  for (const part of ['kind', 'name', 'uid'] as const) {
    if (owner[part] === '') causes.push(required(`${field}.${part}`, 'must not be empty'));
  }
  if (owner.apiVersion === 'v1' && owner.kind === 'Event') {
    causes.push(invalidValue(field, owner, '/v1, Kind=Event is disallowed from being an owner'));
  }
  return causes;
}

function finalizerCauses(finalizers: readonly string[]): StatusCause[] {
  const causes = finalizers.flatMap((finalizer) =>
    qualifiedNameProblems(finalizer).map((problem) => invalidValue('metadata.finalizers', finalizer, problem)),
  );
  if (!finalizers.includes(ORPHAN) || !finalizers.includes(FOREGROUND)) return causes;
  return [...causes, invalidValue('metadata.finalizers', finalizers, `finalizer ${ORPHAN} and ${FOREGROUND} cannot be both set`)];
}

function newFinalizerCauses(metadata: ObjectMeta, old: ObjectMeta): StatusCause[] {
  if (old.deletionTimestamp === undefined) return [];
  const before = new Set(old.finalizers ?? []);
  const added = [...new Set(metadata.finalizers ?? [])].filter((finalizer) => !before.has(finalizer)).sort();
  if (added.length === 0) return [];
  const shown = `[]string{${added.map((finalizer) => JSON.stringify(finalizer)).join(', ')}}`;
  return [
    forbiddenField(
      'metadata.finalizers',
      `no new finalizers can be added if the object is being deleted, found new finalizers ${shown}`,
    ),
  ];
}

function immutableCauses(metadata: ObjectMeta, old: ObjectMeta): StatusCause[] {
  const fixed = ['name', 'namespace', 'uid', 'creationTimestamp', 'deletionTimestamp', 'deletionGracePeriodSeconds'] as const;
  return fixed
    .filter((field) => !equalJson(metadata[field], old[field]))
    .map((field) => invalidValue(`metadata.${field}`, metadata[field], 'field is immutable'));
}

function managedFieldsCauses(entries: readonly ManagedFieldsEntry[]): StatusCause[] {
  return entries.flatMap((entry, index) => {
    const field = `metadata.managedFields[${index}]`;
    const causes: StatusCause[] = [];
    const operation: string = entry.operation ?? '';
    if (operation === '') causes.push(required(`${field}.operation`, 'must not be empty'));
    else if (operation !== 'Apply' && operation !== 'Update') {
      causes.push(notSupported(`${field}.operation`, operation, ['Apply', 'Update']));
    }
    const fieldsType: string = entry.fieldsType ?? '';
    if (fieldsType !== '' && fieldsType !== 'FieldsV1') {
      causes.push(invalidValue(`${field}.fieldsType`, fieldsType, 'must be `FieldsV1`'));
    }
    return [...causes, ...fieldManagerCauses(entry.manager ?? '', `${field}.manager`)];
  });
}

/** What is wrong with a field manager's name: at most 128 bytes, printable. */
export function fieldManagerCauses(manager: string, field: string): StatusCause[] {
  const causes: StatusCause[] = Buffer.byteLength(manager) > 128 ? [tooLong(field, 128)] : [];
  if (/^[\x20-\x7e]*$/.test(manager)) return causes;
  let position = 0;
  for (const character of manager) {
    if (/[\p{C}\p{Zl}\p{Zp}]/u.test(character) || (/\p{Zs}/u.test(character) && character !== ' ')) {
      const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
      causes.push(invalidValue(field, manager, `invalid character U+${code} (at position ${position})`));
    }
    position += Buffer.byteLength(character);
  }
  return causes;
}


function sortedEntries(record: Readonly<Record<string, string>>): [string, string][] {
  return Object.entries(record).sort(([left], [right]) => (left < right ? -1 : 1));
}
