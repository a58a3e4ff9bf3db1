/** Which state a value is. */
export interface ValuePlace {
  readonly resource: string;
  readonly name: string;
  readonly revision: number;
}

/** What becomes of a value between memory and disk. */
export interface ValueCodec {
  /** The resources whose values are not stored as they are. */
  readonly sealed: readonly string[];
  /** The bytes to store. */
  encode(place: ValuePlace, plain: Buffer): Buffer;
  /** The bytes that were given to `encode`. Throws when they can't be had again. */
  decode(place: ValuePlace, stored: Buffer): Buffer;
  /** How a stored value of a sealed resource stands there: as `encode` would write it now, by an older key, or not sealed at all. */
  stateOf(stored: Buffer): 'current' | 'older' | 'plain';
}

/** Values on disk are what they are in memory. */
export const PLAIN: ValueCodec = {
  sealed: [],
  encode: (_place, plain) => plain,
  decode: (_place, stored) => stored,
  stateOf: () => 'current',
};
