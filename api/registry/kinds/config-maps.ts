import { duplicate, forbiddenField, invalidValue, tooLong } from '../../machinery/field-error.ts';
import { equalJson, isRecord } from '../../machinery/json.ts';
import { configKeyProblems } from '../../machinery/names.ts';
import type { KubeObject } from '../../machinery/object.ts';
import type { StatusCause } from '../../machinery/status.ts';
import { TEXT, type BuiltinDefinition } from './definition.ts';

const MAX_BYTES = 1024 * 1024;

export const configMaps: BuiltinDefinition = {
  group: '',
  version: 'v1',
  kind: 'ConfigMap',
  plural: 'configmaps',
  shortNames: ['cm'],
  namespaced: true,
  columns: [{ name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' }],
  properties: {
    data: { type: 'object', additionalProperties: TEXT, nullable: true },
    binaryData: { type: 'object', additionalProperties: { type: 'string', format: 'byte' }, nullable: true },
    immutable: { type: 'boolean', nullable: true },
  },
  rules: { validate: validateConfigMap },
};

function validateConfigMap(object: KubeObject, old: KubeObject | undefined): StatusCause[] {
  const data = textEntries(object['data']);
  const binaryData = textEntries(object['binaryData']);
  const doubled = binaryData.filter(([key]) => data.some(([other]) => other === key));
  const bytes = [...data, ...binaryData].reduce((sum, [, value]) => sum + Buffer.byteLength(value), 0);
  return [
    ...data.flatMap(([key]) => configKeyProblems(key).map((problem) => invalidValue(`data[${key}]`, key, problem))),
    ...binaryData.flatMap(([key]) => configKeyProblems(key).map((problem) => invalidValue(`binaryData[${key}]`, key, problem))),
    ...doubled.map(([key]) => duplicate(`data[${key}]`, key)),
    ...(bytes > MAX_BYTES ? [tooLong('', MAX_BYTES)] : []),
    ...immutableCauses(object, old, ['data', 'binaryData']),
  ];
}

/** What may not change once `immutable` is true (ConfigMap and Secret alike). */
export function immutableCauses(object: KubeObject, old: KubeObject | undefined, fields: readonly string[]): StatusCause[] {
  if (old?.['immutable'] !== true) return [];
  const detail = 'field is immutable when `immutable` is set';
  return [
    ...(object['immutable'] === true ? [] : [forbiddenField('immutable', detail)]),
    ...fields.filter((field) => !equalJson(object[field], old[field])).map((field) => forbiddenField(field, detail)),
  ];
}

/** The members that are strings, in order; the schema refuses the others. */
export function textEntries(value: unknown): [string, string][] {
  if (!isRecord(value)) return [];
  return Object.entries(value)
    .filter((entry): entry is [string, string] => typeof entry[1] === 'string')
    .sort(([left], [right]) => (left < right ? -1 : 1));
}
