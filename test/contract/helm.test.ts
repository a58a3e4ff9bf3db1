import { execFile } from 'node:child_process';
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Registry, ResourceType } from '../../api/registry/contract.ts';
import { kubectlFor } from './kubectl.ts';
import type { Kubectl } from './kubectl.ts';
import { programPath } from './program.ts';
import { serveApi } from './serve.ts';
import type { ServedApi } from './serve.ts';

const CRDS = join(import.meta.dirname, '..', '..', 'crds');
const CHART = join(import.meta.dirname, 'chart');
const OURS = ['bridges', 'portgroups'];

/** One life of a release of a chart with our kinds, and with our CRDs in its crds/; the tests go on from each other. */
describe('helm', () => {
  let api: ServedApi;
  let home: string;
  let chart: string;
  let kubectl: Kubectl;

  beforeAll(async () => {
    api = await serveApi();
    home = await mkdtemp(join(tmpdir(), 'bridgekeeper-helm-'));
    chart = join(home, 'lunanet');
    await cp(CHART, chart, { recursive: true });
    await cp(CRDS, join(chart, 'crds'), { recursive: true });
    kubectl = kubectlFor(api.kubeconfig, home);
  });

  afterAll(async () => {
    await api.stop();
    await rm(home, { recursive: true });
  });

  function helm(...args: string[]): Promise<{ readonly code: number; readonly stdout: string; readonly stderr: string }> {
    const env = { PATH: process.env['PATH'] ?? '', HOME: home, KUBECONFIG: api.kubeconfig };
    return new Promise((resolve) => {
      execFile(programPath('helm'), args, { env, timeout: 60_000 }, (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : typeof error.code === 'number' ? error.code : -1, stdout, stderr });
      });
    });
  }

  async function succeed(...args: string[]): Promise<string> {
    const result = await helm(...args);
    expect(result, `helm ${args.join(' ')}: ${result.stderr}`).toMatchObject({ code: 0 });
    return result.stdout;
  }

  async function names(): Promise<string> {
    return (await kubectl(['get', 'bridges,portgroups,configmaps', '-o', 'name'])).stdout;
  }

  it('waits for our kinds, and says which are not ready', async () => {
    const result = await helm('install', 'net', chart, '--wait', '--timeout', '2s');
    expect(result.code).toBe(1);
    expect(result.stderr).toContain('resource Bridge//lunabr not ready. status: InProgress, message: The controller has not looked at it yet');
    await succeed('uninstall', 'net', '--wait', '--timeout', '20s');
    expect(await names()).toBe('');
  });

  it('installs, and waits until everything is ready', async () => {
    const stop = keepReady(api.registry);
    try {
      expect(await succeed('install', 'net', chart, '--wait', '--timeout', '30s')).toMatch(/^STATUS: deployed\n(.*\n)*The bridge is lunabr\.$/m);
      expect(await names()).toBe('bridge.bridgekeeper.dev/lunabr\nportgroup.bridgekeeper.dev/vlan-7\nconfigmap/net-notes\n');
    } finally {
      stop();
    }
  });

  it('lists the release and shows what stands in it', async () => {
    expect(await succeed('list')).toMatch(/^net +\tdefault +\t1 +\t.*\tdeployed *\tlunanet-0\.1\.0/m);
    expect(await succeed('status', 'net')).toMatch(/^==> v1alpha1\/Portgroup\nNAME +BRIDGE +VLAN +DEFAULT +PORTS +READY +AGE\nvlan-7 +lunabr .* True /m);
    expect(await succeed('get', 'manifest', 'net')).toMatch(/^kind: Portgroup$/m);
  });

  it('does not take over what another release has', async () => {
    const result = await helm('install', 'other', chart);
    expect(result.code).toBe(1);
    expect(result.stderr).toMatch(/"lunabr" in namespace "" exists and cannot be imported into the current release: invalid ownership metadata/);
  });

  it('upgrades: changes what stayed, removes what is no longer there', async () => {
    const stop = keepReady(api.registry);
    try {
      await succeed('upgrade', 'net', chart, '--set', 'tag=8', '--wait', '--timeout', '30s');
    } finally {
      stop();
    }
    expect(await names()).toBe('bridge.bridgekeeper.dev/lunabr\nportgroup.bridgekeeper.dev/vlan-8\nconfigmap/net-notes\n');
    expect((await kubectl(['get', 'cm', 'net-notes', '-o', 'jsonpath={.data.tag}'])).stdout).toBe('8');
  });

  it('leaves a failed upgrade in the history, goes on from it, and rolls back', async () => {
    const failed = await helm('upgrade', 'net', chart, '--set', 'tag=5000');
    expect(failed.code).toBe(1);
    expect(failed.stderr).toContain('spec.vlan.tag: Invalid value: 5000: spec.vlan.tag in body should be less than or equal to 4094');
    await succeed('upgrade', 'net', chart, '--set', 'tag=9');
    await succeed('rollback', 'net', '1');
    expect(await names()).toBe('bridge.bridgekeeper.dev/lunabr\nportgroup.bridgekeeper.dev/vlan-7\nconfigmap/net-notes\n');
    const history = (await succeed('history', 'net')).trim().split('\n').slice(1);
    expect(history.map((line) => line.split('\t')[2]?.trim())).toEqual(['superseded', 'superseded', 'failed', 'superseded', 'deployed']);
  });

  it('uninstalls, and leaves the CRDs', async () => {
    expect(await succeed('uninstall', 'net')).toBe('release "net" uninstalled\n');
    expect(await names()).toBe('');
    expect(await succeed('list', '--all-namespaces', '--short')).toBe('');
    expect((await kubectl(['get', 'crd', '-o', 'name'])).stdout.trim().split('\n')).toHaveLength(9);
  });
});

/** In place of the controller: whatever comes of our kinds is Ready at its generation. Returns the way to stop. */
function keepReady(registry: Registry): () => void {
  const failed = (error: unknown): void => {
    process.emitWarning(error instanceof Error ? error : String(error));
  };
  const stops = registry.types
    .filter((type) => OURS.includes(type.plural))
    .map((type) =>
      registry.watch(type, { sendInitialEvents: true }, {
        event({ type: change, object }) {
          const { name, generation } = object.metadata;
          if (change === 'DELETED' || readyAt(object.status) === generation) return;
          void sayReady(registry, type, name, generation).catch(failed);
        },
        bookmark: () => undefined,
        failed,
      }),
    );
  return () => stops.forEach((stop) => stop());
}

function readyAt(status: unknown): unknown {
  return typeof status === 'object' && status !== null && 'observedGeneration' in status ? status.observedGeneration : undefined;
}

async function sayReady(registry: Registry, type: ResourceType, name: string, generation: number): Promise<void> {
  const conditions = ['Accepted', 'Programmed', 'Ready'].map((condition) => ({
    type: condition, status: 'True', reason: 'Programmed', message: '', lastTransitionTime: '2026-01-01T00:00:00Z', observedGeneration: generation,
  }));
  const patch = { type: 'merge' as const, body: { status: { observedGeneration: generation, conditions } } };
  await registry.patch({ type, name, subresource: 'status' }, patch, { userName: 'controller', fieldManager: 'controller', dryRun: false, fieldValidation: 'Strict' });
}
