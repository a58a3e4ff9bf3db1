import type { Definition } from '../observed.ts';

/** Parses an XML text once, as long as libvirt goes on giving the same text. */
export class DefinitionCache<View> {
  readonly #read: (xml: string) => View;
  readonly #last = new Map<string, Definition<View>>();

  constructor(read: (xml: string) => View) {
    this.#read = read;
  }

  /** `key` names the thing and which of its definitions it is. */
  get(key: string, xml: string): Definition<View> {
    const last = this.#last.get(key);
    if (last?.xml === xml) return last;
    const definition = { xml, view: this.#read(xml) };
    this.#last.set(key, definition);
    return definition;
  }

  /** Forgets what belongs to things that are gone. */
  keepOnly(isThere: (key: string) => boolean): void {
    for (const key of this.#last.keys()) if (!isThere(key)) this.#last.delete(key);
  }
}
