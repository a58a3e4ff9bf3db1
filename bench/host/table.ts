/** Rows as aligned text, the first one as head. Numbers stand to the right. */
export function table(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) => row.map((cell, column) => align(cell, widths[column] ?? 0)).join('  ').trimEnd()).join('\n');
}

function align(cell: string, width: number): string {
  return /^[\d.]/.test(cell) ? cell.padStart(width) : cell.padEnd(width);
}

/** `0.84 ms`, `12.3 ms`, `1,204 ms`. */
export function ms(value: number): string {
  if (Number.isNaN(value)) return '-';
  const digits = value < 10 ? 2 : value < 100 ? 1 : 0;
  return `${value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits })} ms`;
}

/** `2.3x`. */
export function ratio(value: number, peer: number): string {
  return Number.isFinite(value / peer) ? `${(value / peer).toFixed(1)}x` : '-';
}
