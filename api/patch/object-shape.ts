import { parseStructural } from '../schema/parse-structural.ts';
import type { StructuralSchema } from '../schema/structural.ts';
import type { JsonSchemaProps } from '../schema/custom-resource-definition.ts';
import { FieldSet } from './field-set.ts';
import { fieldElement } from './path-element.ts';

const TEXT: JsonSchemaProps = { type: 'string' };
const TEXT_MAP: JsonSchemaProps = { type: 'object', additionalProperties: TEXT };

/** How the fields of ObjectMeta are owned (the list types of its OpenAPI schema). */
const METADATA = parseStructural({
  type: 'object',
  properties: {
    name: TEXT,
    generateName: TEXT,
    namespace: TEXT,
    selfLink: TEXT,
    uid: TEXT,
    resourceVersion: TEXT,
    generation: { type: 'integer' },
    creationTimestamp: TEXT,
    deletionTimestamp: TEXT,
    deletionGracePeriodSeconds: { type: 'integer' },
    labels: TEXT_MAP,
    annotations: TEXT_MAP,
    finalizers: { type: 'array', items: TEXT, 'x-kubernetes-list-type': 'set' },
    ownerReferences: {
      type: 'array',
      'x-kubernetes-list-type': 'map',
      'x-kubernetes-list-map-keys': ['uid'],
      items: {
        type: 'object',
        'x-kubernetes-map-type': 'atomic',
        properties: {
          apiVersion: TEXT,
          kind: TEXT,
          name: TEXT,
          uid: TEXT,
          controller: { type: 'boolean' },
          blockOwnerDeletion: { type: 'boolean' },
        },
      },
    },
    managedFields: { type: 'array', items: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } },
  },
});

const SCALAR = parseStructural(TEXT);
const shapes = new WeakMap<StructuralSchema, StructuralSchema>();

/** The schema of a kind with the full schema of its metadata. */
export function objectShape(schema: StructuralSchema): StructuralSchema {
  const known = shapes.get(schema);
  if (known !== undefined) return known;
  const properties = new Map(schema.properties).set('apiVersion', SCALAR).set('kind', SCALAR).set('metadata', METADATA);
  const shape: StructuralSchema = { ...schema, type: 'object', properties };
  shapes.set(schema, shape);
  return shape;
}

/** Fields that nobody owns: they tell which object it is, or are the server's. */
export const UNOWNED = FieldSet.of([
  ['apiVersion'],
  ['kind'],
  ['metadata'],
  ...['name', 'namespace', 'creationTimestamp', 'selfLink', 'uid', 'clusterName', 'generation', 'managedFields', 'resourceVersion'].map(
    (field) => ['metadata', field],
  ),
].map((path) => path.map(fieldElement)));

/** Leaves out what a write to this part of the object can't change: status by a main write, all else by a status write. */
export function writableFields(fields: FieldSet, hasStatus: boolean, subresource: string): FieldSet {
  if (!hasStatus) return fields;
  const status = fieldElement('status');
  if (subresource !== 'status') return fields.without(status);
  return fields.without(fieldElement('metadata')).without(fieldElement('spec'));
}
