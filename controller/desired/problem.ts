import type { OwnerKey } from '../systems/owner.ts';

/** Why a resource can't be carried out beside the others. It belongs to one resource and leaves the others alone. */
export interface Problem {
  readonly owner: OwnerKey;
  /** A condition reason: `BridgeNotFound`, `DeviceConflict`, `VlanNotOnUplink`, … */
  readonly reason: string;
  /** Names the field, what was found, and what would mend it. */
  readonly message: string;
  /** True when only a person can mend it; false when it may come by itself, such as a bridge that is not there yet. */
  readonly needsPerson: boolean;
}
