import type { OvsLimits, OvsRate } from '../desired.ts';
import { VM_ID } from '../replica/mark.ts';
import type { OvsRows } from '../replica/rows.ts';
import { describeDatum } from '../schema/datum.ts';
import type { Datum, Uuid } from '../schema/datum.ts';
import type { InterfaceRow, PortRow } from '../schema/rows.ts';
import { compareColumns, joinChanges, NO_CHANGE } from './change.ts';
import type { Change } from './change.ts';
import type { Handle, RowEdit } from './step.ts';

/** libvirt's own factors (virnetdevopenvswitch.c): KiB/s to bit/s for queues, KiB to bit, KiB/s to kbit/s for policing. */
const QUEUE_BITS_PER_KIB = 8_000;
const BURST_BITS_PER_KIB = 8_192;
const POLICING_KBITS_PER_KIB = 8;

/** libvirt writes the port's name under this key of its QoS and Queue rows, and finds them by it and by the VM's id. */
export const IFNAME = 'ifname';
const QOS_TYPE = 'linux-htb';
/** The queue that frames go to which nothing else was said of. */
const DEFAULT_QUEUE = 0;

/**
 * What of a VM's port differs from its limits. The rows are those that libvirt writes when the VM starts, and carry what libvirt
 * finds them by, so that they are shared with it and never doubled.
 */
export function compareLimits(limits: OvsLimits, port: PortRow, iface: InterfaceRow, rows: OvsRows): Change {
  const config = queueConfig(limits.inbound);
  return joinChanges(
    config ? compareQueue(config, port, iface, rows) : clearQos(port, rows),
    compareColumns('Interface', iface, {
      ingress_policing_rate: (limits.outbound?.averageKiBps ?? 0) * POLICING_KBITS_PER_KIB,
      ingress_policing_burst: (limits.outbound?.burstKiB ?? 0) * POLICING_KBITS_PER_KIB,
    }),
  );
}

function queueConfig(rate: OvsRate | undefined): ReadonlyMap<string, string> | undefined {
  if (rate?.averageKiBps === undefined) return undefined;
  const { averageKiBps, peakKiBps, burstKiB } = rate;
  return new Map([
    ['min-rate', String(averageKiBps * QUEUE_BITS_PER_KIB)],
    ...(burstKiB === undefined ? [] : [['burst', String(burstKiB * BURST_BITS_PER_KIB)] as const]),
    ...(peakKiBps === undefined ? [] : [['max-rate', String(peakKiBps * QUEUE_BITS_PER_KIB)] as const]),
  ]);
}

function compareQueue(config: ReadonlyMap<string, string>, port: PortRow, iface: InterfaceRow, rows: OvsRows): Change {
  const qos = rows.row('QoS', port.qos);
  const queue = rows.row('Queue', qos?.queues.get(DEFAULT_QUEUE));
  if (!qos || !queue || qos.external_ids.get(IFNAME) !== port.name) return insertQos(config, port, iface, rows);
  return joinChanges(
    compareColumns('QoS', { ...qos, name: port.name }, { type: QOS_TYPE, other_config: config }),
    compareColumns('Queue', { ...queue, name: port.name }, { other_config: config }),
  );
}

function insertQos(config: ReadonlyMap<string, string>, port: PortRow, iface: InterfaceRow, rows: OvsRows): Change {
  const queue: Handle = `@Queue/${port.name}`;
  const qos: Handle = `@QoS/${port.name}`;
  const ids = new Map([[IFNAME, port.name], [VM_ID, iface.external_ids.get(VM_ID) ?? '']]);
  return joinChanges(
    {
      edits: [
        { edit: 'insert', table: 'Queue', handle: queue, row: { other_config: config, external_ids: ids } },
        {
          edit: 'insert',
          table: 'QoS',
          handle: qos,
          row: { type: QOS_TYPE, other_config: config, queues: new Map([[DEFAULT_QUEUE, queue]]), external_ids: ids },
        },
      ],
      differences: [],
      locators: [],
    },
    referTo(qos, describeDatum(config), port, rows),
  );
}

function clearQos(port: PortRow, rows: OvsRows): Change {
  return port.qos === undefined ? NO_CHANGE : referTo(undefined, '', port, rows);
}

/** Lets the port refer to another QoS row, or to none; the one that it had goes, where it was made for this port alone. */
function referTo(qos: Uuid | undefined, expected: string, port: PortRow, rows: OvsRows): Change {
  const before: Record<string, Datum> = { qos: port.qos };
  return {
    edits: [
      { edit: 'update', table: 'Port', uuid: port.uuid, before, after: { qos } },
      ...(rows.row('QoS', port.qos)?.external_ids.get(IFNAME) === port.name ? deleteQos(port.qos, rows) : []),
    ],
    differences: [{ path: `Port[${port.name}].qos`, expected, found: describeDatum(rows.row('QoS', port.qos)?.other_config) }],
    locators: [{ table: 'Port', uuid: port.uuid, columns: ['qos'] }],
  };
}

/** A QoS row and its queues; they are kept by nobody's reference, so they must be told to go. */
export function deleteQos(uuid: Uuid | undefined, rows: OvsRows): readonly RowEdit[] {
  const qos = rows.row('QoS', uuid);
  if (!qos) return [];
  return [
    { edit: 'delete', table: 'QoS', uuid: qos.uuid },
    ...[...new Set(qos.queues.values())].map((queue) => ({ edit: 'delete', table: 'Queue', uuid: queue }) as const),
  ];
}
