import type { Alert, AlertEvent, Severity } from '../alerts/alert.ts';
import type { DriftEvent } from '../reconcile/lane-report.ts';
import type { Burst } from './bursts.ts';
import { describeBurst, lastOf, mergeBurst } from './drift-report.ts';
import { splitOwner, systemOf } from './drift-subject.ts';

/** What people are told of a burst, whose report is written. */
export function driftAlert(burst: Burst, report: { readonly name: string; readonly uid: string }, hostName: string): Alert {
  const { owner, object, differences, count, command, process, user, pauseMs } = mergeBurst(burst);
  const [kind, name] = splitOwner(owner);
  const last = lastOf(burst);
  const isFight = pauseMs > 0;
  const event: AlertEvent = last.action === 'Corrected' && !isFight ? 'DriftCorrected' : 'DriftDetected';
  const lasts = last.action !== 'Corrected' && last.subject.kind === 'step';
  return {
    id: report.uid,
    key: `${kind}/${name} ${event}`,
    event,
    severity: severityOf(last, isFight),
    state: lasts ? 'Firing' : 'Once',
    hostName,
    subject: { kind, name },
    message: describeBurst(burst),
    startedAt: burst[0].detectedAt,
    drift: { report, system: systemOf(last), object, action: last.action, count, differences, command, process, user },
  };
}

function severityOf({ action }: DriftEvent, isFight: boolean): Severity {
  if (isFight || action === 'Failed') return 'Critical';
  return action === 'Reported' ? 'Warning' : 'Info';
}
