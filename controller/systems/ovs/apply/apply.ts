import type { StepOutcome } from '../../system.ts';
import type { Uuid } from '../schema/datum.ts';
import type { OvsStep } from '../plan/step.ts';
import { Committer } from './committer.ts';
import type { Transact } from './committer.ts';

export interface ApplyOptions {
  readonly transact: Transact;
  readonly rootUuid: Uuid;
  /** Waits until `rows` shows what was committed. */
  readonly seen: (nextCfg: number) => Promise<void>;
  /** Waits until vswitchd has done what it was told; false when it takes too long. */
  readonly configured: (nextCfg: number) => Promise<boolean>;
  /** Whether vswitchd says of one of these interfaces that it can't use it. */
  readonly hasFailed: (interfaceNames: readonly string[]) => boolean;
  /** Has a bridge flood to all its ports again; never throws. */
  readonly restoreFlooding: (bridgeName: string) => Promise<void>;
}

/**
 * Commits the steps. Where vswitchd may not be able to do them (a device that is not there, a datapath), waits until it has tried,
 * so that the next plan sees what it could not do: that is a refusal of the plan, for as long as it lasts, and no failure of the
 * step, which is in the database. A column such as a VLAN tag vswitchd takes as it is, and a repair must not wait for it.
 *
 * An interface whose type is put right while vswitchd is still at the wrong one stays as it failed (seen with 3.1, some 10 ms after
 * the change): vswitchd looks at it again when anything else is changed, so it is told once more.
 */
export async function applySteps(steps: readonly OvsStep[], options: ApplyOptions): Promise<readonly StepOutcome<OvsStep>[]> {
  const committer = new Committer(options.transact, options.rootUuid);
  const outcomes = await committer.commit(steps);
  await options.seen(committer.nextCfg);
  if (outcomes.some(needsVswitchd) && (await options.configured(committer.nextCfg))) {
    await retryRepaired(outcomes, committer, options);
    const bridges = new Set(outcomes.flatMap(({ step, result }) => (result === 'applied' ? (step.endsSpanningTreeOf ?? []) : [])));
    await Promise.all([...bridges].map((name) => options.restoreFlooding(name)));
  }
  return outcomes;
}

function needsVswitchd({ step, result }: StepOutcome<OvsStep>): boolean {
  return result === 'applied' && (step.interfaces.length > 0 || step.bridgeName !== undefined || step.endsSpanningTreeOf !== undefined);
}

async function retryRepaired(outcomes: readonly StepOutcome<OvsStep>[], committer: Committer, { hasFailed, configured }: ApplyOptions): Promise<void> {
  const repaired = outcomes.flatMap(({ step, result }) => (result === 'applied' && step.verb === 'update' ? step : []));
  const failed = repaired.filter(({ interfaces }) => hasFailed(interfaces.map(({ name }) => name)));
  if (failed.length === 0) return;
  await committer.tellAgain(failed);
  await configured(committer.nextCfg);
}
