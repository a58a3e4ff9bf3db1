import { numberAt, objectsAt, textAt, valueAt, type JsonObject } from './api/json.ts';
import { shortName } from './api/resource-type.ts';
import { CommandError, UsageError } from './errors.ts';
import type { Session } from './session.ts';
import { readTargets, type NamedTarget } from './targets.ts';

/** The one resource that the command line names. Throws UsageError for none or several. */
export async function singleTarget(session: Session, positionals: readonly string[], command: string): Promise<NamedTarget> {
  const targets = await readTargets(session, positionals);
  const [target, ...others] = targets.by === 'name' ? targets.targets : [];
  if (target === undefined || others.length > 0) throw new UsageError(`which resource? bridgectl ${command} KIND/NAME, one at a time.`);
  return target;
}

/** The Changes of a resource, the oldest first. */
export async function changesOf(session: Session, { type, name }: NamedTarget): Promise<JsonObject[]> {
  const [changeType] = await (await session.kinds()).named('change');
  if (changeType === undefined) throw new CommandError('the server keeps no Changes.');
  const list = await (await session.api()).list(changeType, {});
  return objectsAt(list, 'items')
    .filter((change) => {
      const subject = valueAt(change, 'spec', 'subject');
      return textAt(subject, 'kind') === type.kind && textAt(subject, 'name') === name;
    })
    .sort((left, right) => revisionOf(left) - revisionOf(right));
}

export function revisionOf(change: JsonObject): number {
  return numberAt(change, 'spec', 'revision') ?? 0;
}

/** What to say of a resource without Changes. */
export function noChanges({ type, name }: NamedTarget): string {
  return `There is no Change of ${shortName(type, name)}: nothing was done for it in the last 30 days, or not yet.`;
}
