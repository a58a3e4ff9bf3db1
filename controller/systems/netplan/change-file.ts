import { basename } from 'node:path';
import type { Refusal, StepOutcome } from '../system.ts';
import { acceptSteps } from './accept-steps.ts';
import { activate, ActivationFailed } from './activate.ts';
import { checkChanges } from './check.ts';
import type { Generated } from './check.ts';
import { isDefinedIn } from './defined-elsewhere.ts';
import { deviceNeeds } from './device-needs.ts';
import { noteChange, readNote, readText, removeNote, writeChanges } from './file-changes.ts';
import type { FileChanges } from './file-changes.ts';
import { fileText, releasedFileText } from './file-text.ts';
import type { FileEntry } from './file-text.ts';
import type { Log } from './log.ts';
import { ethernetsOf, isOurs, parseNetplanFile } from './netplan-file.ts';
import { readNetplanFile, readNetplanFolders } from './netplan-folders.ts';
import type { KernelTools } from './repair-kernel.ts';
import { noteForeignState, settleKernel } from './settle-kernel.ts';
import type { ChangedDevice } from './settle-kernel.ts';
import type { FileStep, NetplanStep, OurFile, StanzaStep } from './step.ts';
import { sameValue } from './yaml-value.ts';

export interface FileTools extends KernelTools {
  readonly root: string;
  readonly log: Log;
}

/** A change that netplan has found good. */
interface CheckedChange {
  readonly changes: FileChanges;
  readonly entries: Entries;
  readonly generated: Generated;
}

type AnyFileStep = StanzaStep | FileStep;
type Outcome = StepOutcome<NetplanStep>;
type Entries = ReadonlyMap<string, FileEntry>;

/** What our file says now, and what it said before a change that was interrupted. */
interface Present {
  readonly text: string | undefined;
  readonly entries: Entries;
  readonly lastApplied: Entries;
  readonly isInterrupted: boolean;
}

/**
 * Carries out steps that all concern one file of ours, as one change: checked by netplan before anything is touched (a stanza
 * that it refuses is set aside), written atomically, brought into force; and put back as it was if that fails.
 */
export async function changeFile(steps: readonly AnyFileStep[], tools: FileTools): Promise<readonly Outcome[]> {
  const [first] = steps;
  if (!first) return [];
  const { file } = first;
  const foreign = await whyForeign(steps, file);
  if (foreign !== undefined) return steps.map((step) => failed(step, 'NotOwned', foreign, true));
  const present = await readPresent(file);

  let lastChecked: CheckedChange | undefined;
  const { accepted, refused } = await acceptSteps(steps, async (some) => {
    const entries = entriesAfter(some, steps, present);
    const result = await checkChange(some, entries, present, file, tools);
    if (typeof result === 'string') return result;
    lastChecked = result;
    return undefined;
  });
  const refusals = [...refused].map(([step, message]) => failed(step, 'NetplanRefused', `netplan refuses it: ${message}`, true));
  if (accepted.length === 0 || !lastChecked) return refusals;
  // A device whose new stanza was refused keeps its old one, if netplan takes that beside the others.
  const kept = refused.size === 0 ? '' : await checkChange(accepted, entriesAfter(accepted, accepted, present), present, file, tools);
  const change = typeof kept === 'string' ? lastChecked : kept;
  const failure = await bringAbout(change, accepted, present, file, tools);
  const done = accepted.map((step): Outcome => {
    return failure === undefined ? { step, result: 'applied' } : failed(step, 'NetplanRefused', failure, false);
  });
  return [...done, ...refusals];
}

/** Our file may have been replaced, and the place of a released device taken, since the plan was made. */
async function whyForeign(steps: readonly AnyFileStep[], file: OurFile): Promise<string | undefined> {
  const found = await readNetplanFile(file.path);
  const mayClaim = steps.some((step) => step.kind === 'file' && step.verb === 'claim');
  if (found && !isOurs(found) && !mayClaim) return `${file.path} carries no mark of Bridgekeeper in its header: move it away`;
  for (const step of steps) {
    if (step.kind !== 'stanza' || step.releaseTo === undefined) continue;
    const taken = await readText(step.releaseTo);
    const stanza = found && ethernetsOf(found).find(({ name }) => name === step.device)?.stanza;
    if (taken !== undefined && taken !== releasedFileText(step.owner, step.device, stanza ?? {})) {
      return `${step.releaseTo} is in the way of giving up ${step.device}: move it away`;
    }
  }
  return undefined;
}

async function readPresent(file: OurFile): Promise<Present> {
  const found = await readNetplanFile(file.path);
  const note = await readNote(file.path);
  const entries = entriesOf(found ? ethernetsOf(found) : []);
  return {
    text: found?.text,
    entries,
    isInterrupted: note !== undefined,
    lastApplied: note === undefined ? entries : entriesOf(ethernetsOf(parseNetplanFile(file.path, note, 0))),
  };
}

function entriesOf(entries: readonly FileEntry[]): Entries {
  return new Map(entries.map((entry) => [entry.name, entry]));
}

