import { invalidValue, tooLong } from '../../machinery/field-error.ts';
import { isRecord } from '../../machinery/json.ts';
import { configKeyProblems } from '../../machinery/names.ts';
import type { KubeObject } from '../../machinery/object.ts';
import type { StatusCause } from '../../machinery/status.ts';
import { immutableCauses, textEntries } from './config-maps.ts';
import { TEXT, type BuiltinDefinition } from './definition.ts';
import { secretTypeCauses } from './secret-types.ts';

const MAX_BYTES = 1024 * 1024;

export const secrets: BuiltinDefinition = {
  group: '',
  version: 'v1',
  kind: 'Secret',
  plural: 'secrets',
  namespaced: true,
  columns: [
    { name: 'Type', type: 'string', jsonPath: '.type' },
    { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' },
  ],
  properties: {
    data: { type: 'object', additionalProperties: { type: 'string', format: 'byte' }, nullable: true },
    stringData: { type: 'object', additionalProperties: TEXT, nullable: true },
    type: { type: 'string', default: 'Opaque' },
    immutable: { type: 'boolean', nullable: true },
  },
  rules: {
    prepare,
    validate: validateSecret,
    selectableFields: new Map([['type', (object: KubeObject) => String(object['type'] ?? '')]]),
  },
};

/** `stringData` is for writing only: it goes into `data`. What is not as it should be stays, for the schema to refuse. */
function prepare(object: KubeObject): void {
  const { stringData } = object;
  const plain = textEntries(stringData);
  if (isRecord(stringData) && plain.length < Object.keys(stringData).length) return;
  if (isRecord(stringData) || stringData === null) delete object['stringData'];
  if (plain.length === 0) return;
  const data = isRecord(object['data']) ? object['data'] : {};
  const encoded = plain.map(([key, value]) => [key, Buffer.from(value, 'utf8').toString('base64')] as const);
  object['data'] = { ...data, ...Object.fromEntries(encoded) };
}

function validateSecret(object: KubeObject, old: KubeObject | undefined): StatusCause[] {
  const data = textEntries(object['data']);
  const bytes = data.reduce((sum, [, value]) => sum + Buffer.byteLength(value, 'base64'), 0);
  const typeChanged = old !== undefined && old['type'] !== object['type'];
  return [
    ...(typeChanged ? [invalidValue('type', object['type'], 'field is immutable')] : []),
    ...immutableCauses(object, old, ['data']),
    ...data.flatMap(([key]) => configKeyProblems(key).map((problem) => invalidValue(`data[${key}]`, key, problem))),
    ...(bytes > MAX_BYTES ? [tooLong('data', MAX_BYTES)] : []),
    ...secretTypeCauses(object),
  ];
}
