import type { LibvirtInterface, LibvirtPortgroup } from '../desired.ts';
import type { DomainState } from '../observed.ts';
import type { StepInfo } from '../../system.ts';
import type { Target } from '../step.ts';
import { bandwidthText } from '../xml/bandwidth.ts';
import { buildInterface, liveInterface } from '../xml/definition.ts';
import { liveDifferences } from '../xml/domain-fields.ts';
import type { WantedDomain } from '../xml/domain-fields.ts';
import type { FieldDifference } from '../xml/field-difference.ts';
import { sourceText } from '../xml/interface.ts';
import type { NicView } from '../xml/interface.ts';
import type { PortgroupView } from '../xml/network.ts';
import { vlanText } from '../xml/vlan.ts';
import type { PlanContext } from './context.ts';
import { listed, pathed } from './draft.ts';
import { missingPortgroups, portgroupsOf } from './portgroup-needs.ts';

/** Plans what a running domain can be given without a restart, and says what only a restart will bring. */
export function planLive(wanted: WantedDomain, state: DomainState, context: PlanContext): void {
  const { desired: domain } = wanted;
  const isToBeOff = domain.management === 'Full' && domain.runStrategy === 'Halted';
  if (!state.live || isToBeOff) return;
  const restart = domain.management === 'Full' ? liveDifferences(wanted, state.live.view) : [];
  for (const nic of domain.interfaces) restart.push(...planNic(nic, wanted, state, context));
  restart.push(...planUnwantedNics(wanted, state, context));
  if (restart.length === 0) return;
  const message = `domain ${domain.name} must be restarted (virsh shutdown ${domain.name}, then start it) for: ${listed(restart)}`;
  context.draft.refuse({ owner: domain.owner, reason: 'RestartRequired', message, needsPerson: true });
}

/** Returns what only a restart will bring. */
function planNic(nic: LibvirtInterface, { desired: domain }: WantedDomain, state: DomainState, context: PlanContext): FieldDifference[] {
  const mac = nic.mac.toLowerCase();
  const live = state.live?.view.interfaces.find((view) => view.mac === mac);
  const path = `interface[${mac}]`;
  const info = infoOf(domain.owner, state);
  if (!live) {
    const needs = portgroupsOf({ interfaces: [nic] });
    if (missingPortgroups({ interfaces: [nic] }, context).length > 0) return [];
    const differences = [{ path: `domain[${domain.name}].${path}`, expected: sourceText(nic.source), found: '' }];
    context.draft.step({ ...info, kind: 'nic-attach', verb: 'create', differences, mac, xml: buildInterface(nic), needs });
    return [];
  }
  const fixed = fixedDifferences(nic, live);
  if (fixed.length > 0) return fixed.map((difference) => ({ ...difference, field: `${path}.${difference.field}` }));
  const settings = settingsOf(nic, context);
  const dropped = droppedLimits(nic, live, settings.bandwidth, state);
  planNicUpdate(nic, live, { info, state, path, settings, keepsLimits: dropped.length > 0 }, context);
  return dropped.map((difference) => ({ ...difference, field: `${path}.${difference.field}` }));
}

/** libvirt 9.0 sets limits on a port of Open vSwitch and changes them, but does not take them away again: only a restart does. */
function droppedLimits(nic: LibvirtInterface, live: NicView, wanted: LibvirtPortgroup['bandwidth'], state: DomainState): FieldDifference[] {
  const isDropped = (['inbound', 'outbound'] as const).some((direction) => live.bandwidth?.[direction] && !wanted?.[direction]);
  return isDropped ? bandwidthDifferences(nic, live, wanted, state) : [];
}

/** What libvirt can't change about a NIC that is plugged in (qemuDomainChangeNet). */
function fixedDifferences(nic: LibvirtInterface, live: NicView): FieldDifference[] {
  const network = (source: LibvirtInterface['source'] | NicView['source']): string => {
    return source.type === 'network' ? `network ${source.network}` : sourceText(source);
  };
  return [
    { field: 'source', expected: network(nic.source), found: network(live.source) },
    { field: 'virtualport', expected: nic.source.type === 'bridge' ? 'openvswitch' : (live.virtualport ?? ''), found: live.virtualport ?? '' },
    { field: 'model', expected: nic.model, found: live.model ?? '' },
    { field: 'mtu', expected: String(nic.mtu ?? ''), found: String(nic.mtu === undefined ? '' : (live.mtu ?? '')) },
    { field: 'interfaceid', expected: nic.interfaceId ?? live.interfaceId ?? '', found: live.interfaceId ?? '' },
  ].filter(({ expected, found }) => expected !== found);
}

