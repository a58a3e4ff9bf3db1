import type { Clock } from '../../api/machinery/clock.ts';
import type { KubeObject } from '../../api/machinery/object.ts';
import type { ResourceClient } from '../client/resource-client.ts';
import { belongsTo, DESIRED_KINDS } from '../desired/resources.ts';
import type { Journal } from '../journal/sqlite-journal.ts';
import { ResourceCache } from '../reconcile/resource-cache.ts';
import type { Alert } from './alert.ts';
import { Outbox } from './outbox.ts';
import { OpenTroubles, type OpenTrouble } from './open-troubles.ts';
import { repeatMs, type Receiver } from './receiver.ts';
import { Receivers, type ReceiversListener } from './receivers.ts';
import { isDrifted, troublesOf, type Trouble } from './trouble-of.ts';

const RECEIVER = 'AlertReceiver';
/** What ends sooner is not told: a restart of Open vSwitch takes a second. */
const HOLD_MS = 2_000;
/** The conditions of what a report told of may be this late. */
const SETTLE_MS = 2_000;
const TICK_MS = 5_000;

export interface AlertingOptions {
  readonly client: ResourceClient;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly hostName: string;
  /** True where resources without `spec.hostName` are this host's. */
  readonly standalone: boolean;
  readonly random: () => number;
  readonly listener: ReceiversListener;
}

/**
 * Tells people. What is over at once is handed in by `tell`; what lasts is read off the conditions of the resources, so that
 * nothing is missed while we did not run. Each goes through the outbox to every receiver that asks for it.
 */
export class Alerting {
  readonly #clock: Clock;
  readonly #hostName: string;
  readonly #standalone: boolean;
  readonly #failed: (error: unknown) => void;
  readonly #cache: ResourceCache;
  readonly #outbox: Outbox;
  readonly #troubles: OpenTroubles;
  readonly #receivers: Receivers;
  readonly #queue: { readonly alert: Alert; readonly taken: () => void }[] = [];
  readonly #known = Promise.withResolvers<'known'>();
  #cancelFlush: (() => void) | undefined;
  #cancelTick: () => void = () => undefined;
  #started = false;

  constructor({ client, journal, clock, hostName, standalone, random, listener }: AlertingOptions) {
    this.#clock = clock;
    this.#hostName = hostName;
    this.#standalone = standalone;
    this.#failed = (error) => listener.failed(error);
    this.#outbox = new Outbox(journal.map('alert outbox'));
    this.#troubles = new OpenTroubles(journal.map('alert troubles'));
    this.#receivers = new Receivers({ client, outbox: this.#outbox, clock, random, listener });
    this.#cache = new ResourceCache({ client, clock, kinds: [RECEIVER, ...DESIRED_KINDS], changed: (before, after) => this.#changed(before, after), failed: this.#failed });
  }

