import type { CheckedManifest } from '../../client/manifest-check.ts';
import type { Answer } from '../answer.ts';
import type { HostPlan } from '../plan/plan-host.ts';
import { manifestsOf, type ImportedHost } from './import-host.ts';
import type { ImportedObject, Remark } from './draft.ts';

const MAX_REMARKS = 10_000;
const LONGEST_MESSAGE = 8_192;

/** What applying the import would do beside claiming, as remarks: read from the plan of it, so that nothing is promised in vain. */
export function differencesOf(objects: readonly ImportedObject[], checked: readonly CheckedManifest[], plan: HostPlan): Remark[] {
  const owners = new Set<string>(objects.map(({ owner }) => owner));
  const invalid = checked.flatMap((check, index): Remark[] => {
    const owner = objects[index]?.owner;
    return 'problem' in check ? [{ type: 'Differs', ...(owner === undefined ? {} : { owner }), message: `the API would refuse it: ${check.problem.message}` }] : [];
  });
  const refused = plan.problems.flatMap(({ owner, message }): Remark[] =>
    owner !== undefined && owners.has(owner) ? [{ type: 'Differs', owner, message: `applied, it would be refused: ${message}` }] : [],
  );
  const changed = plan.steps.flatMap(({ step }): Remark[] => {
    if (step.verb === 'claim' || !owners.has(step.owner)) return [];
    const what = step.differences.map(({ path, expected, found }) => `${path} ${found || 'absent'} -> ${expected || 'absent'}`).join('; ');
    return [{ type: 'Differs', owner: step.owner, message: `applied, it would ${step.verb} ${step.object}${what === '' ? '' : `: ${what}`}` }];
  });
  return [...invalid, ...refused, ...changed];
}

/** An import as a HostQuery tells it. */
export function importAnswer(imported: ImportedHost): Answer {
  const objects = manifestsOf(imported);
  const remarks = imported.remarks.slice(0, MAX_REMARKS).map(({ message, ...rest }) => ({ ...rest, message: message.slice(0, LONGEST_MESSAGE) }));
  const text = `${objects.length} ${objects.length === 1 ? 'manifest' : 'manifests'}, ${remarks.length} ${remarks.length === 1 ? 'remark' : 'remarks'}`;
  return { summary: { text, objects: objects.length, remarks: remarks.length }, lists: { objects, remarks } };
}
