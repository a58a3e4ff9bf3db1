import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fieldOf, isRecord } from '../../api/machinery/json.ts';
import { httpsClient } from './https-client.ts';
import type { HttpsClient } from './https-client.ts';
import { kubectlFor } from './kubectl.ts';
import type { Kubectl } from './kubectl.ts';
import { serveApi } from './serve.ts';
import type { ServedApi } from './serve.ts';

const PROTOBUF = 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';
const KINDS = 'x-kubernetes-group-version-kind';

interface Served {
  readonly path: string;
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

describe('the OpenAPI documents', () => {
  let api: ServedApi;
  let client: HttpsClient;
  let home: string;
  let kubectl: Kubectl;

  beforeAll(async () => {
    api = await serveApi();
    client = httpsClient(api.url, api.kubeconfig);
    home = await mkdtemp(join(tmpdir(), 'bridgekeeper-kubectl-'));
    kubectl = kubectlFor(api.kubeconfig, home);
  });

  afterAll(async () => {
    client.close();
    await api.stop();
    await rm(home, { recursive: true });
  });

  async function json(path: string): Promise<unknown> {
    const answer = await client.send({ path });
    expect(answer.status).toBe(200);
    return JSON.parse(answer.body);
  }

  /** Every resource that discovery names, subresources included. */
  async function served(): Promise<Served[]> {
    const groups = listOf(fieldOf(await json('/apis'), 'groups'));
    const versions = groups.map((group) => String(fieldOf(fieldOf(group, 'preferredVersion'), 'groupVersion')));
    const roots = ['/api/v1', ...versions.map((version) => `/apis/${version}`)];
    const lists = await Promise.all(roots.map(async (root) => ({ root, list: await json(root) })));
    return lists.flatMap(({ root, list }) => {
      const [group = '', version = ''] = root === '/api/v1' ? ['', 'v1'] : root.split('/').slice(2);
      return listOf(fieldOf(list, 'resources')).map((resource) => {
        const [plural = '', subresource] = String(fieldOf(resource, 'name')).split('/');
        const place = fieldOf(resource, 'namespaced') === true ? '/namespaces/{namespace}' : '';
        return { path: `${root}${place}/${plural}${subresource === undefined ? '' : `/{name}/${subresource}`}`, group, version, kind: String(fieldOf(resource, 'kind')) };
      });
    });
  }

  it('in version 2 describe every resource and kind that discovery names', async () => {
    const document = await json('/openapi/v2');
    const definitions = fieldOf(document, 'definitions');
    const described = Object.values(isRecord(definitions) ? definitions : {}).flatMap((schema) => listOf(fieldOf(schema, KINDS)));
    const paths = fieldOf(document, 'paths');
    const resources = await served();
    expect(resources.length).toBeGreaterThan(25);
    for (const { path, group, version, kind } of resources) {
      expect(paths).toHaveProperty([path]);
      expect(described).toContainEqual({ group, version, kind });
    }
  });

  it('in version 2 refer to nothing that they have not', async () => {
    const { body } = await client.send({ path: '/openapi/v2' });
    const definitions = fieldOf(JSON.parse(body), 'definitions');
    const references = new Set([...body.matchAll(/"\$ref":"#\/definitions\/([^"]+)"/g)].map(([, name]) => name));
    expect([...references].filter((name) => name === undefined || fieldOf(definitions, name) === undefined)).toEqual([]);
    expect(body).not.toContain('#/components/');
  });

  it('in version 3 describe every resource that discovery names', async () => {
    for (const { path, group, version } of await served()) {
      const document = await json(`/openapi/v3/${group === '' ? `api/${version}` : `apis/${group}/${version}`}`);
      expect(fieldOf(document, 'paths')).toHaveProperty([path]);
    }
  });

  it('come compressed, as protobuf, and not at all to who has them', async () => {
    const zipped = await client.send({ path: '/openapi/v2', headers: { accept: PROTOBUF, 'accept-encoding': 'gzip' } });
    expect(zipped.headers).toMatchObject({ 'content-encoding': 'gzip', 'content-type': PROTOBUF.replace('@', '.') });
    const again = await client.send({ path: '/openapi/v2', headers: { accept: PROTOBUF, 'if-none-match': String(zipped.headers.etag) } });
    expect(again).toMatchObject({ status: 304, body: '' });
    expect((await client.send({ path: '/openapi/v2', headers: { accept: 'text/html' } })).status).toBe(406);
  });

  it.each([
    [['explain', 'pg.metadata.ownerReferences.uid', '--output=plaintext-openapiv2'], 'KIND:     Portgroup\nVERSION:  bridgekeeper.dev/v1alpha1\n\nFIELD:    uid <string>\n'],
    [['explain', 'events.involvedObject.fieldPath', '--output=plaintext-openapiv2'], 'KIND:     Event\nVERSION:  v1\n\nFIELD:    fieldPath <string>\n'],
    [['explain', 'vp.spec.routes', '--output=plaintext-openapiv2'], 'RESOURCE: routes <[]Object>\n'],
    [['explain', 'pg'], '    APIVersion defines the versioned schema of this representation of an object.\n    Servers should convert recognized schemas to the latest internal value, and\n'],
    [['explain', 'pg.metadata.uid'], 'GROUP:      bridgekeeper.dev\nKIND:       Portgroup\nVERSION:    v1alpha1\n\nFIELD: uid <string>\n'],
    [['explain', 'lease.spec.renewTime'], 'FIELD: renewTime <string>\n'],
    [['explain', 'crd.spec.versions.schema.openAPIV3Schema.x-kubernetes-validations.rule'], 'FIELD: rule <string>\n'],
  ])('let kubectl %j', async (args, part) => {
    const answer = await kubectl(args);
    expect(answer).toMatchObject({ code: 0, stderr: '' });
    expect(answer.stdout).toContain(part);
  });
});
