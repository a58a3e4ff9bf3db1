/** The lines of two texts beside each other: `-` only in the first, `+` only in the second, a blank in both. */
export function lineDiff(before: string, after: string): string[] {
  const [left, right] = [linesOf(before), linesOf(after)];
  const common = commonLengths(left, right);
  const lines: string[] = [];
  let [at, to] = [0, 0];
  while (at < left.length || to < right.length) {
    if (at < left.length && to < right.length && left[at] === right[to]) {
      lines.push(`  ${left[at] ?? ''}`);
      at += 1;
      to += 1;
    } else if (to === right.length || (at < left.length && lengthAt(common, at + 1, to) >= lengthAt(common, at, to + 1))) {
      lines.push(`- ${left[at] ?? ''}`);
      at += 1;
    } else {
      lines.push(`+ ${right[to] ?? ''}`);
      to += 1;
    }
  }
  return lines;
}

function linesOf(text: string): string[] {
  return text === '' ? [] : text.trimEnd().split('\n');
}

/** The longest common subsequence of what is left of both from each place on, by dynamic programming from the end. */
function commonLengths(left: readonly string[], right: readonly string[]): number[][] {
  const lengths = Array.from({ length: left.length + 1 }, () => new Array<number>(right.length + 1).fill(0));
  for (let at = left.length - 1; at >= 0; at -= 1) {
    const row = lengths[at];
    if (!row) continue;
    for (let to = right.length - 1; to >= 0; to -= 1) {
      row[to] = left[at] === right[to] ? lengthAt(lengths, at + 1, to + 1) + 1 : Math.max(lengthAt(lengths, at + 1, to), lengthAt(lengths, at, to + 1));
    }
  }
  return lengths;
}

function lengthAt(lengths: readonly (readonly number[])[], at: number, to: number): number {
  return lengths[at]?.[to] ?? 0;
}
