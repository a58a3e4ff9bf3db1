/**
 * Rules for names, labels and keys, with the messages of k8s.io/apimachinery `pkg/api/validate/content`. Each function answers
 * what is wrong, nothing when all is well. Lengths are counted in bytes.
 */

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`;
const QUALIFIED = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]';
const LABEL_VALUE = `(${QUALIFIED})?`;

const LABEL_PATTERN = new RegExp(`^${LABEL}$`);
const SUBDOMAIN_PATTERN = new RegExp(`^${SUBDOMAIN}$`);
const QUALIFIED_PATTERN = new RegExp(`^${QUALIFIED}$`);
const LABEL_VALUE_PATTERN = new RegExp(`^${LABEL_VALUE}$`);
const CONFIG_KEY_PATTERN = /^[-._a-zA-Z0-9]+$/;

const LABEL_TEXT =
  "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character";
const SUBDOMAIN_TEXT =
  "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character";
const QUALIFIED_TEXT =
  "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";
const LABEL_VALUE_TEXT =
  "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character";

/** A name of an object of most kinds: RFC 1123 subdomain, at most 253 bytes. */
export function subdomainProblems(value: string): string[] {
  const problems = lengthProblems(value, 253);
  if (!SUBDOMAIN_PATTERN.test(value)) problems.push(mismatch(SUBDOMAIN_TEXT, SUBDOMAIN, ['example.com']));
  return problems;
}

/** A namespace's name: RFC 1123 label, at most 63 bytes. */
export function labelNameProblems(value: string): string[] {
  const problems = lengthProblems(value, 63);
  if (LABEL_PATTERN.test(value)) return problems;
  const text = SUBDOMAIN_PATTERN.test(value) ? 'must not contain dots' : mismatch(LABEL_TEXT, LABEL, ['my-name', '123-abc']);
  return [...problems, text];
}

/** A label key, annotation key or finalizer: an optional subdomain with a slash, and a name of at most 63 bytes. */
export function qualifiedNameProblems(value: string): string[] {
  const parts = value.split('/');
  const [first = '', second] = parts;
  const examples = ['MyName', 'my.name', '123-abc'];
  if (parts.length > 2) {
    return [
      `a valid label key ${mismatch(QUALIFIED_TEXT, QUALIFIED, examples)} with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`,
    ];
  }
  const problems = second === undefined ? [] : prefixProblems(first);
  const name = second ?? first;
  if (name === '') problems.push('name part must be non-empty');
  else if (Buffer.byteLength(name) > 63) problems.push(`name part ${tooLongFor(63)}`);
  if (!QUALIFIED_PATTERN.test(name)) problems.push(`name part ${mismatch(QUALIFIED_TEXT, QUALIFIED, examples)}`);
  return problems;
}

export function labelValueProblems(value: string): string[] {
  const problems = lengthProblems(value, 63);
  if (!LABEL_VALUE_PATTERN.test(value)) problems.push(mismatch(LABEL_VALUE_TEXT, LABEL_VALUE, ['MyValue', 'my_value', '12345']));
  return problems;
}

/** A key in the data of a ConfigMap or Secret. */
export function configKeyProblems(value: string): string[] {
  const problems = lengthProblems(value, 253);
  if (!CONFIG_KEY_PATTERN.test(value)) {
    const text = "a valid config key must consist of alphanumeric characters, '-', '_' or '.'";
    problems.push(mismatch(text, '[-._a-zA-Z0-9]+', ['key.name', 'KEY_NAME', 'key-name']));
  }
  if (value === '.') problems.push("must not be '.'");
  else if (value === '..') problems.push("must not be '..'");
  else if (value.startsWith('..')) problems.push("must not start with '..'");
  return problems;
}

/** What no name may hold, since it is a segment of a path. */
export function pathSegmentProblems(value: string): string[] {
  if (value === '.' || value === '..') return [`may not be '${value}'`];
  return ['/', '%'].filter((character) => value.includes(character)).map((character) => `may not contain '${character}'`);
}

function prefixProblems(prefix: string): string[] {
  if (prefix === '') return ['prefix part must be non-empty'];
  return subdomainProblems(prefix).map((problem) => `prefix part ${problem}`);
}

function lengthProblems(value: string, maximumBytes: number): string[] {
  return Buffer.byteLength(value) > maximumBytes ? [tooLongFor(maximumBytes)] : [];
}

function tooLongFor(maximumBytes: number): string {
  return `must be no more than ${maximumBytes} bytes`;
}

/** The odd comma stands in Kubernetes' own text. */
function mismatch(text: string, pattern: string, examples: readonly string[]): string {
  const shown = examples.map((example) => `'${example}', `).join(' or ');
  return `${text} (e.g. ${shown}regex used for validation is '${pattern}')`;
}
