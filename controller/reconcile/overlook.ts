import type { DriftIgnore } from '../desired/drift-ignore.ts';
import type { OwnerKey } from '../systems/owner.ts';
import type { Finding, Plan, StepInfo, System } from '../systems/system.ts';
import type { LaneTarget, OwnerPolicy } from './lane-target.ts';
import type { Settled } from './settled.ts';

/**
 * A plan without the drift that resources ignore: it is neither undone nor told. Where a spec says something new in an ignored field,
 * that is no drift and stays.
 */
export class Overlook<Step extends StepInfo> {
  readonly #settled: Settled;
  readonly #part: NonNullable<System<unknown, unknown, Step>['without']>;

  constructor(settled: Settled, part: NonNullable<System<unknown, unknown, Step>['without']>) {
    this.#settled = settled;
    this.#part = part;
  }

  apply(plan: Plan<Step>, target: LaneTarget<unknown>): Plan<Step> {
    const ignores = ignoresIn(target.policies);
    if (ignores.size === 0) return plan;
    return {
      ...plan,
      steps: plan.steps.flatMap((step) => this.#remainder(step, this.#matcher(step.owner, target)) ?? []),
      findings: plan.findings.filter((finding) => !this.ignores(finding, target)),
    };
  }

  /** Whether what was found is nothing that its owner wants to hear of. */
  ignores({ owner, difference }: Finding, target: LaneTarget<unknown>): boolean {
    return this.#matcher(owner, target)?.(difference.path) === true;
  }

  /** Takes down, for owners that have nothing outstanding, what they ask of the fields that they ignore. */
  record(target: LaneTarget<unknown>, outstanding: ReadonlyMap<OwnerKey, unknown>): void {
    for (const [owner, ignore] of ignoresIn(target.policies)) {
      if (target.fingerprints.has(owner) && !outstanding.has(owner) && !this.#settled.hasIgnored(owner, ignore)) {
        this.#settled.reachIgnored(owner, ignore);
      }
    }
  }

  /** Says of a path whether its drift is ignored; undefined where the owner's spec is not known to have been reached. */
  #matcher(owner: OwnerKey, target: LaneTarget<unknown>): ((path: string) => boolean) | undefined {
    const ignore = ignoresIn(target.policies).get(owner);
    const fingerprint = target.fingerprints.get(owner);
    if (!ignore || !fingerprint) return undefined;
    if (!this.#settled.hasIgnored(owner, ignore) && !this.#settled.has(owner, fingerprint)) return undefined;
    return (path) => ignore.paths.some((pattern) => matches(pattern, path));
  }

  #remainder(step: Step, isIgnored: ((path: string) => boolean) | undefined): Step | undefined {
    const { verb, differences } = step;
    if (!isIgnored || !PARTED_VERBS.has(verb) || !differences.some(({ path }) => isIgnored(path))) return step;
    if (differences.every(({ path }) => isIgnored(path))) return undefined;
    return this.#part(step, isIgnored) ?? step;
  }
}

/** What is claimed, released or deleted for good is not about a field. */
const PARTED_VERBS: ReadonlySet<StepInfo['verb']> = new Set(['create', 'update', 'delete', 'apply', 'start', 'stop']);

const knownIgnores = new WeakMap<ReadonlyMap<OwnerKey, OwnerPolicy>, ReadonlyMap<OwnerKey, DriftIgnore>>();

/** Few resources ignore anything, so they are picked out once. */
function ignoresIn(policies: ReadonlyMap<OwnerKey, OwnerPolicy>): ReadonlyMap<OwnerKey, DriftIgnore> {
  const known = knownIgnores.get(policies) ?? new Map([...policies].flatMap(([owner, { ignore }]) => (ignore ? [[owner, ignore] as const] : [])));
  knownIgnores.set(policies, known);
  return known;
}

function matches(pattern: string, path: string): boolean {
  const [head = '', ...rest] = pattern.split('*');
  if (!path.startsWith(head)) return false;
  if (rest.length === 0) return path === head;
  const end = rest.at(-1) ?? '';
  let at = head.length;
  for (const part of rest.slice(0, -1)) {
    const found = path.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return path.length - end.length >= at && path.endsWith(end);
}
