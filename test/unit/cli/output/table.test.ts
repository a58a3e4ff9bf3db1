import { describe, expect, it } from 'vitest';
import { Paint } from '../../../../cli/output/paint.ts';
import { TablePrinter } from '../../../../cli/output/table.ts';

function printed(print: (table: TablePrinter) => void, columns?: number): string {
  let text = '';
  const sink = { write: (piece: string) => void (text += piece), isTerminal: false, ...(columns !== undefined && { columns }) };
  print(new TablePrinter(sink, new Paint(sink, {})));
  return text;
}

describe('TablePrinter', () => {
  it('keeps later rows under the heads', () => {
    const text = printed((table) => {
      table.print(['Name', 'Ready'], [['long-name', 'True']]);
      table.print(undefined, [['a', 'False']]);
    });
    expect(text).toBe('NAME        READY\nlong-name   True\na           False\n');
  });

  it('moves columns nearer where they would not fit', () => {
    const row = [['a'.repeat(10), 'b'.repeat(10), 'c'.repeat(5)]];
    expect(printed((table) => table.print(undefined, row), 80)).toContain('aaa   bbb');
    expect(printed((table) => table.print(undefined, row), 30)).toContain('aaa  bbb');
  });

  it('counts characters, not code units or accents that stand above others', () => {
    expect(printed((table) => table.print(undefined, [['ñ', 'x'], ['n\u0303', 'x'], ['😀', 'x']]))).toBe('ñ   x\nn\u0303   x\n😀   x\n');
  });
});

describe('a table wider than its terminal', () => {
  const row = ['vnet100', 'short', 'x'.repeat(100)];
  const printed = (more: { readonly isTerminal: boolean; readonly isWhole?: boolean }): string[] => {
    let text = '';
    const sink = { write: (piece: string) => void (text += piece), isTerminal: more.isTerminal, columns: 60 };
    new TablePrinter(sink, new Paint(sink, { NO_COLOR: '1' }), more).print(['Name', 'State', 'Message'], [row]);
    return text.trimEnd().split('\n');
  };

  it('is cut to it, in its widest column, and says so', () => {
    const [, line = ''] = printed({ isTerminal: true });
    expect(line).toHaveLength(60);
    expect(line).toMatch(/^vnet100 +short +x+…$/);
  });

  it('is whole in a pipe, and where that is asked for', () => {
    expect(printed({ isTerminal: false })[1]).toContain('x'.repeat(100));
    expect(printed({ isTerminal: true, isWhole: true })[1]).toContain('x'.repeat(100));
  });
});
