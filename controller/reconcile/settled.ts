import type { DriftIgnore } from '../desired/drift-ignore.ts';
import type { DurableMap } from '../journal/durable-map.ts';
import { isOwnerKey, type OwnerKey } from '../systems/owner.ts';
import type { Finding } from '../systems/system.ts';
import type { Fingerprint } from './fingerprint.ts';

const FINDING = 'finding ';
const IGNORED = 'ignored ';

/** What a pass came to. Its parts never change. */
export interface PassResult {
  readonly asked: ReadonlyMap<OwnerKey, Fingerprint>;
  readonly outstanding: ReadonlyMap<OwnerKey, unknown>;
  readonly findings: readonly Finding[];
}

/**
 * Remembers, over restarts, which intent of which resource the host had once reached, and which foreign things were there by then.
 * It tells drift from a pending change: an owner whose intent was reached and is not now drifted; one whose intent is new did not.
 */
export class Settled {
  readonly #memory: DurableMap;
  readonly #intents = new Map<OwnerKey, string>();
  /** By owner, what it asked of the fields whose drift is ignored, when it last had all that it asked. */
  readonly #ignored = new Map<string, string>();
  readonly #findings = new Set<string>();
  #last: PassResult | undefined;

  constructor(memory: DurableMap) {
    this.#memory = memory;
    for (const [key, value] of memory.entries()) {
      if (key.startsWith(FINDING)) this.#findings.add(key);
      else if (key.startsWith(IGNORED)) this.#ignored.set(key, value);
      else if (isOwnerKey(key)) this.#intents.set(key, value);
    }
  }

  has(owner: OwnerKey, fingerprint: Fingerprint): boolean {
    return this.#intents.get(owner) === fingerprint.intent;
  }

  knows(finding: Finding): boolean {
    return this.#findings.has(findingKey(finding));
  }

  /** Whether the owner once had what it asks of the fields whose drift is ignored. */
  hasIgnored(owner: OwnerKey, { asked }: DriftIgnore): boolean {
    return this.#ignored.get(IGNORED + owner) === asked;
  }

  /** Takes down that the owner has, or had before others changed it, what it asks of the fields whose drift is ignored. */
  reachIgnored(owner: OwnerKey, { asked }: DriftIgnore): void {
    this.#ignored.set(IGNORED + owner, asked);
    this.#memory.put(IGNORED + owner, asked);
  }

  /**
   * Takes down the result of a pass: of what was `asked`, all owners that have nothing `outstanding` got where they want to be, and
   * owners of which nothing is asked no longer exist; `findings` are all the foreign things there are. What is as it was at the
   * last call is not looked at again.
   */
  record(pass: PassResult): void {
    const last = this.#last;
    const reached = this.#newlyReached(pass, last);
    const gone = pass.asked === last?.asked ? [] : [...this.#intents.keys()].filter((owner) => !pass.asked.has(owner));
    const { appeared, vanished } = this.#changedFindings(pass, last);
    if (reached.length + gone.length + appeared.length + vanished.length > 0) {
      this.#memory.together(() => {
        for (const [owner, { intent }] of reached) this.#reach(owner, intent);
        for (const owner of gone) this.#forgetOwner(owner);
        for (const key of vanished) this.#forgetFinding(key);
        for (const key of appeared) this.#rememberFinding(key);
      });
    }
    this.#last = pass;
  }

  /** Where the same is asked as before, only what was outstanding then can have been reached since. */
  #newlyReached({ asked, outstanding }: PassResult, last: PassResult | undefined): (readonly [OwnerKey, Fingerprint])[] {
    const owners = asked === last?.asked ? last.outstanding.keys() : asked.keys();
    return [...owners].flatMap((owner) => {
      const fingerprint = asked.get(owner);
      const isNew = fingerprint?.gate === '' && !outstanding.has(owner) && !this.has(owner, fingerprint);
      return isNew ? [[owner, fingerprint] as const] : [];
    });
  }

  /** What is not seen of an owner that is not as it should be may be there all the same, and hidden: it is not forgotten. */
  #changedFindings({ findings, outstanding }: PassResult, last: PassResult | undefined): { readonly appeared: string[]; readonly vanished: string[] } {
    if (last && this.#findings.size === findings.length && sameItems(findings, last.findings)) return { appeared: [], vanished: [] };
    const keys = new Set(findings.map(findingKey));
    return {
      appeared: [...keys].filter((key) => !this.#findings.has(key)),
      vanished: [...this.#findings].filter((key) => !keys.has(key) && !isOutstanding(key, outstanding)),
    };
  }

  #reach(owner: OwnerKey, intent: string): void {
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
    if (this.#ignored.delete(IGNORED + owner)) this.#memory.delete(IGNORED + owner);
  }
}

const knownKeys = new WeakMap<Finding, string>();

/** What names a finding from one plan to the next, and over restarts. */
export function findingKey(finding: Finding): string {
  const known = knownKeys.get(finding);
  if (known !== undefined) return known;
  const { owner, object, difference } = finding;
  const key = FINDING + JSON.stringify([owner, object, difference.path, difference.found]);
  knownKeys.set(finding, key);
  return key;
}

function isOutstanding(key: string, outstanding: ReadonlyMap<string, unknown>): boolean {
  if (outstanding.size === 0) return false;
  const parts: unknown = JSON.parse(key.slice(FINDING.length));
  const owner: unknown = Array.isArray(parts) ? parts[0] : undefined;
  return typeof owner === 'string' && outstanding.has(owner);
}

function sameItems(a: readonly unknown[], b: readonly unknown[]): boolean {
  return a.length === b.length && a.every((item, index) => item === b[index]);
}
