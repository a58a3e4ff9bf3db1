import { BRIDGE, portTag } from '../host/manifests.ts';

/** As many Portgroups of the bridge. */
export function portgroupManifests(count: number): string {
  const documents = Array.from(
    { length: count },
    (_, index) =>
      `apiVersion: bridgekeeper.dev/v1alpha1\nkind: Portgroup\nmetadata: {name: pg${index}}\nspec: {bridgeName: ${BRIDGE}, vlan: {mode: access, tag: ${portTag(index)}}}\n`,
  );
  return documents.join('---\n');
}
