import type { LibvirtNetwork, LibvirtPortgroup } from '../desired.ts';
import type { NetworkState } from '../observed.ts';
import type { OwnerKey } from '../../owner.ts';
import type { StepInfo } from '../../system.ts';
import type { NetworkStep, Target } from '../step.ts';
import { buildPortgroup, portgroupDifferences, portgroupView } from '../xml/network.ts';
import type { NetworkView, PortgroupView } from '../xml/network.ts';
import { vlanText } from '../xml/vlan.ts';
import type { PlanContext } from './context.ts';
import { pathed } from './draft.ts';
import type { Draft } from './draft.ts';
import { judge, standingOf } from './standing.ts';
import { usersOfPortgroup } from './usage.ts';

type Side = 'live' | 'config';
type Command = 'add' | 'modify' | 'delete';

/** Plans the portgroups of a network that is made in the same plan: into the stored network, before it is started. */
export function planNewPortgroups({ portgroups }: LibvirtNetwork, target: Target, draft: Draft): void {
  for (const portgroup of portgroups) {
    const wanted = portgroupView(portgroup);
    const differences = [{ path: pathOf(target.name, portgroup.name), expected: vlanText(wanted.vlan), found: '' }];
    draft.step({ ...infoOf(portgroup.owner, target, portgroup.name), ...stepOf('add', ['config'], buildPortgroup(wanted)), differences });
  }
}

export interface PortgroupContext extends PlanContext {
  readonly network: LibvirtNetwork;
  readonly state: NetworkState;
  /** The network was known for ours by its UUID. */
  readonly isRecognised: boolean;
}

/** Plans the portgroups of a network that is ours or becomes so. libvirt allows one default: an old one gives way first. */
export function planPortgroups(context: PortgroupContext): void {
  const { network, state, draft } = context;
  const accepted = network.portgroups.filter((portgroup) => isAccepted(portgroup, context));
  if (accepted.some(({ isDefault }) => isDefault)) clearUndesiredDefaults(context);
  planUndesiredPortgroups(state, network.portgroups, context, network.owner);
  const [giveWay, others] = [accepted.filter(givesWay(state)), accepted.filter((portgroup) => !givesWay(state)(portgroup))];
  for (const portgroup of [...giveWay, ...others]) planSides(portgroup, state, draft);
}

function givesWay(state: NetworkState): (portgroup: LibvirtPortgroup) => boolean {
  return ({ name, isDefault }) => !isDefault && viewsOf(state).some((view) => view.portgroups.get(name)?.isDefault === true);
}

/** Judges a portgroup of that name that is there already, and plans its mark. */
function isAccepted(portgroup: LibvirtPortgroup, context: PortgroupContext): boolean {
  const { network, state, desired, draft, isRecognised } = context;
  const foreignDefault = portgroup.isDefault ? defaultOfOthers(network, state) : undefined;
  if (foreignDefault !== undefined) {
    const message = `network ${state.name} has a default portgroup of others, ${foreignDefault}; clear its default there, or set default: false here`;
    draft.refuse({ owner: portgroup.owner, reason: 'DeviceConflict', message, needsPerson: true });
    return false;
  }
  const marks = markOf(state)?.portgroups;
  const markedFor = marks?.get(portgroup.name);
  const found = viewsOf(state).flatMap((view) => view.portgroups.get(portgroup.name) ?? []);
  if (found.length > 0) {
    const object = `portgroup ${portgroup.name} of network ${state.name}`;
    const differences = found.flatMap((view) => portgroupDifferences(portgroupView(portgroup), view));
    const isOwn = isRecognised && marks === undefined;
    const verdict = judge({ ...portgroup, object, markedFor, isRecognised: isOwn, differences }, desired.ownership);
    if (typeof verdict !== 'string') {
      draft.refuse(verdict);
      return false;
    }
  }
  if (markedFor !== portgroup.owner) planMark(portgroup, context);
  return true;
}

function planMark({ owner, name }: LibvirtPortgroup, { network, state, draft }: PortgroupContext): void {
  const found = markOf(state)?.portgroups.get(name) ?? '';
  const differences = [{ path: `${pathOf(state.name, name)}.owner`, expected: owner, found }];
  const mark = { owner: network.owner, add: new Map([[name, owner]]), drop: [], desired: namesOf(network.portgroups) };
  draft.step({ ...infoOf(owner, state, name), kind: 'network-mark', verb: 'claim', differences, mark });
}

