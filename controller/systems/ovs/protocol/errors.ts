/** The connection could not be made, was lost, or fell silent. What was asked for may or may not have been done. */
export class OvsdbUnreachable extends Error {
  override readonly name = 'OvsdbUnreachable';
}

/** The peer sent what is no JSON-RPC; the connection is of no more use. */
export class MalformedStream extends Error {
  override readonly name = 'MalformedStream';
}

/** What a server says when it refuses (RFC 7047 section 3.1, <error>). */
export interface ServerError {
  /** The class of the error: `constraint violation`, `timed out`, `referential integrity violation`, … */
  readonly error: string;
  readonly details: string;
}

/** The server answered a request with an error: an unknown method, a wrong parameter. */
export class RequestRefused extends Error {
  override readonly name = 'RequestRefused';
  readonly method: string;
  readonly reply: ServerError;

  constructor(method: string, reply: ServerError) {
    super(`${method}: ${describeServerError(reply)}`);
    this.method = method;
    this.reply = reply;
  }
}

/** The server refused a transaction; nothing of it was done. */
export class TransactionRefused extends Error {
  override readonly name = 'TransactionRefused';
  /** Which operation was refused; undefined when the transaction as a whole was, at commit. */
  readonly operationIndex: number | undefined;
  readonly reply: ServerError;

  constructor(operationIndex: number | undefined, reply: ServerError) {
    const where = operationIndex === undefined ? 'commit' : `operation ${operationIndex}`;
    super(`${where}: ${describeServerError(reply)}`);
    this.operationIndex = operationIndex;
    this.reply = reply;
  }
}

export function describeServerError({ error, details }: ServerError): string {
  return details ? `${error}: ${details}` : error;
}
