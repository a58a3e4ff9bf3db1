import type { Clock } from '../../../api/machinery/clock.ts';
import type { Logger } from './logger.ts';
import type { OvsdbAddress } from './protocol/address.ts';
import { OvsdbConnection } from './protocol/connection.ts';
import { OvsdbUnreachable } from './protocol/errors.ts';
import { asJsonObject } from './protocol/json.ts';
import type { JsonObject } from './protocol/json.ts';
import { checkResults } from './protocol/operations.ts';
import type { Operation, OperationResult } from './protocol/operations.ts';
import type { OvsdbSession } from './protocol/session.ts';
import { MONITOR_REQUESTS, Replica } from './replica/replica.ts';
import type { OvsRows } from './replica/rows.ts';
import type { Uuid } from './schema/datum.ts';
import type { OpenvSwitchRow } from './schema/rows.ts';

const DATABASE = 'Open_vSwitch';
/** One controller a switch: whoever holds the lock of this name (RFC 7047 section 4.1.8). */
const LOCK = 'bridgekeeper';
const REQUEST_TIMEOUT_MS = 30_000;
/** vswitchd needs 1.7 s for a thousand new ports; after this it counts as dead. */
const VSWITCHD_PATIENCE_MS = 10_000;

export interface LinkOptions {
  readonly address: OvsdbAddress;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Logger;
  /** Something may have changed, or the connection came or went. */
  readonly onChange: () => void;
  /** An update has come, relevant or not; the log has grown. */
  readonly onUpdate: () => void;
}

export interface LinkStats {
  readonly connected: boolean;
  /** How often a connection was made, the first included. */
  readonly connections: number;
  /** Monitor updates received. */
  readonly updates: number;
  /** Transactions sent, and how many of them were refused. */
  readonly transactions: number;
  readonly refusedTransactions: number;
}

/** The connection to the database and the copy of its rows. */
export class OvsdbLink {
  readonly #options: LinkOptions;
  readonly #connection: OvsdbConnection;
  readonly #replica = new Replica();
  readonly #updateWaiters = new Set<() => void>();
  /** Updates that overtake the monitor's reply wait for it. */
  #early: unknown[] | undefined = [];
  #session: OvsdbSession | undefined;
  #isStopped = false;
  #hasTried = false;
  #lostBecause: Error = new OvsdbUnreachable('not connected yet');
  #schemaVersion = '';
  #holdsLock = false;
  /** Since when vswitchd has not got on with work that it has. */
  #laggingSinceMs: number | undefined;
  #lastCurCfg = 0;
  #cancelLagTimer: () => void = () => undefined;
  #stats = { connections: 0, updates: 0, transactions: 0, refusedTransactions: 0 };
  #markTried: () => void = () => undefined;
  /** Resolves once the first attempt to connect has ended, well or not. */
  readonly tried = new Promise<void>((resolve) => {
    this.#markTried = resolve;
  });

