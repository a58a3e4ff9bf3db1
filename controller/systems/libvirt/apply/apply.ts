import type { Clock } from '../../../../api/machinery/clock.ts';
import type { Refusal, StepOutcome } from '../../system.ts';
import type { DomainStep, LibvirtStep, Target } from '../step.ts';
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

/** A domain that takes longer than this is waited for no more: libvirt gives a guest five seconds alone to let a NIC go. */
const PATIENCE_MS = 8_000;

export interface ApplierOptions extends NetworkTools, DomainTools {
  readonly clock: Clock;
  /** Work that nobody waited for any more has ended, with the error that no outcome could tell. */
  readonly onLateEnd: (end: { readonly domain: Target; readonly error: Error | undefined }) => void;
}

/**
 * Carries out the steps of a plan: networks first, then each domain in a lane of its own, a few at once. A slow domain (an image
 * of many GiB, a host under load) keeps nobody waiting: its steps are told as in progress, and go on.
 */
export class Applier {
  readonly #options: ApplierOptions;
  readonly #networkLane = new Lanes(1);
  readonly #domainLanes = new Lanes(LANES_AT_ONCE);
  readonly #busy = new Set<string>();
  readonly #lateFailures = new Map<string, Refusal>();

  constructor(options: ApplierOptions) {
    this.#options = options;
  }

  /** The domains, by UUID, that work goes on with after `apply` has returned, and how it ended where it failed. */
  lateWork(): { readonly busyDomains: ReadonlySet<string>; readonly lateFailures: ReadonlyMap<string, Refusal> } {
    return { busyDomains: new Set(this.#busy), lateFailures: new Map(this.#lateFailures) };
  }

  /** One outcome a step, in the order of the steps. Throws `SystemUnreachable` when libvirt goes away meanwhile. */
  async apply(steps: readonly LibvirtStep[]): Promise<Outcome[]> {
    const networkSteps = steps.filter((step) => !isDomainStep(step));
    const networkOutcomes = await this.#networkLane.run('networks', () => this.#applyLane(networkSteps));
    const domains = Map.groupBy(steps.filter(isDomainStep), ({ domain }) => domain.uuid);
    const ended = await Promise.allSettled([...domains.values()].map((laneSteps) => this.#applyPatiently(laneSteps)));
    const outcomes = new Map([...networkOutcomes, ...ended.flatMap(unwrap)].map((outcome) => [outcome.step, outcome]));
    return steps.flatMap((step) => outcomes.get(step) ?? []);
  }

  async #applyPatiently(steps: readonly DomainStep[]): Promise<Outcome[]> {
    const domain = steps[0]?.domain;
    if (!domain) return [];
    const done: Outcome[] = [];
    const work = this.#domainLanes.run(domain.uuid, () => this.#applyLane(steps, done));
    const { promise: tooLong, resolve } = Promise.withResolvers<'too long'>();
    const cancel = this.#options.clock.after(PATIENCE_MS, () => resolve('too long'));
    try {
      const ended = await Promise.race([work, tooLong]);
      if (ended !== 'too long') {
        this.#lateFailures.delete(domain.uuid);
        return ended;
      }
    } finally {
      cancel();
    }
    this.#followLate(domain, work);
    const told = new Set(done.map(({ step }) => step));
    return [...done, ...steps.filter((step) => !told.has(step)).map(inProgress)];
  }

  #followLate(domain: Target, work: Promise<Outcome[]>): void {
    this.#busy.add(domain.uuid);
    const end = (error: Error | undefined): void => {
      this.#busy.delete(domain.uuid);
      this.#options.onLateEnd({ domain, error });
    };
    work.then(
      (outcomes) => {
        const refusal = outcomes.flatMap((outcome) => (outcome.result === 'failed' ? outcome.refusal : []))[0];
        if (refusal) this.#lateFailures.set(domain.uuid, refusal);
        else this.#lateFailures.delete(domain.uuid);
        end(refusal && new Error(refusal.message));
      },
      (error: unknown) => end(error instanceof Error ? error : new Error(String(error))),
    );
  }

  /** `outcomes` shows from outside how far it is. */
  async #applyLane(steps: readonly LibvirtStep[], outcomes: Outcome[] = []): Promise<Outcome[]> {
    for (const step of steps) {
      const cause = outcomes.find((outcome) => outcome.result === 'failed' && carries(outcome.step, step));
      outcomes.push(cause?.result === 'failed' ? notTried(step, cause.refusal) : await this.#applyStep(step));
    }
    return outcomes;
  }

  async #applyStep(step: LibvirtStep): Promise<Outcome> {
    try {
      if (isDomainStep(step)) await applyDomainStep(step, this.#options);
      else await applyNetworkStep(step, this.#options);
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
  return isDomainStep(step) ? step.domain.uuid : step.network.uuid;
}

function isDomainStep(step: LibvirtStep): step is DomainStep {
  return 'domain' in step;
}

function inProgress(step: LibvirtStep): Outcome {
  const message = `${step.object}: takes longer than ${PATIENCE_MS} ms and goes on`;
  return { step, result: 'failed', refusal: { owner: step.owner, reason: 'InProgress', message, needsPerson: false } };
}

function notTried(step: LibvirtStep, { reason, message, needsPerson }: Refusal): Outcome {
  return { step, result: 'failed', refusal: { owner: step.owner, reason, message, needsPerson } };
}

function unwrap(ended: PromiseSettledResult<Outcome[]>): Outcome[] {
  if (ended.status === 'rejected') throw ended.reason;
  return ended.value;
}
