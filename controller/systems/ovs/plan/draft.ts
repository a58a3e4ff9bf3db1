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

type StepHead = Pick<StepInfo, 'owner' | 'verb' | 'object'> & Partial<Pick<OvsStep, 'fresh' | 'leftover' | 'givesUp' | 'interfaces' | 'bridgeName' | 'endsSpanningTreeOf'>>;

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
  readonly #openPorts = new Set<string>();
  #port: string | undefined;
  #isOnlyAboutPorts = true;

  constructor(desired: OvsDesired, observed: OvsObserved) {
    this.desired = desired;
    this.wanted = wantedOf(desired);
    this.observed = observed;
    this.rows = observed.rows;
  }

  /** The ports that steps and refusals are about; undefined where one of them is about something else. */
  get openPorts(): ReadonlySet<string> | undefined {
    return this.#isOnlyAboutPorts ? this.#openPorts : undefined;
  }

  /** Says which port all that follows is about; without a name, that it is about more than a port. */
  about(port?: string): void {
    this.#port = port;
  }

  /** Adds a step, unless there is nothing to change. */
  step(head: StepHead, change: Change): void {
    if (isEmpty(change)) return;
    this.#steps.push({ leftover: false, givesUp: [], interfaces: [], ...head, ...change });
    this.#noteSubject();
  }

  finding(finding: OvsFinding): void {
    this.#findings.push(finding);
  }

  /** Something that only a person can mend. */
  refuse(owner: OwnerKey, reason: string, message: string): void {
    this.#refusals.push({ owner, reason, message, needsPerson: true });
    this.#noteSubject();
  }

  /** Something that may come by itself. */
  wait(owner: OwnerKey, reason: string, message: string): void {
    this.#refusals.push({ owner, reason, message, needsPerson: false });
    this.#noteSubject();
  }

  #noteSubject(): void {
    if (this.#port === undefined) this.#isOnlyAboutPorts = false;
    else this.#openPorts.add(this.#port);
  }

  finish(): OvsPlan {
    return { steps: this.#steps, findings: this.#findings, refusals: this.#refusals };
  }
}
