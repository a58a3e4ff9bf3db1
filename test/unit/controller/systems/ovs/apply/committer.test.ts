import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { Committer, type Transact } from '../../../../../../controller/systems/ovs/apply/committer.ts';
import { planOvs } from '../../../../../../controller/systems/ovs/plan/plan.ts';
import type { OvsStep } from '../../../../../../controller/systems/ovs/plan/step.ts';
import { TransactionRefused } from '../../../../../../controller/systems/ovs/protocol/errors.ts';
import type { Operation, OperationResult } from '../../../../../../controller/systems/ovs/protocol/operations.ts';
import { desiredOf, internalPort, lunaBridge } from '../luna-desired.ts';
import { lunaFixture, observedSwitch } from '../switch-fixture.ts';

/** A server that knows only whether it takes a transaction; it remembers what it committed. */
class Judge {
  readonly committed: (readonly Operation[])[] = [];
  asked = 0;
  #cfg = 5;
  readonly #verdict: (operations: readonly Operation[]) => TransactionRefused | undefined;

  constructor(verdict: (operations: readonly Operation[]) => TransactionRefused | undefined) {
    this.#verdict = verdict;
  }

  readonly transact: Transact = async (operations) => {
    this.asked += 1;
    const refusal = this.#verdict(operations);
    if (refusal) throw refusal;
    const abort = operations.findIndex(({ op }) => op === 'abort');
    if (abort >= 0) throw new TransactionRefused(abort, { error: 'aborted', details: '' });
    this.committed.push(operations);
    this.#cfg += 1;
    return operations.map((operation, index): OperationResult => {
      if (operation.op === 'insert') return { uuid: ['uuid', `uuid-${this.asked}-${index}`] };
      return operation.op === 'select' ? { rows: [{ next_cfg: this.#cfg }] } : { count: 1 };
    });
  };

  insertedNames(): unknown[] {
    return this.committed.flat().flatMap((operation) => (operation.op === 'insert' && operation.table === 'Port' ? [operation.row['name']] : []));
  }
}

const reply = { error: 'constraint violation', details: 'it is not good' };

function portSteps(count: number): readonly OvsStep[] {
  const ports = Array.from({ length: count }, (_, index) => internalPort(`p${index}`, index + 1));
  return planOvs(desiredOf([lunaBridge({ ports })]), observedSwitch([lunaFixture({ bridge: { withPorts: (lunaFixture().withPorts ?? []).slice(0, 1) } })])).steps;
}

/** The first operation that inserts a port of one of these names. */
function insertOf(operations: readonly Operation[], names: ReadonlySet<unknown>): number {
  return operations.findIndex((operation) => operation.op === 'insert' && operation.table === 'Port' && names.has(operation.row['name']));
}

const badSets = fc.uniqueArray(fc.integer({ min: 0, max: 19 }), { maxLength: 6 });

describe('a joint transaction', () => {
  it('is one, when nothing is refused, and asks of the bridge only once', async () => {
    const judge = new Judge(() => undefined);
    const committer = new Committer(judge.transact, 'root');
    const outcomes = await committer.commit(portSteps(100));
    expect(outcomes.every(({ result }) => result === 'applied')).toBe(true);
    expect(judge.committed).toHaveLength(1);
    expect(judge.committed[0]?.filter(({ op }) => op === 'wait')).toHaveLength(1);
    expect(judge.committed[0]?.filter(({ op }) => op === 'mutate')).toHaveLength(2);
    expect(committer.nextCfg).toBe(6);
  });

  it.each<[string, (operations: readonly Operation[], at: number) => number | undefined]>([
    ['at an operation', (_operations, at) => at],
    ['at commit, where nobody says by what', () => undefined],
  ])('that is refused %s sets aside just the guilty steps', async (_name, place) => {
    await fc.assert(
      fc.asyncProperty(badSets, async (bad) => {
        const names = new Set<unknown>(bad.map((index) => `p${index}`));
        const judge = new Judge((operations) => {
          const at = insertOf(operations, names);
          return at < 0 ? undefined : new TransactionRefused(place(operations, at), reply);
        });
        const outcomes = await new Committer(judge.transact, 'root').commit(portSteps(20));
        expect(outcomes.filter(({ result }) => result === 'failed').map(({ step }) => step.object).sort()).toEqual([...names].map((name) => `Port ${String(name)}`).sort());
        expect(judge.insertedNames()).toHaveLength(20 - bad.length);
        expect(new Set(judge.insertedNames()).size).toBe(20 - bad.length);
      }),
      { numRuns: 30 },
    );
  });

  it('names the column that was refused', async () => {
    const judge = new Judge((operations) => {
      const at = operations.findIndex((operation) => operation.op === 'insert' && operation.row['tag'] === 2);
      return at < 0 ? undefined : new TransactionRefused(at, reply);
    });
    const outcomes = await new Committer(judge.transact, 'root').commit(portSteps(3));
    expect(outcomes.flatMap((outcome) => (outcome.result === 'failed' ? [outcome.refusal] : []))).toEqual([
      {
        owner: 'VlanPort/p1',
        reason: 'OvsdbRefused',
        message: 'Open vSwitch refused to create Port p1: tag: constraint violation: it is not good',
        needsPerson: true,
      },
    ]);
  });

  it('leaves what rests on a refused step waiting', async () => {
    const { steps } = planOvs(desiredOf([lunaBridge()]), observedSwitch([]));
    const judge = new Judge((operations) => {
      const at = operations.findIndex((operation) => operation.op === 'insert' && operation.table === 'Bridge');
      return at < 0 ? undefined : new TransactionRefused(at, reply);
    });
    const outcomes = await new Committer(judge.transact, 'root').commit(steps);
    expect(outcomes.map((outcome) => outcome.result === 'failed' && outcome.refusal.reason)).toEqual(['OvsdbRefused', 'DependencyFailed', 'DependencyFailed']);
    expect(judge.committed).toEqual([]);
  });

  it('that had to be cut refers to rows of its first part by their UUID', async () => {
    const { steps } = planOvs(desiredOf([lunaBridge()]), observedSwitch([]));
    const judge = new Judge((operations) => (insertOf(operations, new Set(['eth0'])) >= 0 ? new TransactionRefused(undefined, reply) : undefined));
    const outcomes = await new Committer(judge.transact, 'root').commit(steps);
    expect(outcomes.map(({ step, result }) => `${result} ${step.object}`)).toEqual(['applied Bridge lunabr', 'failed Port eth0', 'applied Port vnet100']);
    const attached = judge.committed.flat().find((operation) => operation.op === 'mutate' && operation.table === 'Bridge');
    expect(attached).toMatchObject({ where: [['_uuid', '==', ['uuid', expect.stringMatching(/^uuid-/)]]] });
  });

  it('passes on that the server is gone', async () => {
    const committer = new Committer(async () => Promise.reject(new Error('gone')), 'root');
    await expect(committer.commit(portSteps(2))).rejects.toThrow('gone');
  });
});
