import { badRequest, invalid, unsupportedMediaType } from '../../machinery/api-error.ts';
import { invalidValue, notSupported } from '../../machinery/field-error.ts';
import { fieldOf, isRecord, stringOf } from '../../machinery/json.ts';
import type { DeleteOptions } from '../../registry/contract.ts';
import type { Exchange } from '../exchange.ts';
import { mediaType } from './content-type.ts';
import { decodeUtf8, parseJson, parseYaml } from './decode-text.ts';
import { readBody } from './read-body.ts';
import { dryRunProblems } from './write-options.ts';

type PropagationPolicy = NonNullable<DeleteOptions['propagationPolicy']>;

const POLICIES: readonly PropagationPolicy[] = ['Foreground', 'Background', 'Orphan'];
const PROTOBUF = 'application/vnd.kubernetes.protobuf';
const ACCEPTED = ['application/json', 'application/yaml', PROTOBUF];

/** metav1.DeleteOptions from the body where there is one, else from the query. Throws 400, 413, 415 or 422. */
export async function deleteOptions(exchange: Exchange): Promise<DeleteOptions> {
  const body = await readOptions(exchange);
  const { query } = exchange;
  const asked = { policy: policyAsked(body, query), dryRun: dryRunAsked(body, query) };
  const problems = dryRunProblems(asked.dryRun);
  const policy = POLICIES.find((each) => each === asked.policy);
  if (asked.policy !== undefined && policy === undefined) problems.push(notSupported('propagationPolicy', asked.policy, [...POLICIES, '']));
  const graceSeconds = fieldOf(body, 'gracePeriodSeconds');
  if (typeof graceSeconds === 'number' && graceSeconds < 0) {
    problems.push(invalidValue('gracePeriodSeconds', graceSeconds, 'must be greater than or equal to 0'));
  }
  if (problems.length > 0) throw invalid({ group: 'meta.k8s.io', kind: 'DeleteOptions' }, '', problems);
  return {
    userName: exchange.identity.userName,
    dryRun: asked.dryRun.length > 0,
    ...preconditionsOf(body),
    ...(policy === undefined ? {} : { propagationPolicy: policy }),
  };
}

async function readOptions(exchange: Exchange): Promise<unknown> {
  const bytes = await readBody(exchange.request);
  if (bytes.length === 0) return undefined;
  const media = mediaType(exchange.request.headers['content-type']);
  if (media !== '' && !ACCEPTED.includes(media)) throw unsupportedMediaType(ACCEPTED);
  if (media === PROTOBUF) {
    const { decodeProtobuf } = await import('./protobuf/decode-protobuf.ts');
    return decodeProtobuf(bytes);
  }
  const text = decodeUtf8(bytes);
  const wrap = (problem: string): string => `couldn't get version/kind; json parse error: ${problem}`;
  const body = media === 'application/yaml' ? parseYaml(text, wrap).value : parseJson(text, wrap);
  const kind = fieldOf(body, 'kind');
  if (!isRecord(body)) throw badRequest(wrap('json: cannot unmarshal the body into Go value of type v1.DeleteOptions'));
  if (kind !== undefined && kind !== 'DeleteOptions') throw badRequest('decoded object cannot be converted to DeleteOptions');
  return body;
}

function policyAsked(body: unknown, query: URLSearchParams): string | undefined {
  const orphans = fieldOf(body, 'orphanDependents') ?? query.get('orphanDependents') ?? undefined;
  const policy = stringOf(fieldOf(body, 'propagationPolicy')) ?? query.get('propagationPolicy') ?? '';
  if (policy !== '') return policy;
  if (orphans === true || orphans === 'true') return 'Orphan';
  return orphans === false || orphans === 'false' ? 'Background' : undefined;
}

function dryRunAsked(body: unknown, query: URLSearchParams): string[] {
  const listed = fieldOf(body, 'dryRun');
  const fromBody = Array.isArray(listed) ? listed.map(String) : [];
  return fromBody.length > 0 ? fromBody : query.getAll('dryRun');
}

function preconditionsOf(body: unknown): Pick<DeleteOptions, 'preconditions'> {
  const uid = stringOf(fieldOf(fieldOf(body, 'preconditions'), 'uid'));
  const resourceVersion = stringOf(fieldOf(fieldOf(body, 'preconditions'), 'resourceVersion'));
  if (uid === undefined && resourceVersion === undefined) return {};
  return { preconditions: { ...(uid === undefined ? {} : { uid }), ...(resourceVersion === undefined ? {} : { resourceVersion }) } };
}
