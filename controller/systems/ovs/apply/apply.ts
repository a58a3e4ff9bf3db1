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
  /** Has a bridge flood to all its ports again; never throws. */
  readonly restoreFlooding: (bridgeName: string) => Promise<void>;
}

/**
 * Commits the steps. Where vswitchd may not be able to do them (a device that is not there, a datapath), waits until it has tried,
 * so that the next plan sees what it could not do: that is a refusal of the plan, for as long as it lasts, and no failure of the
 * step, which is in the database. A column such as a VLAN tag vswitchd takes as it is, and a repair must not wait for it.
 */
export async function applySteps(steps: readonly OvsStep[], options: ApplyOptions): Promise<readonly StepOutcome<OvsStep>[]> {
  const committer = new Committer(options.transact, options.rootUuid);
  const outcomes = await committer.commit(steps);
  await options.seen(committer.nextCfg);
  if (outcomes.some(needsVswitchd) && (await options.configured(committer.nextCfg))) {
    const bridges = new Set(outcomes.flatMap(({ step, result }) => (result === 'applied' ? (step.endsSpanningTreeOf ?? []) : [])));
    await Promise.all([...bridges].map((name) => options.restoreFlooding(name)));
  }
  return outcomes;
}

function needsVswitchd({ step, result }: StepOutcome<OvsStep>): boolean {
  return result === 'applied' && (step.interfaces.length > 0 || step.bridgeName !== undefined || step.endsSpanningTreeOf !== undefined);
}
