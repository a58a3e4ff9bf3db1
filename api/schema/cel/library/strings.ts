import { EvaluationError, type Environment } from '@marcbachmann/cel-js';
import { formatText } from './format-text.ts';

class StringsNamespace {}

/** What cel-js lacks of cel-go's string extensions (ext.Strings, version 2), or does for more than ASCII. */
export function registerStrings(environment: Environment): void {
  environment.registerFunction('string.toLowerAscii(): string', (text: string) => text.replace(/[A-Z]+/g, (part) => part.toLowerCase()));
  environment.registerFunction('string.toUpperAscii(): string', (text: string) => text.replace(/[a-z]+/g, (part) => part.toUpperCase()));
  environment.registerFunction('string.charAt(int): string', charAt);
  environment.registerFunction('string.replace(string, string): string', (text: string, from: string, to: string) => text.replaceAll(from, () => to));
  environment.registerFunction('string.replace(string, string, int): string', replaceSome);
  environment.registerFunction('string.format(list<dyn>): string', (text: string, values: readonly unknown[]) => formatText(text, values));
  environment.registerType('StringsNamespace', StringsNamespace);
  environment.registerConstant('strings', 'StringsNamespace', new StringsNamespace());
  environment.registerFunction('StringsNamespace.quote(string): string', (_: unknown, text: string) => JSON.stringify(text));
}

function charAt(text: string, index: bigint): string {
  const characters = [...text];
  if (index < 0n || index > BigInt(characters.length)) throw new EvaluationError(`index out of range: ${index}`);
  return characters[Number(index)] ?? '';
}

function replaceSome(text: string, from: string, to: string, limit: bigint): string {
  if (limit < 0n) return text.replaceAll(from, () => to);
  const parts = text.split(from);
  const replaced = parts.slice(0, Number(limit) + 1);
  const rest = parts.slice(Number(limit) + 1);
  return [replaced.join(to), ...rest].join(from);
}
