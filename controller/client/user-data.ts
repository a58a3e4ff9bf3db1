import type { ResourceClient } from './resource-client.ts';

const KEY = 'userData';

/** What these Secrets, each `namespace/name`, hold for cloud-init; undefined for one that is not there or holds nothing for it. */
export async function readUserData(client: ResourceClient, refs: Iterable<string>): Promise<ReadonlyMap<string, string | undefined>> {
  return new Map(await Promise.all([...refs].map(async (ref) => [ref, await userData(client, ref)] as const)));
}

async function userData(client: ResourceClient, ref: string): Promise<string | undefined> {
  const slash = ref.indexOf('/');
  const secret = await client.readSecret(ref.slice(0, slash), ref.slice(slash + 1));
  return secret?.get(KEY)?.toString('utf8');
}
