import type { LibvirtDesired } from '../desired.ts';
import type { LibvirtObserved } from '../observed.ts';
import type { Draft } from './draft.ts';

/** What every part of the plan is computed from, and where it goes. */
export interface PlanContext {
  readonly desired: LibvirtDesired;
  readonly observed: LibvirtObserved;
  readonly draft: Draft;
}
