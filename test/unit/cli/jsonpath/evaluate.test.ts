import { describe, expect, it } from 'vitest';
import { compilePath, compileTemplate } from '../../../../cli/jsonpath/evaluate.ts';
import { UsageError } from '../../../../cli/errors.ts';

const OBJECT = {
  metadata: { name: 'lunabr', labels: { 'a.b/c': 'x' } },
  items: [
    { name: 'one', size: 1, tags: ['t'] },
    { name: 'two', size: 2, on: true },
    { name: 'three', size: 3 },
  ],
};

describe('compileTemplate', () => {
  // What kubectl prints for the same templates.
  it.each([
    ['{.metadata.name}', 'lunabr'],
    ['.metadata.name', 'lunabr'],
    ['{$.metadata.name}', 'lunabr'],
    ['name is {.metadata.name}!', 'name is lunabr!'],
    ["{.metadata.labels['a.b/c']}", 'x'],
    ['{.metadata.labels.a\\.b/c}', 'x'],
    ['{.items[0].name}', 'one'],
    ['{.items[-1].name}', 'three'],
    ['{.items[0:2].name}', 'one two'],
    ['{.items[*].name}', 'one two three'],
    ['{.items[*]}', '{"name":"one","size":1,"tags":["t"]} {"name":"two","size":2,"on":true} {"name":"three","size":3}'],
    ['{.items[?(@.name=="two")].size}', '2'],
    ['{.items[?(@.size>1)].name}', 'two three'],
    ['{.items[?(@.on)].name}', 'two'],
    ['{.items[?(@.on==true)].name}', 'two'],
    ['{..size}', '1 2 3'],
    ['{.none.at.all}', ''],
    ['{range .items[*]}{.name}{"\\t"}{.size}{"\\n"}{end}', 'one\t1\ntwo\t2\nthree\t3\n'],
    ['{range .items[*]}{range .tags[*]}[{@}]{end}{end}', '[t]'],
  ])('fills %s', (template, text) => {
    expect(compileTemplate(template)(OBJECT)).toBe(text);
  });

  it.each(['{.a', '{range .a}{.b}', '{.b}{end}', '{.a[}', '{.a b}'])('refuses %s', (template) => {
    expect(() => compileTemplate(template)).toThrow(UsageError);
  });
});

describe('compilePath', () => {
  it('takes a path with braces or without', () => {
    expect(compilePath('{.items[0].size}')(OBJECT)).toEqual([1]);
    expect(compilePath('items[0].size')(OBJECT)).toEqual([1]);
  });

  it('finds nothing that only the prototype has', () => {
    expect(compilePath('.toString')(OBJECT)).toEqual([]);
  });
});
