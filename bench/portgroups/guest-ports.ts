import { Ovsdb, type Operation, type Updates } from '../host/ovsdb.ts';

/** What of a guest's port may not change under it; its counters do. */
const INTERFACE_COLUMNS = ['name', 'external_ids', 'ofport', 'admin_state', 'link_state', 'link_resets', 'mac_in_use', 'mtu', 'error'];
const PORT_COLUMNS = ['name', 'tag', 'trunks', 'vlan_mode', 'interfaces', 'qos', 'protected', 'other_config', 'external_ids'];

interface GuestPort {
  readonly name: string;
  tag: unknown;
}

/** The ports of guests in OVSDB, as a third party sees them. */
export class GuestPorts {
  readonly #client: Ovsdb;
  /** By the UUID of the Port. */
  readonly #ports = new Map<string, GuestPort>();
  #touched = new Set<string>();
  #changed: () => void = () => undefined;

  private constructor(client: Ovsdb) {
    this.#client = client;
  }

  static async follow(socket: string): Promise<GuestPorts> {
    const ports = new GuestPorts(await Ovsdb.connect(socket));
    await ports.#client.monitor({ Port: PORT_COLUMNS, Interface: INTERFACE_COLUMNS }, (updates) => ports.#update(updates));
    ports.#touched.clear();
    return ports;
  }

  close(): void {
    this.#client.close();
  }

  /** Resolves with the time at which the last of these ports had the tag, as `performance.now` counts. */
  async allHave(names: ReadonlySet<string>, tag: number): Promise<number> {
    while ([...this.#ports.values()].some((port) => names.has(port.name) && port.tag !== tag)) await new Promise<void>((resolve) => (this.#changed = resolve));
    return performance.now();
  }

  /** What was seen to change since the last call: names of ports, and `Interface UUID` where the interface did. */
  takeTouched(): ReadonlySet<string> {
    const touched = this.#touched;
    this.#touched = new Set();
    return touched;
  }

  /** Gives these ports the tag in one transaction: nobody can be faster. */
  async setTags(names: ReadonlySet<string>, tag: number): Promise<void> {
    const uuids = [...this.#ports].filter(([, { name }]) => names.has(name)).map(([uuid]) => uuid);
    await this.#client.transact(...uuids.map((uuid): Operation => ({ op: 'update', table: 'Port', where: [['_uuid', '==', ['uuid', uuid]]], row: { tag } })));
  }

  #update({ Port = {}, Interface = {} }: Updates): void {
    for (const uuid of Object.keys(Interface)) this.#touched.add(`Interface ${uuid}`);
    for (const [uuid, { initial, insert, modify }] of Object.entries(Port)) {
      const known = this.#ports.get(uuid);
      const found = known === undefined ? (initial ?? insert) : modify;
      const port = known ?? { name: String(field(found, 'name')), tag: undefined };
      if (typeof found === 'object' && found !== null && 'tag' in found) port.tag = found.tag;
      this.#ports.set(uuid, port);
      this.#touched.add(port.name);
    }
    this.#changed();
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}
