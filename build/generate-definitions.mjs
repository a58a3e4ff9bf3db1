/** api/generated/crds.ts: the CRDs as data, so that the product needs no YAML files. */
export function definitionsModule(crds) {
  return [
    '// Generated from crds/ by build/generate.mjs. Do not edit.',
    "import type { CustomResourceDefinition } from '../schema/custom-resource-definition.ts';",
    '',
    '/** Our kinds, by plural name. */',
    `export const customResourceDefinitions: readonly CustomResourceDefinition[] = ${JSON.stringify(crds, null, 1)};`,
    '',
  ].join('\n');
}
