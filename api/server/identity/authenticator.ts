import { hash, timingSafeEqual } from 'node:crypto';
import type { ClientCertificate } from './client-certificate.ts';
import type { Identity, Role } from './identity.ts';
import { ANONYMOUS, groupOf } from './identity.ts';

export interface Credentials {
  /** The `Authorization` header as it came. */
  readonly authorization: string | undefined;
  /** Undefined where the client has shown none. */
  readonly certificate?: ClientCertificate | undefined;
}

/** Finds out who asks. Anything that knows users can stand here. */
export interface Authenticator {
  /** Without credentials: `system:anonymous`. With wrong ones: undefined. */
  authenticate(credentials: Credentials): Identity | undefined;
}

/** A token as it is kept: its SHA-256 in hex, never itself. */
export interface TokenRecord {
  readonly userName: string;
  readonly role: Role;
  readonly sha256: string;
}

interface KnownToken {
  readonly digest: Buffer;
  readonly identity: Identity;
}

/**
 * Bearer tokens (RFC 6750). A token is compared as a digest, against every known one, in constant time.
 * `current` is asked at each request, so that a changed token file takes effect without a restart.
 */
export function tokenAuthenticator(current: () => readonly TokenRecord[]): Authenticator {
  let records: readonly TokenRecord[] | undefined;
  let known: readonly KnownToken[] = [];
  return {
    authenticate({ authorization }) {
      const token = bearerToken(authorization);
      if (token === undefined) return ANONYMOUS;
      if (records !== current()) {
        records = current();
        known = records.map(knownToken);
      }
      return find(known, token);
    },
  };
}

/** What is no bearer token counts as no credentials, as in Kubernetes. */
function bearerToken(authorization: string | undefined): string | undefined {
  if (authorization === undefined) return undefined;
  const [scheme, token] = authorization.trim().split(/ +/, 2);
  return scheme?.toLowerCase() === 'bearer' && token !== undefined && token !== '' ? token : undefined;
}

function knownToken(record: TokenRecord): KnownToken {
  return {
    digest: Buffer.from(record.sha256, 'hex'),
    identity: {
      userName: record.userName,
      groups: [groupOf(record.role), 'system:authenticated'],
      role: record.role,
    },
  };
}

function find(known: readonly KnownToken[], token: string): Identity | undefined {
  const digest = sha256(token);
  let found: Identity | undefined;
  for (const each of known) {
    if (timingSafeEqual(each.digest, digest)) found = each.identity;
  }
  return found;
}

function sha256(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}
