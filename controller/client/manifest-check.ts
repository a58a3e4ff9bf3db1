import { isRecord } from '../../api/machinery/json.ts';
import { subdomainProblems } from '../../api/machinery/names.ts';
import { API_VERSION, type Manifest } from '../../api/machinery/object.ts';
import { compileSchema } from '../../api/schema/compile-schema.ts';
import type { CustomResourceDefinition } from '../../api/schema/custom-resource-definition.ts';
import type { ResourceSchema } from '../../api/schema/resource-schema.ts';

/** A manifest with its defaults, valid by its CRD; or what is wrong with it, naming the fields. */
export type CheckedManifest =
  | { readonly manifest: Manifest }
  | { readonly problem: { readonly kind: string; readonly name: string; readonly message: string } };

/**
 * Does to manifests that came another way what the API does to those that are written: prune, default, validate. What is wrong is an
 * answer, not an error.
 */
export class ManifestCheck {
  readonly #definitions: ReadonlyMap<string, CustomResourceDefinition>;
  readonly #schemas = new Map<string, ResourceSchema>();

  constructor(definitions: readonly CustomResourceDefinition[]) {
    this.#definitions = new Map(definitions.map((definition) => [definition.spec.names.kind, definition]));
  }

  check(value: unknown): CheckedManifest {
    const object = isRecord(value) ? value : {};
    const metadata = isRecord(object['metadata']) ? object['metadata'] : {};
    const kind = textOf(object['kind']);
    const name = textOf(metadata['name']);
    const schema = object['apiVersion'] === API_VERSION ? this.#schemaOf(kind) : undefined;
    if (!schema) return { problem: { kind, name, message: `${textOf(object['apiVersion'])} ${kind} is none of our kinds; write apiVersion: ${API_VERSION}` } };
    const manifest: Manifest = { apiVersion: API_VERSION, kind, metadata: { ...metadata, name }, spec: structuredClone(object['spec']) };
    const unknownFields = schema.prune(manifest);
    schema.applyDefaults(manifest);
    const problems = [
      ...subdomainProblems(name).map((problem) => `metadata.name: ${problem}`),
      ...unknownFields.map((field) => `unknown field ${field}`),
      ...schema.validate(manifest).map(({ field, message }) => `${field ?? ''}: ${message ?? ''}`),
    ];
    return problems.length === 0 ? { manifest } : { problem: { kind, name, message: problems.join('; ') } };
  }

  #schemaOf(kind: string): ResourceSchema | undefined {
    const known = this.#schemas.get(kind);
    if (known) return known;
    const definition = this.#definitions.get(kind);
    const schema = definition && compileSchema(definition);
    if (schema) this.#schemas.set(kind, schema);
    return schema;
  }
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
