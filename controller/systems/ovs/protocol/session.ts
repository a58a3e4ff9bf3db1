import type { Socket } from 'node:net';
import { JSONRPCClient } from 'json-rpc-2.0';
import type { JSONRPCResponse } from 'json-rpc-2.0';

import type { Clock } from '../../../../api/machinery/clock.ts';
import { OvsdbUnreachable, RequestRefused } from './errors.ts';
import type { ServerError } from './errors.ts';
import { JsonFramer } from './framer.ts';
import { asJsonArray, asJsonObject, isJsonObject } from './json.ts';
import type { JsonObject } from './json.ts';

export interface SessionOptions {
  readonly clock: Clock;
  /** What the server sends unasked: `update2` and the like. Called in the order of the stream. */
  readonly onNotification: (method: string, params: readonly unknown[]) => void;
}

/**
 * JSON-RPC 1.0 as OVSDB speaks it, over one socket. The library speaks 2.0; this adapter takes its `jsonrpc` member away (the
 * server drops a connection that carries it) and adds it to replies, answers the server's `echo`, and makes objects of errors
 * that are plain strings.
 */
export class OvsdbSession {
  readonly #socket: Socket;
  readonly #clock: Clock;
  readonly #onNotification: SessionOptions['onNotification'];
  readonly #framer = new JsonFramer();
  readonly #client = new JSONRPCClient((request: unknown) => this.#send(withoutVersion(request)));
  #lastId = 0;
  #lastHeardMs: number;
  #end: OvsdbUnreachable | undefined;
  #resolveEnded: (reason: Error) => void = () => undefined;
  /** Resolves with the reason once the session has ended, however that came. */
  readonly ended = new Promise<Error>((resolve) => {
    this.#resolveEnded = resolve;
  });

  constructor(socket: Socket, { clock, onNotification }: SessionOptions) {
    this.#socket = socket;
    this.#clock = clock;
    this.#onNotification = onNotification;
    this.#lastHeardMs = clock.now();
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('error', (cause) => this.close(new OvsdbUnreachable(cause.message, { cause })));
    socket.on('close', () => this.close(new OvsdbUnreachable('the server closed the connection')));
  }

  /** How long the server has been silent. */
  silentMs(): number {
    return this.#clock.now() - this.#lastHeardMs;
  }

  /**
   * Sends a request and waits for its reply. Throws `RequestRefused` when the server answers with an error, `OvsdbUnreachable`
   * when the session ends first or no reply comes within `timeoutMs`.
   */
  async request(method: string, params: readonly unknown[], timeoutMs: number): Promise<unknown> {
    if (this.#end) throw this.#end;
    const id = (this.#lastId += 1);
    let timedOut = false;
    const cancelTimeout = this.#clock.after(timeoutMs, () => {
      timedOut = true;
      this.#client.receive(failure(id, { error: 'timed out', details: '' }));
    });
    const response = await this.#client.requestAdvanced({ jsonrpc: '2.0', id, method, params });
    cancelTimeout();
    if (response.error === undefined) return response.result;
    if (timedOut) throw new OvsdbUnreachable(`no reply to ${method} within ${timeoutMs} ms`);
    throw this.#end ?? new RequestRefused(method, serverError(response.error.data));
  }

  /** Ends the session; every request that waits fails with `reason`. May be called twice. */
  close(reason: OvsdbUnreachable): void {
    if (this.#end) return;
    this.#end = reason;
    this.#socket.destroy();
    this.#client.rejectAllPendingRequests(reason.message);
    this.#resolveEnded(reason);
  }

  #receive(chunk: Buffer): void {
    if (this.#end) return;
    this.#lastHeardMs = this.#clock.now();
    try {
      for (const message of this.#framer.push(chunk)) this.#dispatch(asJsonObject(message));
    } catch (cause) {
      const text = cause instanceof Error ? cause.message : String(cause);
      this.close(new OvsdbUnreachable(`the server sent what can't be used: ${text}`, { cause }));
    }
  }

  #dispatch(message: JsonObject): void {
    const { method, params, id } = message;
    if (typeof method !== 'string') return this.#client.receive(withVersion(message));
    if (method === 'echo') return this.#send({ id, result: params, error: null });
    if (id === null || id === undefined) return this.#onNotification(method, asJsonArray(params));
    this.#send({ id, result: null, error: `unknown method ${method}` });
  }

  #send(message: unknown): void {
    this.#socket.write(JSON.stringify(message));
  }
}

function withoutVersion(request: unknown): JsonObject {
  const { jsonrpc: _version, ...rest } = asJsonObject(request);
  return rest;
}

function withVersion({ id, result, error }: JsonObject): JSONRPCResponse {
  const replyId = typeof id === 'number' || typeof id === 'string' ? id : null;
  if (error === null || error === undefined) return { jsonrpc: '2.0', id: replyId, result };
  return failure(replyId, error);
}

function failure(id: string | number | null, data: unknown): JSONRPCResponse {
  return { jsonrpc: '2.0', id, error: { code: 0, message: 'refused', data } };
}

/** An error is `{error, details}`, or a plain string where the method is not known. */
export function serverError(reply: unknown): ServerError {
  if (!isJsonObject(reply)) return { error: String(reply), details: '' };
  const { error, details } = reply;
  return { error: String(error), details: typeof details === 'string' ? details : '' };
}
