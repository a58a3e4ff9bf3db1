import type { StatusCause, StatusError } from './status-error.ts';

/** One thing that the server did not like, in plain words. */
export interface Complaint {
  /** As in a manifest: `spec.uplinks[0].name`. Empty where it is about the whole object. */
  readonly field: string;
  readonly text: string;
}

/** A refusal in plain words, one line a cause. `subject` names the object, and `lineOf` where a field stands in its file. */
export function explainRefusal(error: StatusError, subject?: (field: string) => string): string[] {
  const complaints = complaintsOf(error);
  if (complaints.length === 0) return [subject ? `${subject('')}: ${error.message}` : error.message];
  const otherwise = subject === undefined ? objectIn(error.message) : '';
  return complaints.map(({ field, text }) => {
    const about = subject ? subject(field) : otherwise;
    return [about, field, text].filter((part) => part !== '').join(': ');
  });
}

/** `Portgroup.bridgekeeper.dev "vlan-2" is invalid: …` names the object that a line would otherwise not. */
function objectIn(message: string): string {
  const found = /^(\w+)[\w.]* "([^"]+)" is invalid/.exec(message);
  return found ? `${found[1] ?? ''} ${found[2] ?? ''}` : '';
}

/** What the server did not like, a field at a time; none where it says nothing about fields. */
export function complaintsOf(error: StatusError): Complaint[] {
  const fromCauses = error.causes.filter((cause) => !isNoise(cause)).map(complaintOf);
  const complaints = fromCauses.length > 0 ? fromCauses : [...strictDecoding(error.message), ...typedPatch(error.message)];
  const seen = new Set<string>();
  return complaints.filter(({ field, text }) => {
    const key = `${field}\n${text}`;
    return !seen.has(key) && seen.add(key);
  });
}

/** The server adds that rules were not run where the schema failed already. */
function isNoise(cause: StatusCause): boolean {
  return cause.message.includes('some validation rules were not checked');
}

function complaintOf(cause: StatusCause): Complaint {
  const field = cause.field === '<nil>' ? '' : cause.field.replace(/^\./, '');
  if (cause.reason === 'FieldManagerConflict') {
    const manager = /"([^"]+)"/.exec(cause.message)?.[1] ?? 'somebody else';
    return { field, text: `is set by "${manager}". Leave it out, or take it over with --force-conflicts` };
  }
  return { field, text: plain(cause.message, cause.field) };
}

/** `strict decoding error: unknown field "spec.nope", duplicate field "spec.vlan"` (fieldValidation=Strict). */
function strictDecoding(message: string): Complaint[] {
  const at = message.indexOf('strict decoding error: ');
  if (at < 0) return [];
  return [...message.slice(at).matchAll(/(unknown|duplicate) field "([^"]+)"/g)].map(([, what, field]) => ({
    field: field ?? '',
    text: what === 'unknown' ? 'there is no such field' : 'stands there twice',
  }));
}

/** `failed to create typed patch object (…): .spec.nope: field not declared in schema` (server-side apply). */
function typedPatch(message: string): Complaint[] {
  if (!message.includes('typed patch object')) return [];
  const text = message.slice(message.indexOf('): ') + 3);
  return [...text.matchAll(/\.(\S+): ([^\n]+?)(?=$|\n|, \.)/g)].map(([, field, what]) => ({
    field: field ?? '',
    text: what === 'field not declared in schema' ? 'there is no such field' : (what ?? ''),
  }));
}

type Rewording = readonly [pattern: RegExp, words: (...groups: string[]) => string];

/** The wordings of kube-openapi and of apimachinery's field errors. `value` is JSON. */
const REWORDINGS: readonly Rewording[] = [
  [/^Invalid value: (.*): .* in body should be less than or equal to (\S+)$/s, (value, limit) => `${value} is more than ${limit}`],
  [/^Invalid value: (.*): .* in body should be greater than or equal to (\S+)$/s, (value, limit) => `${value} is less than ${limit}`],
  [/^Invalid value: (.*): .* in body should be less than (\S+)$/s, (value, limit) => `${value} is not less than ${limit}`],
  [/^Invalid value: (.*): .* in body should be greater than (\S+)$/s, (value, limit) => `${value} is not more than ${limit}`],
  [
    /^Invalid value: .*: .* in body must be of type (integer|number|string|boolean|object|array): "(\S+)"$/s,
    (type, found) => `must be ${article(type)}, not ${article(found)}`,
  ],
  // A format, as of an address: here the value itself is shown.
  [/^Invalid value: (.*): .* in body must be of type (\S+): ".*"$/s, (value, format) => `${value} is no ${format}`],
  [/^Invalid value: (.*): .* in body should match '(.*)'$/s, (value, pattern) => `${value} does not match ${pattern}`],
  [/^Invalid value: (.*): .* in body should be at least (\d+) chars long$/s, (value, limit) => `${value} is shorter than ${limit} characters`],
  [/^Too long: may not be (?:more|longer) than (\d+)( bytes)?$/, (limit, bytes) => `is longer than ${limit}${bytes || ' characters'}`],
  [/^Too many: (\d+): must have at most (\d+) items$/, (count, limit) => `has ${count} entries, which is more than ${limit}`],
  [/^Unsupported value: (.*): supported values: (.*)$/s, (value, allowed) => `${value} is not one of ${allowed.replaceAll('"', '')}`],
  [/^Duplicate value: (.*)$/s, (value) => `${value} stands there twice`],
  [/^Required value: (.+)$/s, (why) => `is required: ${why}`],
  [/^Required value$/, () => 'is required'],
  [/^Forbidden: (.*)$/s, (why) => why],
  [/^Not found: (.*)$/s, (value) => `${value} does not exist`],
  // A CEL rule shows the type of what it judged, not the value.
  [/^Invalid value: "?(?:object|array|string|integer|number|boolean)"?: (.*)$/s, (why) => why],
  [/^Invalid value: ("(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?|true|false|null): (.*)$/s, (value, why) => `${value}: ${why}`],
  [/^Invalid value: (.*)$/s, (why) => why],
];

function plain(message: string, field: string): string {
  for (const [pattern, words] of REWORDINGS) {
    const found = pattern.exec(message);
    if (found) return words(...found.slice(1).map((group) => group ?? ''));
  }
  return message.startsWith(`${field}: `) ? message.slice(field.length + 2) : message;
}

function article(type: string): string {
  return /^[aeio]/.test(type) ? `an ${type}` : `a ${type}`;
}
