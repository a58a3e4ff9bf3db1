import type { Compiled } from '../../desired/host-desired.ts';
import type { GuardReport } from '../../safety/guard-report.ts';
import type { LaneReports } from '../lanes.ts';
import type { Liveness } from './judge-resource.ts';

/** What a kind adds to the conditions: its own fields of status, and whether it works. */
export interface KindStatus {
  /** Made when they are asked for: those of a host or bridge with thousands of ports take longer than all else. */
  readonly fields: () => Readonly<Record<string, unknown>>;
  readonly liveness: Liveness;
}

/** What a kind's status is computed from, beside the resource. */
export interface Surroundings {
  readonly compiled: Compiled;
  readonly reports: LaneReports;
  readonly guard: GuardReport;
  readonly hostName: string;
  readonly kernelRelease: string;
}
