import type { KubeObject } from '../machinery/object.ts';

/** One state of one object. Its JSON is what is stored and sent; it is parsed only when somebody looks into it. */
export class StoredEntry {
  readonly resource: string;
  readonly name: string;
  readonly revision: number;
  readonly bytes: Buffer;
  #object: KubeObject | undefined;

  constructor(resource: string, name: string, revision: number, bytes: Buffer, object?: KubeObject) {
    this.resource = resource;
    this.name = name;
    this.revision = revision;
    this.bytes = bytes;
    this.#object = object;
  }

  /** Shared: never changed by those who read it. */
  get object(): KubeObject {
    return (this.#object ??= parseStored(this.bytes));
  }

  /** Lets go of the parsed object, which takes several times its JSON; who asks for it later has it read again. */
  keepBytesOnly(): void {
    this.#object = undefined;
  }
}

/** What the store holds was written by the registry, so its shape is known. */
function parseStored(bytes: Buffer): KubeObject {
  return JSON.parse(bytes.toString('utf8')) as KubeObject;
}
