import type { Clock } from '../../api/machinery/clock.ts';
import { equalJson } from '../../api/machinery/json.ts';
import type { KubeObject } from '../../api/machinery/object.ts';
import type { ResourceClient } from '../client/resource-client.ts';
import type { Alert } from './alert.ts';
import { Courier, type Delivery } from './courier.ts';
import { credentialHeaders, credentialsOf, type Credentials } from './credentials.ts';
import type { Message, Outbox } from './outbox.ts';
import { post, type PostResult } from './post.ts';
import { parseReceiver, wants, type Receiver } from './receiver.ts';
import { receiverStatus } from './receiver-status.ts';
import { render } from './render.ts';

export interface ReceiversListener {
  /** An attempt ended. */
  attempted(receiverName: string, delivery: Delivery): void;
  failed(error: unknown): void;
}

interface Problem {
  readonly reason: string;
  readonly message: string;
}

interface Entry {
  object: KubeObject;
  /** Absent while the spec can't be used. */
  receiver: Receiver | undefined;
  problem: Problem | undefined;
  delivery: Delivery | undefined;
  isWriting: boolean;
  readonly courier: Courier;
}

/** The AlertReceivers: who they are, the way to each, and how it goes, in their status. */
export class Receivers {
  readonly #client: ResourceClient;
  readonly #outbox: Outbox;
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #listener: ReceiversListener;
  readonly #entries = new Map<string, Entry>();

  constructor(options: { readonly client: ResourceClient; readonly outbox: Outbox; readonly clock: Clock; readonly random: () => number; readonly listener: ReceiversListener }) {
    this.#client = options.client;
    this.#outbox = options.outbox;
    this.#clock = options.clock;
    this.#random = options.random;
    this.#listener = options.listener;
  }

  all(): readonly Receiver[] {
    return [...this.#entries.values()].flatMap(({ receiver }) => receiver ?? []);
  }

  wanting(alert: Alert): readonly Receiver[] {
    return this.all().filter((receiver) => wants(receiver, alert));
  }

  /** A new or changed AlertReceiver. One whose spec changed is tried at once. */
  take(object: KubeObject): void {
    const { uid, generation } = object.metadata;
    const known = this.#entries.get(uid);
    if (known?.object.metadata.generation === generation) {
      known.object = object;
      return;
    }
    const parsed = parseReceiver(object);
    const receiver = 'receiver' in parsed ? parsed.receiver : undefined;
    const problem = 'problem' in parsed ? parsed.problem : undefined;
    if (known) Object.assign(known, { object, receiver, problem });
    else this.#entries.set(uid, { object, receiver, problem, delivery: undefined, isWriting: false, courier: this.#courierOf(uid) });
    this.#checkOne(uid);
    this.#entries.get(uid)?.courier.forgetFailures();
  }

  remove(uid: string): void {
    void this.#entries.get(uid)?.courier.stop();
    this.#entries.delete(uid);
    this.#outbox.keepOnly(new Set(this.#entries.keys()));
  }

  /** Forgets what was for receivers that went while we did not run. */
  keepOnly(objects: readonly KubeObject[]): void {
    this.#outbox.keepOnly(new Set(objects.map(({ metadata }) => metadata.uid)));
  }

  wake(): void {
    for (const { courier } of this.#entries.values()) courier.wake();
  }

  /** Looks whether their Secrets are there, and writes what changed of their status. */
  check(): void {
    for (const uid of this.#entries.keys()) this.#checkOne(uid);
    this.wake();
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#entries.values()].map(({ courier }) => courier.stop()));
  }

  #courierOf(uid: string): Courier {
    return new Courier({
      uid,
      outbox: this.#outbox,
      clock: this.#clock,
      random: this.#random,
      send: (message) => this.#send(uid, message),
      ended: (delivery) => this.#ended(uid, delivery),
    });
  }

  async #send(uid: string, message: Message): Promise<PostResult> {
    const receiver = this.#entries.get(uid)?.receiver;
    if (!receiver) return { result: 'failed', message: 'its spec can not be used' };
    try {
      const credentials = await this.#credentials(receiver);
      if ('reason' in credentials) return { result: 'failed', message: credentials.message };
      const rendered = render(receiver, message, this.#clock.now());
      return await post({ ...rendered, headers: { ...rendered.headers, ...credentialHeaders(credentials, rendered.body) } }, this.#clock);
    } catch (error) {
      this.#listener.failed(error);
      return { result: 'failed', message: error instanceof Error ? error.message : String(error) };
    }
  }

  /** Read anew for each attempt, so that a changed Secret counts at once. */
  async #credentials({ spec }: Receiver): Promise<Credentials | Problem> {
    const { secretRef } = spec;
    if (!secretRef) return {};
    const where = `Secret ${secretRef.namespace}/${secretRef.name}`;
    const data = await this.#client.readSecret(secretRef.namespace, secretRef.name);
    if (!data) return { reason: 'SecretNotFound', message: `spec.secretRef: there is no ${where}` };
    return credentialsOf(data) ?? { reason: 'SecretUnusable', message: `${where} has none of the keys token, username with password, hmacKey` };
  }

  #ended(uid: string, delivery: Delivery): void {
    const entry = this.#entries.get(uid);
    if (!entry) return;
    entry.delivery = delivery;
    this.#listener.attempted(entry.object.metadata.name, delivery);
    this.#checkOne(uid);
  }

  #checkOne(uid: string): void {
    this.#writeStatus(uid).catch((error: unknown) => this.#listener.failed(error));
  }

  async #writeStatus(uid: string): Promise<void> {
    const entry = this.#entries.get(uid);
    if (!entry || entry.isWriting) return;
    entry.isWriting = true;
    try {
      const credentials = entry.receiver ? await this.#credentials(entry.receiver) : {};
      const problem = entry.problem ?? ('reason' in credentials ? credentials : undefined);
      const { object, receiver, delivery } = entry;
      const doubt = receiver && isSentOpenly(receiver) ? 'spec.url is http: what the Secret holds is sent unencrypted' : undefined;
      const facts = { pending: this.#outbox.pending(uid), ...(problem ? { problem } : {}), ...(doubt ? { doubt } : {}), ...(delivery ? { delivery } : {}) };
      const status = receiverStatus(object, facts, this.#clock);
      if (equalJson(object.status, status)) return;
      await this.#client.writeStatus({ kind: object.kind, name: object.metadata.name }, uid, status);
    } finally {
      entry.isWriting = false;
    }
  }
}

function isSentOpenly({ spec, url }: Receiver): boolean {
  return spec.secretRef !== undefined && url.protocol === 'http:' && !['localhost', '127.0.0.1', '[::1]'].includes(url.hostname);
}
