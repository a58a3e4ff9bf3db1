import type { Clock } from '../../../../api/machinery/clock.ts';
import type { Cause, CauseCommand, Finding } from '../../system.ts';
import type { Logger } from '../logger.ts';
import type { Locator, OvsStep } from '../plan/step.ts';
import { asJsonArray, asJsonObject } from '../protocol/json.ts';
import type { JsonObject } from '../protocol/json.ts';
import type { OvsdbAddress } from '../protocol/address.ts';
import { LogFollower } from './follower.ts';
import { ChangeHistory, dateOf } from './history.ts';
import type { LoggedChange, RowChange } from './history.ts';
import { NO_COMMENT, readSignature } from './signature.ts';

/** Where distributions put the file of a local server. */
const USUAL_FILES = ['/etc/openvswitch/conf.db', '/var/lib/openvswitch/conf.db'];
const USUAL_SOCKETS: readonly string[] = ['/run/openvswitch/db.sock', '/var/run/openvswitch/db.sock'];

/** A record is in the file when the monitor tells of it (200 of 200 tries); this is for the one that is not. */
const RETRY_DELAYS_MS = [5, 10, 20, 40];

export interface CauseFinderOptions {
  readonly address: OvsdbAddress;
  readonly databaseFile: string | undefined;
  readonly clock: Clock;
  readonly log: Logger;
}

/** Answers who changed a row, and what else was changed, from the transactions in the database's file. */
export class CauseFinder {
  readonly #clock: Clock;
  readonly #history = new ChangeHistory();
  readonly #follower: LogFollower | undefined;
  /** The newest transaction that was read, milliseconds since the epoch. */
  #lastAt = 0;
  /** When the file was found to be another copy, until what came of that is mended. */
  #replacedAt: number | undefined;

  constructor({ address, databaseFile, clock, log }: CauseFinderOptions) {
    this.#clock = clock;
    const paths = databaseFile === undefined ? usualFiles(address) : [databaseFile];
    if (paths.length === 0) return;
    this.#follower = new LogFollower({ paths, log, onRecord: (json) => this.#add(json), onReplaced: (records) => this.#replaced(records) });
  }

  /** Begins to follow: what is in the file by now is known, and not told. */
  start(): void {
    this.#follower?.catchUp();
    this.#history.markTold(this.#history.untold());
  }

  /** To be called when the database has changed. */
  follow(): void {
    this.#follower?.catchUp();
  }

  stop(): void {
    this.#follower?.stop();
  }

  /**
   * Who brought about what the step would mend or the finding tells: all that was done since we last touched it, oldest first. To be
   * asked before it is mended: what is in the file at the call counts. Undefined when the file can't be read, or nothing of others
   * is in it.
   */
  async find(subject: OvsStep | Finding): Promise<Cause | undefined> {
    const locators = locatorsOf(subject);
    if (!this.#follower || locators.length === 0) return undefined;
    this.#follower.catchUp();
    const { lastSequence } = this.#history;
    const replaced = this.#replacedAt;
    const cause = causeOfChanges(this.#history.tell(locators));
    if (cause || replaced === undefined) return cause ?? (await this.#findLater(locators, lastSequence));
    return { commands: [{ command: 'the database was replaced by another copy', process: 'Unknown', at: replaced }], user: 'Unknown', source: 'ovsdb-log' };
  }

  /** What others did that nobody was told of. */
  untold(): RowChange[] {
    this.#follower?.catchUp();
    return this.#history.untold();
  }

  /** From now on these count as told, and the database as mended. */
  settle(changes: Iterable<RowChange>): void {
    this.#history.markTold(changes);
    this.#replacedAt = undefined;
  }

  #add(record: JsonObject): void {
    this.#lastAt = Math.max(this.#lastAt, dateOf(record) ?? 0);
    this.#history.add(record);
  }

  /** Compaction writes what there is into a new file; a file without its record is another copy, whose past is not what happened here. */
  #replaced(records: readonly JsonObject[]): void {
    const lastAt = this.#lastAt;
    const isCompacted = records.some((record) => readSignature(record['_comment']).by === 'compaction' && (dateOf(record) ?? 0) >= lastAt);
    if (!isCompacted) this.#replacedAt = this.#clock.now();
    for (const record of records) if ((dateOf(record) ?? 0) > lastAt) this.#add(record);
  }

  /** Meanwhile our own correction may be in the file as well, and is passed over. */
  async #findLater(locators: readonly Locator[], afterSequence: number): Promise<Cause | undefined> {
    for (const delayMs of RETRY_DELAYS_MS) {
      await this.#clock.sleep(delayMs);
      this.#follower?.catchUp();
      const cause = causeOfChanges(this.#history.tell(locators, afterSequence));
      if (cause) return cause;
    }
    return undefined;
  }
}

function usualFiles(address: OvsdbAddress): readonly string[] {
  return address.type === 'unix' && USUAL_SOCKETS.includes(address.path) ? USUAL_FILES : [];
}

/** Steps and findings of this system carry them; a finding of another, or one that was copied without them, does not. */
function locatorsOf(subject: OvsStep | Finding): readonly Locator[] {
  return 'locators' in subject ? asJsonArray(subject.locators).filter(isLocator) : [];
}

function isLocator(value: unknown): value is Locator {
  const { table, uuid, columns } = asJsonObject(value);
  return typeof table === 'string' && typeof uuid === 'string' && Array.isArray(columns);
}

/** The cause that transactions of others make; undefined where there are none. */
export function causeOfChanges(changes: readonly LoggedChange[]): Cause | undefined {
  const commands = changes.flatMap(commandOf);
  return commands.length === 0 ? undefined : { commands, user: 'Unknown', source: 'ovsdb-log' };
}

function commandOf({ signature, at }: LoggedChange): CauseCommand[] {
  if (signature.by === 'us') return [];
  const { command, process } = signature;
  if (at === undefined) return [{ command, process }];
  // Two of them can be told apart by nothing else.
  return [{ command: command === NO_COMMENT ? `${command} at ${new Date(at).toISOString()}` : command, process, at }];
}
