import type { Clock } from '../../machinery/clock.ts';
import type { Registry } from '../../registry/contract.ts';
import type { ResourceIndex } from './resource-index.ts';
import type { RunningWatches } from './running-watches.ts';

/** What the resource handlers work with. */
export interface ResourceServer {
  readonly registry: Registry;
  readonly index: ResourceIndex;
  readonly clock: Clock;
  readonly watches: RunningWatches;
}
