import { isObject, numberAt, objectsAt, parseJson, textAt, type Json, type JsonObject } from './json.ts';

export interface StatusCause {
  readonly reason: string;
  readonly message: string;
  readonly field: string;
}

/** The server said no. What it said is a `Status` (Kubernetes API conventions, "Response Status Kind") or plain text. */
export class StatusError extends Error {
  readonly code: number;
  readonly reason: string;
  readonly causes: readonly StatusCause[];

  constructor(options: { code: number; reason: string; message: string; causes: readonly StatusCause[] }) {
    super(options.message);
    this.name = 'StatusError';
    this.code = options.code;
    this.reason = options.reason;
    this.causes = options.causes;
  }
}

/** Reads the body of an answer that is no success. */
export function statusErrorOf(httpStatus: number, body: string): StatusError {
  const status = parsedStatus(body);
  if (status) return statusErrorFrom(status, httpStatus);
  const firstLine = body.trim().split('\n')[0]?.slice(0, 300) ?? '';
  const message = firstLine === '' ? `the server answered ${httpStatus}` : firstLine;
  return new StatusError({ code: httpStatus, reason: '', message, causes: [] });
}

/** Reads a `Status` object, as it also comes in an ERROR event of a watch. */
export function statusErrorFrom(status: JsonObject, otherwiseCode: number): StatusError {
  return new StatusError({
    code: numberAt(status, 'code') ?? otherwiseCode,
    reason: textAt(status, 'reason') ?? '',
    message: textAt(status, 'message') ?? 'the server gave no reason',
    causes: objectsAt(status, 'details', 'causes').map((cause) => ({
      reason: textAt(cause, 'reason') ?? '',
      message: textAt(cause, 'message') ?? '',
      field: textAt(cause, 'field') ?? '',
    })),
  });
}

function parsedStatus(body: string): JsonObject | undefined {
  let value: Json;
  try {
    value = parseJson(body);
  } catch {
    // Proxies and load balancers answer in plain text or HTML; the caller shows its first line.
    return undefined;
  }
  return isObject(value) && value['kind'] === 'Status' ? value : undefined;
}
