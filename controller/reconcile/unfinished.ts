import type { Unfinished } from '../safety/lane-gate.ts';
import type { OwnerKey } from '../systems/owner.ts';
import type { HeldStep, Outstanding } from './lane-report.ts';

/** What was tried, or is to be looked at once more, and is not so yet; what is held back on purpose is none of it. */
export function unfinishedOf(outstanding: ReadonlyMap<OwnerKey, Outstanding>): readonly Unfinished[] {
  return [...outstanding].flatMap(([owner, { held, refusals }]) => {
    const [first] = held.filter(isUnfinished);
    if (!first) return [];
    const refusal = refusals.find(({ needsPerson }) => needsPerson) ?? refusals[0];
    const message = refusal?.message ?? `${first.step.verb} ${first.step.object} was done, and the host still is not so`;
    return [{ owner, message, isFinal: refusal?.needsPerson === true && first.reason === 'waiting' }];
  });
}

function isUnfinished({ reason }: HeldStep): boolean {
  return reason === 'waiting' || reason === 'ordered' || reason === 'unverified' || reason === 'unconfirmed';
}
