import type { OwnerKey } from '../../owner.ts';
import type { Plan, Refusal, StepInfo } from '../../system.ts';
import type { OvsDesired } from '../desired.ts';
import type { OvsObserved } from '../observed.ts';
import type { OvsRows } from '../replica/rows.ts';
import { isEmpty } from './change.ts';
import type { Change } from './change.ts';
import type { OvsFinding, OvsStep } from './step.ts';
import { wantedOf } from './wanted.ts';
import type { Wanted } from './wanted.ts';

type StepHead = Pick<StepInfo, 'owner' | 'verb' | 'object'> & Partial<Pick<OvsStep, 'leftover' | 'givesUp' | 'interfaces' | 'bridgeName'>>;

export interface OvsPlan extends Plan<OvsStep> {
  readonly findings: readonly OvsFinding[];
}

/** A plan while it is being made. */
export class PlanDraft {
  readonly desired: OvsDesired;
  readonly wanted: Wanted;
  readonly observed: OvsObserved;
  readonly rows: OvsRows;
  readonly #steps: OvsStep[] = [];
  readonly #findings: OvsFinding[] = [];
  readonly #refusals: Refusal[] = [];

  constructor(desired: OvsDesired, observed: OvsObserved) {
    this.desired = desired;
    this.wanted = wantedOf(desired);
    this.observed = observed;
    this.rows = observed.rows;
  }

  /** Adds a step, unless there is nothing to change. */
  step(head: StepHead, change: Change): void {
    if (!isEmpty(change)) this.#steps.push({ leftover: false, givesUp: [], interfaces: [], ...head, ...change });
  }

  finding(finding: OvsFinding): void {
    this.#findings.push(finding);
  }

  /** Something that only a person can mend. */
  refuse(owner: OwnerKey, reason: string, message: string): void {
    this.#refusals.push({ owner, reason, message, needsPerson: true });
  }

  /** Something that may come by itself. */
  wait(owner: OwnerKey, reason: string, message: string): void {
    this.#refusals.push({ owner, reason, message, needsPerson: false });
  }

  finish(): OvsPlan {
    return { steps: this.#steps, findings: this.#findings, refusals: this.#refusals };
  }
}
