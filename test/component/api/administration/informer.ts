import { CustomObjectsApi, KubeConfig, makeInformer, type KubernetesObject } from '@kubernetes/client-node';
import { PORTGROUPS } from './portgroup-writer.ts';

/** An informer of client-node over all portgroups. */
export interface PortgroupInformer {
  /** Revisions by name. */
  readonly known: ReadonlyMap<string, string>;
  /** Starts it again after its connection broke, as its user must. */
  keep(): Promise<void>;
  stop(): Promise<void>;
}

/** Resolves when it has listed. */
export async function startInformer(kubeconfig: string): Promise<PortgroupInformer> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const custom = config.makeApiClient(CustomObjectsApi);
  const list = async (): Promise<never> => {
    // The client types what it lists of custom kinds as `any`.
    const answer: unknown = await custom.listClusterCustomObject({ group: 'bridgekeeper.dev', version: 'v1alpha1', plural: 'portgroups' });
    return answer as never;
  };
  const informer = makeInformer<KubernetesObject>(config, PORTGROUPS, list);
  const known = new Map<string, string>();
  let isBroken = false;
  for (const verb of ['add', 'update'] as const) informer.on(verb, ({ metadata }) => void known.set(metadata?.name ?? '', metadata?.resourceVersion ?? ''));
  informer.on('delete', ({ metadata }) => void known.delete(metadata?.name ?? ''));
  informer.on('error', () => {
    isBroken = true;
  });
  await informer.start();
  return {
    known,
    async keep() {
      if (!isBroken) return;
      isBroken = false;
      await informer.start();
    },
    stop: () => informer.stop(),
  };
}
