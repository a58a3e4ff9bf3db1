import { dirname, join } from 'node:path';
import type { Clock } from '../../../../api/machinery/clock.ts';
import { COMMENT_PREFIX } from '../apply/comment.ts';
import { asJsonArray, asJsonObject } from '../protocol/json.ts';
import { CheckpointDatabase } from './database.ts';
import { restoreFlooding } from '../openflow/restore-flooding.ts';
import { parseOvsdbAddress } from '../protocol/address.ts';
import type { Operation } from '../protocol/operations.ts';
import type { Uuid } from '../schema/datum.ts';
import { rowOf, type OvsSnapshot, type OvsTouch } from './snapshot.ts';
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
const TREES = ['stp_enable', 'rstp_enable'];

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
    await carryOut(database, operations, `roll back to checkpoint ${name}`, clock);
    for (const bridge of treesEnded(before, now, touches)) await floodAgain(before, bridge, address, clock);
  } finally {
    database.close();
  }
}

/** Bridges whose spanning tree is switched off by going back: vswitchd then leaves their ports out when it floods. */
function treesEnded(before: OvsSnapshot, now: OvsSnapshot, touches: readonly OvsTouch[]): readonly Uuid[] {
  const bridges = new Set(touches.filter(({ table }) => table === 'Bridge').map(({ uuid }) => uuid));
  return [...bridges].filter((uuid) => {
    const [was, is] = [rowOf(before, 'Bridge', uuid), rowOf(now, 'Bridge', uuid)];
    return TREES.some((column) => was?.[column] === false && is?.[column] === true);
  });
}

/** Where the bridge's switch can't be told, it is one of another machine, and no way into this one runs over it. */
async function floodAgain(before: OvsSnapshot, uuid: Uuid, addressText: string, clock: Clock): Promise<void> {
  const address = parseOvsdbAddress(addressText);
  const name = rowOf(before, 'Bridge', uuid)?.['name'];
  if (address.type === 'unix' && typeof name === 'string') await restoreFlooding(join(dirname(address.path), `${name}.mgmt`), clock);
}

/** Sends a transaction that says in the log what it is, and waits until vswitchd has carried it out. */
async function carryOut(database: CheckpointDatabase, operations: readonly Operation[], what: string, clock: Clock): Promise<void> {
  const root = await database.rootUuid();
  const where = [['_uuid', '==', ['uuid', root]]] as const;
  const results = await database.transact([
    ...operations,
    { op: 'comment', comment: `${COMMENT_PREFIX}${what}` },
    { op: 'mutate', table: 'Open_vSwitch', where, mutations: [['next_cfg', '+=', 1]] },
    { op: 'select', table: 'Open_vSwitch', where, columns: ['next_cfg'] },
  ]);
  const nextCfg = numberIn(results.at(-1), 'next_cfg');
  const giveUpAt = clock.now() + VSWITCHD_PATIENCE_MS;
  while (clock.now() < giveUpAt) {
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
