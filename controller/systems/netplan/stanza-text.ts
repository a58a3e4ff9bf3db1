import { isMap, isNode, isScalar, isSeq, parseDocument, visit } from 'yaml';
import type { Node, Pair, YAMLMap } from 'yaml';

/** Where a device stands in a netplan file: `ethernets`, `eth0`. */
export interface StanzaPlace {
  readonly section: string;
  readonly id: string;
}

interface Lines {
  /** The first line, counted from 0. */
  readonly from: number;
  /** The line after the last one. */
  readonly to: number;
  readonly indent: number;
}

/**
 * The text of a file without these stanzas, every other byte of it as it was: comments, order and blank lines stay. A section
 * that is left without devices goes too, since netplan takes none without. Gives undefined where that can't be done line by line:
 * flow style, or an alias to something inside.
 */
export function withoutStanzas(text: string, places: readonly StanzaPlace[]): string | undefined {
  const network = networkOf(text);
  if (!network) return undefined;
  const cut = new Set<number>();
  for (const [name, ids] of Map.groupBy(places, ({ section }) => section)) {
    const section = pairOf(network, name);
    if (!section || !isMap(section.value)) return undefined;
    const wanted = new Set(ids.map(({ id }) => id));
    const going = section.value.items.filter((pair) => wanted.has(keyOf(pair)));
    if (new Set(going.map(keyOf)).size < wanted.size) return undefined;
    const pairs = going.length === section.value.items.length ? [...going, section] : going;
    for (const pair of pairs) {
      const lines = linesOf(pair, text);
      if (!lines) return undefined;
      for (let line = lines.from; line < (pair === section ? lines.from + 1 : lines.to); line++) cut.add(line);
    }
  }
  const left = textLines(text).filter((_, index) => !cut.has(index)).join('');
  return inForm(left, network.items.length);
}

/**
 * The text of a file with the stanza of `places` as it stands in `from`, at the end of its section. Gives undefined where there
 * is no place for it.
 */
export function withStanzaOf(text: string, place: StanzaPlace, from: string): string | undefined {
  const stanza = stanzaLines(from, place);
  const network = networkOf(text);
  if (!stanza || !network) return undefined;
  const section = pairOf(network, place.section);
  const last = section && isMap(section.value) ? section.value.items.at(-1) : network.items.at(-1);
  const after = last && linesOf(last, text);
  if (!after) return undefined;
  const isThere = section !== undefined && isMap(section.value);
  // A section without devices is no place for lines.
  if (section && !isThere) return undefined;
  const indent = isThere ? after.indent : after.indent + 2;
  const heading = isThere ? [] : [`${' '.repeat(after.indent)}${place.section}:\n`];
  const lines = textLines(text);
  const ended = lines.map((line) => (line.endsWith('\n') ? line : `${line}\n`));
  return [...ended.slice(0, after.to), ...heading, ...stanza.map((line) => indented(line, indent)), ...lines.slice(after.to)].join('');
}

/** The lines of a stanza, without the indentation that they share. */
function stanzaLines(text: string, { section, id }: StanzaPlace): readonly string[] | undefined {
  const network = networkOf(text);
  const devices = network && pairOf(network, section)?.value;
  const pair = isMap(devices) ? pairOf(devices, id) : undefined;
  const at = pair && linesOf(pair, text);
  if (!at) return undefined;
  return textLines(text)
    .slice(at.from, at.to)
    .map((line) => (line.slice(0, at.indent).trim() === '' ? line.slice(at.indent) : line.trimStart()))
    .map((line) => (line.endsWith('\n') ? line : `${line}\n`));
}

function indented(line: string, indent: number): string {
  return line.trim() === '' ? line : ' '.repeat(indent) + line;
}

function networkOf(text: string): YAMLMap | undefined {
  const document = parseDocument(text, { schema: 'failsafe', uniqueKeys: false, logLevel: 'silent' });
  const network = isMap(document.contents) ? document.contents.get('network', true) : undefined;
  // An alias may stand for what is cut.
  let hasAlias = false;
  visit(document, { Alias: () => void (hasAlias = true) });
  return document.errors.length === 0 && !hasAlias && isMap(network) && network.flow !== true ? network : undefined;
}

/** The last of that name, which is the one that counts. */
function pairOf(map: YAMLMap, key: string): Pair | undefined {
  return map.items.findLast((pair) => keyOf(pair) === key);
}

function keyOf(pair: Pair): string {
  return isScalar(pair.key) && typeof pair.key.value === 'string' ? pair.key.value : '';
}

/** The lines of a key and its value; undefined where it shares a line with its neighbours. */
function linesOf(pair: Pair, text: string): Lines | undefined {
  const start = isScalar(pair.key) ? pair.key.range?.[0] : undefined;
  if (start === undefined) return undefined;
  const lineStart = text.lastIndexOf('\n', start - 1) + 1;
  if (text.slice(lineStart, start).trim() !== '') return undefined;
  const end = endOf(pair);
  return { from: lineNumber(text, start), to: lineNumber(text, Math.max(start, end - 1)) + 1, indent: start - lineStart };
}

/** Where the last thing said in a pair ends: a map's own range reaches over the comments that follow it. */
function endOf(pair: Pair): number {
  let end = 0;
  const note = (node: Node | null): void => {
    if (isMap(node) && node.flow !== true) node.items.forEach((item) => (end = Math.max(end, endOf(item))));
    else if (isSeq(node) && node.flow !== true) node.items.forEach((item) => note(isNode(item) ? item : null));
    else if (node?.range) end = Math.max(end, node.range[1]);
  };
  if (isScalar(pair.key)) note(pair.key);
  note(isNode(pair.value) ? pair.value : null);
  return end;
}

function lineNumber(text: string, position: number): number {
  return text.slice(0, position).split('\n').length - 1;
}

/** Each with its line end. */
function textLines(text: string): readonly string[] {
  return text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
}

/** A `network:` that is left with nothing at all is none to netplan. */
function inForm(text: string, sections: number): string | undefined {
  const network = networkOf(text);
  if (network) return text;
  return sections === 1 ? text.replace(/^network:.*$/m, 'network:\n  version: 2') : undefined;
}
