import type { Keep } from '../keep.ts';
import { forgetNetwork, keepNetwork } from '../kept-network.ts';
import { AFFECT, NETWORK_SECTION, NETWORK_UPDATE, NETWORK_XML } from '../protocol/flags.ts';
import { procedures } from '../protocol/procedures.ts';
import type { LibvirtSession } from '../protocol/session.ts';
import type { MarkChange, NetworkStep, Target } from '../step.ts';
import type { Mark } from '../xml/mark.ts';
import { readNetwork, withMark } from '../xml/network.ts';

export interface NetworkTools {
  readonly session: LibvirtSession;
  readonly keep: Keep;
}

/** Carries out one step on a network. Throws what libvirt throws. */
export async function applyNetworkStep(step: NetworkStep, { session, keep }: NetworkTools): Promise<void> {
  const net = step.network;
  switch (step.kind) {
    case 'network-define':
      await session.call(procedures.networkDefineXml, step.xml);
      return;
    case 'network-mark':
      return applyMark(net, step.mark, session);
    case 'network-portgroup':
      return applyPortgroup(step, session);
    case 'network-autostart':
      return session.call(procedures.networkSetAutostart, { net, autostart: step.autostart });
    case 'network-start':
      return session.call(procedures.networkCreate, net, START_TIMEOUT_MS);
    case 'network-stop':
      return session.call(procedures.networkDestroy, net, START_TIMEOUT_MS);
    case 'network-undefine':
      return session.call(procedures.networkUndefine, net);
    case 'network-keep':
      keepNetwork(keep, step.kept);
      return;
    case 'network-forget':
      forgetNetwork(keep);
      return;
  }
}

/** A network with addresses of its own starts a dnsmasq and loads firewall rules. */
const START_TIMEOUT_MS = 60_000;

const COMMANDS = { add: NETWORK_UPDATE.addLast, modify: NETWORK_UPDATE.modify, delete: NETWORK_UPDATE.delete } as const;

/** virNetworkUpdate takes the place in a list as parentIndex only for sections inside another; -1 is none. */
const NO_PARENT = -1;

function applyPortgroup(step: NetworkStep & { readonly kind: 'network-portgroup' }, session: LibvirtSession): Promise<void> {
  const flags = step.affect.reduce((sum, side) => sum | AFFECT[side], 0);
  return session.call(procedures.networkUpdate, {
    net: step.network,
    command: COMMANDS[step.command],
    section: NETWORK_SECTION.portgroup,
    parentIndex: NO_PARENT,
    xml: step.xml,
    flags,
  });
}

/** Defining an active network anew changes what is stored and no more. */
async function applyMark(net: Target, change: MarkChange, session: LibvirtSession): Promise<void> {
  const xml = await session.call(procedures.networkGetXmlDesc, { net, flags: NETWORK_XML.inactive });
  await session.call(procedures.networkDefineXml, withMark(xml, changedMark(xml, change)));
}

function changedMark(xml: string, change: MarkChange): Mark | undefined {
  if (change === 'release') return undefined;
  const { mark, portgroups: present } = readNetwork(xml);
  const kept = [...(mark?.portgroups ?? [])].filter(([name]) => (present.has(name) || change.desired.has(name)) && !change.drop.includes(name));
  return { owner: change.owner, portgroups: new Map([...kept, ...change.add]) };
}
