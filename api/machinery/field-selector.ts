import { SelectorError } from './label-selector.ts';

export interface FieldRequirement {
  /** `metadata.name` */
  readonly path: string;
  /** Whether the field must equal `value`, or differ from it. */
  readonly equal: boolean;
  readonly value: string;
}

/**
 * Parses `metadata.name=a,status.phase!=Running`; a backslash escapes `,`, `=` and itself. Which fields a kind selects by is the
 * caller's to judge. Throws a `SelectorError` in the words of k8s.io/apimachinery `pkg/fields`.
 */
export function parseFieldSelector(text: string): FieldRequirement[] {
  return splitTerms(text)
    .filter((term) => term !== '')
    .map((term) => parseTerm(term, text));
}

function splitTerms(text: string): string[] {
  const terms: string[] = [];
  let term = '';
  let escaped = false;
  for (const character of text) {
    if (character === ',' && !escaped) {
      terms.push(term);
      term = '';
    } else {
      term += character;
    }
    escaped = character === '\\' && !escaped;
  }
  return [...terms, term];
}

function parseTerm(term: string, selector: string): FieldRequirement {
  const match = /^(?<field>.*?)(?<operator>!=|==|=)(?<value>.*)$/s.exec(term);
  const { field, operator, value } = match?.groups ?? {};
  if (field === undefined || operator === undefined || value === undefined) {
    throw new SelectorError(`invalid selector: '${selector}'; can't understand '${term}'`);
  }
  return { path: field, equal: operator !== '!=', value: unescape(value) };
}

function unescape(value: string): string {
  let plain = '';
  let escaped = false;
  for (const character of value) {
    if (escaped && !['\\', ',', '='].includes(character)) throw invalidEscape(`\\${character}`);
    if (!escaped && [',', '='].includes(character)) {
      throw new SelectorError(`invalid field selector: unescaped character in value: ${character.codePointAt(0)}`);
    }
    if (escaped || character !== '\\') plain += character;
    escaped = character === '\\' && !escaped;
  }
  if (escaped) throw invalidEscape('\\');
  return plain;
}

function invalidEscape(sequence: string): SelectorError {
  return new SelectorError(`invalid field selector: invalid escape sequence: ${sequence}`);
}
