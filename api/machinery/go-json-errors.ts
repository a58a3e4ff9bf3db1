/**
 * What Go's encoding/json says of a text that is no JSON. Clients show these words to people, and scripts look for them, so they
 * are the same here.
 */
export function goSyntaxError(text: string): string {
  const scanner = new Scanner(text);
  return scanner.scan();
}

const END = 'unexpected end of JSON input';

class SyntaxProblem extends Error {}

class Scanner {
  readonly #text: string;
  #at = 0;
  #depth = 0;

  constructor(text: string) {
    this.#text = text;
  }

  scan(): string {
    try {
      this.#value();
      this.#space();
      if (this.#at < this.#text.length) this.#wrong('after top-level value');
      return END;
    } catch (error) {
      if (error instanceof SyntaxProblem) return error.message;
      throw error;
    }
  }

  #value(): void {
    this.#space();
    const start = this.#peek();
    if (start === '{') this.#nested(() => this.#object());
    else if (start === '[') this.#nested(() => this.#array());
    else if (start === '"') this.#string();
    else if (start === '-' || isDigit(start)) this.#number();
    else if (start === 't') this.#literal('true');
    else if (start === 'f') this.#literal('false');
    else if (start === 'n') this.#literal('null');
    else this.#wrong('looking for beginning of value');
  }

  #nested(read: () => void): void {
    this.#depth += 1;
    if (this.#depth > 1000) throw new SyntaxProblem('exceeded max depth');
    read();
    this.#depth -= 1;
  }

  #object(): void {
    this.#at += 1;
    this.#space();
    if (this.#peek() === '}') return void (this.#at += 1);
    for (;;) {
      this.#space();
      if (this.#peek() !== '"') this.#wrong('looking for beginning of object key string');
      this.#string();
      this.#space();
      if (this.#peek() !== ':') this.#wrong('after object key');
      this.#at += 1;
      this.#value();
      this.#space();
      const next = this.#peek();
      if (next !== ',' && next !== '}') this.#wrong('after object key:value pair');
      this.#at += 1;
      if (next === '}') return;
    }
  }

  #array(): void {
    this.#at += 1;
    this.#space();
    if (this.#peek() === ']') return void (this.#at += 1);
    for (;;) {
      this.#value();
      this.#space();
      const next = this.#peek();
      if (next !== ',' && next !== ']') this.#wrong('after array element');
      this.#at += 1;
      if (next === ']') return;
    }
  }

  #string(): void {
    this.#at += 1;
    for (let next = this.#peek(); next !== '"'; next = this.#peek()) {
      if (next < ' ') this.#wrong('in string literal');
      this.#at += 1;
      if (next === '\\') this.#escape();
    }
    this.#at += 1;
  }

  #escape(): void {
    const kind = this.#peek();
    if (!'bfnrt\\/"u'.includes(kind)) this.#wrong('in string escape code');
    this.#at += 1;
    if (kind !== 'u') return;
    for (let digit = 0; digit < 4; digit += 1) {
      if (!/[0-9a-fA-F]/.test(this.#peek())) this.#wrong('in \\u hexadecimal character escape');
      this.#at += 1;
    }
  }

  #number(): void {
    if (this.#peek() === '-') this.#at += 1;
    if (!isDigit(this.#peek())) this.#wrong('in numeric literal');
    if (this.#peek() === '0') this.#at += 1;
    else this.#digits();
    if (this.#text[this.#at] === '.') {
      this.#at += 1;
      if (!isDigit(this.#peek())) this.#wrong('after decimal point in numeric literal');
      this.#digits();
    }
    if (this.#text[this.#at]?.toLowerCase() === 'e') {
      this.#at += 1;
      if (this.#peek() === '+' || this.#peek() === '-') this.#at += 1;
      if (!isDigit(this.#peek())) this.#wrong('in exponent of numeric literal');
      this.#digits();
    }
  }

  #digits(): void {
    while (isDigit(this.#text[this.#at] ?? '')) this.#at += 1;
  }

  #literal(word: string): void {
    this.#at += 1;
    for (const expected of word.slice(1)) {
      if (this.#peek() !== expected) this.#wrong(`in literal ${word} (expecting '${expected}')`);
      this.#at += 1;
    }
  }

  #space(): void {
    while (' \t\r\n'.includes(this.#text[this.#at] ?? 'x')) this.#at += 1;
  }

  #peek(): string {
    const next = this.#text[this.#at];
    if (next === undefined) throw new SyntaxProblem(END);
    return next;
  }

  #wrong(where: string): never {
    throw new SyntaxProblem(`invalid character ${quoted(this.#peek())} ${where}`);
  }
}

function isDigit(character: string): boolean {
  return character >= '0' && character <= '9';
}

/** As Go's `quoteChar`: a quote is written differently from what strconv.Quote does. */
function quoted(character: string): string {
  if (character === "'") return "'\\''";
  if (character === '"') return "'\"'";
  const code = character.charCodeAt(0);
  const short = SHORT_ESCAPES[character];
  if (short !== undefined) return `'${short}'`;
  return code < 0x20 || code === 0x7f ? `'\\x${code.toString(16).padStart(2, '0')}'` : `'${character}'`;
}

const SHORT_ESCAPES: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t', '\\': '\\\\', '\b': '\\b', '\f': '\\f' };