/** Our file's devices when of all steps only some are done; a stanza that a step not done is about is left out. */
function entriesAfter(some: readonly AnyFileStep[], all: readonly AnyFileStep[], present: Present): Entries {
  const entries = new Map(present.entries);
  for (const step of all) if (step.kind === 'stanza') entries.delete(step.device);
  for (const step of some) {
    if (step.kind !== 'stanza' || step.stanza === undefined) continue;
    entries.set(step.device, { name: step.device, owner: step.owner, stanza: step.stanza });
  }
  return entries;
}

async function checkChange(
  some: readonly AnyFileStep[],
  entries: Entries,
  present: Present,
  file: OurFile,
  { root, exec }: FileTools,
): Promise<CheckedChange | string> {
  const changes = changesOf(some, entries, present, file);
  const result = await checkChanges(root, changes, exec);
  return result.ok ? { changes, entries, generated: result.generated } : result.message;
}

function changesOf(some: readonly AnyFileStep[], entries: Entries, present: Present, file: OurFile): FileChanges {
  const changes = new Map<string, string | undefined>();
  for (const step of some) {
    if (step.kind === 'file') {
      if (step.remove !== undefined) changes.set(step.remove, undefined);
    } else if (step.releaseTo !== undefined) {
      const stanza = present.entries.get(step.device)?.stanza ?? {};
      changes.set(step.releaseTo, releasedFileText(step.owner, step.device, stanza));
    }
  }
  changes.set(file.path, entries.size > 0 ? fileText(file.host, basename(file.path), [...entries.values()]) : undefined);
  return changes;
}

/** Writes and brings into force what was checked. Gives what went wrong in words; everything is then as it was before. */
async function bringAbout(
  change: CheckedChange,
  accepted: readonly AnyFileStep[],
  present: Present,
  file: OurFile,
  tools: FileTools,
): Promise<string | undefined> {
  const devices = await changedDevices(change.entries, accepted, present, file, tools);
  const foreign = noteForeignState(devices, await tools.readKernel());
  let undo: FileChanges;
  try {
    await noteChange(file.path, present.text);
    undo = await writeChanges(change.changes);
  } catch (error) {
    if (!isFileError(error)) throw error;
    return `the file could not be written: ${error.message}`;
  }
  const concerned = devices.filter(({ isChanged }) => isChanged || present.isInterrupted);
  const failure = await bringIntoForce(change.generated, concerned, tools);
  if (failure !== undefined) {
    const back = await bringBack(undo, concerned, tools);
    if (back === undefined) await removeNote(file.path);
    return `${failure}; the former configuration was put back${back === undefined ? '' : `, but not taken over: ${back}`}`;
  }
  await settleKernel(concerned, foreign, tools);
  await removeNote(file.path);
  return undefined;
}

/** Every device that our file has or had, and what it was and is to have. */
async function changedDevices(
  after: Entries,
  accepted: readonly AnyFileStep[],
  present: Present,
  file: OurFile,
  tools: FileTools,
): Promise<readonly (ChangedDevice & { readonly isChanged: boolean })[]> {
  const { files } = await readNetplanFolders(tools.root);
  const others = files.filter(({ path }) => path !== file.path);
  const stepped = new Set(accepted.flatMap((step) => (step.kind === 'stanza' ? [step.device] : [])));
  const released = new Set(accepted.flatMap((step) => (step.kind === 'stanza' && step.releaseTo !== undefined ? [step.device] : [])));
  const names = new Set([...present.lastApplied.keys(), ...present.entries.keys(), ...after.keys()]);
  return [...names].map((name) => {
    const stanza = after.get(name)?.stanza;
    const applied = present.lastApplied.get(name)?.stanza;
    const stays = released.has(name) || isDefinedIn(others, name);
    return {
      name,
      before: deviceNeeds(applied ?? present.entries.get(name)?.stanza ?? {}),
      after: stanza ? deviceNeeds(stanza) : stays ? 'leave' : 'nothing',
      isChanged: stepped.has(name) || !sameValue(applied, stanza),
    };
  });
}

async function bringIntoForce(generated: Generated, devices: readonly ChangedDevice[], tools: FileTools): Promise<string | undefined> {
  const { root, exec, log } = tools;
  try {
    await activate({ root, exec, log, generated, devices: devices.map(({ name }) => name) });
    return undefined;
  } catch (error) {
    if (error instanceof ActivationFailed) return error.message;
    throw error;
  }
}

async function bringBack(undo: FileChanges, devices: readonly ChangedDevice[], tools: FileTools): Promise<string | undefined> {
  await writeChanges(undo);
  const before = await checkChanges(tools.root, new Map(), tools.exec);
  const failure = before.ok ? await bringIntoForce(before.generated, devices, tools) : before.message;
  tools.log.warn({ failure }, 'a netplan change was taken back');
  return failure;
}

/** No space, a read-only file system, no permission: nothing of the change has reached the kernel. */
function isFileError(error: unknown): error is NodeJS.ErrnoException {
  return error instanceof Error && 'syscall' in error;
}

function failed(step: NetplanStep, reason: string, message: string, needsPerson: boolean): Outcome {
  const refusal: Refusal = { owner: step.owner, reason, message, needsPerson };
  return { step, result: 'failed', refusal };
}
