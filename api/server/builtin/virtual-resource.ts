import type { Identity } from '../identity/identity.ts';

/** A resource that is only ever created, and never stored: the answer is computed from the body and who asks. */
export interface VirtualResource {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
  readonly plural: string;
  readonly singular: string;
  answer(body: unknown, identity: Identity): unknown;
}
