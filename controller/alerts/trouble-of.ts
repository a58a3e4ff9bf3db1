import type { Condition, KubeObject } from '../../api/machinery/object.ts';
import type { AlertEvent, Severity } from './alert.ts';

/** Something that is wrong with a resource for as long as its conditions say so. */
export interface Trouble {
  readonly event: AlertEvent;
  readonly severity: Severity;
  readonly message: string;
}

/** Told by themselves: drift by its report, a pause because somebody asked for it. */
const TOLD_OTHERWISE: ReadonlySet<string> = new Set(['Drifted', 'Paused']);

/** What the conditions of a resource say that people must know. What may come by itself, and drift that is being mended, is not. */
export function troublesOf(object: KubeObject): Trouble[] {
  const conditions = conditionsOf(object);
  const isTrue = (type: string): Condition | undefined => conditions.find((condition) => condition.type === type && condition.status === 'True');
  const ready = conditions.find(({ type }) => type === 'Ready');
  const stalled = isTrue('Stalled');
  const rolledBack = isTrue('RolledBack');
  const drifted = isTrue('Drifted');
  return [
    ...(object.kind === 'Host' && ready?.status === 'False' && !stalled ? [trouble('HostUnreachable', 'Critical', ready)] : []),
    ...(stalled && !rolledBack && !TOLD_OTHERWISE.has(stalled.reason) ? [trouble('Stalled', 'Warning', stalled)] : []),
    ...(rolledBack ? [trouble('RolledBack', 'Critical', rolledBack)] : []),
    ...(drifted && stalled?.reason === 'Drifted' ? [trouble('DriftDetected', 'Warning', drifted)] : []),
  ];
}

/** Whether drift is there that a report told of, kept or not mended. */
export function isDrifted(object: KubeObject): boolean {
  return conditionsOf(object).some(({ type, status }) => type === 'Drifted' && status === 'True');
}

/** What the API serves has conditions of this form, by its CRD. */
export function conditionsOf({ status }: KubeObject): readonly Condition[] {
  if (typeof status !== 'object' || status === null || !('conditions' in status)) return [];
  return Array.isArray(status.conditions) ? (status.conditions as readonly Condition[]) : [];
}

function trouble(event: AlertEvent, severity: Severity, { reason, message }: Condition): Trouble {
  return { event, severity, message: `${message} (${reason})` };
}
