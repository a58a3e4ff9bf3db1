import { describe, expect, it } from 'vitest';
import { refusalText, roleAuthorizer } from '../../../../../api/server/identity/authorizer.ts';
import type { Attempt } from '../../../../../api/server/identity/authorizer.ts';
import type { Role } from '../../../../../api/server/identity/identity.ts';
import { ANONYMOUS } from '../../../../../api/server/identity/identity.ts';

function resource(verb: string, name: string, group = 'bridgekeeper.dev', subresource = ''): Attempt {
  return { verb, group, resource: name, subresource, namespace: '', name: '' };
}

function allows(role: Role, attempt: Attempt): boolean {
  return roleAuthorizer.allows({ userName: 'u', groups: [], role }, attempt);
}

describe('roleAuthorizer', () => {
  it('lets the admin do everything', () => {
    expect(allows('admin', resource('delete', 'anything', 'any.group', 'sub'))).toBe(true);
    expect(allows('admin', { verb: 'get', path: '/metrics' })).toBe(true);
  });

  it('lets a controller write statuses and its own kinds, and no spec', () => {
    expect(allows('controller', resource('patch', 'portgroups', undefined, 'status'))).toBe(true);
    expect(allows('controller', resource('patch', 'portgroups'))).toBe(false);
    expect(allows('controller', resource('create', 'driftreports'))).toBe(true);
    expect(allows('controller', resource('create', 'bridges'))).toBe(false);
    expect(allows('controller', resource('list', 'secrets', ''))).toBe(false);
  });

  it('lets who may edit ask a host, and who may only view read what was answered', () => {
    expect(allows('edit', resource('create', 'hostqueries'))).toBe(true);
    expect(allows('view', resource('create', 'hostqueries'))).toBe(false);
    expect(allows('view', resource('list', 'hostqueries'))).toBe(true);
    expect(allows('controller', resource('patch', 'hostqueries', undefined, 'status'))).toBe(true);
    expect(allows('controller', resource('delete', 'hostqueries'))).toBe(true);
  });

  it('lets nobody unknown see more than health', () => {
    expect(roleAuthorizer.allows(ANONYMOUS, { verb: 'get', path: '/readyz/ping' })).toBe(true);
    expect(roleAuthorizer.allows(ANONYMOUS, { verb: 'post', path: '/readyz' })).toBe(false);
    expect(roleAuthorizer.allows(ANONYMOUS, { verb: 'get', path: '/readyzz' })).toBe(false);
    expect(roleAuthorizer.allows(ANONYMOUS, resource('list', 'portgroups'))).toBe(false);
  });
});

describe('refusalText', () => {
  it.each([
    [resource('list', 'portgroups'), 'User "x" cannot list resource "portgroups" in API group "bridgekeeper.dev" at the cluster scope'],
    [{ ...resource('patch', 'leases', 'g', 'status'), namespace: 'n' }, 'User "x" cannot patch resource "leases/status" in API group "g" in the namespace "n"'],
    [{ verb: 'get', path: '/metrics' }, 'User "x" cannot get path "/metrics"'],
  ])('%#', (attempt, expected) => {
    expect(refusalText({ userName: 'x', groups: [] }, attempt)).toBe(expected);
  });
});
