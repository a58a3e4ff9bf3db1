/** A step into a document: a field of a mapping, an index of a list, or the entry of a list whose key fields have these values. */
export type FieldStep = string | number | ReadonlyMap<string, string>;

/**
 * Reads a field path as the API server writes it: `spec.uplinks[0].name`, `.spec.uplinks[name="eth0"].mtu`,
 * `metadata.labels[example.com/a]`.
 */
export function parseFieldPath(text: string): FieldStep[] {
  const steps: FieldStep[] = [];
  for (const [, field, bracketed] of text.matchAll(/([^.[\]]+)|\[((?:"(?:[^"\\]|\\.)*"|[^\]"])*)\]/g)) {
    if (field !== undefined) steps.push(field);
    else if (bracketed !== undefined) steps.push(bracketStep(bracketed));
  }
  return steps;
}

function bracketStep(text: string): FieldStep {
  if (/^\d+$/.test(text)) return Number(text);
  const keys = new Map<string, string>();
  for (const [, name, quoted, bare] of text.matchAll(/([\w-]+)=(?:"((?:[^"\\]|\\.)*)"|([^,]*))/g)) {
    if (name !== undefined) keys.set(name, quoted ?? bare ?? '');
  }
  return keys.size > 0 ? keys : text.replace(/^"(.*)"$/, '$1');
}
