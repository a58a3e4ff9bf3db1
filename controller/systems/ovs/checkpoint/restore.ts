import type { Clock } from '../../../../api/machinery/clock.ts';
import { COMMENT_PREFIX } from '../apply/comment.ts';
import { asJsonArray, asJsonObject } from '../protocol/json.ts';
import { CheckpointDatabase } from './database.ts';
import type { OvsSnapshot, OvsTouch } from './snapshot.ts';
import { undoOperations } from './undo.ts';

export interface OvsRestore {
  readonly address: string;
  readonly clock: Clock;
  readonly before: OvsSnapshot;
  readonly touches: readonly OvsTouch[];
  /** Of the checkpoint, for the log of the database. */
  readonly name: string;
}

const VSWITCHD_PATIENCE_MS = 10_000;
const LOOK_AGAIN_MS = 50;

/** Reads the configuration that a checkpoint keeps. Throws `OvsdbUnreachable`. */
export async function takeOvsSnapshot(address: string, clock: Clock): Promise<OvsSnapshot> {
  const database = await CheckpointDatabase.open(address, clock);
  try {
    return await database.read();
  } finally {
    database.close();
  }
}

/**
 * Undoes what was touched, in one transaction, and waits until vswitchd has done it or is found to be dead. May be called again.
 * Throws `OvsdbUnreachable` or `TransactionRefused`; then nothing was undone.
 */
export async function restoreOvs({ address, clock, before, touches, name }: OvsRestore): Promise<void> {
  const database = await CheckpointDatabase.open(address, clock);
  try {
    const now = await database.read();
    const operations = undoOperations(before, now, touches);
    if (operations.length === 0) return;
    const [root] = Object.keys(now.tables['Open_vSwitch'] ?? {});
    const where = [['_uuid', '==', ['uuid', root ?? '']]] as const;
    const results = await database.transact([
      ...operations,
      { op: 'comment', comment: `${COMMENT_PREFIX}roll back to checkpoint ${name}` },
      { op: 'mutate', table: 'Open_vSwitch', where, mutations: [['next_cfg', '+=', 1]] },
      { op: 'select', table: 'Open_vSwitch', where, columns: ['next_cfg'] },
    ]);
    await carriedOut(database, where, numberIn(results.at(-1), 'next_cfg'), clock);
  } finally {
    database.close();
  }
}

async function carriedOut(database: CheckpointDatabase, where: readonly (readonly [string, '==', readonly [string, string]])[], nextCfg: number, clock: Clock): Promise<void> {
  const givenUpAt = clock.now() + VSWITCHD_PATIENCE_MS;
  while (clock.now() < givenUpAt) {
    const [result] = await database.transact([{ op: 'select', table: 'Open_vSwitch', where, columns: ['cur_cfg'] }]);
    if (numberIn(result, 'cur_cfg') >= nextCfg) return;
    await clock.sleep(LOOK_AGAIN_MS);
  }
}

function numberIn(result: Readonly<Record<string, unknown>> | undefined, column: string): number {
  const [row] = asJsonArray(result?.['rows']);
  const value = asJsonObject(row)[column];
  return typeof value === 'number' ? value : 0;
}
