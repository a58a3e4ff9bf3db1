import type { BridgeSpec } from '../../../api/generated/kinds.ts';
import type { OvsRows } from '../../systems/ovs/replica/rows.ts';
import type { BridgeRow } from '../../systems/ovs/schema/rows.ts';
import type { Written } from './written.ts';

/** Where a bridge tells of its flows. */
export function collectorsOf(row: BridgeRow, rows: OvsRows): Pick<Written<BridgeSpec>, 'netflow' | 'sflow' | 'ipfix'> {
  const netflow = rows.row('NetFlow', row.netflow);
  const sflow = rows.row('sFlow', row.sflow);
  const ipfix = rows.row('IPFIX', row.ipfix);
  return {
    netflow: netflow && {
      targets: [...netflow.targets].sort(),
      activeTimeoutSeconds: netflow.active_timeout || undefined,
      engineType: netflow.engine_type,
      engineID: netflow.engine_id,
      addIDToInterface: netflow.add_id_to_interface || undefined,
    },
    sflow: sflow && { targets: [...sflow.targets].sort(), agent: sflow.agent, sampling: sflow.sampling, pollingSeconds: sflow.polling, headerBytes: sflow.header },
    ipfix: ipfix && {
      targets: [...ipfix.targets].sort(),
      sampling: ipfix.sampling,
      obsDomainID: ipfix.obs_domain_id,
      obsPointID: ipfix.obs_point_id,
      cacheActiveTimeoutSeconds: ipfix.cache_active_timeout,
      cacheMaxFlows: ipfix.cache_max_flows,
    },
  };
}
