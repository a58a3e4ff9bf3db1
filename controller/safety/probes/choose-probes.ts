import type { HostSpec } from '../../../api/generated/kinds.ts';
import { deviceNeeds } from '../../systems/netplan/device-needs.ts';
import type { KernelState } from '../../systems/netplan/observed.ts';
import type { NetplanStep } from '../../systems/netplan/step.ts';
import type { OvsRows } from '../../systems/ovs/replica/rows.ts';
import { isGuests } from '../impact/host-parts.ts';
import type { WayIn } from '../way-in.ts';
import type { Probe } from './probe.ts';

type ProbeSpec = NonNullable<NonNullable<HostSpec['rollback']>['probes']>[number];

export interface ProbeChoice {
  /** The Host's own; without any: every default gateway, and the far ends of the sessions. */
  readonly asked: readonly ProbeSpec[] | undefined;
  readonly waysIn: readonly WayIn[];
  readonly steps: readonly NetplanStep[];
  readonly kernel: KernelState;
  readonly rows: OvsRows | undefined;
  /** MAC addresses of neighbours, by address. */
  readonly neighbours: ReadonlyMap<string, string>;
}

const DEFAULT_ROUTES: ReadonlySet<string> = new Set(['0.0.0.0/0', '::/0']);
const SMALL_BYTES = 56;
/** The payload of an IPv4 packet of 1,500 bytes: it does not get back over a device whose MTU became too small. */
const LARGE_BYTES = 1_472;
const USUAL_MTU = 1_500;
const MOST_PEERS = 8;

/** What is to be asked before and after a change; each once. Pure. */
export function chooseProbes(choice: ProbeChoice): readonly Probe[] {
  const { asked } = choice;
  const probes = asked && asked.length > 0 ? asked.flatMap((spec) => probesOf(spec, choice)) : [...gatewayProbes(choice), ...peerProbes(choice)];
  return [...new Map(probes.map((probe) => [JSON.stringify(probe), probe])).values()];
}

function probesOf(spec: ProbeSpec, choice: ProbeChoice): readonly Probe[] {
  if (spec.ping) return [{ kind: 'ping', address: spec.ping.address, bytes: SMALL_BYTES }];
  if (spec.tcp) return [{ kind: 'tcp', address: spec.tcp.address, port: spec.tcp.port }];
  if (spec.http) return [{ kind: 'http', url: spec.http.url }];
  return gatewayProbes(choice);
}

function gatewayProbes(choice: ProbeChoice): readonly Probe[] {
  return choice.waysIn.flatMap(({ kind, peer, device }): readonly Probe[] => {
    if (kind !== 'DefaultRoute' || peer === undefined || isReplaced(peer, device, choice) || isServedHere(peer, choice)) return [];
    const takesLarge = !peer.includes(':') && (choice.kernel.links.get(device)?.mtu ?? 0) >= USUAL_MTU;
    return [{ kind: 'neighbour', address: peer }, ...(takesLarge ? [{ kind: 'ping', address: peer, bytes: LARGE_BYTES } as const] : [])];
  });
}

function peerProbes({ waysIn, neighbours, rows }: ProbeChoice): readonly Probe[] {
  const peers = new Set(waysIn.flatMap(({ kind, peer }) => (peer !== undefined && (kind === 'SshSession' || kind === 'ApiConnection') ? [peer] : [])));
  return [...peers].filter((peer) => !isServedHere(peer, { neighbours, rows })).slice(0, MOST_PEERS).map((address) => ({ kind: 'ping', address, bytes: SMALL_BYTES }));
}

/**
 * After the change another gateway takes its place, or another that is in use now stays: it need not answer then. One whose route only
 * goes must answer on, for what takes its place may be of a resource that comes a moment later.
 */
function isReplaced(gateway: string, device: string, { steps, waysIn }: ProbeChoice): boolean {
  const family = familyOf(gateway);
  const stanzas = steps.flatMap((step) => (step.kind === 'stanza' && step.releaseTo === undefined ? [{ device: step.device, needs: step.stanza && deviceNeeds(step.stanza) }] : []));
  const coming = stanzas.flatMap(({ device: on, needs }) => (needs?.routes ?? []).filter((route) => DEFAULT_ROUTES.has(route.to) && route.family === family).map((route) => ({ ...route, on })));
  if (coming.some(({ via }) => via === gateway)) return false;
  if (coming.some(({ metric, on }) => on === device || (metric ?? 0) === 0)) return true;
  const own = stanzas.find((stanza) => stanza.device === device);
  if (!own || own.needs?.dynamicFamilies.has(family)) return false;
  return waysIn.some(({ kind, peer, device: on }) => kind === 'DefaultRoute' && peer !== undefined && familyOf(peer) === family && stanzas.every((stanza) => stanza.device !== on));
}

function familyOf(address: string): 4 | 6 {
  return address.includes(':') ? 6 : 4;
}

/** A gateway that is a VM of this very host answers whatever becomes of the way to the outside. */
function isServedHere(address: string, { neighbours, rows }: Pick<ProbeChoice, 'neighbours' | 'rows'>): boolean {
  const mac = neighbours.get(address)?.toLowerCase();
  if (mac === undefined || !rows) return false;
  return [...rows.indexes.tables.Interface.values()].some((iface) => isGuests(iface) && iface.external_ids.get('attached-mac')?.toLowerCase() === mac);
}
