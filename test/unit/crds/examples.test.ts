import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { customResourceDefinitions } from '../../../api/generated/crds.ts';
import type { Manifest } from '../../../api/machinery/object.ts';
import { compileSchema } from '../../../api/schema/compile-schema.ts';

const EXAMPLES = join(import.meta.dirname, '../../../examples');
const schemas = new Map(customResourceDefinitions.map((crd) => [crd.spec.names.kind, compileSchema(crd)]));
const manifests = globSync('**/*.yaml', { cwd: EXAMPLES })
  .sort()
  .flatMap((path) => parseAllDocuments(readFileSync(join(EXAMPLES, path), 'utf8')).map((document) => [path, document.toJS() as Manifest] as const))
  .filter(([, manifest]) => manifest.apiVersion === 'bridgekeeper.dev/v1alpha1');

describe('the examples', () => {
  it('are found', () => {
    expect(manifests.length).toBeGreaterThanOrEqual(11);
  });

  it.each(manifests.map(([path, manifest]) => [path, manifest.kind, manifest.metadata.name, manifest] as const))('%s: %s %s is valid as it stands', (_, kind, __, manifest) => {
    const schema = schemas.get(kind);
    if (schema === undefined) throw new Error(`no schema of ${kind}`);
    expect(schema.prune(manifest)).toEqual([]);
    schema.applyDefaults(manifest);
    expect(schema.validate(manifest)).toEqual([]);
    expect(schema.validate(manifest, structuredClone(manifest))).toEqual([]);
    expect(schema.validateStatus(manifest, manifest)).toEqual([]);
  });
});
