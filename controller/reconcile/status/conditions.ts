import type { Condition } from '../../../api/machinery/object.ts';

/** A condition before it is merged into the ones that are there: when it turned is not known yet. */
export interface Judgement {
  readonly type: string;
  readonly status: Condition['status'];
  readonly reason: string;
  readonly message: string;
}

/** The three that are always there; the others only while they are true. */
const LASTING = ['Accepted', 'Programmed', 'Ready'];
const LONGEST_MESSAGE = 32_768;

/**
 * The conditions of an object after these judgements. `lastTransitionTime` moves only where `status` does; a condition that is
 * judged no more is gone unless it is one of the lasting three.
 */
export function mergeConditions(before: readonly Condition[], judgements: readonly Judgement[], generation: number, now: string): Condition[] {
  const judged = judgements.map(({ type, status, reason, message }): Condition => {
    const known = before.find((condition) => condition.type === type);
    const lastTransitionTime = known?.status === status ? known.lastTransitionTime : now;
    return { type, status, observedGeneration: generation, lastTransitionTime, reason, message: message.slice(0, LONGEST_MESSAGE) };
  });
  const kept = before.filter(({ type }) => LASTING.includes(type) && !judgements.some((judgement) => judgement.type === type));
  return [...kept, ...judged].sort((a, b) => rank(a.type) - rank(b.type));
}

function rank(type: string): number {
  const index = LASTING.indexOf(type);
  return index < 0 ? LASTING.length : index;
}
