/** api/generated/kinds.ts: a friendly name for each kind, its spec and its status. */
export function kindsModule(crds) {
  const lines = [
    '// Generated from crds/ by build/generate.mjs. Do not edit.',
    "import type { ObjectMeta } from '../machinery/object.ts';",
    "import type { components } from './types.ts';",
    '',
    "type Schemas = components['schemas'];",
    '',
    '/** An object as the server gives it: defaults are in, and metadata is complete. */',
    'type Served<Kind extends string, Schema extends { spec?: unknown; status?: unknown }> = {',
    '  apiVersion: string;',
    '  kind: Kind;',
    '  metadata: ObjectMeta;',
    "  spec: NonNullable<Schema['spec']>;",
    "  status: NonNullable<Schema['status']>;",
    '};',
  ];
  for (const crd of crds) {
    const { kind } = crd.spec.names;
    const version = crd.spec.versions.find(({ storage }) => storage);
    const schema = [...crd.spec.group.split('.').reverse(), version.name, kind].join('.');
    const { description } = version.schema.openAPIV3Schema;
    lines.push(
      '',
      `/** ${description} */`,
      `export type ${kind} = Served<'${kind}', Schemas['${schema}']>;`,
      `export type ${kind}Spec = ${kind}['spec'];`,
      `export type ${kind}Status = ${kind}['status'];`,
    );
  }
  const kinds = crds.map((crd) => crd.spec.names.kind);
  lines.push(
    '',
    '/** Any of our kinds; told apart by `kind`. */',
    `export type Resource = ${kinds.join(' | ')};`,
    "export type Kind = Resource['kind'];",
    '',
    `export const KINDS: readonly Kind[] = [${kinds.map((kind) => `'${kind}'`).join(', ')}];`,
    '',
  );
  return lines.join('\n');
}
