import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { bridgectl } from './bridgectl.ts';
import { FakeApi } from './fake-api.ts';

let api: FakeApi;
let folder: string;

beforeEach(async () => {
  api = new FakeApi();
  await api.start();
  folder = mkdtempSync(path.join(tmpdir(), 'bridgectl-apply-'));
});

afterEach(async () => {
  rmSync(folder, { recursive: true });
  await api.stop();
});

function file(name: string, text: string): string {
  const full = path.join(folder, name);
  mkdirSync(path.dirname(full), { recursive: true });
  writeFileSync(full, text);
  return full;
}

function apply(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return bridgectl(['apply', ...args], { server: api.url });
}

const manifest = (name: string, tag: number): string => `apiVersion: bridgekeeper.dev/v1alpha1
kind: Portgroup
metadata:
  name: ${name}
spec:
  bridgeName: lunabr
  vlan:
    mode: access
    tag: ${tag}
`;

describe('apply', () => {
  it('says created, unchanged and configured', async () => {
    const one = file('one.yaml', manifest('vlan-2', 2));
    expect((await apply('-f', one)).out).toBe('portgroup.bridgekeeper.dev/vlan-2 created\n');
    expect((await apply('-f', one)).out).toBe('portgroup.bridgekeeper.dev/vlan-2 unchanged\n');
    file('one.yaml', manifest('vlan-2', 3));
    expect((await apply('-f', one)).out).toBe('portgroup.bridgekeeper.dev/vlan-2 configured\n');
  });

  it('says unchanged although the controller wrote a status meanwhile', async () => {
    const one = file('one.yaml', manifest('vlan-2', 2));
    await apply('-f', one);
    const before = api.find('Portgroup', 'vlan-2');
    const after = api.put({ kind: 'Portgroup', metadata: { name: 'vlan-2' }, status: { seen: true } });
    api.answerNext(({ method }) => method === 'GET', { body: { kind: 'APIGroupDiscoveryList', items: [] } });
    expect(after.metadata.resourceVersion).not.toBe(before?.metadata.resourceVersion);
    api.answerNext(({ method, path: asked }) => method === 'GET' && asked.endsWith('/vlan-2'), { body: before });
    expect((await apply('-f', one)).out).toBe('portgroup.bridgekeeper.dev/vlan-2 unchanged\n');
  });

  it('sends server-side apply in its own name, strict', async () => {
    await apply('-f', file('one.yaml', manifest('vlan-2', 2)));
    const patch = api.requests.find(({ method }) => method === 'PATCH');
    expect(patch?.headers['content-type']).toBe('application/apply-patch+yaml');
    expect(Object.fromEntries(patch?.query ?? [])).toEqual({ fieldManager: 'bridgectl', fieldValidation: 'Strict' });
  });

  it('sends --dry-run=server, --force-conflicts and --field-manager', async () => {
    const { out } = await apply('-f', file('one.yaml', manifest('vlan-2', 2)), '--dry-run=server', '--force-conflicts', '--field-manager', 'me');
    const patch = api.requests.find(({ method }) => method === 'PATCH');
    expect(Object.fromEntries(patch?.query ?? [])).toMatchObject({ fieldManager: 'me', force: 'true', dryRun: 'All' });
    expect(out).toBe('portgroup.bridgekeeper.dev/vlan-2 created (server dry run)\n');
  });

  it('takes documents in the order given, a folder by its file names, and lists apart', async () => {
    file('20.yaml', `${manifest('b', 2)}---\n${manifest('c', 3)}`);
    file('10.json', JSON.stringify({ apiVersion: 'v1', kind: 'List', items: [{ apiVersion: 'bridgekeeper.dev/v1alpha1', kind: 'Bridge', metadata: { name: 'a' } }] }));
    file('30.yml', manifest('d', 4));
    file('notes.txt', 'no manifest');
    file('inside/40.yaml', manifest('e', 5));
    const names = (text: string): string[] => [...text.matchAll(/\/(\S+) /g)].map(([, name]) => name ?? '');
    expect(names((await apply('-f', folder)).out)).toEqual(['a', 'b', 'c', 'd']);
    expect(names((await apply('-R', '-f', folder)).out)).toEqual(['a', 'b', 'c', 'd', 'e']);
    const { out } = await apply('-f', path.join(folder, '30.yml'), '-f', path.join(folder, '20.yaml'));
    expect(names(out)).toEqual(['d', 'b', 'c']);
  });

  it('reads standard input', async () => {
    const { out } = await bridgectl(['apply', '-f', '-'], { server: api.url, stdin: manifest('vlan-2', 2) });
    expect(out).toBe('portgroup.bridgekeeper.dev/vlan-2 created\n');
  });

  it('goes on after a bad document and ends with 1', async () => {
    const bad = file('bad.yaml', `${manifest('a', 2)}---\nkind: [\n---\n${manifest('c', 3)}---\nkind: Portgroup\nmetadata: {name: x}\n`);
    const { code, out, err } = await apply('-f', bad);
    expect(code).toBe(1);
    expect(out).toBe('portgroup.bridgekeeper.dev/a created\nportgroup.bridgekeeper.dev/c created\n');
    expect(err).toContain(`error: ${bad}:12:1: `);
    expect(err).toContain(`error: ${bad}:23:1: apiVersion is missing, or is no text\n`);
  });

  it('applies nothing of a manifest with a doubled key, and says where', async () => {
    const bad = file('bad.yaml', 'apiVersion: v1\nkind: Portgroup\nmetadata:\n  name: x\n  name: y\n');
    expect((await apply('-f', bad)).err).toBe(`error: ${bad}:5:3: Map keys must be unique\n`);
    expect(api.requests.some(({ method }) => method === 'PATCH')).toBe(false);
  });

  it('refuses aliases that unfold without end', async () => {
    const levels = Array.from({ length: 9 }, (_, level) => `l${level + 1}: &l${level + 1} [${Array(9).fill(`*l${level}`).join(', ')}]`);
    const bomb = file('bomb.yaml', `l0: &l0 [x]\n${levels.join('\n')}\n`);
    const { code, err } = await apply('-f', bomb);
    expect(code).toBe(1);
    expect(err).toContain('Excessive alias count');
  });

  it('names file, line, document and field for each cause', async () => {
    const one = file('portgroups.yaml', manifest('vlan-2', 5000));
    const causes = [
      { reason: 'FieldValueInvalid', message: 'Invalid value: 5000: spec.vlan.tag in body should be less than or equal to 4094', field: 'spec.vlan.tag' },
      { reason: 'FieldValueRequired', message: 'Required value', field: 'spec.other' },
      { reason: 'FieldValueInvalid', message: 'Invalid value: null: some validation rules were not checked because …', field: '<nil>' },
    ];
    const body = { kind: 'Status', status: 'Failure', reason: 'Invalid', code: 422, message: 'is invalid', details: { causes } };
    api.answerNext(({ method }) => method === 'PATCH', { code: 422, body });
    const { code, err } = await apply('-f', one);
    expect(code).toBe(1);
    expect(err).toBe(
      `error: vlan-2 (${one}:9): spec.vlan.tag: 5000 is more than 4094\n` + `error: vlan-2 (${one}:5): spec.other: is required\n`,
    );
  });

  it('shows who owns a field and how to take it over', async () => {
    const one = file('one.yaml', manifest('vlan-2', 2));
    const causes = [{ reason: 'FieldManagerConflict', message: 'conflict with "kubectl" using bridgekeeper.dev/v1alpha1', field: '.spec.vlan.tag' }];
    api.answerNext(({ method }) => method === 'PATCH', { code: 409, body: { kind: 'Status', reason: 'Conflict', code: 409, message: 'Apply failed', details: { causes } } });
    expect((await apply('-f', one)).err).toBe(
      `error: vlan-2 (${one}:9): spec.vlan.tag: is set by "kubectl". Leave it out, or take it over with --force-conflicts\n`,
    );
  });

  it('shows each warning once, with the object that it is about', async () => {
    const one = file('one.yaml', manifest('vlan-2', 2));
    const body = JSON.parse(JSON.stringify({ kind: 'Portgroup', metadata: { name: 'vlan-2' } })) as unknown;
    api.answerNext(({ method }) => method === 'PATCH', { code: 201, body, warnings: ['a port without VLAN', 'a port without VLAN', 'say \\"hi\\"'] });
    expect((await apply('-f', one)).err).toBe(`Warning: vlan-2 (${one}:1): a port without VLAN\nWarning: vlan-2 (${one}:1): say "hi"\n`);
  });

  it('names the nearest kind for one that is unknown', async () => {
    const one = file('one.yaml', manifest('vlan-2', 2).replace('Portgroup', 'Portgrup'));
    expect((await apply('-f', one)).err).toBe(`error: vlan-2 (${one}:1): the server has no kind "Portgrup" in "bridgekeeper.dev/v1alpha1". Did you mean Portgroup?\n`);
  });

  it('stops at once when the server goes away', async () => {
    const all = Array.from({ length: 40 }, (_, index) => manifest(`vlan-${index}`, index)).join('---\n');
    const many = file('many.yaml', all);
    const going = apply('-f', many);
    await api.stop();
    const { code, err } = await going;
    expect(code).toBe(1);
    expect(err.trim().split('\n')).toHaveLength(1);
    expect(err).toMatch(/^error: cannot reach http:\/\/127\.0\.0\.1:\d+: /);
  });

  it('says what is wrong with the files themselves', async () => {
    expect((await apply('-f', path.join(folder, 'none.yaml'))).err).toBe(`error: cannot read ${folder}/none.yaml: there is no such file or folder.\n`);
    expect((await apply('-f', folder)).err).toContain('no file in this folder ends in .yaml, .yml or .json');
    expect((await apply('-f', 'https://example.com/x.yaml')).code).toBe(2);
    expect((await apply()).err).toBe('error: which manifests? bridgectl apply -f FILE\n');
    expect((await apply('-f', file('empty.yaml', '# nothing\n'))).err).toContain('there is no object in');
  });
});
