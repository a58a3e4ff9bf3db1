import type { Command } from '../command.ts';
import type { CommandEntry } from '../command-table.ts';
import { PAGE_WIDTH, wrap } from '../output/wrap.ts';
import { GLOBAL_OPTIONS, type Option, type OptionTable } from './options.ts';

/** The help of bridgectl as a whole. */
export function overviewHelp(commands: Readonly<Record<string, CommandEntry>>): string {
  const rows = Object.entries(commands).map(([name, entry]) => [name, entry.summary] as const);
  return [
    'bridgectl shows and changes what a Bridgekeeper host should be.',
    '',
    'Usage: bridgectl COMMAND [options]',
    '',
    'Commands:',
    ...columns(rows),
    '',
    'Options of every command:',
    ...columns(optionRows(GLOBAL_OPTIONS)),
    '',
    'bridgectl COMMAND --help shows more. Exit codes: 0 done, 1 failed, 2 wrong command line.',
    '',
  ].join('\n');
}

/** The help of one command. */
export function commandHelp(name: string, command: Command): string {
  const examples = command.examples.flatMap(([purpose, line]) => [`  # ${purpose}`, `  ${line}`, '']);
  const options = Object.keys(command.options).length === 0 ? [] : ['Options:', ...columns(optionRows(command.options)), ''];
  return [
    ...command.description.split('\n').flatMap((paragraph) => wrap(paragraph, PAGE_WIDTH)),
    '',
    `Usage: bridgectl ${name} ${command.usage}`.trimEnd(),
    '',
    ...(examples.length === 0 ? [] : ['Examples:', ...examples]),
    ...options,
    'Options of every command:',
    ...columns(optionRows(GLOBAL_OPTIONS)),
    '',
  ].join('\n');
}

function optionRows(options: OptionTable): (readonly [string, string])[] {
  return Object.entries(options).map(([name, option]) => [optionSyntax(name, option), optionText(option)] as const);
}

function optionSyntax(name: string, option: Option): string {
  const short = option.short === undefined ? '    ' : `-${option.short}, `;
  return `${short}--${name}${option.type === 'text' ? ` ${option.value ?? 'VALUE'}` : ''}`;
}

function optionText(option: Option): string {
  return option.otherwise === undefined ? option.help : `${option.help} (${option.otherwise})`;
}

const TEXT_COLUMN = 30;

function columns(rows: readonly (readonly [string, string])[]): string[] {
  const width = Math.min(TEXT_COLUMN, Math.max(...rows.map(([left]) => left.length)) + 4);
  return rows.flatMap(([left, right]) => {
    const lines = wrap(right, PAGE_WIDTH - width);
    const start = `  ${left}`;
    const first = start.length + 2 <= width ? [start.padEnd(width) + (lines.shift() ?? '')] : [start];
    return [...first, ...lines.map((line) => ' '.repeat(width) + line)];
  });
}
