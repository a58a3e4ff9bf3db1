import { shown, type Json, type JsonObject } from '../api/json.ts';
import type { Flags } from '../arguments/parse.ts';
import { didYouMean } from '../arguments/suggest.ts';
import { UsageError } from '../errors.ts';
import { jsonText, yamlText } from './object-text.ts';

type Order = (left: JsonObject, right: JsonObject) => number;

/** How results are to be shown. */
export type Output = (
  | { readonly format: 'table'; readonly isWide: boolean }
  | { readonly format: 'yaml' | 'json' | 'name' }
  | { readonly format: 'jsonpath'; readonly template: (object: JsonObject) => string }
) & { readonly sortBy?: Order };

const FORMATS = ['wide', 'yaml', 'json', 'name', 'jsonpath'];

/** Reads `--output` and `--sort-by`. Throws UsageError. */
export async function parseOutput(flags: Flags): Promise<Output> {
  const sortBy = await orderOf(flags.text('sort-by'));
  return { ...(await formatOf(flags.text('output'))), ...(sortBy && { sortBy }) };
}

async function formatOf(text: string | undefined): Promise<Output> {
  if (text === undefined || text === 'table') return { format: 'table', isWide: false };
  if (text === 'wide') return { format: 'table', isWide: true };
  if (text === 'yaml' || text === 'json' || text === 'name') return { format: text };
  if (text.startsWith('jsonpath=')) {
    const { compileTemplate } = await import('../jsonpath/evaluate.ts');
    return { format: 'jsonpath', template: compileTemplate(text.slice('jsonpath='.length)) };
  }
  throw new UsageError(`-o ${text}: must be one of ${FORMATS.join(', ')}.${didYouMean(text, FORMATS)}`);
}

async function orderOf(path: string | undefined): Promise<Order | undefined> {
  if (path === undefined) return undefined;
  const { compilePath } = await import('../jsonpath/evaluate.ts');
  const valuesAt = compilePath(path);
  return (left, right) => compare(valuesAt(left)[0], valuesAt(right)[0]);
}

/** Numbers by size, texts by their letters (with numbers in them by size), what has no such field first. */
function compare(left: Json | undefined, right: Json | undefined): number {
  if (left === undefined || right === undefined) return Number(left !== undefined) - Number(right !== undefined);
  if (typeof left === 'number' && typeof right === 'number') return left - right;
  return shown(left).localeCompare(shown(right), 'en', { numeric: true });
}

/** One object in a format that is no table. */
export async function objectText(object: JsonObject, output: Output): Promise<string> {
  if (output.format === 'yaml') return yamlText(object);
  return output.format === 'jsonpath' ? output.template(object) : jsonText(object);
}
