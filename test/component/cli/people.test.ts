import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { customResourceDefinitions } from '../../../api/generated/crds.ts';
import { systemClock } from '../../../api/machinery/clock.ts';
import type { RunProgram } from '../../../cli/run-program.ts';
import { InProcessClient } from '../../../controller/client/in-process-client.ts';
import { ManifestCheck } from '../../../controller/client/manifest-check.ts';
import { Answerer } from '../../../controller/queries/answerer.ts';
import { Machine } from '../../../controller/queries/diagnose/machine.ts';
import { HostQueries } from '../../../controller/queries/host-queries.ts';
import { SystemUnreachable } from '../../../controller/systems/system.ts';
import type { OvsObserved } from '../../../controller/systems/ovs/observed.ts';
import { eventually } from '../../fixtures/eventually.ts';
import { observe } from '../../unit/controller/systems/libvirt/observed-fixture.ts';
import { link, observed } from '../../unit/controller/systems/netplan/netplan-observed.ts';
import { lunaFixture, observedSwitch } from '../../unit/controller/systems/ovs/switch-fixture.ts';
import { bridgectl } from './bridgectl.ts';
import { RealServer } from './real-server.ts';

const NETPLAN = '# bridgekeeper=Host/luna file=90-bridgekeeper.yaml\nnetwork:\n  version: 2\n  ethernets: {}\n';

let server: RealServer;
let queries: HostQueries;
let folder: string;
let ovs: () => Promise<OvsObserved>;

/** The product's own server and what answers HostQueries, on a host of fixtures. */
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'bridgectl-people-'));
  server = new RealServer();
  await server.start();
  ovs = () => Promise.resolve(observedSwitch([lunaFixture()]));
  const client = new InProcessClient(server.registry);
  const exec = { run: () => Promise.resolve({ code: 1, stdout: '', stderr: '' }) };
  const answerer = new Answerer({
    client,
    clock: systemClock,
    hostName: 'luna',
    standalone: true,
    imagesDirectory: '/images',
    systems: {
      ovs: { observe: () => ovs() },
      netplan: { observe: () => Promise.resolve(observed({ files: { '/etc/netplan/90-bridgekeeper.yaml': NETPLAN }, links: [link('eth0', [], { kind: undefined })] })) },
      libvirt: { observe: () => Promise.resolve(observe({})) },
    },
    check: new ManifestCheck(customResourceDefinitions),
    readWaysIn: () => Promise.resolve([{ kind: 'SshSession', device: 'vnet100', address: '192.168.105.253', peer: '10.0.0.9' }]),
    machine: new Machine({ exec, root: folder }),
    places: { dataDirectory: '/data', imagesDirectory: '/images', ovsdb: 'unix:/db.sock', libvirtSocket: '/libvirt-sock' },
  });
  queries = new HostQueries({ client, clock: systemClock, hostName: 'luna', standalone: true, answer: (question) => answerer.answer(question), failed: (error) => { throw error; } });
  await queries.start();
});

afterEach(async () => {
  await queries.stop();
  await server.destroy();
  rmSync(folder, { recursive: true });
});

function call(args: readonly string[], more: { readonly stdin?: string; readonly runProgram?: RunProgram; readonly environment?: Record<string, string> } = {}): Promise<{ code: number; out: string; err: string }> {
  return bridgectl(args, { ...more, environment: { KUBECONFIG: server.kubeconfig, ...more.environment } });
}

const bridgeManifest = JSON.stringify({ apiVersion: 'bridgekeeper.dev/v1alpha1', kind: 'Bridge', metadata: { name: 'lunabr' }, spec: { uplinks: [{ name: 'eth0' }] } });

function portManifest(tag: number, more: object = {}): string {
  return JSON.stringify({ apiVersion: 'bridgekeeper.dev/v1alpha1', kind: 'VlanPort', metadata: { name: 'vnet100' }, spec: { bridgeName: 'lunabr', vlan: { mode: 'access', tag }, macAddress: '02:00:00:aa:01:00', ...more } });
}

const both = (tag: number): string => `${bridgeManifest}\n---\n${portManifest(tag)}`;

