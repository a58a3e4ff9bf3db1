import type { TextSink } from '../surroundings.ts';
import { harmless, type Paint } from './paint.ts';

const WIDE_GAP = 3;
const NARROW_GAP = 2;
const PAGE_WIDTH = 80;

/**
 * Prints rows in columns. Widths are remembered from one call to the next and only grow, so that the rows of a watch stay under
 * their heads.
 */
export class TablePrinter {
  readonly #sink: TextSink;
  readonly #paint: Paint;
  #widths: number[] = [];

  constructor(sink: TextSink, paint: Paint) {
    this.#sink = sink;
    this.#paint = paint;
  }

  /** `heads` undefined prints no line of heads. */
  print(heads: readonly string[] | undefined, rows: readonly (readonly string[])[]): void {
    const shownHeads = heads?.map((head) => head.toUpperCase());
    const shownRows = rows.map((row) => row.map(oneLine));
    for (const row of shownHeads ? [shownHeads, ...shownRows] : shownRows) this.#widen(row);
    const gap = this.#gap();
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

/** Characters on the screen, as far as one column each goes: marks that sit on another character take none. */
function textWidth(text: string): number {
  if (/^[\u0020-\u007e]*$/.test(text)) return text.length;
  return [...text.replace(/\p{Mark}/gu, '')].length;
}
