import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../machinery/clock.ts';
import { asApiError, sendError } from './answer/send-error.ts';
import type { Exchange, ResourceExchange } from './exchange.ts';
import type { Gate, Passage } from './gate.ts';
import { ANONYMOUS } from './identity/identity.ts';
import type { AuditRecord } from './operations/audit-log.ts';
import type { RequestMetrics } from './operations/request-metrics.ts';

export interface RequestHandlerOptions {
  readonly gate: Gate;
  readonly clock: Clock;
  /** Most requests are for resources, whose paths the gate has read already: a router would only cost time. */
  readonly answerResource: (exchange: ResourceExchange) => Promise<void>;
  /** The router for all others. */
  readonly route: (exchange: Exchange) => void;
  readonly metrics: RequestMetrics;
  readonly audit: (record: AuditRecord) => void;
  readonly onError: (passage: Passage, error: unknown) => void;
}

/** Takes each request through the gate and to its answer, and writes down how it ended. */
export function requestHandler(options: RequestHandlerOptions): (request: IncomingMessage, response: ServerResponse) => void {
  return (request, response) => {
    const passage: Passage = { request, response, remoteAddress: request.socket.remoteAddress ?? '' };
    recordEnd(passage, options);
    void serve(passage, options).catch((error: unknown) => {
      options.onError(passage, error);
      response.destroy();
    });
  };
}

async function serve(passage: Passage, options: RequestHandlerOptions): Promise<void> {
  let exchange: Exchange | undefined;
  try {
    exchange = options.gate.pass(passage);
    if (isAboutResource(exchange)) await options.answerResource(exchange);
    else options.route(exchange);
  } catch (error) {
    options.onError(passage, error);
    await sendError(exchange ?? unauthenticated(passage), error);
  }
}

function isAboutResource(exchange: Exchange): exchange is ResourceExchange {
  return exchange.info.isResource;
}

/** Enough of an exchange to send a refusal with. */
function unauthenticated({ request, response, info, identity }: Passage): Exchange {
  return {
    request,
    response,
    query: new URLSearchParams(),
    info: info ?? { isResource: false, verb: (request.method ?? '').toLowerCase(), path: '' },
    identity: identity ?? ANONYMOUS,
  };
}

function recordEnd(passage: Passage, { clock, metrics, audit }: RequestHandlerOptions): void {
  const startedAtMs = clock.now();
  passage.response.once('close', () => {
    const durationMs = clock.now() - startedAtMs;
    const { info, identity, remoteAddress } = passage;
    const code = passage.response.headersSent ? passage.response.statusCode : CLIENT_CLOSED_REQUEST;
    metrics.finished(info, code, durationMs / 1000);
    audit({ identity, info, remoteAddress, code, durationMs });
  });
}

/** nginx's code for a client that went away before its answer; HTTP has none. */
const CLIENT_CLOSED_REQUEST = 499;

/** Whether a person must look at it: what clients do wrong is no fault of ours. */
export function isOurFault(error: unknown): boolean {
  // 504 is Kubernetes' answer to who asks for a revision that is still to come.
  const { code } = asApiError(error);
  return code >= 500 && code !== 504;
}
