/**
 * The texts of `Warning` headers: `299 - "text"`, several of them in one value parted by commas (RFC 7234, section 5.5). Other codes are
 * about caches and are left out.
 */
export function warningTexts(headers: readonly string[]): string[] {
  const texts: string[] = [];
  for (const header of headers) {
    for (const [, code, quoted] of header.matchAll(/(\d{3})\s+\S+\s+"((?:[^"\\]|\\.)*)"/g)) {
      if (code === '299' && quoted !== undefined) texts.push(quoted.replace(/\\(.)/g, '$1'));
    }
  }
  return texts;
}
