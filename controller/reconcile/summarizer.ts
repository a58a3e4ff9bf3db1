import type { Clock } from '../../api/machinery/clock.ts';
import type { KubeObject } from '../../api/machinery/object.ts';
import type { Compiled } from '../desired/host-desired.ts';
import type { GuardReport } from '../safety/guard-report.ts';
import type { OwnerKey } from '../systems/owner.ts';
import { lanesOf, type LaneReports } from './lanes.ts';
import { mayGo } from './release.ts';
import { sameInputs, statusInputs } from './status/status-inputs.ts';
import { statusOf } from './status/status-of.ts';
import type { StatusWriter } from './status-writer.ts';
import { Turns } from '../systems/turns.ts';

/** What is known at one moment. */
export interface Knowledge {
  readonly compiled: Compiled;
  /** Resources that ask for something else since. */
  readonly notCompiled: ReadonlySet<OwnerKey>;
  readonly guard: GuardReport;
  /** Only those that speak of the newest target. */
  readonly reports: LaneReports;
}

export interface SummarizerOptions {
  readonly clock: Clock;
  readonly hostName: string;
  readonly kernelRelease: string;
  readonly objectOf: (owner: OwnerKey) => KubeObject | undefined;
  readonly writer: StatusWriter;
  /** Nothing of a deleted resource is on the host any more. */
  readonly release: (object: KubeObject) => void;
}

/**
 * Brings the status of every resource up to date. It looks only at those of which something changed since their status was found
 * to be right, and does it in short turns, with few writes at once: a repair that comes meanwhile goes first.
 */
export class Summarizer {
  readonly #options: SummarizerOptions;
  /** By object as it is stored: what its status was found to be right for. */
  readonly #right = new WeakMap<KubeObject, readonly unknown[]>();

  constructor(options: SummarizerOptions) {
    this.#options = options;
  }

  /** `knowledge` is asked again after each turn, for it may be newer by then. */
  async run(knowledge: () => Knowledge | undefined): Promise<void> {
    const { clock, writer } = this.#options;
    const turns = new Turns(clock);
    let known = knowledge();
    for (const owner of known?.compiled.lifecycles.keys() ?? []) {
      if (turns.isOver() || writer.isBusy) {
        await writer.room();
        await turns.next();
        known = knowledge();
      }
      if (known) this.#summarize(owner, known);
    }
  }

  #summarize(owner: OwnerKey, { compiled, notCompiled, reports, guard }: Knowledge): void {
    const { hostName, kernelRelease, objectOf, release, writer } = this.#options;
    const object = objectOf(owner);
    const lifecycle = compiled.lifecycles.get(owner);
    if (!object || !lifecycle || notCompiled.has(owner)) return;
    const lanes = lanesOf(object).flatMap((name) => reports[name] ?? []);
    if (lanes.length < lanesOf(object).length) return;
    // What may yet be undone, or was, is not gone for good.
    if (!guard.verdicts.has(owner) && mayGo(owner, lifecycle, lanes)) return release(object);
    const inputs = statusInputs(object, owner, compiled, reports, guard);
    if (sameInputs(this.#right.get(object), inputs)) return;
    const computed = statusOf({ object, owner, compiled, lifecycle, reports, guard, hostName, kernelRelease });
    if (writer.write(object, computed) === 'right') this.#right.set(object, inputs);
  }
}
