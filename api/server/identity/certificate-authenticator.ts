import type { Clock } from '../../machinery/clock.ts';
import type { Authenticator } from './authenticator.ts';
import type { ClientCertificate } from './client-certificate.ts';
import type { Identity } from './identity.ts';
import { roleOfGroups } from './identity.ts';

/**
 * Client certificates before all else, as in Kubernetes: CN is the user, each O a group, and the group `bridgekeeper:ROLE` gives a
 * role. Who shows none, or one that is not ours, is for `next` to know; a wrong or `revoked` one without anything else is refused.
 */
export function certificateAuthenticator(next: Authenticator, clock: Clock, revoked: () => ReadonlySet<string>): Authenticator {
  return {
    authenticate(credentials) {
      const { certificate } = credentials;
      if (certificate === undefined) return next.authenticate(credentials);
      if (certificate.isTrusted && certificate.expiresAtMs > clock.now() && !revoked().has(certificate.serialNumber)) return identityOf(certificate);
      return credentials.authorization === undefined ? undefined : next.authenticate(credentials);
    },
  };
}

function identityOf({ userName, organizations }: Extract<ClientCertificate, { isTrusted: true }>): Identity {
  const role = roleOfGroups(organizations);
  return { userName, groups: [...organizations, 'system:authenticated'], ...(role === undefined ? {} : { role }) };
}
