import { ProtocolViolation } from './errors.ts';
import { HEADER_BYTES } from './packet.ts';

const LENGTH_BYTES = 4;

/** VIR_NET_MESSAGE_MAX in virnetprotocol.x: the most that either side sends in one message. */
const MESSAGE_MAX_BYTES = 33_554_432;

/** Cuts the byte stream of the socket into messages. Every byte is copied at most once, however small the pieces are. */
export class MessageFramer {
  #pieces: Buffer[] = [];
  #pendingBytes = 0;

  /** Takes what arrived and gives the messages that are whole by now, each without its length word. */
  push(piece: Buffer): Buffer[] {
    this.#pieces.push(piece);
    this.#pendingBytes += piece.length;
    const messages: Buffer[] = [];
    for (let message = this.#next(); message; message = this.#next()) messages.push(message);
    return messages;
  }

  #next(): Buffer | undefined {
    if (this.#pendingBytes < LENGTH_BYTES) return undefined;
    const length = this.#peekLength();
    if (this.#pendingBytes < length) return undefined;
    const whole = this.#pieces.length === 1 && this.#pieces[0] ? this.#pieces[0] : Buffer.concat(this.#pieces);
    const rest = whole.subarray(length);
    this.#pieces = rest.length > 0 ? [rest] : [];
    this.#pendingBytes = rest.length;
    return whole.subarray(LENGTH_BYTES, length);
  }

  #peekLength(): number {
    const first = this.#pieces[0];
    if (!first || first.length < LENGTH_BYTES) this.#pieces = [Buffer.concat(this.#pieces)];
    const length = this.#pieces[0]?.readUInt32BE(0) ?? 0;
    if (length < LENGTH_BYTES + HEADER_BYTES) throw new ProtocolViolation(`a message of ${length} bytes`);
    if (length > MESSAGE_MAX_BYTES) throw new ProtocolViolation(`a message of ${length} bytes`);
    return length;
  }
}
