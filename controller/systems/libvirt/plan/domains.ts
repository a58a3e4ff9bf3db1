import type { LibvirtDomain } from '../desired.ts';
import type { DomainState } from '../observed.ts';
import type { OwnerKey } from '../../owner.ts';
import type { StepInfo } from '../../system.ts';
import type { Target } from '../step.ts';
import { definitionDifferences, writeDefinition } from '../xml/definition.ts';
import type { WantedDomain } from '../xml/domain-fields.ts';
import type { FieldDifference } from '../xml/field-difference.ts';
import type { Mark } from '../xml/mark.ts';
import type { PlanContext } from './context.ts';
import { pathed } from './draft.ts';
import type { Draft } from './draft.ts';
import { planLive } from './live.ts';
import { planRunState } from './run-state.ts';
import { imagesToMake, isSeedOf } from './images.ts';
import { judge } from './standing.ts';
import { planTwins } from './twins.ts';
import { planUndesiredDomain } from './undesired-domain.ts';

/** Plans every domain that is desired, and every one that carries a mark and is not. */
export function planDomains(context: PlanContext): void {
  const { desired, observed } = context;
  const seen = new Set<string>();
  for (const domain of desired.domains) {
    const state = stateOf(domain, context);
    if (state) seen.add(state.uuid);
    if (isBusy(domain.owner, domain.name, state?.uuid ?? domain.uuid, context)) continue;
    planDomain(domain, state, context);
  }
  for (const state of observed.domains.values()) {
    if (!state.owner || seen.has(state.uuid) || isBusy(state.owner, state.name, state.uuid, context)) continue;
    planUndesiredDomain(state, state.owner, context);
  }
}

/** Work that an earlier plan began goes on: what comes after it is planned when it has ended. */
function isBusy(owner: OwnerKey, name: string, uuid: string, { observed, draft }: PlanContext): boolean {
  const failure = observed.lateFailures.get(uuid);
  if (failure) draft.refuse(failure);
  if (!observed.busyDomains.has(uuid)) return false;
  draft.refuse({ owner, reason: 'InProgress', message: `work on domain ${name} takes longer and goes on`, needsPerson: false });
  return true;
}

/** The domain of that name; or the one with our UUID, where somebody renamed it. */
function stateOf({ name, uuid }: LibvirtDomain, { observed }: PlanContext): DomainState | undefined {
  return observed.domains.get(name) ?? [...observed.domains.values()].find((state) => state.uuid === uuid);
}

function planDomain(domain: LibvirtDomain, state: DomainState | undefined, context: PlanContext): void {
  const { draft } = context;
  if (!state) return planMissing(domain, context);
  if (state.name !== domain.name) {
    const message = `domain ${domain.name} was renamed to ${state.name}; name it back with: virsh domrename ${state.name} ${domain.name}`;
    return draft.refuse({ owner: domain.owner, reason: 'DomainRenamed', message, needsPerson: true });
  }
  planExisting(domain, state, context);
}

function planMissing(domain: LibvirtDomain, context: PlanContext): void {
  const { draft } = context;
  if (domain.management === 'InterfacesOnly') {
    const message = `there is no domain ${domain.name} whose NICs could be managed; make it, or set managementPolicy: Full`;
    return draft.refuse({ owner: domain.owner, reason: 'DomainNotFound', message, needsPerson: false });
  }
  if (refusesMachine(domain, context)) return;
  const wanted = wantedOf(domain, undefined, context);
  const xml = writeDefinition(wanted, markOf(domain, undefined), undefined);
  const differences = [{ path: pathOf(domain.name), expected: 'defined', found: '' }];
  const info = infoOf(domain, { name: domain.name, uuid: domain.uuid });
  draft.step({ ...info, kind: 'domain-define', verb: 'create', differences, xml, disks: imagesToMake(domain) });
  planRunState(domain, undefined, context);
}

function planExisting(domain: LibvirtDomain, state: DomainState, context: PlanContext): void {
  const { desired, draft } = context;
  const wanted = wantedOf(domain, state, context);
  const differences = definitionDifferences(wanted, state.config.view);
  const object = `domain ${domain.name}`;
  const verdict = judge(
    { ...domain, object, markedFor: state.owner, isRecognised: state.uuid === domain.uuid, differences },
    desired.ownership,
  );
  if (typeof verdict !== 'string') return draft.refuse(verdict);
  if (differences.some(({ field }) => field === 'machine') && refusesMachine(domain, context)) return;
  planDefinition(wanted, state, differences, context);
  planMissingFiles(domain, state, draft);
  planLive(wanted, state, context);
  planTwins(domain, state, context);
  if (domain.management === 'Full') planRunState(domain, state, context);
}

