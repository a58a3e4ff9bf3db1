/** Parsing so much takes less than a millisecond. */
const PIECE_CHARACTERS = 64 * 1024;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPENING: ReadonlySet<number> = new Set([0x5b, 0x7b]);
const CLOSING: ReadonlySet<number> = new Set([0x5d, 0x7d]);
const COMMA = 0x2c;

/**
 * Cuts the text of a JSON array into texts of shorter arrays that hold the same elements one after the other, so that a long one
 * need not be parsed in one go. A short text, or one that is no array, comes back as it is.
 */
export function* arrayPieces(json: string, pieceCharacters = PIECE_CHARACTERS): Generator<string> {
  let [start, depth, isInString] = [0, 0, false];
  for (let at = 0; json.length > pieceCharacters && at < json.length; at += 1) {
    const code = json.charCodeAt(at);
    if (isInString) {
      if (code === BACKSLASH) at += 1;
      else if (code === QUOTE) isInString = false;
    } else if (code === QUOTE) isInString = true;
    else if (OPENING.has(code)) depth += 1;
    else if (CLOSING.has(code)) depth -= 1;
    else if (code === COMMA && depth === 1 && at - start >= pieceCharacters) {
      yield `${start === 0 ? '' : '['}${json.slice(start, at)}]`;
      start = at + 1;
    }
  }
  yield `${start === 0 ? '' : '['}${json.slice(start)}`;
}
