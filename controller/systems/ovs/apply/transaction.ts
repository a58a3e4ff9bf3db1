import type { Operation } from '../protocol/operations.ts';
import type { Columns, Uuid } from '../schema/datum.ts';
import { encodeColumns } from '../schema/encode.ts';
import type { WireValue } from '../schema/encode.ts';
import type { TableName } from '../schema/rows.ts';
import { isHandle } from '../plan/step.ts';
import type { Handle, OvsStep, RowEdit } from '../plan/step.ts';

/** Operations, each with the steps that it is done for. */
export interface Transaction {
  readonly operations: readonly Operation[];
  readonly stepsOf: readonly (readonly OvsStep[])[];
  /** By operation index: the handle of the row that it inserts. */
  readonly handles: ReadonlyMap<number, Handle>;
}

/**
 * Makes one transaction of steps. What the plan was based on is waited for first (with no time to wait, so a stale plan is
 * refused), then rows come, change and go. `known` has the UUIDs of rows that earlier steps inserted.
 */
export function buildTransaction(steps: readonly OvsStep[], known: ReadonlyMap<Handle, Uuid>): Transaction {
  return new TransactionBuilder(known).build(steps);
}

type MembersEdit = Extract<RowEdit, { edit: 'members' }>;

class TransactionBuilder {
  readonly #known: ReadonlyMap<Handle, Uuid>;
  readonly #operations: Operation[] = [];
  readonly #stepsOf: OvsStep[][] = [];
  readonly #handles = new Map<number, Handle>();
  readonly #rowNames = new Map<Handle, string>();
  readonly #waits = new Map<string, number>();
  readonly #members = new Map<string, { readonly edits: MembersEdit[]; readonly steps: OvsStep[] }>();

  constructor(known: ReadonlyMap<Handle, Uuid>) {
    this.#known = known;
  }

  build(steps: readonly OvsStep[]): Transaction {
    for (const step of steps) for (const edit of step.edits) this.#wait(edit, step);
    for (const step of steps) for (const edit of step.edits) this.#edit(edit, step);
    for (const { edits, steps: doneFor } of this.#members.values()) this.#mutateMembers(edits, doneFor);
    return { operations: this.#operations, stepsOf: this.#stepsOf, handles: this.#handles };
  }

  #wait(edit: RowEdit, step: OvsStep): void {
    if (edit.edit === 'expect') this.#waitFor(edit.table, edit.uuid, edit.columns, step);
    else if (edit.edit === 'update') this.#waitFor(edit.table, edit.uuid, edit.before, step);
    else if (edit.edit === 'keys') this.#waitFor(edit.table, edit.uuid, { [edit.column]: edit.before }, step);
  }

  /** Many steps may rest on the same thing (the bridge that their ports are on); it is asked once. */
  #waitFor(table: TableName, uuid: Uuid, columns: Columns, step: OvsStep): void {
    const row = encodeColumns(table, columns, this.#reference);
    const key = JSON.stringify([table, uuid, row]);
    const asked = this.#waits.get(key);
    if (asked !== undefined) {
      this.#stepsOf[asked]?.push(step);
      return;
    }
    this.#waits.set(key, this.#operations.length);
    const where = this.#where(uuid);
    this.#push({ op: 'wait', table, where, columns: Object.keys(row), until: '==', rows: [row], timeout: 0 }, [step]);
  }

  #edit(edit: RowEdit, step: OvsStep): void {
    switch (edit.edit) {
      case 'insert':
        this.#handles.set(this.#operations.length, edit.handle);
        return this.#push(
          {
            op: 'insert',
            table: edit.table,
            'uuid-name': this.#rowName(edit.handle),
            row: encodeColumns(edit.table, edit.row, this.#reference),
          },
          [step],
        );
      case 'update': {
        const row = encodeColumns(edit.table, edit.after, this.#reference);
        return this.#push({ op: 'update', table: edit.table, where: this.#where(edit.uuid), row }, [step]);
      }
      case 'keys':
        return this.#mutateKeys(edit, step);
      case 'members':
        return this.#collectMembers(edit, step);
      case 'delete':
        return this.#push({ op: 'delete', table: edit.table, where: this.#where(edit.uuid) }, [step]);
      case 'expect':
        return;
    }
  }

  /** `insert` into a map leaves a key that is there as it is, so it is taken out first (RFC 7047 section 5.1, <mutation>). */
  #mutateKeys({ table, uuid, column, put, drop }: Extract<RowEdit, { edit: 'keys' }>, step: OvsStep): void {
    const gone: WireValue = ['set', [...drop, ...put.keys()]];
    const come: WireValue = ['map', [...put]];
    this.#push(
      { op: 'mutate', table, where: this.#where(uuid), mutations: [[column, 'delete', gone], [column, 'insert', come]] },
      [step],
    );
  }

  /** One mutation for all members of a set: a thousand ports one by one would copy the set a thousand times. */
  #collectMembers(edit: MembersEdit, step: OvsStep): void {
    const key = `${edit.table}/${edit.holder}/${edit.column}`;
    const collected = this.#members.get(key) ?? { edits: [], steps: [] };
    collected.edits.push(edit);
    collected.steps.push(step);
    this.#members.set(key, collected);
  }

  #mutateMembers(edits: readonly MembersEdit[], doneFor: readonly OvsStep[]): void {
    const [first] = edits;
    if (!first) return;
    const { table, holder, column } = first;
    const references = (uuids: readonly Uuid[]): WireValue => ['set', uuids.map((uuid) => this.#reference(uuid))];
    const removed = edits.flatMap((edit) => edit.remove);
    const added = edits.flatMap((edit) => edit.add);
    const where = this.#where(holder);
    this.#push(
      {
        op: 'mutate',
        table,
        where,
        mutations: [
          [column, 'delete', references(removed)],
          [column, 'insert', references(added)],
        ],
      },
      doneFor,
    );
  }

  #where(uuid: Uuid): readonly (readonly [string, '==', WireValue])[] {
    return [['_uuid', '==', this.#reference(uuid)]];
  }

  readonly #reference = (uuid: Uuid): readonly [string, string] => {
    if (!isHandle(uuid)) return ['uuid', uuid];
    const known = this.#known.get(uuid);
    return known === undefined ? ['named-uuid', this.#rowName(uuid)] : ['uuid', known];
  };

  /** A name for the scope of this transaction (RFC 7047 section 3.1, <id>). */
  #rowName(handle: Handle): string {
    const name = this.#rowNames.get(handle) ?? `row${this.#rowNames.size}`;
    this.#rowNames.set(handle, name);
    return name;
  }

  #push(operation: Operation, steps: readonly OvsStep[]): void {
    this.#operations.push(operation);
    this.#stepsOf.push([...steps]);
  }
}
