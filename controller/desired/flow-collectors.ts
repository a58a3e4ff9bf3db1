import type { OvsBridge, OvsIpfix, OvsNetflow, OvsSflow } from '../systems/ovs/desired.ts';
import type { BridgeResource } from './resources.ts';

type Spec = BridgeResource['spec'];

/** Where the bridge tells of its flows, as properties to spread. */
export function flowCollectors({ netflow, sflow, ipfix }: Spec): Pick<OvsBridge, 'netflow' | 'sflow' | 'ipfix'> {
  return {
    ...(netflow === undefined ? {} : { netflow: ovsNetflow(netflow) }),
    ...(sflow === undefined ? {} : { sflow: ovsSflow(sflow) }),
    ...(ipfix === undefined ? {} : { ipfix: ovsIpfix(ipfix) }),
  };
}

function ovsNetflow({ engineID, ...rest }: NonNullable<Spec['netflow']>): OvsNetflow {
  return { ...rest, ...(engineID === undefined ? {} : { engineId: engineID }) };
}

function ovsSflow(sflow: NonNullable<Spec['sflow']>): OvsSflow {
  return sflow;
}

function ovsIpfix({ obsDomainID, obsPointID, ...rest }: NonNullable<Spec['ipfix']>): OvsIpfix {
  return {
    ...rest,
    ...(obsDomainID === undefined ? {} : { obsDomainId: obsDomainID }),
    ...(obsPointID === undefined ? {} : { obsPointId: obsPointID }),
  };
}
