import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../../../api/machinery/clock.ts';
import type { Checkpoint, Maker } from '../../../../controller/safety/checkpoint/checkpoint.ts';
import { CheckpointFolder } from '../../../../controller/safety/checkpoint/checkpoint-folder.ts';
import { findChange, type FoundChange } from '../../../../controller/safety/recover.ts';
import { endMarked, identityOf, MARK_VARIABLE } from '../../../../controller/safety/watchdog/processes.ts';
import { watch } from '../../../../controller/safety/watchdog/watchdog.ts';
import { FakeClock } from '../../../fixtures/fake-clock.ts';

/** Time that passes as soon as somebody waits for it. */
class HurriedClock extends FakeClock {
  override async sleep(delayMs: number): Promise<void> {
    await setImmediate();
    this.advance(delayMs);
  }
}

const TIMEOUT_MS = 6_000;
const GRACE_MS = 10_000;
const DEAD: Maker = { pid: 1, startTime: 'of another boot', mark: 'of a daemon that is dead' };
const NAME = '20260101-000000-abcd';
const clock = new HurriedClock();
/** A host without addresses, of which nothing has to be brought back. */
const exec = { run: () => Promise.resolve({ code: 0, stdout: '[]', stderr: '' }) };
let parent: string;
let children: ChildProcess[];

beforeEach(async () => {
  parent = await mkdtemp(path.join(tmpdir(), 'guard-'));
  children = [];
});

afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await rm(parent, { recursive: true });
});

async function begin(daemon: Maker): Promise<CheckpointFolder> {
  const root = path.join(parent, 'root');
  await mkdir(path.join(root, 'etc/netplan'), { recursive: true });
  const checkpoint: Checkpoint = {
    version: 1, name: NAME, startedAt: clock.now(), timeoutMs: TIMEOUT_MS, daemon, ovsdb: 'unix:/nowhere', netplanRoot: root, stateDirectory: root,
    files: [], kernel: { links: [], routes: [], rules: [] }, devices: [], impact: [], probes: [], confirm: 'not asked', confirmTimeoutMs: 0, policy: '',
  };
  return CheckpointFolder.begin(parent, checkpoint);
}

async function sleeper(): Promise<{ readonly maker: Maker; readonly ended: Promise<unknown> }> {
  const child = spawn('sleep', ['600']);
  children.push(child);
  await once(child, 'spawn');
  const identity = await identityOf(child.pid ?? 0);
  if (!identity) throw new Error('it has ended already');
  return { maker: { ...identity, mark: `of ${identity.pid}` }, ended: once(child, 'exit') };
}

function note(folder: CheckpointFolder): Promise<void> {
  return folder.note({ owners: [['VlanPort/vnet100', '1']], ovs: [], devices: [] });
}

function guard(folder: CheckpointFolder): Promise<void> {
  return watch({ directory: folder.directory, clock, exec, log: () => undefined });
}

/** What the checkpoint is called in the end. */
async function ending(): Promise<string | undefined> {
  return (await readdir(parent)).find((name) => name.startsWith(NAME));
}

describe('the watchdog', () => {
  it('rolls back at the deadline what a dead daemon began', async () => {
    const folder = await begin(DEAD);
    await note(folder);
    const began = clock.now();
    await guard(folder);
    expect(await ending()).toBe(`${NAME}.rolled-back`);
    expect(clock.now() - began).toBeGreaterThanOrEqual(TIMEOUT_MS);
    expect(clock.now() - began).toBeLessThan(TIMEOUT_MS + GRACE_MS);
  });

  it('counts from when it began to watch, however long it took to start', async () => {
    const folder = await begin(DEAD);
    await note(folder);
    clock.advance(TIMEOUT_MS * 2);
    const began = clock.now();
    await guard(folder);
    expect(clock.now() - began).toBeGreaterThanOrEqual(TIMEOUT_MS);
  });

  it('forgets a change of which no step was begun', async () => {
    await guard(await begin(DEAD));
    expect(await ending()).toBeUndefined();
  });

  it('gives the daemon that took the change up time to end it, and ends that one before it acts itself', async () => {
    const folder = await begin(DEAD);
    await note(folder);
    const { maker, ended } = await sleeper();
    await folder.takeOver(maker);
    const began = clock.now();
    await guard(folder);
    await ended;
    expect(await ending()).toBe(`${NAME}.rolled-back`);
    expect(clock.now() - began).toBeGreaterThanOrEqual(TIMEOUT_MS + GRACE_MS);
  });
});

describe('a daemon that comes back', () => {
  const find = (): Promise<FoundChange | undefined> => findChange({ directory: parent, clock, mark: 'ours', arm: () => Promise.resolve(0) });

  it('makes the change its own and carries it on while there is time', async () => {
    const folder = await begin(DEAD);
    await note(folder);
    clock.advance(1_000);
    expect(await find()).toMatchObject({ remainingMs: TIMEOUT_MS - 1_000 });
    expect(await folder.maker(await begun(folder))).toMatchObject({ mark: 'ours' });
  });

  it('rolls back what is past its deadline', async () => {
    await note(await begin(DEAD));
    clock.advance(TIMEOUT_MS);
    expect(await find()).toMatchObject({ cause: { reason: 'DeadlineExceeded' } });
  });

  it('goes on with a rollback that was under way, and says why it was', async () => {
    const folder = await begin(DEAD);
    await note(folder);
    const cause = { reason: 'ProbeFailed', message: 'nobody answered', failedProbe: 'ping 10.8.0.1' };
    await folder.beginRollback(cause);
    await folder.beat(clock.now());
    expect(await find()).toMatchObject({ cause });
  });

  it('rolls back what it can not take up', async () => {
    await note(await begin(DEAD));
    const found = await findChange({ directory: parent, clock, mark: 'ours', arm: () => Promise.reject(new Error('no watchdog')) });
    expect(found).toMatchObject({ cause: { message: expect.stringContaining('no watchdog') } });
  });

  it('forgets a change of which no step was begun', async () => {
    await begin(DEAD);
    expect(await find()).toBeUndefined();
    expect(await ending()).toBeUndefined();
  });

  async function begun(folder: CheckpointFolder): Promise<Checkpoint> {
    const checkpoint = await folder.read();
    if (!checkpoint) throw new Error('there is no checkpoint');
    return checkpoint;
  }
});

describe('ending what carries a mark', () => {
  it('waits until it is gone', async () => {
    const child = spawn('sleep', ['600'], { env: { PATH: '/usr/bin:/bin', [MARK_VARIABLE]: 'a mark' } });
    children.push(child);
    await once(child, 'spawn');
    const identity = await identityOf(child.pid ?? 0);
    await endMarked('a mark', systemClock);
    expect(await identityOf(child.pid ?? 0)).not.toEqual(identity);
  });
});
