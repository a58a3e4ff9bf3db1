import { describe, expect, it } from 'vitest';
import { requestInfo } from '../../../../../api/server/request/request-info.ts';

function read(method: string, path: string, query = ''): unknown {
  return requestInfo(method, path, new URLSearchParams(query));
}

describe('requestInfo', () => {
  it.each([
    ['GET', '/apis/bridgekeeper.dev/v1alpha1/portgroups', '', { verb: 'list', resource: 'portgroups', name: '' }],
    ['GET', '/apis/bridgekeeper.dev/v1alpha1/portgroups', 'watch=true', { verb: 'watch' }],
    ['GET', '/apis/bridgekeeper.dev/v1alpha1/portgroups', 'watch=0', { verb: 'list' }],
    ['GET', '/apis/bridgekeeper.dev/v1alpha1/portgroups/vlan-2', 'watch=1', { verb: 'get', name: 'vlan-2' }],
    ['GET', '/apis/bridgekeeper.dev/v1alpha1/portgroups', 'fieldSelector=a%3Db,metadata.name%3Dx', { verb: 'list', name: '', selectedName: 'x' }],
    ['GET', '/apis/bridgekeeper.dev/v1alpha1/portgroups', 'fieldSelector=metadata.name!%3Dx', { verb: 'list', selectedName: '' }],
    ['GET', '/apis/bridgekeeper.dev/v1alpha1/watch/portgroups', '', { verb: 'watch', resource: 'portgroups', name: '', selectedName: '' }],
    ['GET', '/apis/bridgekeeper.dev/v1alpha1/watch/portgroups/vlan-2', '', { verb: 'watch', resource: 'portgroups', name: '', selectedName: 'vlan-2' }],
    ['GET', '/api/v1/watch/namespaces/a/secrets/b', '', { verb: 'watch', resource: 'secrets', namespace: 'a', selectedName: 'b' }],
    ['GET', '/api/v1/watch/namespaces/a', '', { verb: 'watch', resource: 'namespaces', namespace: '', selectedName: 'a' }],
    ['DELETE', '/apis/bridgekeeper.dev/v1alpha1/watch/portgroups', '', { verb: 'unknown', resource: 'portgroups' }],
    ['PATCH', '/apis/bridgekeeper.dev/v1alpha1/portgroups/vlan-2/status', '', { verb: 'patch', name: 'vlan-2', subresource: 'status' }],
    ['DELETE', '/apis/bridgekeeper.dev/v1alpha1/portgroups', '', { verb: 'deletecollection' }],
    ['DELETE', '/apis/bridgekeeper.dev/v1alpha1/portgroups/a', '', { verb: 'delete' }],
    ['POST', '/api/v1/namespaces/default/secrets', '', { verb: 'create', group: '', version: 'v1', namespace: 'default', resource: 'secrets' }],
    ['GET', '/api/v1/secrets', '', { verb: 'list', namespace: '', resource: 'secrets' }],
    ['GET', '/api/v1/namespaces', '', { verb: 'list', resource: 'namespaces', namespace: '' }],
    ['GET', '/api/v1/namespaces/default', '', { verb: 'get', resource: 'namespaces', name: 'default', namespace: 'default' }],
    ['PUT', '/api/v1/namespaces/default/status', '', { resource: 'namespaces', name: 'default', subresource: 'status' }],
    ['GET', '/apis/coordination.k8s.io/v1/namespaces/a/leases/b', '', { namespace: 'a', resource: 'leases', name: 'b', group: 'coordination.k8s.io' }],
    ['GET', '/apis/a.b/v1/things/a%2Fb', '', { name: 'a', subresource: 'b' }],
    ['GET', '/apis/a.b/v1/things/x/', '', { name: 'x', subresource: '' }],
  ])('reads %s %s?%s', (method, path, query, expected) => {
    expect(read(method, path, query)).toMatchObject({ isResource: true, ...expected });
  });

  it.each(['/', '/api', '/api/v1', '/apis', '/apis/bridgekeeper.dev', '/apis/bridgekeeper.dev/v1alpha1', '/healthz', '/apis/a.b//things', '/other/v1/x/y'])(
    'takes %s for a path that is no resource',
    (path) => {
      expect(read('GET', path)).toEqual({ isResource: false, verb: 'get', path });
    },
  );

  it('refuses what is not percent-encoded UTF-8', () => {
    expect(() => read('GET', '/apis/a.b/v1/things/%ff')).toThrow(URIError);
    expect(() => read('GET', '/apis/a.b/v1/things/%')).toThrow(URIError);
  });
});
