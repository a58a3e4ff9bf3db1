import { ProtocolViolation } from './errors.ts';

/** A UUID in its usual text form, lower case with dashes. On the wire it is 16 opaque bytes. */
export type Uuid = string;

/** Longest string either side takes (REMOTE_STRING_MAX in libvirt's remote_protocol.x). */
const STRING_MAX_BYTES = 4_194_304;

const UUID_BYTES = 16;

/** Writes XDR (RFC 4506): big-endian, every item padded to four bytes. */
export class XdrWriter {
  readonly #parts: Buffer[] = [];

  int(value: number): this {
    const part = Buffer.allocUnsafe(4);
    part.writeInt32BE(value);
    this.#parts.push(part);
    return this;
  }

  uint(value: number): this {
    const part = Buffer.allocUnsafe(4);
    part.writeUInt32BE(value);
    this.#parts.push(part);
    return this;
  }

  bool(value: boolean): this {
    return this.int(value ? 1 : 0);
  }

  /** `unsigned hyper`: 64 bits. */
  uhyper(value: bigint): this {
    const part = Buffer.allocUnsafe(8);
    part.writeBigUInt64BE(value);
    this.#parts.push(part);
    return this;
  }

  string(text: string): this {
    const bytes = Buffer.from(text, 'utf8');
    if (bytes.length > STRING_MAX_BYTES) throw new RangeError(`a string of ${bytes.length} bytes is longer than libvirt takes`);
    return this.uint(bytes.length).#padded(bytes);
  }

  uuid(uuid: Uuid): this {
    const bytes = Buffer.from(uuid.replaceAll('-', ''), 'hex');
    if (bytes.length !== UUID_BYTES) throw new RangeError(`not a UUID: ${uuid}`);
    return this.#padded(bytes);
  }

  /** `type *name`: a flag, then the value if it is there. */
  optional<T>(value: T | undefined, write: (writer: this, value: T) => unknown): this {
    this.bool(value !== undefined);
    if (value !== undefined) write(this, value);
    return this;
  }

  bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }

  #padded(bytes: Buffer): this {
    this.#parts.push(bytes);
    const padding = (4 - (bytes.length % 4)) % 4;
    if (padding > 0) this.#parts.push(Buffer.alloc(padding));
    return this;
  }
}

/** Reads XDR (RFC 4506). Throws `ProtocolViolation` where the bytes end early or a count is beyond its limit. */
export class XdrReader {
  readonly #bytes: Buffer;
  #offset = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  int(): number {
    return this.#bytes.readInt32BE(this.#advance(4));
  }

  uint(): number {
    return this.#bytes.readUInt32BE(this.#advance(4));
  }

  bool(): boolean {
    return this.int() !== 0;
  }

  uhyper(): bigint {
    return this.#bytes.readBigUInt64BE(this.#advance(8));
  }

  string(): string {
    const length = this.uint();
    if (length > STRING_MAX_BYTES) throw new ProtocolViolation(`a string of ${length} bytes`);
    return this.#padded(length).toString('utf8');
  }

  uuid(): Uuid {
    const hex = this.#padded(UUID_BYTES).toString('hex');
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
  }

  optional<T>(read: (reader: this) => T): T | undefined {
    return this.bool() ? read(this) : undefined;
  }

  /** `type name<max>`: a count, then that many. */
  array<T>(max: number, read: (reader: this) => T): T[] {
    const count = this.uint();
    if (count > max) throw new ProtocolViolation(`an array of ${count} items where ${max} is the limit`);
    return Array.from({ length: count }, () => read(this));
  }

  #padded(length: number): Buffer {
    const start = this.#advance(length + ((4 - (length % 4)) % 4));
    return this.#bytes.subarray(start, start + length);
  }

  #advance(length: number): number {
    const start = this.#offset;
    if (start + length > this.#bytes.length) throw new ProtocolViolation(`a message that ends after ${this.#bytes.length} bytes`);
    this.#offset = start + length;
    return start;
  }
}