interface NicUpdate {
  readonly info: ReturnType<typeof infoOf>;
  readonly state: DomainState;
  readonly path: string;
  readonly settings: Pick<PortgroupView, 'vlan' | 'bandwidth'>;
  /** The limits stay as they are until the next start. */
  readonly keepsLimits: boolean;
}

function planNicUpdate(
  nic: LibvirtInterface,
  live: NicView,
  { info, state, path, settings, keepsLimits }: NicUpdate,
  context: PlanContext,
): void {
  if (missingPortgroups({ interfaces: [nic] }, context).length > 0) return;
  const { vlan, bandwidth } = settings;
  const differences = [
    { field: 'source', expected: sourceText(nic.source), found: sourceText(live.source) },
    { field: 'vlan', expected: vlanText(vlan), found: vlanText(live.vlan) },
    { field: 'link', expected: nic.linkState, found: live.linkState },
    ...(keepsLimits ? [] : bandwidthDifferences(nic, live, bandwidth, state)),
  ].filter(({ expected, found }) => expected !== found);
  if (differences.length === 0) return;
  const prefixed = pathed(`domain[${state.name}].${path}`, differences);
  context.draft.step({ ...info, kind: 'nic-update', verb: 'update', differences: prefixed, mac: live.mac, nic, settings: { vlan, keepsLimits } });
}

/** What the port of the NIC should have: its own VLAN, or the VLAN and limits of its portgroup as desired, or as the network has it. */
function settingsOf({ source }: LibvirtInterface, { desired, observed }: PlanContext): Pick<PortgroupView, 'vlan' | 'bandwidth'> {
  if (source.type === 'bridge') return { vlan: source.vlan };
  const wanted = desired.networks.find(({ name }) => name === source.network)?.portgroups.find(({ name }) => name === source.portgroup);
  const state = observed.networks.get(source.network);
  return wanted ?? (state?.live ?? state?.config)?.view.portgroups.get(source.portgroup) ?? {};
}

/** Limits that the NIC has of its own count before those of its portgroup, and are not ours. */
function bandwidthDifferences(nic: LibvirtInterface, live: NicView, wanted: LibvirtPortgroup['bandwidth'], state: DomainState): FieldDifference[] {
  const stored = state.config.view.interfaces.find(({ mac }) => mac === live.mac);
  if (nic.source.type !== 'network' || stored?.bandwidth) return [];
  return [{ field: 'bandwidth', expected: bandwidthText(wanted), found: bandwidthText(live.bandwidth) }];
}

/** A guest must let a NIC go before it is gone: where it was asked and has not, only a restart helps. */
function planUnwantedNics({ desired: domain }: WantedDomain, state: DomainState, { draft }: PlanContext): FieldDifference[] {
  const wanted = new Set(domain.interfaces.map(({ mac }) => mac.toLowerCase()));
  const unwanted = (state.live?.view.interfaces ?? []).filter(({ mac }) => !wanted.has(mac));
  const stuck: FieldDifference[] = [];
  for (const { mac, source } of unwanted) {
    const difference = { field: `interface[${mac}]`, expected: '', found: sourceText(source) };
    const xml = state.live && liveInterface(state.live.xml, mac);
    if (state.memory.detachAsked.has(mac) || xml === undefined) {
      stuck.push(difference);
      continue;
    }
    const differences = [{ path: `domain[${domain.name}].interface[${mac}]`, expected: '', found: difference.found }];
    draft.step({ ...infoOf(domain.owner, state), kind: 'nic-detach', verb: 'delete', differences, mac, xml });
  }
  return stuck;
}

function infoOf(owner: StepInfo['owner'], { name, uuid }: Target): Pick<StepInfo, 'owner' | 'object' | 'leftover'> & { domain: Target } {
  return { owner, object: `domain ${name}`, leftover: false, domain: { name, uuid } };
}
