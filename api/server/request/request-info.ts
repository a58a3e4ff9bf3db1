/**
 * What a request is about, read from its method and path as k8s.io/apiserver `pkg/endpoints/request/requestinfo.go` reads them:
 * either a resource (`/apis/GROUP/VERSION/[watch/][namespaces/NAMESPACE/]RESOURCE[/NAME[/SUBRESOURCE]]`, `/api/v1/…` for the core
 * group) or a path that is none.
 */
export type RequestInfo = ResourceRequest | PathRequest;

export interface ResourceRequest {
  readonly isResource: true;
  readonly verb: Verb;
  readonly path: string;
  readonly group: string;
  readonly version: string;
  readonly namespace: string;
  readonly resource: string;
  readonly name: string;
  /** The one object that a list or watch is about, by its path (`…/watch/RESOURCE/NAME`) or by `fieldSelector=metadata.name=NAME`. */
  readonly selectedName: string;
  /** All that follows the name; more than one segment names nothing that we serve. */
  readonly subresource: string;
}

export interface PathRequest {
  readonly isResource: false;
  /** The method in lower case. */
  readonly verb: string;
  readonly path: string;
}

export type Verb = 'get' | 'list' | 'watch' | 'create' | 'update' | 'patch' | 'delete' | 'deletecollection' | 'unknown';

/** Below a namespace's own name these are its subresources, not resources in it. */
const NAMESPACE_SUBRESOURCES = new Set(['status', 'finalize']);

/** Throws a URIError when the path is not percent-encoded UTF-8. */
export function requestInfo(method: string, encodedPath: string, query: URLSearchParams): RequestInfo {
  const path = decodeURIComponent(encodedPath);
  const segments = segmentsOf(path);
  const isCore = segments[0] === 'api';
  const prefixLength = isCore ? 2 : 3;
  const isResource = (isCore || segments[0] === 'apis') && segments.length > prefixLength && !segments.includes('');
  if (!isResource) return { isResource: false, verb: method.toLowerCase(), path };
  const about = {
    isResource: true as const,
    path,
    group: isCore ? '' : (segments[1] ?? ''),
    version: segments[prefixLength - 1] ?? '',
  };
  const [first, ...rest] = segments.slice(prefixLength);
  if (first === 'watch' && rest.length > 0) {
    const { name, namespace, ...place } = placeOf(rest);
    const verb = isReading(method) ? 'watch' : 'unknown';
    return { ...about, ...place, verb, name: '', selectedName: name, namespace: place.resource === 'namespaces' ? '' : namespace };
  }
  const place = placeOf(segments.slice(prefixLength));
  const verb = verbOf(method, place.name !== '', query);
  return { ...about, ...place, verb, selectedName: verb === 'list' || verb === 'watch' ? nameIn(query.get('fieldSelector') ?? '') : '' };
}

function isReading(method: string): boolean {
  return method === 'GET' || method === 'HEAD';
}

/** Only one that could be a name, as the selector may hold anything. */
function nameIn(fieldSelector: string): string {
  const terms = fieldSelector.split(',').map((term) => /^metadata\.name==?([^=/%]+)$/.exec(term)?.[1]);
  return terms.find((name) => name !== undefined && name !== '.' && name !== '..') ?? '';
}

function verbOf(method: string, isNamed: boolean, query: URLSearchParams): Verb {
  switch (method) {
    case 'GET':
    case 'HEAD':
      if (isNamed) return 'get';
      return isTrue(query.get('watch')) ? 'watch' : 'list';
    case 'POST':
      return 'create';
    case 'PUT':
      return 'update';
    case 'PATCH':
      return 'patch';
    case 'DELETE':
      return isNamed ? 'delete' : 'deletecollection';
    default:
      return 'unknown';
  }
}

/** A flag in a query: there and not false, as Kubernetes converts strings to booleans. */
export function isTrue(value: string | null): boolean {
  return value !== null && !['false', '0'].includes(value.toLowerCase());
}

function segmentsOf(path: string): string[] {
  const trimmed = path.replace(/^\//, '').replace(/\/$/, '');
  return trimmed === '' ? [] : trimmed.split('/');
}

function placeOf(segments: readonly string[]): Pick<ResourceRequest, 'namespace' | 'resource' | 'name' | 'subresource'> {
  const [first = '', second = '', third] = segments;
  if (first === 'namespaces' && third !== undefined && !NAMESPACE_SUBRESOURCES.has(third)) {
    const [resource = '', name = '', ...rest] = segments.slice(2);
    return { namespace: second, resource, name, subresource: rest.join('/') };
  }
  const [resource = '', name = '', ...rest] = segments;
  return { namespace: resource === 'namespaces' ? name : '', resource, name, subresource: rest.join('/') };
}
