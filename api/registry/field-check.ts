import { badRequest, invalid } from '../machinery/api-error.ts';
import { invalidValue } from '../machinery/field-error.ts';
import type { Manifest } from '../machinery/object.ts';
import type { WriteOptions } from './contract.ts';
import { duplicateFields } from './duplicate-fields.ts';
import type { Kind } from './kind.ts';

type FieldCheckOptions = Pick<WriteOptions, 'fieldValidation' | 'rawBody'>;

/** What the strict reading of a body found, in Kubernetes' words: `unknown field "spec.nope"`. */
export function strictProblems(unknown: readonly string[], options: FieldCheckOptions): string[] {
  if (options.fieldValidation === 'Ignore') return [];
  const duplicates = options.rawBody === undefined ? [] : duplicateFields(options.rawBody);
  return [
    ...duplicates.map((path) => `duplicate field ${JSON.stringify(path)}`),
    ...[...unknown].sort().map((path) => `unknown field ${JSON.stringify(path)}`),
  ];
}

/** Refuses the problems of a whole object when the client asked for it (400), else answers them as warnings. */
export function judgeManifest(kind: Kind, manifest: Manifest, problems: readonly string[], options: FieldCheckOptions): readonly string[] {
  if (options.fieldValidation !== 'Strict' || problems.length === 0) return problems;
  const { version, kind: expected } = kind.type;
  throw badRequest(
    `${manifest.kind} in version "${version}" cannot be handled as a ${expected}: strict decoding error: ${problems.join(', ')}`,
  );
}

/** The same for a patch, where Kubernetes answers 422 and shows the patched object. */
export function judgePatched(patched: () => unknown, problems: readonly string[], options: FieldCheckOptions): readonly string[] {
  if (options.fieldValidation !== 'Strict' || problems.length === 0) return problems;
  const detail = `strict decoding error: ${problems.join(', ')}`;
  throw invalid({ group: '', kind: '' }, '', [invalidValue('patch', JSON.stringify(patched()), detail)]);
}
