import type { IncomingMessage } from 'node:http';
import { badRequest, forbidden } from '../../machinery/api-error.ts';
import type { Attempt, Authorizer } from './authorizer.ts';
import { refusalText } from './authorizer.ts';
import type { Identity } from './identity.ts';
import { ANONYMOUS, roleOfGroups } from './identity.ts';

const USER = 'impersonate-user';
const GROUP = 'impersonate-group';
const UID = 'impersonate-uid';
const EXTRA = 'impersonate-extra-';

/**
 * Who is to be taken for the sender (`kubectl --as`, `--as-group`; k8s.io/apiserver `pkg/endpoints/filters/impersonation`); undefined
 * where nobody is asked for. What the other may do comes of the groups alone. Throws 403 unless the sender may impersonate the
 * user and each group, 400 for groups without a user.
 */
export function impersonated(request: IncomingMessage, sender: Identity, authorizer: Authorizer): Identity | undefined {
  if (!Object.keys(request.headers).some((name) => name.startsWith('impersonate-'))) return undefined;
  const [userName = ''] = request.headersDistinct[USER] ?? [];
  const attempts = attemptsOf(request, userName);
  if (attempts.length === 0) return undefined;
  if (userName === '') throw badRequest('impersonating groups, a uid or extras takes a user name too (Impersonate-User)');
  const refused = attempts.find((attempt) => !authorizer.allows(sender, attempt));
  if (refused !== undefined) throw forbidden({ group: refused.group, plural: refused.resource }, refused.name, refusalText(sender, refused));
  const groups = withStanding(userName, request.headersDistinct[GROUP] ?? []);
  const role = roleOfGroups(groups);
  return { userName, groups, impersonatedBy: sender.userName, ...(role === undefined ? {} : { role }) };
}

type ResourceAttempt = Exclude<Attempt, { path: string }>;

function attemptsOf({ headersDistinct }: IncomingMessage, userName: string): ResourceAttempt[] {
  const attempt = (group: string, resource: string, name: string, subresource = ''): ResourceAttempt => ({
    verb: 'impersonate',
    group,
    resource,
    subresource,
    namespace: '',
    name,
  });
  const extras = Object.entries(headersDistinct).filter(([name]) => name.startsWith(EXTRA));
  return [
    ...(userName === '' ? [] : [attempt('', 'users', userName)]),
    ...(headersDistinct[GROUP] ?? []).map((name) => attempt('', 'groups', name)),
    ...(headersDistinct[UID] ?? []).map((name) => attempt('authentication.k8s.io', 'uids', name)),
    ...extras.flatMap(([name, values = []]) => values.map((value) => attempt('authentication.k8s.io', 'userextras', value, name.slice(EXTRA.length)))),
  ];
}

/** Everybody but the anonymous one has shown who they are. */
function withStanding(userName: string, groups: readonly string[]): readonly string[] {
  const standing = userName === ANONYMOUS.userName ? 'system:unauthenticated' : 'system:authenticated';
  return groups.includes('system:authenticated') || groups.includes('system:unauthenticated') ? groups : [...groups, standing];
}
