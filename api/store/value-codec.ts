/** Which state a value is. */
export interface ValuePlace {
  readonly resource: string;
  readonly name: string;
  readonly revision: number;
}

/** What becomes of a value between memory and disk. */
export interface ValueCodec {
  /** The bytes to store. */
  encode(place: ValuePlace, plain: Buffer): Buffer;
  /** The bytes that were given to `encode`. Throws when they can't be had again. */
  decode(place: ValuePlace, stored: Buffer): Buffer;
}

/** Values on disk are what they are in memory. */
export const PLAIN: ValueCodec = {
  encode: (_place, plain) => plain,
  decode: (_place, stored) => stored,
};
