import type { Refusal, StepOutcome } from '../system.ts';
import { acceptSteps } from './accept-steps.ts';
import { activate, ActivationFailed, planActivation } from './activate.ts';
import type { PlannedActivation } from './activate.ts';
import { letNetworkdCatchUp } from './catch-up.ts';
import { checkChanges } from './check.ts';
import type { CheckMemory, Generated } from './check.ts';
import { composeChange } from './compose-change.ts';
import type { ComposedChange } from './compose-change.ts';
import { changedDevices } from './changed-devices.ts';
import type { TouchedDevice } from './changed-devices.ts';
import { noteChange, readContent, readNote, readText, removeNote, undoChanges, writeChanges } from './file-changes.ts';
import type { FileChanges, FileContent } from './file-changes.ts';
import { prepareTexts, releasedFileText } from './file-text.ts';
import type { FileEntry } from './file-text.ts';
import type { Log } from './log.ts';
import { ethernetsOf, isOurs, parseNetplanFile } from './netplan-file.ts';
import { readNetplanFile, readNetplanFolders } from './netplan-folders.ts';
import type { KernelTools } from './repair-kernel.ts';
import { handOver, noteForeignState, settleKernel } from './settle-kernel.ts';
import type { FileStep, NetplanStep, OurFile, StanzaStep } from './step.ts';
import { readTakenOver, writeTakenFile } from './taken-over.ts';
import type { TakenFile } from './taken-over.ts';

export interface FileTools extends KernelTools {
  readonly root: string;
  readonly takenOverFolder: string;
  readonly checks: CheckMemory;
  readonly log: Log;
}

/** A change that netplan has found good. */
interface CheckedChange extends ComposedChange {
  readonly entries: Entries;
  readonly generated: Generated;
}

type AnyFileStep = StanzaStep | FileStep;
type Outcome = StepOutcome<NetplanStep>;
type Entries = ReadonlyMap<string, FileEntry>;

/** What our file says now, what it said before a change that was interrupted, and what the steps need of files of others. */
interface Present {
  readonly text: string | undefined;
  readonly entries: Entries;
  readonly lastApplied: Entries;
  readonly isInterrupted: boolean;
  readonly takenOver: readonly TakenFile[];
  readonly foreign: ReadonlyMap<string, FileContent>;
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
  const present = await readPresent(file, steps, tools);

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

/** Checks ahead what these steps would come to, so that it is known when they are done. Changes nothing. */
export async function checkAhead(steps: readonly AnyFileStep[], tools: FileTools): Promise<void> {
  const [first] = steps;
  if (!first) return;
  const { file } = first;
  const present = await readPresent(file, steps, tools);
  await checkChange(steps, entriesAfter(steps, steps, present), present, file, tools);
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

async function readPresent(file: OurFile, steps: readonly AnyFileStep[], { takenOverFolder }: FileTools): Promise<Present> {
  const found = await readNetplanFile(file.path);
  const takenOver = await readTakenOver(takenOverFolder);
  const note = await readNote(file.path);
  const entries = entriesOf(found ? ethernetsOf(found) : []);
  return {
    text: found?.text,
    entries,
    isInterrupted: note !== undefined,
    takenOver,
    foreign: await readForeign(steps, takenOver),
    lastApplied: note === undefined ? entries : entriesOf(ethernetsOf(parseNetplanFile(file.path, note, 0))),
  };
}

async function readForeign(steps: readonly AnyFileStep[], takenOver: readonly TakenFile[]): Promise<ReadonlyMap<string, FileContent>> {
  const paths = new Set([...takenOver, ...steps.flatMap((step) => (step.kind === 'stanza' ? (step.takes ?? []) : []))].map(({ path }) => path));
  const contents = new Map<string, FileContent>();
  for (const path of paths) {
    const content = await readContent(path);
    if (content) contents.set(path, content);
  }
  return contents;
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
  { root, exec, checks, clock }: FileTools,
): Promise<CheckedChange | string> {
  const { foreign, takenOver, entries: before } = present;
  await prepareTexts(entries.values(), clock);
  const composed = composeChange({ root, file, steps: some, before, after: entries, foreign, takenOver });
  if (typeof composed === 'string') return composed;
  const result = await checkChanges(root, composed.changes, { exec, checks });
  return result.ok ? { ...composed, entries, generated: result.generated } : result.message;
}

/** Writes and brings into force what was checked. Gives what went wrong in words; everything is then as it was before. */
async function bringAbout(
  change: CheckedChange,
  accepted: readonly AnyFileStep[],
  present: Present,
  file: OurFile,
  tools: FileTools,
): Promise<string | undefined> {
  const others = (await readNetplanFolders(tools.root)).files.filter(({ path }) => path !== file.path);
  const devices = changedDevices({ ...present, before: present.entries, after: change.entries, steps: accepted, others });
  const concerned = devices.filter(({ isChanged }) => isChanged || present.isInterrupted);
  const activation = await activationOf(change.generated, concerned, tools);
  if (activation.by === 'networkd') await letNetworkdCatchUp(tools);
  const foreign = noteForeignState(devices, await tools.readKernel());
  let undo: FileChanges;
  try {
    await noteChange(file.path, present.text);
    for (const taken of change.remember) await writeTakenFile(tools.takenOverFolder, taken);
    undo = await writeChanges(change.changes);
  } catch (error) {
    if (!isFileError(error)) throw error;
    return `the file could not be written: ${error.message}`;
  }
  await handOver(concerned, tools);
  const failure = await bringIntoForce(activation);
  if (failure !== undefined) {
    const back = await bringBack(undo, concerned, tools);
    if (back === undefined) await removeNote(file.path);
    return `${failure}; the former configuration was put back${back === undefined ? '' : `, but not taken over: ${back}`}`;
  }
  for (const taken of change.settle) await writeTakenFile(tools.takenOverFolder, taken);
  await settleKernel(concerned, foreign, tools);
  await removeNote(file.path);
  return undefined;
}

function activationOf(generated: Generated, devices: readonly TouchedDevice[], { root, exec, log }: FileTools): Promise<PlannedActivation> {
  return planActivation({ root, exec, log, generated, devices: devices.flatMap(({ ids }) => ids) });
}

async function bringIntoForce(activation: PlannedActivation): Promise<string | undefined> {
  try {
    await activate(activation);
    return undefined;
  } catch (error) {
    if (error instanceof ActivationFailed) return error.message;
    throw error;
  }
}

async function bringBack(undo: FileChanges, devices: readonly TouchedDevice[], tools: FileTools): Promise<string | undefined> {
  await undoChanges(undo);
  const before = await checkChanges(tools.root, new Map(), tools);
  const failure = before.ok ? await bringIntoForce(await activationOf(before.generated, devices, tools)) : before.message;
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
