import type { DurableMap } from '../journal/durable-map.ts';
import { isOwnerKey, type OwnerKey } from '../systems/owner.ts';
import type { Finding } from '../systems/system.ts';
import type { Fingerprint } from './fingerprint.ts';

const FINDING = 'finding ';

/**
 * Remembers, over restarts, which intent of which resource the host had once reached, and which foreign things were there by then.
 * It tells drift from a pending change: an owner whose intent was reached and is not now drifted; one whose intent is new did not.
 */
export class Settled {
  readonly #memory: DurableMap;
  readonly #intents = new Map<OwnerKey, string>();
  readonly #findings = new Set<string>();

  constructor(memory: DurableMap) {
    this.#memory = memory;
    for (const [key, value] of memory.entries()) {
      if (key.startsWith(FINDING)) this.#findings.add(key);
      else if (isOwnerKey(key)) this.#intents.set(key, value);
    }
  }

  has(owner: OwnerKey, fingerprint: Fingerprint): boolean {
    return this.#intents.get(owner) === fingerprint.intent;
  }

  knows(finding: Finding): boolean {
    return this.#findings.has(findingKey(finding));
  }

  /**
   * Takes down the result of a pass: `reached` got where they want to be; `findings` are all the foreign things there are; owners
   * that are not in `known` no longer exist.
   */
  record(reached: Iterable<readonly [OwnerKey, Fingerprint]>, findings: readonly Finding[], known: { has(owner: OwnerKey): boolean }): void {
    this.#memory.together(() => {
      for (const [owner, fingerprint] of reached) this.#reach(owner, fingerprint.intent);
      const keep = new Set(findings.map(findingKey));
      for (const key of this.#findings) if (!keep.has(key)) this.#forgetFinding(key);
      for (const key of keep) if (!this.#findings.has(key)) this.#rememberFinding(key);
      for (const owner of this.#intents.keys()) if (!known.has(owner)) this.#forgetOwner(owner);
    });
  }

  #reach(owner: OwnerKey, intent: string): void {
    if (this.#intents.get(owner) === intent) return;
    this.#intents.set(owner, intent);
    this.#memory.put(owner, intent);
  }

  #rememberFinding(key: string): void {
    this.#findings.add(key);
    this.#memory.put(key, '');
  }

  #forgetFinding(key: string): void {
    this.#findings.delete(key);
    this.#memory.delete(key);
  }

  #forgetOwner(owner: OwnerKey): void {
    this.#intents.delete(owner);
    this.#memory.delete(owner);
  }
}

function findingKey({ owner, object, difference }: Finding): string {
  return FINDING + JSON.stringify([owner, object, difference.path, difference.found]);
}
