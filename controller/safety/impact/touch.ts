import type { StepInfo } from '../../systems/system.ts';
import type { HostPart } from './host-parts.ts';

/** What one step does to parts of the host that are there now. */
export interface Touch {
  readonly step: StepInfo;
  /** Changed: what runs through them may stop. */
  readonly changes: ReadonlySet<HostPart>;
  /** Taken away, or taken from under what has them now: what runs through them stops. */
  readonly takes: ReadonlySet<HostPart>;
}

export const NO_PARTS: ReadonlySet<HostPart> = new Set();
