import type { LibvirtDomain } from '../desired.ts';
import type { DomainState } from '../observed.ts';
import { START_PATIENCE_MS } from '../patience.ts';
import type { StepInfo } from '../../system.ts';
import type { Target } from '../step.ts';
import type { PlanContext } from './context.ts';
import { imagesToMake } from './images.ts';
import { missingPortgroups, portgroupsOf } from './portgroup-needs.ts';
import { planStop } from './stop.ts';

/** How long a guest that is to be off may take to shut down before it is destroyed. */
const HALT_GRACE_MS = 60_000;

/** Plans whether the domain runs and comes back after a reboot of the host; without a state, of one that is made before. */
export function planRunState(domain: LibvirtDomain, state: DomainState | undefined, context: PlanContext): void {
  const blocked = refuseMissing(domain, state, context);
  planAutostart(domain, state, !blocked, context);
  switch (domain.runStrategy) {
    case 'Manual':
      return;
    case 'Halted':
      if (state && !isOff(state)) planStop(domain.owner, state, HALT_GRACE_MS, context);
      return;
    case 'Always':
      return planRunning(domain, state, blocked, context);
    case 'RerunOnFailure':
      if (!state?.memory.completed) planRunning(domain, state, blocked, context);
      return;
  }
}

/** Says why the domain can't be started, where that is so: it is not asked for while it is to be off. */
function refuseMissing(domain: LibvirtDomain, state: DomainState | undefined, context: PlanContext): boolean {
  const { draft } = context;
  const portgroups = missingPortgroups(domain, context);
  for (const { network, portgroup } of portgroups) {
    const message = `network ${network} has no portgroup ${portgroup}; domain ${domain.name} is not started without it, since its NIC would be in every VLAN`;
    draft.refuse({ owner: domain.owner, reason: 'PortgroupNotFound', message, needsPerson: false });
  }
  const canBeMade = new Set(imagesToMake(domain).map(({ path }) => path));
  const files = (state?.live ? [] : (state?.missingFiles ?? [])).filter((path) => !canBeMade.has(path));
  for (const path of files) {
    const message = `domain ${domain.name} needs the image ${path}, which is not there; put it there, or give the disk a size`;
    draft.refuse({ owner: domain.owner, reason: 'DiskNotFound', message, needsPerson: false });
  }
  return portgroups.length > 0 || files.length > 0;
}

/** libvirt itself would start a domain whose portgroup is missing, in every VLAN: such a one does not come up by itself. */
function planAutostart(domain: LibvirtDomain, state: DomainState | undefined, canStart: boolean, { draft }: PlanContext): void {
  if (domain.runStrategy === 'Manual') return;
  const autostart = domain.runStrategy === 'Always' && canStart;
  const found = state?.autostart ?? false;
  if (found === autostart) return;
  const differences = [{ path: `domain[${domain.name}].autostart`, expected: yesNo(autostart), found: yesNo(found) }];
  draft.step({ ...infoOf(domain, state), kind: 'domain-autostart', verb: 'update', differences, autostart });
}

function planRunning(domain: LibvirtDomain, state: DomainState | undefined, blocked: boolean, context: PlanContext): void {
  const { draft, observed } = context;
  if (state?.state === 'paused') return planResume(domain, state, context);
  if (blocked || domain.startBlockedBy || (state && !isOff(state))) return;
  const notBefore = state?.memory.startNotBefore ?? 0;
  if (notBefore > observed.observedAt) {
    const message = `domain ${domain.name} went off soon after each of its last starts (${state?.stateReason ?? ''}); the next one is at ${new Date(notBefore).toISOString()}`;
    return draft.refuse({ owner: domain.owner, reason: 'RestartBackOff', message, needsPerson: false });
  }
  const differences = [{ path: `domain[${domain.name}].state`, expected: 'running', found: state?.state ?? '' }];
  draft.step({ ...infoOf(domain, state), kind: 'domain-start', verb: 'start', differences, needs: portgroupsOf(domain) });
}

/** A domain that was paused by hand goes on; one that libvirt or QEMU paused, for a full disk or the like, waits for a person. */
function planResume(domain: LibvirtDomain, state: DomainState, context: PlanContext): void {
  if (state.memory.startingSince !== undefined) return planStarting(domain, state, state.memory.startingSince, context);
  const { draft } = context;
  if (state.stateReason !== 'user' && state.stateReason !== 'unknown') {
    const message = `domain ${domain.name} is paused (${state.stateReason}); mend the cause, then: virsh resume ${domain.name}`;
    return draft.refuse({ owner: domain.owner, reason: 'DomainPaused', message, needsPerson: true });
  }
  const differences = [{ path: `domain[${domain.name}].state`, expected: 'running', found: 'paused' }];
  draft.step({ ...infoOf(domain, state), kind: 'domain-resume', verb: 'start', differences });
}

/** A domain whose start was cut short has not run yet: nothing is lost when it is started over. */
function planStarting(domain: LibvirtDomain, state: DomainState, since: number, { observed, draft }: PlanContext): void {
  if (observed.observedAt >= since + START_PATIENCE_MS) {
    const differences = [{ path: `domain[${domain.name}].state`, expected: 'running', found: 'half started' }];
    return draft.step({ ...infoOf(domain, state), kind: 'domain-destroy', verb: 'stop', differences });
  }
  const message = `domain ${domain.name} is being started; if it is not done by ${new Date(since + START_PATIENCE_MS).toISOString()}, it is started over`;
  draft.refuse({ owner: domain.owner, reason: 'DomainStarting', message, needsPerson: false });
}

export function isOff({ state }: DomainState): boolean {
  return state === 'shutoff' || state === 'crashed';
}

function infoOf({ owner, name, uuid }: LibvirtDomain, state: DomainState | undefined): Pick<StepInfo, 'owner' | 'object' | 'leftover'> & { domain: Target } {
  return { owner, object: `domain ${name}`, leftover: false, domain: { name, uuid: state?.uuid ?? uuid } };
}

function yesNo(value: boolean): string {
  return value ? 'yes' : 'no';
}
