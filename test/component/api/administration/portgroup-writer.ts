import { fieldOf, stringOf } from '../../../../api/machinery/json.ts';
import type { HttpsClient } from '../../../contract/https-client.ts';

export const PORTGROUPS = '/apis/bridgekeeper.dev/v1alpha1/portgroups';
const OBJECTS = 10;

/** What an object was when the server said so: its text, which stands in it twice, and its revision. */
export interface KnownState {
  readonly text: string;
  readonly revision: number;
}

/** Creates, patches and deletes its own Portgroups as fast as it is answered, and remembers every answer. */
export class PortgroupWriter {
  readonly known = new Map<string, KnownState>();
  /** All that was answered, deletions aside, in order. */
  readonly answered: { readonly name: string; readonly text: string; readonly revision: number }[] = [];
  /** Asked for, and not answered: the text that the object would have, undefined for a deletion. */
  readonly open = new Map<string, string | undefined>();
  readonly #number: number;
  #count = 0;

  constructor(number: number) {
    this.#number = number;
  }

  /** Returns when the server is gone. Throws when it answers anything but yes. */
  async writeUntilGone(client: HttpsClient): Promise<void> {
    for (;;) {
      this.#count += 1;
      const name = `w${this.#number}-${this.#count % OBJECTS}`;
      const isDeleted = this.known.has(name) && this.#count % 7 === 0;
      const text = isDeleted ? undefined : `t${this.#count}`;
      this.open.set(name, text);
      let answer: Awaited<ReturnType<HttpsClient['send']>>;
      try {
        answer = await client.send(this.#requestOf(name, text));
      } catch {
        return;
      }
      if (answer.status >= 300) throw new Error(`${name}: ${answer.status} ${answer.body}`);
      this.open.delete(name);
      this.#remember(name, text, JSON.parse(answer.body));
    }
  }

  #requestOf(name: string, text: string | undefined) {
    const path = `${PORTGROUPS}/${name}`;
    if (text === undefined) return { method: 'DELETE', path };
    const metadata = { name, labels: { text }, annotations: { again: text } };
    if (this.known.has(name)) {
      return { method: 'PATCH', path, headers: { 'content-type': 'application/merge-patch+json' }, body: JSON.stringify({ metadata }) };
    }
    const object = { apiVersion: 'bridgekeeper.dev/v1alpha1', kind: 'Portgroup', metadata, spec: { bridgeName: 'lunabr' } };
    return { method: 'POST', path: PORTGROUPS, headers: { 'content-type': 'application/json' }, body: JSON.stringify(object) };
  }

  #remember(name: string, text: string | undefined, answer: unknown): void {
    if (text === undefined) {
      this.known.delete(name);
      return;
    }
    const revision = Number(fieldOf(fieldOf(answer, 'metadata'), 'resourceVersion'));
    this.known.set(name, { text, revision });
    this.answered.push({ name, text, revision });
  }
}

/** The two texts of a Portgroup: equal, unless it is half written. */
export function textsOf(object: unknown): readonly [string | undefined, string | undefined] {
  const metadata = fieldOf(object, 'metadata');
  return [stringOf(fieldOf(fieldOf(metadata, 'labels'), 'text')), stringOf(fieldOf(fieldOf(metadata, 'annotations'), 'again'))];
}
