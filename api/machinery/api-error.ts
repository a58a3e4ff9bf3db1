import type { Status, StatusCause, StatusDetails } from './status.ts';

/** A resource or kind of a group; the core group is the empty string. */
export interface GroupResource {
  readonly group: string;
  readonly plural: string;
}

export interface GroupKind {
  readonly group: string;
  readonly kind: string;
}

interface Refusal {
  readonly code: number;
  readonly reason?: string;
  readonly message: string;
  readonly details?: StatusDetails;
  readonly continueToken?: string;
}

/**
 * A refusal as Kubernetes words it. `status` is the body to send, `status.code` the HTTP status.
 * The factories below give the messages of k8s.io/apimachinery `pkg/api/errors`.
 */
export class ApiError extends Error {
  readonly status: Status & { readonly code: number };

  constructor(refusal: Refusal, options?: ErrorOptions) {
    super(refusal.message, options);
    this.name = 'ApiError';
    this.status = {
      kind: 'Status',
      apiVersion: 'v1',
      metadata: refusal.continueToken === undefined ? {} : { continue: refusal.continueToken },
      status: 'Failure',
      message: refusal.message,
      ...(refusal.reason === undefined ? {} : { reason: refusal.reason }),
      ...(refusal.details === undefined ? {} : { details: refusal.details }),
      code: refusal.code,
    };
  }

  get code(): number {
    return this.status.code;
  }

  get reason(): string {
    return this.status.reason ?? '';
  }
}

/** `portgroups.bridgekeeper.dev`, or `secrets` in the core group. */
export function qualified(group: string, name: string): string {
  return group === '' ? name : `${name}.${group}`;
}

export function notFound(resource: GroupResource, name: string): ApiError {
  return new ApiError({
    code: 404,
    reason: 'NotFound',
    message: `${qualified(resource.group, resource.plural)} "${name}" not found`,
    details: about(name, resource.group, resource.plural),
  });
}

/** 404 for a path below a known group that serves no such resource. */
export function noSuchResource(): ApiError {
  return new ApiError({ code: 404, reason: 'NotFound', message: 'the server could not find the requested resource', details: {} });
}

export function alreadyExists(resource: GroupResource, name: string): ApiError {
  return new ApiError({
    code: 409,
    reason: 'AlreadyExists',
    message: `${qualified(resource.group, resource.plural)} "${name}" already exists`,
    details: about(name, resource.group, resource.plural),
  });
}

/** Every name drawn for a `generateName` was taken. */
export function generatedNameTaken(resource: GroupResource, name: string): ApiError {
  return new ApiError({
    code: 409,
    reason: 'AlreadyExists',
    message: `${qualified(resource.group, resource.plural)} "${name}" already exists, the server was not able to generate a unique name for the object`,
    details: { ...about(name, resource.group, resource.plural), retryAfterSeconds: 1 },
  });
}

/** `what` is a plural (`portgroups`), or a kind where Kubernetes itself says the kind (delete preconditions). */
export function conflict(group: string, what: string, name: string, because: string): ApiError {
  return new ApiError({
    code: 409,
    reason: 'Conflict',
    message: `Operation cannot be fulfilled on ${qualified(group, what)} "${name}": ${because}`,
    details: about(name, group, what),
  });
}

/** The resourceVersion that a writer read is not the stored one any more. */
export function staleResourceVersion(resource: GroupResource, name: string): ApiError {
  return conflict(resource.group, resource.plural, name, STALE);
}

const STALE = 'the object has been modified; please apply your changes to the latest version and try again';

/** Server-side apply met fields that others own: one cause for each. */
export function applyConflict(causes: readonly StatusCause[], message: string): ApiError {
  return new ApiError({ code: 409, reason: 'Conflict', message, details: { causes } });
}

/** One error lists everything that is wrong with an object, one cause for each. */
export function invalid(kind: GroupKind, name: string, causes: readonly StatusCause[]): ApiError {
  return new ApiError({
    code: 422,
    reason: 'Invalid',
    message: `${qualified(kind.group, kind.kind)} "${name}" is invalid: ${joinCauses(causes)}`,
    details: { ...about(name, kind.group, kind.kind), causes },
  });
}

/** A 422 without a cause: what Kubernetes answers to a JSON patch that can't be carried out. */
export function unprocessable(): ApiError {
  return new ApiError({
    code: 422,
    reason: 'Invalid',
    message: 'the server rejected our request due to an error in our request',
    details: {},
  });
}

export function badRequest(message: string): ApiError {
  return new ApiError({ code: 400, reason: 'BadRequest', message });
}

