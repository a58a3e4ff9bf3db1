/** A manifest of one of our kinds, with what a person writes and no more. */
export interface EditedManifest {
  readonly apiVersion: string;
  readonly kind: 'Bridge' | 'VlanPort' | 'Portgroup' | 'VirtualMachine';
  readonly metadata: { readonly name: string };
  readonly spec: Readonly<Record<string, unknown>>;
}

interface EditedNic {
  readonly name: string;
  readonly macAddress: string;
  readonly model?: string;
  readonly portgroupName?: string | undefined;
  readonly bridgeName?: string | undefined;
  readonly vlan?: object | undefined;
}

export type Edit = { readonly apply: EditedManifest } | { readonly remove: EditedManifest };

/** A number in [0, 1), the same row of numbers for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What a host is asked to be, changed by valid edits as a person would make them in a day. */
export class EditedHost {
  readonly #random: () => number;
  readonly #objects = new Map<string, EditedManifest>();
  #made = 0;

  constructor(seed: number) {
    this.#random = seeded(seed);
    this.#put(manifest('Bridge', 'lunabr', { uplinks: [{ name: 'eth0', optional: true }], libvirtNetwork: { name: 'switch-lunabr' } }));
  }

  get objects(): readonly EditedManifest[] {
    return [...this.#objects.values()];
  }

  edit(): Edit {
    const ports = this.objects.filter(({ kind }) => kind === 'VlanPort');
    const portgroups = this.objects.filter(({ kind }) => kind === 'Portgroup');
    const machines = this.objects.filter(({ kind }) => kind === 'VirtualMachine');
    const unused = portgroups.filter(({ metadata }) => !machines.some(({ spec }) => nicsOf(spec).some(({ portgroupName }) => portgroupName === metadata.name)));
    const choices: (() => Edit)[] = [
      () => this.#apply(this.#newPort()),
      () => this.#apply(this.#newPortgroup()),
      () => this.#apply(this.#changedBridge()),
      ...(ports.length < 3 ? [] : [() => this.#apply(this.#changedPort(this.#of(ports))), () => this.#apply(this.#changedPort(this.#of(ports))), () => this.#remove(this.#of(ports))]),
      ...(portgroups.length < 3 ? [] : [() => this.#apply(this.#changedPortgroup(this.#of(portgroups))), () => this.#apply(this.#newMachine(portgroups))]),
      ...(portgroups.length < 3 || unused.length === 0 ? [] : [() => this.#remove(this.#of(unused))]),
      ...(machines.length === 0 ? [] : [() => this.#apply(this.#changedMachine(this.#of(machines), portgroups)), () => this.#apply(this.#changedMachine(this.#of(machines), portgroups))]),
      ...(machines.length < 3 ? [] : [() => this.#remove(this.#of(machines))]),
    ];
    return this.#of(choices)();
  }

  #newPort(): EditedManifest {
    this.#made += 1;
    const name = this.#chance() ? `Port_${this.#made}` : `port${this.#made}`;
    const isNameable = name === name.toLowerCase();
    const spec = { ...(isNameable ? {} : { deviceName: name }), bridgeName: 'lunabr', ...this.#vlan(), addresses: [`10.${this.#made}.0.1/24`] };
    return manifest('VlanPort', name.toLowerCase().replace('_', '-'), spec);
  }

  #changedPort({ metadata, spec }: EditedManifest): EditedManifest {
    const [address] = Array.isArray(spec['addresses']) ? spec['addresses'] : [];
    const network = String(address).split('.')[1] ?? '0';
    const change = this.#of([
      (): object => this.#vlan(),
      () => ({ addresses: [`10.${network}.0.1/24`, `10.${network}.${this.#upTo(200) + 1}.1/24`] }),
      () => ({ routes: [{ to: `172.16.${network}.0/24`, via: `10.${network}.0.254`, ...(this.#chance() ? { metric: this.#upTo(900) + 1 } : {}) }] }),
      () => ({ nameservers: { addresses: [`10.${network}.0.53`], search: ['example.org', 'example.net'] } }),
      () => ({ mtu: 1300 + this.#upTo(100) }),
      () => ({ optional: true }),
      () => ({ macAddress: `02:00:00:00:${String(10 + this.#upTo(80))}:${String(10 + this.#upTo(80))}` }),
    ])();
    return manifest('VlanPort', metadata.name, { ...spec, ...change });
  }

  #newPortgroup(): EditedManifest {
    this.#made += 1;
    const spaced = this.#chance() ? { libvirtName: `Group ${this.#made}` } : {};
    return manifest('Portgroup', `group-${this.#made}`, { bridgeName: 'lunabr', ...spaced, ...this.#vlan() });
  }

  #changedPortgroup({ metadata, spec }: EditedManifest): EditedManifest {
    const change = this.#of([
      (): object => this.#vlan(),
      () => ({ bandwidth: { inbound: { averageKiBps: this.#upTo(900) + 100, burstKiB: 512 }, outbound: { averageKiBps: 100, peakKiBps: 300 } } }),
      () => ({ trustGuestRxFilters: true }),
      () => (this.objects.some((object) => object.spec['default'] === true) ? this.#vlan() : { default: true }),
    ])();
    return manifest('Portgroup', metadata.name, { ...spec, ...change });
  }

  /** Halted: what it is in libvirt's books is as of any other, and costs no processor. */
  #newMachine(portgroups: readonly EditedManifest[]): EditedManifest {
    this.#made += 1;
    const name = `vm${this.#made}`;
    const named = this.#chance() ? { domainName: `VM ${this.#made}` } : {};
    const spec = { managementPolicy: 'Full', runStrategy: 'Halted', cpu: { cores: 1 }, memory: '64Mi', machine: 'pc-q35-7.2', interfaces: [this.#newNic('eth0', portgroups)] };
    return manifest('VirtualMachine', name, { ...named, ...spec });
  }

  #changedMachine({ metadata, spec }: EditedManifest, portgroups: readonly EditedManifest[]): EditedManifest {
    const nics = nicsOf(spec);
    const [first, ...others] = nics;
    const change = this.#of([
      (): object => ({ cpu: { cores: 1 + this.#upTo(4) } }),
      () => ({ memory: `${64 + this.#upTo(64)}Mi` }),
      () => ({ serialConsole: spec['serialConsole'] === false ? undefined : false }),
      () => ({ graphics: { type: this.#of(['vnc', 'spice']), listenAddress: '127.0.0.1' } }),
      () => ({ disks: [{ name: 'root', path: '/etc/services', format: 'raw', bus: 'scsi', readOnly: true }] }),
      () => ({ interfaces: [...nics, this.#newNic(`eth${nics.length}`, portgroups)] }),
      () => ({ interfaces: [{ ...first, ...this.#place(portgroups) }, ...others] }),
      () => ({ interfaces: [{ ...first, linkState: 'down' }, ...others] }),
      () => ({ interfaces: others.length === 0 ? nics : nics.slice(0, -1), bootOrder: undefined }),
      () => ({ bootOrder: nics.map(({ name }) => name).reverse() }),
      () => ({ bootOrder: undefined }),
    ])();
    return manifest('VirtualMachine', metadata.name, Object.fromEntries(Object.entries({ ...spec, ...change }).filter(([, value]) => value !== undefined)));
  }

  #newNic(name: string, portgroups: readonly EditedManifest[]): EditedNic {
    const pair = (): string => String(10 + this.#upTo(80));
    return { name, macAddress: `52:54:00:${pair()}:${pair()}:${pair()}`, ...(this.#chance() ? { model: 'e1000e' } : {}), ...this.#place(portgroups) };
  }

  /** Where a NIC ends; what it said of that before is unsaid. */
  #place(portgroups: readonly EditedManifest[]): Partial<EditedNic> {
    if (this.#chance()) return { portgroupName: this.#of(portgroups).metadata.name, bridgeName: undefined, vlan: undefined };
    return { portgroupName: undefined, bridgeName: 'lunabr', vlan: undefined, ...this.#vlan() };
  }

  #changedBridge(): EditedManifest {
    const { spec } = this.#objects.get('Bridge/lunabr') ?? { spec: {} };
    const change = this.#of([
      (): object => ({ failMode: this.#of(['standalone', 'secure']) }),
      () => ({ mcastSnooping: true }),
      () => ({ protocols: ['OpenFlow10', 'OpenFlow13'] }),
      () => ({ controllers: ['ptcp:6653:127.0.0.1'] }),
      () => ({ localPort: { addresses: [`10.250.${this.#upTo(200)}.1/24`] } }),
      () => ({ mirrors: [{ name: 'span', selectVlans: [7, 8], outputVlan: 99 }] }),
      () => ({ netflow: { targets: ['127.0.0.1:2055'], activeTimeoutSeconds: 10 + this.#upTo(50) } }),
      () => ({ ipfix: { targets: ['127.0.0.1:4739'], sampling: 64, obsDomainID: this.#upTo(100) } }),
      () => ({ uplinks: [{ name: 'eth0', optional: true, vlan: { mode: 'native-untagged', tag: 1 } }] }),
    ])();
    return manifest('Bridge', 'lunabr', { ...spec, ...change });
  }

  #vlan(): { readonly vlan?: object } {
    const tag = this.#upTo(4000) + 1;
    return this.#of([
      () => ({ vlan: { mode: 'access', tag } }),
      () => ({ vlan: { mode: 'trunk', trunks: [2, 3, 4000 + this.#upTo(90)] } }),
      () => ({ vlan: { mode: 'native-untagged', tag: 5, trunks: [5, 6, 7] } }),
    ])();
  }

  #apply(object: EditedManifest): Edit {
    this.#put(object);
    return { apply: object };
  }

  #remove(object: EditedManifest): Edit {
    this.#objects.delete(`${object.kind}/${object.metadata.name}`);
    return { remove: object };
  }

  #put(object: EditedManifest): void {
    this.#objects.set(`${object.kind}/${object.metadata.name}`, object);
  }

  #of<Item>(items: readonly Item[]): Item {
    const item = items[this.#upTo(items.length)];
    if (item === undefined) throw new RangeError('nothing to choose from');
    return item;
  }

  #upTo(limit: number): number {
    return Math.floor(this.#random() * limit);
  }

  #chance(): boolean {
    return this.#random() < 0.5;
  }
}

function manifest(kind: EditedManifest['kind'], name: string, spec: EditedManifest['spec']): EditedManifest {
  return { apiVersion: 'bridgekeeper.dev/v1alpha1', kind, metadata: { name }, spec };
}

function nicsOf(spec: EditedManifest['spec']): readonly EditedNic[] {
  // Only this file writes them.
  return (spec['interfaces'] ?? []) as readonly EditedNic[];
}
