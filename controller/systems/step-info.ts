import type { StepInfo } from './system.ts';

/** What a step tells, without what its system needs to do it: to be kept or sent. */
export function stepInfo({ owner, verb, object, differences, within, leftover }: StepInfo): StepInfo {
  return { owner, verb, object, differences, ...(within === undefined ? {} : { within }), leftover };
}
