import type { CustomResourceDefinitionVersion, JsonSchemaProps } from './custom-resource-definition.ts';

const COLUMN_TYPES: ReadonlyMap<string, readonly (string | undefined)[]> = new Map([
  ['string', ['string', 'integer', 'number', 'boolean']],
  ['integer', ['integer']],
  ['number', ['number', 'integer']],
  ['boolean', ['boolean']],
  ['date', ['string']],
]);
const SEGMENT = /\.([A-Za-z0-9_-]+)|\[(?:\?\(@\.([A-Za-z0-9_-]+)==[^)]*\)|[0-9]+)\]/y;

/** Columns that lead nowhere in the schema, or to something they can't show. */
export function columnProblems(version: CustomResourceDefinitionVersion): string[] {
  return (version.additionalPrinterColumns ?? []).flatMap((column) => {
    const target = resolveColumn(column.jsonPath, version.schema.openAPIV3Schema);
    if (target === undefined) return [`column ${column.name}: ${column.jsonPath} leads nowhere`];
    const shows = COLUMN_TYPES.get(column.type);
    if (shows === undefined) return [`column ${column.name}: unknown type ${column.type}`];
    if (!shows.includes(target.type)) return [`column ${column.name}: a column of type ${column.type} can't show a value of type ${target.type}`];
    return column.description === undefined ? [`column ${column.name}: a description is missing`] : [];
  });
}

/** The schema that a simple JSONPath leads to: members, indices, and filters on one member. */
function resolveColumn(jsonPath: string, root: JsonSchemaProps): JsonSchemaProps | undefined {
  if (jsonPath === '.metadata.creationTimestamp') return { type: 'string', format: 'date-time' };
  let at: JsonSchemaProps | undefined = root;
  SEGMENT.lastIndex = 0;
  while (SEGMENT.lastIndex < jsonPath.length) {
    const match = SEGMENT.exec(jsonPath);
    if (match === null) return undefined;
    const [, member, filtered] = match;
    if (member !== undefined) at = at?.properties?.[member];
    else if (at?.items !== undefined && (filtered === undefined || at.items.properties?.[filtered] !== undefined)) at = at.items;
    else return undefined;
  }
  return at;
}
