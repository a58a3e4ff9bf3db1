import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fieldOf, isRecord } from '../../api/machinery/json.ts';
import { httpsClient } from './https-client.ts';
import type { HttpsAnswer, HttpsClient } from './https-client.ts';
import { serveApi } from './serve.ts';
import type { ServedApi } from './serve.ts';

const GROUP = '/apis/bridgekeeper.dev/v1alpha1';
const ONE = `${GROUP}/portgroups/vlan-7`;
const OBJECT_META = 'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta';

function manifest(tag: number): string {
  return JSON.stringify({ apiVersion: 'bridgekeeper.dev/v1alpha1', kind: 'Portgroup', metadata: { name: 'vlan-7' }, spec: { bridgeName: 'lunabr', vlan: { mode: 'access', tag } } });
}

/** What `kubernetes_manifest` of Terraform's Kubernetes provider asks, in its order (its folder `manifest/provider`). */
describe('Terraform', () => {
  let api: ServedApi;
  let client: HttpsClient;

  beforeAll(async () => {
    api = await serveApi();
    client = httpsClient(api.url, api.kubeconfig);
  });

  afterAll(async () => {
    client.close();
    await api.stop();
  });

  async function json(path: string): Promise<unknown> {
    const answer = await client.send({ path, headers: { accept: 'application/json' } });
    expect(answer.status, path).toBe(200);
    return JSON.parse(answer.body);
  }

  function apply(tag: number, query: string): Promise<HttpsAnswer> {
    return client.send({ method: 'PATCH', path: `${ONE}?fieldManager=Terraform&${query}`, headers: { 'content-type': 'application/apply-patch+yaml' }, body: manifest(tag) });
  }

  const tagOf = ({ body }: HttpsAnswer): unknown => fieldOf(fieldOf(fieldOf(JSON.parse(body), 'spec'), 'vlan'), 'tag');

  it('learns the types from the CRDs, and metadata from OpenAPI v2', async () => {
    const definitions = fieldOf(await json('/openapi/v2?timeout=30s'), 'definitions');
    expect(fieldOf(definitions, OBJECT_META)).toMatchObject({ type: 'object', properties: { labels: { type: 'object', additionalProperties: { type: 'string' } } } });
    const crds = fieldOf(await json('/apis/apiextensions.k8s.io/v1/customresourcedefinitions'), 'items');
    const schemas = (Array.isArray(crds) ? crds : []).map((crd): unknown => fieldOf(fieldOf(crd, 'spec'), 'versions'));
    expect(schemas).toHaveLength(9);
    for (const versions of schemas) expect(versions).toEqual([expect.objectContaining({ name: 'v1alpha1', schema: { openAPIV3Schema: expect.objectContaining({ type: 'object' }) } })]);
  });

  it('finds every definition of OpenAPI v2 to have at most one type', async () => {
    const visit = (node: unknown): void => {
      if (Array.isArray(node)) node.forEach(visit);
      if (!isRecord(node)) return;
      if (fieldOf(node, 'type') === 'array') expect(node).toHaveProperty('items');
      if (typeof node.$ref === 'string') expect(node).not.toHaveProperty('type');
      Object.values(node).forEach(visit);
    };
    visit(fieldOf(await json('/openapi/v2'), 'definitions'));
  });

  it('plans with a dry run, applies, sees drift, and takes fields back by force', async () => {
    expect((await client.send({ path: ONE })).status).toBe(404);
    const planned = await apply(7, 'dryRun=All&force=false');
    expect(planned.status).toBe(201);
    expect(fieldOf(fieldOf(JSON.parse(planned.body), 'spec'), 'adoptionPolicy')).toBe('IfMatching');
    expect((await client.send({ path: ONE })).status).toBe(404);
    expect((await apply(7, 'force=false')).status).toBe(201);
    expect((await apply(7, 'dryRun=All&force=false')).status).toBe(200);

    const byHand = await client.send({ method: 'PATCH', path: `${ONE}?fieldManager=hand`, headers: { 'content-type': 'application/merge-patch+json' }, body: '{"spec":{"vlan":{"tag":9}}}' });
    expect(tagOf(byHand)).toBe(9);
    const refused = await apply(7, 'dryRun=All&force=false');
    expect(JSON.parse(refused.body)).toMatchObject({ code: 409, reason: 'Conflict', details: { causes: [{ reason: 'FieldManagerConflict', field: '.spec.vlan.tag' }] } });
    expect(tagOf(await apply(7, 'force=true'))).toBe(7);
  });

  it('destroys, and waits until it is gone', async () => {
    expect((await client.send({ method: 'DELETE', path: ONE })).status).toBe(200);
    expect((await client.send({ path: ONE })).status).toBe(404);
  });
});
