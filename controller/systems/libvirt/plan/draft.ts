import type { Difference, Finding, Plan, Refusal } from '../../system.ts';
import type { LibvirtStep } from '../step.ts';
import { differenceText } from '../xml/field-difference.ts';
import type { FieldDifference } from '../xml/field-difference.ts';

/** A plan in the making. */
export class Draft {
  readonly #steps: LibvirtStep[] = [];
  readonly #findings: Finding[] = [];
  readonly #refusals: Refusal[] = [];

  step(step: LibvirtStep): void {
    this.#steps.push(step);
  }

  find(finding: Finding): void {
    this.#findings.push(finding);
  }

  refuse(refusal: Refusal): void {
    this.#refusals.push(refusal);
  }

  plan(): Plan<LibvirtStep> {
    return { steps: this.#steps, findings: this.#findings, refusals: this.#refusals };
  }
}

/** The differences of one thing, with its path before each field. */
export function pathed(path: string, differences: readonly FieldDifference[]): Difference[] {
  return differences.map(({ field, expected, found }) => ({ path: `${path}.${field}`, expected, found }));
}

/** What is different, for a message. */
export function listed(differences: readonly FieldDifference[]): string {
  return differences.map(differenceText).join('; ');
}
