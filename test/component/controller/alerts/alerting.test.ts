import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { customResourceDefinitions } from '../../../../api/generated/crds.ts';
import type { Alert } from '../../../../controller/alerts/alert.ts';
import { Alerting } from '../../../../controller/alerts/alerting.ts';
import { InProcessClient } from '../../../../controller/client/in-process-client.ts';
import { openJournal, type Journal } from '../../../../controller/journal/sqlite-journal.ts';
import { eventually } from '../../../fixtures/eventually.ts';
import { openRegistry, portgroup, WRITE, type OpenedRegistry } from '../../api/registry/opened-registry.ts';

const SECOND_MS = 1_000;

let opened: OpenedRegistry;
let folder: string;
let journal: Journal;
let alerting: Alerting;
let server: Server;
let url: string;
let isTaking = true;
let told: { readonly path: string; readonly event: string; readonly alerts: readonly Alert[] }[] = [];
const failures: unknown[] = [];

beforeEach(async () => {
  told = [];
  isTaking = true;
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => (body += chunk.toString()));
    request.on('end', () => {
      if (isTaking) told.push({ path: request.url ?? '', ...(JSON.parse(body) as { event: string; alerts: Alert[] }) });
      response.writeHead(isTaking ? 200 : 503).end();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  url = `http://127.0.0.1:${address.port}`;
  opened = await openRegistry({ crds: customResourceDefinitions });
  folder = mkdtempSync(path.join(tmpdir(), 'alerting-'));
  journal = openJournal(path.join(folder, 'journal.sqlite'));
  await start();
});

afterEach(async () => {
  await alerting.stop();
  journal.close();
  server.close();
  rmSync(folder, { recursive: true });
  await opened.close();
  expect(failures).toEqual([]);
});

async function start(): Promise<void> {
  alerting = new Alerting({
    client: new InProcessClient(opened.registry),
    journal,
    clock: opened.clock,
    hostName: 'luna',
    standalone: true,
    random: () => 0,
    listener: { attempted: () => undefined, failed: (error) => failures.push(error) },
  });
  await alerting.start();
}

/** As after `kill -9`: only the file is left. */
async function restart(meanwhile: () => Promise<void>): Promise<void> {
  await alerting.stop();
  await meanwhile();
  await start();
}

async function addReceiver(name: string, spec: Record<string, unknown> = {}): Promise<void> {
  const body = { apiVersion: 'bridgekeeper.dev/v1alpha1', kind: 'AlertReceiver', metadata: { name }, spec: { type: 'webhook', url: `${url}/${name}`, ...spec } };
  await opened.registry.create(opened.type('alertreceivers'), undefined, body, WRITE);
}

async function addPortgroup(): Promise<void> {
  await opened.registry.create(opened.type('portgroups'), undefined, portgroup('a'), WRITE);
}

/** Writes its conditions: `Stalled`, or that all is well. */
async function condition(stalled: boolean): Promise<void> {
  const common = { lastTransitionTime: '2026-01-01T00:00:00Z', message: 'somebody else has it', reason: stalled ? 'NotOwned' : 'Ready' };
  const conditions = [{ type: 'Ready', status: stalled ? 'False' : 'True', ...common }, ...(stalled ? [{ type: 'Stalled', status: 'True', ...common }] : [])];
  await opened.registry.patch({ ...opened.at('portgroups', 'a'), subresource: 'status' }, { type: 'merge', body: { status: { conditions } } }, WRITE);
}

/** Lets time pass in steps, with time for the network between them. */
async function pass(ms: number): Promise<void> {
  const stepMs = Math.max(250, ms / 100);
  for (let passed = 0; passed < ms; passed += stepMs) {
    opened.clock.advance(stepMs);
    for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
  }
}

/** Lets time pass until so many messages came. */
async function come(count: number): Promise<void> {
  await eventually(async () => {
    await pass(250);
    return told.length >= count;
  });
}

function events(receiver: string): string[] {
  return told.filter((each) => each.path === `/${receiver}`).map(({ event }) => event);
}

describe('a trouble that lasts', () => {
  it('is told once, and its end to whom it was told', async () => {
    await addReceiver('ops');
    await addReceiver('critical', { minSeverity: 'Critical' });
    await addPortgroup();
    await condition(true);
    await come(1);
    await pass(60 * SECOND_MS);
    expect(events('ops')).toEqual(['Stalled']);
    await condition(false);
    await come(2);
    expect(events('ops')).toEqual(['Stalled', 'Recovered']);
    expect(told[1]?.alerts).toMatchObject([{ ends: 'Stalled', key: told[0]?.alerts[0]?.key, message: 'is over: somebody else has it (NotOwned)' }]);
    expect(events('critical')).toEqual([]);
  });

  it('is not told when it ends at once, and neither is its end', async () => {
    await addReceiver('ops');
    await addPortgroup();
    await condition(true);
    await pass(1_750);
    await condition(false);
    await pass(60 * SECOND_MS);
    expect(told).toEqual([]);
  });

  it('is told again after the repeat interval, with another id and the same key', async () => {
    await addReceiver('ops', { repeatIntervalSeconds: 600 });
    await addReceiver('once', { repeatIntervalSeconds: 0 });
    await addPortgroup();
    await condition(true);
    await come(2);
    await pass(590 * SECOND_MS);
    expect(events('ops')).toEqual(['Stalled']);
    await pass(20 * SECOND_MS);
    await come(3);
    expect(events('ops')).toEqual(['Stalled', 'Stalled']);
    expect(events('once')).toEqual(['Stalled']);
    const alerts = told.filter((each) => each.path === '/ops').map((each) => each.alerts[0]);
    expect(new Set(alerts.map((alert) => alert?.id)).size).toBe(2);
    expect(new Set(alerts.map((alert) => alert?.key)).size).toBe(1);
  });

  it('is not heaped up for a receiver that is away', async () => {
    await addReceiver('ops', { repeatIntervalSeconds: 60 });
    await addPortgroup();
    isTaking = false;
    await condition(true);
    await pass(3_600 * SECOND_MS);
    expect(alerting.pending()).toEqual(new Map([['ops', 1]]));
  });

  it('is told to a receiver that came later', async () => {
    await addPortgroup();
    await condition(true);
    await pass(60 * SECOND_MS);
    await addReceiver('late');
    await come(1);
    expect(events('late')).toEqual(['Stalled']);
  });

  it('is not told again after a restart, and that it ended meanwhile is', async () => {
    await addReceiver('ops');
    await addPortgroup();
    await condition(true);
    await come(1);
    await restart(() => Promise.resolve());
    await pass(60 * SECOND_MS);
    expect(events('ops')).toEqual(['Stalled']);
    await restart(() => condition(false));
    await come(2);
    expect(events('ops')).toEqual(['Stalled', 'Recovered']);
  });

  it('that began while nobody looked is told', async () => {
    await addReceiver('ops');
    await addPortgroup();
    await restart(() => condition(true));
    await come(1);
    expect(events('ops')).toEqual(['Stalled']);
  });

  it('ends with its resource', async () => {
    await addReceiver('ops');
    await addPortgroup();
    await condition(true);
    await come(1);
    await opened.registry.delete(opened.at('portgroups', 'a'), { userName: 'ann', dryRun: false });
    await come(2);
    expect(told[1]?.alerts).toMatchObject([{ event: 'Recovered', message: 'is deleted; it was: somebody else has it (NotOwned)' }]);
  });
});

describe('an alert that is over at once', () => {
  const alert = (id: string): Alert => ({
    id,
    key: 'Portgroup/a DriftCorrected',
    event: 'DriftCorrected',
    severity: 'Info',
    state: 'Once',
    hostName: 'luna',
    subject: { kind: 'Portgroup', name: 'a' },
    message: 'it was changed',
    startedAt: opened.clock.now(),
  });

  it('is sent after a restart when it could not be sent before it, once', async () => {
    await addReceiver('ops');
    isTaking = false;
    alerting.tell(alert('1'), () => undefined);
    await pass(5 * SECOND_MS);
    await restart(() => Promise.resolve());
    isTaking = true;
    await come(1);
    await pass(600 * SECOND_MS);
    expect(told.flatMap(({ alerts }) => alerts.map(({ id }) => id))).toEqual(['1']);
  });

  it('is on disk also when the end comes in the same instant', async () => {
    await addReceiver('ops');
    alerting.tell(alert('1'), () => undefined);
    await restart(() => Promise.resolve());
    await come(1);
    expect(told[0]?.alerts.map(({ id }) => id)).toEqual(['1']);
  });

  it('of a burst comes in few messages, each alert once', async () => {
    await addReceiver('ops');
    for (let each = 0; each < 250; each += 1) alerting.tell(alert(String(each)), () => undefined);
    await come(3);
    await pass(60 * SECOND_MS);
    expect(told.map(({ alerts }) => alerts.length)).toEqual([100, 100, 50]);
    expect(new Set(told.flatMap(({ alerts }) => alerts.map(({ id }) => id))).size).toBe(250);
  });
});
