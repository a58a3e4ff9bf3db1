import type { OvsStep } from '../plan/step.ts';

/** Every transaction of ours begins so in the database's log. */
export const COMMENT_PREFIX = 'bridgekeeper: ';

const NAMED_STEPS = 5;
const MAX_LENGTH = 400;

/** What a transaction does and for whom, for the people who read the log. */
export function commentOf(steps: readonly OvsStep[]): string {
  const named = steps.slice(0, NAMED_STEPS).map(describeStep);
  const more = steps.length - named.length;
  const text = [...named, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
  return `${COMMENT_PREFIX}${text}`.slice(0, MAX_LENGTH);
}

function describeStep({ verb, object, owner, differences }: OvsStep): string {
  const values = verb === 'update' ? ` (${differences.map(describeDifference).join(', ')})` : '';
  return `${verb} ${object} for ${owner}${values}`;
}

function describeDifference({ path, expected, found }: OvsStep['differences'][number]): string {
  return `${path} ${found || 'unset'} -> ${expected || 'unset'}`;
}