describe('plan', () => {
  it('shows what manifests would change, what that does to who is on the host, and leaves nothing behind', async () => {
    const { code, out } = await call(['plan', '-f', '-'], { stdin: both(200) });
    expect(code).toBe(1);
    expect(out).toContain('VlanPort/vnet100\n  ~ update Port vnet100\n      Port[vnet100].tag: 100 -> 200\n');
    expect(out).toMatch(/^Impact on the ways into this host\n {2}! may disturb: update Port vnet100 \(Port\[vnet100\]\.tag 100 -> 200\) changes what\n {4}the SSH session from 10\.0\.0\.9 runs over$/m);
    expect(out).toMatch(/\nPlan: \d+ steps to do\.\n$/);
    expect(out.split('\n').every((line) => line.length <= 80)).toBe(true);
    expect((await call(['get', 'hostqueries,bridges', '-o', 'name'])).out).toBe('');
  });

  it('says what nobody asks for any more', async () => {
    const { code, out } = await call(['plan']);
    expect(out).toContain('  - delete Port vnet100\n');
    expect(code).toBe(1);
  });

  it('shows what a deletion would take away', async () => {
    await call(['apply', '-f', '-'], { stdin: both(100) });
    expect((await call(['plan', '--delete', 'vlanport/vnet100'])).out).toMatch(/- delete Port vnet100/);
    expect(await call(['plan', '--delete', 'vlanport/nope'])).toMatchObject({ code: 2, err: expect.stringContaining('not found') as unknown });
  });

  it('is data for a program', async () => {
    const plan: unknown = JSON.parse((await call(['plan', '-f', '-', '-o', 'json'], { stdin: both(200) })).out);
    expect(plan).toMatchObject({ hostName: 'luna', problems: [], summary: { claims: 0, problems: 0 } });
    expect(plan).toHaveProperty('impact', expect.arrayContaining([expect.objectContaining({ severity: 'Disturbs', owner: 'VlanPort/vnet100', object: 'Port vnet100' })]));
    expect(plan).toHaveProperty('steps', expect.arrayContaining([expect.objectContaining({ system: 'ovs', verb: 'update', object: 'Port vnet100', owner: 'VlanPort/vnet100', differences: [{ path: 'Port[vnet100].tag', expected: '200', found: '100' }] })]));
  });

  it('tells a manifest that the server refuses, and which resource stands in the way of another', async () => {
    expect(await call(['plan', '-f', '-'], { stdin: portManifest(5000) })).toMatchObject({ code: 2, err: expect.stringMatching(/^error: vnet100 .*spec\.vlan\.tag: 5000 is more than 4094$/m) as unknown });
    const { code, out } = await call(['plan', '-f', '-'], { stdin: portManifest(100) });
    expect(out).toContain('In the way\n  VlanPort/vnet100: BridgeNotFound: spec.bridgeName: there is no Bridge "lunabr"');
    expect(code).toBe(1);
  });

  it('is incomplete, and says so, where a system can not be read', async () => {
    ovs = () => Promise.reject(new SystemUnreachable('ovs', 'OvsdbUnreachable', 'no socket at /db.sock'));
    expect(await call(['plan'])).toMatchObject({ code: 2, out: expect.stringContaining('OvsdbUnreachable: no socket at /db.sock') as unknown, err: 'error: The answer is incomplete: no socket at /db.sock\n' });
  });

  it('is shown by apply --dry-run=server, too', async () => {
    const { code, out } = await call(['apply', '--dry-run=server', '-f', '-'], { stdin: both(200) });
    expect(code).toBe(0);
    expect(out).toMatch(/^bridge\.bridgekeeper\.dev\/lunabr created \(server dry run\)\nvlanport.*\n\n/);
    expect(out).toContain('Port[vnet100].tag: 100 -> 200');
  });

  it('says what to do where nobody answers', async () => {
    await queries.stop();
    expect(await call(['plan', '--timeout', '100ms'])).toMatchObject({ code: 2, err: expect.stringMatching(/no host answered within 0s\. Does bridgekeeper run there/) as unknown });
  });
});

