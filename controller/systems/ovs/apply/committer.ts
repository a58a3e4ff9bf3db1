import type { Refusal, StepOutcome } from '../../system.ts';
import { describeServerError, TransactionRefused } from '../protocol/errors.ts';
import { asJsonArray, asJsonObject } from '../protocol/json.ts';
import type { Operation, OperationResult } from '../protocol/operations.ts';
import type { Datum, Uuid } from '../schema/datum.ts';
import { columnType } from '../schema/encode.ts';
import { isHandle } from '../plan/step.ts';
import type { Handle, OvsStep, RowEdit } from '../plan/step.ts';
import { commentOf } from './comment.ts';
import { buildTransaction } from './transaction.ts';
import type { Transaction } from './transaction.ts';

/** Sends one transaction; throws `TransactionRefused` when nothing of it was done. */
export type Transact = (operations: readonly Operation[]) => Promise<readonly OperationResult[]>;

/**
 * Commits steps in as few transactions as it takes: one, when nothing is refused. When the joint transaction is refused, the
 * guilty steps are found, by the operation that was refused or by halving, and set aside, with those that rest on them.
 */
export class Committer {
  readonly #transact: Transact;
  readonly #rootUuid: Uuid;
  readonly #refusals = new Map<OvsStep, Refusal>();
  readonly #inserted = new Map<Handle, Uuid>();
  #nextCfg = 0;

  constructor(transact: Transact, rootUuid: Uuid) {
    this.#transact = transact;
    this.#rootUuid = rootUuid;
  }

  /** What vswitchd's `cur_cfg` must reach for all that was committed; 0 when nothing was. */
  get nextCfg(): number {
    return this.#nextCfg;
  }

  async commit(steps: readonly OvsStep[]): Promise<readonly StepOutcome<OvsStep>[]> {
    await this.#commit(steps);
    return steps.map((step) => {
      const refusal = this.#refusals.get(step);
      return refusal ? { step, result: 'failed', refusal } : { step, result: 'applied' };
    });
  }

  /** Has vswitchd look once more at what these steps, which are committed, have changed. */
  tellAgain(steps: readonly OvsStep[]): Promise<void> {
    return this.#send({ operations: [], stepsOf: [], handles: new Map() }, steps);
  }

  async #commit(steps: readonly OvsStep[]): Promise<void> {
    const able = this.#setAsideDependents(steps);
    if (able.length === 0) return;
    const transaction = buildTransaction(able, this.#inserted);
    try {
      await this.#send(transaction, able);
    } catch (error) {
      if (!(error instanceof TransactionRefused)) throw error;
      await this.#isolate(able, transaction, error);
    }
  }

