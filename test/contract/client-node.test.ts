import { KubeConfig, KubernetesObjectApi, makeInformer, CustomObjectsApi, CoreV1Api, V1ObjectMeta, V1Secret } from '@kubernetes/client-node';
import type { KubernetesObject } from '@kubernetes/client-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ServedApi } from './serve.ts';
import { serveApi } from './serve.ts';

const GROUP = { group: 'bridgekeeper.dev', version: 'v1alpha1', plural: 'portgroups' };

interface Portgroup extends KubernetesObject {
  spec: { bridgeName: string; vlan?: { mode: string; tag: number } };
}

function named(name: string): V1ObjectMeta {
  return Object.assign(new V1ObjectMeta(), { name });
}

function portgroup(name: string): Portgroup {
  return { apiVersion: 'bridgekeeper.dev/v1alpha1', kind: 'Portgroup', metadata: named(name), spec: { bridgeName: 'lunabr' } };
}

describe('the JavaScript client of Kubernetes', () => {
  let api: ServedApi;
  let config: KubeConfig;

  beforeAll(async () => {
    api = await serveApi();
    config = new KubeConfig();
    config.loadFromFile(api.kubeconfig);
  });

  afterAll(async () => {
    await api.stop();
  });

  it('creates, reads, patches and deletes objects of any kind', async () => {
    const objects = KubernetesObjectApi.makeApiClient(config);
    const created = await objects.create(portgroup('made'));
    expect(created.metadata?.uid).toMatch(/^[0-9a-f-]{36}$/);
    const patched = await objects.patch({ ...portgroup('made'), spec: { bridgeName: 'lunabr', vlan: { mode: 'access', tag: 5 } } }, undefined, undefined, 'tests', true, 'application/apply-patch+yaml');
    expect(patched.spec.vlan?.tag).toBe(5);
    expect((await objects.list('bridgekeeper.dev/v1alpha1', 'Portgroup')).items).toHaveLength(1);
    await objects.delete(portgroup('made'));
    await expect(objects.read({ apiVersion: 'bridgekeeper.dev/v1alpha1', kind: 'Portgroup', metadata: { name: 'made' } })).rejects.toMatchObject({ code: 404 });
  });

  it('reads and writes built-in kinds with its own types', async () => {
    const core = config.makeApiClient(CoreV1Api);
    const secret = await core.createNamespacedSecret({ namespace: 'default', body: Object.assign(new V1Secret(), { metadata: named('typed'), stringData: { a: 'b' } }) });
    expect(secret.data).toEqual({ a: Buffer.from('b').toString('base64') });
    expect(secret.metadata?.creationTimestamp).toBeInstanceOf(Date);
    await core.deleteNamespacedSecret({ namespace: 'default', name: 'typed' });
  });

  it('follows a kind with its informer', async () => {
    const custom = config.makeApiClient(CustomObjectsApi);
    const path = `/apis/${GROUP.group}/${GROUP.version}/${GROUP.plural}`;
    const list = async (): Promise<never> => {
      // The client types what it lists of custom kinds as `any`.
      const answer: unknown = await custom.listClusterCustomObject(GROUP);
      return answer as never;
    };
    const informer = makeInformer<Portgroup>(config, path, list);
    const seen: string[] = [];
    for (const verb of ['add', 'update', 'delete'] as const) informer.on(verb, (object) => void seen.push(`${verb} ${object.metadata?.name}`));
    await custom.createClusterCustomObject({ ...GROUP, body: portgroup('before') });
    await informer.start();
    try {
      await custom.createClusterCustomObject({ ...GROUP, body: portgroup('during') });
      await custom.deleteClusterCustomObject({ ...GROUP, name: 'before' });
      await expect.poll(() => seen, { timeout: 20_000 }).toEqual(['add before', 'add during', 'delete before']);
    } finally {
      await informer.stop();
    }
  });
});