describe('import', () => {
  it('prints manifests that a plan finds nothing to do for, but what the host lacks', async () => {
    const { code, out } = await call(['import', '--kind', 'bridge', '--kind', 'vlanport']);
    expect(code).toBe(0);
    expect(out).toMatch(/^# Host luna as it was at .*, read by bridgectl import\.\n/);
    expect(out).toContain('kind: VlanPort\nmetadata:\n  name: vnet100\nspec:\n  bridgeName: lunabr\n  vlan:\n    mode: access\n    tag: 100\n');
    const { out: plan } = await call(['plan', '-f', '-'], { stdin: out });
    expect(plan).not.toContain('Port[');
  });

  it('is a List as JSON, with the remarks beside it', async () => {
    const { out, err } = await call(['import', '-o', 'json']);
    expect(JSON.parse(out)).toMatchObject({ kind: 'List', items: [{ kind: 'Bridge' }, { kind: 'VlanPort' }] });
    expect(err).toMatch(/^Differs: applied, it would create device eth0 in/m);
  });

  it('refuses kinds that are not on a host, and says what has not that name', async () => {
    expect(await call(['import', '--kind', 'secret'])).toMatchObject({ code: 2, err: 'error: --kind secret: must be one of host, bridge, vlanport, portgroup, virtualmachine.\n' });
    expect(await call(['import', '--name', 'nope'])).toMatchObject({ code: 1, err: 'error: the host has nothing named nope that a manifest could say.\n' });
  });
});

describe('doctor', () => {
  it('shows what failed with the line that mends it', async () => {
    const { code, out } = await call(['doctor', '-q']);
    expect(code).toBe(1);
    expect(out).toMatch(/^FAIL {2}openvswitch {10}Open vSwitch is not installed\n {27}mend: apt install openvswitch-switch$/m);
    expect(out).toMatch(/^FAIL {2}ovsdb-socket {9}nobody answers at \/db\.sock \(ENOENT\)$/m);
    expect(out).toMatch(/^\d+ checks: \d+ failed, \d+ warnings\.\n$/m);
  });

  it('runs without a server on the machine itself', async () => {
    const ran: string[][] = [];
    const runProgram: RunProgram = (program, args) => {
      ran.push([program, ...args]);
      return Promise.resolve(1);
    };
    expect((await bridgectl(['doctor', '--local', '-q'], { runProgram })).code).toBe(1);
    expect(ran).toEqual([['bridgekeeper', 'doctor', '--quiet']]);
    expect((await bridgectl(['doctor', '--local'])).err).toMatch(/bridgekeeper is not installed here/);
  });

  it('points there where the server does not answer', async () => {
    expect((await bridgectl(['doctor', '--server', 'https://127.0.0.1:1', '--token', 'x'])).err).toMatch(/sudo bridgectl doctor --local/);
  });
});

describe('diff', () => {
  it('shows what applying would change of the resources, and tells it by its exit code', async () => {
    await call(['apply', '-f', '-'], { stdin: both(100) });
    expect(await call(['diff', '-f', '-'], { stdin: both(100) })).toMatchObject({ code: 0, out: '' });
    const { code, out } = await call(['diff', '-f', '-'], { stdin: both(6) });
    expect(code).toBe(1);
    expect(out).toMatch(/^VlanPort\/vnet100 \(standard input:\d+\)\n/);
    expect(out).toContain('-     tag: 100\n+     tag: 6\n');
    expect(await call(['diff', '-f', '/nowhere.yaml'])).toMatchObject({ code: 2 });
  });
});

describe('edit', () => {
  /** An editor that replaces text. */
  const editor = (from: string, to: string): RunProgram => (_, args) => {
    const file = args.at(-1) ?? '';
    writeFileSync(file, readFileSync(file, 'utf8').replace(from, to));
    return Promise.resolve(0);
  };

  beforeEach(async () => {
    await call(['apply', '-f', '-'], { stdin: both(100) });
  });

  it('writes back what was changed, and nothing where nothing was', async () => {
    expect((await call(['edit', 'vlanport/vnet100'], { runProgram: editor('tag: 100', 'tag: 7') })).out).toBe('vlanport.bridgekeeper.dev/vnet100 edited\n');
    expect((await call(['get', 'vlanport', 'vnet100', '-o', 'jsonpath={.spec.vlan.tag}'])).out).toBe('7');
    expect((await call(['edit', 'vlanport/vnet100'], { runProgram: editor('', '') })).out).toBe('vlanport.bridgekeeper.dev/vnet100 unchanged\n');
  });

  it('loses nothing that the server refuses', async () => {
    const { code, err } = await call(['edit', 'vlanport', 'vnet100'], { runProgram: editor('tag: 100', 'tag: 5000') });
    expect(code).toBe(1);
    expect(err).toMatch(/spec\.vlan\.tag: 5000 is more than 4094/);
    const kept = /What you wrote is kept in (\S+);/.exec(err)?.[1] ?? '';
    expect(readFileSync(kept, 'utf8')).toContain('tag: 5000');
    rmSync(path.dirname(kept), { recursive: true });
  });

  it('opens again what is refused, with the reasons and where they are on top', async () => {
    const seen: string[] = [];
    const steps = [
      ['tag: 100', 'tag: 5000'],
      ['tag: 5000\n', 'tag: [\n'],
      ['tag: [', 'tag: 9'],
    ] as const;
    const runProgram: RunProgram = (program, args) => {
      seen.push(readFileSync(args.at(-1) ?? '', 'utf8'));
      const [from, to] = steps[seen.length - 1] ?? ['', ''];
      return editor(from, to)(program, args);
    };
    expect((await call(['edit', 'vlanport/vnet100'], { runProgram })).out).toBe('vlanport.bridgekeeper.dev/vnet100 edited\n');
    expect((await call(['get', 'vlanport', 'vnet100', '-o', 'jsonpath={.spec.vlan.tag}'])).out).toBe('9');
    const [, refused = '', broken = ''] = seen;
    const [, told, line] = /^# vlanport\/vnet100 was refused; .*\n# (line (\d+): spec\.vlan\.tag: 5000 is more than 4094)\napiVersion/.exec(refused) ?? [];
    expect(told).toBeDefined();
    expect(refused.split('\n')[Number(line) - 1]).toMatch(/tag: 5000/);
    const [, brokenAt] = /^# vlanport\/vnet100 was refused; .*\n# line (\d+):\d+: .*\napiVersion/.exec(broken) ?? [];
    expect(Number(brokenAt)).toBeGreaterThanOrEqual(broken.split('\n').findIndex((each) => each.includes('tag: [')) + 1);
    expect(Number(brokenAt)).toBeLessThanOrEqual(broken.split('\n').length);
  });

  it('does not overwrite what somebody else changed meanwhile', async () => {
    const runProgram: RunProgram = async (program, args) => {
      await call(['label', 'vlanport', 'vnet100', 'zone=dmz']);
      return editor('tag: 100', 'tag: 8')(program, args);
    };
    const { code, err } = await call(['edit', 'vlanport', 'vnet100'], { runProgram });
    expect(code).toBe(1);
    expect(err).toMatch(/somebody changed vlanport\/vnet100 meanwhile/);
    rmSync(path.dirname(/kept in ([^;\s]+)/.exec(err)?.[1] ?? ''), { recursive: true });
  });

  it('says when there is no editor', async () => {
    expect((await call(['edit', 'vlanport/vnet100'], { environment: { EDITOR: 'nope' } })).err).toMatch(/^error: there is no editor nope\. Set \$EDITOR/);
  });
});

describe('label and annotate', () => {
  beforeEach(async () => {
    await call(['apply', '-f', '-'], { stdin: bridgeManifest });
  });

  it('set, keep, overwrite when told to, and take away', async () => {
    expect((await call(['label', 'bridge/lunabr', 'zone=dmz', 'site=madrid'])).out).toBe('bridge.bridgekeeper.dev/lunabr labelled\n');
    expect((await call(['label', 'bridge', 'lunabr', 'zone=dmz'])).out).toBe('bridge.bridgekeeper.dev/lunabr unchanged\n');
    expect(await call(['label', 'bridge', 'lunabr', 'zone=lan'])).toMatchObject({ code: 1, err: 'error: bridge.bridgekeeper.dev/lunabr: zone is "dmz" already. Give --overwrite to change it.\n' });
    await call(['label', 'bridges', '--all', 'zone=lan', 'site-', '--overwrite']);
    expect((await call(['label', 'bridge/lunabr'])).out).toBe('bridge.bridgekeeper.dev/lunabr\n  zone=lan\n');
    await call(['annotate', 'bridge/lunabr', 'bridgekeeper.dev/paused=true']);
    expect((await call(['get', 'bridge', 'lunabr', '-o', 'yaml'])).out).toContain('bridgekeeper.dev/paused: "true"');
  });

  it('refuse what makes no sense', async () => {
    expect(await call(['label', 'bridge/lunabr', 'a=1', 'a-'])).toMatchObject({ code: 2 });
    expect(await call(['label', 'bridges', 'zone=x'])).toMatchObject({ code: 2, err: expect.stringContaining('-l LABELS or --all') as unknown });
    expect((await call(['label', 'bridge/lunabr', 'zone=no blanks'])).code).toBe(1);
  });
});

describe('explain', () => {
  it('tells what a field is for, its type and its limits', async () => {
    expect((await call(['explain', 'vp.spec.vlan.mode'])).out).toMatch(/^KIND: {5}VlanPort \(bridgekeeper\.dev\/v1alpha1\)\nFIELD: {4}spec\.vlan\.mode <string>\n\naccess carries[\s\S]*One of: access, trunk, native-tagged, native-untagged, dot1q-tunnel\n$/);
    expect((await call(['explain', 'bridge.spec.uplinks'])).out).toMatch(/FIELD: {4}spec\.uplinks <\[\]Object>[\s\S]*FIELDS:\n {2}name <string> required\n/);
    expect((await call(['explain', 'portgroup', '--recursive'])).out).toMatch(/\n {2}spec <Object>\n[\s\S]*\n {6}mode <string>\n/);
    expect(await call(['explain', 'vp.spec.vlna'])).toMatchObject({ code: 1, err: 'error: vp.spec has no field vlna. Did you mean vlan?\n' });
  });
});

describe('topology', () => {
  it('draws what the server has', async () => {
    await call(['apply', '-f', '-'], { stdin: `${both(100)}\n---\n{"apiVersion":"bridgekeeper.dev/v1alpha1","kind":"Host","metadata":{"name":"luna"},"spec":{}}` });
    expect((await call(['topology'], { environment: { LANG: 'C' } })).out).toContain('? Bridge lunabr (auto)\n|- uplinks\n|  `- eth0  every VLAN\n`- the host itself\n   `- ? vnet100  VLAN 100  no address\n');
    expect(JSON.parse((await call(['topology', '-o', 'json'])).out)).toMatchObject({ host: 'luna', bridges: [{ name: 'lunabr', ports: [{ name: 'vnet100', vlan: 'VLAN 100' }] }] });
    expect((await call(['topology', '-o', 'svg'])).out).toMatch(/^<svg xmlns=/);
    expect(await call(['topology', '--host', 'mars'])).toMatchObject({ code: 1, err: 'error: there is no Host mars. There is: luna.\n' });
  });
});

describe('completion', () => {
  const complete = async (...words: string[]): Promise<string[]> => (await call(['__complete', '--', ...words])).out.split('\n').filter((word) => word !== '');

  it('knows commands, options, values, kinds and the names that the server has', async () => {
    await call(['apply', '-f', '-'], { stdin: both(100) });
    await eventually(async () => (await complete('get', 'vlanport', '')).includes('vnet100'));
    expect(await complete('top')).toEqual(['topology']);
    expect(await complete('get', '--sort')).toEqual(['--sort-by']);
    expect(await complete('get', '-o', 'j')).toEqual(['json', 'jsonpath=']);
    expect(await complete('plan', '-f', '')).toEqual([':files']);
    expect(await complete('get', 'vlanp')).toEqual(['vlanports']);
    expect(await complete('describe', 'bridge/l')).toEqual(['bridge/lunabr']);
    expect(await complete('--context', 'x', 'config', 'use-')).toEqual(['use-context']);
    expect(await complete('completion', '')).toEqual(['bash', 'zsh', 'fish']);
  });

  it('offers nothing, and says nothing, where the server is away', async () => {
    const { code, out, err } = await bridgectl(['__complete', '--', '--server', 'https://127.0.0.1:1', '--token', 'x', 'get', 'vlanport', '']);
    expect({ code, out, err }).toEqual({ code: 0, out: '', err: '' });
  });
});

describe('config use-context', () => {
  it('chooses another context, and leaves the rest of the file to the letter', async () => {
    const file = path.join(folder, 'config');
    const text = 'apiVersion: v1\nkind: Config\n# mine\nclusters:\n- name: a\n  cluster: {server: https://a:1}\ncontexts:\n- name: one\n  context: {cluster: a, user: u}\n- name: two\n  context: {cluster: a, user: u}\ncurrent-context: one\nusers: []\n';
    writeFileSync(file, text);
    const at = (...args: string[]): Promise<{ code: number; out: string; err: string }> => bridgectl(['config', ...args], { environment: { KUBECONFIG: file } });
    expect((await at('use-context', 'two')).out).toBe(`Context two from now on (${file}).\n`);
    expect(readFileSync(file, 'utf8')).toBe(text.replace('current-context: one', 'current-context: "two"'));
    expect(await at('use-context', 'tow')).toMatchObject({ code: 1, err: 'error: there is no context "tow". Did you mean two? There is: one, two.\n' });
  });
});

describe('as a plugin of kubectl', () => {
  it('shows itself in the help as it was called', async () => {
    const { out } = await call(['plan', '--help'], { environment: { BRIDGECTL_NAME: 'kubectl bridgekeeper' } });
    expect(out).toContain('Usage: kubectl bridgekeeper plan [-f FILE...]');
  });
});
