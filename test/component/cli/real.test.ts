import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ObjectAddress } from '../../../api/registry/contract.ts';
import { eventually } from '../../fixtures/eventually.ts';
import { bridgectl, startBridgectl, type RunningBridgectl } from './bridgectl.ts';
import { RealServer } from './real-server.ts';

const LUNA = path.resolve(import.meta.dirname, '../../../examples/luna');

let server: RealServer;
let folder: string;
const running: RunningBridgectl[] = [];

beforeEach(async () => {
  server = new RealServer();
  await server.start();
  folder = mkdtempSync(path.join(tmpdir(), 'bridgectl-real-'));
});

afterEach(async () => {
  for (const each of running.splice(0)) {
    each.stop();
    await each.code;
  }
  rmSync(folder, { recursive: true });
  await server.destroy();
});

function call(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return bridgectl(args, { environment: { KUBECONFIG: server.kubeconfig } });
}

function start(...args: string[]): RunningBridgectl {
  const started = startBridgectl(args, { environment: { KUBECONFIG: server.kubeconfig } });
  running.push(started);
  return started;
}

function file(text: string): string {
  const full = path.join(folder, 'f.yaml');
  writeFileSync(full, text);
  return full;
}

function addressOf(kind: string, name: string): ObjectAddress {
  const type = server.registry.types.find((candidate) => candidate.kind === kind);
  if (!type) throw new Error(`there is no kind ${kind}`);
  return { type, name };
}

/** As the controller writes it. */
async function writeStatus(kind: string, name: string, status: object): Promise<void> {
  const at = { ...addressOf(kind, name), subresource: 'status' } as const;
  await server.registry.patch(at, { type: 'merge', body: { status } }, WRITE);
}

async function writeFinalizers(kind: string, name: string, finalizers: readonly string[]): Promise<void> {
  await server.registry.patch(addressOf(kind, name), { type: 'merge', body: { metadata: { finalizers } } }, WRITE);
}

const WRITE = { userName: 'controller', fieldManager: 'controller', dryRun: false, fieldValidation: 'Strict' } as const;

function ready(status: 'True' | 'False', message: string, generation: number): object {
  const condition = { type: 'Ready', status, reason: 'Programmed', message, observedGeneration: generation, lastTransitionTime: '2026-01-01T00:00:00Z' };
  return { conditions: [condition] };
}

const PORTGROUP = (tag: number, extra = ''): string => `apiVersion: bridgekeeper.dev/v1alpha1
kind: Portgroup
metadata:
  name: vlan-2
spec:
  bridgeName: lunabr
  vlan: {mode: access, tag: ${tag}}
${extra}`;

