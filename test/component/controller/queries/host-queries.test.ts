import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { customResourceDefinitions } from '../../../../api/generated/crds.ts';
import type { KubeObject } from '../../../../api/machinery/object.ts';
import { InProcessClient } from '../../../../controller/client/in-process-client.ts';
import type { Answer } from '../../../../controller/queries/answer.ts';
import { HostQueries } from '../../../../controller/queries/host-queries.ts';
import { pack, unpack } from '../../../../controller/queries/packed.ts';
import { BadQuestion, type Question } from '../../../../controller/queries/question.ts';
import { eventually } from '../../../fixtures/eventually.ts';
import { openRegistry, WRITE, type OpenedRegistry } from '../../api/registry/opened-registry.ts';

const EMPTY: Answer = { summary: { text: 'no changes' }, lists: { steps: [] } };

let opened: OpenedRegistry;
let queries: HostQueries;
let asked: Question[];
let failures: unknown[];
let respond: (question: Question) => Answer;

beforeEach(async () => {
  opened = await openRegistry({ crds: customResourceDefinitions });
  asked = [];
  failures = [];
  respond = () => EMPTY;
  queries = new HostQueries({
    client: new InProcessClient(opened.registry),
    clock: opened.clock,
    hostName: 'luna',
    standalone: true,
    answer: (question) => {
      asked.push(question);
      return Promise.resolve().then(() => respond(question));
    },
    failed: (error) => failures.push(error),
  });
  await queries.start();
});

afterEach(async () => {
  await queries.stop();
  await opened.close();
});

async function ask(name: string, spec: Record<string, unknown>): Promise<void> {
  await opened.registry.create(opened.type('hostqueries'), undefined, { apiVersion: 'bridgekeeper.dev/v1alpha1', kind: 'HostQuery', metadata: { name }, spec }, WRITE);
}

function query(name: string): KubeObject {
  return opened.registry.get(opened.at('hostqueries', name)).object;
}

function statusOf(name: string): Record<string, unknown> & { readonly conditions: readonly { readonly type: string; readonly status: string; readonly reason: string; readonly message: string }[] } {
  return query(name).status as ReturnType<typeof statusOf>;
}

async function answered(name: string): Promise<ReturnType<typeof statusOf>> {
  await eventually(() => statusOf(name)['completedAt'] !== undefined);
  return statusOf(name);
}

function readyOf({ conditions }: ReturnType<typeof statusOf>): unknown {
  const { status, reason, message } = conditions.find(({ type }) => type === 'Ready') ?? {};
  return { status, reason, message };
}

describe('a HostQuery', () => {
  it('is answered in its status, once', async () => {
    await ask('q', { type: 'Plan' });
    const status = await answered('q');
    expect(status).toMatchObject({ hostName: 'luna', observedGeneration: 1, summary: { text: 'no changes' }, steps: [] });
    expect(readyOf(status)).toEqual({ status: 'True', reason: 'Answered', message: 'no changes' });
    expect(asked).toHaveLength(1);
  });

  it('is answered anew when the question changes', async () => {
    await ask('q', { type: 'Import' });
    await answered('q');
    await opened.registry.patch(opened.at('hostqueries', 'q'), { type: 'merge', body: { spec: { names: ['vnet100'] } } }, WRITE);
    await eventually(() => statusOf('q')['observedGeneration'] === 2);
    expect(asked).toEqual([{ type: 'Import', kinds: undefined, names: undefined }, { type: 'Import', kinds: undefined, names: new Set(['vnet100']) }]);
  });

  it('for another host is left to it', async () => {
    await ask('theirs', { type: 'Plan', hostName: 'mars' });
    await ask('ours', { type: 'Plan', hostName: 'luna' });
    await answered('ours');
    expect(statusOf('theirs')['completedAt']).toBeUndefined();
    expect(asked).toHaveLength(1);
  });

  it('is deleted when its time after the answer is over, and not before', async () => {
    await ask('q', { type: 'Plan', ttlSecondsAfterFinished: 60 });
    await answered('q');
    opened.clock.advance(59_000);
    expect(query('q').metadata.name).toBe('q');
    opened.clock.advance(2_000);
    await eventually(() => opened.registry.list(opened.type('hostqueries'), {}).items.length === 0);
    expect(failures).toEqual([]);
  });

  it('that nobody can answer says why, and stops none of the others', async () => {
    respond = ({ type }) => {
      if (type === 'Import') throw new BadQuestion('spec.kinds: none of them');
      if (type === 'Diagnose') throw new Error('a mistake of ours');
      return EMPTY;
    };
    await ask('bad', { type: 'Import' });
    await ask('broken', { type: 'Diagnose' });
    await ask('good', { type: 'Plan' });
    expect(readyOf(await answered('good'))).toMatchObject({ status: 'True' });
    expect(readyOf(statusOf('bad'))).toEqual({ status: 'False', reason: 'BadQuestion', message: 'spec.kinds: none of them' });
    expect(readyOf(statusOf('broken'))).toMatchObject({ status: 'False', reason: 'InternalError' });
    expect(failures).toHaveLength(1);
  });

  it('whose packed manifests are none is a bad question', async () => {
    await ask('q', { type: 'Plan', packedObjects: 'bm8gZ3ppcA==' });
    expect(readyOf(await answered('q'))).toMatchObject({ status: 'False', reason: 'BadQuestion', message: expect.stringMatching(/^spec\.packedObjects: /) as unknown });
    await ask('r', { type: 'Plan', packedObjects: pack([{ kind: 'Bridge' }]) });
    await answered('r');
    expect(asked).toEqual([{ type: 'Plan', objects: [{ kind: 'Bridge' }], deletions: [] }]);
  });

  it('with a part of the host unread is not Ready, and tells the rest', async () => {
    respond = () => ({ ...EMPTY, incomplete: { reason: 'OvsdbUnreachable', message: 'The answer is incomplete: no socket' } });
    await ask('q', { type: 'Plan' });
    const status = await answered('q');
    expect(readyOf(status)).toEqual({ status: 'False', reason: 'OvsdbUnreachable', message: 'The answer is incomplete: no socket' });
    expect(status['steps']).toEqual([]);
  });

  it('with a long answer has it packed into one object below the limit of etcd', async () => {
    const objects = Array.from({ length: 5_000 }, (_, index) => ({ apiVersion: 'bridgekeeper.dev/v1alpha1', kind: 'VlanPort', metadata: { name: `port-${index}` }, spec: { bridgeName: 'br0', addresses: [`10.${index >> 8}.${index & 255}.1/24`] } }));
    respond = () => ({ summary: { text: '5000 manifests', objects: 5_000 }, lists: { objects, remarks: [] } });
    await ask('q', { type: 'Import' });
    const status = await answered('q');
    expect(status['objects']).toBeUndefined();
    expect(unpack(String(status['packed']))).toEqual({ objects, remarks: [] });
    expect(JSON.stringify(query('q')).length).toBeLessThan(1_572_864);
  });

  it('whose answer fits in no object says so', async () => {
    const noise = Array.from({ length: 400 }, (_, index) => ({ type: 'Chosen' as const, message: Array.from({ length: 500 }, (__, at) => Math.sin(index * 500 + at)).join('') }));
    respond = () => ({ summary: {}, lists: { remarks: noise } });
    await ask('q', { type: 'Import' });
    expect(readyOf(await answered('q'))).toMatchObject({ status: 'False', reason: 'AnswerTooLarge' });
  });
});
