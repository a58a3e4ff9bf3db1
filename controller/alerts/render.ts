import { alertLine, alertsTitle, type Alert, type Severity } from './alert.ts';
import type { Message } from './outbox.ts';
import { ALERTMANAGER_REFRESH_MS, type Receiver } from './receiver.ts';

export interface Rendered {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** What is over at once stays in Alertmanager for this long, so that its groups get to tell it. */
const ONCE_LASTS_MS = 5 * 60_000;
/** Four refreshes, as Prometheus does: a lost one resolves nothing. */
const FIRING_LASTS_MS = 4 * ALERTMANAGER_REFRESH_MS;
const ALERTMANAGER_PATH = '/api/v2/alerts';
const LONGEST_TEXT = 3_000;

/** The request that tells `message`, in the words of the receiver. The same message gives the same id, however often it is sent. */
export function render({ spec, url, name }: Receiver, message: Message, now: number): Rendered {
  const { id } = message;
  switch (spec.type) {
    case 'webhook':
      return json(url, id, 'application/json', webhookBody(name, message));
    case 'cloudevents':
      return json(url, id, 'application/cloudevents+json', cloudEvent(message));
    case 'alertmanager':
      return json(alertmanagerUrl(url), id, 'application/json', message.alerts.map((alert) => alertmanagerAlert(alert, now)));
    case 'slack':
      return json(url, id, 'application/json', { text: slackText(message.alerts) });
    case 'ntfy':
      return { url, headers: { ...idHeader(id), ...ntfyHeaders(message.alerts) }, body: textOf(message.alerts) };
  }
}

function json(url: URL, id: string, contentType: string, body: unknown): Rendered {
  return { url, headers: { ...idHeader(id), 'content-type': contentType }, body: JSON.stringify(body) };
}

/** draft-ietf-httpapi-idempotency-key-header: the value is a quoted string. */
function idHeader(id: string): Record<string, string> {
  return { 'idempotency-key': `"${id}"` };
}

function webhookBody(receiver: string, { id, event, alerts }: Message): unknown {
  return { id, receiver, event, alerts: alerts.map(plain) };
}

/** CloudEvents 1.0, structured mode. */
function cloudEvent({ id, event, alerts, createdAt }: Message): unknown {
  const [first] = alerts;
  return {
    specversion: '1.0',
    id,
    source: `/apis/bridgekeeper.dev/v1alpha1/hosts/${first?.hostName ?? ''}`,
    type: `dev.bridgekeeper.alert.${event}`,
    ...(first !== undefined && alerts.length === 1 ? { subject: `${first.subject.kind}/${first.subject.name}` } : {}),
    time: time(createdAt),
    datacontenttype: 'application/json',
    data: { alerts: alerts.map(plain) },
  };
}

function plain({ startedAt, endedAt, ...alert }: Alert): unknown {
  return { ...alert, startedAt: time(startedAt), ...(endedAt === undefined ? {} : { endedAt: time(endedAt) }) };
}

/** Alertmanager API v2, `postableAlert`. The labels are its identity, so they are the same for a trouble and for its end. */
function alertmanagerAlert(alert: Alert, now: number): unknown {
  const { hostName, subject, severity, message, startedAt, endedAt, state, drift } = alert;
  const endsAt = { Once: now + ONCE_LASTS_MS, Firing: now + FIRING_LASTS_MS, Resolved: endedAt ?? now }[state];
  return {
    labels: {
      alertname: `Bridgekeeper${alert.ends ?? alert.event}`,
      severity: severity.toLowerCase(),
      host: hostName,
      kind: subject.kind,
      name: subject.name,
    },
    annotations: {
      summary: alertsTitle([alert]),
      description: message,
      ...(drift === undefined ? {} : { command: drift.command, report: drift.report.name }),
    },
    startsAt: time(startedAt),
    endsAt: time(endsAt),
  };
}

function alertmanagerUrl(url: URL): URL {
  const path = url.pathname.replace(/\/+$/, '');
  if (path.endsWith(ALERTMANAGER_PATH)) return url;
  const full = new URL(url);
  full.pathname = path + ALERTMANAGER_PATH;
  return full;
}

/** Slack's mrkdwn: the three characters that it gives a meaning are written as entities. */
function slackText(alerts: readonly Alert[]): string {
  const escape = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');
  return `*${escape(alertsTitle(alerts))}*\n${escape(textOf(alerts))}`;
}

const NTFY_PRIORITIES: Readonly<Record<Severity, string>> = { Info: '2', Warning: '4', Critical: '5' };

function ntfyHeaders(alerts: readonly Alert[]): Record<string, string> {
  const severities = alerts.filter(({ state }) => state !== 'Resolved').map(({ severity }) => severity);
  const worst = (['Critical', 'Warning'] as const).find((severity) => severities.includes(severity)) ?? 'Info';
  return { 'content-type': 'text/plain; charset=utf-8', title: alertsTitle(alerts), priority: NTFY_PRIORITIES[worst], tags: severities.length === 0 ? 'white_check_mark' : 'warning' };
}

/** A line each; what is too much for a message is counted. */
function textOf(alerts: readonly Alert[]): string {
  const lines: string[] = [];
  let length = 0;
  for (const line of alerts.map(alertLine)) {
    length += line.length + 1;
    if (length > LONGEST_TEXT && lines.length > 0) return `${lines.join('\n')}\n… and ${alerts.length - lines.length} more`;
    lines.push(line.slice(0, LONGEST_TEXT));
  }
  return lines.join('\n');
}

function time(ms: number): string {
  return new Date(ms).toISOString();
}
