import type { LibvirtNetwork } from '../desired.ts';
import { networkUuid } from '../network-uuid.ts';
import type { NetworkState } from '../observed.ts';
import type { OwnerKey } from '../../owner.ts';
import type { StepInfo } from '../../system.ts';
import type { Target } from '../step.ts';
import type { FieldDifference } from '../xml/field-difference.ts';
import { buildNetwork, withBridge } from '../xml/network.ts';
import type { NetworkView } from '../xml/network.ts';
import type { PlanContext } from './context.ts';
import { pathed } from './draft.ts';
import type { Draft } from './draft.ts';
import { namesOf, planNewPortgroups, planPortgroups, planUndesiredPortgroups } from './portgroups.ts';
import { judge, standingOf } from './standing.ts';
import { runningUsersOfNetwork, usersOfNetwork } from './usage.ts';

/** Plans every network that is desired, and every one that carries a mark and is not. */
export function planNetworks(context: PlanContext): void {
  const { desired, observed, draft } = context;
  for (const network of desired.networks) {
    const state = observed.networks.get(network.name);
    if (state) planExisting(network, state, context);
    else planNew(network, draft);
  }
  const names = new Set(desired.networks.map(({ name }) => name));
  for (const state of observed.networks.values()) {
    if (state.owner && !names.has(state.name)) planUndesired(state, state.owner, context);
  }
}

function planNew(network: LibvirtNetwork, draft: Draft): void {
  const uuid = networkUuid(network.name);
  const target = { name: network.name, uuid };
  const info = infoOf(network.owner, target);
  const portgroups = new Map(network.portgroups.map(({ name, owner }) => [name, owner]));
  const differences = [{ path: `network[${network.name}]`, expected: `bridge ${network.bridgeName}`, found: '' }];
  const xml = buildNetwork(network, uuid, { owner: network.owner, portgroups });
  draft.step({ ...info, kind: 'network-define', verb: 'create', differences, xml });
  planNewPortgroups(network, target, draft);
  draft.step({ ...info, kind: 'network-start', verb: 'start', differences: [stateDifference(network.name)] });
  if (network.autostart) draft.step({ ...info, ...autostartStep(network) });
}

function planExisting(network: LibvirtNetwork, state: NetworkState, context: PlanContext): void {
  const { draft, desired } = context;
  const differences = networkDifferences(network, state.config.view);
  const object = `network ${network.name}`;
  const isRecognised = state.uuid === networkUuid(network.name);
  const verdict = judge({ ...network, object, markedFor: state.owner, isRecognised, differences }, desired.ownership);
  if (typeof verdict !== 'string') return refuseNetwork(network, verdict, draft);
  const target = { name: state.name, uuid: state.uuid };
  const info = infoOf(network.owner, target);
  if (!state.persistent || differences.length > 0) {
    const found = state.persistent ? differences : [{ field: 'persistent', expected: 'yes', found: 'no' }, ...differences];
    const xml = withBridge(state.config.xml, network);
    draft.step({ ...info, kind: 'network-define', verb: 'update', differences: pathed(pathOf(network.name), found), xml });
  }
  if (verdict === 'claim') {
    const mark = { owner: network.owner, add: new Map<string, OwnerKey>(), drop: [], desired: namesOf(network.portgroups) };
    const claimed = { path: `${pathOf(network.name)}.owner`, expected: network.owner, found: state.owner ?? '' };
    draft.step({ ...info, kind: 'network-mark', verb: 'claim', differences: [claimed], mark });
  }
  planPortgroups({ ...context, network, state, isRecognised });
  planRunning(network, state, context);
  if (state.autostart !== network.autostart) draft.step({ ...info, ...autostartStep(network) });
}

