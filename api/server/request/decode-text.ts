import { LineCounter, parseDocument } from 'yaml';
import { badRequest, tooLarge } from '../../machinery/api-error.ts';
import { duplicateKeys, duplicateKeysOfJson } from './duplicate-keys.ts';
import { goSyntaxError } from '../../machinery/go-json-errors.ts';
import { goYamlError } from './go-yaml-errors.ts';
import { checkPlainJson } from './plain-json.ts';
import { YAML_LIMIT_CHARACTERS, yamlDanger } from './yaml-limits.ts';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Throws 400 for what is not UTF-8. A byte order mark is dropped. */
export function decodeUtf8(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) throw badRequest('the body of the request is not valid UTF-8');
    throw error;
  }
}

/** `wrap` words the refusal around what is wrong with the text, as the reader of that body does in Kubernetes. */
export function parseJson(text: string, wrap: (problem: string) => string): unknown {
  const value = tryJson(text);
  if (value === undefined) throw badRequest(wrap(goSyntaxError(text)));
  checkPlainJson(value.parsed);
  return value.parsed;
}

export interface ParsedYaml {
  readonly value: unknown;
  /** See `duplicateKeys`. Of each such key the value holds what stands last. */
  readonly duplicateKeys: readonly string[];
}

/** JSON is YAML too and far quicker read as what it is; kubectl sends nothing else. */
export function parseYaml(text: string, wrap: (problem: string) => string): ParsedYaml {
  const json = text.trimStart().startsWith('{') ? tryJson(text) : undefined;
  const read = json === undefined ? readYaml(text, wrap) : { value: json.parsed, duplicateKeys: duplicateKeysOfJson(text) };
  checkPlainJson(read.value);
  return read;
}

function tryJson(text: string): { readonly parsed: unknown } | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return { parsed };
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function readYaml(text: string, wrap: (problem: string) => string): ParsedYaml {
  if (text.length > YAML_LIMIT_CHARACTERS) throw tooLarge(YAML_LIMIT_CHARACTERS);
  const danger = yamlDanger(text);
  if (danger !== undefined) throw badRequest(wrap(`yaml: ${danger}`));
  try {
    const lineCounter = new LineCounter();
    const document = parseDocument(text, { uniqueKeys: false, merge: true, prettyErrors: false, logLevel: 'silent', lineCounter });
    const [error] = document.errors;
    if (error !== undefined) throw badRequest(wrap(`yaml: ${goYamlError(error, lineCounter)}`));
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    return { value, duplicateKeys: duplicateKeys(document, lineCounter) };
  } catch (error) {
    // The parser is recursive, and refuses an alias that multiplies beyond bounds with a ReferenceError.
    if (error instanceof RangeError || error instanceof ReferenceError) {
      throw badRequest(wrap(`yaml: ${error.message}`));
    }
    throw error;
  }
}