  async #send({ operations, handles }: Transaction, steps: readonly OvsStep[]): Promise<void> {
    const results = await this.#transact([...operations, ...signature(this.#rootUuid, steps)]);
    for (const [index, handle] of handles) {
      const uuid = insertedUuid(results[index]);
      if (uuid !== undefined) this.#inserted.set(handle, uuid);
    }
    this.#nextCfg = Math.max(this.#nextCfg, selectedNextCfg(results));
  }

  async #isolate(steps: readonly OvsStep[], transaction: Transaction, error: TransactionRefused): Promise<void> {
    const { operationIndex = -1 } = error;
    const guilty = steps.length === 1 ? steps : (transaction.stepsOf[operationIndex] ?? []);
    if (guilty.length !== 1) return this.#halve(steps);
    this.#setAside(guilty, await this.#describe(transaction.operations[operationIndex], error), error);
    return this.#commit(steps.filter((step) => !this.#refusals.has(step)));
  }

  async #halve(steps: readonly OvsStep[]): Promise<void> {
    const middle = Math.ceil(steps.length / 2);
    await this.#commit(steps.slice(0, middle));
    await this.#commit(steps.slice(middle));
  }

  #setAside(steps: readonly OvsStep[], text: string, { reply }: TransactionRefused): void {
    const isStale = reply.error === 'timed out';
    for (const step of steps) {
      this.#refusals.set(step, {
        owner: step.owner,
        reason: isStale ? 'StalePlan' : 'OvsdbRefused',
        message: isStale
          ? `${step.object} was changed by somebody else at the same time; it is looked at again`
          : `Open vSwitch refused to ${step.verb} ${step.object}: ${text}`,
        needsPerson: !isStale,
      });
    }
  }

  /** The server's text, with the column that it speaks of. */
  async #describe(operation: Operation | undefined, { reply }: TransactionRefused): Promise<string> {
    const text = describeServerError(reply);
    const column = operation && (await this.#refusedColumn(operation));
    return column === undefined ? text : `${column}: ${text}`;
  }

  /** The server does not name the column that it refuses, so each is tried alone, in a transaction that ends in `abort`. */
  async #refusedColumn(operation: Operation): Promise<string | undefined> {
    if (operation.op !== 'insert' && operation.op !== 'update') return undefined;
    for (const [column, value] of Object.entries(operation.row)) {
      try {
        await this.#transact([{ ...operation, row: { [column]: value } }, { op: 'abort' }]);
      } catch (error) {
        if (!(error instanceof TransactionRefused)) throw error;
        if (error.operationIndex === 0) return column;
      }
    }
    return undefined;
  }

  /** Steps that refer to a row of a step that was set aside can't be done either; returns the others. */
  #setAsideDependents(steps: readonly OvsStep[]): readonly OvsStep[] {
    const coming = new Set(steps.flatMap((step) => step.edits.flatMap(insertedHandle)));
    const missing = (step: OvsStep) =>
      step.edits.flatMap(referencedHandles).find((handle) => !coming.has(handle) && !this.#inserted.has(handle));
    const able = steps.filter((step) => {
      const handle = missing(step);
      if (handle === undefined) return true;
      this.#refusals.set(step, {
        owner: step.owner,
        reason: 'DependencyFailed',
        message: `${step.object} waits for ${handle.slice(1).replace('/', ' ')}, which could not be made`,
        needsPerson: false,
      });
      return false;
    });
    return able.length === steps.length ? able : this.#setAsideDependents(able);
  }
}

/** Says in the log what is done, tells vswitchd that there is work, and asks which number its work has. */
function signature(rootUuid: Uuid, steps: readonly OvsStep[]): readonly Operation[] {
  const where = [['_uuid', '==', ['uuid', rootUuid]]] as const;
  return [
    { op: 'comment', comment: commentOf(steps) },
    { op: 'mutate', table: 'Open_vSwitch', where, mutations: [['next_cfg', '+=', 1]] },
    { op: 'select', table: 'Open_vSwitch', where, columns: ['next_cfg'] },
  ];
}

function selectedNextCfg(results: readonly OperationResult[]): number {
  const [row] = asJsonArray(results.at(-1)?.['rows']);
  const value = asJsonObject(row)['next_cfg'];
  return typeof value === 'number' ? value : 0;
}

function insertedUuid(result: OperationResult | undefined): Uuid | undefined {
  const [, uuid] = asJsonArray(result?.['uuid']);
  return typeof uuid === 'string' ? uuid : undefined;
}

function insertedHandle(edit: RowEdit): Handle[] {
  return edit.edit === 'insert' ? [edit.handle] : [];
}

function referencedHandles(edit: RowEdit): Handle[] {
  if (edit.edit === 'members') return [edit.holder, ...edit.add].filter(isHandle);
  const columns = edit.edit === 'insert' ? edit.row : edit.edit === 'update' ? edit.after : {};
  return Object.entries(columns)
    .filter(([column]) => columnType(edit.table, column).atom === 'uuid')
    .flatMap(([, datum]) => referencesIn(datum))
    .filter((value): value is Handle => typeof value === 'string' && isHandle(value));
}

function referencesIn(datum: Datum): readonly unknown[] {
  if (datum instanceof Map) return [...datum.values()];
  return datum instanceof Array ? asJsonArray(datum) : [datum];
}
