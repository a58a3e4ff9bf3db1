import type { TextSink } from '../surroundings.ts';
import { harmless, type Paint } from './paint.ts';

const WIDE_GAP = 3;
const NARROW_GAP = 2;
const PAGE_WIDTH = 80;
/** A column is not cut below this. */
const LEAST_WIDTH = 8;

/**
 * Prints rows in columns. Widths are remembered from one call to the next and only grow, so that the rows of a watch stay under
 * their heads.
 */
export class TablePrinter {
  readonly #sink: TextSink;
  readonly #paint: Paint;
  readonly #isWhole: boolean;
  #widths: number[] = [];

  /** On a terminal, cells are cut so that a row is one line of it, unless `isWhole`. */
  constructor(sink: TextSink, paint: Paint, { isWhole = false }: { readonly isWhole?: boolean } = {}) {
    this.#sink = sink;
    this.#paint = paint;
    this.#isWhole = isWhole;
  }

  /** `heads` undefined prints no line of heads. */
  print(heads: readonly string[] | undefined, rows: readonly (readonly string[])[]): void {
    const shownHeads = heads?.map((head) => head.toUpperCase());
    const wholeRows = rows.map((row) => row.map(oneLine));
    for (const row of shownHeads ? [shownHeads, ...wholeRows] : wholeRows) this.#widen(row);
    const gap = this.#gap();
    this.#fit(gap);
    const shownRows = wholeRows.map((row) => row.map((cell, index) => cutTo(cell, this.#widths[index] ?? cell.length)));
    if (shownHeads) this.#write(shownHeads.map((head) => this.#paint.head(head)), shownHeads, gap);
    for (const row of shownRows) this.#write(row.map((cell, index) => this.#coloured(cell, shownHeads?.[index])), row, gap);
  }

  #widen(row: readonly string[]): void {
    row.forEach((cell, index) => {
      this.#widths[index] = Math.max(this.#widths[index] ?? 0, textWidth(cell));
    });
  }

  /** A table that would not fit on a page moves its columns nearer to each other. */
  #gap(): number {
    const width = this.#widths.reduce((sum, column) => sum + column + WIDE_GAP, -WIDE_GAP);
    return width > (this.#sink.columns ?? PAGE_WIDTH) ? NARROW_GAP : WIDE_GAP;
  }

  /** Takes from the widest column until a row fits the terminal; the first one is a name, by which things are asked for. */
  #fit(gap: number): void {
    if (this.#isWhole || !this.#sink.isTerminal) return;
    const room = (this.#sink.columns ?? PAGE_WIDTH) - gap * (this.#widths.length - 1);
    let surplus = this.#widths.reduce((sum, width) => sum + width, -room);
    while (surplus > 0) {
      const widest = this.#widths.indexOf(Math.max(...this.#widths.slice(1)), 1);
      const width = this.#widths[widest] ?? 0;
      if (width <= LEAST_WIDTH) return;
      this.#widths[widest] = width - 1;
      surplus -= 1;
    }
  }

  #write(painted: readonly string[], bare: readonly string[], gap: number): void {
    const cells = painted.map((cell, index) => {
      const isLast = index === painted.length - 1;
      return isLast ? cell : cell + ' '.repeat((this.#widths[index] ?? 0) - textWidth(bare[index] ?? '') + gap);
    });
    this.#sink.write(`${cells.join('').trimEnd()}\n`);
  }

  #coloured(cell: string, head: string | undefined): string {
    if (head === 'AGE' || head === 'NAME' || head === 'MESSAGE') return cell;
    return paintState(this.#paint, cell);
  }
}

/** Green for what is well, red for what is not, yellow for what is open. */
export function paintState(paint: Paint, word: string): string {
  if (GOOD.has(word)) return paint.good(word);
  if (BAD.has(word)) return paint.bad(word);
  return DOUBTFUL.has(word) ? paint.doubtful(word) : word;
}

const GOOD = new Set(['True', 'running', 'Connected', 'Corrected', 'Succeeded', 'Delivered']);
const BAD = new Set(['False', 'crashed', 'Disconnected', 'Failed', 'RolledBack']);
const DOUBTFUL = new Set(['Unknown', 'Warning', 'Reported', 'paused', 'shut off']);

/** The first line only; that there is more is shown by dots. */
function oneLine(cell: string): string {
  const end = cell.trimEnd().indexOf('\n');
  return harmless(end < 0 ? cell.trimEnd() : `${cell.slice(0, end)}...`);
}

function cutTo(cell: string, width: number): string {
  return textWidth(cell) <= width ? cell : `${[...cell].slice(0, width - 1).join('')}…`;
}

/** Characters on the screen, as far as one column each goes: marks that sit on another character take none. */
function textWidth(text: string): number {
  if (/^[\u0020-\u007e]*$/.test(text)) return text.length;
  return [...text.replace(/\p{Mark}/gu, '')].length;
}
