/** One exchange of `kubernetes-1.36.md`. */
export interface RecordedExchange {
  readonly title: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly answer: RecordedAnswer;
}

export interface RecordedAnswer {
  readonly status: number;
  /** Header names in lower case; a repeated one has several values. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
  readonly body: string;
}

/** Reads every `http` block: request line, headers, body, then the answer, as on the wire. */
export function readExchanges(markdown: string): RecordedExchange[] {
  const exchanges = markdown.split(/^### /m).slice(1).map(readSection);
  if (exchanges.length === 0) throw new Error('the record holds no exchange');
  return exchanges;
}

function readSection(section: string): RecordedExchange {
  const title = section.slice(0, section.indexOf('\n')).trim();
  const block = /```http\n([\s\S]*?)\n```/.exec(section)?.[1];
  if (block === undefined) throw new Error(`${title}: no http block`);
  const at = block.search(/^HTTP\/1\.1 /m);
  const [requestLine = '', ...request] = block.slice(0, at).split('\n');
  const [method = '', path = ''] = requestLine.split(' ');
  const { headers, body } = readMessage(request);
  return {
    title,
    method,
    path,
    headers: Object.fromEntries([...headers].map(([name, values]) => [name, values.join(', ')])),
    body,
    answer: readAnswer(block.slice(at)),
  };
}

function readAnswer(text: string): RecordedAnswer {
  const [statusLine = '', ...rest] = text.split('\n');
  return { status: Number(statusLine.split(' ')[1]), ...readMessage(rest) };
}

function readMessage(lines: readonly string[]): { headers: Map<string, string[]>; body: string } {
  const blank = lines.indexOf('');
  const headers = new Map<string, string[]>();
  for (const line of lines.slice(0, blank < 0 ? lines.length : blank)) {
    const name = line.slice(0, line.indexOf(':')).toLowerCase();
    headers.set(name, [...(headers.get(name) ?? []), line.slice(line.indexOf(':') + 1).trim()]);
  }
  return { headers, body: blank < 0 ? '' : lines.slice(blank + 1).join('\n').trim() };
}
