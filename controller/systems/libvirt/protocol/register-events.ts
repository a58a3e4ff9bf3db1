import { DOMAIN_EVENT, NETWORK_EVENT } from './flags.ts';
import { procedures } from './procedures.ts';
import type { RpcConnection } from './rpc-connection.ts';

/** Asks libvirt for every event that we follow, for all domains and networks. */
export async function registerEvents(connection: RpcConnection): Promise<void> {
  await Promise.all([
    connection.call(procedures.connectNetworkEventRegisterAny, NETWORK_EVENT.lifecycle),
    ...Object.values(DOMAIN_EVENT).map((id) => connection.call(procedures.connectDomainEventCallbackRegisterAny, id)),
  ]);
}
