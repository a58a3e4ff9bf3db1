import type { Alert } from '../../../../controller/alerts/alert.ts';
import type { Message } from '../../../../controller/alerts/outbox.ts';
import { parseReceiver, type Receiver } from '../../../../controller/alerts/receiver.ts';
import { resource } from '../../../fixtures/resources.ts';

const AT = Date.parse('2026-01-01T03:00:00Z');

/** Somebody changed the tag of vnet100, and it was put back. */
export function alert(changes: Partial<Alert> = {}): Alert {
  return {
    id: 'a1',
    key: 'VlanPort/vnet100 DriftCorrected',
    event: 'DriftCorrected',
    severity: 'Info',
    state: 'Once',
    hostName: 'luna',
    subject: { kind: 'VlanPort', name: 'vnet100' },
    message: 'Port vnet100: Port[vnet100].tag was 200, expected 100',
    startedAt: AT,
    ...changes,
  };
}

export function message(alerts: readonly Alert[] = [alert()], changes: Partial<Message> = {}): Message {
  return { id: 'm1', receiverUid: 'r1', event: alerts[0]?.event ?? 'DriftCorrected', alerts, createdAt: AT, attempts: 0, ...changes };
}

/** With what the CRD defaults. */
export function receiver(spec: Record<string, unknown> = {}): Receiver {
  const parsed = parseReceiver(resource('AlertReceiver', 'ops', { type: 'webhook', url: 'https://hooks.example/x', minSeverity: 'Info', repeatIntervalSeconds: 14_400, ...spec }));
  if ('problem' in parsed) throw new Error(parsed.problem.message);
  return parsed.receiver;
}
