import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import type { Stats } from 'node:fs';

import type { Logger } from '../logger.ts';
import type { JsonObject } from '../protocol/json.ts';
import { RecordScanner } from './record-scanner.ts';

/** Of a file that is there when following begins, so much is read at most: enough to know what happened just before. */
const MAX_PAST_BYTES = 4 * 1024 * 1024;
const CHUNK_BYTES = 256 * 1024;

export interface FollowerOptions {
  /** The first of these that is there is followed. */
  readonly paths: readonly string[];
  readonly log: Logger;
  /** Called for every record, in the order of the file. */
  readonly onRecord: (json: JsonObject) => void;
  /** Called when another file has taken the place of the one that was read, with all that is in it now. */
  readonly onReplaced: (records: readonly JsonObject[]) => void;
}

interface OpenFile {
  readonly descriptor: number;
  readonly path: string;
  readonly scanner: RecordScanner;
  offset: number;
}

/**
 * Reads the database file as it grows; goes over to the new file when compaction replaces it. Reading is synchronous on purpose:
 * what was in the file before our own next transaction can then be told from what came after, and it is a few hundred bytes from
 * the page cache each time.
 */
export class LogFollower {
  readonly #options: FollowerOptions;
  #file: OpenFile | undefined;
  #hasComplained = false;

  constructor(options: FollowerOptions) {
    this.#options = options;
  }

  /** Gives all that is in the file and was not read yet to `onRecord`. */
  catchUp(): void {
    try {
      if (!this.#file) return this.#openAndRead(MAX_PAST_BYTES, this.#options.onRecord);
      this.#readToEnd(this.#file, this.#options.onRecord);
      if (!wasReplaced(this.#file)) return;
      this.stop();
      const records: JsonObject[] = [];
      this.#openAndRead(Number.POSITIVE_INFINITY, (json) => records.push(json));
      this.#options.onReplaced(records);
    } catch (error) {
      this.stop();
      if (!this.#hasComplained) this.#options.log.warn({ err: error, paths: this.#options.paths }, 'cannot follow the OVSDB log');
      this.#hasComplained = true;
    }
  }

  /** Closes the file; `catchUp` would open it again. */
  stop(): void {
    if (this.#file) closeSync(this.#file.descriptor);
    this.#file = undefined;
  }

  #openAndRead(maxPastBytes: number, take: (json: JsonObject) => void): void {
    for (const path of this.#options.paths) {
      if (!statSync(path, { throwIfNoEntry: false })) continue;
      const descriptor = openSync(path, 'r');
      const offset = Math.max(0, fstatSync(descriptor).size - maxPastBytes);
      this.#file = { descriptor, path, scanner: new RecordScanner(offset), offset };
      return this.#readToEnd(this.#file, take);
    }
  }

  #readToEnd(file: OpenFile, take: (json: JsonObject) => void): void {
    for (;;) {
      const buffer = Buffer.allocUnsafe(Math.min(CHUNK_BYTES, Math.max(1, fstatSync(file.descriptor).size - file.offset)));
      const bytesRead = readSync(file.descriptor, buffer, 0, buffer.length, file.offset);
      if (bytesRead === 0) return;
      file.offset += bytesRead;
      for (const { json } of file.scanner.push(buffer.subarray(0, bytesRead))) take(json);
    }
  }
}

/** By another file of that name, or by itself made shorter. */
function wasReplaced(file: OpenFile): boolean {
  const now: Stats | undefined = statSync(file.path, { throwIfNoEntry: false });
  const mine = fstatSync(file.descriptor);
  return now !== undefined && (now.ino !== mine.ino || now.dev !== mine.dev || mine.size < file.offset);
}
