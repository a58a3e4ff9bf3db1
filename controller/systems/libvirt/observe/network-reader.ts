import type { NetworkState } from '../observed.ts';
import { ERROR_CODES, LibvirtError } from '../protocol/errors.ts';
import { NETWORK_XML } from '../protocol/flags.ts';
import { procedures } from '../protocol/procedures.ts';
import type { NetworkRef } from '../protocol/procedures.ts';
import type { LibvirtSession } from '../protocol/session.ts';
import { readNetwork } from '../xml/network.ts';
import type { NetworkView } from '../xml/network.ts';
import { DefinitionCache } from './definition-cache.ts';

/**
 * Reads all networks, each time anew: there are few, and libvirt tells nobody of a `net-update` or a `net-autostart`. What did
 * not change is not parsed again.
 */
export class NetworkReader {
  readonly #session: LibvirtSession;
  readonly #definitions = new DefinitionCache<NetworkView>(readNetwork);

  constructor(session: LibvirtSession) {
    this.#session = session;
  }

  async readAll(): Promise<Map<string, NetworkState>> {
    const refs = await this.#session.call(procedures.connectListAllNetworks, { flags: 0 });
    const states = await Promise.all(refs.map((ref) => this.#read(ref)));
    const uuids = new Set(refs.map(({ uuid }) => uuid));
    this.#definitions.keepOnly((key) => uuids.has(key.slice(key.indexOf('/') + 1)));
    return new Map(states.flatMap((state) => (state ? [[state.name, state]] : [])));
  }

  /** Undefined for a network that went away after it was listed. */
  async #read(net: NetworkRef): Promise<NetworkState | undefined> {
    try {
      const [active, persistent, autostart, configXml, liveXml] = await Promise.all([
        this.#session.call(procedures.networkIsActive, net),
        this.#session.call(procedures.networkIsPersistent, net),
        this.#session.call(procedures.networkGetAutostart, net),
        this.#session.call(procedures.networkGetXmlDesc, { net, flags: NETWORK_XML.inactive }),
        this.#session.call(procedures.networkGetXmlDesc, { net, flags: 0 }),
      ]);
      const config = this.#definitions.get(`config/${net.uuid}`, configXml);
      const live = active ? this.#definitions.get(`live/${net.uuid}`, liveXml) : undefined;
      const { bridgeName, portgroups } = (live ?? config).view;
      const vlans = new Map([...portgroups].map(([name, { vlan }]) => [name, vlan]));
      return { ...net, owner: config.view.mark?.owner, active, persistent, autostart, bridgeName, portgroups: vlans, config, live };
    } catch (error) {
      if (error instanceof LibvirtError && error.code === ERROR_CODES.NO_NETWORK) return undefined;
      throw error;
    }
  }
}
