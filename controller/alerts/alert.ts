import type { Difference } from '../systems/system.ts';

export type AlertEvent = 'DriftDetected' | 'DriftCorrected' | 'RolledBack' | 'Stalled' | 'Recovered' | 'HostUnreachable';
export type Severity = 'Info' | 'Warning' | 'Critical';

/** One thing to be told. */
export interface Alert {
  /** Tells this telling from every other: a receiver that has seen it takes it for done. */
  readonly id: string;
  /** The same for the trouble, its repeats and its end. */
  readonly key: string;
  readonly event: AlertEvent;
  readonly severity: Severity;
  /** Once: it is over. Firing: it lasts. Resolved: what `ends` names lasts no longer. */
  readonly state: 'Once' | 'Firing' | 'Resolved';
  readonly ends?: AlertEvent;
  readonly hostName: string;
  readonly subject: { readonly kind: string; readonly name: string };
  readonly message: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  readonly endedAt?: number;
  readonly drift?: DriftDetails;
}

/** What an alert about drift tells besides. */
export interface DriftDetails {
  /** The DriftReport. */
  readonly report: { readonly name: string; readonly uid: string };
  readonly system: string;
  readonly object: string;
  readonly action: string;
  readonly count: number;
  readonly differences: readonly Difference[];
  readonly command: string;
  readonly process: string;
  readonly user: string;
}

const SEVERITIES: readonly Severity[] = ['Info', 'Warning', 'Critical'];

export function isAtLeast(severity: Severity, least: Severity): boolean {
  return SEVERITIES.indexOf(severity) >= SEVERITIES.indexOf(least);
}

/** `VlanPort/vnet100: Port vnet100: …`. */
export function alertLine({ subject, message }: Alert): string {
  return `${subject.kind}/${subject.name}: ${message}`;
}

/** `DriftCorrected on luna: VlanPort/vnet100`, or how many when there are several. */
export function alertsTitle(alerts: readonly Alert[]): string {
  const [first] = alerts;
  if (first === undefined) return 'Bridgekeeper';
  const about = alerts.length === 1 ? `${first.subject.kind}/${first.subject.name}` : `${alerts.length} alerts`;
  return `${first.event} on ${first.hostName}: ${about}`;
}
