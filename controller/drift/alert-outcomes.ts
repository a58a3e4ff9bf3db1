import { fieldOf, isRecord } from '../../api/machinery/json.ts';
import type { Delivery } from '../alerts/courier.ts';
import type { ResourceClient } from '../client/resource-client.ts';

const KIND = 'DriftReport';
const MOST_RECEIVERS = 256;

/** Writes into the DriftReports of a message how it went with this receiver. A report that is gone by now is passed over. */
export async function writeAlertOutcome(client: ResourceClient, receiverName: string, { message, outcome, at, error }: Delivery): Promise<void> {
  if (outcome === 'Retried') return;
  const entry = {
    receiverName,
    state: outcome,
    ...(outcome === 'Delivered' ? { deliveredAt: new Date(at).toISOString() } : {}),
    ...(error === undefined ? {} : { message: error }),
  };
  const reports = message.alerts.flatMap(({ drift, state }) => (drift && state !== 'Resolved' ? [drift.report] : []));
  await Promise.all(reports.map((report) => writeEntry(client, report, entry)));
}

async function writeEntry(client: ResourceClient, { name, uid }: { readonly name: string; readonly uid: string }, entry: { readonly receiverName: string }): Promise<void> {
  const report = await client.read({ kind: KIND, name });
  if (report === undefined) return;
  const status = isRecord(report.status) ? report.status : {};
  const alerts = fieldOf(status, 'alerts');
  const known: readonly unknown[] = Array.isArray(alerts) ? alerts : [];
  const others = known.filter((each) => fieldOf(each, 'receiverName') !== entry.receiverName);
  await client.writeStatus({ kind: KIND, name }, uid, { ...status, alerts: [...others, entry].slice(-MOST_RECEIVERS) });
}
