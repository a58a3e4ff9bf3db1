import type { OwnerKey } from './owner.ts';

export type SystemName = 'ovs' | 'netplan' | 'libvirt';

/** One value that is not as desired, in words for a person and for a DriftReport. */
export interface Difference {
  /** Where on the host, in the system's own words: `Port[vnet100].tag`, `vnet100.addresses`, `network[switch-lunabr].autostart`. */
  readonly path: string;
  /** What is desired, as text; empty when the thing should not be there. */
  readonly expected: string;
  /** What was found, as text; empty when it is not there. */
  readonly found: string;
}

/** What every step of a plan tells, whatever the system. A step is data; only `apply` acts on it. */
export interface StepInfo {
  /** The resource that this step is done for. */
  readonly owner: OwnerKey;
  readonly verb: 'create' | 'update' | 'delete' | 'claim' | 'release' | 'start' | 'stop' | 'apply';
  /** The thing on the host: `Port vnet100`, `network switch-lunabr`, `domain guest1`, `file /etc/netplan/90-bridgekeeper.yaml`. */
  readonly object: string;
  readonly differences: readonly Difference[];
  /** Set where the thing is not the system's own, but the kernel's, kept by way of it. */
  readonly within?: 'kernel';
  /** True for something that carries the mark of a resource that is gone: done only when two observations in a row show it. */
  readonly leftover: boolean;
  /** What another system has to do first, in words; until then the step is not done. */
  readonly waitsFor?: string;
  /** True for something that only just came to be, such as the port of a VM that starts: it has never been as desired, so it did not drift. */
  readonly fresh?: boolean;
}

/** Something of others beside what is ours: told, never touched (a foreign port, a foreign key in a map of ours). */
export interface Finding {
  /** The resource it concerns: for a foreign port, its bridge. */
  readonly owner: OwnerKey;
  readonly object: string;
  readonly difference: Difference;
  /** As of a step. */
  readonly within?: 'kernel';
}

/** What one resource asks and the host can't give now; the others go on. */
export interface Refusal {
  readonly owner: OwnerKey;
  /** A condition reason: `NotOwned`, `DeviceConflict`, `DeviceNotFound`, `BridgeNotFound`, … */
  readonly reason: string;
  /** Names the thing, what was found, and what would mend it. */
  readonly message: string;
  /** True when only a person can mend it (Stalled); false when it may come by itself (Reconciling). */
  readonly needsPerson: boolean;
}

/** What is to be done, as data. Computed by a pure, synchronous function; empty `steps` touch nothing. */
export interface Plan<Step extends StepInfo> {
  readonly steps: readonly Step[];
  readonly findings: readonly Finding[];
  readonly refusals: readonly Refusal[];
}

export type StepOutcome<Step extends StepInfo> =
  | { readonly step: Step; readonly result: 'applied' }
  | { readonly step: Step; readonly result: 'failed'; readonly refusal: Refusal };

/** Who changed something behind our back, as far as it can be known. */
export interface Cause {
  /** What was done, oldest first; never empty. Several where nobody looked between them. */
  readonly commands: readonly CauseCommand[];
  readonly user: string;
  /** Where it was read: `ovsdb-log`, `file`; `unknown` where it could not be. */
  readonly source: string;
}

export interface CauseCommand {
  /** The command line, with secrets masked; or what is known in its place, in words. */
  readonly command: string;
  /** The process that called it. */
  readonly process: string;
  /** When it took effect, milliseconds since the epoch. */
  readonly at?: number;
}

/** A change that no plan has shown: it was undone, or written over, before anybody looked. */
export interface MissedChange {
  readonly finding: Finding;
  readonly cause: Cause;
}

/**
 * One of the three systems of a host. Nothing behind this interface knows a kind or the API.
 *
 * Errors: `observe` and `apply` throw `SystemUnreachable` while the system can't be reached; a read that fails in part throws
 * too, for unknown is not absent.
 */
export interface System<Desired, Observed, Step extends StepInfo> {
  readonly name: SystemName;
  /** Starts following the system and returns at once; the connection is kept by the system itself from here on. */
  start(): Promise<void>;
  /** Ends everything that `start` began. May be called twice. */
  stop(): Promise<void>;
  /** Reads what the host has now. Changes nothing. */
  observe(): Promise<Observed>;
  /** Pure and synchronous. */
  plan(desired: Desired, observed: Observed): Plan<Step>;
  /**
   * Carries the steps out, in the order they need. One outcome a step. A step that the system refuses is set aside; the others
   * are done all the same. Never called with an empty list. A system that waits for the effect calls `committed` once the change
   * itself is made and `observe` shows it: from then on `apply` may be called again, for other steps.
   */
  apply(steps: readonly Step[], committed?: () => void): Promise<readonly StepOutcome<Step>[]>;
  /** Does ahead what it can for steps that wait for another system, so that they take no time then. Changes nothing on the host. */
  prepare?(steps: readonly Step[]): Promise<void>;
  /** Calls `listener` whenever the system may have changed or its connection came or went; returns the way to stop that. */
  changes(listener: () => void): () => void;
  /**
   * The step without what it does to these paths; undefined where it can't be parted, and is done as a whole. Asked only of steps
   * that do something else too.
   */
  without?(step: Step, isLeftOut: (path: string) => boolean): Step | undefined;
  /** Who brought about what this step would mend, or this finding tells. Only for systems that keep a log. */
  causeOf?(subject: Step | Finding): Promise<Cause | undefined>;
  /**
   * What others changed since the last call and `observed` does not show any more, each once, of what belongs to `owners`. To be
   * asked when a plan from `observed` is carried out, with the owners whose part of the host was as desired before.
   */
  missed?(desired: Desired, observed: Observed, owners: (owner: OwnerKey) => boolean): Promise<readonly MissedChange[]>;
}

/** The system can't be reached now; the caller tries again later. The message says which socket or command, and why. */
export class SystemUnreachable extends Error {
  override readonly name = 'SystemUnreachable';
  readonly system: SystemName;
  /** The condition reason: `OvsdbUnreachable`, `LibvirtUnreachable`, `NetplanUnavailable`, `NetplanHangs`. */
  readonly reason: string;

  constructor(system: SystemName, reason: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.system = system;
    this.reason = reason;
  }
}
