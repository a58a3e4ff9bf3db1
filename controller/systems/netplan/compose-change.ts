import { basename, join } from 'node:path';
import { CLOUD_INIT_OFF, CLOUD_INIT_SWITCH, isOfCloudInit } from './cloud-init.ts';
import { NETPLAN_FILE_MODE } from './file-changes.ts';
import type { FileChanges, FileContent } from './file-changes.ts';
import { fileText, releasedFileText } from './file-text.ts';
import type { FileEntry } from './file-text.ts';
import { parseNetplanFile } from './netplan-file.ts';
import { releasedFilePath } from './released-file.ts';
import { withStanzaOf } from './stanza-text.ts';
import type { FileStep, OurFile, StanzaStep, Takeover } from './step.ts';
import { findTaken, putBack, takeOut } from './taken-over.ts';
import type { TakenFile } from './taken-over.ts';

export interface ChangeQuestion {
  readonly root: string;
  readonly file: OurFile;
  /** The steps that are done; others of the plan may have been refused. */
  readonly steps: readonly (StanzaStep | FileStep)[];
  /** What our file says before and after. */
  readonly before: ReadonlyMap<string, FileEntry>;
  readonly after: ReadonlyMap<string, FileEntry>;
  /** Files of others that the steps are about, as they are now. */
  readonly foreign: ReadonlyMap<string, FileContent>;
  readonly takenOver: readonly TakenFile[];
}

export interface ComposedChange {
  /** In the order in which they are to be written: at no moment is a device in no file. */
  readonly changes: FileChanges;
  /** What is to be remembered before anything is written: each step's way back. */
  readonly remember: readonly TakenFile[];
  /** What is to be remembered when all is done: without what was given back. */
  readonly settle: readonly TakenFile[];
}

/** The file changes that steps come down to; in words why they can't be made. Pure. */
export function composeChange(question: ChangeQuestion): ComposedChange | string {
  const { root, file, steps, after } = question;
  const stanzaSteps = steps.filter((step) => step.kind === 'stanza');
  const given = giveBack(stanzaSteps, question);
  const taken = takeAll(stanzaSteps.flatMap((step) => step.takes ?? []), given, question);
  if (typeof taken === 'string') return taken;

  const changes = new Map<string, FileContent | undefined>();
  if (stanzaSteps.some((step) => step.takes?.some(({ ofCloudInit }) => ofCloudInit) === true)) {
    changes.set(join(root, CLOUD_INIT_SWITCH), { text: CLOUD_INIT_OFF, mode: 0o644 });
  }
  for (const [path, content] of given.files) changes.set(path, content);
  const text = after.size > 0 ? fileText(file.host, basename(file.path), [...after.values()]) : undefined;
  changes.set(file.path, text === undefined ? undefined : { text, mode: NETPLAN_FILE_MODE });
  for (const [path, content] of taken.files) changes.set(path, content);
  for (const step of steps) if (step.kind === 'file' && step.remove !== undefined) changes.set(step.remove, undefined);
  if (isLastOfCloudInit(question, given.records)) changes.set(join(root, CLOUD_INIT_SWITCH), undefined);
  return { changes, remember: taken.records, settle: given.records };
}

interface Share {
  readonly files: ReadonlyMap<string, FileContent>;
  readonly records: readonly TakenFile[];
}

/** Puts stanzas into files that are not ours: back where they came from, or into a file of their own. */
function giveBack(steps: readonly StanzaStep[], { file, before, foreign, takenOver }: ChangeQuestion): Share {
  const files = new Map<string, FileContent>();
  const records = new Map<string, TakenFile>();
  for (const { device, owner, givesBack, releaseTo } of steps) {
    const present = before.get(device)?.stanza ?? {};
    const leave = (path: string): void => void files.set(path, { text: releasedFileText(owner, device, present), mode: NETPLAN_FILE_MODE });
    if (releaseTo !== undefined) leave(releaseTo);
    const found = givesBack && findTaken(takenOver, device);
    if (!found) continue;
    const { path, mode } = found.file;
    const record = records.get(path) ?? found.file;
    const without = { ...record, devices: record.devices.filter(({ name }) => name !== device) };
    if (givesBack === 'none') {
      records.set(path, without);
      continue;
    }
    const text = (files.get(path) ?? foreign.get(path))?.text;
    const back = givesBack === 'original' ? putBack(text, device, record) : addPresent(text, device, before, file);
    if (back === undefined) leave(releasedFilePath(file.path, device));
    else files.set(path, { text: back.text, mode: foreign.get(path)?.mode ?? mode });
    records.set(path, without);
  }
  return { files, records: [...records.values()] };
}

function addPresent(text: string | undefined, device: string, before: ReadonlyMap<string, FileEntry>, file: OurFile): { readonly text: string } | undefined {
  const ours = fileText(file.host, basename(file.path), [...before.values()]);
  const whole = text === undefined ? undefined : withStanzaOf(text, { section: 'ethernets', id: device }, ours);
  return whole === undefined ? undefined : { text: whole };
}

/** Takes stanzas out of files that are not ours. */
function takeAll(takes: readonly Takeover[], given: Share, { foreign, takenOver }: ChangeQuestion): Share | string {
  const files = new Map<string, FileContent>();
  const records: TakenFile[] = [];
  for (const [path, ofFile] of Map.groupBy(takes, (take) => take.path)) {
    const content = given.files.get(path) ?? foreign.get(path);
    // Somebody has removed it since: there is nothing to take out.
    if (!content) continue;
    const before = given.records.find((record) => record.path === path) ?? takenOver.find((record) => record.path === path);
    const out = takeOut({ path, ...content }, ofFile.map(({ device }) => device), before);
    if (!out) return `${path} can't be changed line by line: take ${ofFile.map(({ device }) => device.id).join(', ')} out of it yourself`;
    files.set(path, { text: out.text, mode: content.mode });
    records.push(out.taken);
  }
  return { files, records };
}

/** cloud-init gets the network back with the last device of its file. */
function isLastOfCloudInit({ takenOver }: ChangeQuestion, settled: readonly TakenFile[]): boolean {
  const emptied = settled.filter(({ devices, path, original, mode }) => devices.length === 0 && isOfCloudInit(parseNetplanFile(path, original, mode)));
  if (emptied.length === 0) return false;
  const rest = takenOver.filter(({ path }) => !settled.some((each) => each.path === path));
  return !rest.some(({ path, original, mode }) => isOfCloudInit(parseNetplanFile(path, original, mode)));
}
