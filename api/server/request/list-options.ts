import { badRequest, invalid } from '../../machinery/api-error.ts';
import { forbiddenField, notSupported } from '../../machinery/field-error.ts';
import type { StatusCause } from '../../machinery/status.ts';
import type { ListOptions, WatchOptions } from '../../registry/contract.ts';
import { isTrue } from './request-info.ts';

const MATCH = 'resourceVersionMatch';
const SEND = 'sendInitialEvents';

/** The query of a LIST or DELETE of a collection (metav1.ListOptions). Throws 400 or 422 as Kubernetes validates it. */
export function listOptions(query: URLSearchParams, namespace: string): ListOptions {
  const limit = integer(query, 'limit');
  integer(query, 'timeoutSeconds');
  refuse(listProblems(query));
  return {
    ...selection(query, namespace),
    ...(limit === undefined || limit <= 0 ? {} : { limit }),
    ...text(query, 'continue', (continueToken) => ({ continueToken })),
    ...text(query, 'resourceVersion', (resourceVersion) => ({ resourceVersion })),
    ...text(query, MATCH, (resourceVersionMatch) => ({ resourceVersionMatch })),
  };
}

/** The query of a WATCH; `selectedName` where its path names one object. */
export function watchOptions(query: URLSearchParams, namespace: string, selectedName = ''): WatchOptions {
  refuse(watchProblems(query));
  const selected = selection(query, namespace);
  return {
    ...selected,
    ...(selectedName === '' ? {} : { fieldSelector: selectorOf(selectedName, selected.fieldSelector) }),
    ...text(query, 'resourceVersion', (resourceVersion) => ({ resourceVersion })),
    ...(query.has(SEND) ? { sendInitialEvents: isTrue(query.get(SEND)) } : {}),
    allowWatchBookmarks: isTrue(query.get('allowWatchBookmarks')),
  };
}

/** How long a watch may take, zero for one that is to end at once; undefined when the client leaves it to us. */
export function watchSeconds(query: URLSearchParams): number | undefined {
  const seconds = integer(query, 'timeoutSeconds');
  return seconds === undefined || seconds === 0 ? undefined : Math.max(0, seconds);
}

/** Throws 400 where the query selects something else than the path. */
function selectorOf(name: string, asked: string | undefined): string {
  const byName = `metadata.name=${name}`;
  if (asked === undefined || asked.split(',').some((term) => term.replace('==', '=') === byName)) return asked ?? byName;
  throw badRequest("fieldSelector metadata.name doesn't match requested name");
}

type Selection = Pick<ListOptions, 'namespace' | 'labelSelector' | 'fieldSelector'>;

function selection(query: URLSearchParams, namespace: string): Selection {
  return {
    ...(namespace === '' ? {} : { namespace }),
    ...text(query, 'labelSelector', (labelSelector) => ({ labelSelector })),
    ...text(query, 'fieldSelector', (fieldSelector) => ({ fieldSelector })),
  };
}

function text<Options>(query: URLSearchParams, name: string, option: (value: string) => Options): Options | Record<string, never> {
  const value = query.get(name);
  return value === null || value === '' ? {} : option(value);
}

function integer(query: URLSearchParams, name: string): number | undefined {
  const value = query.get(name);
  if (value === null || value === '') return undefined;
  if (!/^[-+]?\d+$/.test(value)) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(value)}: invalid syntax`);
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw badRequest(`strconv.ParseInt: parsing ${JSON.stringify(value)}: value out of range`);
  return number;
}

function listProblems(query: URLSearchParams): StatusCause[] {
  const match = query.get(MATCH) ?? '';
  const problems: StatusCause[] = [];
  if (match !== '') {
    const version = query.get('resourceVersion') ?? '';
    if (version === '') problems.push(forbiddenField(MATCH, 'resourceVersionMatch is forbidden unless resourceVersion is provided'));
    if (hasText(query, 'continue')) problems.push(forbiddenField(MATCH, 'resourceVersionMatch is forbidden when continue is provided'));
    if (match !== 'Exact' && match !== 'NotOlderThan') problems.push(notSupported(MATCH, match, ['Exact', 'NotOlderThan', '']));
    if (match === 'Exact' && version === '0') {
      problems.push(forbiddenField(MATCH, 'resourceVersionMatch "exact" is forbidden for resourceVersion "0"'));
    }
  }
  if (query.has(SEND)) problems.push(forbiddenField(SEND, 'sendInitialEvents is forbidden for list'));
  return problems;
}

function watchProblems(query: URLSearchParams): StatusCause[] {
  const match = query.get(MATCH) ?? '';
  const sends = query.has(SEND);
  const problems: StatusCause[] = [];
  if (sends && match !== 'NotOlderThan') {
    problems.push(forbiddenField(MATCH, 'sendInitialEvents requires setting resourceVersionMatch to NotOlderThan'));
  }
  if (match !== '' && !sends) {
    problems.push(forbiddenField(MATCH, 'resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided'));
  }
  if (match !== '' && match !== 'NotOlderThan') problems.push(notSupported(MATCH, match, ['NotOlderThan']));
  if (match !== '' && hasText(query, 'continue')) {
    problems.push(forbiddenField(MATCH, 'resourceVersionMatch is forbidden when continue is provided'));
  }
  return problems;
}

function hasText(query: URLSearchParams, name: string): boolean {
  return (query.get(name) ?? '') !== '';
}

function refuse(problems: readonly StatusCause[]): void {
  if (problems.length > 0) throw invalid({ group: 'meta.k8s.io', kind: 'ListOptions' }, '', problems);
}
