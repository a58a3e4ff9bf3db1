import { request } from 'node:https';
import { setTimeout as pass } from 'node:timers/promises';
import { fieldOf, stringOf } from '../../../../api/machinery/json.ts';

/** A server that is down refuses at once; asking without end would take its processor from it. */
const RETRY_MS = 5;

export interface WatchedEvent {
  readonly type: string;
  readonly name: string;
  readonly revision: number;
  readonly object: unknown;
}

export interface WatchTarget {
  readonly url: string;
  readonly authority: string;
  readonly token: string;
  /** Of the collection. */
  readonly path: string;
}

/** A watch on the bare wire that goes on from the last event it saw whenever its connection breaks, until it is ended. It never lists. */
export class FollowedWatch {
  readonly events: WatchedEvent[] = [];
  readonly #target: WatchTarget;
  readonly #controller = new AbortController();
  #revision: number;

  constructor(target: WatchTarget, fromRevision: number) {
    this.#target = target;
    this.#revision = fromRevision;
    void this.#follow();
  }

  /** The last revision seen. */
  get revision(): number {
    return this.#revision;
  }

  end(): void {
    this.#controller.abort();
  }

  async #follow(): Promise<void> {
    while (!this.#controller.signal.aborted) {
      await this.#readToTheEnd();
      await pass(RETRY_MS);
    }
  }

  /** Ends, without an error, when the connection does. */
  #readToTheEnd(): Promise<void> {
    const { url, authority, token, path } = this.#target;
    const { signal } = this.#controller;
    return new Promise((resolve) => {
      const options = { path: `${path}?watch=1&resourceVersion=${this.#revision}`, ca: authority, headers: { authorization: `Bearer ${token}` }, signal };
      const outgoing = request(new URL(url), options, (incoming) => {
        let rest = '';
        incoming.setEncoding('utf8');
        incoming.on('data', (chunk: string) => {
          const lines = (rest + chunk).split('\n');
          // A server that dies leaves half a line.
          rest = lines.pop() ?? '';
          for (const line of lines) this.#take(JSON.parse(line));
        });
        incoming.on('error', () => resolve());
        incoming.on('close', () => resolve());
      });
      outgoing.on('error', () => resolve());
      outgoing.end();
    });
  }

  #take(event: unknown): void {
    const object = fieldOf(event, 'object');
    const metadata = fieldOf(object, 'metadata');
    const revision = Number(fieldOf(metadata, 'resourceVersion'));
    this.events.push({ type: stringOf(fieldOf(event, 'type')) ?? '', name: stringOf(fieldOf(metadata, 'name')) ?? '', revision, object });
    this.#revision = revision;
  }
}
