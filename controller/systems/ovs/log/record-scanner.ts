import { asJsonObject } from '../protocol/json.ts';
import type { JsonObject } from '../protocol/json.ts';

/** One transaction as the database file has it (ovsdb(5), "Standalone Database Format"). */
export interface LogRecord {
  readonly json: JsonObject;
  /** Where in the file the record ends. */
  readonly endOffset: number;
}

const NEWLINE = 0x0a;
const HEADER = /^OVSDB JSON (?<length>\d+) [0-9a-f]{40}$/;
/** A start in the middle of a file is found by this: a JSON text has no line break, so it stands nowhere else. */
const RECORD_START = '\nOVSDB JSON ';

/** Cuts the bytes of a database file into records. Bytes may come in any pieces; an unfinished record waits for its rest. */
export class RecordScanner {
  #held: Buffer = Buffer.alloc(0);
  /** Where in the file `#held` begins. */
  #offset: number;
  #isInStep: boolean;

  /** Starts at `offset` of the file; anything but 0 is taken for the middle of some record. */
  constructor(offset: number) {
    this.#offset = offset;
    this.#isInStep = offset === 0;
  }

  push(bytes: Buffer): LogRecord[] {
    this.#held = this.#held.length === 0 ? bytes : Buffer.concat([this.#held, bytes]);
    const records: LogRecord[] = [];
    if (!this.#isInStep && !this.#findStart()) return records;
    for (let record = this.#next(); record; record = this.#next()) records.push(record);
    return records;
  }

  #findStart(): boolean {
    const at = this.#held.indexOf(RECORD_START);
    if (at >= 0) this.#drop(at + 1);
    this.#isInStep = at >= 0;
    return this.#isInStep;
  }

  #next(): LogRecord | undefined {
    const headerEnd = this.#held.indexOf(NEWLINE);
    if (headerEnd < 0) return undefined;
    const length = Number(HEADER.exec(this.#held.toString('latin1', 0, headerEnd))?.groups?.['length'] ?? Number.NaN);
    if (Number.isNaN(length)) return this.#skipDamage();
    const end = headerEnd + 1 + length;
    if (this.#held.length < end) return undefined;
    const json = parsed(this.#held.toString('utf8', headerEnd + 1, end));
    this.#drop(end);
    return { json, endOffset: this.#offset };
  }

  /** The server itself cuts a damaged tail off when it starts; until then the next record is looked for. */
  #skipDamage(): LogRecord | undefined {
    return this.#findStart() ? this.#next() : undefined;
  }

  #drop(count: number): void {
    this.#held = this.#held.subarray(count);
    this.#offset += count;
  }
}

function parsed(text: string): JsonObject {
  try {
    return asJsonObject(JSON.parse(text));
  } catch {
    // A record that is no JSON tells nothing; those after it do.
    return {};
  }
}
