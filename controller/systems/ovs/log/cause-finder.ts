import type { Clock } from '../../../../api/machinery/clock.ts';
import type { Cause, Finding } from '../../system.ts';
import type { Logger } from '../logger.ts';
import type { Locator, OvsStep } from '../plan/step.ts';
import { asJsonArray, asJsonObject } from '../protocol/json.ts';
import type { OvsdbAddress } from '../protocol/address.ts';
import { LogFollower } from './follower.ts';
import { ChangeHistory } from './history.ts';
import type { LoggedChange } from './history.ts';

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

/** Answers who changed a row, from the transactions in the database's file. */
export class CauseFinder {
  readonly #clock: Clock;
  readonly #history = new ChangeHistory();
  readonly #follower: LogFollower | undefined;

  constructor({ address, databaseFile, clock, log }: CauseFinderOptions) {
    this.#clock = clock;
    const paths = databaseFile === undefined ? usualFiles(address) : [databaseFile];
    if (paths.length === 0) return;
    this.#follower = new LogFollower({ paths, log, onRecord: (json) => this.#history.add(json) });
  }

  /** To be called when the database has changed. */
  follow(): void {
    this.#follower?.catchUp();
  }

  stop(): void {
    this.#follower?.stop();
  }

  /**
   * Who brought about what the step would mend or the finding tells. To be asked before it is mended: what is in the file at the
   * call counts. Undefined when the file can't be read, or the last change of all that is concerned was our own.
   */
  async find(subject: OvsStep | Finding): Promise<Cause | undefined> {
    const locators = locatorsOf(subject);
    if (!this.#follower || locators.length === 0) return undefined;
    this.#follower.catchUp();
    const { lastSequence } = this.#history;
    const cause = causeOfChanges(this.#history.lastChanges(locators, () => true));
    return cause ?? (await this.#findLater(locators, lastSequence));
  }

  /** Meanwhile our own correction may be in the file as well, and is passed over. */
  async #findLater(locators: readonly Locator[], afterSequence: number): Promise<Cause | undefined> {
    for (const delayMs of RETRY_DELAYS_MS) {
      await this.#clock.sleep(delayMs);
      this.#follower?.catchUp();
      const isLate = ({ sequence, signature }: LoggedChange) => sequence > afterSequence && signature.by === 'others';
      const cause = causeOfChanges(this.#history.lastChanges(locators, isLate));
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

function causeOfChanges(changes: readonly LoggedChange[]): Cause | undefined {
  const others = changes.map(({ signature }) => signature).filter((signature) => signature.by === 'others');
  if (others.length === 0) return undefined;
  return {
    command: distinct(others.map(({ command }) => command)),
    process: distinct(others.map(({ process }) => process)),
    user: 'Unknown',
    source: 'ovsdb-log',
  };
}

function distinct(texts: readonly string[]): string {
  return [...new Set(texts)].join('; ');
}
