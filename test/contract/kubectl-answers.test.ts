import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kubectlFor } from './kubectl.ts';
import type { Kubectl } from './kubectl.ts';
import { serveApi } from './serve.ts';
import type { ServedApi } from './serve.ts';

const PORTGROUPS = '/apis/bridgekeeper.dev/v1alpha1/portgroups';
const NOT_FOUND = 'Error from server (NotFound): portgroups.bridgekeeper.dev "nope" not found\n';
const QUALIFIED =
  "name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]')";

function cannotFind(labels: string, fields: string): string {
  return `Error from server (BadRequest): Unable to find "bridgekeeper.dev/v1alpha1, Resource=portgroups" that match label selector "${labels}", field selector "${fields}": `;
}

function manifest(name: string, tag: number, extra = ''): string {
  return `apiVersion: bridgekeeper.dev/v1alpha1\nkind: Portgroup\nmetadata: {name: ${name}, labels: {tier: test}${extra}}\nspec:\n  bridgeName: lunabr\n  vlan: {mode: access, tag: ${tag}}\n`;
}

/** Nothing here changes what the others see: every answer is as kubectl shows it of a Kubernetes with the same CRDs. */
describe('kubectl shows exactly', () => {
  let api: ServedApi;
  let home: string;
  let kubectl: Kubectl;

  beforeAll(async () => {
    api = await serveApi();
    home = await mkdtemp(join(tmpdir(), 'bridgekeeper-kubectl-'));
    kubectl = kubectlFor(api.kubeconfig, home);
    const made = await kubectl(['create', '-f', '-'], { input: `${manifest('one', 7)}---\n${manifest('two', 100)}` });
    expect(made).toMatchObject({ code: 0 });
  });

  afterAll(async () => {
    await api.stop();
    await rm(home, { recursive: true });
  });

  const get = (...more: string[]): string[] => ['get', 'pg', ...more];
  const merge = (patch: string): string[] => ['patch', 'pg', 'one', '--dry-run=server', '--type=merge', '-p', patch];
  const json = (patch: string): string[] => ['patch', 'pg', 'one', '--dry-run=server', '--type=json', '-p', patch];
  const raw = (query: string): string[] => ['get', '--raw', `${PORTGROUPS}${query}`];

  it.each<[args: readonly string[], stdout: string]>([
    [get('-o', 'name'), 'portgroup.bridgekeeper.dev/one\nportgroup.bridgekeeper.dev/two\n'],
    [get('one', '--subresource=status', '-o', 'jsonpath={.status.conditions[*].status}'), 'Unknown Unknown Unknown'],
    [get('-o', 'jsonpath={range .items[*]}{.metadata.name}={.spec.vlan.tag}{"\\n"}{end}'), 'one=7\ntwo=100\n'],
    [get('-o', 'custom-columns=N:.metadata.name,V:.spec.vlan.tag,X:.spec.nope'), 'N     V     X\none   7     <none>\ntwo   100   <none>\n'],
    [get('-o', 'go-template={{range .items}}{{.metadata.name}} {{end}}'), 'one two '],
    [get('--sort-by=.spec.vlan.tag', '-o', 'name'), 'portgroup.bridgekeeper.dev/one\nportgroup.bridgekeeper.dev/two\n'],
    [get('-l', 'tier in (test,prod),!legacy', '-o', 'name'), 'portgroup.bridgekeeper.dev/one\nportgroup.bridgekeeper.dev/two\n'],
    [get('-l', 'tier notin (test)', '-o', 'name'), ''],
    [get('-l', 'tier=test', '--field-selector=metadata.name!=one', '-o', 'name'), 'portgroup.bridgekeeper.dev/two\n'],
    [get('--chunk-size=1', '-o', 'name'), 'portgroup.bridgekeeper.dev/one\nportgroup.bridgekeeper.dev/two\n'],
    [get('nope', '--ignore-not-found'), ''],
    [['label', 'pg', 'one', '--list'], 'tier=test\n'],
    [['label', 'pg', '--all', 'a=b', '--dry-run=server'], 'portgroup.bridgekeeper.dev/one labeled (server dry run)\nportgroup.bridgekeeper.dev/two labeled (server dry run)\n'],
    [['delete', 'pg', '--all', '--dry-run=server'], 'portgroup.bridgekeeper.dev "one" deleted (server dry run)\nportgroup.bridgekeeper.dev "two" deleted (server dry run)\n'],
    [merge('{"spec":{"vlan":{"tag":7}}}'), 'portgroup.bridgekeeper.dev/one patched (no change)\n'],
    [json('[{"op":"replace","path":"/spec/vlan/tag","value":9}]'), 'portgroup.bridgekeeper.dev/one patched\n'],
    [['wait', '--for=jsonpath={.spec.vlan.tag}=7', 'pg/one', '--timeout=5s'], 'portgroup.bridgekeeper.dev/one condition met\n'],
    [['wait', '--for=condition=Ready=Unknown', 'pg/one', '--timeout=5s'], 'portgroup.bridgekeeper.dev/one condition met\n'],
    [['wait', '--for=delete', 'pg/nope', '--timeout=5s'], ''],
    [['api-resources', '--api-group=coordination.k8s.io', '--no-headers'], 'leases         coordination.k8s.io/v1   true   Lease\n'],
    [['auth', 'can-i', '*', '*'], 'yes\n'],
    [['auth', 'can-i', 'list', 'pg', '--as=ann', '--as-group=bridgekeeper:view'], 'yes\n'],
    [['get', 'pg', '-o', 'name', '--as=ann', '--as-group=bridgekeeper:edit'], 'portgroup.bridgekeeper.dev/one\nportgroup.bridgekeeper.dev/two\n'],
    [['get', '--raw', '/livez/ping'], 'ok'],
    [['get', '--raw', '/apis/bridgekeeper.dev/v1alpha1/watch/portgroups/nope?timeoutSeconds=1'], ''],
    [['create', 'cm', 'c', '--from-literal=a=b', '--dry-run=server', '-o', 'jsonpath={.data.a} {.metadata.namespace} {.metadata.resourceVersion}'], 'b default '],
  ])('of %j', async (args, stdout) => {
    const answer = await kubectl(args);
    expect(answer.code, answer.stderr).toBe(0);
    expect(answer.stdout).toBe(stdout);
  });

  it.each<[args: readonly string[], stderr: string]>([
    [get('nope'), NOT_FOUND],
    [get('-l', 'a b'), `${cannotFind('a b', '')}unable to parse requirement: found 'b', expected: in, notin, =, ==, !=, gt, lt\n`],
    [get('-l', 'c in (d'), `${cannotFind('c in (d', '')}unable to parse requirement: found '', expected: ',' or ')'\n`],
    [get('-l', 'a>b'), `${cannotFind('a>b', '')}unable to parse requirement: values[0]: Invalid value: "b": for 'Gt', 'Lt' operators, the value must be an integer\n`],
    [get('-l', '-bad=x'), `${cannotFind('-bad=x', '')}unable to parse requirement: <nil>: Invalid value: "-bad": ${QUALIFIED}\n`],
    [get('--field-selector=spec.vlan.tag=2'), `${cannotFind('', 'spec.vlan.tag=2')}field label not supported: spec.vlan.tag\n`],
    [get('--field-selector=bogus'), `${cannotFind('', 'bogus')}invalid selector: 'bogus'; can't understand 'bogus'\n`],
    [merge('{"spec":{"vlan":{"tag":5000}}}'), 'The Portgroup "one" is invalid: spec.vlan.tag: Invalid value: 5000: spec.vlan.tag in body should be less than or equal to 4094\n'],
    [merge('{"spec":null}'), 'The Portgroup "one" is invalid: \n* spec: Required value\n* <nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation\n'],
    [merge('{"spec":'), 'Error from server (BadRequest): error decoding patch: unexpected end of JSON input\n'],
    [merge('[]'), 'Error from server (BadRequest): error decoding patch: json: cannot unmarshal array into Go value of type map[string]interface {}\n'],
    [merge('true'), 'Error from server (BadRequest): error decoding patch: json: cannot unmarshal bool into Go value of type map[string]interface {}\n'],
    [merge('{"metadata":{"name":"x"}}'), 'Error from server (BadRequest): the name of the object (x) does not match the name on the URL (one)\n'],
    [merge('{"kind":"Bridge"}'), 'The Bridge "one" is invalid: kind: Invalid value: "Bridge": must be Portgroup\n'],
    [merge('{"spec":{"bridgeName":"a\\u0000b"}}'), `The Portgroup "one" is invalid: spec.bridgeName: Invalid value: "a\\x00b": spec.bridgeName in body should match '^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$'\n`],
    [merge('{"metadata":{"resourceVersion":"1"}}'), 'Error from server (Conflict): Operation cannot be fulfilled on portgroups.bridgekeeper.dev "one": the object has been modified; please apply your changes to the latest version and try again\n'],
    [json('{"a":1}'), 'Error from server (BadRequest): error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp\n'],
    [json('[{"op":"test","path":"/spec/vlan/tag","value":99}]'), 'The request is invalid: the server rejected our request due to an error in our request\n'],
    [['patch', 'pg', 'one', '-p', '{}'], 'error: application/strategic-merge-patch+json is not supported by bridgekeeper.dev/v1alpha1, Kind=Portgroup: the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml\n'],
    [['patch', 'pg', 'nope', '--type=merge', '-p', '{}'], NOT_FOUND],
    [['label', 'pg', 'one', 'bad key=x'], `The Portgroup "one" is invalid: metadata.labels: Invalid value: "bad key": ${QUALIFIED}\n`],
    [['delete', 'pg/nope', 'br/nope'], `${NOT_FOUND}Error from server (NotFound): bridges.bridgekeeper.dev "nope" not found\n`],
    [['wait', '--for=jsonpath={.spec.vlan.tag}=9', 'pg/one', '--timeout=1s'], 'error: timed out waiting for the condition on portgroups/one\n'],
    [['wait', '--for=condition=Ready', 'pg/nope', '--timeout=1s'], NOT_FOUND],
    [['delete', 'ns', 'default'], 'Error from server (Forbidden): namespaces "default" is forbidden: this namespace may not be deleted\n'],
    [['create', 'secret', 'generic', 's', '-n', 'nope', '--from-literal=a=b'], 'error: failed to create secret namespaces "nope" not found\n'],
    [['scale', 'pg/one', '--replicas=2'], 'Error from server (NotFound): portgroups.bridgekeeper.dev "one" not found\n'],
    [raw('?limit=abc'), 'Error from server (BadRequest): strconv.ParseInt: parsing "abc": invalid syntax\n'],
    [raw('?watch=1&timeoutSeconds=x'), 'Error from server (BadRequest): strconv.ParseInt: parsing "x": invalid syntax\n'],
    [raw('?resourceVersion=0&resourceVersionMatch=Exact'), 'The ListOptions "" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch "exact" is forbidden for resourceVersion "0"\n'],
    [raw('?resourceVersion=1&resourceVersionMatch=Bogus'), 'The ListOptions "" is invalid: resourceVersionMatch: Unsupported value: "Bogus": supported values: "Exact", "NotOlderThan", ""\n'],
    [raw('?sendInitialEvents=true'), 'The ListOptions "" is invalid: sendInitialEvents: Forbidden: sendInitialEvents is forbidden for list\n'],
    [['get', 'cm', '--field-selector=data.a=b'], `Error from server (BadRequest): Unable to find "/v1, Resource=configmaps" that match label selector "", field selector "data.a=b": "data.a" is not a known field selector: only "metadata.name", "metadata.namespace"\n`],
    [['create', 'secret', 'generic', 's', '--type=kubernetes.io/tls'], 'error: failed to create secret Secret "s" is invalid: [data[tls.crt]: Required value, data[tls.key]: Required value]\n'],
    [
      ['create', 'secret', 'generic', 's', '--type=kubernetes.io/dockerconfigjson', '--from-literal=.dockerconfigjson=nojson'],
      `error: failed to create secret Secret "s" is invalid: data[.dockerconfigjson]: Invalid value: "<secret contents redacted>": invalid character 'o' in literal null (expecting 'u')\n`,
    ],
    [['create', 'secret', 'generic', 's', '--type=kubernetes.io/ssh-auth'], 'error: failed to create secret Secret "s" is invalid: data[%s][ssh-privatekey]: Required value\n'],
    [['patch', 'ns', 'default', '-p', '{"metadata":{"labels":{"a":1}}}'], 'The request is invalid: patch: Invalid value: "map[metadata:map[labels:map[a:1]]]": cannot convert int64 to string\n'],
    [['patch', 'ns', 'default', '-p', '{"metadata":{"finalizers":["x"]}}'], 'The Namespace "default" is invalid: metadata.finalizers[0]: Invalid value: "x": name is neither a standard finalizer name nor is it fully qualified\n'],
    [['patch', 'ns', 'default', '-p', '{bad'], "Error from server (BadRequest): invalid character 'b' looking for beginning of object key string\n"],
    [['get', '--raw', '/apis/bridgekeeper.dev/v1alpha1/watch/portgroups/one?fieldSelector=metadata.name%3Dtwo'], "Error from server (BadRequest): fieldSelector metadata.name doesn't match requested name\n"],
    [['get', 'pg', '--as=ann'], 'Error from server (Forbidden): portgroups.bridgekeeper.dev is forbidden: User "ann" cannot list resource "portgroups" in API group "bridgekeeper.dev" at the cluster scope\n'],
    [['get', '--raw', '/nope'], 'Error from server (NotFound): the server could not find the requested resource\n'],
  ])('why it refuses %j', async (args, stderr) => {
    const answer = await kubectl(args);
    expect(answer.code).toBe(1);
    expect(answer.stderr).toBe(stderr);
  });

  it.each<[flag: string, code: number, stderr: string]>([
    ['strict', 1, 'Error from server (BadRequest): error when creating "STDIN": Portgroup in version "v1alpha1" cannot be handled as a Portgroup: strict decoding error: unknown field "metadata.nope"\n'],
    ['warn', 0, 'Warning: unknown field "metadata.nope"\n'],
    ['ignore', 0, ''],
  ])('what --validate=%s says of an unknown field', async (flag, code, stderr) => {
    const answer = await kubectl(['create', '--dry-run=server', `--validate=${flag}`, '-f', '-'], { input: manifest('three', 3, ', nope: 1') });
    expect(answer).toMatchObject({ code, stderr });
  });

  it('what apply --prune takes away, and what it leaves', async () => {
    const [a, b] = [manifest('prune-a', 1, '').replace('test', 'pruned'), manifest('prune-b', 2).replace('test', 'pruned')];
    const apply = ['apply', '--prune', '-l', 'tier=pruned', '--prune-allowlist=bridgekeeper.dev/v1alpha1/Portgroup', '-f', '-'];
    expect((await kubectl(apply, { input: `${a}---\n${b}` })).stdout).toBe('portgroup.bridgekeeper.dev/prune-a created\nportgroup.bridgekeeper.dev/prune-b created\n');
    expect((await kubectl(apply, { input: a })).stdout).toBe('portgroup.bridgekeeper.dev/prune-a unchanged\nportgroup.bridgekeeper.dev/prune-b pruned\n');
    expect((await kubectl(['delete', 'pg', 'prune-a', '--cascade=foreground'])).stdout).toBe('portgroup.bridgekeeper.dev "prune-a" deleted\n');
  });
});
