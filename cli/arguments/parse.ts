import { parseArgs } from 'node:util';
import { UsageError } from '../errors.ts';
import { parseDurationMs } from './duration.ts';
import type { OptionTable } from './options.ts';
import { didYouMean } from './suggest.ts';

/** The options given on a command line. */
export class Flags {
  readonly #values: ReadonlyMap<string, readonly string[]>;

  constructor(values: ReadonlyMap<string, readonly string[]>) {
    this.#values = values;
  }

  /** The last value given. */
  text(name: string): string | undefined {
    return this.#values.get(name)?.at(-1);
  }

  all(name: string): readonly string[] {
    return this.#values.get(name) ?? [];
  }

  /** A switch: given, and not as `--name=false`. */
  on(name: string, otherwise = false): boolean {
    const value = this.text(name);
    return value === undefined ? otherwise : value === 'true';
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  /** Throws UsageError when the value is no duration. */
  durationMs(name: string): number | undefined {
    const value = this.text(name);
    return value === undefined ? undefined : parseDurationMs(value, `--${name}`);
  }

  /** One of the words allowed; throws UsageError. */
  word<Word extends string>(name: string, allowed: readonly Word[]): Word | undefined {
    const value = this.text(name);
    if (value === undefined) return undefined;
    const word = allowed.find((candidate) => candidate === value);
    if (word === undefined) throw new UsageError(`--${name} ${value}: must be one of ${allowed.join(', ')}.`);
    return word;
  }
}

export interface CommandLine {
  readonly positionals: readonly string[];
  readonly flags: Flags;
}

/** Reads a command line against its options. Throws UsageError with the nearest option that there is. */
export function parseCommandLine(args: readonly string[], options: OptionTable): CommandLine {
  const positionals: string[] = [];
  const values = new Map<string, string[]>();
  for (const token of tokensOf(args, options)) {
    if (token.kind === 'positional') positionals.push(token.value);
    if (token.kind !== 'option') continue;
    const option = Object.hasOwn(options, token.name) ? options[token.name] : undefined;
    if (option === undefined) throw unknownOption(token.rawName, options);
    const value = option.type === 'switch' ? switchValue(token.rawName, token.value) : textValue(token, options);
    values.set(token.name, [...(values.get(token.name) ?? []), value]);
  }
  return { positionals, flags: new Flags(values) };
}

/** Where the first word that belongs to no option stands, or -1. Options not in the table are taken for switches. */
export function firstPositional(args: readonly string[], options: OptionTable): number {
  for (const token of tokensOf(args, options)) if (token.kind === 'positional') return token.index;
  return -1;
}

interface OptionToken {
  readonly name: string;
  readonly rawName: string;
  readonly value: string | undefined;
  readonly inlineValue: boolean | undefined;
}

function tokensOf(args: readonly string[], options: OptionTable) {
  const table: Record<string, { type: 'string' | 'boolean'; short?: string }> = {};
  for (const [name, option] of Object.entries(options)) {
    table[name] = { type: option.type === 'text' ? 'string' : 'boolean', ...(option.short && { short: option.short }) };
  }
  return parseArgs({ args: [...args], options: table, strict: false, tokens: true, allowPositionals: true }).tokens;
}

function switchValue(rawName: string, value: string | undefined): string {
  if (value === undefined) return 'true';
  if (value === 'true' || value === 'false') return value;
  throw new UsageError(`${rawName} is on or off: write ${rawName} or ${rawName}=false, not ${rawName}=${value}.`);
}

function textValue(token: OptionToken, options: OptionTable): string {
  const { rawName, value } = token;
  const isNextOption = token.inlineValue === false && value !== undefined && isOption(value, options);
  if (value === undefined || isNextOption) throw new UsageError(`${rawName} needs a value: ${rawName} ${options[token.name]?.value ?? 'VALUE'}.`);
  // `-o=yaml` is accepted for `-o yaml`, as kubectl does.
  return !rawName.startsWith('--') && token.inlineValue === true && value.startsWith('=') ? value.slice(1) : value;
}

function isOption(text: string, options: OptionTable): boolean {
  if (text.startsWith('--')) return Object.hasOwn(options, text.slice(2).split('=')[0] ?? '');
  return /^-[a-zA-Z]/.test(text) && Object.values(options).some((option) => option.short === text[1]);
}

function unknownOption(rawName: string, options: OptionTable): UsageError {
  const names = Object.keys(options).map((name) => `--${name}`);
  return new UsageError(`there is no option ${rawName}.${rawName.startsWith('--') ? didYouMean(rawName, names) : ''}`);
}
