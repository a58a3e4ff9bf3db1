import type { OwnerKey } from '../systems/owner.ts';
import { PerResource } from './per-resource.ts';
import { ownerKey, type HostResources, type VlanPortResource } from './resources.ts';

/** An IPv4 address of a port, in numbers. */
interface Addressed {
  readonly port: VlanPortResource;
  readonly text: string;
  readonly value: number;
  readonly prefixLength: number;
}

const addressesOf = new PerResource<VlanPortResource, readonly Addressed[]>();

/** IPv4 addresses in one network whose prefix lengths differ: one of them thinks that a neighbour is behind a router. */
export function neighbourDoubts({ vlanPorts }: HostResources): Map<OwnerKey, readonly string[]> {
  const doubts = new Map<OwnerKey, readonly string[]>();
  const networks = Map.groupBy(vlanPorts, ({ spec }) => `${spec.bridgeName} ${spec.vlan?.tag ?? ''}`);
  for (const ports of networks.values()) noteDoubts(ports, doubts);
  return doubts;
}

/** Doubts among the ports of one bridge and VLAN. */
function noteDoubts(ports: readonly VlanPortResource[], doubts: Map<OwnerKey, readonly string[]>): void {
  if (ports.length < 2) return;
  const neighbourhood = new Neighbourhood(ports.flatMap((port) => addressesOf.of(port, [], () => ipv4Addresses(port))));
  for (const port of ports) {
    const texts = addressesOf.of(port, [], () => ipv4Addresses(port)).flatMap((address) => {
      const other = neighbourhood.neighbourOf(address);
      const what = `spec.addresses: ${address.text} has another prefix length than its neighbour`;
      return other ? [`${what} ${other.text} of VlanPort/${other.port.metadata.name}`] : [];
    });
    if (texts.length > 0) doubts.set(ownerKey(port), texts);
  }
}

/** Addresses by prefix length and by the network that they are in; ports with one prefix length, the rule, cost nothing. */
class Neighbourhood {
  readonly #byLength: ReadonlyMap<number, readonly Addressed[]>;
  readonly #networks = new Map<string, ReadonlyMap<number, readonly Addressed[]>>();

  constructor(addresses: readonly Addressed[]) {
    this.#byLength = Map.groupBy(addresses, ({ prefixLength }) => prefixLength);
  }

  /** An address of another port, with another prefix length, in what the shorter of the two takes for its network. */
  neighbourOf({ port, value, prefixLength }: Addressed): Addressed | undefined {
    for (const other of this.#byLength.keys()) {
      if (other === prefixLength) continue;
      const shorter = Math.min(other, prefixLength);
      const inNetwork = this.#networksOf(other, shorter).get(networkOf(value, shorter)) ?? [];
      const neighbour = inNetwork.find((candidate) => candidate.port !== port);
      if (neighbour) return neighbour;
    }
    return undefined;
  }

  /** The addresses that have prefix length `own`, by their first `bits` bits. */
  #networksOf(own: number, bits: number): ReadonlyMap<number, readonly Addressed[]> {
    const key = `${own}/${bits}`;
    const known = this.#networks.get(key) ?? Map.groupBy(this.#byLength.get(own) ?? [], ({ value }) => networkOf(value, bits));
    this.#networks.set(key, known);
    return known;
  }
}

function ipv4Addresses(port: VlanPortResource): Addressed[] {
  return (port.spec.addresses ?? []).flatMap((text) => {
    const [host = '', prefixLength] = text.split('/');
    if (host.includes(':')) return [];
    const value = host.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
    return [{ port, text, value, prefixLength: Number(prefixLength) }];
  });
}

function networkOf(value: number, prefixLength: number): number {
  return Math.floor(value / 2 ** (32 - prefixLength));
}