/** libvirt's own message about a machine that QEMU does not have speaks of PCI buses. */
function refusesMachine({ owner, name, machine, management }: LibvirtDomain, { observed: { machinesOffered }, draft }: PlanContext): boolean {
  if (management !== 'Full' || machine === undefined || machinesOffered.size === 0 || machinesOffered.has(machine)) return false;
  const message = `spec.machine: QEMU on this host has no machine ${machine} for domain ${name}; leave it out, or take q35, pc or one that "qemu-system-x86_64 -machine help" lists`;
  draft.refuse({ owner, reason: 'MachineNotFound', message, needsPerson: true });
  return true;
}

/** One definition carries all that differs, and the mark. */
function planDefinition(wanted: WantedDomain, state: DomainState, differences: readonly FieldDifference[], { draft }: PlanContext): void {
  const { desired: domain } = wanted;
  const { view } = state.config;
  const stale = staleSeeds(domain, state);
  const mark = markOf(domain, view.mark, stale);
  const marks = markDifferences(mark, view.mark);
  const persistence = state.persistent ? [] : [{ field: 'persistent', expected: 'yes', found: 'no' }];
  const all = [...persistence, ...differences, ...stale.map((path) => ({ field: 'cloudInit', expected: '', found: path })), ...marks];
  if (all.length === 0) return;
  const verb = all.length === marks.length ? 'claim' : 'update';
  const disks = imagesToMake(domain).filter(({ path }) => !view.disks.some((disk) => disk.path === path));
  const xml = writeDefinition(wanted, mark, state.config);
  draft.step({ ...infoOf(domain, state), kind: 'domain-define', verb, differences: pathed(pathOf(domain.name), all), xml, disks, deleteFiles: stale });
}

/** An image that is gone is made again, if we know how, but never under a running domain. */
function planMissingFiles(domain: LibvirtDomain, state: DomainState, draft: Draft): void {
  if (domain.management !== 'Full' || state.live) return;
  const disks = imagesToMake(domain).filter(({ path }) => state.missingFiles.includes(path));
  if (disks.length === 0) return;
  const differences = disks.map(({ path }) => ({ path: `${pathOf(domain.name)}.disk`, expected: path, found: '' }));
  draft.step({ ...infoOf(domain, state), kind: 'disk-make', verb: 'create', differences, disks });
}

/** What earlier instructions for cloud-init left: they may hold secrets, so they go as soon as no guest has them in its drive. */
function staleSeeds(domain: LibvirtDomain, { name, config, live }: DomainState): string[] {
  const inUse = new Set([domain.seed?.path, ...(live?.view.disks ?? []).map(({ path }) => path)]);
  return (config.view.mark?.domain?.madeDisks ?? []).filter((path) => isSeedOf(name, path) && !inUse.has(path));
}

/** An existing domain is left on what it has while `auto` is asked for. */
function wantedOf(desired: LibvirtDomain, state: DomainState | undefined, { observed }: PlanContext): WantedDomain {
  const found = state?.config.view.type;
  const isKvm = desired.acceleration === 'auto' ? (found === 'kvm' || (found !== 'qemu' && observed.kvmOffered)) : desired.acceleration === 'kvm';
  return { desired, type: isKvm ? 'kvm' : 'qemu' };
}

function markOf({ owner, management, diskReclaim }: LibvirtDomain, found: Mark | undefined, gone: readonly string[] = []): Mark {
  const madeDisks = (found?.domain?.madeDisks ?? []).filter((path) => !gone.includes(path));
  return { owner, portgroups: new Map(), domain: { management, diskReclaim, madeDisks } };
}

function markDifferences(mark: Mark, found: Mark | undefined): FieldDifference[] {
  return [
    { field: 'owner', expected: mark.owner, found: found?.owner ?? '' },
    { field: 'managementPolicy', expected: mark.domain?.management ?? '', found: found?.domain?.management ?? '' },
    { field: 'diskReclaimPolicy', expected: mark.domain?.diskReclaim ?? '', found: found?.domain?.diskReclaim ?? '' },
  ].filter(({ expected, found: present }) => expected !== present);
}

function infoOf({ owner, name }: LibvirtDomain, { uuid }: Target): Pick<StepInfo, 'owner' | 'object' | 'leftover'> & { domain: Target } {
  return { owner, object: `domain ${name}`, leftover: false, domain: { name, uuid } };
}

function pathOf(name: string): string {
  return `domain[${name}]`;
}
