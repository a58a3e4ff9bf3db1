import { describe, expect, it } from 'vitest';
import { lineDiff } from '../../../../cli/output/text-diff.ts';

describe('the difference of two texts', () => {
  it.each([
    ['a\nb\n', 'a\nb\n', ['  a', '  b']],
    ['a\nb\nc\n', 'a\nx\nc\n', ['  a', '- b', '+ x', '  c']],
    ['', 'a\n', ['+ a']],
    ['a\n', '', ['- a']],
    ['a\nb\n', 'b\nc\n', ['- a', '  b', '+ c']],
  ])('%j to %j', (before, after, lines) => {
    expect(lineDiff(before, after)).toEqual(lines);
  });
});
