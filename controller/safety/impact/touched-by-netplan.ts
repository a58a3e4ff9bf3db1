import { BlockList, isIP } from 'node:net';
import { deviceNeeds, type DeviceNeeds } from '../../systems/netplan/device-needs.ts';
import type { KernelState } from '../../systems/netplan/observed.ts';
import type { KernelStep, NetplanStep, StanzaStep } from '../../systems/netplan/step.ts';
import type { WayIn } from '../way-in.ts';
import type { HostPart } from './host-parts.ts';
import { NO_PARTS, type Touch } from './touch.ts';

const DEFAULT_ROUTES: ReadonlySet<string> = new Set(['0.0.0.0/0', '::/0']);
const NOTHING: DeviceNeeds = deviceNeeds({});

/** Which ways in a step of netplan concerns, as the devices that they run over. */
export function touchedByNetplan(step: NetplanStep, waysIn: readonly WayIn[], kernel: KernelState): Touch {
  switch (step.kind) {
    case 'stanza':
      return step.verb === 'claim' ? untouched(step) : touchedByStanza(step, waysIn, kernel);
    case 'kernel':
      return touchedByRepair(step, waysIn);
    case 'rename':
      return { step, changes: NO_PARTS, takes: new Set<HostPart>([`device:${step.presentName}`]) };
    default:
      return untouched(step);
  }
}

function untouched(step: NetplanStep): Touch {
  return { step, changes: NO_PARTS, takes: NO_PARTS };
}

function touchedByStanza(step: StanzaStep, waysIn: readonly WayIn[], kernel: KernelState): Touch {
  const after = step.stanza ? deviceNeeds(step.stanza) : NOTHING;
  const changes = new Set<HostPart>();
  const takes = new Set<HostPart>();
  // A device that is released keeps what it has.
  if (kernel.links.has(step.device) && step.releaseTo === undefined) changes.add(`device:${step.device}`);
  for (const wayIn of waysIn) {
    if (wayIn.device === step.device) {
      if (losesAddress(wayIn, after) && step.releaseTo === undefined) takes.add(`device:${wayIn.device}`);
    } else if (competes(after, wayIn)) {
      changes.add(`device:${wayIn.device}`);
    }
  }
  return { step, changes, takes };
}

function losesAddress({ address }: WayIn, { addresses, dynamicFamilies }: DeviceNeeds): boolean {
  if (address === undefined) return false;
  const family = isIP(address) === 6 ? 6 : 4;
  return !dynamicFamilies.has(family) && !addresses.some((each) => each.split('/')[0] === address);
}

/** Another device would get the address of a way in, a network that its far end is in, or a default route. */
function competes({ addresses, routes, rules }: Pick<DeviceNeeds, 'addresses' | 'routes' | 'rules'>, { address, peer }: WayIn): boolean {
  const far = [address, peer].filter((each) => each !== undefined);
  return (
    rules.length > 0 ||
    routes.some(({ to }) => DEFAULT_ROUTES.has(to) || far.some((each) => isIn(each, to))) ||
    addresses.some((network) => far.some((each) => isIn(each, network)))
  );
}

function isIn(address: string, network: string): boolean {
  const [base = '', prefix = ''] = network.split('/');
  const family = isIP(base);
  if (family === 0 || isIP(address) !== family) return false;
  const list = new BlockList();
  const type = family === 6 ? 'ipv6' : 'ipv4';
  list.addSubnet(base, Number(prefix), type);
  return list.check(address, type);
}

/** A repair only adds. An address put back where the way in runs is no danger to it; a route or an MTU may be. */
function touchedByRepair(step: KernelStep, waysIn: readonly WayIn[]): Touch {
  const { repair } = step;
  const changes = new Set<HostPart>();
  if (repair.mtu !== undefined) changes.add(`device:${repair.device}`);
  for (const wayIn of waysIn) {
    const added = wayIn.device === repair.device ? { ...repair, addresses: [] } : repair;
    if (competes(added, wayIn)) changes.add(`device:${wayIn.device}`);
  }
  return { step, changes, takes: NO_PARTS };
}
