import type { OwnerKey } from '../owner.ts';
import type { StepInfo } from '../system.ts';
import type { KernelRepair } from './kernel-differences.ts';
import type { Stanza } from './stanza.ts';

/** Which of our files a step is about. */
export interface OurFile {
  readonly path: string;
  /** The Host that its header names. */
  readonly host: OwnerKey;
}

/** Puts one device's stanza into our file, or takes it out. All such steps of a plan become one write. */
export interface StanzaStep extends StepInfo {
  readonly kind: 'stanza';
  readonly file: OurFile;
  readonly device: string;
  /** Absent: the device leaves the file. */
  readonly stanza?: Stanza;
  /** Set with an absent stanza: the device is given up and its stanza moves to this file, which is not ours. */
  readonly releaseTo?: string;
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

/** Has netplan give a NIC, found by its MAC, the name that our file sets. */
export interface RenameStep extends StepInfo {
  readonly kind: 'rename';
  readonly device: string;
  readonly presentName: string;
}

export type NetplanStep = StanzaStep | FileStep | KernelStep | RenameStep;
