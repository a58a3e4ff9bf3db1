import { randomUUID } from 'node:crypto';
import type { DurableMap } from '../journal/durable-map.ts';
import type { Alert, AlertEvent } from './alert.ts';

const MOST_ALERTS = 100;
const MOST_MESSAGES = 1_000;

/** Alerts of one event that go to one receiver in one request. */
export interface Message {
  /** The same at every attempt. */
  readonly id: string;
  /** The uid of the AlertReceiver. */
  readonly receiverUid: string;
  readonly event: AlertEvent;
  readonly alerts: readonly Alert[];
  readonly createdAt: number;
  /** While it is 0 the message may still grow. */
  readonly attempts: number;
}

interface Entry {
  readonly key: string;
  message: Message;
}

/**
 * What is still to be told, in order, a queue for each receiver, each on disk before it is sent. What was sent and not yet
 * acknowledged when we died is sent again, as the very same message.
 */
export class Outbox {
  readonly #memory: DurableMap;
  readonly #queues = new Map<string, Entry[]>();
  #last = 0;

  constructor(memory: DurableMap) {
    this.#memory = memory;
    for (const [key, text] of memory.entries()) {
      // Only this class writes this map.
      const message = JSON.parse(text) as Message;
      this.#queueOf(message.receiverUid).push({ key, message });
      this.#last = Math.max(this.#last, Number(key));
    }
  }

  /** Answers how many alerts had to go to make room. */
  append(receiverUid: string, alert: Alert, now: number): number {
    const queue = this.#queueOf(receiverUid);
    const newest = queue.at(-1);
    if (newest && newest.message.attempts === 0 && newest.message.event === alert.event && newest.message.alerts.length < MOST_ALERTS) {
      this.#write(newest, { ...newest.message, alerts: [...newest.message.alerts, alert] });
      return 0;
    }
    const message: Message = { id: randomUUID(), receiverUid, event: alert.event, alerts: [alert], createdAt: now, attempts: 0 };
    const entry = { key: String((this.#last += 1)).padStart(15, '0'), message };
    queue.push(entry);
    this.#write(entry, message);
    return queue.length > MOST_MESSAGES ? this.#dropOldest(queue) : 0;
  }

  /** All that is appended inside `work` reaches the disk together. */
  together(work: () => void): void {
    this.#memory.together(work);
  }

  /** What is to be sent next. */
  first(receiverUid: string): Message | undefined {
    return this.#queues.get(receiverUid)?.[0]?.message;
  }

  /** Called before an attempt: from here on the message stays as it is. */
  attempted({ receiverUid, id }: Message): void {
    const entry = this.#find(receiverUid, id);
    if (entry) this.#write(entry, { ...entry.message, attempts: entry.message.attempts + 1 });
  }

  /** It was delivered, or never will be. */
  acknowledged({ receiverUid, id }: Message): void {
    const entry = this.#find(receiverUid, id);
    if (!entry) return;
    this.#memory.delete(entry.key);
    this.#queues.set(receiverUid, this.#queueOf(receiverUid).filter((each) => each !== entry));
  }

  /** How many alerts wait for this receiver. */
  pending(receiverUid: string): number {
    return (this.#queues.get(receiverUid) ?? []).reduce((sum, { message }) => sum + message.alerts.length, 0);
  }

  isPending(receiverUid: string, alertKey: string): boolean {
    return (this.#queues.get(receiverUid) ?? []).some(({ message }) => message.alerts.some(({ key }) => key === alertKey));
  }

  /** Forgets what was for receivers that are no longer there. */
  keepOnly(receiverUids: ReadonlySet<string>): void {
    for (const [uid, queue] of this.#queues) {
      if (receiverUids.has(uid)) continue;
      this.#memory.together(() => queue.forEach(({ key }) => this.#memory.delete(key)));
      this.#queues.delete(uid);
    }
  }

  #dropOldest(queue: Entry[]): number {
    // The first may be on its way.
    const [dropped] = queue.splice(1, 1);
    if (dropped) this.#memory.delete(dropped.key);
    return dropped?.message.alerts.length ?? 0;
  }

  #write(entry: Entry, message: Message): void {
    entry.message = message;
    this.#memory.put(entry.key, JSON.stringify(message));
  }

  #find(receiverUid: string, id: string): Entry | undefined {
    return this.#queues.get(receiverUid)?.find(({ message }) => message.id === id);
  }

  #queueOf(receiverUid: string): Entry[] {
    const known = this.#queues.get(receiverUid) ?? [];
    this.#queues.set(receiverUid, known);
    return known;
  }
}
