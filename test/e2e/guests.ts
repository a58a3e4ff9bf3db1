import { startLab, type Lab } from '../lab/lab.ts';
import { at, Daemon } from './daemon.ts';
import { hostPid } from './host-pid.ts';

/** All cases of the guests' tests take minutes; without this those that differ most are run. */
export const ALL_CASES = process.env['BRIDGEKEEPER_GUEST_CASES'] === 'all';
const KINDS = 'bridge,portgroup,virtualmachine';

/** A bridge with a libvirt network of two portgroups. */
export const NETWORK = `
apiVersion: bridgekeeper.dev/v1alpha1
kind: Bridge
metadata: {name: br0}
spec: {uplinks: [{name: eth0}], libvirtNetwork: {name: net0}}
---
${portgroup('blue', 6)}
---
${portgroup('green', 7)}
`;

export function portgroup(name: string, tag: number): string {
  return `apiVersion: bridgekeeper.dev/v1alpha1\nkind: Portgroup\nmetadata: {name: ${name}}\nspec: {bridgeName: br0, vlan: {mode: access, tag: ${tag}}}`;
}

/** A small guest with a NIC; `more` are further lines of its spec, in flow style. */
export function machine(name: string, { mac, portgroup: group, more = '' }: { readonly mac: string; readonly portgroup: string; readonly more?: string }): string {
  return `apiVersion: bridgekeeper.dev/v1alpha1\nkind: VirtualMachine\nmetadata: {name: ${name}}\nspec: {memory: 32Mi, interfaces: [{name: eth0, macAddress: "${mac}", portgroupName: ${group}}]${more === '' ? '' : `, ${more}`}}`;
}

/** A domain as somebody else would define it. */
export function foreignDomain(name: string, mac: string, group: string): string {
  return (
    `<domain type='qemu'><name>${name}</name><title>not ours</title><memory unit='MiB'>32</memory><os><type arch='x86_64' machine='pc'>hvm</type></os>` +
    `<devices><interface type='network'><mac address='${mac}'/><source network='net0' portgroup='${group}'/><model type='virtio'/></interface></devices></domain>`
  );
}

/** A lab host with the daemon, and what a person looks at there. */
export class GuestHost implements AsyncDisposable {
  readonly lab: Lab;
  readonly daemon: Daemon;
  /** The root of its files, as seen from outside. */
  readonly root: string;

  private constructor(lab: Lab, daemon: Daemon, root: string) {
    this.lab = lab;
    this.daemon = daemon;
    this.root = root;
  }

  static async start(name: string, manifest: string): Promise<GuestHost> {
    const lab = await startLab(name);
    const host = new GuestHost(lab, await Daemon.start(lab), `/proc/${await hostPid(lab)}/root`);
    await host.apply(manifest);
    await host.allReady();
    return host;
  }

  async apply(manifest: string): Promise<void> {
    const { code, stderr } = await this.daemon.apply(manifest);
    if (code !== 0) throw new Error(stderr);
  }

  async allReady(): Promise<void> {
    await this.daemon.bridgectl('wait', '--for=condition=Ready', '--all', KINDS, '--timeout=90s');
  }

  ready(object: string): Promise<string> {
    return this.daemon.bridgectl('wait', '--for=condition=Ready', object, '--timeout=60s');
  }

  /** A condition of the object as `True Reason: message`; undefined where it is not there. */
  async condition(object: string, type: string): Promise<string | undefined> {
    const { code, stdout } = await this.daemon.try(['get', object, '-o', 'json']);
    const conditions: unknown = code === 0 ? at(JSON.parse(stdout), 'status.conditions') : undefined;
    const found = Array.isArray(conditions) ? conditions.find((each: unknown) => at(each, 'type') === type) : undefined;
    return found === undefined ? undefined : `${String(at(found, 'status'))} ${String(at(found, 'reason'))}: ${String(at(found, 'message'))}`;
  }

  /** What a command in the host prints. */
  async sh(command: string): Promise<string> {
    return (await this.lab.run(['sh', '-c', command])).trim();
  }

  /** The port of a running domain's first NIC. */
  portOf(domain: string): Promise<string> {
    return this.sh(`virsh -q domiflist ${domain} | awk '/vnet/ {print $1; exit}'`);
  }

  /** Its VLAN tag, `[]` where it has none; empty while the domain has no port. */
  async tagOf(domain: string): Promise<string> {
    const port = await this.portOf(domain);
    return port === '' ? '' : this.sh(`ovs-vsctl --if-exists get Port ${port} tag`);
  }

  pidOf(domain: string): Promise<string> {
    return this.sh(`cat /run/libvirt/qemu/${domain}.pid`);
  }

  async define(xml: string): Promise<void> {
    await this.lab.run(['tee', '/run/defined.xml'], { input: xml });
    await this.lab.run(['virsh', '-q', 'define', '/run/defined.xml']);
  }

  async remove(domain: string): Promise<void> {
    await this.lab.exec(['virsh', 'destroy', domain]);
    await this.lab.exec(['virsh', 'undefine', '--snapshots-metadata', domain]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.lab.down();
  }
}
