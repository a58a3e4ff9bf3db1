import type { Refusal, StepOutcome } from '../../system.ts';
import type { OvsRows } from '../replica/rows.ts';
import type { Uuid } from '../schema/datum.ts';
import { datapathMessage } from '../plan/bridge.ts';
import { VSWITCHD_MESSAGE } from '../plan/plan.ts';
import { interfaceErrorMessage } from '../plan/port.ts';
import type { OvsStep } from '../plan/step.ts';
import { Committer } from './committer.ts';
import type { Transact } from './committer.ts';

export interface ApplyOptions {
  readonly transact: Transact;
  readonly rootUuid: Uuid;
  /** Waits until vswitchd has done what it was told; false when it takes too long. */
  readonly configured: (nextCfg: number) => Promise<boolean>;
  /** The rows as they are now. */
  readonly rows: () => OvsRows;
}

/** Commits the steps, waits for vswitchd to carry them out, and asks it what it could not do. */
export async function applySteps(steps: readonly OvsStep[], options: ApplyOptions): Promise<readonly StepOutcome<OvsStep>[]> {
  const committer = new Committer(options.transact, options.rootUuid);
  const outcomes = await committer.commit(steps);
  if (committer.nextCfg === 0) return outcomes;
  const isConfigured = await options.configured(committer.nextCfg);
  const rows = options.rows();
  return outcomes.map((outcome) => {
    if (outcome.result === 'failed') return outcome;
    const { step } = outcome;
    const refusal = isConfigured ? vswitchdRefusal(step, rows) : notResponding(step);
    return refusal ? { step, result: 'failed', refusal } : outcome;
  });
}

function notResponding({ owner }: OvsStep): Refusal {
  return { owner, reason: 'VswitchdNotResponding', message: VSWITCHD_MESSAGE, needsPerson: false };
}

/** What vswitchd says of a step that is in the database: the only places are `Interface.error` and an empty `datapath_id`. */
function vswitchdRefusal({ owner, bridgeName, interfaces, verb }: OvsStep, rows: OvsRows): Refusal | undefined {
  if (verb === 'delete' || verb === 'release') return undefined;
  const bridge = bridgeName === undefined ? undefined : rows.named('Bridge', bridgeName);
  if (bridge && bridge.datapath_id === undefined) {
    const message = datapathMessage(bridge.name, bridge.datapath_type);
    return { owner, reason: 'DatapathUnavailable', message, needsPerson: false };
  }
  for (const { name, optional } of interfaces) {
    const error = rows.named('Interface', name)?.error;
    if (error) return { owner, reason: 'InterfaceError', message: interfaceErrorMessage(name, error), needsPerson: !optional };
  }
  return undefined;
}
