import { createConnection } from 'node:net';
import type { Socket } from 'node:net';
import { dirname, join } from 'node:path';
import type { Clock } from '../../../../api/machinery/clock.ts';
import { SystemUnreachable } from '../../system.ts';
import { backOffMs } from './back-off.ts';
import { CallTimedOut, ConnectionLost, LibvirtError, ProtocolViolation } from './errors.ts';
import type { LibvirtEvent } from './events.ts';
import { procedures } from './procedures.ts';
import type { Procedure } from './procedures.ts';
import { registerEvents } from './register-events.ts';
import { RpcConnection } from './rpc-connection.ts';

export interface SessionOptions {
  /**
   * libvirt's unix socket, `/run/libvirt/libvirt-sock` on a plain host. Where nobody answers on it, the modular QEMU daemon is tried,
   * whose socket is beside it: it passes calls for networks on to virtnetworkd (libvirt.org/daemons.html).
   */
  readonly socketPath: string;
  /** `qemu:///system`, or `test:///default` for libvirt's own mock driver. */
  readonly uri: string;
  readonly clock: Clock;
  readonly callTimeoutMs: number;
  readonly onEvent: (event: LibvirtEvent) => void;
  /** The connection came: everything may have changed meanwhile. */
  readonly onConnect: () => void;
  /** The connection went. */
  readonly onDisconnect: (reason: Error) => void;
  /** In [0, 1); Math.random by default. */
  readonly random?: () => number;
}

const MODULAR_SOCKET = 'virtqemud-sock';
const KEEPALIVE_MS = 5_000;
const CONNECT_TIMEOUT_MS = 10_000;
const RECONNECT = { firstMs: 50, longestMs: 5_000 } as const;

/** REMOTE_AUTH_POLKIT in remote_protocol.x. libvirt asks polkit itself; we only have to wait for its answer. */
const AUTH_POLKIT = 2;

/** VIR_DRV_FEATURE_PROGRAM_KEEPALIVE: asking for it tells libvirt that we answer its keepalive requests too. */
const FEATURE_KEEPALIVE = 10;

/** Keeps one connection to libvirt: opens it, opens it again when it breaks, and carries calls and events over it. */
export class LibvirtSession {
  readonly #options: SessionOptions;
  #connection: RpcConnection | undefined;
  #attempt: Promise<void> | undefined;
  #failures = 0;
  #lastError: Error | undefined;
  #running = false;
  #cancelRetry: () => void = () => undefined;

  constructor(options: SessionOptions) {
    this.#options = options;
  }

  /** Starts connecting and returns at once. */
  start(): void {
    if (this.#running) return;
    this.#running = true;
    this.#connect();
  }

  /** May be called twice. */
  stop(): void {
    this.#running = false;
    this.#cancelRetry();
    this.#connection?.close(new ConnectionLost('the session was stopped'));
  }

  /**
   * One call over the connection; waits for an attempt to connect that is under way. Throws `LibvirtError` when libvirt refuses
   * and `SystemUnreachable` when it can't be asked or does not answer.
   */
  async call<Args, Result>(procedure: Procedure<Args, Result>, args: Args, timeoutMs?: number): Promise<Result> {
    await this.#attempt;
    if (!this.#connection) throw this.#unreachable(this.#lastError);
    try {
      return await this.#connection.call(procedure, args, timeoutMs);
    } catch (error) {
      if (error instanceof LibvirtError || !isLoss(error)) throw error;
      throw this.#unreachable(error);
    }
  }

  #connect(): void {
    this.#attempt = this.#open()
      .then(
        (connection) => this.#opened(connection),
        (error: unknown) => this.#failed(error instanceof Error ? error : new Error(String(error))),
      )
      .finally(() => {
        this.#attempt = undefined;
      });
  }

  #opened(connection: RpcConnection): void {
    if (!this.#running) return connection.close(new ConnectionLost('the session was stopped'));
    this.#connection = connection;
    this.#failures = 0;
    this.#options.onConnect();
  }

  #failed(error: Error): void {
    this.#lastError = error;
    if (!this.#running) return;
    this.#failures += 1;
    const random = this.#options.random ?? Math.random;
    this.#cancelRetry = this.#options.clock.after(backOffMs({ ...RECONNECT, random }, this.#failures), () => this.#connect());
  }

  #lost(connection: RpcConnection | undefined, reason: Error): void {
    if (!connection || this.#connection !== connection) return;
    this.#connection = undefined;
    this.#options.onDisconnect(reason);
    this.#failed(reason);
  }

  async #open(): Promise<RpcConnection> {
    const stream = await connectLibvirt(this.#options.socketPath, this.#options.clock);
    const connection: RpcConnection = new RpcConnection({
      stream,
      clock: this.#options.clock,
      callTimeoutMs: this.#options.callTimeoutMs,
      keepaliveMs: KEEPALIVE_MS,
      onEvent: this.#options.onEvent,
      onClose: (reason) => this.#lost(connection, reason),
    });
    try {
      await greet(connection, this.#options.uri);
      return connection;
    } catch (error) {
      connection.close(new ConnectionLost('libvirt did not let us in', { cause: error }));
      throw error;
    }
  }

  #unreachable(cause: Error | undefined): SystemUnreachable {
    const why = cause?.message ?? 'not connected yet';
    const message = `libvirt can't be reached over ${this.#options.socketPath}: ${why}`;
    return new SystemUnreachable('libvirt', 'LibvirtUnreachable', message, { cause });
  }
}

function isLoss(error: unknown): error is Error {
  return error instanceof ConnectionLost || error instanceof CallTimedOut || error instanceof ProtocolViolation;
}

async function greet(connection: RpcConnection, uri: string): Promise<void> {
  const methods = await connection.call(procedures.authList, undefined);
  if (methods.includes(AUTH_POLKIT)) await connection.call(procedures.authPolkit, undefined);
  await connection.call(procedures.connectOpen, { uri, flags: 0 });
  await connection.call(procedures.connectSupportsFeature, FEATURE_KEEPALIVE);
  await registerEvents(connection);
}

async function connectLibvirt(socketPath: string, clock: Clock): Promise<Socket> {
  try {
    return await connectSocket(socketPath, clock);
  } catch (error) {
    const modular = await connectSocket(join(dirname(socketPath), MODULAR_SOCKET), clock).catch(() => undefined);
    if (modular) return modular;
    throw error;
  }
}

function connectSocket(socketPath: string, clock: Clock): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = createConnection({ path: socketPath });
    const cancel = clock.after(CONNECT_TIMEOUT_MS, () => socket.destroy(new Error(`no answer within ${CONNECT_TIMEOUT_MS} ms`)));
    socket.once('connect', () => {
      cancel();
      socket.off('error', reject);
      resolve(socket);
    });
    socket.once('error', (error) => {
      cancel();
      reject(error);
    });
  });
}
