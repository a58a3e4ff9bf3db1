import type { LibvirtObserved } from '../systems/libvirt/observed.ts';
import type { NetplanObserved } from '../systems/netplan/observed.ts';
import type { OvsObserved } from '../systems/ovs/observed.ts';
import { SystemUnreachable } from '../systems/system.ts';

/** The three systems of a host at one moment. One that could not be read is absent, and said why in `unreachable`. */
export interface HostObserved {
  readonly ovs?: OvsObserved;
  readonly netplan?: NetplanObserved;
  readonly libvirt?: LibvirtObserved;
  readonly unreachable: readonly SystemUnreachable[];
}

/** All that a query does with a system: it looks. */
export interface Observable<Observed> {
  observe(): Promise<Observed>;
}

export interface ObservableSystems {
  readonly ovs: Observable<OvsObserved>;
  readonly netplan: Observable<NetplanObserved>;
  readonly libvirt: Observable<LibvirtObserved>;
}

/** Reads all three at once. Rejects only for what is no failure to reach a system. */
export async function observeHost({ ovs, netplan, libvirt }: ObservableSystems): Promise<HostObserved> {
  const unreachable: SystemUnreachable[] = [];
  const read = async <Observed>(system: Observable<Observed>): Promise<Observed | undefined> => {
    try {
      return await system.observe();
    } catch (error) {
      if (!(error instanceof SystemUnreachable)) throw error;
      unreachable.push(error);
      return undefined;
    }
  };
  const [ovsState, netplanState, libvirtState] = await Promise.all([read(ovs), read(netplan), read(libvirt)]);
  return {
    ...(ovsState === undefined ? {} : { ovs: ovsState }),
    ...(netplanState === undefined ? {} : { netplan: netplanState }),
    ...(libvirtState === undefined ? {} : { libvirt: libvirtState }),
    unreachable,
  };
}
