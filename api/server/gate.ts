import type { IncomingMessage, ServerResponse } from 'node:http';
import { badRequest, forbidden, forbiddenPath, tooManyRequests, unauthorized } from '../machinery/api-error.ts';
import type { JudgeChange } from '../registry/contract.ts';
import type { Exchange } from './exchange.ts';
import type { Authenticator } from './identity/authenticator.ts';
import type { Attempt, Authorizer } from './identity/authorizer.ts';
import { refusalText } from './identity/authorizer.ts';
import { clientCertificateOf } from './identity/client-certificate.ts';
import type { FailedLogins } from './identity/failed-logins.ts';
import { changesOnlyFinalizers } from './identity/changes-only-finalizers.ts';
import type { Identity } from './identity/identity.ts';
import { impersonated } from './identity/impersonation.ts';
import type { InFlight } from './operations/in-flight.ts';
import type { RequestInfo } from './request/request-info.ts';
import { requestInfo } from './request/request-info.ts';

/** What every request must pass, in this order: its path makes sense, its sender is known, there is room, it is allowed. */
export interface Gate {
  /** Throws an `ApiError`. What was found out until then is in `passage`, for the logs. */
  pass(passage: Passage): Exchange;
}

/** A request on its way through the gate. */
export interface Passage {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly remoteAddress: string;
  info?: RequestInfo;
  identity?: Identity;
}

export interface GateOptions {
  readonly authenticator: Authenticator;
  readonly authorizer: Authorizer;
  readonly failedLogins: FailedLogins;
  readonly inFlight: InFlight;
}

export function createGate({ authenticator, authorizer, failedLogins, inFlight }: GateOptions): Gate {
  function authenticate({ request, remoteAddress }: Passage): Identity {
    const identity = authenticator.authenticate({ authorization: request.headers.authorization, certificate: clientCertificateOf(request.socket) });
    if (identity !== undefined) return identity;
    throw failedLogins.record(remoteAddress) ? unauthorized() : tooManyRequests('Too many failed logins, please try again later.', 60);
  }

  return {
    pass(passage) {
      const { request, response } = passage;
      const { path, query } = splitUrl(request.url ?? '/');
      const info = (passage.info = readInfo(request.method ?? 'GET', path, query));
      const sender = (passage.identity = authenticate(passage));
      const identity = (passage.identity = impersonated(request, sender, authorizer) ?? sender);
      if (!isLongRunning(info)) response.once('close', inFlight.enter(isReading(info) ? 'reading' : 'writing'));
      const attempt = attemptOf(info);
      const judgeChange = authorizer.allows(identity, attempt) ? undefined : judgedByChange({ authorizer, identity, attempt });
      return { request, response, info, query, identity, judgeChange };
    },
  };
}

function splitUrl(url: string): { readonly path: string; readonly query: URLSearchParams } {
  const [beforeHash = ''] = url.split('#', 1);
  const at = beforeHash.indexOf('?');
  if (at < 0) return { path: beforeHash, query: new URLSearchParams() };
  return { path: beforeHash.slice(0, at), query: new URLSearchParams(beforeHash.slice(at + 1)) };
}

function readInfo(method: string, path: string, query: URLSearchParams): RequestInfo {
  try {
    return requestInfo(method, path, query);
  } catch (error) {
    if (error instanceof URIError) throw badRequest(`the path of the request is not valid: ${path.slice(0, 200)}`);
    throw error;
  }
}

function isReading(info: RequestInfo): boolean {
  return ['get', 'list', 'head', 'options'].includes(info.verb);
}

function isLongRunning(info: RequestInfo): boolean {
  return info.isResource && info.verb === 'watch';
}

function attemptOf(info: RequestInfo): Attempt {
  if (!info.isResource) return { verb: info.verb, path: info.path };
  const { verb, group, resource, subresource, namespace, name, selectedName } = info;
  return { verb, group, resource, subresource, namespace, name: name === '' ? selectedName : name };
}

/**
 * Finalizers are a subresource only by name: they are written with the object itself. Who may write no more than them may patch and
 * update, and is refused when that would change something else. Who may not even that is refused here.
 */
function judgedByChange({ authorizer, identity, attempt }: { authorizer: Authorizer; identity: Identity; attempt: Attempt }): JudgeChange {
  const isWrite = 'resource' in attempt && ['update', 'patch'].includes(attempt.verb) && attempt.subresource === '';
  if (!isWrite || !authorizer.allows(identity, { ...attempt, subresource: 'finalizers' })) throw refusal(identity, attempt);
  return (next, old) => {
    const isAllowed = old === undefined ? authorizer.allows(identity, { ...attempt, verb: 'create' }) : changesOnlyFinalizers(next, old);
    if (!isAllowed) throw refusal(identity, attempt);
  };
}

function refusal(identity: Identity, attempt: Attempt): Error {
  const because = refusalText(identity, attempt);
  return 'path' in attempt ? forbiddenPath(because) : forbidden({ group: attempt.group, plural: attempt.resource }, attempt.name, because);
}
