import { mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { writeFileAtomically } from '../../systems/netplan/atomic-file.ts';
import { isCheckpoint, isOutcome, isUndoEntry, type Checkpoint, type Outcome, type UndoEntry } from './checkpoint.ts';

/** How the folder of a checkpoint is called once it has ended: a change of name needs no space on a full disk. */
type Ending = 'committed' | 'rolled-back';

const CHECKPOINT = 'checkpoint.json';
const UNDO = 'undo.jsonl';
const DURATION = 'duration-ms';
const ARMED = 'armed';
const OUTCOME = 'outcome.json';
const RESTORING = 'restoring';
/** One attempt to restore takes no longer, with every system hanging. */
const ATTEMPT_MS = 60_000;
const MODE = 0o600;

/** One checkpoint on disk. Its files hold secrets of netplan's: nobody but root reads them. */
export class CheckpointFolder {
  readonly directory: string;

  constructor(directory: string) {
    this.directory = directory;
  }

  /** Writes a checkpoint for good. Throws when there is no room for it; then there is none. */
  static async begin(parent: string, checkpoint: Checkpoint): Promise<CheckpointFolder> {
    const folder = new CheckpointFolder(path.join(parent, checkpoint.name));
    await mkdir(folder.directory, { recursive: true, mode: 0o700 });
    try {
      await writeFileAtomically(folder.#file(CHECKPOINT), JSON.stringify(checkpoint), MODE);
      return folder;
    } catch (error) {
      await rm(folder.directory, { recursive: true, force: true });
      throw error;
    }
  }

  get name(): string {
    return path.basename(this.directory);
  }

  get lockFile(): string {
    return path.join(path.dirname(this.directory), 'lock');
  }

  get logFile(): string {
    return path.join(path.dirname(this.directory), 'watchdog.log');
  }

  /** Undefined when the change has ended, or its checkpoint never came to be. */
  async read(): Promise<Checkpoint | undefined> {
    const value = await readJson(this.#file(CHECKPOINT));
    return isCheckpoint(value) ? value : undefined;
  }

  /** Notes what is about to be touched; on disk when it resolves. Throws when there is no room. */
  async note(entry: UndoEntry): Promise<void> {
    const file = await open(this.#file(UNDO), 'a', MODE);
    try {
      await file.writeFile(`${JSON.stringify(entry)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
  }

  /** All that was noted. A last line that was cut short was never acted on. */
  async notes(): Promise<readonly UndoEntry[]> {
    const text = await readText(this.#file(UNDO));
    return (text ?? '').split('\n').flatMap((line) => {
      const entry = parseJson(line);
      return isUndoEntry(entry) ? [entry] : [];
    });
  }

  /** Gives the change so many milliseconds in all, counted from its start. */
  async extendTo(durationMs: number): Promise<void> {
    await writeFileAtomically(this.#file(DURATION), String(durationMs), MODE);
  }

  /** How long the change may take where that was extended. */
  async durationMs(): Promise<number | undefined> {
    const text = await readText(this.#file(DURATION));
    return text === undefined ? undefined : Number(text);
  }

  /** The watchdog says that it watches. */
  async setArmed(): Promise<void> {
    await writeFileAtomically(this.#file(ARMED), '', MODE);
  }

  async isArmed(): Promise<boolean> {
    return (await readText(this.#file(ARMED))) !== undefined;
  }

  /** The daemon says that it is restoring, and is not hanging. */
  async beat(now: number): Promise<void> {
    try {
      const file = await open(this.#file(RESTORING), 'a', MODE);
      await file.utimes(now / 1000, now / 1000);
      await file.close();
    } catch (error) {
      // Without room for it the watchdog takes over, which does the same.
      if (!isFull(error)) throw error;
    }
  }

  /** Whether the daemon said a short while ago that it is restoring. */
  async isBeating(now: number): Promise<boolean> {
    try {
      return now - (await stat(this.#file(RESTORING))).mtimeMs < ATTEMPT_MS;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }

  /** Takes the checkpoint out of force. `outcome` is kept where there is room for it. */
  async end(ending: Ending, outcome: Outcome): Promise<void> {
    try {
      await writeFileAtomically(this.#file(OUTCOME), JSON.stringify(outcome), MODE);
    } catch (error) {
      if (!isFull(error)) throw error;
    }
    await rename(this.directory, `${this.directory}.${ending}`);
  }

  /** Removes it: nothing was done under it. A watchdog finds nothing to watch then. */
  async discard(): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
  }

  #file(name: string): string {
    return path.join(this.directory, name);
  }
}

/** The checkpoints that are in force, oldest first. */
export async function openCheckpoints(parent: string): Promise<readonly CheckpointFolder[]> {
  return (await names(parent)).filter((name) => /^[0-9]{8}-[0-9a-z-]+$/.test(name)).map((name) => new CheckpointFolder(path.join(parent, name)));
}

/** A rollback that the daemon has not yet heard of. */
export interface FoundRollback {
  readonly folder: CheckpointFolder;
  readonly checkpoint: Checkpoint;
  readonly outcome: Outcome | undefined;
}

/** The rollbacks that somebody else made, oldest first. */
export async function foundRollbacks(parent: string): Promise<readonly FoundRollback[]> {
  const found: FoundRollback[] = [];
  for (const name of (await names(parent)).filter((each) => each.endsWith('.rolled-back'))) {
    const folder = new CheckpointFolder(path.join(parent, name));
    const checkpoint = await folder.read();
    const outcome = await readJson(path.join(folder.directory, OUTCOME));
    if (checkpoint) found.push({ folder, checkpoint, outcome: isOutcome(outcome) ? outcome : undefined });
  }
  return found;
}

/** Removes all that is left of checkpoints which have ended. */
export async function removeEnded(parent: string): Promise<void> {
  for (const name of await names(parent)) {
    if (/\.(committed|rolled-back)$/.test(name)) await rm(path.join(parent, name), { recursive: true, force: true });
  }
}

async function names(parent: string): Promise<readonly string[]> {
  try {
    return (await readdir(parent)).sort();
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

async function readJson(file: string): Promise<unknown> {
  const text = await readText(file);
  return text === undefined ? undefined : parseJson(text);
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Cut short by a crash: it was never acted on.
    return undefined;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function isFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT');
}
