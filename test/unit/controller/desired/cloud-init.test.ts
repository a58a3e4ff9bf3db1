import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { KubeObject } from '../../../../api/machinery/object.ts';
import { compile } from '../../../../controller/desired/compile.ts';
import type { UserData } from '../../../../controller/desired/cloud-init.ts';
import type { LibvirtSeed } from '../../../../controller/systems/libvirt/desired.ts';
import { onLuna, resource } from '../../../fixtures/resources.ts';

const bridge = resource('Bridge', 'br', {});

function compileVm(vm: KubeObject, userData: UserData = new Map()) {
  return compile(onLuna(resource('Host', 'luna', {}), bridge, vm), { hostName: 'luna', imagesDirectory: '/images', workingBridges: new Set(['br']), userData });
}

function seedOf(spec: Record<string, unknown>, metadata: Partial<KubeObject['metadata']> = {}, userData?: UserData): LibvirtSeed | undefined {
  return compileVm(resource('VirtualMachine', 'web', { memory: '1Gi', ...spec }, metadata), userData).desired.libvirt.domains[0]?.seed;
}

const NIC = { name: 'lan', bridgeName: 'br', macAddress: '52:54:00:00:00:01' };
const GUEST = {
  addresses: ['192.0.2.10/24'],
  acceptRa: false,
  routes: [{ to: 'default', via: '192.0.2.1', onLink: true }],
  routingPolicy: [{ from: '192.0.2.0/24', table: 7 }],
  nameservers: { addresses: ['192.0.2.53'], search: ['example.org'] },
  vlans: [{ name: 'lan.7', id: 7, macAddress: '52:54:00:00:00:07', dhcp4: true }],
};

describe('the disk for cloud-init', () => {
  it('is there only where something asks for it', () => {
    expect(seedOf({ interfaces: [NIC] })).toBeUndefined();
    expect(seedOf({ cloudInit: {} })?.path).toMatch(/^\/images\/web-cloud-init-[0-9a-f]{12}\.iso$/);
    expect(seedOf({ interfaces: [{ ...NIC, guest: { dhcp4: true } }] })).toBeDefined();
  });

  it('says who the guest is unless the spec says so', () => {
    expect(parse(seedOf({ cloudInit: {} }, { uid: 'the-uid' })?.files['meta-data'] ?? '')).toEqual({ 'instance-id': 'the-uid', 'local-hostname': 'web' });
    expect(seedOf({ cloudInit: { metaData: 'instance-id: mine\n' } })?.files['meta-data']).toBe('instance-id: mine\n');
  });

  it('has another name as soon as it holds something else', () => {
    const [one, same, other] = ['a', 'a', 'b'].map((userData) => seedOf({ cloudInit: { userData } }, { uid: 'u' })?.path);
    expect(same).toBe(one);
    expect(other).not.toBe(one);
  });

  it('describes each NIC by its MAC address in words that netplan takes', () => {
    const text = seedOf({ interfaces: [{ ...NIC, guest: GUEST }, { name: 'other', bridgeName: 'br' }] })?.files['network-config'] ?? '';
    expect(parse(text)).toEqual({
      version: 2,
      ethernets: {
        lan: {
          match: { macaddress: '52:54:00:00:00:01' },
          addresses: ['192.0.2.10/24'],
          'accept-ra': false,
          routes: [{ to: 'default', via: '192.0.2.1', 'on-link': true }],
          'routing-policy': [{ from: '192.0.2.0/24', table: 7 }],
          nameservers: { addresses: ['192.0.2.53'], search: ['example.org'] },
        },
      },
      vlans: { 'lan.7': { link: 'lan', id: 7, macaddress: '52:54:00:00:00:07', dhcp4: true } },
    });
    expect(() => generate(text)).not.toThrow();
  });

  it('takes user-data from a Secret, and is not made without it', () => {
    const spec = { cloudInit: { userDataSecretRef: { namespace: 'default', name: 'keys' } } };
    expect(seedOf(spec, {}, new Map([['default/keys', '#cloud-config\nfqdn: web\n']]))?.files['user-data']).toBe('#cloud-config\nfqdn: web\n');
    const { desired, problems } = compileVm(resource('VirtualMachine', 'web', { memory: '1Gi', ...spec }), new Map([['default/keys', undefined]]));
    expect(desired.libvirt.domains).toEqual([]);
    expect(problems.get('VirtualMachine/web')).toMatchObject({ reason: 'SecretNotFound', message: expect.stringContaining('default/keys'), needsPerson: false });
  });
});

/** netplan's own check of what a guest would be given. */
function generate(networkConfig: string): void {
  const root = mkdtempSync(path.join(tmpdir(), 'bk-guest-netplan-'));
  try {
    mkdirSync(path.join(root, 'etc/netplan'), { recursive: true });
    const indented = networkConfig.replaceAll(/^/gm, '  ');
    writeFileSync(path.join(root, 'etc/netplan/50-cloud-init.yaml'), `network:\n${indented}`, { mode: 0o600 });
    execFileSync('netplan', ['generate', '--root-dir', root], { encoding: 'utf8', stdio: 'pipe', env: { ...process.env, PATH: `${process.env['PATH'] ?? ''}:/usr/sbin` } });
  } finally {
    rmSync(root, { recursive: true });
  }
}
