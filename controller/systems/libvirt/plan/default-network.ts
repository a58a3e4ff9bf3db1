import { DEFAULT_NETWORK } from '../kept-network.ts';
import type { KeptNetwork } from '../kept-network.ts';
import type { LibvirtObserved, NetworkState } from '../observed.ts';
import type { OwnerKey } from '../../owner.ts';
import { readNetwork } from '../xml/network.ts';
import type { PlanContext } from './context.ts';
import type { Draft } from './draft.ts';
import { standingOf } from './standing.ts';
import { usersOfNetwork } from './usage.ts';

/** Takes libvirt's default network away where that is asked for, and gives it back where it is asked for no more. */
export function planDefaultNetwork({ desired, observed, draft }: PlanContext): void {
  const { defaultNetwork, ownership, networks } = desired;
  const state = observed.networks.get(DEFAULT_NETWORK);
  if (defaultNetwork?.policy === 'Absent') {
    const isOurs = networks.some(({ name }) => name === DEFAULT_NETWORK) || state?.owner !== undefined;
    if (state && !isOurs) planRemoval(defaultNetwork.owner, state, observed, draft);
    return;
  }
  const kept = observed.keptDefaultNetwork;
  if (kept && standingOf(kept.owner, ownership) !== 'frozen') planReturn(kept, state, draft);
}

function planRemoval(owner: OwnerKey, state: NetworkState, observed: LibvirtObserved, draft: Draft): void {
  const users = usersOfNetwork(observed, DEFAULT_NETWORK);
  if (users.length > 0) {
    const message = `network default can't be taken away while these domains name it: ${users.join(', ')}; move their NICs to another network`;
    return draft.refuse({ owner, reason: 'InUse', message, needsPerson: false });
  }
  const network = { name: state.name, uuid: state.uuid };
  const info = { owner, object: 'network default', leftover: false, network };
  const isKept = observed.keptDefaultNetwork !== undefined && readNetwork(observed.keptDefaultNetwork.xml).uuid === state.uuid;
  if (!isKept) {
    const kept = { owner, xml: state.config.xml, autostart: state.autostart, active: state.active };
    draft.step({ ...info, kind: 'network-keep', verb: 'apply', differences: [], kept });
  }
  const differences = [{ path: 'network[default]', expected: '', found: state.active ? 'active' : 'inactive' }];
  if (state.active) draft.step({ ...info, kind: 'network-stop', verb: 'stop', differences });
  if (state.persistent) draft.step({ ...info, kind: 'network-undefine', verb: 'delete', differences });
}

/** Forgotten before it is started: where libvirt can't start it, it is there all the same, as it would be after a reboot. */
function planReturn(kept: KeptNetwork, state: NetworkState | undefined, draft: Draft): void {
  const { uuid } = readNetwork(kept.xml);
  const info = { owner: kept.owner, object: 'network default', leftover: false, network: { name: DEFAULT_NETWORK, uuid } };
  const differences = [{ path: 'network[default]', expected: 'as it was before', found: '' }];
  if (!state) {
    draft.step({ ...info, kind: 'network-define', verb: 'release', differences, xml: kept.xml });
    if (kept.autostart) draft.step({ ...info, kind: 'network-autostart', verb: 'release', differences, autostart: true });
  }
  draft.step({ ...info, kind: 'network-forget', verb: 'release', differences: [] });
  if (!state && kept.active) draft.step({ ...info, kind: 'network-start', verb: 'start', differences });
}
