import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import type { Clock } from '../../api/machinery/clock.ts';
import { underLock } from '../journal/exclusive-lock.ts';
import type { Exec } from '../systems/exec.ts';
import { keepFiles, makeSpares } from '../systems/netplan/checkpoint/kept-files.ts';
import { keepKernel } from '../systems/netplan/checkpoint/kept-kernel.ts';
import type { NetplanObserved } from '../systems/netplan/observed.ts';
import type { OwnerKey } from '../systems/owner.ts';
import { takeOvsSnapshot } from '../systems/ovs/checkpoint/restore.ts';
import type { Checkpoint } from './checkpoint/checkpoint.ts';
import { CheckpointFolder, lockFileOf, openCheckpoints } from './checkpoint/checkpoint-folder.ts';
import { abandon, placesOf } from './checkpoint/restore.ts';
import { concernedOwners } from './concerned.ts';
import { GuardedChange } from './guarded-change.ts';
import type { Preview } from './guarded-host.ts';
import { impactOf, type Impact } from './impact.ts';
import { pathOf } from './impact/host-parts.ts';
import { UNASKED_CONFIRM_TIMEOUT_MS, type GuardPolicy } from './policy.ts';
import { chooseProbes } from './probes/choose-probes.ts';
import { readNeighbours } from './probes/neighbours.ts';
import type { Probe } from './probes/probe.ts';
import { passing } from './probes/run-probe.ts';
import { refuseTakenAddresses } from './probes/taken-addresses.ts';
import type { Arm } from './watchdog/arm.ts';
import { ownIdentity } from './watchdog/processes.ts';
import type { WayIn } from './way-in.ts';

const LOCK_PATIENCE_MS = 5_000;

export interface BeginOptions {
  /** Where checkpoints are kept. */
  readonly directory: string;
  readonly ovsdb: string;
  readonly netplanRoot: string;
  readonly stateDirectory: string;
  readonly clock: Clock;
  readonly exec: Exec;
  readonly arm: Arm;
  /** What our child processes carry in their environment. */
  readonly mark: string;
}

export interface Occasion {
  readonly preview: Preview;
  readonly waysIn: readonly WayIn[];
  readonly policy: GuardPolicy;
  readonly versionOf: (owner: OwnerKey) => string;
}

export type Beginning =
  | { readonly begun: GuardedChange }
  /** Nothing reaches a way in any more, or what is done only brings back a host that nobody reaches now. */
  | { readonly unguarded: ReadonlySet<OwnerKey> };

/** What a change does, all lanes taken together. */
interface Extent {
  readonly impacts: readonly Impact[];
  readonly owners: ReadonlySet<OwnerKey>;
  readonly onlyDrift: boolean;
}

/**
 * Asks the probes, writes the checkpoint and has it watched. Throws when one of these can't be done, or the change is one that must not
 * be made (`AddressInUse`); nothing of it is left then.
 */
export async function beginChange(options: BeginOptions, occasion: Occasion): Promise<Beginning> {
  const { preview, waysIn, policy, versionOf } = occasion;
  const { netplan } = preview;
  if (!netplan) throw new Error('the network of the kernel can not be read now');
  const extent = extentOf(occasion, netplan.observed);
  if (extent.impacts.length === 0) return { unguarded: new Set() };
  const neighbours = new Map((await readNeighbours(options.exec)).map(({ address, mac }) => [address, mac]));
  const rows = preview.ovs?.observed.rows;
  const probes = chooseProbes({ asked: policy.probes, waysIn, steps: netplan.steps.map(({ step }) => step), kernel: netplan.observed.kernel, rows, neighbours });
  const [passed] = await Promise.all([passing(probes, options), refuseTakenAddresses(netplan.steps.map(({ step }) => step), netplan.observed.kernel, options)]);
  if (extent.onlyDrift && passed.length === 0) return { unguarded: extent.owners };
  const checkpoint = await take(options, occasion, netplan.observed, extent, passed);
  const put = await putAndArm(options, checkpoint);
  return { begun: new GuardedChange({ ...put, checkpoint, owners: new Map([...extent.owners].map((owner) => [owner, versionOf(owner)])) }) };
}