export function unauthorized(message = 'Unauthorized'): ApiError {
  return new ApiError({ code: 401, reason: 'Unauthorized', message });
}

/** With an empty `name` the whole resource is meant. */
export function forbidden(resource: GroupResource, name: string, because: string): ApiError {
  const what = qualified(resource.group, resource.plural);
  const subject = what === '' ? 'forbidden' : name === '' ? `${what} is forbidden` : `${what} "${name}" is forbidden`;
  return new ApiError({
    code: 403,
    reason: 'Forbidden',
    message: `${subject}: ${because}`,
    details: about(name, resource.group, resource.plural),
  });
}

/** A path that is no resource: `forbidden: User "x" cannot get path "/metrics"`. */
export function forbiddenPath(because: string): ApiError {
  return new ApiError({ code: 403, reason: 'Forbidden', message: `forbidden: ${because}`, details: {} });
}

export function methodNotAllowed(resource: GroupResource, action: string): ApiError {
  return new ApiError({
    code: 405,
    reason: 'MethodNotAllowed',
    message: `${action} is not supported on resources of kind "${qualified(resource.group, resource.plural)}"`,
    details: about('', resource.group, resource.plural),
  });
}

export function notAcceptable(mediaTypes: readonly string[]): ApiError {
  return notTransformable(`only the following media types are accepted: ${mediaTypes.join(', ')}`);
}

/** An answer can't be turned into what the client wants to see. */
export function notTransformable(message: string): ApiError {
  return new ApiError({ code: 406, reason: 'NotAcceptable', message });
}

export function unsupportedMediaType(accepted: readonly string[]): ApiError {
  return new ApiError({
    code: 415,
    reason: 'UnsupportedMediaType',
    message: `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`,
  });
}

/** A revision or continue token whose history was compacted: the client must list again. */
export function expired(message: string): ApiError {
  return new ApiError({ code: 410, reason: 'Expired', message });
}

/** The snapshot of a paged list is gone; `continueToken` goes on with the newest state, knowingly inconsistent. */
export function continueExpired(continueToken: string): ApiError {
  return new ApiError({ code: 410, reason: 'Expired', message: CONTINUE_EXPIRED, continueToken });
}

const CONTINUE_EXPIRED =
  'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter, or use the continue token in this response to retrieve the remainder of the results. Continuing with the provided token results in an inconsistent list - objects that were created, modified, or deleted between the time the first chunk was returned and now may show up in the list.';

export function tooLarge(limitBytes: number): ApiError {
  return entityTooLarge(`limit is ${limitBytes}`);
}

export function entityTooLarge(because: string): ApiError {
  return new ApiError({ code: 413, reason: 'RequestEntityTooLarge', message: `Request entity is too large: ${because}` });
}

export function tooManyRequests(message: string, retryAfterSeconds: number): ApiError {
  return new ApiError({ code: 429, reason: 'TooManyRequests', message, details: { retryAfterSeconds } });
}

/** The client has seen a revision that this server has not: it may come, so it may try again. */
export function resourceVersionTooLarge(requested: number, current: number): ApiError {
  return new ApiError({
    code: 504,
    reason: 'Timeout',
    message: `Timeout: Too large resource version: ${requested}, current: ${current}`,
    details: { causes: [{ reason: 'ResourceVersionTooLarge', message: 'Too large resource version' }], retryAfterSeconds: 1 },
  });
}

export function timeout(message: string, retryAfterSeconds?: number): ApiError {
  const details = retryAfterSeconds === undefined ? {} : { retryAfterSeconds };
  return new ApiError({ code: 504, reason: 'Timeout', message: `Timeout: ${message}`, details });
}

export function serviceUnavailable(message: string): ApiError {
  return new ApiError({ code: 503, reason: 'ServiceUnavailable', message });
}

/** What is our own fault. The cause stays in the log; the client sees only the text. */
export function internalError(message: string, cause?: unknown): ApiError {
  return new ApiError(
    { code: 500, reason: 'InternalError', message: `Internal error occurred: ${message}`, details: { causes: [{ message }] } },
    { cause },
  );
}

function about(name: string, group: string, kind: string): StatusDetails {
  return {
    ...(name === '' ? {} : { name }),
    ...(group === '' ? {} : { group }),
    ...(kind === '' ? {} : { kind }),
  };
}

/** As Go's aggregate of errors prints: one alone bare, several in brackets, the same text only once. */
function joinCauses(causes: readonly StatusCause[]): string {
  const texts = [...new Set(causes.map((cause) => `${cause.field ?? ''}: ${cause.message}`))];
  const [only] = texts;
  return texts.length === 1 && only !== undefined ? only : `[${texts.join(', ')}]`;
}
