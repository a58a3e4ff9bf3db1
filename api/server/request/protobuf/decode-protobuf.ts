import protobuf from 'protobufjs';
import { badRequest, unsupportedMediaType } from '../../../machinery/api-error.ts';
import type { JsonRecord } from '../../../machinery/json.ts';
import { isRecord } from '../../../machinery/json.ts';
import { checkPlainJson } from '../plain-json.ts';
import { MESSAGE_OF_KIND, MESSAGES } from './messages.ts';

/** What every protobuf body of Kubernetes starts with (k8s.io/apimachinery `serializer/protobuf`). */
const MAGIC = Buffer.from('k8s\0');

/** Fields that Go sends as a pointer: there, they say something even when empty. All others say nothing with 0, false or "". */
const MEANINGFUL_WHEN_EMPTY = new Set([
  'deletionGracePeriodSeconds',
  'gracePeriodSeconds',
  'controller',
  'blockOwnerDeletion',
  'orphanDependents',
  'immutable',
  'holderIdentity',
  'leaseDurationSeconds',
  'leaseTransitions',
]);

const { root } = protobuf.parse(MESSAGES, { keepCase: true });

/** A body in Kubernetes' protobuf envelope as the JSON that it stands for. Throws 400 for a broken one, 415 for an unknown kind. */
export function decodeProtobuf(bytes: Buffer): JsonRecord {
  if (!bytes.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw badRequest('provided data does not appear to be a protobuf message, expected prefix [107 56 115 0]');
  }
  const envelope = decode('Unknown', bytes.subarray(MAGIC.length));
  const typeMeta = isRecord(envelope.typeMeta) ? envelope.typeMeta : {};
  const apiVersion = String(typeMeta.apiVersion ?? '');
  const kind = String(typeMeta.kind ?? '');
  const message = kind === 'DeleteOptions' ? kind : MESSAGE_OF_KIND.get(`${apiVersion}/${kind}`);
  if (message === undefined) throw unsupportedMediaType(['application/json', 'application/yaml']);
  const raw = Buffer.from(String(envelope.raw ?? ''), 'base64');
  const body = { apiVersion, kind, ...asJson(root.lookupType(`kubernetes.${message}`), decode(message, raw)) };
  checkPlainJson(body);
  return body;
}

/** Only what was sent is in the answer; bytes come as base64, as JSON has them. */
function decode(message: string, bytes: Uint8Array): JsonRecord {
  const type = root.lookupType(`kubernetes.${message}`);
  try {
    return type.toObject(type.decode(bytes), { longs: Number, bytes: String });
  } catch (error) {
    throw badRequest(`the protobuf body is broken: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function asJson(type: protobuf.Type, message: JsonRecord): JsonRecord {
  const result: JsonRecord = {};
  for (const [name, value] of Object.entries(message)) {
    const field = type.fields[name];
    const json = field === undefined ? undefined : fieldJson(field, value);
    if (json !== undefined && (!isEmpty(json) || MEANINGFUL_WHEN_EMPTY.has(name))) result[name] = json;
  }
  return result;
}

function fieldJson(field: protobuf.Field, value: unknown): unknown {
  const resolved = field.resolve();
  const type = resolved.resolvedType;
  if (resolved.map || !(type instanceof protobuf.Type)) return value;
  if (Array.isArray(value)) return value.map((item: unknown) => messageJson(type, item));
  return messageJson(type, value);
}

function messageJson(type: protobuf.Type, value: unknown): unknown {
  if (!isRecord(value)) return undefined;
  switch (type.name) {
    case 'Time':
      return timestamp(value, 0);
    case 'MicroTime':
      return timestamp(value, 6);
    case 'FieldsV1':
      return fieldsV1(value);
    default:
      return asJson(type, value);
  }
}

/** Go's zero time comes as an empty message. RFC 3339, with microseconds where `digits` is 6. */
function timestamp({ seconds, nanos }: JsonRecord, digits: 0 | 6): string | undefined {
  if (typeof seconds !== 'number' || seconds <= -62_135_596_800 || seconds > 253_402_300_799) return undefined;
  const text = new Date(seconds * 1000).toISOString().slice(0, 19);
  const micros = Math.trunc((typeof nanos === 'number' ? nanos : 0) / 1000);
  return digits === 0 ? `${text}Z` : `${text}.${String(micros).padStart(6, '0')}Z`;
}

function fieldsV1({ Raw }: JsonRecord): unknown {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(String(Raw ?? ''), 'base64').toString());
    return parsed;
  } catch (error) {
    if (error instanceof SyntaxError) throw badRequest('metadata.managedFields: fieldsV1 is no JSON');
    throw error;
  }
}

function isEmpty(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (isRecord(value)) return Object.keys(value).length === 0;
  return value === '' || value === 0 || value === false;
}