/** A default of ours that is desired no more, and can't be deleted yet. */
function clearUndesiredDefaults({ network, state, observed, draft }: PortgroupContext): void {
  const desiredNames = namesOf(network.portgroups);
  for (const { side, view, xml } of sidesOf(state)) {
    for (const portgroup of view.portgroups.values()) {
      const owner = markOf(state)?.portgroups.get(portgroup.name);
      if (!owner || !portgroup.isDefault || desiredNames.has(portgroup.name)) continue;
      if (usersOfPortgroup(observed, state, portgroup.name).length === 0) continue;
      const differences = [{ path: `${pathOf(state.name, portgroup.name)}.default`, expected: 'no', found: 'yes' }];
      const cleared = buildPortgroup({ ...portgroup, isDefault: false }, xml);
      draft.step({ ...infoOf(owner, state, portgroup.name), ...stepOf('modify', [side], cleared), differences });
    }
  }
}

function defaultOfOthers(network: LibvirtNetwork, state: NetworkState): string | undefined {
  const marks = markOf(state)?.portgroups;
  const defaults = viewsOf(state).flatMap((view) => [...view.portgroups.values()].filter(({ isDefault }) => isDefault));
  return defaults.find(({ name }) => marks?.has(name) !== true && !network.portgroups.some((portgroup) => portgroup.name === name))?.name;
}

/** The stored and the active network each get what they lack; in one call where both lack the same. */
function planSides(portgroup: LibvirtPortgroup, state: NetworkState, draft: Draft): void {
  const wanted = portgroupView(portgroup);
  const info = infoOf(portgroup.owner, state, portgroup.name);
  const lacks = sidesOf(state).flatMap(({ side, view, xml }) => lackOf(side, wanted, view, xml));
  for (const command of ['add', 'modify'] as const) {
    const sides = lacks.filter((lack) => lack.command === command);
    for (const group of sameXml(sides)) {
      const first = group[0];
      if (!first) continue;
      const differences = pathed(pathOf(state.name, portgroup.name), first.differences);
      draft.step({ ...info, ...stepOf(command, group.map(({ side }) => side), first.xml), differences });
    }
  }
}

interface Lack {
  readonly side: Side;
  readonly command: 'add' | 'modify';
  readonly xml: string;
  readonly differences: readonly { field: string; expected: string; found: string }[];
}

function lackOf(side: Side, wanted: PortgroupView, view: NetworkView, networkXml: string): Lack[] {
  const found = view.portgroups.get(wanted.name);
  if (!found) {
    const differences = [{ field: 'vlan', expected: vlanText(wanted.vlan), found: '' }];
    return [{ side, command: 'add', xml: buildPortgroup(wanted), differences }];
  }
  const differences = portgroupDifferences(wanted, found);
  return differences.length === 0 ? [] : [{ side, command: 'modify', xml: buildPortgroup(wanted, networkXml), differences }];
}

function sameXml(lacks: readonly Lack[]): Lack[][] {
  return [...Map.groupBy(lacks, ({ xml }) => xml).values()];
}

/**
 * Plans the portgroups of a network that are not desired: those with a mark go (or are released), the others are told. True when
 * after that none with a mark is left.
 */
export function planUndesiredPortgroups(
  state: NetworkState,
  wanted: readonly LibvirtPortgroup[],
  { desired, observed, draft }: PlanContext,
  networkOwner?: OwnerKey,
): boolean {
  const kept = namesOf(wanted);
  const names = new Set(viewsOf(state).flatMap((view) => [...view.portgroups.keys()]));
  const marks = markOf(state)?.portgroups ?? new Map<string, OwnerKey>();
  let areGone = true;
  for (const name of [...names].filter((candidate) => !kept.has(candidate))) {
    const owner = marks.get(name);
    const standing = owner && standingOf(owner, desired.ownership);
    if (!owner) {
      if (networkOwner) draft.find(foreignPortgroup(state, name, networkOwner));
    } else if (standing === 'frozen') {
      areGone = false;
    } else if (standing === 'released') {
      planUnmark({ state, name, owner, kept }, { ...infoOf(owner, state, name), verb: 'release' }, draft);
    } else {
      const users = usersOfPortgroup(observed, state, name);
      if (users.length === 0) planDeletion({ state, name, owner, kept }, standing === 'leftover', draft);
      else draft.refuse(inUse(state, name, owner, users));
      areGone &&= users.length === 0;
    }
  }
  return areGone;
}