function extentOf({ preview, waysIn }: Occasion, observed: NetplanObserved): Extent {
  const [ovs, netplan] = [preview.ovs?.steps ?? [], preview.netplan?.steps ?? []];
  const steps = { ovs: ovs.map(({ step }) => step), netplan: netplan.map(({ step }) => step) };
  const impacts = impactOf({ steps, waysIn, observed: { ovs: preview.ovs?.observed, netplan: observed } });
  const owners = concernedOwners(impacts.map(({ owner }) => owner), steps.ovs);
  return { impacts, owners, onlyDrift: [...ovs, ...netplan].every(({ step, drift }) => drift || !owners.has(step.owner)) };
}

async function take(options: BeginOptions, { preview, waysIn, policy }: Occasion, observed: NetplanObserved, extent: Extent, probes: readonly Probe[]): Promise<Checkpoint> {
  const { clock, ovsdb, netplanRoot, stateDirectory, mark } = options;
  const rows = preview.ovs?.observed.rows;
  const [ovs, files, daemon] = await Promise.all([rows && takeOvsSnapshot(ovsdb, clock), keepFiles({ root: netplanRoot, stateDirectory }), ownIdentity()]);
  const parts = waysIn.flatMap(({ device }) => [...pathOf(device, { rows, kernel: observed.kernel })]);
  const now = clock.now();
  return {
    version: 1,
    name: nameOf(now),
    startedAt: now,
    timeoutMs: policy.timeoutMs,
    daemon: { ...daemon, mark },
    ovsdb,
    netplanRoot,
    stateDirectory,
    ...(ovs ? { ovs } : {}),
    files,
    kernel: keepKernel(observed.kernel),
    devices: [...new Set(parts.filter((part) => part.startsWith('device:')).map((part) => part.slice('device:'.length)))],
    impact: [...new Set(extent.impacts.map(({ sentence }) => sentence))],
    probes,
    confirm: asksPerson(policy, extent, probes) ? 'asked' : 'not asked',
    confirmTimeoutMs: policy.confirmTimeoutMs ?? UNASKED_CONFIRM_TIMEOUT_MS,
    policy: policy.text,
  };
}

/**
 * Nobody is asked to confirm what only brings back what was there before; nor, unasked, what reaches nothing but default routes whose
 * gateways are silent, for nobody comes in by those.
 */
function asksPerson({ confirmTimeoutMs }: GuardPolicy, { onlyDrift, impacts }: Extent, probes: readonly Probe[]): boolean {
  if (onlyDrift || confirmTimeoutMs === 0) return false;
  return confirmTimeoutMs !== undefined || (probes.length === 0 && impacts.some(({ wayIn }) => wayIn.kind !== 'DefaultRoute'));
}

/** `20261122-184501-3f2a`: sorts by time, and two of one second differ. */
function nameOf(now: number): string {
  const [date = '', time = ''] = new Date(now).toISOString().split('T');
  return `${date.replaceAll('-', '')}-${time.slice(0, 8).replaceAll(':', '')}-${randomBytes(2).toString('hex')}`;
}

async function putAndArm({ directory, arm, clock }: BeginOptions, checkpoint: Checkpoint): Promise<Pick<GuardedChange, 'folder' | 'since'>> {
  await mkdir(directory, { recursive: true, mode: 0o700 });
  // Under the lock, which then is there: a disk that is full later must not keep anybody from taking it.
  const folder = await underLock(lockFileOf(directory), clock, LOCK_PATIENCE_MS, async () => {
    const [other] = await openCheckpoints(directory);
    if (other) throw new Error(`the change of checkpoint ${other.name} has not ended`);
    return CheckpointFolder.begin(directory, checkpoint);
  });
  try {
    await makeSpares(placesOf(checkpoint), checkpoint.files);
    return { folder, since: await arm(folder) };
  } catch (error) {
    // Without its folder a watchdog that started late has nothing to watch.
    await abandon(folder, checkpoint);
    throw error;
  }
}
