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
  /** Waits until `rows` shows what was committed. */
  readonly seen: (nextCfg: number) => Promise<void>;
  /** Waits until vswitchd has done what it was told; false when it takes too long. */
  readonly configured: (nextCfg: number) => Promise<boolean>;
  /** The rows as they are now. */
  readonly rows: () => OvsRows;
}

/**
 * Commits the steps. Where vswitchd may not be able to do them (a device that is not there, a datapath), waits until it has tried
 * and asks what it could not do; a column such as a VLAN tag it takes as it is, and a repair must not wait for it.
 */
export async function applySteps(steps: readonly OvsStep[], options: ApplyOptions): Promise<readonly StepOutcome<OvsStep>[]> {
  const committer = new Committer(options.transact, options.rootUuid);
  const outcomes = await committer.commit(steps);
  await options.seen(committer.nextCfg);
  if (!outcomes.some(needsVswitchd)) return outcomes;
  const isConfigured = await options.configured(committer.nextCfg);
  const rows = options.rows();
  return outcomes.map((outcome) => {
    if (!needsVswitchd(outcome)) return outcome;
    const { step } = outcome;
    const refusal = isConfigured ? vswitchdRefusal(step, rows) : notResponding(step);
    return refusal ? { step, result: 'failed', refusal } : outcome;
  });
}

function needsVswitchd({ step, result }: StepOutcome<OvsStep>): boolean {
  return result === 'applied' && (step.interfaces.length > 0 || step.bridgeName !== undefined);
}

function notResponding({ owner }: OvsStep): Refusal {
  return { owner, reason: 'VswitchdNotResponding', message: VSWITCHD_MESSAGE, needsPerson: false };
}

/** What vswitchd says of a step that is in the database: the only places are `Interface.error` and an empty `datapath_id`. */
function vswitchdRefusal({ owner, bridgeName, interfaces }: OvsStep, rows: OvsRows): Refusal | undefined {
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
