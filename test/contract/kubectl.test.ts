import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { fieldOf } from '../../api/machinery/json.ts';
import { kubectlFor } from './kubectl.ts';
import type { Kubectl, KubectlResult } from './kubectl.ts';
import { serveApi } from './serve.ts';
import type { ServedApi } from './serve.ts';

const EXAMPLES = join(import.meta.dirname, '..', '..', 'examples', 'luna');
const CRDS = join(import.meta.dirname, '..', '..', 'crds');
const ALL_KINDS = 'hosts,bridges,vlanports,portgroups,virtualmachines';

function portgroup(name: string, extra = ''): string {
  return `apiVersion: bridgekeeper.dev/v1alpha1\nkind: Portgroup\nmetadata:\n  name: ${name}\n  labels: {tier: test}\n${extra}spec:\n  bridgeName: lunabr\n  vlan: {mode: access, tag: 7}\n`;
}

describe('kubectl', () => {
  let api: ServedApi;
  let home: string;
  let kubectl: Kubectl;

  beforeAll(async () => {
    api = await serveApi();
    home = await mkdtemp(join(tmpdir(), 'bridgekeeper-kubectl-'));
    kubectl = kubectlFor(api.kubeconfig, home);
  });

  afterAll(async () => {
    await api.stop();
    await rm(home, { recursive: true });
  });

  beforeEach(async () => {
    await succeed(['delete', ALL_KINDS, '--all']);
  });

  async function succeed(args: readonly string[], options?: { readonly input?: string }): Promise<KubectlResult> {
    const result = await kubectl(args, options);
    expect(result, `kubectl ${args.join(' ')}: ${result.stderr}`).toMatchObject({ code: 0 });
    return result;
  }

  async function refused(args: readonly string[], options?: { readonly input?: string }): Promise<string> {
    const result = await kubectl(args, options);
    expect(result, `kubectl ${args.join(' ')}`).not.toMatchObject({ code: 0 });
    return result.stderr;
  }

  async function apply(manifest: string): Promise<KubectlResult> {
    return succeed(['apply', '-f', '-'], { input: manifest });
  }

  describe('finds out what is served', () => {
    it('lists resources with their short names, groups and scope', async () => {
      const { stdout } = await succeed(['api-resources']);
      expect(stdout).toMatch(/^portgroups +pg +bridgekeeper\.dev\/v1alpha1 +false +Portgroup$/m);
      expect(stdout).toMatch(/^secrets +v1 +true +Secret$/m);
      expect(stdout).toMatch(/^customresourcedefinitions +crd,crds +apiextensions\.k8s\.io\/v1 +false +CustomResourceDefinition$/m);
    });

    it('shows versions', async () => {
      expect((await succeed(['version'])).stdout).toMatch(/^Server Version: v1\.36\.\d+\+bridgekeeper/m);
    });

    it('explains fields of our kinds and of built-in ones', async () => {
      expect((await succeed(['explain', 'portgroup.spec.vlan.tag'])).stdout).toMatch(/FIELD: tag <integer>/);
      expect((await succeed(['explain', 'vm', '--recursive'])).stdout).toMatch(/^ +portgroupName\t<string>$/m);
      expect((await succeed(['explain', 'secret.data'])).stdout).toMatch(/FIELD: data <map\[string\]string>/);
      expect((await succeed(['explain', 'leases.spec'])).stdout).toMatch(/holderIdentity\t<string>/);
    });
  });

  describe('applies', () => {
    it('every example on the client side, and again without a change', async () => {
      const first = await succeed(['apply', '-f', EXAMPLES]);
      expect(first.stdout).toMatch(/^portgroup\.bridgekeeper\.dev\/vlan-100 created$/m);
      const before = await succeed(['get', ALL_KINDS, '-o', 'json']);
      const second = await succeed(['apply', '-f', EXAMPLES]);
      expect(second.stdout).toMatch(/^portgroup\.bridgekeeper\.dev\/vlan-100 unchanged$/m);
      expect(JSON.parse((await succeed(['get', ALL_KINDS, '-o', 'json'])).stdout)).toEqual(JSON.parse(before.stdout));
      expect((await succeed(['diff', '-f', EXAMPLES])).stdout).toBe('');
    });

    it('every example on the server side, and again without a change', async () => {
      const first = await succeed(['apply', '--server-side', '-f', EXAMPLES]);
      expect(first.stdout).toMatch(/^bridge\.bridgekeeper\.dev\/lunabr serverside-applied$/m);
      const before = await succeed(['get', ALL_KINDS, '-o', 'json']);
      await succeed(['apply', '--server-side', '-f', EXAMPLES]);
      expect(JSON.parse((await succeed(['get', ALL_KINDS, '-o', 'json'])).stdout)).toEqual(JSON.parse(before.stdout));
    });

    it('and warns of nothing where every field acts', async () => {
      expect((await succeed(['apply', '-f', join(EXAMPLES, '00-host.yaml')])).stderr).toBe('');
    });

    it('a change, and shows it first as a difference', async () => {
      await apply(portgroup('changing'));
      const changed = portgroup('changing').replace('tag: 7', 'tag: 8');
      const difference = await kubectl(['diff', '-f', '-'], { input: changed });
      expect(difference.code).toBe(1);
      expect(difference.stdout).toMatch(/^-\s+tag: 7\n\+\s+tag: 8$/m);
      expect((await apply(changed)).stdout).toBe('portgroup.bridgekeeper.dev/changing configured\n');
      expect(await valueOf('changing', '{.spec.vlan.tag}')).toBe('8');
      expect(await valueOf('changing', '{.metadata.generation}')).toBe('2');
    });

    it('nothing on a dry run', async () => {
      const { stdout } = await succeed(['apply', '--dry-run=server', '-f', '-'], { input: portgroup('dry') });
      expect(stdout).toBe('portgroup.bridgekeeper.dev/dry created (server dry run)\n');
      expect(await refused(['get', 'pg', 'dry'])).toMatch(/\(NotFound\): portgroups\.bridgekeeper\.dev "dry" not found/);
    });

    it('with conflicts told by field and manager', async () => {
      await succeed(['apply', '--server-side', '--field-manager=alice', '-f', '-'], { input: portgroup('shared') });
      const bob = ['apply', '--server-side', '--field-manager=bob', '-f', '-'];
      const input = portgroup('shared').replace('tag: 7', 'tag: 8');
      expect(await refused(bob, { input })).toMatch(/conflict with "alice": \.spec\.vlan\.tag/);
      await succeed([...bob, '--force-conflicts'], { input });
      expect(await valueOf('shared', '{.spec.vlan.tag}')).toBe('8');
    });
  });

  describe('gets', () => {
    beforeEach(async () => {
      await succeed(['apply', '-f', EXAMPLES]);
    });

    it('a table, wide or not', async () => {
      const narrow = await succeed(['get', 'pg']);
      expect(narrow.stdout).toMatch(/^NAME +BRIDGE +VLAN +DEFAULT +PORTS +READY +AGE\n/);
      expect(narrow.stdout).toMatch(/^vlan-100 +lunabr +true +Unknown +\d+s$/m);
      expect((await succeed(['get', 'pg', '-o', 'wide'])).stdout).toMatch(/^NAME .* AGE +NETWORK +MESSAGE/);
    });

    it('JSON, YAML, names, paths and custom columns', async () => {
      expect(fieldOf(JSON.parse((await succeed(['get', 'pg', 'vlan-2', '-o', 'json'])).stdout), 'kind')).toBe('Portgroup');
      expect(fieldOf(parse((await succeed(['get', 'pg', '-o', 'yaml'])).stdout), 'kind')).toBe('List');
      expect((await succeed(['get', 'pg', 'vlan-2', 'vlan-3', '-o', 'name'])).stdout).toBe(
        'portgroup.bridgekeeper.dev/vlan-2\nportgroup.bridgekeeper.dev/vlan-3\n',
      );
      expect(await valueOf('vlan-2', '{.spec.vlan.tag}')).toBe('2');
      const columns = await succeed(['get', 'pg', 'vlan-2', '-o', 'custom-columns=TAG:.spec.vlan.tag']);
      expect(columns.stdout).toBe('TAG\n2\n');
    });

    it('what selectors choose', async () => {
      await succeed(['label', 'pg', 'vlan-2', 'vlan-3', 'tier=core']);
      expect((await succeed(['get', 'pg', '-l', 'tier=core', '-o', 'name'])).stdout.split('\n')).toHaveLength(3);
      expect((await succeed(['get', 'pg', '-l', 'tier notin (core)', '-o', 'name'])).stdout).not.toContain('vlan-2');
      const one = await succeed(['get', 'pg', '--field-selector', 'metadata.name=vlan-6', '-o', 'name']);
      expect(one.stdout).toBe('portgroup.bridgekeeper.dev/vlan-6\n');
      expect(await refused(['get', 'pg', '-l', 'a b'])).toMatch(/unable to parse requirement/);
      expect(await refused(['get', 'pg', '--field-selector', 'spec.bridgeName=x'])).toMatch(/field label not supported: spec\.bridgeName/);
    });

    it('a long list in pieces', async () => {
      const { stdout } = await succeed(['get', 'pg', '--chunk-size=2', '-o', 'name']);
      expect(stdout.trim().split('\n')).toHaveLength(6);
    });

    it('all kinds of the category', async () => {
      expect((await succeed(['get', 'bridgekeeper', '-o', 'name'])).stdout).toMatch(/^virtualmachine\.bridgekeeper\.dev\/guest1$/m);
    });

    it('changes as they come', async () => {
      const watching = kubectl.start(['get', 'pg', '-w', '-o', 'name']);
      let seen = '';
      watching.stdout?.on('data', (chunk: Buffer) => (seen += chunk.toString()));
      try {
        await vi.waitFor(() => expect(seen).toContain('portgroup.bridgekeeper.dev/vlan-6\n'), { timeout: 20_000 });
        await apply(portgroup('late'));
        await vi.waitFor(() => expect(seen).toContain('portgroup.bridgekeeper.dev/late\n'), { timeout: 20_000 });
      } finally {
        watching.kill();
      }
    });

    it('changes as a table', async () => {
      const watching = kubectl.start(['get', 'pg', '--watch-only', '--output-watch-events']);
      let seen = '';
      watching.stdout?.on('data', (chunk: Buffer) => (seen += chunk.toString()));
      try {
        await vi.waitFor(
          async () => {
            await succeed(['annotate', 'pg', 'vlan-3', '--overwrite', `seen=${seen.length}-${Math.random()}`]);
            expect(seen).toMatch(/^EVENT +NAME +BRIDGE .*\nMODIFIED +vlan-3 +lunabr/m);
          },
          { timeout: 20_000 },
        );
      } finally {
        watching.kill();
      }
    });
  });

  describe('changes one object', () => {
    beforeEach(async () => {
      await apply(portgroup('one'));
    });

    it('by labels and annotations', async () => {
      expect((await succeed(['label', 'pg', 'one', 'a=b'])).stdout).toBe('portgroup.bridgekeeper.dev/one labeled\n');
      expect((await succeed(['annotate', 'pg', 'one', 'note=x'])).stdout).toBe('portgroup.bridgekeeper.dev/one annotated\n');
      expect(await valueOf('one', '{.metadata.labels.a} {.metadata.annotations.note} {.metadata.generation}')).toBe('b x 1');
      expect(await refused(['label', 'pg', 'one', 'a=c'])).toMatch(/already has a value/);
    });

    it('by an editor', async () => {
      const editor = join(home, 'editor.sh');
      await writeFile(editor, '#!/bin/sh\nsed -i "s/tag: 7/tag: 9/" "$1"\n', { mode: 0o755 });
      const edited = await kubectlFor(api.kubeconfig, home, { KUBE_EDITOR: editor })(['edit', 'pg', 'one']);
      expect(edited).toMatchObject({ code: 0, stdout: 'portgroup.bridgekeeper.dev/one edited\n' });
      expect(await valueOf('one', '{.spec.vlan.tag}')).toBe('9');
    });

    it('by a merge patch and a JSON patch, but by no strategic one', async () => {
      await succeed(['patch', 'pg', 'one', '--type=merge', '-p', '{"spec":{"vlan":{"tag":10}}}']);
      await succeed(['patch', 'pg', 'one', '--type=json', '-p', '[{"op":"test","path":"/spec/vlan/tag","value":10},{"op":"replace","path":"/spec/vlan/tag","value":11}]']);
      expect(await valueOf('one', '{.spec.vlan.tag}')).toBe('11');
      expect(await refused(['patch', 'pg', 'one', '-p', '{"spec":{}}'])).toMatch(/strategic-merge-patch\+json is not supported by/);
    });

    it('by its status, and waits for the condition', async () => {
      const waiting = succeed(['wait', '--for=condition=Ready', 'pg/one', '--timeout=30s']);
      const condition = { type: 'Ready', status: 'True', reason: 'Programmed', message: '', lastTransitionTime: '2026-01-01T00:00:00Z' };
      await succeed(['patch', 'pg', 'one', '--subresource=status', '--type=merge', '-p', JSON.stringify({ status: { conditions: [condition] } })]);
      expect((await waiting).stdout).toBe('portgroup.bridgekeeper.dev/one condition met\n');
      expect((await succeed(['get', 'pg', 'one'])).stdout).toMatch(/^one +lunabr .* True /m);
    });

    it('by replacing it, unless it changed meanwhile', async () => {
      const { stdout } = await succeed(['get', 'pg', 'one', '-o', 'yaml']);
      await succeed(['label', 'pg', 'one', 'later=yes']);
      expect(await refused(['replace', '-f', '-'], { input: stdout })).toMatch(/\(Conflict\): .* the object has been modified/);
      expect((await succeed(['replace', '-f', '-'], { input: portgroup('one') })).stdout).toMatch(/one replaced/);
    });
  });

  describe('deletes', () => {
    it('at once', async () => {
      await apply(portgroup('short-lived'));
      expect((await succeed(['delete', 'pg', 'short-lived'])).stdout).toMatch(/^portgroup\.bridgekeeper\.dev "short-lived" deleted/);
      expect(await refused(['delete', 'pg', 'short-lived'])).toMatch(/not found/);
    });

    it('and waits until the finalizers are gone', async () => {
      await apply(portgroup('held', '  finalizers: [example.com/hold]\n'));
      const deleting = succeed(['delete', 'pg', 'held']);
      await vi.waitFor(async () => expect(await valueOf('held', '{.metadata.deletionTimestamp}')).not.toBe(''), { timeout: 20_000 });
      await succeed(['patch', 'pg', 'held', '--type=merge', '-p', '{"metadata":{"finalizers":null}}']);
      await deleting;
      expect(await refused(['get', 'pg', 'held'])).toMatch(/not found/);
    });

    it('what a selector chooses, and what files name', async () => {
      await succeed(['apply', '-f', EXAMPLES]);
      await apply(portgroup('by-label'));
      expect((await succeed(['delete', 'pg', '-l', 'tier=test'])).stdout.trim().split('\n')).toHaveLength(1);
      expect((await succeed(['delete', '-f', EXAMPLES])).stdout.trim().split('\n')).toHaveLength(11);
    });
  });

  describe('is told what is wrong', () => {
    it.each([
      ['an unknown field', portgroup('x').replace('bridgeName', 'nope: 1\n  bridgeName'), /strict decoding error: unknown field "spec\.nope"/],
      ['a value out of range', portgroup('x').replace('tag: 7', 'tag: 5000'), /spec\.vlan\.tag: Invalid value: 5000: .* less than or equal to 4094/],
      ['a wrong type', portgroup('x').replace('tag: 7', 'tag: cien'), /spec\.vlan\.tag: Invalid value: "string": .* must be of type integer/],
      ['a bad name', portgroup('Bad_Name'), /metadata\.name: Invalid value: "Bad_Name": a lowercase RFC 1123 subdomain/],
      ['an access port with trunks', portgroup('x').replace('tag: 7', 'tag: 7, trunks: [1]'), /is invalid: spec\.vlan/],
      ['an unknown kind', portgroup('x').replace('Portgroup', 'Portgrp'), /no matches for kind "Portgrp"/],
      ['no YAML', 'a: b: c', /error (parsing|converting)/],
    ])('%s', async (_what, input, message) => {
      expect(await refused(['create', '-f', '-'], { input })).toMatch(message);
      expect((await succeed(['get', 'pg', '-o', 'name'])).stdout).toBe('');
    });

    it('an object that exists', async () => {
      await apply(portgroup('twice'));
      expect(await refused(['create', '-f', '-'], { input: portgroup('twice') })).toMatch(/\(AlreadyExists\)/);
    });

    it('a token that is none', async () => {
      expect(await refused(['get', 'pg', '--token=nonsense'])).toMatch(/\(Unauthorized\)|must be logged in|Unauthorized/);
    });
  });

  describe('reads and writes what Kubernetes itself has', () => {
    it('namespaces, secrets and config maps, sent as protobuf', async () => {
      expect((await succeed(['create', 'namespace', 'lab'])).stdout).toBe('namespace/lab created\n');
      await succeed(['create', 'secret', 'generic', 'login', '-n', 'lab', '--from-literal=user=luna']);
      await succeed(['create', 'configmap', 'settings', '-n', 'lab', '--from-literal=a=b']);
      expect((await succeed(['get', 'secret', 'login', '-n', 'lab', '-o', 'jsonpath={.data.user} {.type}'])).stdout).toBe('bHVuYQ== Opaque');
      expect((await succeed(['get', 'cm', '-A'])).stdout).toMatch(/^NAMESPACE +NAME +DATA +AGE\nlab +settings +1 +\d+s$/m);
      expect((await succeed(['get', 'secrets', '-n', 'lab'])).stdout).toMatch(/^login +Opaque +1 +\d+s$/m);
      await succeed(['delete', 'namespace', 'lab']);
    });

    it('a config map by strategic merge patch', async () => {
      const manifest = (value: string): string => `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: merged}\ndata: {a: "${value}", ${value === '1' ? 'gone: "x"' : 'new: "y"'}}\n`;
      await apply(manifest('1'));
      expect((await apply(manifest('2'))).stdout).toBe('configmap/merged configured\n');
      await succeed(['patch', 'cm', 'merged', '-p', '{"metadata":{"finalizers":["example.com/a"]},"data":{"more":"z"}}']);
      await succeed(['patch', 'cm', 'merged', '-p', '{"metadata":{"finalizers":["example.com/b"]}}']);
      const { stdout } = await succeed(['get', 'cm', 'merged', '-o', 'json']);
      expect(JSON.parse(stdout)).toMatchObject({ data: { a: '2', new: 'y', more: 'z' }, metadata: { finalizers: ['example.com/a', 'example.com/b'] } });
      expect(stdout).not.toContain('gone');
      await succeed(['patch', 'cm', 'merged', '-p', '{"metadata":{"$deleteFromPrimitiveList/finalizers":["example.com/a","example.com/b"]}}']);
      await succeed(['delete', 'cm', 'merged']);
    });

    it('events, also in a description', async () => {
      await apply(portgroup('eventful'));
      const uid = await valueOf('eventful', '{.metadata.uid}');
      await succeed(['create', '-f', '-'], { input: eventAbout('eventful', uid) });
      expect((await succeed(['get', 'events'])).stdout).toMatch(/^LAST SEEN +TYPE +REASON +OBJECT +MESSAGE\n\S+ +Warning +BridgeNotFound +portgroup\/eventful +no bridge lunabr$/m);
      expect((await succeed(['events', '--for', 'portgroup/eventful'])).stdout).toMatch(/BridgeNotFound/);
      expect((await succeed(['describe', 'pg', 'eventful'])).stdout).toMatch(/^Events:\n(.*\n)*.*Warning +BridgeNotFound .* no bridge lunabr/m);
    });

    it('its CRDs, which it may apply again but not delete', async () => {
      expect((await succeed(['get', 'crd', 'portgroups.bridgekeeper.dev'])).stdout).toMatch(/^portgroups\.bridgekeeper\.dev +2/m);
      await succeed(['wait', '--for=condition=Established', 'crd/portgroups.bridgekeeper.dev', '--timeout=10s']);
      await succeed(['apply', '-f', CRDS]);
      await succeed(['apply', '--server-side', '-f', CRDS]);
      expect(await refused(['create', '-f', join(CRDS, 'portgroups.yaml')])).toMatch(/\(AlreadyExists\)/);
      expect(await refused(['delete', 'crd', 'portgroups.bridgekeeper.dev'])).toMatch(/\(Forbidden\)/);
    });

    it('who it is and what it may do', async () => {
      expect((await succeed(['auth', 'whoami', '-o', 'jsonpath={.status.userInfo.username}'])).stdout).toBe('admin');
      expect((await succeed(['auth', 'can-i', 'create', 'portgroups.bridgekeeper.dev'])).stdout).toBe('yes\n');
      expect((await succeed(['auth', 'can-i', '--list'])).stdout).toMatch(/^\*\.\* /m);
    });

    it('health and metrics', async () => {
      expect((await succeed(['get', '--raw', '/readyz'])).stdout).toBe('ok');
      expect((await succeed(['get', '--raw', '/metrics'])).stdout).toMatch(/^apiserver_request_total\{verb="LIST",group="bridgekeeper\.dev"/m);
    });
  });

  async function valueOf(name: string, path: string): Promise<string> {
    return (await succeed(['get', 'pg', name, '-o', `jsonpath=${path}`])).stdout;
  }
});

function eventAbout(name: string, uid: string): string {
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Event',
    // A dot before the drawn letters is legal for a core/v1 Event, and usual.
    metadata: { generateName: `${name}.`, namespace: 'default' },
    involvedObject: { apiVersion: 'bridgekeeper.dev/v1alpha1', kind: 'Portgroup', name, uid },
    reason: 'BridgeNotFound',
    message: 'no bridge lunabr',
    type: 'Warning',
    source: { component: 'bridgekeeper' },
    firstTimestamp: new Date().toISOString().replace(/\.\d+/, ''),
    lastTimestamp: new Date().toISOString().replace(/\.\d+/, ''),
    count: 1,
  });
}