  constructor(options: LinkOptions) {
    this.#options = options;
    this.#connection = new OvsdbConnection({
      ...options,
      onSession: (session) => this.#setUp(session),
      onNotification: (method, params) => this.#notified(method, params),
      onChange: (session, reason) => this.#connectionChanged(session, reason),
    });
  }

  start(): void {
    this.#connection.start();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancelLagTimer();
    await this.#connection.stop();
    this.#markTried();
  }

  get stats(): LinkStats {
    return { ...this.#stats, connected: this.#session !== undefined };
  }

  get schemaVersion(): string {
    return this.#schemaVersion;
  }

  /** True while another client of the server, another controller, holds the switch; it is ours once that one goes away. */
  get isHeldByAnother(): boolean {
    return this.#session !== undefined && !this.#holdsLock;
  }

  /** The rows as they are now. Throws `OvsdbUnreachable` without a connection. */
  rows(): OvsRows {
    if (!this.#session) throw this.#lostBecause;
    const rows = this.#replica.freeze();
    if (!rows) throw new OvsdbUnreachable('the database is empty; initialize it with: ovs-vsctl init');
    return rows;
  }

  /** Whether ovs-vswitchd does its work, or may still be at it. */
  vswitchdResponds(): boolean {
    return this.#laggingSinceMs === undefined || this.#options.clock.now() - this.#laggingSinceMs < VSWITCHD_PATIENCE_MS;
  }

  /** Sends one transaction. Throws `TransactionRefused`, or `OvsdbUnreachable` when what became of it is not known. */
  async transact(operations: readonly Operation[]): Promise<readonly OperationResult[]> {
    if (!this.#session) throw this.#lostBecause;
    this.#stats.transactions += 1;
    const reply = await this.#session.request('transact', [DATABASE, ...operations], REQUEST_TIMEOUT_MS);
    try {
      return checkResults(reply, operations.length);
    } catch (error) {
      this.#stats.refusedTransactions += 1;
      throw error;
    }
  }

  /**
   * Waits until `rows` shows all that was committed before the call: the server sends a session's updates before it answers the
   * session's next request.
   */
  async synchronize(): Promise<void> {
    if (!this.#session) throw this.#lostBecause;
    await this.#session.request('echo', [], REQUEST_TIMEOUT_MS);
  }

  /** While `work` is done, rows that it gives up are not remembered as lost. */
  async givingUp<T>(uuids: readonly Uuid[], work: () => Promise<T>): Promise<T> {
    this.#replica.expectLossOf(new Set(uuids));
    try {
      return await work();
    } finally {
      this.#replica.expectLossOf(new Set());
    }
  }

  /** Waits until the rows here show configuration number `nextCfg`, whose transaction the server has answered. */
  async seen(nextCfg: number): Promise<void> {
    const isSeen = await this.#until(({ next_cfg }) => next_cfg >= nextCfg, REQUEST_TIMEOUT_MS);
    if (!isSeen) throw new OvsdbUnreachable(`no update for a transaction within ${REQUEST_TIMEOUT_MS} ms`);
  }

  /** Waits until vswitchd has carried out configuration number `nextCfg`; false when it takes too long. */
  configured(nextCfg: number): Promise<boolean> {
    return this.#until(({ cur_cfg }) => cur_cfg >= nextCfg, this.vswitchdResponds() ? VSWITCHD_PATIENCE_MS : 0);
  }

  async #until(condition: (root: OpenvSwitchRow) => boolean, patienceMs: number): Promise<boolean> {
    const deadlineMs = this.#options.clock.now() + patienceMs;
    while (!condition(this.rows().root)) {
      const leftMs = deadlineMs - this.#options.clock.now();
      if (leftMs <= 0) return false;
      await this.#nextUpdate(leftMs);
    }
    return true;
  }

  #nextUpdate(timeoutMs: number): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        cancel();
        this.#updateWaiters.delete(done);
        resolve();
      };
      const cancel = this.#options.clock.after(timeoutMs, done);
      this.#updateWaiters.add(done);
    });
  }

  async #setUp(session: OvsdbSession): Promise<void> {
    this.#early = [];
    this.#holdsLock = false;
    const schema = asJsonObject(await session.request('get_schema', [DATABASE], REQUEST_TIMEOUT_MS));
    this.#schemaVersion = String(schema['version']);
    const { locked } = asJsonObject(await session.request('lock', [LOCK], REQUEST_TIMEOUT_MS));
    this.#holdsLock = locked === true || this.#holdsLock;
    const reply = await session.request('monitor_cond', [DATABASE, 'bridgekeeper', monitorRequests(schema)], REQUEST_TIMEOUT_MS);
    this.#replica.load(reply);
    const early = this.#early;
    this.#early = undefined;
    for (const update of early) this.#replica.update(update);
    this.#noteLag();
  }

  #notified(method: string, params: readonly unknown[]): void {
    if ((method === 'locked' || method === 'stolen') && params[0] === LOCK) return this.#lockChanged(method === 'locked');
    if (method === 'monitor_canceled') throw new OvsdbUnreachable('the server cancelled the monitor');
    if (method !== 'update2') return;
    this.#stats.updates += 1;
    const [, update] = params;
    if (this.#early) {
      this.#early.push(update);
      return;
    }
    const matters = this.#replica.update(update);
    this.#noteLag();
    this.#options.onUpdate();
    if (matters) this.#options.onChange();
    this.#wake();
  }

  #lockChanged(isOurs: boolean): void {
    const { log, address, onChange } = this.#options;
    this.#holdsLock = isOurs;
    if (isOurs) log.info({ address }, 'Open vSwitch is ours now: the other Bridgekeeper has let it go');
    else log.warn({ address }, 'another client took Open vSwitch from us');
    onChange();
  }

  #connectionChanged(session: OvsdbSession | undefined, reason: Error | undefined): void {
    const { log, address } = this.#options;
    const wasConnected = this.#session !== undefined;
    const isFirstTry = !this.#hasTried;
    this.#hasTried = true;
    this.#session = session;
    if (session) {
      this.#stats.connections += 1;
      log.info({ address, schemaVersion: this.#schemaVersion }, 'connected to Open vSwitch');
      if (!this.#holdsLock) log.warn({ address }, 'another Bridgekeeper holds Open vSwitch; nothing is changed until it lets go');
    } else if (reason) {
      this.#lostBecause = reason instanceof OvsdbUnreachable ? reason : new OvsdbUnreachable(reason.message, { cause: reason });
      this.#early = [];
      if (!this.#isStopped && wasConnected) log.warn({ address, err: reason }, 'lost the connection to Open vSwitch');
      if (!this.#isStopped && isFirstTry) log.warn({ address, err: reason }, 'cannot reach Open vSwitch; trying again');
    }
    this.#markTried();
    if (!this.#isStopped && (session || wasConnected || isFirstTry)) this.#options.onChange();
    this.#wake();
  }

  /**
   * Listeners are told when vswitchd has been at it for too long, and when it comes back from that. Where new work comes all the
   * time it may never be done, and yet it is alive as long as it gets on.
   */
  #noteLag(): void {
    const { clock, onChange } = this.#options;
    const { cur_cfg = 0, next_cfg = 0 } = this.#replica.root() ?? {};
    const isLagging = cur_cfg < next_cfg;
    if (isLagging && this.#laggingSinceMs !== undefined && cur_cfg === this.#lastCurCfg) return;
    const responded = this.vswitchdResponds();
    this.#lastCurCfg = cur_cfg;
    this.#cancelLagTimer();
    this.#laggingSinceMs = isLagging ? clock.now() : undefined;
    if (isLagging) this.#cancelLagTimer = clock.after(VSWITCHD_PATIENCE_MS, onChange);
    if (!responded) onChange();
  }

  #wake(): void {
    for (const waiter of [...this.#updateWaiters]) waiter();
  }
}

/** Asks only for columns that this server's schema has: older ones lack some, and would refuse the whole request. */
function monitorRequests(schema: JsonObject): JsonObject {
  const tables = asJsonObject(schema['tables']);
  return Object.fromEntries(
    Object.entries(MONITOR_REQUESTS).map(([table, [{ columns }]]) => {
      const present = asJsonObject(asJsonObject(tables[table])['columns']);
      return [table, [{ columns: columns.filter((column) => column in present) }]];
    }),
  );
}
