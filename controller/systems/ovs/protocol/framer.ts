import { MalformedStream } from './errors.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const LAST_BLANK = 0x20;

/** Far above what a large switch sends at once (10,000 ports are about 20 MB). */
const DEFAULT_MAX_BYTES = 256 * 1024 * 1024;

/**
 * Cuts a byte stream into JSON texts. OVSDB sends them one after the other with nothing between (RFC 7047 section 4), so where one
 * ends is found by counting brackets outside of strings. Each byte is looked at once, and text is decoded only when it is whole,
 * so a character is never split.
 */
export class JsonFramer {
  readonly #maxBytes: number;
  #chunks: Buffer[] = [];
  #heldBytes = 0;
  #depth = 0;
  #inString = false;
  #escaped = false;

  constructor({ maxBytes = DEFAULT_MAX_BYTES }: { readonly maxBytes?: number } = {}) {
    this.#maxBytes = maxBytes;
  }

  /** Takes the next bytes and returns the values that they complete. Throws `MalformedStream`; then it is of no more use. */
  push(chunk: Buffer): unknown[] {
    const values: unknown[] = [];
    let start = 0;
    for (let at = 0; at < chunk.length; at += 1) {
      const byte = chunk[at] ?? 0;
      if (this.#inString) this.#insideString(byte);
      else if (this.#depth === 0 && !isOpening(byte)) start = skipBlank(byte, at);
      else if (this.#endsValue(byte)) {
        values.push(this.#take(chunk.subarray(start, at + 1)));
        start = at + 1;
      }
    }
    if (this.#depth > 0) this.#hold(chunk.subarray(start));
    return values;
  }

  #insideString(byte: number): void {
    if (this.#escaped) this.#escaped = false;
    else if (byte === BACKSLASH) this.#escaped = true;
    else if (byte === QUOTE) this.#inString = false;
  }

  #endsValue(byte: number): boolean {
    if (byte === QUOTE) this.#inString = true;
    else if (isOpening(byte)) this.#depth += 1;
    else if (byte === CLOSE_BRACE || byte === CLOSE_BRACKET) {
      this.#depth -= 1;
      return this.#depth === 0;
    }
    return false;
  }

  #hold(bytes: Buffer): void {
    this.#heldBytes += bytes.length;
    if (this.#heldBytes > this.#maxBytes) throw new MalformedStream(`a message is longer than ${this.#maxBytes} bytes`);
    this.#chunks.push(bytes);
  }

  #take(last: Buffer): unknown {
    this.#hold(last);
    const bytes = this.#chunks.length === 1 ? last : Buffer.concat(this.#chunks, this.#heldBytes);
    this.#chunks = [];
    this.#heldBytes = 0;
    try {
      return JSON.parse(bytes.toString('utf8'));
    } catch (cause) {
      throw new MalformedStream('a message is not JSON', { cause });
    }
  }
}

function isOpening(byte: number): boolean {
  return byte === OPEN_BRACE || byte === OPEN_BRACKET;
}

/** Between two values only blanks may stand; returns where the next value can start. */
function skipBlank(byte: number, at: number): number {
  if (byte > LAST_BLANK) throw new MalformedStream(`found byte 0x${byte.toString(16)} where a message should start`);
  return at + 1;
}