/** A portgroup of ours that is not desired. */
interface Undesired {
  readonly state: NetworkState;
  readonly name: string;
  readonly owner: OwnerKey;
  /** The names of those that are. */
  readonly kept: ReadonlySet<string>;
}

function planDeletion(portgroup: Undesired, leftover: boolean, draft: Draft): void {
  const { state, name, owner } = portgroup;
  const info = { ...infoOf(owner, state, name), leftover };
  const found = viewsOf(state).flatMap((view) => view.portgroups.get(name) ?? [])[0];
  const differences = [{ path: pathOf(state.name, name), expected: '', found: vlanText(found?.vlan) }];
  const affect = sidesOf(state).filter(({ view }) => view.portgroups.has(name)).map(({ side }) => side);
  const xml = buildPortgroup({ name, isDefault: false });
  draft.step({ ...info, ...stepOf('delete', affect, xml), differences });
  planUnmark(portgroup, { ...info, verb: 'delete' }, draft);
}

function planUnmark(
  { state, name, owner, kept }: Undesired,
  info: Pick<StepInfo, 'owner' | 'object' | 'leftover' | 'verb'> & { readonly network: Target },
  draft: Draft,
): void {
  const differences = [{ path: `${pathOf(state.name, name)}.owner`, expected: '', found: owner }];
  const mark = { owner: markOf(state)?.owner ?? owner, add: new Map<string, OwnerKey>(), drop: info.verb === 'release' ? [name] : [], desired: kept };
  draft.step({ ...info, kind: 'network-mark', differences, mark });
}

function foreignPortgroup(state: NetworkState, name: string, owner: OwnerKey): Parameters<Draft['find']>[0] {
  const found = viewsOf(state).flatMap((view) => view.portgroups.get(name) ?? [])[0];
  const difference = { path: pathOf(state.name, name), expected: '', found: vlanText(found?.vlan) };
  return { owner, object: `portgroup ${name} of network ${state.name}`, difference };
}

function inUse(state: NetworkState, name: string, owner: OwnerKey, users: readonly string[]): Parameters<Draft['refuse']>[0] {
  const message = `portgroup ${name} of network ${state.name} can't be deleted while these domains name it: ${users.join(', ')}; without it their next start would be in every VLAN`;
  return { owner, reason: 'InUse', message, needsPerson: false };
}

function stepOf(command: Command, affect: readonly Side[], xml: string): Pick<NetworkStep, 'verb'> & { kind: 'network-portgroup'; command: Command; affect: readonly Side[]; xml: string } {
  const verbs = { add: 'create', modify: 'update', delete: 'delete' } as const;
  return { kind: 'network-portgroup', verb: verbs[command], command, affect, xml };
}

function sidesOf({ config, live }: NetworkState): { side: Side; view: NetworkView; xml: string }[] {
  return [
    { side: 'config', ...config },
    ...(live ? [{ side: 'live' as const, ...live }] : []),
  ];
}

function viewsOf(state: NetworkState): NetworkView[] {
  return sidesOf(state).map(({ view }) => view);
}

function markOf({ config }: NetworkState): NetworkView['mark'] {
  return config.view.mark;
}

function infoOf(owner: OwnerKey, { name, uuid }: Target, portgroup: string): Pick<StepInfo, 'owner' | 'object' | 'leftover'> & { network: Target } {
  return { owner, object: `portgroup ${portgroup} of network ${name}`, leftover: false, network: { name, uuid } };
}

function pathOf(network: string, portgroup: string): string {
  return `network[${network}].portgroup[${portgroup}]`;
}

/** The names of portgroups, as a set. */
export function namesOf(portgroups: readonly LibvirtPortgroup[]): ReadonlySet<string> {
  return new Set(portgroups.map(({ name }) => name));
}
