import type { KubeObject } from '../../api/machinery/object.ts';
import type { OwnerKey } from '../systems/owner.ts';
import { ownerKey, type BridgeResource, type HostResources } from './resources.ts';

/** The finalizer that says: the host may still have something of this resource. */
export const FINALIZER = 'bridgekeeper.dev/host';

/** What becomes of a resource's things on the host now. */
export type Lifecycle =
  /** It is to be there. */
  | { readonly state: 'present' }
  /** Its finalizer is not written yet, so nothing of it may be on the host. */
  | { readonly state: 'new' }
  /** Deleted, but others stand on it: it stays until they are gone. */
  | { readonly state: 'held'; readonly by: readonly OwnerKey[] }
  /** Deleted: everything that carries its mark goes. */
  | { readonly state: 'leaving' }
  /** Deleted with `deletionPolicy: Orphan`: the marks go, the things stay. */
  | { readonly state: 'released' };

const PRESENT: Lifecycle = { state: 'present' };
const NEW: Lifecycle = { state: 'new' };
const LEAVING: Lifecycle = { state: 'leaving' };
const RELEASED: Lifecycle = { state: 'released' };

export function lifecycleOf(object: KubeObject, resources: HostResources): Lifecycle {
  if (object.metadata.deletionTimestamp === undefined) {
    return object.metadata.finalizers?.includes(FINALIZER) === true ? PRESENT : NEW;
  }
  const by = object.kind === 'Bridge' ? standingOn(object.metadata.name, resources) : [];
  if (by.length > 0) return { state: 'held', by };
  return isOrphaned(object) ? RELEASED : LEAVING;
}

/** Everything that needs the bridge, by kind and name. */
export function standingOn(bridgeName: BridgeResource['metadata']['name'], resources: HostResources): OwnerKey[] {
  const portgroups = new Set(resources.portgroups.filter(({ spec }) => spec.bridgeName === bridgeName).map(({ metadata }) => metadata.name));
  return [
    ...resources.vlanPorts.filter(({ spec }) => spec.bridgeName === bridgeName),
    ...resources.portgroups.filter(({ spec }) => spec.bridgeName === bridgeName),
    ...resources.virtualMachines.filter(({ spec }) =>
      (spec.interfaces ?? []).some(
        (nic) => nic.bridgeName === bridgeName || (nic.portgroupName !== undefined && portgroups.has(nic.portgroupName)),
      ),
    ),
  ]
    .map(ownerKey)
    .sort();
}

function isOrphaned({ spec }: KubeObject): boolean {
  return typeof spec === 'object' && spec !== null && 'deletionPolicy' in spec && spec.deletionPolicy === 'Orphan';
}
