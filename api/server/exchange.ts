import type { IncomingMessage, ServerResponse } from 'node:http';
import type { JudgeChange } from '../registry/contract.ts';
import type { Identity } from './identity/identity.ts';
import type { RequestInfo, ResourceRequest } from './request/request-info.ts';

/** One request, who sent it, and the way to answer. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly info: RequestInfo;
  readonly query: URLSearchParams;
  readonly identity: Identity;
  /** Where it takes the change itself to say whether it is allowed. */
  readonly judgeChange?: JudgeChange | undefined;
}

/** An exchange about a resource, after routing has found out that it is one. */
export interface ResourceExchange extends Exchange {
  readonly info: ResourceRequest;
}
