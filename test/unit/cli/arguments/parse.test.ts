import { describe, expect, it } from 'vitest';
import type { OptionTable } from '../../../../cli/arguments/options.ts';
import { firstPositional, parseCommandLine } from '../../../../cli/arguments/parse.ts';

const OPTIONS: OptionTable = {
  output: { type: 'text', short: 'o', help: '' },
  filename: { type: 'text', short: 'f', help: '' },
  watch: { type: 'switch', short: 'w', help: '' },
  wait: { type: 'switch', help: '' },
};

describe('parseCommandLine', () => {
  it('takes options in all the ways kubectl does, among the other words', () => {
    const { positionals, flags } = parseCommandLine(['br', '-o=wide', 'x', '-fa', '-f', 'b', '--filename=c', '-w', '--wait=false'], OPTIONS);
    expect(positionals).toEqual(['br', 'x']);
    expect(flags.text('output')).toBe('wide');
    expect(flags.all('filename')).toEqual(['a', 'b', 'c']);
    expect([flags.on('watch'), flags.on('wait', true)]).toEqual([true, false]);
  });

  it('takes - for a value, and all after -- for words', () => {
    const { positionals, flags } = parseCommandLine(['-f', '-', '--', '-w'], OPTIONS);
    expect(flags.all('filename')).toEqual(['-']);
    expect(positionals).toEqual(['-w']);
  });

  it('keeps a value that begins with a dash but is no option', () => {
    expect(parseCommandLine(['-o', '-1s'], OPTIONS).flags.text('output')).toBe('-1s');
  });

  it.each([
    [['--outptu', 'x'], 'there is no option --outptu. Did you mean --output?'],
    [['-x'], 'there is no option -x.'],
    [['--output'], '--output needs a value: --output VALUE.'],
    [['-f', '--watch'], '-f needs a value: -f VALUE.'],
    [['--watch=perhaps'], '--watch is on or off: write --watch or --watch=false, not --watch=perhaps.'],
    [['--toString'], 'there is no option --toString.'],
  ])('refuses %j', (args, message) => {
    expect(() => parseCommandLine(args, OPTIONS)).toThrow(message);
  });
});

describe('firstPositional', () => {
  it('passes over options and their values', () => {
    expect(firstPositional(['-o', 'wide', '-w', 'get', 'br'], OPTIONS)).toBe(3);
    expect(firstPositional(['-w'], OPTIONS)).toBe(-1);
  });
});
