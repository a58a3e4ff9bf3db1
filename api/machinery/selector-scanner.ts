export interface Token {
  readonly type: 'name' | 'symbol' | 'end';
  readonly text: string;
}

const SYMBOLS = new Set(['=', '!', '(', ')', ',', '>', '<']);
const KEYWORDS = new Set([')', ',', '!', '==', '=', '>', '<', '!=', '(']);

/** Cuts a label selector into names and operators. What is no operator comes out as a symbol that no rule expects. */
export function scanSelector(text: string): Token[] {
  const tokens: Token[] = [];
  let position = 0;
  while (position < text.length) {
    const character = text.charAt(position);
    if (/[ \t\r\n]/.test(character)) {
      position += 1;
      continue;
    }
    const token = SYMBOLS.has(character) ? symbolAt(text, position) : nameAt(text, position);
    tokens.push(token);
    position += token.text.length;
  }
  return [...tokens, { type: 'end', text: '' }];
}

/** The longest operator that starts here; every symbol alone is one, but for nothing that is not in KEYWORDS. */
function symbolAt(text: string, position: number): Token {
  const two = text.slice(position, position + 2);
  return { type: 'symbol', text: two.length === 2 && KEYWORDS.has(two) ? two : text.charAt(position) };
}

function nameAt(text: string, start: number): Token {
  let end = start;
  while (end < text.length && !SYMBOLS.has(text.charAt(end)) && !/[ \t\r\n]/.test(text.charAt(end))) end += 1;
  return { type: 'name', text: text.slice(start, end) };
}
