import type { AlertReceiverSpec } from '../../api/generated/kinds.ts';
import type { KubeObject } from '../../api/machinery/object.ts';
import { isAtLeast, type Alert } from './alert.ts';

/** How often Alertmanager must hear of an alert that lasts; what it has not heard of for a while it takes for resolved. */
export const ALERTMANAGER_REFRESH_MS = 60_000;

/** An AlertReceiver, ready for use. */
export interface Receiver {
  readonly name: string;
  readonly uid: string;
  readonly generation: number;
  readonly spec: AlertReceiverSpec;
  readonly url: URL;
}

export type ParsedReceiver = { readonly receiver: Receiver } | { readonly problem: { readonly reason: string; readonly message: string } };

/** The API has validated the spec by its CRD; what a schema can't say of a URL is said here. */
export function parseReceiver(object: KubeObject): ParsedReceiver {
  const { metadata, spec } = object as KubeObject & { readonly spec: AlertReceiverSpec };
  const url = URL.parse(spec.url);
  if (url === null) return { problem: { reason: 'InvalidURL', message: 'spec.url is no URL; write it as https://HOST/PATH' } };
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    return { problem: { reason: 'InvalidURL', message: `spec.url: ${url.protocol} is neither http: nor https:` } };
  }
  if (url.username !== '' || url.password !== '') {
    return { problem: { reason: 'InvalidURL', message: 'spec.url holds a name or password; put them into a Secret, keys username and password, and name it in spec.secretRef' } };
  }
  return { receiver: { name: metadata.name, uid: metadata.uid, generation: metadata.generation, spec, url } };
}

/** Whether the receiver asks for this alert. The end of a trouble has the severity of the trouble. */
export function wants({ spec }: Receiver, alert: Alert): boolean {
  if (spec.kinds !== undefined && !spec.kinds.some((kind) => kind === alert.subject.kind)) return false;
  if (!isAtLeast(alert.severity, spec.minSeverity)) return false;
  // Alertmanager would show the trouble until it is told of its end.
  const event = spec.type === 'alertmanager' ? (alert.ends ?? alert.event) : alert.event;
  return spec.events === undefined || spec.events.includes(event);
}

/** Milliseconds after which a trouble that lasts is told again; undefined is never. */
export function repeatMs({ spec }: Receiver): number | undefined {
  if (spec.type === 'alertmanager') return ALERTMANAGER_REFRESH_MS;
  return spec.repeatIntervalSeconds === 0 ? undefined : spec.repeatIntervalSeconds * 1_000;
}
