import { constants } from 'node:fs';
import { mkdir, open, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { replaceFile } from '../../systems/netplan/atomic-file.ts';
import {
  isCheckpoint, isFailure, isMaker, isOutcome, isUndoEntry, isWatcher,
  type Checkpoint, type Failure, type Maker, type Outcome, type UndoEntry, type Watcher,
} from './checkpoint.ts';

/** How the folder of a checkpoint is called once it has ended: a change of name needs no space on a full disk. */
export type Ending = 'committed' | 'rolled-back';

const ENDINGS: readonly Ending[] = ['committed', 'rolled-back'];
const CHECKPOINT = 'checkpoint.json';
const UNDO = 'undo.jsonl';
const DURATION = 'duration-ms';
const MAKER = 'maker.json';
const WATCHER = 'watcher.json';
/** Taken from the disk before there is a watchdog, which then needs no room to say that it watches. */
const WATCHER_BYTES = 256;
const OUTCOME = 'outcome.json';
const RESTORING = 'restoring';
/** One attempt to restore takes no longer, with every system hanging. */
const ATTEMPT_MS = 60_000;
const MODE = 0o600;

/** Under it checkpoints of this folder are begun, taken up and ended. */
export function lockFileOf(parent: string): string {
  return path.join(parent, 'lock');
}

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
      await writeFile(folder.#file(WATCHER), ' '.repeat(WATCHER_BYTES), { mode: MODE });
      await replaceFile(folder.#file(CHECKPOINT), JSON.stringify(checkpoint), MODE);
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
    return lockFileOf(path.dirname(this.directory));
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

  /** The daemon that makes the change now. */
  async maker({ daemon }: Checkpoint): Promise<Maker> {
    const another = await readJson(this.#file(MAKER));
    return isMaker(another) ? another : daemon;
  }

  /** Says that another daemon makes the change from now on. Throws when there is no room. */
  async takeOver(maker: Maker): Promise<void> {
    await replaceFile(this.#file(MAKER), JSON.stringify(maker), MODE);
  }

  /** Gives the change so many milliseconds in all, counted from when the watchdog began to watch. */
  async extendTo(durationMs: number): Promise<void> {
    await replaceFile(this.#file(DURATION), String(durationMs), MODE);
  }

  /** How long the change may take where that was extended. */
  async durationMs(): Promise<number | undefined> {
    const text = await readText(this.#file(DURATION));
    return text === undefined ? undefined : Number(text);
  }

  /** A watchdog says that it watches. Whoever reads it meanwhile finds none. */
  async setWatcher(watcher: Watcher): Promise<void> {
    const file = await open(this.#file(WATCHER), constants.O_WRONLY | constants.O_CREAT, MODE);
    try {
      await file.write(JSON.stringify(watcher).padEnd(WATCHER_BYTES), 0);
    } finally {
      await file.close();
    }
  }

  /** The watchdog that said so last; whether it lives is another question. */
  async watcher(): Promise<Watcher | undefined> {
    const watcher = await readJson(this.#file(WATCHER));
    return isWatcher(watcher) ? watcher : undefined;
  }

  /** Says that the change is being rolled back, so that whoever comes after a crash goes on with that and not with the change. */
  async beginRollback(cause: Failure): Promise<void> {
    await this.#noteIfPossible(() => replaceFile(this.#file(RESTORING), JSON.stringify(cause), MODE));
  }

  /** Why the change is being rolled back; undefined where nobody has begun to. */
  async rollback(): Promise<Failure | undefined> {
    const cause = await readJson(this.#file(RESTORING));
    return isFailure(cause) ? cause : undefined;
  }

  /** The daemon says that it is restoring, and is not hanging. */
  async beat(now: number): Promise<void> {
    await this.#noteIfPossible(async () => {
      const file = await open(this.#file(RESTORING), 'a', MODE);
      await file.utimes(now / 1000, now / 1000);
      await file.close();
    });
  }

  /** Whether the daemon said a short while ago that it is restoring. */
  async isBeating(now: number): Promise<boolean> {
    try {
      return Math.abs(now - (await stat(this.#file(RESTORING))).mtimeMs) < ATTEMPT_MS;
    } catch (error) {
      if (isMissing(error)) return false;
      throw error;
    }
  }

  /** Takes the checkpoint out of force. `outcome` is kept where there is room for it. */
  async end(ending: Ending, outcome: Outcome): Promise<void> {
    await this.#noteIfPossible(() => replaceFile(this.#file(OUTCOME), JSON.stringify(outcome), MODE));
    await rename(this.directory, `${this.directory}.${ending}`);
  }

  /** Removes it: nothing was done under it. A watchdog finds nothing to watch then. */
  async discard(): Promise<void> {
    await rm(this.directory, { recursive: true, force: true });
  }

  /** What is good to know and no more: a disk that takes nothing must not keep a host from being brought back. */
  async #noteIfPossible(write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error;
    }
  }

  #file(name: string): string {
    return path.join(this.directory, name);
  }
}

/** The checkpoints that are in force, oldest first. */
export async function openCheckpoints(parent: string): Promise<readonly CheckpointFolder[]> {
  return (await names(parent)).filter((name) => /^[0-9]{8}-[0-9a-z-]+$/.test(name)).map((name) => new CheckpointFolder(path.join(parent, name)));
}

/** An end that the daemon has perhaps not yet heard of. */
export interface FoundEnding {
  readonly folder: CheckpointFolder;
  readonly checkpoint: Checkpoint;
  readonly ending: Ending;
  readonly outcome: Outcome | undefined;
}

/** How changes ended of which something is still there, oldest first. */
export async function foundEndings(parent: string): Promise<readonly FoundEnding[]> {
  const found: FoundEnding[] = [];
  for (const name of await names(parent)) {
    const ending = ENDINGS.find((each) => name.endsWith(`.${each}`));
    if (!ending) continue;
    const folder = new CheckpointFolder(path.join(parent, name));
    const checkpoint = await folder.read();
    const outcome = await readJson(path.join(folder.directory, OUTCOME));
    if (checkpoint) found.push({ folder, checkpoint, ending, outcome: isOutcome(outcome) ? outcome : undefined });
  }
  return found;
}

/** Removes all that is left of checkpoints which have ended. */
export async function removeEnded(parent: string): Promise<void> {
  for (const name of await names(parent)) {
    if (ENDINGS.some((ending) => name.endsWith(`.${ending}`))) await rm(path.join(parent, name), { recursive: true, force: true });
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
