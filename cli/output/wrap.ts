export const PAGE_WIDTH = 80;

/** Text in lines of at most `width` characters, broken at blanks; a longer word stands alone. */
export function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** The same with something before the first line, and as many blanks before the others. */
export function indented(start: string, text: string, width = PAGE_WIDTH): string[] {
  return wrap(text, width - start.length).map((line, index) => (index === 0 ? start : ' '.repeat(start.length)) + line);
}
