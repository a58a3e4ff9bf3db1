import type { Clock } from '../../../../api/machinery/clock.ts';
import type { OvsdbAddress } from './address.ts';
import { OvsdbUnreachable } from './errors.ts';
import { OvsdbSession } from './session.ts';
import { openSocket } from './socket.ts';

export interface ConnectionOptions {
  readonly address: OvsdbAddress;
  readonly clock: Clock;
  /** For the jitter of the back-off; in [0, 1). */
  readonly random: () => number;
  /** Makes a fresh session usable; the connection counts as up once this resolves. */
  readonly onSession: (session: OvsdbSession) => Promise<void>;
  readonly onNotification: (method: string, params: readonly unknown[]) => void;
  /** The connection came or went. */
  readonly onChange: (session: OvsdbSession | undefined, reason: Error | undefined) => void;
}

const CONNECT_TIMEOUT_MS = 5_000;
const FIRST_BACK_OFF_MS = 50;
const MAX_BACK_OFF_MS = 2_000;
/** After so much silence the server is asked whether it is there; the answer has as long again. */
const INACTIVITY_MS = 5_000;

/** Keeps one session to the server: connects, probes, and comes back with a growing delay. */
export class OvsdbConnection {
  readonly #options: ConnectionOptions;
  readonly #stopped = new AbortController();
  #session: OvsdbSession | undefined;
  #running: Promise<void> | undefined;

  constructor(options: ConnectionOptions) {
    this.#options = options;
  }

  start(): void {
    this.#running ??= this.#run();
  }

  async stop(): Promise<void> {
    this.#stopped.abort(new OvsdbUnreachable('stopped'));
    this.#session?.close(new OvsdbUnreachable('stopped'));
    await this.#running;
  }

  async #run(): Promise<void> {
    let failures = 0;
    while (!this.#stopped.signal.aborted) {
      const wasUp = await this.#runSession();
      failures = wasUp ? 0 : failures + 1;
      await this.#backOff(failures);
    }
  }

  /** Lives through one session; says whether it ever was usable. */
  async #runSession(): Promise<boolean> {
    const { address, clock, onNotification, onSession, onChange } = this.#options;
    let isUp = false;
    let reason: Error;
    try {
      const session = new OvsdbSession(await openSocket(address, clock, CONNECT_TIMEOUT_MS), { clock, onNotification });
      this.#session = session;
      if (this.#stopped.signal.aborted) session.close(new OvsdbUnreachable('stopped'));
      const cancelProbe = this.#probe(session);
      try {
        await onSession(session);
        isUp = true;
        onChange(session, undefined);
        reason = await session.ended;
      } finally {
        cancelProbe();
        session.close(new OvsdbUnreachable('the session could not be set up'));
      }
    } catch (error) {
      reason = error instanceof Error ? error : new Error(String(error));
    }
    this.#session = undefined;
    onChange(undefined, reason);
    return isUp;
  }

  /** A half-open socket never ends by itself; an unanswered echo ends it. Returns the way to stop asking. */
  #probe(session: OvsdbSession): () => void {
    const { clock } = this.#options;
    let cancel = clock.after(INACTIVITY_MS, check);
    function check(): void {
      cancel = clock.after(INACTIVITY_MS, check);
      if (session.silentMs() < INACTIVITY_MS) return;
      session.request('echo', [], INACTIVITY_MS - 1).catch((cause: unknown) => {
        session.close(new OvsdbUnreachable(`the server is silent: no answer to echo within ${INACTIVITY_MS} ms`, { cause }));
      });
    }
    return () => cancel();
  }

  async #backOff(failures: number): Promise<void> {
    const { clock, random } = this.#options;
    const fullMs = Math.min(FIRST_BACK_OFF_MS * 2 ** failures, MAX_BACK_OFF_MS);
    const delayMs = fullMs / 2 + (random() * fullMs) / 2;
    try {
      await clock.sleep(delayMs, this.#stopped.signal);
    } catch (error) {
      // Stopped: the caller sees it by the signal.
      if (!this.#stopped.signal.aborted) throw error;
    }
  }
}
