import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { yamlDanger } from '../../../../../api/server/request/yaml-limits.ts';

const LUNA = join(import.meta.dirname, '..', '..', '..', '..', '..', 'examples', 'luna');

describe('yamlDanger', () => {
  it.each([
    ['keys that are no text', '? '.repeat(4000), 'a key must be plain text'],
    ['one such key', '? [a]\n: 1', 'a key must be plain text'],
    ['deep lists', '['.repeat(10_000), 'exceeded max depth'],
    ['deep maps', '{a: '.repeat(10_000), 'exceeded max depth'],
    ['deep compact lists', '- '.repeat(10_000), 'exceeded max depth'],
  ])('finds %s', (_what, text, expected) => {
    expect(yamlDanger(text)).toBe(expected);
  });

  it.each([
    ['a script with question marks and brackets', `userData: |\n  test -n "$x" && echo ok ? yes : no\n  ${'printf "\\e[31m"\n  '.repeat(500)}\n`],
    ['a long list', '- a\n'.repeat(5000)],
    ['quoted brackets', `a: "${'['.repeat(1000)}"`],
  ])('lets %s pass', (_what, text) => {
    expect(yamlDanger(text)).toBeUndefined();
  });

  it('lets every example pass', () => {
    const files = readdirSync(LUNA);
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) expect(yamlDanger(readFileSync(join(LUNA, file), 'utf8')), file).toBeUndefined();
  });
});