describe('bridgectl and the real server', () => {
  it('applies the examples, finds them unchanged, shows and deletes them', async () => {
    const created = await call('apply', '-f', LUNA);
    expect(created.code).toBe(0);
    expect(created.out.match(/ created$/gm)).toHaveLength(11);
    const again = await call('apply', '-f', LUNA);
    expect(again.out.match(/ unchanged$/gm)).toHaveLength(11);
    const shown = await call('get', 'all');
    for (const name of ['host/luna', 'bridge/lunabr', 'vlanport/vnet100', 'portgroup/vlan-100', 'virtualmachine/guest1']) {
      expect(shown.out).toMatch(new RegExp(`^${name} .* Unknown .*\\d+s$`, 'm'));
    }
    expect((await call('delete', '-f', LUNA)).out.match(/ deleted$/gm)).toHaveLength(11);
    expect(await call('get', 'all')).toEqual({ code: 0, out: '', err: 'There are no resources.\n' });
  });

  it('keeps the tables of the examples within 80 characters', async () => {
    await call('apply', '-f', LUNA);
    for (const line of (await call('get', 'all')).out.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });

  it('tells the doubts of the server once, with file and line', async () => {
    const { err } = await call('apply', '-f', LUNA);
    expect(err).toMatch(/^Warning: sin-vlan \(\S*30-portgroups\.yaml:\d+\): .*every VLAN/m);
    expect(new Set(err.split('\n')).size).toBe(err.split('\n').length);
  });

  it('says configured for a change, and takes away what the manifest no longer has', async () => {
    await call('apply', '-f', file(PORTGROUP(2, '  trustGuestRxFilters: true\n')));
    expect((await call('apply', '-f', file(PORTGROUP(3)))).out).toBe('portgroup.bridgekeeper.dev/vlan-2 configured\n');
    expect((await call('get', 'pg', 'vlan-2', '-o', 'jsonpath={.spec.vlan.tag}:{.spec.trustGuestRxFilters}')).out).toBe('3:');
  });

  it('stores nothing of what the server refuses, and names the field', async () => {
    const bad = file(PORTGROUP(5000));
    expect(await call('apply', '-f', bad)).toEqual({ code: 1, out: '', err: `error: vlan-2 (${bad}:7): spec.vlan.tag: 5000 is more than 4094\n` });
    file(PORTGROUP(2, '  nope: 1\n'));
    expect((await call('apply', '-f', bad)).err).toBe(`error: vlan-2 (${bad}:8): spec.nope: there is no such field\n`);
    file(PORTGROUP(2).replace('tag: 2', 'tag: 2, trunks: [1]'));
    expect((await call('apply', '-f', bad)).err).toMatch(/^error: vlan-2 \(\S+:7\): spec\.vlan\S*: /);
    expect((await call('get', 'pg')).out).toBe('');
  });

  it('stores nothing with --dry-run=server', async () => {
    expect((await call('apply', '--dry-run=server', '-f', LUNA)).code).toBe(0);
    expect((await call('get', 'all')).out).toBe('');
  });

  it('does not take over what another has set, unless it is told to', async () => {
    await call('apply', '-f', file(PORTGROUP(2)), '--field-manager=terraform');
    const mine = file(PORTGROUP(3));
    expect((await call('apply', '-f', mine)).err).toBe(
      `error: vlan-2 (${mine}:7): spec.vlan.tag: is set by "terraform". Leave it out, or take it over with --force-conflicts\n`,
    );
    expect((await call('apply', '-f', mine, '--force-conflicts')).out).toBe('portgroup.bridgekeeper.dev/vlan-2 configured\n');
  });

  it('applies what it has itself printed, as long as that is what the server has', async () => {
    await call('apply', '-f', LUNA);
    const printed = file((await call('get', 'all', '-o', 'yaml')).out);
    expect(await call('apply', '-f', printed)).toMatchObject({ code: 0 });
    // The first time changed who owns the defaulted fields, and so the resourceVersion.
    const { code, err } = await call('apply', '-f', printed);
    expect(code).toBe(1);
    expect(err).toMatch(/^error: luna \(\S+:\d+\): metadata\.resourceVersion: the object has changed since\. Take this field out/);
  });

  it('waits for a condition that the controller sets', async () => {
    await call('apply', '-f', file(PORTGROUP(2)));
    const waiting = start('wait', '-f', file(PORTGROUP(2)), '--for=condition=Ready');
    await writeStatus('Portgroup', 'vlan-2', ready('False', 'not yet', 1));
    await writeStatus('Portgroup', 'vlan-2', ready('True', '', 1));
    expect(await waiting.code).toBe(0);
    expect(waiting.out).toBe('portgroup.bridgekeeper.dev/vlan-2 condition met\n');
  });

  it('waits for the controller to let go of what it deletes', async () => {
    await call('apply', '-f', file(PORTGROUP(2)));
    await writeFinalizers('Portgroup', 'vlan-2', ['bridgekeeper.dev/host']);
    const deleting = start('delete', 'pg', 'vlan-2');
    await eventually(() => deleting.out !== '');
    expect((await call('describe', 'pg/vlan-2')).out).toMatch(/^Deleting: +since .* held by \["bridgekeeper\.dev\/host"\]$/m);
    await writeFinalizers('Portgroup', 'vlan-2', []);
    expect(await deleting.code).toBe(0);
  });

  it('goes on with a watch through a restart of the server', async () => {
    await call('apply', '-f', file(PORTGROUP(2)));
    const watching = start('get', 'pg', '-w');
    await eventually(() => watching.out.includes('vlan-2'));
    await server.stop();
    await server.start();
    await writeStatus('Portgroup', 'vlan-2', ready('True', '', 1));
    await eventually(() => watching.out.includes('True'), 15_000);
    expect(watching.out.match(/vlan-2/g)).toHaveLength(2);
  });

  it('selects by label and by field', async () => {
    await call('apply', '-f', LUNA);
    await call('apply', '-f', file(PORTGROUP(2).replace('name: vlan-2', 'name: labelled\n  labels: {tier: mgmt}')));
    expect((await call('get', 'pg', '-l', 'tier=mgmt', '-o', 'name')).out).toBe('portgroup.bridgekeeper.dev/labelled\n');
    expect((await call('get', 'pg', '-l', 'tier!=mgmt', '-o', 'name')).out).not.toContain('labelled');
    expect((await call('get', 'pg', '--field-selector', 'metadata.name=vlan-6', '-o', 'name')).out).toBe('portgroup.bridgekeeper.dev/vlan-6\n');
    const bad = await call('get', 'pg', '-l', 'a=b=c');
    expect([bad.code, bad.err.trim().split('\n').length]).toEqual([1, 1]);
  });

  it('shows events, in describe and on their own', async () => {
    await call('apply', '-f', file(PORTGROUP(2)));
    const uid = (await call('get', 'pg/vlan-2', '-o', 'jsonpath={.metadata.uid}')).out;
    const event = {
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name: 'vlan-2.1', namespace: 'default' },
      involvedObject: { apiVersion: 'bridgekeeper.dev/v1alpha1', kind: 'Portgroup', name: 'vlan-2', uid },
      reason: 'DriftCorrected',
      message: 'tag was 200, is 2 again',
      type: 'Warning',
      count: 3,
      lastTimestamp: new Date().toISOString(),
    };
    const applied = await call('apply', '-f', file(JSON.stringify(event)));
    expect(applied).toMatchObject({ code: 0, err: '' });
    expect((await call('events', '--for', 'pg/vlan-2')).out).toMatch(/\n\d+s \(x3\) +Warning +DriftCorrected +portgroup\/vlan-2 +tag was 200, is 2 again\n$/);
    expect((await call('describe', 'pg/vlan-2')).out).toMatch(/ {2}\d+s \(x3\) +Warning +DriftCorrected +tag was 200, is 2 again\n$/);
    expect((await call('events', '--for', 'pg/vlan-2', '--types=Normal')).out).toBe('');
  });

  it('lists the kinds of the server', async () => {
    const { out } = await call('api-resources');
    expect(out).toMatch(/^bridges +br +bridgekeeper\.dev\/v1alpha1 +no +Bridge$/m);
    expect((await call('api-resources', '-o', 'name', '--api-group', 'bridgekeeper.dev')).out.trim().split('\n')).toHaveLength(9);
  });
});
