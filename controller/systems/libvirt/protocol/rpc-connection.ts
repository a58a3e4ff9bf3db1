import type { Duplex } from 'node:stream';
import type { Clock } from '../../../../api/machinery/clock.ts';
import { CallTimedOut, ConnectionLost, ProtocolViolation } from './errors.ts';
import { decodeEvent } from './events.ts';
import type { LibvirtEvent } from './events.ts';
import { MessageFramer } from './framer.ts';
import { decodeError, decodePacket, encodePacket, KEEPALIVE, MESSAGE_STATUS, MESSAGE_TYPE, PROGRAM } from './packet.ts';
import type { Packet } from './packet.ts';
import type { Procedure } from './procedures.ts';
import { XdrWriter } from './xdr.ts';

export interface RpcConnectionOptions {
  /** An open stream to libvirt's socket. The connection owns it from here on. */
  readonly stream: Duplex;
  readonly clock: Clock;
  /** How long a call may take when it says nothing else. */
  readonly callTimeoutMs: number;
  /** A sign of life is asked for after this long without one; after three without an answer the connection is given up. */
  readonly keepaliveMs: number;
  readonly onEvent: (event: LibvirtEvent) => void;
  /** Called once, when the connection has ended for whatever reason. */
  readonly onClose: (reason: Error) => void;
}

interface PendingCall {
  readonly resolve: (packet: Packet) => void;
  readonly reject: (error: Error) => void;
}

const KEEPALIVE_TRIES = 3;
/**
 * libvirt reads nothing more from a client that has five requests under way (`max_client_requests` in libvirtd.conf), not even that it
 * lives: after thirty seconds of that it ends the connection.
 */
const CALLS_AT_ONCE = 4;

/**
 * One connection to libvirt: calls in flight side by side, answered by serial number in whatever order they end. More than libvirt
 * takes at once wait for their turn.
 */
export class RpcConnection {
  readonly #options: RpcConnectionOptions;
  readonly #framer = new MessageFramer();
  readonly #pending = new Map<number, PendingCall>();
  readonly #waiting: (() => void)[] = [];
  #inFlight = 0;
  #serial = 0;
  #unansweredPings = 0;
  #ended: Error | undefined;
  #cancelPing: () => void = () => undefined;

  constructor(options: RpcConnectionOptions) {
    this.#options = options;
    const { stream } = options;
    stream.on('data', (piece: Buffer) => this.#receive(piece));
    stream.on('error', (cause) => this.close(new ConnectionLost(`libvirt's socket failed: ${cause.message}`, { cause })));
    stream.on('close', () => this.close(new ConnectionLost("libvirt's socket was closed")));
    this.#schedulePing();
  }

  /**
   * Carries out one call. Throws `LibvirtError` when libvirt refuses, `CallTimedOut` when it does not answer in time, counted from
   * when it was sent, and `ConnectionLost` when the connection ends first.
   */
  async call<Args, Result>(
    procedure: Procedure<Args, Result>,
    args: Args,
    timeoutMs: number = this.#options.callTimeoutMs,
  ): Promise<Result> {
    this.#mustGoOn();
    const writer = new XdrWriter();
    procedure.encode(writer, args);
    await this.#turn();
    this.#mustGoOn();
    const reply = await this.#send(procedure, writer.bytes(), timeoutMs).finally(() => this.#pass());
    if (reply.status === MESSAGE_STATUS.error) throw decodeError(reply.payload);
    return procedure.decode(reply.payload);
  }

  /** Ends the connection and every call in flight. May be called twice. */
  close(reason: Error): void {
    if (this.#ended) return;
    this.#ended = reason;
    this.#cancelPing();
    this.#options.stream.destroy();
    for (const { reject } of this.#pending.values()) reject(reason);
    this.#pending.clear();
    for (const go of this.#waiting.splice(0)) go();
    this.#options.onClose(reason);
  }

  #mustGoOn(): void {
    if (this.#ended) throw this.#ended;
  }

  /** Resolves when one more call may be sent, or when the connection has ended. */
  async #turn(): Promise<void> {
    this.#inFlight += 1;
    if (this.#inFlight <= CALLS_AT_ONCE) return;
    await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** A call that was given up gives its turn on too: should libvirt be stuck in it, only a new connection helps. */
  #pass(): void {
    this.#inFlight -= 1;
    this.#waiting.shift()?.();
  }

  #send({ name, number }: Pick<Procedure<never, unknown>, 'name' | 'number'>, payload: Buffer, timeoutMs: number): Promise<Packet> {
    const serial = this.#nextSerial();
    return new Promise((resolve, reject) => {
      const cancelTimeout = this.#options.clock.after(timeoutMs, () => {
        this.#pending.delete(serial);
        reject(new CallTimedOut(`libvirt did not answer ${name} within ${timeoutMs} ms`));
      });
      this.#pending.set(serial, {
        resolve: (packet) => {
          cancelTimeout();
          resolve(packet);
        },
        reject: (error) => {
          cancelTimeout();
          reject(error);
        },
      });
      const header = { program: PROGRAM.remote, procedure: number, type: MESSAGE_TYPE.call, serial, status: MESSAGE_STATUS.ok };
      this.#options.stream.write(encodePacket(header, payload));
    });
  }

  #nextSerial(): number {
    this.#serial = this.#serial === 0xffffffff ? 1 : this.#serial + 1;
    return this.#serial;
  }

  #receive(piece: Buffer): void {
    try {
      for (const message of this.#framer.push(piece)) this.#dispatch(decodePacket(message));
    } catch (error) {
      if (!(error instanceof ProtocolViolation)) throw error;
      this.close(error);
    }
  }

  #dispatch(packet: Packet): void {
    this.#unansweredPings = 0;
    if (packet.program === PROGRAM.keepalive) return this.#answerKeepalive(packet);
    if (packet.type === MESSAGE_TYPE.reply) return this.#settle(packet);
    if (packet.type !== MESSAGE_TYPE.message) return;
    const event = decodeEvent(packet);
    if (event) this.#options.onEvent(event);
  }

  /** An answer to nothing is one that came after its call was given up. */
  #settle(packet: Packet): void {
    const call = this.#pending.get(packet.serial);
    this.#pending.delete(packet.serial);
    call?.resolve(packet);
  }

  #answerKeepalive(packet: Packet): void {
    if (packet.procedure === KEEPALIVE.ping) this.#sendKeepalive(KEEPALIVE.pong);
  }

  #sendKeepalive(procedure: number): void {
    const header = { program: PROGRAM.keepalive, procedure, type: MESSAGE_TYPE.message, serial: 0, status: MESSAGE_STATUS.ok };
    this.#options.stream.write(encodePacket(header, Buffer.alloc(0)));
  }

  #schedulePing(): void {
    this.#cancelPing = this.#options.clock.after(this.#options.keepaliveMs, () => {
      if (this.#unansweredPings >= KEEPALIVE_TRIES) {
        this.close(new ConnectionLost(`libvirt gave no sign of life to ${KEEPALIVE_TRIES} keepalive requests`));
        return;
      }
      this.#unansweredPings += 1;
      this.#sendKeepalive(KEEPALIVE.ping);
      this.#schedulePing();
    });
  }
}
