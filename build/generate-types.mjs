import openapiTypescript, { astToString } from 'openapi-typescript';

/** api/generated/types.ts: TypeScript types of the document's schemas. */
export async function typesModule(document) {
  // Types of paths are of no use here: kinds are reached through ResourceClient.
  const schemas = { ...document, paths: {}, components: { schemas: openEndedObjects(document.components.schemas) } };
  const nodes = await openapiTypescript(schemas, { defaultNonNullable: true });
  return '// Generated from crds/ by build/generate.mjs. Do not edit.\n' + astToString(nodes);
}

/** `x-kubernetes-preserve-unknown-fields` and validation by `anyOf`, in words that openapi-typescript knows. */
function openEndedObjects(node) {
  if (Array.isArray(node)) return node.map(openEndedObjects);
  if (typeof node !== 'object' || node === null) return node;
  const copy = Object.fromEntries(Object.entries(node).map(([key, value]) => [key, openEndedObjects(value)]));
  // Kubernetes allows anyOf beside a type for validation only; it says nothing of the type.
  if (typeof node.type === 'string') delete copy.anyOf;
  if (node['x-kubernetes-preserve-unknown-fields'] === true && copy.additionalProperties === undefined) copy.additionalProperties = true;
  return copy;
}
