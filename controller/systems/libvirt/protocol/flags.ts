/** Flags and enumerations of libvirt's API that our calls carry, by the names and values of libvirt-domain.h and libvirt-network.h. */

/** virDomainModificationImpact and virNetworkUpdateFlags agree. */
export const AFFECT = { live: 1, config: 2 } as const;

/** virDomainXMLFlags. Without `secure` a graphics password would be lost when the XML is written back. */
export const DOMAIN_XML = { secure: 1, inactive: 2 } as const;

/** virNetworkXMLFlags. */
export const NETWORK_XML = { inactive: 1 } as const;

/** virDomainUndefineFlagsValues. */
export const UNDEFINE = { managedSave: 1, snapshotsMetadata: 2, nvram: 4, checkpointsMetadata: 16, tpm: 32 } as const;

/** virDomainShutdownFlagValues. */
export const SHUTDOWN = { acpiPowerButton: 1 } as const;

/** virNetworkUpdateCommand. */
export const NETWORK_UPDATE = { modify: 1, delete: 2, addLast: 3 } as const;

/** virNetworkUpdateSection. */
export const NETWORK_SECTION = { bridge: 1, portgroup: 9 } as const;

/** virDomainState, by number. */
export const DOMAIN_STATES = ['nostate', 'running', 'blocked', 'paused', 'shutdown', 'shutoff', 'crashed', 'pmsuspended'] as const;


/** virDomainEventID, as far as we follow them. */
export const DOMAIN_EVENT = { lifecycle: 0, reboot: 1, deviceRemoved: 15, agentLifecycle: 18, deviceAdded: 19, metadataChange: 23 } as const;

/** virNetworkEventID. */
export const NETWORK_EVENT = { lifecycle: 0 } as const;
