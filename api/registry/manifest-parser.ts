import { badRequest } from '../machinery/api-error.ts';
import { copyJson, fieldOf, isRecord, stringOf, type JsonRecord } from '../machinery/json.ts';
import type { Manifest, ObjectMeta } from '../machinery/object.ts';
import type { ResourceType } from './contract.ts';
import { apiVersionOf } from './kind.ts';

export interface ParsedManifest {
  readonly manifest: Manifest;
  /** Paths of metadata that Kubernetes does not know: taken out. */
  readonly unknownFields: readonly string[];
}

/** How it is said that an object can't be read. `problem` is what Go's decoder says; `kind` what the object calls itself. */
export interface ManifestWording {
  unrecognized(problem: string): Error;
  mistyped(kind: string, problem: string): Error;
}

/**
 * Takes a body for an object of `type`: a copy of its own, its metadata of the right types. Throws a 400 `ApiError` in the words
 * of kube-apiserver when it is none.
 */
export function parseManifest(body: unknown, type: ResourceType, rawBody?: string, wording = wordingOfBody(type, body, rawBody)): ParsedManifest {
  if (!isRecord(body)) throw wording.unrecognized(`json: cannot unmarshal ${typeName(body)} into Go value of type map[string]interface {}`);
  const copy = copyJson(body);
  const kind = fieldOf(copy, 'kind');
  const apiVersion = stringOf(fieldOf(copy, 'apiVersion')) ?? '';
  if (typeof kind !== 'string' || kind === '') {
    throw wording.unrecognized(`Object 'Kind' is missing in '${rawBody ?? JSON.stringify(body)}'`);
  }
  if (apiVersion !== apiVersionOf(type)) {
    throw badRequest(
      `the API version in the data (${apiVersion}) does not match the expected API version (${apiVersionOf(type)})`,
    );
  }
  const problem = new MetadataReader(kind, wording);
  const metadata = problem.read(fieldOf(copy, 'metadata'));
  return { manifest: { ...copy, apiVersion: apiVersionOf(type), kind, metadata }, unknownFields: problem.unknownFields };
}

type FieldReader = (value: unknown, path: string, reader: MetadataReader) => unknown;

/** Reads `metadata` as the Go type ObjectMeta would be: unknown fields are dropped, wrong types refused. */
class MetadataReader {
  readonly unknownFields: string[] = [];
  readonly #kind: string;
  readonly #wording: ManifestWording;

  constructor(kind: string, wording: ManifestWording) {
    this.#kind = kind;
    this.#wording = wording;
  }

  read(value: unknown): Partial<ObjectMeta> {
    if (value === undefined || value === null) return {};
    // The readers below give every field the type that ObjectMeta says.
    return this.record(value, 'metadata', METADATA);
  }

  record(value: unknown, path: string, fields: Readonly<Record<string, FieldReader>>): JsonRecord {
    if (!isRecord(value)) throw this.wrongType(value, path, 'v1.ObjectMeta');
    const read: JsonRecord = {};
    for (const [name, member] of Object.entries(value)) {
      const reader = Object.hasOwn(fields, name) ? fields[name] : undefined;
      if (reader === undefined) this.unknownFields.push(`${path}.${name}`);
      else if (member !== null) read[name] = reader(member, `${path}.${name}`, this);
    }
    return read;
  }

  wrongType(value: unknown, path: string, expected: string): Error {
    return this.#wording.mistyped(this.#kind, `json: cannot unmarshal ${typeName(value)} into Go struct field ObjectMeta.${path} of type ${expected}`);
  }
}

const text: FieldReader = (value, path, reader) => {
  if (typeof value !== 'string') throw reader.wrongType(value, path, 'string');
  return value;
};

const wholeNumber: FieldReader = (value, path, reader) => {
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw reader.wrongType(value, path, 'int64');
  return value;
};

const flag: FieldReader = (value, path, reader) => {
  if (typeof value !== 'boolean') throw reader.wrongType(value, path, 'bool');
  return value;
};

