import type { Refusal, StepOutcome } from '../../system.ts';
import { laneOf } from '../step.ts';
import type { LibvirtStep } from '../step.ts';
import { applyDomainStep } from './domain-steps.ts';
import type { DomainTools } from './domain-steps.ts';
import { Lanes } from './lanes.ts';
import { applyNetworkStep } from './network-steps.ts';
import type { NetworkTools } from './network-steps.ts';
import { refusalOf } from './refused.ts';

type Outcome = StepOutcome<LibvirtStep>;

/** libvirtd carries out five calls of one client at once; some are left for reading. */
const LANES_AT_ONCE = 3;

/** Without these what follows on the same thing makes no sense. */
const CARRYING: ReadonlySet<LibvirtStep['kind']> = new Set([
  'network-define', 'network-mark', 'network-keep', 'network-stop', 'domain-define', 'disk-make', 'domain-destroy',
]);

/** Carries out the steps of a plan: networks first, then each domain in a lane of its own, a few at once. */
export class Applier {
  readonly #tools: NetworkTools & DomainTools;
  readonly #networkLane = new Lanes(1);
  readonly #domainLanes = new Lanes(LANES_AT_ONCE);

  constructor(tools: NetworkTools & DomainTools) {
    this.#tools = tools;
  }

  /** One outcome a step, in the order of the steps. Throws `SystemUnreachable` when libvirt goes away meanwhile. */
  async apply(steps: readonly LibvirtStep[]): Promise<Outcome[]> {
    const lanes = Map.groupBy(steps, laneOf);
    const networkSteps = lanes.get('networks') ?? [];
    lanes.delete('networks');
    const networkOutcomes = await this.#networkLane.run('networks', () => this.#applyLane(networkSteps));
    const ended = await Promise.allSettled(
      [...lanes].map(([lane, laneSteps]) => this.#domainLanes.run(lane, () => this.#applyLane(laneSteps))),
    );
    const outcomes = new Map([...networkOutcomes, ...ended.flatMap(unwrap)].map((outcome) => [outcome.step, outcome]));
    return steps.flatMap((step) => outcomes.get(step) ?? []);
  }

  async #applyLane(steps: readonly LibvirtStep[]): Promise<Outcome[]> {
    const outcomes: Outcome[] = [];
    for (const step of steps) {
      const cause = outcomes.find((outcome) => outcome.result === 'failed' && carries(outcome.step, step));
      outcomes.push(cause?.result === 'failed' ? notTried(step, cause.refusal) : await this.#applyStep(step));
    }
    return outcomes;
  }

  async #applyStep(step: LibvirtStep): Promise<Outcome> {
    try {
      if ('domain' in step) await applyDomainStep(step, this.#tools);
      else await applyNetworkStep(step, this.#tools);
      return { step, result: 'applied' };
    } catch (error) {
      const refusal = refusalOf(step, error);
      if (!refusal) throw error;
      return { step, result: 'failed', refusal };
    }
  }
}

/** True when `later` can't be tried once `failed` has failed. A portgroup's mark carries that portgroup alone. */
function carries(failed: LibvirtStep, later: LibvirtStep): boolean {
  if (!CARRYING.has(failed.kind) || targetOf(failed) !== targetOf(later)) return false;
  return failed.kind !== 'network-mark' || failed.owner === later.owner;
}

function targetOf(step: LibvirtStep): string {
  return 'domain' in step ? step.domain.uuid : step.network.uuid;
}

function notTried(step: LibvirtStep, { reason, message, needsPerson }: Refusal): Outcome {
  return { step, result: 'failed', refusal: { owner: step.owner, reason, message, needsPerson } };
}

function unwrap(ended: PromiseSettledResult<Outcome[]>): Outcome[] {
  if (ended.status === 'rejected') throw ended.reason;
  return ended.value;
}
