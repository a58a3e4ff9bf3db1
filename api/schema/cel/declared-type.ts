import { Duration } from '@marcbachmann/cel-js/evaluator';
import type { Environment } from '@marcbachmann/cel-js';
import { isRecord } from '../../machinery/json.ts';
import { equalBySchema } from '../equal-by-schema.ts';
import { parseGoDuration } from '../go-duration.ts';
import type { StructuralSchema } from '../structural.ts';
import { escapeIdentifier } from './identifier.ts';
import { celRecordClass, CelRecord, type ToCel } from './record.ts';

/** A schema as a CEL type: its name in the environment, and how JSON becomes a value of it. */
export interface DeclaredType {
  readonly name: string;
  readonly toCel: ToCel;
}

const STRING: DeclaredType = { name: 'string', toCel: (value) => value };
const TEXT_FORMATS: ReadonlyMap<string, DeclaredType> = new Map<string, DeclaredType>([
  ['byte', { name: 'bytes', toCel: (value) => Buffer.from(String(value), 'base64') }],
  ['date', { name: 'google.protobuf.Timestamp', toCel: (value) => new Date(String(value)) }],
  ['datetime', { name: 'google.protobuf.Timestamp', toCel: (value) => new Date(String(value)) }],
  ['duration', { name: 'google.protobuf.Duration', toCel: toDuration }],
]);

/**
 * Declares the types of schemas in one environment. Types mirror `SchemaDeclType` of k8s.io/apiserver: integers are `int`
 * (BigInt), numbers `double`, int-or-string is `dyn`, objects are types with fields, so that a misspelt field fails when the rule
 * is compiled.
 */
export class TypeDeclarations {
  readonly #environment: Environment;
  readonly #known = new Map<StructuralSchema, DeclaredType | undefined>();
  #count = 0;
  #metadata: DeclaredType | undefined;

  constructor(environment: Environment) {
    this.#environment = environment;
  }

  /** Undefined where CEL can't see the value: it has no known shape. */
  declare(schema: StructuralSchema, isRoot = false): DeclaredType | undefined {
    if (this.#known.has(schema)) return this.#known.get(schema);
    const declared = isRoot ? this.#declareObject(schema, true) : this.#declareNew(schema);
    this.#known.set(schema, declared);
    return declared;
  }

  #declareNew(schema: StructuralSchema): DeclaredType | undefined {
    if (schema.intOrString) return { name: 'dyn', toCel: wholeToInt };
    switch (schema.type) {
      case 'object':
        return this.#declareMapOrObject(schema);
      case 'array':
        return this.#declareList(schema);
      case 'string':
        return TEXT_FORMATS.get((schema.format ?? '').replaceAll('-', '')) ?? STRING;
      case 'integer':
        return { name: 'int', toCel: wholeToInt };
      case 'number':
        return { name: 'double', toCel: (value) => value };
      case 'boolean':
        return { name: 'bool', toCel: (value) => value };
      case undefined:
        return undefined;
    }
  }

  #declareList(schema: StructuralSchema): DeclaredType | undefined {
    const item = schema.items === undefined ? undefined : this.declare(schema.items);
    if (item === undefined) return undefined;
    return { name: `list<${item.name}>`, toCel: (value) => (Array.isArray(value) ? value.map(item.toCel) : value) };
  }

  #declareMapOrObject(schema: StructuralSchema): DeclaredType | undefined {
    const { additionalProperties } = schema;
    if (additionalProperties === undefined) return this.#declareObject(schema, schema.embeddedResource);
    const value = additionalProperties === true ? undefined : this.declare(additionalProperties);
    if (value === undefined) return undefined;
    const toCel: ToCel = (json) => new Map(isRecord(json) ? Object.entries(json).map(([key, member]) => [key, value.toCel(member)]) : []);
    return { name: `map<string, ${value.name}>`, toCel };
  }

  #declareObject(schema: StructuralSchema, isResource: boolean): DeclaredType {
    const members = new Map<string, { name: string; type: DeclaredType }>();
    for (const [name, member] of schema.properties) {
      const identifier = escapeIdentifier(name);
      const type = identifier === undefined || (isResource && isMetaField(name)) ? undefined : this.declare(member);
      if (identifier !== undefined && type !== undefined) members.set(identifier, { name, type });
    }
    if (isResource) {
      members.set('apiVersion', { name: 'apiVersion', type: STRING }).set('kind', { name: 'kind', type: STRING });
      this.#metadata ??= this.#register(METADATA, undefined);
      members.set('metadata', { name: 'metadata', type: this.#metadata });
    }
    return this.#register(members, schema);
  }

  #register(members: ReadonlyMap<string, { name: string; type: DeclaredType }>, schema: StructuralSchema | undefined): DeclaredType {
    const name = `Object${++this.#count}`;
    const accessors = [...members].map(([identifier, member]) => [identifier, { name: member.name, toCel: member.type.toCel }] as const);
    const Class = celRecordClass(new Map(accessors));
    const fields = Object.fromEntries([...members].map(([identifier, { type }]) => [identifier, type.name]));
    this.#environment.registerType(name, { ctor: Class, fields });
    this.#environment.registerOperator(`${name} == ${name}: bool`, (left: CelRecord, right: CelRecord) =>
      equalBySchema(CelRecord.jsonOf(left), CelRecord.jsonOf(right), schema),
    );
    return { name, toCel: (value) => (isRecord(value) ? new Class(value) : value) };
  }
}

/** Of metadata, rules see the name alone. */
const METADATA: ReadonlyMap<string, { name: string; type: DeclaredType }> = new Map([
  ['name', { name: 'name', type: STRING }],
  ['generateName', { name: 'generateName', type: STRING }],
]);

function isMetaField(name: string): boolean {
  return name === 'apiVersion' || name === 'kind' || name === 'metadata';
}

/** A stored object may be older than its schema, so that a fraction can stand here; the rule then fails for its type. */
function wholeToInt(value: unknown): unknown {
  return typeof value === 'number' && Number.isInteger(value) ? BigInt(value) : value;
}

function toDuration(value: unknown): unknown {
  const nanoseconds = parseGoDuration(String(value));
  if (nanoseconds === undefined) return value;
  return new Duration(nanoseconds / 1_000_000_000n, Number(nanoseconds % 1_000_000_000n));
}