const anyRecord: FieldReader = (value, path, reader) => {
  if (!isRecord(value)) throw reader.wrongType(value, path, 'v1.FieldsV1');
  return value;
};

const time: FieldReader = (value, path, reader) => {
  if (typeof value !== 'string') throw reader.wrongType(value, path, 'v1.Time');
  const known = knownTimes.get(value);
  if (known !== undefined) return known;
  const parsed = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/.test(value) ? Date.parse(value) : NaN;
  if (Number.isNaN(parsed)) throw reader.wrongType(value, path, 'v1.Time');
  const written = `${new Date(parsed).toISOString().slice(0, 19)}Z`;
  if (value === written) remember(written);
  return written;
};

/** A patched object brings the same times again. Bounded, since they come from outside. */
const knownTimes = new Map<string, string>();
const KNOWN_TIMES_MAXIMUM = 1000;

function remember(written: string): void {
  if (knownTimes.size >= KNOWN_TIMES_MAXIMUM) knownTimes.clear();
  knownTimes.set(written, written);
}

function listOf(item: FieldReader): FieldReader {
  return (value, path, reader) => {
    if (!Array.isArray(value)) throw reader.wrongType(value, path, '[]string');
    return value.map((each: unknown, index) => item(each, `${path}[${index}]`, reader));
  };
}

const textMap: FieldReader = (value, path, reader) => {
  if (!isRecord(value)) throw reader.wrongType(value, path, 'map[string]string');
  const read: JsonRecord = {};
  // Go reads a null in a map of strings as the empty string.
  for (const [key, member] of Object.entries(value)) read[key] = member === null ? '' : text(member, path, reader);
  return read;
};

const owner: FieldReader = (value, path, reader) => ({
  apiVersion: '', kind: '', name: '', uid: '',
  ...reader.record(value, path, {
    apiVersion: text, kind: text, name: text, uid: text, controller: flag, blockOwnerDeletion: flag,
  }),
});

const managedFieldsEntry: FieldReader = (value, path, reader) =>
  reader.record(value, path, {
    manager: text, operation: text, apiVersion: text, time, fieldsType: text, fieldsV1: anyRecord, subresource: text,
  });

const METADATA: Readonly<Record<string, FieldReader>> = {
  name: text,
  generateName: text,
  namespace: text,
  selfLink: text,
  uid: text,
  resourceVersion: text,
  generation: wholeNumber,
  creationTimestamp: time,
  deletionTimestamp: time,
  deletionGracePeriodSeconds: wholeNumber,
  labels: textMap,
  annotations: textMap,
  finalizers: listOf(text),
  ownerReferences: listOf(owner),
  managedFields: listOf(managedFieldsEntry),
};

function wordingOfBody({ version, kind: expected }: ResourceType, body: unknown, rawBody: string | undefined): ManifestWording {
  return {
    unrecognized: (problem) =>
      badRequest(`the object provided is unrecognized (must be of type ${expected}): ${problem} (${summary(rawBody ?? JSON.stringify(body) ?? '')})`),
    mistyped: (kind, problem) => badRequest(`${kind} in version "${version}" cannot be handled as a ${expected}: ${problem}`),
  };
}

/** The start of the body: as text when it may be JSON, else in hexadecimal. */
function summary(body: string): string {
  if (body === '') return '<empty>';
  const bytes = Buffer.from(body, 'utf8');
  const start = bytes.subarray(0, 30);
  const shown = body.startsWith('{') ? start.toString('utf8') : start.toString('hex');
  return bytes.length > 30 ? `${shown} ...` : shown;
}

function typeName(value: unknown): string {
  if (Array.isArray(value)) return 'array';
  if (value === null) return 'null';
  switch (typeof value) {
    case 'boolean':
      return 'bool';
    case 'number':
    case 'string':
      return typeof value;
    default:
      return 'object';
  }
}
