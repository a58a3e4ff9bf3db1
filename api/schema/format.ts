import { parseCidr, parseIp } from './ip-address.ts';
import { compileRegularExpression } from './regular-expression.ts';

type FormatCheck = (text: string) => boolean;

/**
 * The formats that kube-apiserver checks in custom resources (apiextensions-apiserver, pkg/apiserver/validation/formats.go), by
 * name without dashes. Formats it does not know are no constraint.
 */
const FORMATS: ReadonlyMap<string, FormatCheck> = new Map<string, FormatCheck>([
  ['ipv4', (text) => text.includes('.') && parseIp(text) !== undefined],
  ['ipv6', (text) => text.includes(':') && parseIp(text) !== undefined],
  ['cidr', (text) => parseCidr(text) !== undefined],
  ['mac', isMac],
  ['uri', isRequestUri],
  ['email', matcher('^[^\\s@<>]+@[^\\s@<>]+$')],
  ['hostname', isHostname],
  ['uuid', matcher('(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{4}-?[0-9a-f]{12}$')],
  ['uuid3', matcher('(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?3[0-9a-f]{3}-?[0-9a-f]{4}-?[0-9a-f]{12}$')],
  ['uuid4', matcher('(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?4[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}$')],
  ['uuid5', matcher('(?i)^[0-9a-f]{8}-?[0-9a-f]{4}-?5[0-9a-f]{3}-?[89ab][0-9a-f]{3}-?[0-9a-f]{12}$')],
  ['byte', matcher('^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{4})$')],
  ['password', () => true],
  ['hexcolor', matcher('^#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$')],
  ['ssn', matcher('^\\d{3}[- ]?\\d{2}[- ]?\\d{4}$')],
  ['date', isDate],
  ['datetime', isDateTime],
  ['duration', matcher('^[-+]?((\\d+(\\.\\d*)?|\\.\\d+)\\s*(ns|us|µs|μs|ms|s|m|h|d|w|nanoseconds?|milliseconds?|seconds?|minutes?|hours?|days?|weeks?)\\s*)+$')],
  ['k8sshortname', (text) => text.length <= 63 && DNS_LABEL(text)],
  ['k8slongname', (text) => text.length <= 253 && text.split('.').every((part) => DNS_LABEL(part))],
]);

/** The check of a format, absent where it is no constraint on this type. */
export function formatCheck(format: string | undefined): FormatCheck | undefined {
  return format === undefined ? undefined : FORMATS.get(format.replaceAll('-', ''));
}

/** The format as the type check sees it: empty where kube-apiserver does not know it for this type. */
export function knownFormat(format: string | undefined, type: string | undefined): string {
  if (format === undefined) return '';
  if (type === 'integer') return format === 'int32' || format === 'int64' ? format : '';
  if (type === 'number') return format === 'float' || format === 'double' ? format : '';
  if (type === undefined || type === 'string') return formatCheck(format) === undefined ? '' : format;
  return '';
}

const MONTH_DAYS = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function isDate(text: string): boolean {
  const match = /^([0-9]{4})-([0-9]{2})-([0-9]{2})$/.exec(text);
  if (match === null) return false;
  const [year, month, day] = [Number(match[1]), Number(match[2]), Number(match[3])];
  const leap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  const days = month === 2 && !leap ? 28 : (MONTH_DAYS[month - 1] ?? 0);
  return day >= 1 && day <= days;
}

/** RFC 3339, section 5.6. */
function isDateTime(text: string): boolean {
  const match = /^([0-9]{4}-[0-9]{2}-[0-9]{2})[Tt ]([0-9]{2}):([0-9]{2}):([0-9]{2})(\.[0-9]+)?([Zz]|[-+][0-9]{2}:[0-9]{2})$/.exec(text);
  if (match === null) return false;
  const [hours, minutes, seconds] = [Number(match[2]), Number(match[3]), Number(match[4])];
  return isDate(match[1] ?? '') && hours < 24 && minutes < 60 && seconds < 60;
}

/** 6, 8 or 20 bytes, as Go's `net.ParseMAC` takes them. */
function isMac(text: string): boolean {
  const separated = /^[0-9A-Fa-f]{2}(([:-])[0-9A-Fa-f]{2})(\2[0-9A-Fa-f]{2})*$/.exec(text);
  if (separated !== null) return [6, 8, 20].includes(text.split(/[:-]/).length);
  return /^[0-9A-Fa-f]{4}(\.[0-9A-Fa-f]{4})+$/.test(text) && [3, 4, 10].includes(text.split('.').length);
}

/** Absolute, or a path from the root (Go's `url.ParseRequestURI`). */
function isRequestUri(text: string): boolean {
  if (/[\s\u0000-\u001f\u007f]/.test(text)) return false;
  return text.startsWith('/') || URL.canParse(text);
}

const HOSTNAME = matcher(
  '^([a-zA-Z0-9\\p{S}\\p{L}]((-?[a-zA-Z0-9\\p{S}\\p{L}]{0,62})?)|([a-zA-Z0-9\\p{S}\\p{L}](([a-zA-Z0-9-\\p{S}\\p{L}]{0,61}[a-zA-Z0-9\\p{S}\\p{L}])?)(\\.)){1,}([a-zA-Z\\p{L}]){2,63})$',
);
const DNS_LABEL = matcher('^[a-z0-9]([-a-z0-9]*[a-z0-9])?$');

function isHostname(text: string): boolean {
  return Buffer.byteLength(text) <= 255 && text.split('.').every((label) => Buffer.byteLength(label) <= 63) && HOSTNAME(text);
}

/** Compiled at the first use, since most formats are never asked for. */
function matcher(pattern: string): FormatCheck {
  return (text) => compileRegularExpression(pattern).test(text);
}