/** Its portgroups can't be where the network is not ours. */
function refuseNetwork(network: LibvirtNetwork, refusal: Parameters<Draft['refuse']>[0], draft: Draft): void {
  draft.refuse(refusal);
  for (const { owner } of network.portgroups) {
    const message = `waits for network ${network.name}: ${refusal.message}`;
    draft.refuse({ owner, reason: 'NetworkNotReady', message, needsPerson: false });
  }
}

/** A change of the bridge takes effect when the network starts again, which is done only while no running domain is on it. */
function planRunning(network: LibvirtNetwork, state: NetworkState, { observed, draft }: PlanContext): void {
  const info = infoOf(network.owner, state);
  const start = { ...info, kind: 'network-start', verb: 'start', differences: [stateDifference(network.name)] } as const;
  if (!state.live) return draft.step(start);
  const differences = networkDifferences(network, state.live.view);
  if (differences.length === 0) return;
  const users = runningUsersOfNetwork(observed, network.name);
  if (users.length > 0) {
    const message = `network ${network.name} must be restarted to lead to bridge ${network.bridgeName}, but these domains run on it: ${users.join(', ')}; shut them down`;
    return draft.refuse({ owner: network.owner, reason: 'RestartRequired', message, needsPerson: true });
  }
  draft.step({ ...info, kind: 'network-stop', verb: 'stop', differences: pathed(pathOf(network.name), differences) });
  draft.step(start);
}

function planUndesired(state: NetworkState, owner: OwnerKey, context: PlanContext): void {
  const { desired, observed, draft } = context;
  const standing = standingOf(owner, desired.ownership);
  if (standing === 'frozen') return;
  const info = { ...infoOf(owner, state), leftover: standing === 'leftover' };
  if (standing === 'released') {
    const areGone = planUndesiredPortgroups(state, [], context);
    const differences = [{ path: `${pathOf(state.name)}.owner`, expected: '', found: owner }];
    if (areGone) draft.step({ ...info, kind: 'network-mark', verb: 'release', differences, mark: 'release' });
    return;
  }
  const users = usersOfNetwork(observed, state.name);
  if (users.length > 0) {
    planUndesiredPortgroups(state, [], context);
    const message = `network ${state.name} can't be deleted while these domains name it: ${users.join(', ')}`;
    return draft.refuse({ owner, reason: 'InUse', message, needsPerson: false });
  }
  const differences = [{ path: pathOf(state.name), expected: '', found: `bridge ${state.config.view.bridgeName}` }];
  if (state.active) draft.step({ ...info, kind: 'network-stop', verb: 'stop', differences });
  if (state.persistent) draft.step({ ...info, kind: 'network-undefine', verb: 'delete', differences });
}

function networkDifferences({ bridgeName }: LibvirtNetwork, found: NetworkView): FieldDifference[] {
  return [
    { field: 'forward', expected: 'bridge', found: found.forwardMode },
    { field: 'bridge', expected: bridgeName, found: found.bridgeName },
    { field: 'virtualport', expected: 'openvswitch', found: found.virtualport },
  ].filter(({ expected, found: present }) => expected !== present);
}

function autostartStep({ name, autostart }: LibvirtNetwork): Pick<StepInfo, 'verb' | 'differences'> & { kind: 'network-autostart'; autostart: boolean } {
  const differences = [{ path: `${pathOf(name)}.autostart`, expected: yesNo(autostart), found: yesNo(!autostart) }];
  return { kind: 'network-autostart', verb: 'update', differences, autostart };
}

function stateDifference(name: string): StepInfo['differences'][number] {
  return { path: `${pathOf(name)}.state`, expected: 'active', found: 'inactive' };
}

function infoOf(owner: OwnerKey, { name, uuid }: Target): Pick<StepInfo, 'owner' | 'object' | 'leftover'> & { network: Target } {
  return { owner, object: `network ${name}`, leftover: false, network: { name, uuid } };
}

function pathOf(name: string): string {
  return `network[${name}]`;
}

function yesNo(value: boolean): string {
  return value ? 'yes' : 'no';
}
