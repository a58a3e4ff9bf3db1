import type { OwnerKey } from '../owner.ts';
import type { StepInfo } from '../system.ts';
import type { KernelRepair } from './kernel-differences.ts';
import type { Stanza } from './stanza.ts';
import type { TakenDevice } from './taken-over.ts';

/** Which of our files a step is about. */
export interface OurFile {
  readonly path: string;
  /** The Host that its header names. */
  readonly host: OwnerKey;
}

/** A stanza of another file that goes out of it once ours is there. */
export interface Takeover {
  readonly path: string;
  /** Counted from 1. */
  readonly line: number;
  readonly device: TakenDevice;
  readonly stanza: Stanza;
  /** cloud-init wrote the file, and is told to leave the network alone. */
  readonly ofCloudInit: boolean;
}

/**
 * What becomes of the way back of a device that was taken over: `original` puts its former stanza back into its file, `present`
 * puts the one there that it has now, `none` forgets it.
 */
export type GiveBack = 'original' | 'present' | 'none';

/** Puts one device's stanza into our file, or takes it out. All such steps of a plan become one write. */
export interface StanzaStep extends StepInfo {
  readonly kind: 'stanza';
  readonly file: OurFile;
  readonly device: string;
  /** Absent: the device leaves the file. */
  readonly stanza?: Stanza;
  /** Set with an absent stanza: the device is given up and its stanza moves to this file, which is not ours. */
  readonly releaseTo?: string;
  /** Set with a stanza: what other files say of the device. */
  readonly takes?: readonly Takeover[];
  /** Set with an absent stanza, where the device was taken over from another file. */
  readonly givesBack?: GiveBack;
}

/** Writes our file again as it should be, its devices unchanged: a foreign key, a comment or its permissions were edited. */
export interface FileStep extends StepInfo {
  readonly kind: 'file';
  readonly file: OurFile;
  /** A file of an earlier name of ours, or one that held a device which has come back: it goes. */
  readonly remove?: string;
}

/** Gives a device of the kernel what our file says and the kernel lacks. */
export interface KernelStep extends StepInfo {
  readonly kind: 'kernel';
  readonly repair: KernelRepair;
}

/** Gives a NIC, found by its MAC, the name that our file sets. */
export interface RenameStep extends StepInfo {
  readonly kind: 'rename';
  readonly device: string;
  readonly presentName: string;
}

/** Has networkd tell the resolver again what its own file says of a device. */
export interface ResolverStep extends StepInfo {
  readonly kind: 'resolver';
  readonly device: string;
  /** The device's index in the kernel. */
  readonly index: number;
}

export type NetplanStep = StanzaStep | FileStep | KernelStep | RenameStep | ResolverStep;
