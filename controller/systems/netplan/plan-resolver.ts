import type { NetplanDevice } from './desired.ts';
import type { NetplanObserved } from './observed.ts';
import { fulfilsResolver, neededResolver } from './resolver.ts';
import { stanzaOf } from './stanza.ts';
import type { ResolverStep } from './step.ts';

/** What networkd does not tell the resolver though our file says so: somebody has told it something else (resolvectl). Pure. */
export function planResolver(devices: readonly NetplanDevice[], { resolvers, kernel }: NetplanObserved): readonly ResolverStep[] {
  return devices.flatMap((device) => {
    const { owner, name } = device;
    const link = kernel.links.get(name);
    const found = resolvers.get(name);
    const needed = neededResolver(stanzaOf(device));
    if (!link?.up || !link.carrier || link.settling || !found || !needed || fulfilsResolver(found, needed)) return [];
    const differences = [
      { path: `${name}.nameservers.addresses`, expected: needed.servers.join(', '), found: found.servers.join(', ') },
      { path: `${name}.nameservers.search`, expected: needed.search.join(', '), found: found.search.join(', ') },
    ].filter((each) => each.expected !== each.found);
    return [{ kind: 'resolver', owner, verb: 'apply', object: `resolver of ${name}`, differences, leftover: false, device: name, index: link.index }];
  });
}
