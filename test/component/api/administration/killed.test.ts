import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pass } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { fieldOf, stringOf } from '../../../../api/machinery/json.ts';
import { httpsClient, type HttpsClient } from '../../../contract/https-client.ts';
import { eventually } from '../../../fixtures/eventually.ts';
import { FollowedWatch } from './followed-watch.ts';
import { startInformer } from './informer.ts';
import { PORTGROUPS, PortgroupWriter, textsOf, type KnownState } from './portgroup-writer.ts';
import { portOf, startDaemon, type RunningDaemon } from './run-bridgekeeper.ts';

/** CRASH_ROUNDS=200 for a long look. */
const ROUNDS = Number(process.env['CRASH_ROUNDS'] ?? 4);
const WRITERS = 8;
const ROUND_MS = 60_000;
const CAUGHT_UP_MS = 20_000;
/** Each kill finds the server somewhere else. */
const LONGEST_RUN_MS = 400;

let folder: string;
let daemon: RunningDaemon;
let client: HttpsClient;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bridgekeeper-killed-'));
  daemon = await startDaemon(join(folder, 'data'));
  client = httpsClient(daemon.url, daemon.kubeconfig);
});

afterEach(async () => {
  client.close();
  await daemon.stop('SIGKILL');
  rmSync(folder, { recursive: true });
});

interface Listed {
  readonly revision: number;
  readonly states: ReadonlyMap<string, KnownState>;
}

async function listed(): Promise<Listed> {
  const { status, body } = await client.send({ path: PORTGROUPS });
  expect(status).toBe(200);
  const list: unknown = JSON.parse(body);
  const items = fieldOf(list, 'items');
  if (!Array.isArray(items)) throw new Error('no list');
  const states = items.map((item: unknown) => {
    const [text, again] = textsOf(item);
    expect(again).toBe(text);
    const metadata = fieldOf(item, 'metadata');
    return [stringOf(fieldOf(metadata, 'name')) ?? '', { text: text ?? '', revision: Number(fieldOf(metadata, 'resourceVersion')) }] as const;
  });
  return { revision: Number(fieldOf(fieldOf(list, 'metadata'), 'resourceVersion')), states: new Map(states) };
}

function watchFrom(revision: number): FollowedWatch {
  return new FollowedWatch({ url: daemon.url, authority: client.authority, token: client.token, path: PORTGROUPS }, revision);
}

/** Every answer still holds; what was asked and not answered either happened whole or not at all. */
function expectAnswersKept(writer: PortgroupWriter, now: Listed): void {
  for (const name of new Set([...writer.known.keys(), ...writer.open.keys()])) {
    const found = now.states.get(name);
    const answered = writer.known.get(name);
    const mayBeNewer = writer.open.has(name) && found?.text === writer.open.get(name);
    if (!mayBeNewer) expect(found, name).toEqual(answered);
    if (found === undefined) writer.known.delete(name);
    else writer.known.set(name, found);
  }
  writer.open.clear();
}

it(`keeps every answer over kill -9 under load, ${ROUNDS} times, and no watcher misses a thing`, { timeout: ROUNDS * ROUND_MS }, async () => {
  const port = portOf(daemon);
  const writers = Array.from({ length: WRITERS }, (_, number) => new PortgroupWriter(number));
  const watch = watchFrom((await listed()).revision);
  const informer = await startInformer(daemon.kubeconfig);
  let before = await listed();
  for (let round = 0; round < ROUNDS; round += 1) {
    const writing = Promise.all(writers.map((writer) => writer.writeUntilGone(client)));
    await pass(LONGEST_RUN_MS * Math.random());
    await daemon.stop('SIGKILL');
    await writing;
    client.close();
    daemon = await startDaemon(join(folder, 'data'), port);
    client = httpsClient(daemon.url, daemon.kubeconfig);

    const now = await listed();
    for (const writer of writers) expectAnswersKept(writer, now);
    const answered = writers.flatMap((writer) => writer.answered.splice(0));
    for (const { revision } of answered) {
      expect(revision).toBeGreaterThan(before.revision);
      expect(revision).toBeLessThanOrEqual(now.revision);
    }

    await eventually(() => watch.revision >= now.revision, CAUGHT_UP_MS);
    const seen = watch.events.splice(0);
    let last = before.revision;
    for (const { type, object, revision } of seen) {
      expect(['ADDED', 'MODIFIED', 'DELETED']).toContain(type);
      expect(revision).toBeGreaterThan(last);
      last = revision;
      const [text, again] = textsOf(object);
      expect(again).toBe(text);
    }
    const seenAt = new Map(seen.map((event) => [event.revision, event]));
    for (const { name, text, revision } of answered) {
      expect(seenAt.get(revision)?.name).toBe(name);
      expect(textsOf(seenAt.get(revision)?.object)[0]).toBe(text);
    }
    const again = watchFrom(before.revision);
    await eventually(() => again.revision >= now.revision, CAUGHT_UP_MS);
    again.end();
    expect(seen).toEqual(again.events);
    await eventually(async () => {
      await informer.keep();
      return informer.known.size === now.states.size && [...now.states].every(([name, { revision }]) => informer.known.get(name) === String(revision));
    }, CAUGHT_UP_MS);
    before = now;
  }
  watch.end();
  await informer.stop();
});
