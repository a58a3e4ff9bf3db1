import { eventually } from '../fixtures/eventually.ts';
import { startLab, type Lab } from '../lab/lab.ts';
import { at, Daemon } from './daemon.ts';

/** What the host's port asks for, as far as the cases change it. */
export interface PortSpec {
  readonly vlan?: Readonly<Record<string, unknown>>;
  readonly addresses?: readonly string[];
  readonly routes?: readonly Readonly<Record<string, unknown>>[];
  readonly mtu?: number;
}

const TIMEOUT_SECONDS = 6;
/** A rollback, the probes after it, and a machine that has much else to do. */
const ENDS_WITHIN_MS = 60_000;
const GATEWAY = '10.9.0.1';
/** Behind the gateway. */
const FAR = '10.8.0.1';
export const CHECKPOINTS = '/var/lib/bridgekeeper/checkpoints';
const OLD: PortSpec = { addresses: ['10.9.0.2/24'], routes: [{ to: 'default', via: GATEWAY }] };

/** A host whose only way out is vnet100 over br0 and eth0; at the far end of eth0 is its gateway. */
export class GuardBench implements AsyncDisposable {
  readonly lab: Lab;
  readonly daemon: Daemon;

  private constructor(lab: Lab, daemon: Daemon) {
    this.lab = lab;
    this.daemon = daemon;
  }

  static async start(name: string): Promise<GuardBench> {
    const lab = await startLab(name);
    await lab.switch(['ip', 'address', 'add', `${GATEWAY}/24`, 'dev', 'trunk0']);
    await lab.switch(['ip', 'address', 'add', `${FAR}/32`, 'dev', 'lo']);
    return new GuardBench(lab, await Daemon.start(lab));
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.lab.down();
  }

  /** Makes the host as it was in the beginning, without a guard, and gives all that must be so again after a rollback; with these settings for what comes. */
  async reset(rollback: Readonly<Record<string, unknown>> = {}): Promise<string> {
    await this.applyHost({ enabled: false });
    await this.#finishDeletions();
    await this.applyBridge();
    await this.applyPort(OLD);
    await eventually(async () => (await this.daemon.try(['wait', '--for=condition=Ready', '--all', 'bridge,vlanport', '--timeout=5s'])).code === 0, ENDS_WITHIN_MS);
    await eventually(() => this.reaches(FAR), ENDS_WITHIN_MS);
    await this.applyHost(rollback);
    return this.state();
  }

  async applyHost(rollback: Readonly<Record<string, unknown>>): Promise<void> {
    const probes = [{ gateway: {} }, { ping: { address: FAR } }];
    await this.#apply('Host', 'luna', { rollback: { timeoutSeconds: TIMEOUT_SECONDS, probes, ...rollback } });
  }

  applyBridge(spec: Readonly<Record<string, unknown>> = {}): Promise<void> {
    return this.#apply('Bridge', 'br0', { uplinks: [{ name: 'eth0' }], ...spec });
  }

  applyPort(spec: PortSpec): Promise<void> {
    return this.#apply('VlanPort', 'vnet100', { bridgeName: 'br0', ...OLD, ...spec });
  }

  /** Waits until the guard has said how the change ended that began after `before`. */
  async ended(before: string | undefined): Promise<{ readonly state: unknown; readonly message: string }> {
    return eventually(async () => {
      const checkpoint = at(await this.daemon.get('host', 'luna'), 'status.checkpoint');
      const isAnother = at(checkpoint, 'name') !== before;
      return isAnother && at(checkpoint, 'endedAt') !== undefined && { state: at(checkpoint, 'state'), message: String(at(checkpoint, 'message')) };
    }, ENDS_WITHIN_MS);
  }

  /** Whether a watchdog watches a change that has not ended. */
  async isWatched(): Promise<boolean> {
    const script = `cd ${CHECKPOINTS} && for each in 2*; do [[ $each != *.* ]] && grep -qs '^{' $each/watcher.json && exit 0; done; exit 1`;
    return (await this.lab.exec(['bash', '-c', script])).code === 0;
  }

  async lastCheckpoint(): Promise<string | undefined> {
    const name = at(await this.daemon.get('host', 'luna'), 'status.checkpoint.name');
    return typeof name === 'string' ? name : undefined;
  }

  async condition(type: string): Promise<unknown> {
    const conditions = at(await this.daemon.get('vlanport', 'vnet100'), 'status.conditions');
    return Array.isArray(conditions) ? conditions.find((condition) => at(condition, 'type') === type) : undefined;
  }

  async reaches(address: string): Promise<boolean> {
    return (await this.lab.exec(['ping', '-n', '-q', '-c', '1', '-W', '1', address])).code === 0;
  }

  /** All that a change of the port or the bridge may touch, as text; a rollback must bring the very same back. */
  async state(): Promise<string> {
    const files = await this.lab.run(['find', '/etc/netplan', '-type', 'f', '-exec', 'stat', '-c', '%n %a %u %.3Y', '{}', ';', '-exec', 'sha256sum', '{}', ';']);
    // Whether a device has a carrier to tell of differs from one making of it to the next.
    const addresses = (await this.lab.run(['ip', '-br', 'address', 'show', 'scope', 'global'])).replaceAll(/ +(UP|DOWN|UNKNOWN) +/g, ' ');
    const routes = await this.lab.run(['ip', '-4', 'route']);
    const links = await Promise.all(['eth0', 'br0', 'vnet100'].map(async (device) => (await this.lab.exec(['cat', `/sys/class/net/${device}/mtu`])).stdout));
    const ports = await this.lab.run(['ovs-vsctl', '-f', 'csv', '--columns=name,tag,trunks,vlan_mode,external_ids', 'list', 'Port']);
    const interfaces = await this.lab.run(['ovs-vsctl', '-f', 'csv', '--columns=name,type,mac,mtu_request,external_ids', 'list', 'Interface']);
    const bridges = await this.lab.run(['ovs-vsctl', '-f', 'csv', '--columns=name,fail_mode,stp_enable,rstp_enable,datapath_type', 'list', 'Bridge']);
    return [files, addresses, routes, ...links, ...[ports, interfaces, bridges].map(sorted)].join('\n');
  }

  /** A deletion that was rolled back can't be taken back: it is carried out, and all is made anew. */
  async #finishDeletions(): Promise<void> {
    const all = await this.daemon.items('vlanport,bridge');
    if (!all.some((item) => at(item, 'metadata.deletionTimestamp') !== undefined)) return;
    await this.daemon.bridgectl('delete', 'vlanport,bridge', '--all', '--timeout=60s');
  }

  async #apply(kind: string, name: string, spec: unknown): Promise<void> {
    const manifest = { apiVersion: 'bridgekeeper.dev/v1alpha1', kind, metadata: { name }, spec };
    const { code, stderr } = await this.daemon.apply(JSON.stringify(manifest));
    if (code !== 0) throw new Error(stderr);
  }
}

function sorted(lines: string): string {
  return lines.trim().split('\n').sort().join('\n');
}
