import { EvaluationError, Optional, type Environment } from '@marcbachmann/cel-js';
import { formatCheck } from '../../format.ts';
import { compileRegularExpression } from '../../regular-expression.ts';

/** What says why a text is not of a format; empty when it is. */
type Validate = (text: string) => string[];

class FormatValue {
  readonly name: string;
  readonly validate: Validate;

  constructor(name: string, validate: Validate) {
    this.name = name;
    this.validate = validate;
  }
}

class FormatNamespace {}

const LABEL = '[a-z0-9]([-a-z0-9]*[a-z0-9])?';
const NAMED: ReadonlyMap<string, Validate> = new Map<string, Validate>([
  ['dns1123Label', pattern(`^${LABEL}$`, 63)],
  ['dns1123Subdomain', pattern(`^${LABEL}(\\.${LABEL})*$`, 253)],
  ['dns1035Label', pattern('^[a-z]([-a-z0-9]*[a-z0-9])?$', 63)],
  ['qualifiedName', pattern(`^(${LABEL}(\\.${LABEL})*/)?([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$`, 317)],
  ['dns1123LabelPrefix', pattern('^[a-z0-9][-a-z0-9]*$', 63)],
  ['dns1123SubdomainPrefix', pattern('^[a-z0-9][-.a-z0-9]*$', 253)],
  ['dns1035LabelPrefix', pattern('^[a-z][-a-z0-9]*$', 63)],
  ['labelValue', pattern('^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$', 63)],
  ['uri', known('uri', 'URI')],
  ['uuid', known('uuid', 'UUID')],
  ['byte', known('byte', 'base64')],
  ['date', known('date', 'date')],
  ['datetime', known('datetime', 'date-time')],
]);

/** `format.dns1123Label().validate(text)` and its like (k8s.io/apiserver, pkg/cel/library/format.go). */
export function registerFormats(environment: Environment): void {
  environment.registerType('kubernetes.NamedFormat', { ctor: FormatValue });
  environment.registerType('FormatNamespace', FormatNamespace);
  environment.registerConstant('format', 'FormatNamespace', new FormatNamespace());
  for (const [name, validate] of NAMED) {
    const value = new FormatValue(name, validate);
    environment.registerFunction(`FormatNamespace.${name}(): kubernetes.NamedFormat`, () => value);
  }
  environment.registerFunction('FormatNamespace.named(string): optional<kubernetes.NamedFormat>', (_: unknown, name: string) => {
    const validate = NAMED.get(name);
    return validate === undefined ? Optional.none() : Optional.of(new FormatValue(name, validate));
  });
  environment.registerFunction('kubernetes.NamedFormat.validate(string): optional<list<string>>', (format: FormatValue, text: unknown) => {
    if (typeof text !== 'string') throw new EvaluationError('validate needs a string');
    const problems = format.validate(text);
    return problems.length === 0 ? Optional.none() : Optional.of(problems);
  });
}

function pattern(expression: string, maxLength: number): Validate {
  return (text) => [
    ...(Buffer.byteLength(text) > maxLength ? [`must be no more than ${maxLength} bytes`] : []),
    ...(compileRegularExpression(expression).test(text) ? [] : [`regex used for validation is '${expression.slice(1, -1)}'`]),
  ];
}

function known(format: string, word: string): Validate {
  return (text) => (formatCheck(format)?.(text) === true ? [] : [`does not match the ${word} format`]);
}
