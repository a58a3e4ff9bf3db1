import { invalidValue, required } from '../../machinery/field-error.ts';
import { goSyntaxError } from '../../machinery/go-json-errors.ts';
import { isRecord, stringOf } from '../../machinery/json.ts';
import type { KubeObject } from '../../machinery/object.ts';
import type { StatusCause } from '../../machinery/status.ts';

const ACCOUNT = 'kubernetes.io/service-account.name';
const REDACTED = '<secret contents redacted>';

/** What a Secret of one of Kubernetes' own types must hold (k8s.io/kubernetes `pkg/apis/core/validation`, ValidateSecret). */
export function secretTypeCauses({ type, data, metadata }: KubeObject): StatusCause[] {
  const given = isRecord(data) ? data : {};
  const isThere = (key: string): boolean => Object.hasOwn(given, key);
  switch (type) {
    case 'kubernetes.io/service-account-token':
      return (metadata.annotations?.[ACCOUNT] ?? '') === '' ? [required(`metadata.annotations[${ACCOUNT}]`)] : [];
    case 'kubernetes.io/dockercfg':
      return jsonCauses(given, '.dockercfg');
    case 'kubernetes.io/dockerconfigjson':
      return jsonCauses(given, '.dockerconfigjson');
    case 'kubernetes.io/basic-auth':
      // The "%s" is Kubernetes' own slip, and part of what it answers.
      return isThere('username') || isThere('password') ? [] : [required('data[%s][username]'), required('data[%s][password]')];
    case 'kubernetes.io/ssh-auth':
      return (stringOf(given['ssh-privatekey']) ?? '') === '' ? [required('data[%s][ssh-privatekey]')] : [];
    case 'kubernetes.io/tls':
      return ['tls.crt', 'tls.key'].filter((key) => !isThere(key)).map((key) => required(`data[${key}]`));
    default:
      return [];
  }
}

function jsonCauses(data: Readonly<Record<string, unknown>>, key: string): StatusCause[] {
  const encoded = stringOf(data[key]);
  if (encoded === undefined) return [required(`data[${key}]`)];
  const problem = objectProblem(Buffer.from(encoded, 'base64').toString());
  return problem === undefined ? [] : [invalidValue(`data[${key}]`, REDACTED, problem)];
}

/** Why Go can't read the text into a map; undefined where it can, which goes for null too. */
function objectProblem(text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (value === null || isRecord(value)) return undefined;
    const kind = Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value;
    return `json: cannot unmarshal ${kind} into Go value of type map[string]interface {}`;
  } catch (error) {
    if (error instanceof SyntaxError) return goSyntaxError(text);
    throw error;
  }
}
