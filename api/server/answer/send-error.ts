import { ApiError, internalError } from '../../machinery/api-error.ts';
import type { Exchange } from '../exchange.ts';
import { sendValue } from './send.ts';

/** Sends any error as a `Status`. What is no `ApiError` is our own fault: the client learns no more than that. */
export function sendError(exchange: Exchange, error: unknown): Promise<void> {
  const { status } = asApiError(error);
  const retryAfterSeconds = status.details?.retryAfterSeconds;
  if (!exchange.response.headersSent) {
    if (retryAfterSeconds !== undefined) exchange.response.setHeader('Retry-After', String(retryAfterSeconds));
    if (status.code === 401) exchange.response.setHeader('WWW-Authenticate', 'Bearer realm="bridgekeeper"');
    // The rest of a body that nobody will read must not be taken for the next request.
    if (status.code === 413) exchange.response.setHeader('Connection', 'close');
  }
  return sendValue(exchange, status.code, status, 'json');
}

export function asApiError(error: unknown): ApiError {
  return error instanceof ApiError ? error : internalError('an unexpected error', error);
}
