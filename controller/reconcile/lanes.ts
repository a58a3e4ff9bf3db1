import type { KubeObject } from '../../api/machinery/object.ts';
import type { LibvirtFacts } from '../systems/libvirt/observed.ts';
import type { NetplanFacts } from '../systems/netplan/observed.ts';
import type { OvsFacts } from '../systems/ovs/observed.ts';
import type { SystemName } from '../systems/system.ts';
import type { LaneReport } from './lane-report.ts';

/** The last report of each lane; absent before its first pass. */
export interface LaneReports {
  readonly ovs?: LaneReport<OvsFacts>;
  readonly netplan?: LaneReport<NetplanFacts>;
  readonly libvirt?: LaneReport<LibvirtFacts>;
}

/** The systems that carry a resource out. A host without libvirt can so still keep its bridges. */
export function lanesOf({ kind, spec }: KubeObject): readonly SystemName[] {
  switch (kind) {
    case 'Bridge':
      return hasField(spec, 'libvirtNetwork') ? ['ovs', 'netplan', 'libvirt'] : ['ovs', 'netplan'];
    case 'VlanPort':
      return ['ovs', 'netplan'];
    case 'Portgroup':
      return ['libvirt', 'ovs'];
    case 'VirtualMachine':
      return ['libvirt', 'ovs'];
    case 'Host':
      return hasField(spec, 'libvirt') ? ['ovs', 'netplan', 'libvirt'] : ['ovs', 'netplan'];
    default:
      return [];
  }
}

function hasField(spec: unknown, field: string): boolean {
  return typeof spec === 'object' && spec !== null && field in spec;
}
