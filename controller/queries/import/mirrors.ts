import type { BridgeSpec } from '../../../api/generated/kinds.ts';
import { vmInterface } from '../../systems/ovs/plan/ownership.ts';
import { ATTACHED_MAC } from '../../systems/ovs/replica/mark.ts';
import type { OvsRows } from '../../systems/ovs/replica/rows.ts';
import type { MirrorRow, PortRow } from '../../systems/ovs/schema/rows.ts';
import type { Written } from './written.ts';

type Mirror = NonNullable<Written<BridgeSpec>['mirrors']>[number];

/** A mirror. That VLANs alone are copied from everywhere is how Open vSwitch says it (`select_all`), and need not be said. */
export function mirrorOf(row: MirrorRow, { ovs: { rows }, nicNamed }: { readonly ovs: { readonly rows: OvsRows }; readonly nicNamed: (mac: string) => string | undefined }): Mirror {
  const nameOf = (port: PortRow): string => {
    const mac = vmInterface(port, rows)?.external_ids.get(ATTACHED_MAC)?.toLowerCase();
    return (mac === undefined ? undefined : nicNamed(mac)) ?? port.name;
  };
  const selected = [...new Set([...row.select_src_port, ...row.select_dst_port])];
  const selectPorts = rows.rows('Port', selected).map(nameOf).sort();
  const output = rows.row('Port', row.output_port);
  return {
    name: row.name,
    ...(row.select_all && row.select_vlan.length === 0 ? { selectAll: true } : {}),
    ...(selectPorts.length === 0 ? {} : { selectPorts }),
    ...(row.select_vlan.length === 0 ? {} : { selectVlans: [...row.select_vlan].sort((a, b) => a - b) }),
    ...(output === undefined ? {} : { outputPort: nameOf(output) }),
    ...(row.output_vlan === undefined ? {} : { outputVlan: row.output_vlan }),
  };
}
