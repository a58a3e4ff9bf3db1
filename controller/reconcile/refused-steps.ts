import type { OwnerKey } from '../systems/owner.ts';
import type { Refusal, StepInfo } from '../systems/system.ts';
import { stepKey } from './judge.ts';

interface Refused {
  readonly intent: string;
  readonly bySteps: Map<string, Refusal>;
}

/** What a system refused to do: of each step what it said last, for as long as its owner asks for the same. */
export class RefusedSteps {
  readonly #byOwner = new Map<OwnerKey, Refused>();

  note(step: StepInfo, refusal: Refusal, intent: string): void {
    const known = this.#byOwner.get(refusal.owner);
    const refused = known?.intent === intent ? known : { intent, bySteps: new Map<string, Refusal>() };
    refused.bySteps.set(stepKey(step), refusal);
    this.#byOwner.set(refusal.owner, refused);
  }

  forget(owner: OwnerKey): void {
    this.#byOwner.delete(owner);
  }

  /** Each owner's refusals, those of one message once; undefined where what was refused is not what it asks now. */
  *current(intentOf: (owner: OwnerKey) => string): Iterable<readonly [OwnerKey, readonly Refusal[] | undefined]> {
    for (const [owner, { intent, bySteps }] of [...this.#byOwner]) {
      const byMessage = new Map([...bySteps.values()].map((refusal) => [refusal.message, refusal]));
      yield [owner, intent === intentOf(owner) ? [...byMessage.values()] : undefined];
    }
  }
}
