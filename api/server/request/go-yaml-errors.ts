import type { Document, LineCounter } from 'yaml';

/** What Go's YAML reader says of the mistakes that people make most. The rest is told in our parser's words. */
const MESSAGES: Readonly<Record<string, string>> = {
  'BAD_INDENT Flow sequence': "did not find expected ',' or ']'",
  'BAD_INDENT Flow map': "did not find expected ',' or '}'",
  'BAD_SCALAR_START Plain value': 'found character that cannot start any token',
  'BAD_DQ_ESCAPE Invalid escape': 'found unknown escape character',
  'BLOCK_AS_IMPLICIT_KEY Nested mappings': 'mapping values are not allowed in this context',
  'MISSING_CHAR Missing closing': 'found unexpected end of stream',
  'MISSING_CHAR Implicit map': "could not find expected ':'",
  'TAB_AS_INDENT Tabs are': 'found character that cannot start any token',
};

/** `line 2: found character that cannot start any token`. Go counts the first line as none. */
export function goYamlError({ code, message, pos }: Document['errors'][number], lines: LineCounter): string {
  const [start] = pos;
  const { line } = lines.linePos(start);
  const said = MESSAGES[`${code} ${message.split(' ', 2).join(' ')}`] ?? message;
  return line > 1 ? `line ${line}: ${said}` : said;
}