  async start(): Promise<void> {
    await this.#cache.start();
    this.#started = true;
    this.#receivers.keepOnly(this.#cache.all(RECEIVER));
    this.#outbox.together(() => {
      for (const object of this.resources()) this.#compare(object.kind, object.metadata.name, object);
    });
    this.#tick();
    this.#known.resolve('known');
  }

  async stop(): Promise<void> {
    this.#cancelTick();
    this.#flush();
    this.#cache.stop();
    await this.#receivers.stop();
  }

  /** The resources of this host, and their conditions. */
  resources(): readonly KubeObject[] {
    return DESIRED_KINDS.flatMap((kind) => this.#cache.all(kind)).filter((object) => this.#isOurs(object));
  }

  /** How many alerts wait, by the name of the receiver. */
  pending(): ReadonlyMap<string, number> {
    return new Map(this.#receivers.all().map(({ name, uid }) => [name, this.#outbox.pending(uid)]));
  }

  /** The names of the receivers that will be told of it. */
  receiversOf(alert: Alert): string[] {
    return this.#receivers.wanting(alert).map(({ name }) => name);
  }

  /** Resolves when the receivers are known. */
  get ready(): Promise<unknown> {
    return this.#known.promise;
  }

  /**
   * Takes an alert in and returns at once; it is on disk soon after, and before it is sent. `taken` is called as it goes there: what
   * that writes to the journal goes with it, or not at all.
   */
  tell(alert: Alert, taken: () => void): void {
    this.#queue.push({ alert, taken });
    // What comes within one turn of the event loop goes to disk together.
    this.#cancelFlush ??= this.#clock.after(0, () => this.#flush());
  }

  #flush(): void {
    this.#cancelFlush?.();
    this.#cancelFlush = undefined;
    const told = this.#queue.splice(0);
    if (told.length === 0) return;
    try {
      this.#outbox.together(() => {
        for (const { alert, taken } of told) {
          taken();
          if (alert.state === 'Firing') this.#open(alert);
          else for (const receiver of this.#receivers.wanting(alert)) this.#append(receiver, alert);
        }
      });
    } catch (error) {
      this.#queue.unshift(...told);
      return this.#failed(error);
    }
    this.#receivers.wake();
  }

  #changed(before: KubeObject | undefined, after: KubeObject | undefined): void {
    const object = after ?? before;
    if (!object) return;
    if (object.kind === RECEIVER) {
      if (after) this.#receivers.take(after);
      else this.#receivers.remove(object.metadata.uid);
      return;
    }
    if (!this.#started || !this.#isOurs(object)) return;
    this.#outbox.together(() => this.#compare(object.kind, object.metadata.name, after));
    this.#receivers.wake();
  }

  /** All that lasts is looked at again: what is to be told by now, repeated, or over. */
  #tick(): void {
    this.#cancelTick = this.#clock.after(TICK_MS, () => this.#tick());
    this.#flush();
    try {
      this.#outbox.together(() => {
        for (const { alert } of this.#troubles.all()) {
          const { kind, name } = alert.subject;
          this.#compare(kind, name, this.#cache.get(kind, name));
        }
        for (const trouble of this.#troubles.all()) this.#look(trouble);
      });
    } catch (error) {
      this.#failed(error);
    }
    this.#receivers.check();
  }

  /** Opens what the conditions of a resource say and is not known, and closes what they no longer say. */
  #compare(kind: string, name: string, now: KubeObject | undefined): void {
    const troubles = now === undefined ? [] : troublesOf(now);
    for (const trouble of troubles) this.#note(kind, name, trouble);
    for (const { alert } of this.#troubles.of(kind, name)) {
      const lasts = troubles.some(({ event }) => event === alert.event) || (now !== undefined && alert.drift !== undefined && this.#mayLast(now, alert));
      if (!lasts) this.#close(alert, now === undefined);
    }
  }

  /** Drift that a report told of lasts until its condition is gone, which may come later than the report. */
  #mayLast(object: KubeObject, alert: Alert): boolean {
    return isDrifted(object) || this.#clock.now() - alert.startedAt < SETTLE_MS;
  }

  #note(kind: string, name: string, { event, severity, message }: Trouble): void {
    const key = troubleKey(kind, name, event);
    const known = this.#troubles.get(key);
    if (known) {
      if (known.alert.drift === undefined && known.alert.message !== message) this.#troubles.put({ ...known, alert: { ...known.alert, message } });
      return;
    }
    const startedAt = this.#clock.now();
    const subject = { kind, name };
    const alert: Alert = { id: `${key} ${startedAt}`, key, event, severity, state: 'Firing', hostName: this.#hostName, subject, message, startedAt };
    this.#troubles.put({ alert, told: {} });
    this.#clock.after(HOLD_MS, () => this.#lookAt(key));
  }

  #lookAt(key: string): void {
    const trouble = this.#troubles.get(key);
    if (!trouble) return;
    this.#outbox.together(() => this.#look(trouble));
    this.#receivers.wake();
  }

  /** Takes in a trouble that a report tells of: a new one is told at once, whatever was told of the resource before. */
  #open(alert: Alert): void {
    const known = this.#troubles.get(alert.key);
    if (known?.alert.drift && known.alert.message === alert.message) return;
    const trouble = { alert: { ...alert, ...(known ? { startedAt: known.alert.startedAt } : {}) }, told: {} };
    this.#troubles.put(trouble);
    this.#look(trouble);
  }

  /** Tells each receiver that asks for it and does not know it yet, or has not heard of it for its repeat interval. */
  #look(trouble: OpenTrouble): void {
    const { alert } = trouble;
    const now = this.#clock.now();
    if (alert.drift === undefined && now - alert.startedAt < HOLD_MS) return;
    const told: Record<string, number> = { ...trouble.told };
    for (const receiver of this.#receivers.wanting(alert)) {
      if (!this.#isDue(receiver, alert, told[receiver.uid], now)) continue;
      this.#append(receiver, told[receiver.uid] === undefined ? alert : { ...alert, id: `${alert.id} ${now}` });
      told[receiver.uid] = now;
    }
    if (Object.keys(told).some((uid) => told[uid] !== trouble.told[uid])) this.#troubles.put({ alert, told });
  }

  #isDue(receiver: Receiver, alert: Alert, toldAt: number | undefined, now: number): boolean {
    if (toldAt === undefined) return true;
    const interval = repeatMs(receiver);
    return interval !== undefined && now - toldAt >= interval && !this.#outbox.isPending(receiver.uid, alert.key);
  }

  #close(alert: Alert, isDeleted: boolean): void {
    const told = this.#troubles.get(alert.key)?.told ?? {};
    this.#troubles.close(alert.key);
    const end: Alert = {
      ...alert,
      id: `${alert.id} over`,
      event: 'Recovered',
      ends: alert.event,
      state: 'Resolved',
      message: isDeleted ? `is deleted; it was: ${alert.message}` : `is over: ${alert.message}`,
      endedAt: this.#clock.now(),
    };
    for (const receiver of this.#receivers.wanting(end)) if (told[receiver.uid] !== undefined) this.#append(receiver, end);
  }

  #append(receiver: Receiver, alert: Alert): void {
    this.#outbox.append(receiver.uid, alert, this.#clock.now());
  }

  #isOurs(object: KubeObject): boolean {
    return belongsTo(object, this.#hostName, this.#standalone);
  }
}

/** What names a trouble of a resource from its beginning to its end. */
export function troubleKey(kind: string, name: string, event: string): string {
  return `${kind}/${name} ${event}`;
}
