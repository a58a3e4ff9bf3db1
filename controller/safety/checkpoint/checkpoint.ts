import type { KeptFile } from '../../systems/netplan/checkpoint/kept-files.ts';
import type { KeptKernel } from '../../systems/netplan/checkpoint/kept-kernel.ts';
import { isOwnerKey, type OwnerKey } from '../../systems/owner.ts';
import type { OvsSnapshot, OvsTouch } from '../../systems/ovs/checkpoint/snapshot.ts';
import type { Probe } from '../probes/probe.ts';

/** A process, told from a later one of the same number by when it began (proc_pid_stat(5), field 22). */
export interface ProcessIdentity {
  readonly pid: number;
  readonly startTime: string;
}

/** The daemon that makes a change, and what its child processes carry in their environment. */
export interface Maker extends ProcessIdentity {
  readonly mark: string;
}

/** The watchdog of a change. */
export interface Watcher extends ProcessIdentity {
  /** When its time began to count, in milliseconds since the epoch: the first watchdog's, if this is another one. */
  readonly since: number;
}

/** Why a change is rolled back. */
export interface Failure {
  readonly reason: string;
  readonly message: string;
  readonly failedProbe?: string;
}

/** The host as it was before a change that may cut it off: all that is needed to bring it back, without the daemon. */
export interface Checkpoint {
  readonly version: 1;
  /** `20261122-184501-3f2a`. */
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly startedAt: number;
  /** How long the change may take, its probes included; counted from when the watchdog began to watch. */
  readonly timeoutMs: number;
  /** The daemon that began the change; see `CheckpointFolder.maker`. */
  readonly daemon: Maker;
  readonly ovsdb: string;
  readonly netplanRoot: string;
  /** Where netplan's lane keeps what it took out of other files. */
  readonly stateDirectory: string;
  /** Absent where Open vSwitch could not be read: then nothing of it is changed either. */
  readonly ovs?: OvsSnapshot;
  readonly files: readonly KeptFile[];
  readonly kernel: KeptKernel;
  /** Devices that ways in ran over. */
  readonly devices: readonly string[];
  /** What the change does to the ways in, in sentences. */
  readonly impact: readonly string[];
  /** Those that passed before. */
  readonly probes: readonly Probe[];
  readonly confirm: 'asked' | 'not asked';
  readonly confirmTimeoutMs: number;
  /** The rollback settings of the Host, to know when they change. */
  readonly policy: string;
}

/** What one batch of steps is about to touch; written before they are done. */
export interface UndoEntry {
  readonly owners: readonly (readonly [owner: OwnerKey, version: string])[];
  readonly ovs: readonly OvsTouch[];
  readonly devices: readonly string[];
}

/** How a change ended. */
export interface Outcome extends Failure {
  /** Milliseconds since the epoch. */
  readonly endedAt: number;
}

/** What this program wrote itself, of the version it knows, is taken to be whole. */
export function isCheckpoint(value: unknown): value is Checkpoint {
  return isRecord(value) && value['version'] === 1 && typeof value['name'] === 'string' && Array.isArray(value['files']) && isRecord(value['kernel']);
}

export function isUndoEntry(value: unknown): value is UndoEntry {
  return isRecord(value) && Array.isArray(value['ovs']) && Array.isArray(value['devices']) && Array.isArray(value['owners']) && value['owners'].every(isOwnerVersion);
}

export function isOutcome(value: unknown): value is Outcome {
  return isRecord(value) && typeof value['endedAt'] === 'number' && isFailure(value);
}

export function isFailure(value: unknown): value is Failure {
  return isRecord(value) && typeof value['reason'] === 'string' && typeof value['message'] === 'string';
}

export function isMaker(value: unknown): value is Maker {
  return isRecord(value) && isIdentity(value) && typeof value['mark'] === 'string';
}

export function isWatcher(value: unknown): value is Watcher {
  return isRecord(value) && isIdentity(value) && typeof value['since'] === 'number';
}

function isIdentity(value: Readonly<Record<string, unknown>>): boolean {
  return typeof value['pid'] === 'number' && typeof value['startTime'] === 'string';
}

function isOwnerVersion(value: unknown): boolean {
  return Array.isArray(value) && typeof value[0] === 'string' && isOwnerKey(value[0]) && typeof value[1] === 'string';
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
