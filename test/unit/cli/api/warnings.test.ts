import { describe, expect, it } from 'vitest';
import { warningTexts } from '../../../../cli/api/warnings.ts';

describe('warningTexts', () => {
  it('reads several texts in one header, with what is escaped in them', () => {
    expect(warningTexts(['299 - "one, two", 299 - "say \\"hi\\""', '299 bk "three"'])).toEqual(['one, two', 'say "hi"', 'three']);
  });

  it('leaves out warnings of caches', () => {
    expect(warningTexts(['110 - "Response is Stale"'])).toEqual([]);
  });
});
