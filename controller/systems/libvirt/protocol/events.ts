import type { Packet } from './packet.ts';
import { readDomain, readNetwork } from './procedures.ts';
import type { DomainRef, NetworkRef } from './procedures.ts';

/** What an event says to us: look at this object again. What happened to it is read, not believed. */
export type LibvirtEvent =
  | { readonly object: 'domain'; readonly domain: DomainRef }
  | { readonly object: 'network'; readonly network: NetworkRef };

/** Procedure numbers of the event messages in remote_protocol.x. Each begins with the callback's id and the domain. */
const DOMAIN_MESSAGES: ReadonlySet<number> = new Set([
  318, // DOMAIN_EVENT_CALLBACK_LIFECYCLE
  319, // DOMAIN_EVENT_CALLBACK_REBOOT
  348, // DOMAIN_EVENT_CALLBACK_AGENT_LIFECYCLE
  333, // DOMAIN_EVENT_CALLBACK_DEVICE_REMOVED
  354, // DOMAIN_EVENT_CALLBACK_DEVICE_ADDED
  379, // DOMAIN_EVENT_CALLBACK_METADATA_CHANGE
]);

/** NETWORK_EVENT_LIFECYCLE: the callback's id and the network. */
const NETWORK_LIFECYCLE_MESSAGE = 315;

/** Reads an event message; undefined for one that we did not ask for. */
export function decodeEvent({ procedure, payload }: Packet): LibvirtEvent | undefined {
  if (procedure === NETWORK_LIFECYCLE_MESSAGE) {
    payload.int();
    return { object: 'network', network: readNetwork(payload) };
  }
  if (!DOMAIN_MESSAGES.has(procedure)) return undefined;
  payload.int();
  return { object: 'domain', domain: readDomain(payload) };
}
