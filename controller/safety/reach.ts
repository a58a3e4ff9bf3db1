import type { Clock } from '../../api/machinery/clock.ts';
import type { NetplanStep } from '../systems/netplan/step.ts';
import type { OwnerKey } from '../systems/owner.ts';
import type { OvsStep } from '../systems/ovs/plan/step.ts';
import type { GuardedHost } from './guarded-host.ts';
import { impactOf, touchesNothing } from './impact.ts';
import type { GatedStep } from './lane-gate.ts';
import type { ReadWaysIn } from './read-ways-in.ts';
import type { WayIn } from './way-in.ts';

export interface ReachOptions {
  readonly clock: Clock;
  readonly readWaysIn: ReadWaysIn;
  readonly host: GuardedHost;
}

const WAYS_IN_LAST_MS = 1_000;

/** Tells whose steps reach a way in, by what was seen last of the host. */
export class Reach {
  readonly #options: ReachOptions;
  #read: { readonly kernel: unknown; readonly at: number; readonly ways: Promise<readonly WayIn[]> } | undefined;

  constructor(options: ReachOptions) {
    this.#options = options;
  }

  async owners(gated: readonly GatedStep<OvsStep | NetplanStep>[]): Promise<readonly OwnerKey[]> {
    const { host } = this.#options;
    // Of a guest's port that is soon known, and a guest waits for its VLAN.
    if (gated.every(({ step }) => 'edits' in step && touchesNothing(step, host.facts().ovs?.rows))) return [];
    const { ovs, netplan = (await host.preview()).netplan?.observed } = host.facts();
    if (!netplan) return [];
    const waysIn = await this.waysIn(netplan.kernel);
    if (waysIn.length === 0) return [];
    const steps = gated.map(({ step }) => step);
    const impacts = impactOf({
      steps: { ovs: steps.filter((step) => 'edits' in step), netplan: steps.filter((step) => 'kind' in step) },
      waysIn,
      observed: { ovs, netplan },
    });
    return [...new Set(impacts.map(({ owner }) => owner))];
  }

  /** Read anew once a second, and for another state of the kernel. */
  waysIn(kernel: Parameters<ReadWaysIn>[0]): Promise<readonly WayIn[]> {
    const { clock, readWaysIn } = this.#options;
    const now = clock.now();
    if (this.#read?.kernel !== kernel || now - this.#read.at > WAYS_IN_LAST_MS) this.#read = { kernel, at: now, ways: readWaysIn(kernel) };
    return this.#read.ways;
  }

  forget(): void {
    this.#read = undefined;
  }
}
