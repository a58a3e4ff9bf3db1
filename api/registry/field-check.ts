import { badRequest, invalid } from '../machinery/api-error.ts';
import { invalidValue } from '../machinery/field-error.ts';
import type { Manifest } from '../machinery/object.ts';
import type { PatchBody, WriteOptions } from './contract.ts';
import { duplicateFields } from './duplicate-fields.ts';
import type { Kind } from './kind.ts';

type FieldCheckOptions = Pick<WriteOptions, 'fieldValidation' | 'rawBody' | 'duplicateKeys'>;

const YAML_ERRORS = 'yaml: unmarshal errors:\n';

/** What the strict reading of a body found, in Kubernetes' words: `unknown field "spec.nope"`. */
export function strictProblems(unknown: readonly string[], options: FieldCheckOptions): string[] {
  if (options.fieldValidation === 'Ignore') return [];
  return [...doubled(options), ...unknownFields(unknown)];
}

/** The same of a patch; `unknown` are those of the patched object. */
export function patchProblems(unknown: readonly string[], patch: PatchBody, options: FieldCheckOptions): string[] {
  if (options.fieldValidation === 'Ignore') return [];
  if (patch.type !== 'json') return strictProblems(unknown, options);
  const ofPatch = [...doubled(options), ...unknownFields(unknownMembers(patch.body))];
  return [...ofPatch.map((problem) => `json patch ${problem}`), ...unknownFields(unknown)];
}

/** Refuses the problems of a whole object when the client asked for it (400), else answers them as warnings. */
export function judgeManifest(kind: Kind, manifest: Manifest, problems: readonly string[], options: FieldCheckOptions): readonly string[] {
  if (options.fieldValidation !== 'Strict' || problems.length === 0) return asWarnings(problems);
  const { version, kind: expected } = kind.type;
  throw badRequest(
    `${manifest.kind} in version "${version}" cannot be handled as a ${expected}: strict decoding error: ${problems.join(', ')}`,
  );
}

/** The same for a patch, where Kubernetes answers 422 and shows the patched object. */
export function judgePatched(patched: () => unknown, problems: readonly string[], options: FieldCheckOptions): readonly string[] {
  if (options.fieldValidation !== 'Strict' || problems.length === 0) return asWarnings(problems);
  throw invalidPatch(patched, `strict decoding error: ${problems.join(', ')}`);
}

/** What Kubernetes says of a patched object that it can't read. */
export function invalidPatch(patched: () => unknown, problem: string): Error {
  return invalid({ group: '', kind: '' }, '', [invalidValue('patch', JSON.stringify(patched()), problem)]);
}

/** The same for server-side apply, which refuses unknown fields by itself: what is left are keys that stand there twice. */
export function judgeApplied({ fieldValidation, duplicateKeys = [] }: FieldCheckOptions): readonly string[] {
  if (fieldValidation !== 'Strict' || duplicateKeys.length === 0) return fieldValidation === 'Ignore' ? [] : duplicateKeys;
  throw badRequest(`error strict decoding patch: error converting YAML to JSON: ${yamlErrors(duplicateKeys)}`);
}

function doubled({ rawBody, duplicateKeys = [] }: FieldCheckOptions): string[] {
  if (duplicateKeys.length > 0) return [yamlErrors(duplicateKeys)];
  return rawBody === undefined ? [] : duplicateFields(rawBody).map((path) => `duplicate field ${JSON.stringify(path)}`);
}

function unknownFields(paths: readonly string[]): string[] {
  return [...paths].sort().map((path) => `unknown field ${JSON.stringify(path)}`);
}

/** What Go's YAML reader says at once, and what is one warning each. */
function yamlErrors(lines: readonly string[]): string {
  return YAML_ERRORS + lines.map((line) => `  ${line}`).join('\n');
}

function asWarnings(problems: readonly string[]): string[] {
  return problems.flatMap((problem) => (problem.startsWith(YAML_ERRORS) ? problem.slice(YAML_ERRORS.length).split('\n').map((line) => line.trim()) : [problem]));
}

function unknownMembers(operations: unknown): string[] {
  const list: readonly unknown[] = Array.isArray(operations) ? operations : [];
  return list.flatMap((operation, index) =>
    Object.keys(typeof operation === 'object' && operation !== null ? operation : {})
      .filter((name) => !['op', 'path', 'from', 'value'].includes(name))
      .map((name) => `[${index}].${name}`),
  );
}
