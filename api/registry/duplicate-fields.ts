/**
 * Paths of members that stand twice in one object of a JSON text, in order: `spec.bridgeName`, `spec.uplinks[1].name`. JSON.parse
 * keeps the last one silently. Answers nothing for a text that is no JSON: whoever parses it says so.
 */
export function duplicateFields(text: string): string[] {
  const scanner = new Scanner(text);
  try {
    scanner.value('');
    return scanner.duplicates;
  } catch (error) {
    if (error instanceof NotJson) return [];
    throw error;
  }
}

class NotJson extends Error {}

/** Deeper texts are refused elsewhere; here they only must not exhaust the stack. */
const MAX_DEPTH = 300;

class Scanner {
  readonly duplicates: string[] = [];
  readonly #text: string;
  #position = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(path: string): void {
    if (++this.#depth > MAX_DEPTH) throw new NotJson();
    this.#skipSpace();
    const start = this.#text.charAt(this.#position);
    if (start === '{') this.#object(path);
    else if (start === '[') this.#array(path);
    else if (start === '"') this.#string();
    else this.#scalar();
    this.#depth -= 1;
  }

  #object(path: string): void {
    const seen = new Set<string>();
    this.#position += 1;
    if (this.#ends('}')) return;
    do {
      this.#skipSpace();
      const key = this.#string();
      const member = path === '' ? key : `${path}.${key}`;
      if (seen.has(key)) this.duplicates.push(member);
      seen.add(key);
      this.#expect(':');
      this.value(member);
    } while (!this.#closes('}'));
  }

  #array(path: string): void {
    this.#position += 1;
    if (this.#ends(']')) return;
    let index = 0;
    do {
      this.value(`${path}[${index}]`);
      index += 1;
    } while (!this.#closes(']'));
  }

  #string(): string {
    const start = this.#position;
    if (this.#text.charAt(start) !== '"') throw new NotJson();
    const end = this.#text.indexOf('"', start + 1);
    const plain = end < 0 ? '' : this.#text.slice(start + 1, end);
    if (end < 0 || plain.includes('\\')) return this.#escapedString();
    this.#position = end + 1;
    return plain;
  }

  #escapedString(): string {
    const start = this.#position;
    let end = start + 1;
    while (end < this.#text.length && this.#text.charAt(end) !== '"') end += this.#text.charAt(end) === '\\' ? 2 : 1;
    this.#position = end + 1;
    return unescaped(this.#text.slice(start, end + 1));
  }

  #scalar(): void {
    const start = this.#position;
    while (isOfScalar(this.#text.charCodeAt(this.#position))) this.#position += 1;
    if (this.#position === start) throw new NotJson();
  }

  /** After a member: whether the object or list ends here, else a comma must stand. */
  #closes(bracket: string): boolean {
    this.#skipSpace();
    const character = this.#text.charAt(this.#position);
    this.#position += 1;
    if (character === bracket) return true;
    if (character !== ',') throw new NotJson();
    return false;
  }

  #ends(bracket: string): boolean {
    this.#skipSpace();
    if (this.#text.charAt(this.#position) !== bracket) return false;
    this.#position += 1;
    return true;
  }

  #expect(character: string): void {
    this.#skipSpace();
    if (this.#text.charAt(this.#position) !== character) throw new NotJson();
    this.#position += 1;
  }

  #skipSpace(): void {
    while (isSpace(this.#text.charCodeAt(this.#position))) this.#position += 1;
  }
}

/** By their codes, since every character of every body passes here: space, tab, line feed, carriage return. */
function isSpace(code: number): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}

/** Digits, letters, `+`, `-` and `.`; NaN after the end. */
function isOfScalar(code: number): boolean {
  const letter = code | 0x20;
  return (code >= 0x30 && code <= 0x39) || (letter >= 0x61 && letter <= 0x7a) || code === 0x2b || code === 0x2d || code === 0x2e;
}

function unescaped(raw: string): string {
  try {
    return String(JSON.parse(raw));
  } catch {
    throw new NotJson();
  }
}
