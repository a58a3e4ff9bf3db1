// Generated from crds/ by build/generate.mjs. Do not edit.
export type paths = Record<string, never>;
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description Where alerts go. */
        "dev.bridgekeeper.v1alpha1.AlertReceiver": {
            /** @description APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources */
            apiVersion?: string;
            /** @description Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds */
            kind?: string;
            /** @description Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata */
            metadata?: components["schemas"]["io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"];
            /** @description Which alerts go where. */
            spec: {
                /**
                 * @description How alerts are sent.
                 * @enum {string}
                 */
                type: "webhook" | "cloudevents" | "alertmanager" | "slack" | "ntfy";
                /** @description Where they are sent. */
                url: string;
                /** @description The Secret that is shown or signed with: key token (bearer), keys username and password (basic), or key hmacKey. */
                secretRef?: {
                    /** @description The Secret's namespace. */
                    namespace: string;
                    /** @description The Secret's name. */
                    name: string;
                };
                /** @description Which events are told. All by default. */
                events?: ("DriftDetected" | "DriftCorrected" | "RolledBack" | "Stalled" | "Recovered" | "HostUnreachable")[];
                /** @description Which kinds are told about. All by default. */
                kinds?: ("Host" | "Bridge" | "VlanPort" | "Portgroup" | "VirtualMachine")[];
                /**
                 * @description What is less than this is not told.
                 * @default Info
                 * @enum {string}
                 */
                minSeverity: "Info" | "Warning" | "Critical";
                /**
                 * @description How often an alert that lasts is told again; 0 is never.
                 * @default 14400
                 */
                repeatIntervalSeconds: number;
            };
            /**
             * @description Whether alerts get through.
             * @default {}
             */
            status: {
                /** @description The generation of the spec that this status was made from. */
                observedGeneration?: number;
                /**
                 * @description How far it is, and why.
                 * @default [
                 *       {
                 *         "type": "Accepted",
                 *         "status": "Unknown",
                 *         "reason": "Pending",
                 *         "message": "The controller has not looked at it yet",
                 *         "lastTransitionTime": "1970-01-01T00:00:00Z"
                 *       },
                 *       {
                 *         "type": "Ready",
                 *         "status": "Unknown",
                 *         "reason": "Pending",
                 *         "message": "The controller has not looked at it yet",
                 *         "lastTransitionTime": "1970-01-01T00:00:00Z"
                 *       }
                 *     ]
                 */
                conditions: {
                    /** @description Accepted, Programmed and Ready always; Reconciling, Stalled, Drifted, RestartRequired and RolledBack while true. */
                    type: string;
                    /**
                     * @description Whether it holds.
                     * @enum {string}
                     */
                    status: "True" | "False" | "Unknown";
                    /** @description The generation of the spec that was looked at. */
                    observedGeneration?: number;
                    /**
                     * Format: date-time
                     * @description When status last changed.
                     */
                    lastTransitionTime: string;
                    /** @description Why, in one word, for programs. */
                    reason: string;
                    /** @description What was found, and what would mend it, for people. */
                    message: string;
                }[];
                /** @description How many alerts wait to be sent. */
                pending?: number;
                /** @description The last attempt. */
                lastDelivery?: {
                    /**
                     * Format: date-time
                     * @description When it was.
                     */
                    time?: string;
                    /** @description What was told. */
                    event?: string;
                    /**
                     * @description What came out.
                     * @enum {string}
                     */
                    result?: "Delivered" | "Failed";
                    /** @description What went wrong. */
                    message?: string;
                };
            };
        };
        /** @description AlertReceiverList is a list of AlertReceiver */
        "dev.bridgekeeper.v1alpha1.AlertReceiverList": {
            /** @description APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources */
            apiVersion?: string;
            /** @description List of alertreceivers. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md */
            items: components["schemas"]["dev.bridgekeeper.v1alpha1.AlertReceiver"][];
            /** @description Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds */
            kind?: string;
            /** @description Standard list metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds */
            metadata?: components["schemas"]["io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"];
        };
        /** @description An Open vSwitch bridge with its uplinks, bonds and mirrors, and the libvirt network on it. */
        "dev.bridgekeeper.v1alpha1.Bridge": {
            /** @description APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources */
            apiVersion?: string;
            /** @description Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds */
            kind?: string;
            /** @description Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata */
            metadata?: components["schemas"]["io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"];
            /** @description What the bridge should be. */
            spec: {
                /** @description The Host that carries this out. Without it: the server's own host, in stand-alone mode only; an agent on a cluster leaves such a resource alone. Immutable. */
                hostName?: string;
                /** @description The device's name on the host, at most 15 bytes; metadata.name by default. Immutable. */
                deviceName?: string;
                /**
                 * @description What is done about a change behind our back: Correct undoes and reports it, Report only reports it. The Host's driftPolicy by default.
                 * @enum {string}
                 */
                driftPolicy?: "Correct" | "Report";
                /** @description JSON pointers (RFC 6901) into this resource, such as /spec/mtu: a change behind our back of what they name is neither undone nor reported. What Open vSwitch, netplan or libvirt keeps as one value, such as a list of addresses, counts as a whole. A new value in this spec is carried out all the same. */
                driftIgnore?: string[];
                /**
                 * @description Whether something of this name that is on the host without our mark is taken over: IfMatching when it already is as desired, Always at once, Never not at all.
                 * @default IfMatching
                 * @enum {string}
                 */
                adoptionPolicy: "IfMatching" | "Always" | "Never";
                /**
                 * @description What becomes of it on the host when this resource is deleted: Delete takes it away, Orphan leaves it and takes off our mark.
                 * @default Delete
                 * @enum {string}
                 */
                deletionPolicy: "Delete" | "Orphan";
                /**
                 * @description system is the kernel's datapath, netdev the one in user space; auto takes what works when the bridge is made and never changes a bridge that exists.
                 * @default auto
                 * @enum {string}
                 */
                datapathType: "auto" | "system" | "netdev";
                /** @description The ways out of the host, each a NIC or a bond of NICs. */
                uplinks?: {
                    /** @description The NIC's name on the host, or the bond's. */
                    name: string;
                    /** @description Finds the NIC by its permanent address, and names it as said here (netplan's match and set-name). */
                    match?: {
                        /** @description An Ethernet address, such as 52:54:00:12:34:56; not a multicast one. */
                        macAddress: string;
                    };
                    /** @description The boot does not wait for it, and it may be missing. False by default. */
                    optional?: boolean;
                    /** @description Which VLANs pass. Absent, every VLAN passes, as in Open vSwitch. */
                    vlan?: {
                        /**
                         * @description access carries the VLAN `tag` untagged; trunk carries the VLANs `trunks` tagged; native-tagged and native-untagged are a trunk whose untagged frames belong to `tag`; dot1q-tunnel puts every frame, tagged or not, into `tag` (needs spec.ovs.vlanLimit 2 on the Host).
                         * @enum {string}
                         */
                        mode: "access" | "trunk" | "native-tagged" | "native-untagged" | "dot1q-tunnel";
                        /** @description The VLAN of untagged frames. */
                        tag?: number;
                        /** @description The VLANs that pass tagged. Absent on a trunk with a native VLAN, every VLAN passes. */
                        trunks?: number[];
                    };
                    /** @description The largest packet in bytes, without the Ethernet header. */
                    mtu?: number;
                    /** @description The NICs that make up this uplink. */
                    bond?: {
                        /** @description The NICs. */
                        interfaces: {
                            /** @description The NIC's name on the host. */
                            name: string;
                            /** @description Finds the NIC by its permanent address, and names it as said here (netplan's match and set-name). */
                            match?: {
                                /** @description An Ethernet address, such as 52:54:00:12:34:56; not a multicast one. */
                                macAddress: string;
                            };
                        }[];
                        /**
                         * @description How traffic is spread. balance-tcp needs LACP.
                         * @default active-backup
                         * @enum {string}
                         */
                        mode: "active-backup" | "balance-slb" | "balance-tcp";
                        /**
                         * @description Whether LACP is spoken with the switch.
                         * @default off
                         * @enum {string}
                         */
                        lacp: "active" | "passive" | "off";
                        /**
                         * @description How often LACP packets are asked for - fast every second, slow every 30.
                         * @enum {string}
                         */
                        lacpTime?: "fast" | "slow";
                        /** @description How long a link must be up before it is used. */
                        updelayMilliseconds?: number;
                        /** @description How long a link must be down before it is left. */
                        downdelayMilliseconds?: number;
                        /** @description How often traffic is spread anew; 0 is never. */
                        rebalanceIntervalMilliseconds?: number;
                        /** @description The NIC that active-backup prefers. */
                        primary?: string;
                    };
                }[];
                /** @description The bridge's own device on the host. Without addresses it and the uplinks get no link-local address and take no router advertisements. */
                localPort?: {
                    /** @description Which VLANs pass. Absent, every VLAN passes, as in Open vSwitch. */
                    vlan?: {
                        /**
                         * @description access carries the VLAN `tag` untagged; trunk carries the VLANs `trunks` tagged; native-tagged and native-untagged are a trunk whose untagged frames belong to `tag`; dot1q-tunnel puts every frame, tagged or not, into `tag` (needs spec.ovs.vlanLimit 2 on the Host).
                         * @enum {string}
                         */
                        mode: "access" | "trunk" | "native-tagged" | "native-untagged" | "dot1q-tunnel";
                        /** @description The VLAN of untagged frames. */
                        tag?: number;
                        /** @description The VLANs that pass tagged. Absent on a trunk with a native VLAN, every VLAN passes. */
                        trunks?: number[];
                    };
                    /** @description Addresses with their prefix length, such as 192.0.2.10/24 or 2001:db8::10/64. */
                    addresses?: string[];
                    /** @description Whether the device is brought up. True by default. */
                    up?: boolean;
                };
                /** @description The largest packet in bytes, without the Ethernet header. */
                mtu?: number;
                /**
                 * @description What happens while no controller answers: standalone goes on as an ordinary switch, secure forwards only by the flows it has.
                 * @enum {string}
                 */
                failMode?: "standalone" | "secure";
                /** @description Run the Spanning Tree Protocol (802.1D). False by default. */
                stp?: boolean;
                /** @description Run the Rapid Spanning Tree Protocol (802.1D-2004). False by default. */
                rstp?: boolean;
                /** @description Send multicast only to ports that asked for it. False by default. */
                mcastSnooping?: boolean;
                /** @description OpenFlow controllers, such as tcp:127.0.0.1:6653. */
                controllers?: string[];
                /** @description The OpenFlow versions that are spoken. Open vSwitch's own choice by default. */
                protocols?: ("OpenFlow10" | "OpenFlow11" | "OpenFlow12" | "OpenFlow13" | "OpenFlow14" | "OpenFlow15")[];
                /** @description Copies of traffic, to a port (SPAN) or into a VLAN (RSPAN). */
                mirrors?: {
                    /** @description The mirror's name. */
                    name: string;
                    /** @description Copy everything on the bridge. */
                    selectAll?: boolean;
                    /** @description Copy what enters or leaves these ports: a port's name on the host, a VlanPort, or VM/NIC (such as guest1/eth0) for the NIC of a VirtualMachine, which is followed over restarts. */
                    selectPorts?: string[];
                    /** @description Copy what belongs to these VLANs; with selectPorts, of what these ports carry. */
                    selectVlans?: number[];
                    /** @description The port that gets the copies, named as in selectPorts. It carries nothing else. */
                    outputPort?: string;
                    /** @description The VLAN that gets the copies. No address is learned in it, so keep it for them. */
                    outputVlan?: number;
                }[];
                /** @description Send NetFlow version 5 records. */
                netflow?: {
                    /** @description The collectors, each as address:port or [address]:port. */
                    targets: string[];
                    /** @description How often a flow that lives on is told; 0 is Open vSwitch's own choice. */
                    activeTimeoutSeconds?: number;
                    /** @description The engine type in the records. */
                    engineType?: number;
                    /** @description The engine ID in the records. */
                    engineID?: number;
                    /** @description Put the engine ID into the interface numbers. */
                    addIDToInterface?: boolean;
                };
                /** @description Send sFlow samples. */
                sflow?: {
                    /** @description The collectors, each as address:port or [address]:port. */
                    targets: string[];
                    /** @description The device whose address is the agent's. */
                    agent?: string;
                    /** @description One packet in so many. */
                    sampling?: number;
                    /** @description How often counters are told. */
                    pollingSeconds?: number;
                    /** @description How much of a packet is told. */
                    headerBytes?: number;
                };
                /** @description Send IPFIX records. */
                ipfix?: {
                    /** @description The collectors, each as address:port or [address]:port. */
                    targets: string[];
                    /** @description One packet in so many. */
                    sampling?: number;
                    /** @description The observation domain. */
                    obsDomainID?: number;
                    /** @description The observation point. */
                    obsPointID?: number;
                    /** @description How long a flow is gathered before it is told. */
                    cacheActiveTimeoutSeconds?: number;
                    /** @description How many flows are gathered at once. */
                    cacheMaxFlows?: number;
                };
                /** @description The libvirt network whose VMs are on this bridge. Its portgroups are Portgroup resources. */
                libvirtNetwork?: {
                    /** @description The network's name in libvirt. */
                    name: string;
                    /**
                     * @description Whether libvirt starts it at boot.
                     * @default true
                     */
                    autostart: boolean;
                };
                /**
                 * @description What is done about ports on the bridge that no resource asks for. Remove never takes the port of a running domain.
                 * @enum {string}
                 */
                unmanagedPorts?: "Ignore" | "Report" | "Remove";
            };
            /**
             * @description What the bridge is, and how far it is.
             * @default {}
             */
            status: {
                /** @description The generation of the spec that this status was made from. */
                observedGeneration?: number;
                /**
                 * @description How far it is, and why.
                 * @default [
                 *       {
                 *         "type": "Accepted",
                 *         "status": "Unknown",
                 *         "reason": "Pending",
                 *         "message": "The controller has not looked at it yet",
                 *         "lastTransitionTime": "1970-01-01T00:00:00Z"
                 *       },
                 *       {
                 *         "type": "Programmed",
                 *         "status": "Unknown",
                 *         "reason": "Pending",
                 *         "message": "The controller has not looked at it yet",
                 *         "lastTransitionTime": "1970-01-01T00:00:00Z"
                 *       },
                 *       {
                 *         "type": "Ready",
                 *         "status": "Unknown",
                 *         "reason": "Pending",
                 *         "message": "The controller has not looked at it yet",
                 *         "lastTransitionTime": "1970-01-01T00:00:00Z"
                 *       }
                 *     ]
                 */
                conditions: {
                    /** @description Accepted, Programmed and Ready always; Reconciling, Stalled, Drifted, RestartRequired and RolledBack while true. */
                    type: string;
                    /**
                     * @description Whether it holds.
                     * @enum {string}
                     */
                    status: "True" | "False" | "Unknown";
                    /** @description The generation of the spec that was looked at. */
                    observedGeneration?: number;
                    /**
                     * Format: date-time
                     * @description When status last changed.
                     */
                    lastTransitionTime: string;
                    /** @description Why, in one word, for programs. */
                    reason: string;
                    /** @description What was found, and what would mend it, for people. */
                    message: string;
                }[];
                /** @description The Host that carries it out. */
                hostName?: string;
                /** @description The bridge's name on the host. */
                deviceName?: string;
                /** @description The OpenFlow datapath id; empty while the datapath does not work. */
                datapathID?: string;
                /** @description The datapath type in use. */
                datapathType?: string;
                /** @description The Ethernet address of its own device. */
                macAddress?: string;
                /** @description The MTU of its own device. */
                mtu?: number;
                /** @description Its ports. */
                ports?: {
                    /** @description The port's name. */
                    name: string;
                    /** @description The type of its interface; empty for a device of the system. */
                    type?: string;
                    /** @description The resource it belongs to, as Kind/name, for a VM's port its VirtualMachine; absent for a port of others. */
                    owner?: string;
                    /** @description The libvirt domain whose NIC it is. */
                    domainName?: string;
                    /** @description The Ethernet address in use. */
                    macAddress?: string;
                    /** @description Its OpenFlow port number. */
                    ofport?: number;
                    /**
                     * @description Whether it has a carrier.
                     * @enum {string}
                     */
                    linkState?: "up" | "down" | "unknown";
                    /** @description The VLAN setting that was found; absent, every VLAN passes. */
                    vlan?: {
                        /** @description As in Open vSwitch's Port.vlan_mode. */
                        mode?: string;
                        /** @description The VLAN of untagged frames; 4095 is the dead VLAN. */
                        tag?: number;
                        /** @description The VLANs that pass tagged. */
                        trunks?: number[];
                    };
                    /** @description What Open vSwitch says is wrong with it. */
                    error?: string;
                }[];
                /** @description Its OpenFlow controllers. */
                controllers?: {
                    /** @description Where it is, as in spec.controllers. */
                    target: string;
                    /** @description Whether the bridge speaks with it now. */
                    connected?: boolean;
                    /** @description The role that it took, as in Open vSwitch's Controller.role. */
                    role?: string;
                }[];
                /** @description What its mirrors copy now. */
                mirrors?: {
                    /** @description The mirror's name. */
                    name: string;
                    /** @description Whether every port is selected; of these, only what belongs to selectedVlans where there are any. */
                    selectAll?: boolean;
                    /** @description The ports that are selected, by their names on the host. */
                    selectedPorts?: string[];
                    /** @description The VLANs that are selected; without any, every VLAN. */
                    selectedVlans?: number[];
                    /** @description The port that gets the copies. Without it and outputVlan, the mirror rests. */
                    outputPort?: string;
                    /** @description The VLAN that gets the copies. */
                    outputVlan?: number;
                }[];
                /** @description Ports whose device is gone and that no VM uses. */
                stalePorts?: string[];
                /** @description The libvirt network that was found. */
                libvirtNetwork?: {
                    /** @description Its name. */
                    name?: string;
                    /** @description Its UUID. */
                    uuid?: string;
                    /** @description Whether it is started. */
                    active?: boolean;
                    /** @description Whether libvirt starts it at boot. */
                    autostart?: boolean;
                };
                /** @description Single values for columns. */
                summary?: {
                    /** @description The names of its uplinks. */
                    uplinks?: string;
                    /** @description How many ports it has. */
                    ports?: number;
                };
            };
        };
        /** @description BridgeList is a list of Bridge */
        "dev.bridgekeeper.v1alpha1.BridgeList": {
            /** @description APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources */
            apiVersion?: string;
            /** @description List of bridges. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md */
            items: components["schemas"]["dev.bridgekeeper.v1alpha1.Bridge"][];
            /** @description Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds */
            kind?: string;
            /** @description Standard list metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds */
            metadata?: components["schemas"]["io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"];
        };
        /** @description A plan that was applied to a host - for whom, what, before, after, how long. Written by the controller. */
        "dev.bridgekeeper.v1alpha1.Change": {
            /** @description APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources */
            apiVersion?: string;
            /** @description Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds */
            kind?: string;
            /** @description Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata */
            metadata?: components["schemas"]["io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"];
            /** @description What was done, and why. Immutable. */
            spec: {
                /** @description The Host it was done on. */
                hostName: string;
                /**
                 * @description Why it was done.
                 * @enum {string}
                 */
                reason?: "SpecChanged" | "Deleted" | "DriftCorrected" | "Adopted" | "RolledBack" | "Resync";
                /** @description The resource it was done for. */
                subject: {
                    /** @description The kind of the resource. */
                    kind: string;
                    /** @description The name of the resource. */
                    name: string;
                    /** @description The resource's UID. */
                    uid?: string;
                    /** @description The generation of the spec that was carried out. */
                    generation?: number;
                };
                /** @description Counts the Changes of this resource; what a rollback names. */
                revision?: number;
                /** @description Who asked for it. */
                requestedBy?: {
                    /** @description The user of the API. */
                    user?: string;
                    /** @description The field manager. */
                    manager?: string;
                };
                /** @description The spec that was carried out before, as YAML; absent for the first. */
                before?: string;
                /** @description The spec that was carried out, as YAML; absent for a deletion. */
                after?: string;
                /** @description What is done, in order. */
                steps?: {
                    /**
                     * @description The system of the host.
                     * @enum {string}
                     */
                    system: "ovs" | "netplan" | "libvirt" | "kernel";
                    /**
                     * @description What is done to it; claim only writes our mark.
                     * @enum {string}
                     */
                    verb: "create" | "update" | "delete" | "claim" | "release" | "start" | "stop" | "apply";
                    /** @description The thing on the host, such as Port vnet100. */
                    object: string;
                    /** @description The resource that it is done for, as Kind/name. */
                    owner?: string;
                    /** @description What was not as desired. */
                    differences?: {
                        /** @description Where on the host, in the system's own words, such as Port[vnet100].tag. */
                        path: string;
                        /** @description What is desired, as text; absent when it should not be there. */
                        expected?: string;
                        /** @description What was found, as text; absent when it was not there. */
                        found?: string;
                    }[];
                }[];
                /**
                 * Format: date-time
                 * @description When it began.
                 */
                startedAt: string;
            };
            /**
             * @description How it ended.
             * @default {}
             */
            status: {
                /**
                 * @description How it ended.
                 * @enum {string}
                 */
                result?: "Applied" | "PartlyApplied" | "Failed" | "RolledBack";
                /**
                 * Format: date-time
                 * @description When it ended.
                 */
                completedAt?: string;
                /** @description How long it took. */
                durationMilliseconds?: number;
                /** @description What went wrong. */
                message?: string;
                /** @description The steps that the host refused. */
                failures?: {
                    /** @description The thing on the host. */
                    object: string;
                    /** @description Why, in one word. */
                    reason: string;
                    /** @description What was found, and what would mend it. */
                    message?: string;
                }[];
                /** @description Single values for columns. */
                summary?: {
                    /** @description The resource, as Kind/name. */
                    subject?: string;
                    /** @description How many steps it had. */
                    steps?: number;
                    /** @description How long it took, such as 12ms. */
                    took?: string;
                };
            };
        };
        /** @description ChangeList is a list of Change */
        "dev.bridgekeeper.v1alpha1.ChangeList": {
            /** @description APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources */
            apiVersion?: string;
            /** @description List of changes. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md */
            items: components["schemas"]["dev.bridgekeeper.v1alpha1.Change"][];
            /** @description Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds */
            kind?: string;
            /** @description Standard list metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds */
            metadata?: components["schemas"]["io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"];
        };
        /** @description A change made behind our back, and what became of it. Written by the controller. */
        "dev.bridgekeeper.v1alpha1.DriftReport": {
            /** @description APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources */
            apiVersion?: string;
            /** @description Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds */
            kind?: string;
            /** @description Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata */
            metadata?: components["schemas"]["io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"];
            /** @description What changed, and by whom. Immutable. */
            spec: {
                /** @description The Host it was seen on. */
                hostName: string;
                /**
                 * @description The system of the host.
                 * @enum {string}
                 */
                system: "ovs" | "netplan" | "libvirt" | "kernel";
                /** @description What is concerned. */
                subject: {
                    /** @description The kind of the resource. */
                    kind: string;
                    /** @description The name of the resource. */
                    name: string;
                    /** @description The thing on the host, such as Port vnet100. */
                    object?: string;
                };
                /** @description What was not as desired. */
                differences?: {
                    /** @description Where on the host, in the system's own words, such as Port[vnet100].tag. */
                    path: string;
                    /** @description What is desired, as text; absent when it should not be there. */
                    expected?: string;
                    /** @description What was found, as text; absent when it was not there. */
                    found?: string;
                }[];
                /**
                 * Format: date-time
                 * @description When it was seen.
                 */
                detectedAt: string;
                /**
                 * @description How many changes this report stands for.
                 * @default 1
                 */
                count: number;
                /** @description Who did it, as far as it can be known. */
                cause?: {
                    /** @description The command line, with secrets masked; one a line when there were several. */
                    command?: string;
                    /** @description The process that called it. */
                    process?: string;
                    /** @description The user; Unknown where nothing tells. */
                    user?: string;
                    /** @description Where this was read, such as ovsdb-log. */
                    source?: string;
                    /** @description Each command by itself, in the order in which they took effect; the first 50. */
                    commands?: {
                        /** @description The command line, with secrets masked; or what is known of it, in words. */
                        command: string;
                        /** @description The process that called it. */
                        process?: string;
                        /**
                         * Format: date-time
                         * @description When it took effect.
                         */
                        time?: string;
                    }[];
                };
            };
            /**
             * @description What became of it.
             * @default {}
             */
            status: {
                /**
                 * @description Corrected - it was undone; Reported - it was left by policy; Superseded - something else changed it before; Failed - it could not be undone.
                 * @enum {string}
                 */
                action?: "Corrected" | "Reported" | "Superseded" | "Failed";
                /** @description What happened, where action does not say it all. */
                message?: string;
                /**
                 * Format: date-time
                 * @description When it was undone.
                 */
                correctedAt?: string;
                /** @description The time from the change to its correction. */
                latencyMilliseconds?: number;
                /** @description What was told to whom. */
                alerts?: {
                    /** @description The AlertReceiver. */
                    receiverName: string;
                    /**
                     * @description How far it is.
                     * @enum {string}
                     */
                    state?: "Pending" | "Delivered" | "Failed";
                    /**
                     * Format: date-time
                     * @description When it was delivered.
                     */
                    deliveredAt?: string;
                    /** @description What went wrong. */
                    message?: string;
                }[];
                /** @description Single values for columns. */
                summary?: {
                    /** @description The resource, as Kind/name. */
                    subject?: string;
                    /** @description The program that did it, such as ovs-vsctl. */
                    by?: string;
                };
            };
        };
        /** @description DriftReportList is a list of DriftReport */
        "dev.bridgekeeper.v1alpha1.DriftReportList": {
            /** @description APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources */
            apiVersion?: string;
            /** @description List of driftreports. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md */
            items: components["schemas"]["dev.bridgekeeper.v1alpha1.DriftReport"][];
            /** @description Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds */
            kind?: string;
            /** @description Standard list metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds */
            metadata?: components["schemas"]["io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"];
        };
        /** @description A machine that runs Open vSwitch, netplan and libvirt - how its network is kept, and what it is. */
        "dev.bridgekeeper.v1alpha1.Host": {
            /** @description APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources */
            apiVersion?: string;
            /** @description Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds */
            kind?: string;
            /** @description Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata */
            metadata?: components["schemas"]["io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"];
            /**
             * @description How the host's network is kept.
             * @default {}
             */
            spec: {
                /**
                 * @description What is done about a change behind our back: Correct undoes and reports it, Report only reports it. Resources may say otherwise for themselves.
                 * @default Correct
                 * @enum {string}
                 */
                driftPolicy: "Correct" | "Report";
                /** @description What guards a change that may cut the host off. It is undone by itself when the probes fail after it. */
                rollback?: {
                    /**
                     * @description Whether risky changes are guarded. True by default.
                     * @default true
                     */
                    enabled: boolean;
                    /**
                     * @description How long the change and its probes may take, from its start, before it is undone.
                     * @default 30
                     */
                    timeoutSeconds: number;
                    /** @description How long after the probes passed a person has to confirm the change before it is undone. Absent, a person is asked only where nothing answered before that could be asked again, and has 120 seconds; 0, nobody is asked. */
                    confirmTimeoutSeconds?: number;
                    /** @description What must still answer after the change. Only what answered before it counts. Without any - every default gateway, and the far ends of the SSH sessions and API connections. */
                    probes?: {
                        /** @description Every default gateway that answered before. */
                        gateway?: Record<string, never>;
                        /** @description An address that answers ICMP echo. */
                        ping?: {
                            /** @description An IPv4 or IPv6 address. */
                            address: string;
                        };
                        /** @description A TCP port that takes connections. */
                        tcp?: {
                            /** @description A host name or an address. */
                            address: string;
                            /** @description The port. */
                            port: number;
                        };
                        /** @description An address that answers a GET with a status below 400. */
                        http?: {
                            /** @description The http or https URL. */
                            url: string;
                        };
                    }[];
                };
                /**
                 * @description How libvirt is treated.
                 * @default {}
                 */
                libvirt: {
                    /**
                     * @description Absent takes libvirt's own network `default` away while no domain names it, and gives it back when this Host is deleted; Unmanaged leaves it alone.
                     * @default Unmanaged
                     * @enum {string}
                     */
                    defaultNetwork: "Absent" | "Unmanaged";
                };
                /**
                 * @description How netplan is treated.
                 * @default {}
                 */
                netplan: {
                    /**
                     * @description The name of our file in the netplan folder. Later names win over earlier ones.
                     * @default 90-bridgekeeper.yaml
                     */
                    fileName: string;
                    /**
                     * @description Who carries netplan's files out, written for each of our devices. netplan's own choice by default.
                     * @enum {string}
                     */
                    renderer?: "networkd" | "NetworkManager";
                };
                /** @description How Open vSwitch is treated. */
                ovs?: {
                    /** @description How many VLAN headers are looked at (other_config:vlan-limit); 0 is no limit, dot1q-tunnel needs 2. */
                    vlanLimit?: number;
                };
                /**
                 * @description What is done about ports on the bridge that no resource asks for. Remove never takes the port of a running domain.
                 * @default Report
                 * @enum {string}
                 */
                unmanagedPorts: "Ignore" | "Report" | "Remove";
            };
            /**
             * @description What the host is, and how far it is.
             * @default {}
             */
            status: {
                /** @description The generation of the spec that this status was made from. */
                observedGeneration?: number;
                /**
                 * @description How far it is, and why.
                 * @default [
                 *       {
                 *         "type": "Accepted",
                 *         "status": "Unknown",
                 *         "reason": "Pending",
                 *         "message": "The controller has not looked at it yet",
                 *         "lastTransitionTime": "1970-01-01T00:00:00Z"
                 *       },
                 *       {
                 *         "type": "Programmed",
                 *         "status": "Unknown",
                 *         "reason": "Pending",
                 *         "message": "The controller has not looked at it yet",
                 *         "lastTransitionTime": "1970-01-01T00:00:00Z"
                 *       },
                 *       {
                 *         "type": "Ready",
                 *         "status": "Unknown",
                 *         "reason": "Pending",
                 *         "message": "The controller has not looked at it yet",
                 *         "lastTransitionTime": "1970-01-01T00:00:00Z"
                 *       }
                 *     ]
                 */
                conditions: {
                    /** @description Accepted, Programmed and Ready always; Reconciling, Stalled, Drifted, RestartRequired and RolledBack while true. */
                    type: string;
                    /**
                     * @description Whether it holds.
                     * @enum {string}
                     */
                    status: "True" | "False" | "Unknown";
                    /** @description The generation of the spec that was looked at. */
                    observedGeneration?: number;
                    /**
                     * Format: date-time
                     * @description When status last changed.
                     */
                    lastTransitionTime: string;
                    /** @description Why, in one word, for programs. */
                    reason: string;
                    /** @description What was found, and what would mend it, for people. */
                    message: string;
                }[];
                /** @description What runs on the host. */
                versions?: {
                    /** @description Bridgekeeper's version. */
                    bridgekeeper?: string;
                    /** @description The kernel's release. */
                    kernel?: string;
                    /** @description Open vSwitch's version. */
                    ovs?: string;
                    /** @description The version of Open vSwitch's database schema. */
                    ovsSchema?: string;
                    /** @description libvirt's version. */
                    libvirt?: string;
                    /** @description QEMU's version. */
                    qemu?: string;
                    /** @description netplan's version. */
                    netplan?: string;
                };
                /** @description What the host can do. */
                capabilities?: {
                    /** @description Whether guests can run on KVM. */
                    kvm?: boolean;
                    /** @description The datapath types that work. */
                    datapathTypes?: string[];
                };
                /** @description The host's systems, and whether they can be reached. */
                connections?: {
                    /** @description The system: ovs, netplan or libvirt. */
                    name: string;
                    /**
                     * @description Whether it can be reached.
                     * @enum {string}
                     */
                    state: "Connected" | "Disconnected";
                    /** @description The socket or program it is reached by. */
                    endpoint?: string;
                    /**
                     * Format: date-time
                     * @description Since when it is so.
                     */
                    since?: string;
                    /** @description What is wrong. */
                    message?: string;
                }[];
                /** @description The host's network devices, without those of virtual machines. */
                interfaces?: {
                    /** @description The device's name. */
                    name: string;
                    /** @description Its Ethernet address. */
                    macAddress?: string;
                    /** @description Its driver. */
                    driver?: string;
                    /** @description The largest packet in bytes. */
                    mtu?: number;
                    /**
                     * @description Whether it has a carrier.
                     * @enum {string}
                     */
                    linkState?: "up" | "down" | "unknown";
                    /** @description The bridge it is a port of. */
                    bridgeName?: string;
                    /** @description Its addresses with prefix length. */
                    addresses?: string[];
                }[];
                /** @description The guarded change that is under way, or the last one. */
                checkpoint?: {
                    /** @description Its name; the annotation bridgekeeper.dev/confirm with this value confirms it. */
                    name?: string;
                    /**
                     * @description Probing and AwaitingConfirmation are under way; Committed, RolledBack and Failed are how it ended.
                     * @enum {string}
                     */
                    state?: "Probing" | "AwaitingConfirmation" | "Committed" | "RolledBack" | "Failed";
                    /** @description The resources it was for, as Kind/name. */
                    resources?: string[];
                    /** @description What it does to the ways into the host. */
                    impact?: string[];
                    /**
                     * Format: date-time
                     * @description When the change began.
                     */
                    startedAt?: string;
                    /**
                     * Format: date-time
                     * @description When it is undone unless it has passed.
                     */
                    deadline?: string;
                    /**
                     * Format: date-time
                     * @description When it ended.
                     */
                    endedAt?: string;
                    /** @description The probe that failed. */
                    failedProbe?: string;
                    /** @description What happened. */
                    message?: string;
                };
                /** @description Single values for columns. */
                summary?: {
                    /** @description Open vSwitch's version, or why it can't be reached. */
                    ovs?: string;
                    /** @description libvirt's version, or why it can't be reached. */
                    libvirt?: string;
                    /** @description netplan's version, or why it can't be used. */
                    netplan?: string;
                    /** @description How many resources this host carries out. */
                    resources?: number;
                    /** @description How many of them are Ready. */
                    ready?: number;
                    /** @description How many of them are Drifted. */
                    drifted?: number;
                };
            };
        };
        /** @description HostList is a list of Host */
        "dev.bridgekeeper.v1alpha1.HostList": {
            /** @description APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources */
            apiVersion?: string;
            /** @description List of hosts. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md */
            items: components["schemas"]["dev.bridgekeeper.v1alpha1.Host"][];
            /** @description Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds */
            kind?: string;
            /** @description Standard list metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds */
            metadata?: components["schemas"]["io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"];
        };
        /** @description A question to a host, answered in its status, and gone after a while. */
        "dev.bridgekeeper.v1alpha1.HostQuery": {
            /** @description APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources */
            apiVersion?: string;
            /** @description Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds */
            kind?: string;
            /** @description Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata */
            metadata?: components["schemas"]["io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"];
            /** @description The question. */
            spec: {
                /** @description The Host that carries this out. Without it: the server's own host, in stand-alone mode only; an agent on a cluster leaves such a resource alone. Immutable. */
                hostName?: string;
                /**
                 * @description Plan - what would be done now, or if `objects` were applied and `deletions` deleted; Import - which manifests describe the host as it is; Diagnose - what would stop it from working.
                 * @enum {string}
                 */
                type: "Plan" | "Import" | "Diagnose";
                /** @description Manifests as if they were applied: each takes the place of the resource of its kind and name. */
                objects?: ({
                    /** @description apiVersion defines the versioned schema of this representation of an object. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources */
                    apiVersion: string;
                    /** @description kind is a string value representing the type of this object. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds */
                    kind: string;
                    /** @description Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata */
                    metadata?: components["schemas"]["io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"];
                } & {
                    [key: string]: unknown;
                })[];
                /** @description The same where they are many: a JSON list of manifests, gzipped, in base64. At most 10,000 of them. */
                packedObjects?: string;
                /** @description Resources as if they were deleted. */
                deletions?: {
                    /**
                     * @description Its kind.
                     * @enum {string}
                     */
                    kind: "Host" | "Bridge" | "VlanPort" | "Portgroup" | "VirtualMachine";
                    /** @description Its metadata.name. */
                    name: string;
                }[];
                /** @description Only these kinds are imported. All by default. */
                kinds?: ("Host" | "Bridge" | "VlanPort" | "Portgroup" | "VirtualMachine")[];
                /** @description Only what has these names on the host is imported. All by default. */
                names?: string[];
                /**
                 * @description How long after the answer it is deleted.
                 * @default 600
                 */
                ttlSecondsAfterFinished: number;
            };
            /**
             * @description The answer.
             * @default {}
             */
            status: {
                /** @description The generation of the spec that this status was made from. */
                observedGeneration?: number;
                /**
                 * @description How far it is, and why.
                 * @default [
                 *       {
                 *         "type": "Accepted",
                 *         "status": "Unknown",
                 *         "reason": "Pending",
                 *         "message": "The controller has not looked at it yet",
                 *         "lastTransitionTime": "1970-01-01T00:00:00Z"
                 *       },
                 *       {
                 *         "type": "Ready",
                 *         "status": "Unknown",
                 *         "reason": "Pending",
                 *         "message": "The controller has not looked at it yet",
                 *         "lastTransitionTime": "1970-01-01T00:00:00Z"
                 *       }
                 *     ]
                 */
                conditions: {
                    /** @description Accepted, Programmed and Ready always; Reconciling, Stalled, Drifted, RestartRequired and RolledBack while true. */
                    type: string;
                    /**
                     * @description Whether it holds.
                     * @enum {string}
                     */
                    status: "True" | "False" | "Unknown";
                    /** @description The generation of the spec that was looked at. */
                    observedGeneration?: number;
                    /**
                     * Format: date-time
                     * @description When status last changed.
                     */
                    lastTransitionTime: string;
                    /** @description Why, in one word, for programs. */
                    reason: string;
                    /** @description What was found, and what would mend it, for people. */
                    message: string;
                }[];
                /** @description The Host that carries it out. */
                hostName?: string;
                /**
                 * Format: date-time
                 * @description When it was answered.
                 */
                completedAt?: string;
                /** @description The answer in numbers. */
                summary?: {
                    /** @description In few words, such as 3 steps, 2 claims. */
                    text?: string;
                    /** @description Of a Plan, the steps that change something. */
                    steps?: number;
                    /** @description Of a Plan, the steps that only write our mark. */
                    claims?: number;
                    /** @description Of a Plan, the steps that are not done, since their resource is paused or only reports. */
                    held?: number;
                    /** @description Of a Plan, what stands in the way. */
                    problems?: number;
                    /** @description Of an Import, the manifests. */
                    objects?: number;
                    /** @description Of an Import, what had to be chosen or left out. */
                    remarks?: number;
                    /** @description Of a Diagnose, the checks that failed. */
                    failed?: number;
                    /** @description Of a Diagnose, the checks that warn. */
                    warnings?: number;
                };
                /** @description The lists below where they would be too long for one object: a JSON object with the same fields, gzipped, in base64. The lists themselves are absent then. */
                packed?: string;
                /** @description Of a Plan, what is done, in order. */
                steps?: {
                    /**
                     * @description The system of the host.
                     * @enum {string}
                     */
                    system: "ovs" | "netplan" | "libvirt" | "kernel";
                    /**
                     * @description What is done to it; claim only writes our mark.
                     * @enum {string}
                     */
                    verb: "create" | "update" | "delete" | "claim" | "release" | "start" | "stop" | "apply";
                    /** @description The thing on the host, such as Port vnet100. */
                    object: string;
                    /** @description The resource that it is done for, as Kind/name. */
                    owner?: string;
                    /**
                     * @description Why it is not done: Paused - its resource is paused; Reported - it is drift, and the policy is to report it.
                     * @enum {string}
                     */
                    held?: "Paused" | "Reported";
                    /** @description What is not as desired. */
                    differences?: {
                        /** @description Where on the host, in the system's own words, such as Port[vnet100].tag. */
                        path: string;
                        /** @description What is desired, as text; absent when it should not be there. */
                        expected?: string;
                        /** @description What was found, as text; absent when it was not there. */
                        found?: string;
                    }[];
                }[];
                /** @description Of a Plan, what it does to the ways into the host that are in use now. */
                impact?: {
                    /**
                     * @description Cuts takes away what a way in runs over; Disturbs changes it, and the way in may stop.
                     * @enum {string}
                     */
                    severity: "Cuts" | "Disturbs";
                    /** @description The resource that the step is done for, as Kind/name. */
                    owner?: string;
                    /** @description What the step is done to. */
                    object?: string;
                    /** @description Which step does what to which way in. */
                    message: string;
                }[];
                /** @description Of a Plan, what stands in the way. */
                problems?: {
                    /** @description The resource that it concerns, as Kind/name; absent where it concerns the host. */
                    owner?: string;
                    /** @description Why, in one word. */
                    reason: string;
                    /** @description What was found, and what would mend it. */
                    message: string;
                }[];
                /** @description Of an Import, the manifests that describe the host, in the order to apply them. */
                objects?: ({
                    /** @description apiVersion defines the versioned schema of this representation of an object. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources */
                    apiVersion: string;
                    /** @description kind is a string value representing the type of this object. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds */
                    kind: string;
                    /** @description Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata */
                    metadata?: components["schemas"]["io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"];
                } & {
                    [key: string]: unknown;
                })[];
                /** @description Of an Import, what could not be expressed, or had to be chosen. */
                remarks?: {
                    /**
                     * @description Chosen - there was more than one way to say it; Differs - applied, the manifest would change the host; NotImported - no manifest says it.
                     * @enum {string}
                     */
                    type: "Chosen" | "Differs" | "NotImported";
                    /** @description The manifest that it concerns, as Kind/name. */
                    owner?: string;
                    /** @description What was found, and what was made of it. */
                    message: string;
                }[];
                /** @description Of a Diagnose, what was looked at. */
                checks?: {
                    /** @description What was looked at. */
                    name: string;
                    /**
                     * @description What came out.
                     * @enum {string}
                     */
                    result: "Passed" | "Warning" | "Failed";
                    /** @description What was found. */
                    message?: string;
                    /** @description The line that mends it. */
                    remedy?: string;
                }[];
            };
        };
        /** @description HostQueryList is a list of HostQuery */
        "dev.bridgekeeper.v1alpha1.HostQueryList": {
            /** @description APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources */
            apiVersion?: string;
            /** @description List of hostqueries. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md */
            items: components["schemas"]["dev.bridgekeeper.v1alpha1.HostQuery"][];
            /** @description Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds */
            kind?: string;
            /** @description Standard list metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds */
            metadata?: components["schemas"]["io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"];
        };
        /** @description A portgroup of a Bridge's libvirt network. VMs on it get its VLAN, at once and while they run. */
        "dev.bridgekeeper.v1alpha1.Portgroup": {
            /** @description APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources */
            apiVersion?: string;
            /** @description Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds */
            kind?: string;
            /** @description Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata */
            metadata?: components["schemas"]["io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"];
            /** @description What the portgroup should be. */
            spec: {
                /** @description The Host that carries this out. Without it: the server's own host, in stand-alone mode only; an agent on a cluster leaves such a resource alone. Immutable. */
                hostName?: string;
                /**
                 * @description What is done about a change behind our back: Correct undoes and reports it, Report only reports it. The Host's driftPolicy by default.
                 * @enum {string}
                 */
                driftPolicy?: "Correct" | "Report";
                /** @description JSON pointers (RFC 6901) into this resource, such as /spec/mtu: a change behind our back of what they name is neither undone nor reported. What Open vSwitch, netplan or libvirt keeps as one value, such as a list of addresses, counts as a whole. A new value in this spec is carried out all the same. */
                driftIgnore?: string[];
                /**
                 * @description Whether something of this name that is on the host without our mark is taken over: IfMatching when it already is as desired, Always at once, Never not at all.
                 * @default IfMatching
                 * @enum {string}
                 */
                adoptionPolicy: "IfMatching" | "Always" | "Never";
                /**
                 * @description What becomes of it on the host when this resource is deleted: Delete takes it away, Orphan leaves it and takes off our mark.
                 * @default Delete
                 * @enum {string}
                 */
                deletionPolicy: "Delete" | "Orphan";
                /** @description The Bridge, by its metadata.name. It must have a libvirtNetwork. */
                bridgeName: string;
                /** @description The portgroup's name in libvirt, where spaces are allowed, but no & < > ' or ", which libvirt itself can't write back; metadata.name by default. Immutable. */
                libvirtName?: string;
                /**
                 * @description Whether a NIC that names no portgroup gets this one. Only one in a network.
                 * @default false
                 */
                default: boolean;
                /** @description Which VLANs pass. Absent, every VLAN passes, as in Open vSwitch. */
                vlan?: {
                    /**
                     * @description access carries the VLAN `tag` untagged; trunk carries the VLANs `trunks` tagged; native-tagged and native-untagged are a trunk whose untagged frames belong to `tag`; dot1q-tunnel puts every frame, tagged or not, into `tag` (needs spec.ovs.vlanLimit 2 on the Host).
                     * @enum {string}
                     */
                    mode: "access" | "trunk" | "native-tagged" | "native-untagged" | "dot1q-tunnel";
                    /** @description The VLAN of untagged frames. */
                    tag?: number;
                    /** @description The VLANs that pass tagged. Absent on a trunk with a native VLAN, every VLAN passes. */
                    trunks?: number[];
                };
                /** @description Limits for each NIC on it. */
                bandwidth?: {
                    /** @description What goes to the VM. */
                    inbound?: {
                        /** @description The rate that is kept over time. */
                        averageKiBps: number;
                        /** @description The rate at which a burst is sent. */
                        peakKiBps?: number;
                        /** @description How much is sent at the peak rate. */
                        burstKiB?: number;
                    };
                    /** @description What comes from the VM. */
                    outbound?: {
                        /** @description The rate that is kept over time. */
                        averageKiBps: number;
                        /** @description The rate at which a burst is sent. */
                        peakKiBps?: number;
                        /** @description How much is sent at the peak rate. */
                        burstKiB?: number;
                    };
                };
                /** @description Whether the host follows the guest's receive filters. False by default. */
                trustGuestRxFilters?: boolean;
                /** @description Whether its ports can't reach each other (Open vSwitch's protected ports). False by default. */
                isolated?: boolean;
            };
            /**
             * @description What the portgroup is, and how far it is.
             * @default {}
             */
            status: {
                /** @description The generation of the spec that this status was made from. */
                observedGeneration?: number;
                /**
                 * @description How far it is, and why.
                 * @default [
                 *       {
                 *         "type": "Accepted",
                 *         "status": "Unknown",
                 *         "reason": "Pending",
                 *         "message": "The controller has not looked at it yet",
                 *         "lastTransitionTime": "1970-01-01T00:00:00Z"
                 *       },
                 *       {
                 *         "type": "Programmed",
                 *         "status": "Unknown",
                 *         "reason": "Pending",
                 *         "message": "The controller has not looked at it yet",
                 *         "lastTransitionTime": "1970-01-01T00:00:00Z"
                 *       },
                 *       {
                 *         "type": "Ready",
                 *         "status": "Unknown",
                 *         "reason": "Pending",
                 *         "message": "The controller has not looked at it yet",
                 *         "lastTransitionTime": "1970-01-01T00:00:00Z"
                 *       }
                 *     ]
                 */
                conditions: {
                    /** @description Accepted, Programmed and Ready always; Reconciling, Stalled, Drifted, RestartRequired and RolledBack while true. */
                    type: string;
                    /**
                     * @description Whether it holds.
                     * @enum {string}
                     */
                    status: "True" | "False" | "Unknown";
                    /** @description The generation of the spec that was looked at. */
                    observedGeneration?: number;
                    /**
                     * Format: date-time
                     * @description When status last changed.
                     */
                    lastTransitionTime: string;
                    /** @description Why, in one word, for programs. */
                    reason: string;
                    /** @description What was found, and what would mend it, for people. */
                    message: string;
                }[];
                /** @description The Host that carries it out. */
                hostName?: string;
                /** @description The libvirt network. */
                networkName?: string;
                /** @description The libvirt domains that name it, running or not, ours or not. */
                virtualMachines?: {
                    /** @description The domain's name. */
                    domainName: string;
                    /** @description The VirtualMachine it belongs to. */
                    virtualMachineName?: string;
                    /** @description Whether it runs. */
                    running?: boolean;
                }[];
                /** @description The running ports in it. */
                ports?: {
                    /** @description The port's name. */
                    name: string;
                    /** @description The domain whose NIC it is. */
                    domainName?: string;
                    /** @description The NIC's Ethernet address. */
                    macAddress?: string;
                    /** @description The VLAN setting that was found; absent, every VLAN passes. */
                    vlan?: {
                        /** @description As in Open vSwitch's Port.vlan_mode. */
                        mode?: string;
                        /** @description The VLAN of untagged frames; 4095 is the dead VLAN. */
                        tag?: number;
                        /** @description The VLANs that pass tagged. */
                        trunks?: number[];
                    };
                }[];
                /** @description Single values for columns. */
                summary?: {
                    /** @description The VLANs that pass. */
                    vlan?: string;
                    /** @description How many running ports are in it. */
                    ports?: number;
                    /** @description How many domains name it. */
                    virtualMachines?: number;
                };
            };
        };
        /** @description PortgroupList is a list of Portgroup */
        "dev.bridgekeeper.v1alpha1.PortgroupList": {
            /** @description APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources */
            apiVersion?: string;
            /** @description List of portgroups. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md */
            items: components["schemas"]["dev.bridgekeeper.v1alpha1.Portgroup"][];
            /** @description Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds */
            kind?: string;
            /** @description Standard list metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds */
            metadata?: components["schemas"]["io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"];
        };
        /** @description A libvirt domain, or only the NICs of one. */
        "dev.bridgekeeper.v1alpha1.VirtualMachine": {
            /** @description APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources */
            apiVersion?: string;
            /** @description Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds */
            kind?: string;
            /** @description Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata */
            metadata?: components["schemas"]["io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"];
            /** @description What the virtual machine should be. */
            spec: {
                /** @description The Host that carries this out. Without it: the server's own host, in stand-alone mode only; an agent on a cluster leaves such a resource alone. Immutable. */
                hostName?: string;
                /**
                 * @description What is done about a change behind our back: Correct undoes and reports it, Report only reports it. The Host's driftPolicy by default.
                 * @enum {string}
                 */
                driftPolicy?: "Correct" | "Report";
                /** @description JSON pointers (RFC 6901) into this resource, such as /spec/mtu: a change behind our back of what they name is neither undone nor reported. What Open vSwitch, netplan or libvirt keeps as one value, such as a list of addresses, counts as a whole. A new value in this spec is carried out all the same. */
                driftIgnore?: string[];
                /**
                 * @description Whether something of this name that is on the host without our mark is taken over: IfMatching when it already is as desired, Always at once, Never not at all.
                 * @default IfMatching
                 * @enum {string}
                 */
                adoptionPolicy: "IfMatching" | "Always" | "Never";
                /**
                 * @description What becomes of it on the host when this resource is deleted: Delete takes it away, Orphan leaves it and takes off our mark.
                 * @default Delete
                 * @enum {string}
                 */
                deletionPolicy: "Delete" | "Orphan";
                /** @description The domain's name in libvirt; metadata.name by default. Immutable. */
                domainName?: string;
                /**
                 * @description Full makes and keeps the whole domain; InterfacesOnly keeps only the NICs of a domain made elsewhere.
                 * @default Full
                 * @enum {string}
                 */
                managementPolicy: "Full" | "InterfacesOnly";
                /**
                 * @description Always keeps it running; Halted keeps it off; Manual leaves that to others; RerunOnFailure starts it again after a crash but not after a shutdown. Always by default; with InterfacesOnly it has no effect.
                 * @enum {string}
                 */
                runStrategy?: "Always" | "Halted" | "Manual" | "RerunOnFailure";
                /** @description The virtual CPUs. */
                cpu?: {
                    /**
                     * @description How many.
                     * @default 1
                     */
                    cores: number;
                    /** @description host-passthrough, host-model, or a model that libvirt knows. libvirt's own choice by default. */
                    model?: string;
                };
                /** @description The memory, as a quantity such as 512Mi or 4Gi. */
                memory?: number | string;
                /** @description The machine type, such as q35 or pc. libvirt's own choice by default. */
                machine?: string;
                /**
                 * @description What boots the guest.
                 * @default bios
                 * @enum {string}
                 */
                firmware: "bios" | "uefi";
                /**
                 * @description kvm, or tcg which emulates the CPU in software; auto takes kvm where it works.
                 * @default auto
                 * @enum {string}
                 */
                acceleration: "auto" | "kvm" | "tcg";
                /** @description The disks. */
                disks?: {
                    /** @description Its name in this VM. */
                    name: string;
                    /** @description An image that is there already. */
                    path?: string;
                    /** @description The size of an image that is made for this VM, as a quantity such as 10Gi; the base image's by default. */
                    size?: number | string;
                    /** @description An image that the new one starts as a copy of. */
                    baseImage?: string;
                    /**
                     * @description The image's format.
                     * @default qcow2
                     * @enum {string}
                     */
                    format: "qcow2" | "raw";
                    /**
                     * @description What the guest sees it on.
                     * @default virtio
                     * @enum {string}
                     */
                    bus: "virtio" | "scsi" | "sata" | "ide";
                    /** @description Whether the guest may only read it. False by default. */
                    readOnly?: boolean;
                }[];
                /** @description The CD-ROM drives, with what is in them. */
                cdroms?: {
                    /** @description Its name in this VM. */
                    name: string;
                    /** @description The ISO image. */
                    path: string;
                }[];
                /** @description Names of disks, cdroms and interfaces, in the order they are tried. The disks in their order by default. */
                bootOrder?: string[];
                /** @description The NICs. */
                interfaces?: {
                    /** @description Its name in this VM. */
                    name: string;
                    /** @description The NIC's Ethernet address; not a multicast one. Without it a stable one is derived from the names. */
                    macAddress?: string;
                    /** @description The Portgroup it is on, by its metadata.name. */
                    portgroupName?: string;
                    /** @description The Bridge it is straight on, by its metadata.name. */
                    bridgeName?: string;
                    /** @description Which VLANs pass, with bridgeName only. Absent, every VLAN passes, as in Open vSwitch. */
                    vlan?: {
                        /**
                         * @description access carries the VLAN `tag` untagged; trunk carries the VLANs `trunks` tagged; native-tagged and native-untagged are a trunk whose untagged frames belong to `tag`; dot1q-tunnel puts every frame, tagged or not, into `tag` (needs spec.ovs.vlanLimit 2 on the Host).
                         * @enum {string}
                         */
                        mode: "access" | "trunk" | "native-tagged" | "native-untagged" | "dot1q-tunnel";
                        /** @description The VLAN of untagged frames. */
                        tag?: number;
                        /** @description The VLANs that pass tagged. Absent on a trunk with a native VLAN, every VLAN passes. */
                        trunks?: number[];
                    };
                    /** @description The UUID that Open vSwitch keeps as iface-id. Derived from the names by default. */
                    interfaceID?: string;
                    /**
                     * @description The NIC that the guest sees, in libvirt's words - virtio, e1000, e1000e, rtl8139 and others.
                     * @default virtio
                     */
                    model: string;
                    /** @description The largest packet in bytes, without the Ethernet header. */
                    mtu?: number;
                    /**
                     * @description Whether the guest sees a cable plugged in.
                     * @default up
                     * @enum {string}
                     */
                    linkState: "up" | "down";
                    /** @description What the guest makes of the NIC: its netplan, given by cloud-init. It takes effect at the first boot, and a later edit at the next one. */
                    guest?: {
                        /** @description Addresses with their prefix length, such as 192.0.2.10/24 or 2001:db8::10/64. */
                        addresses?: string[];
                        /** @description Take an IPv4 address by DHCP. False by default. */
                        dhcp4?: boolean;
                        /** @description Take an IPv6 address by DHCP. False by default. */
                        dhcp6?: boolean;
                        /** @description Whether IPv6 router advertisements are accepted. The kernel's own choice by default. */
                        acceptRa?: boolean;
                        /** @description The largest packet in bytes, without the Ethernet header. */
                        mtu?: number;
                        /** @description Routes through this device. */
                        routes?: {
                            /** @description default, or a network such as 10.0.0.0/8, or an address. */
                            to: string;
                            /** @description The gateway. */
                            via?: string;
                            /** @description The lower one wins. */
                            metric?: number;
                            /** @description The gateway is reached directly even if no address of this device says so. */
                            onLink?: boolean;
                            /** @description The routing table; the main one (254) by default. */
                            table?: number;
                            /**
                             * @description How far the destination is. global by default.
                             * @enum {string}
                             */
                            scope?: "global" | "link" | "host";
                        }[];
                        /** @description Rules that choose a routing table by source, destination or mark. */
                        routingPolicy?: {
                            /** @description The source, a network or an address. */
                            from?: string;
                            /** @description The destination, a network or an address. */
                            to?: string;
                            /** @description The routing table to look in. */
                            table?: number;
                            /** @description The lower one is asked first. */
                            priority?: number;
                            /** @description The firewall mark of the packets it is for. */
                            mark?: number;
                        }[];
                        /** @description Where names are looked up. */
                        nameservers?: {
                            /** @description The servers. */
                            addresses?: string[];
                            /** @description Domains tried for a name without a dot, in this order. */
                            search?: string[];
                        };
                        /** @description The boot does not wait for it, and it may be missing. False by default. */
                        optional?: boolean;
                        /** @description VLAN devices on the NIC. */
                        vlans?: {
                            /** @description The device's name in the guest. */
                            name: string;
                            /** @description The VLAN. */
                            id: number;
                            /** @description An Ethernet address, such as 52:54:00:12:34:56; not a multicast one. */
                            macAddress?: string;
                            /** @description Addresses with their prefix length, such as 192.0.2.10/24 or 2001:db8::10/64. */
                            addresses?: string[];
                            /** @description Take an IPv4 address by DHCP. False by default. */
                            dhcp4?: boolean;
                            /** @description Take an IPv6 address by DHCP. False by default. */
                            dhcp6?: boolean;
                            /** @description Whether IPv6 router advertisements are accepted. The kernel's own choice by default. */
                            acceptRa?: boolean;
                            /** @description The largest packet in bytes, without the Ethernet header. */
                            mtu?: number;
                            /** @description Routes through this device. */
                            routes?: {
                                /** @description default, or a network such as 10.0.0.0/8, or an address. */
                                to: string;
                                /** @description The gateway. */
                                via?: string;
                                /** @description The lower one wins. */
                                metric?: number;
                                /** @description The gateway is reached directly even if no address of this device says so. */
                                onLink?: boolean;
                                /** @description The routing table; the main one (254) by default. */
                                table?: number;
                                /**
                                 * @description How far the destination is. global by default.
                                 * @enum {string}
                                 */
                                scope?: "global" | "link" | "host";
                            }[];
                            /** @description Rules that choose a routing table by source, destination or mark. */
                            routingPolicy?: {
                                /** @description The source, a network or an address. */
                                from?: string;
                                /** @description The destination, a network or an address. */
                                to?: string;
                                /** @description The routing table to look in. */
                                table?: number;
                                /** @description The lower one is asked first. */
                                priority?: number;
                                /** @description The firewall mark of the packets it is for. */
                                mark?: number;
                            }[];
                            /** @description Where names are looked up. */
                            nameservers?: {
                                /** @description The servers. */
                                addresses?: string[];
                                /** @description Domains tried for a name without a dot, in this order. */
                                search?: string[];
                            };
                            /** @description The boot does not wait for it, and it may be missing. False by default. */
                            optional?: boolean;
                        }[];
                    };
                }[];
                /** @description What cloud-init in the guest is given at its first boot (NoCloud). A later edit is on the guest's disk after its next start; cloud-init acts on it only where metaData names another instance-id. */
                cloudInit?: {
                    /** @description The user-data, as text. */
                    userData?: string;
                    /** @description The Secret whose key userData holds the user-data. */
                    userDataSecretRef?: {
                        /** @description The Secret's namespace. */
                        namespace: string;
                        /** @description The Secret's name. */
                        name: string;
                    };
                    /** @description The meta-data, as text. instance-id and local-hostname by default. */
                    metaData?: string;
                };
                /** @description The screen. */
                graphics?: {
                    /**
                     * @description How it is reached.
                     * @default vnc
                     * @enum {string}
                     */
                    type: "vnc" | "spice" | "none";
                    /** @description Where it listens. 127.0.0.1 by default. */
                    listenAddress?: string;
                };
                /**
                 * @description Whether there is a serial console.
                 * @default true
                 */
                serialConsole: boolean;
                /**
                 * @description What becomes of the disk images made for this VM when it is deleted. An image named by path is never deleted.
                 * @default Retain
                 * @enum {string}
                 */
                diskReclaimPolicy: "Retain" | "Delete";
            };
            /**
             * @description What the virtual machine is, and how far it is.
             * @default {}
             */
            status: {
                /** @description The generation of the spec that this status was made from. */
                observedGeneration?: number;
                /**
                 * @description How far it is, and why.
                 * @default [
                 *       {
                 *         "type": "Accepted",
                 *         "status": "Unknown",
                 *         "reason": "Pending",
                 *         "message": "The controller has not looked at it yet",
                 *         "lastTransitionTime": "1970-01-01T00:00:00Z"
                 *       },
                 *       {
                 *         "type": "Programmed",
                 *         "status": "Unknown",
                 *         "reason": "Pending",
                 *         "message": "The controller has not looked at it yet",
                 *         "lastTransitionTime": "1970-01-01T00:00:00Z"
                 *       },
                 *       {
                 *         "type": "Ready",
                 *         "status": "Unknown",
                 *         "reason": "Pending",
                 *         "message": "The controller has not looked at it yet",
                 *         "lastTransitionTime": "1970-01-01T00:00:00Z"
                 *       }
                 *     ]
                 */
                conditions: {
                    /** @description Accepted, Programmed and Ready always; Reconciling, Stalled, Drifted, RestartRequired and RolledBack while true. */
                    type: string;
                    /**
                     * @description Whether it holds.
                     * @enum {string}
                     */
                    status: "True" | "False" | "Unknown";
                    /** @description The generation of the spec that was looked at. */
                    observedGeneration?: number;
                    /**
                     * Format: date-time
                     * @description When status last changed.
                     */
                    lastTransitionTime: string;
                    /** @description Why, in one word, for programs. */
                    reason: string;
                    /** @description What was found, and what would mend it, for people. */
                    message: string;
                }[];
                /** @description The Host that carries it out. */
                hostName?: string;
                /** @description The domain's name in libvirt. */
                domainName?: string;
                /** @description The domain's UUID. */
                domainUUID?: string;
                /** @description The state in libvirt's words: running, shutoff, paused, crashed and others. */
                state?: string;
                /** @description The NICs that were found. */
                interfaces?: {
                    /** @description Its name in spec.interfaces, or its address where the spec has none. */
                    name: string;
                    /** @description Its Ethernet address. */
                    macAddress?: string;
                    /** @description Its port on the bridge, while the VM runs. */
                    portName?: string;
                    /** @description The bridge's name on the host. */
                    bridgeName?: string;
                    /** @description The portgroup's name in libvirt. */
                    portgroupName?: string;
                    /**
                     * @description Whether the guest sees a cable plugged in.
                     * @enum {string}
                     */
                    linkState?: "up" | "down" | "unknown";
                    /** @description The VLAN setting that was found; absent, every VLAN passes. */
                    vlan?: {
                        /** @description As in Open vSwitch's Port.vlan_mode. */
                        mode?: string;
                        /** @description The VLAN of untagged frames; 4095 is the dead VLAN. */
                        tag?: number;
                        /** @description The VLANs that pass tagged. */
                        trunks?: number[];
                    };
                    /** @description The guest's addresses on it. */
                    addresses?: string[];
                }[];
                /** @description The disks that were found. */
                disks?: {
                    /** @description Its name in spec.disks. */
                    name: string;
                    /** @description Where its image is. */
                    path?: string;
                    /** @description Whether the image was made for this VM. */
                    made?: boolean;
                }[];
                /** @description Single values for columns. */
                summary?: {
                    /** @description The portgroups and bridges its NICs are on. */
                    networks?: string;
                    /** @description The guest's addresses. */
                    ips?: string;
                };
            };
        };
        /** @description VirtualMachineList is a list of VirtualMachine */
        "dev.bridgekeeper.v1alpha1.VirtualMachineList": {
            /** @description APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources */
            apiVersion?: string;
            /** @description List of virtualmachines. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md */
            items: components["schemas"]["dev.bridgekeeper.v1alpha1.VirtualMachine"][];
            /** @description Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds */
            kind?: string;
            /** @description Standard list metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds */
            metadata?: components["schemas"]["io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"];
        };
        /** @description An Open vSwitch internal port of the host itself, in a VLAN, with addresses and routes. */
        "dev.bridgekeeper.v1alpha1.VlanPort": {
            /** @description APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources */
            apiVersion?: string;
            /** @description Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds */
            kind?: string;
            /** @description Standard object's metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata */
            metadata?: components["schemas"]["io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta"];
            /** @description What the port should be. */
            spec: {
                /** @description The Host that carries this out. Without it: the server's own host, in stand-alone mode only; an agent on a cluster leaves such a resource alone. Immutable. */
                hostName?: string;
                /** @description The device's name on the host, at most 15 bytes; metadata.name by default. Immutable. */
                deviceName?: string;
                /**
                 * @description What is done about a change behind our back: Correct undoes and reports it, Report only reports it. The Host's driftPolicy by default.
                 * @enum {string}
                 */
                driftPolicy?: "Correct" | "Report";
                /** @description JSON pointers (RFC 6901) into this resource, such as /spec/mtu: a change behind our back of what they name is neither undone nor reported. What Open vSwitch, netplan or libvirt keeps as one value, such as a list of addresses, counts as a whole. A new value in this spec is carried out all the same. */
                driftIgnore?: string[];
                /**
                 * @description Whether something of this name that is on the host without our mark is taken over: IfMatching when it already is as desired, Always at once, Never not at all.
                 * @default IfMatching
                 * @enum {string}
                 */
                adoptionPolicy: "IfMatching" | "Always" | "Never";
                /**
                 * @description What becomes of it on the host when this resource is deleted: Delete takes it away, Orphan leaves it and takes off our mark.
                 * @default Delete
                 * @enum {string}
                 */
                deletionPolicy: "Delete" | "Orphan";
                /** @description The Bridge, by its metadata.name. */
                bridgeName: string;
                /** @description Which VLANs pass. Absent, every VLAN passes, as in Open vSwitch. */
                vlan?: {
                    /**
                     * @description access carries the VLAN `tag` untagged; trunk carries the VLANs `trunks` tagged; native-tagged and native-untagged are a trunk whose untagged frames belong to `tag`; dot1q-tunnel puts every frame, tagged or not, into `tag` (needs spec.ovs.vlanLimit 2 on the Host).
                     * @enum {string}
                     */
                    mode: "access" | "trunk" | "native-tagged" | "native-untagged" | "dot1q-tunnel";
                    /** @description The VLAN of untagged frames. */
                    tag?: number;
                    /** @description The VLANs that pass tagged. Absent on a trunk with a native VLAN, every VLAN passes. */
                    trunks?: number[];
                };
                /** @description The port's Ethernet address; not a multicast one. Without it a stable one is derived from the names; an adopted port keeps its own. */
                macAddress?: string;
                /** @description The largest packet in bytes, without the Ethernet header. */
                mtu?: number;
                /** @description Addresses with their prefix length, such as 192.0.2.10/24 or 2001:db8::10/64. */
                addresses?: string[];
                /** @description Take an IPv4 address by DHCP. False by default. */
                dhcp4?: boolean;
                /** @description Take an IPv6 address by DHCP. False by default. */
                dhcp6?: boolean;
                /** @description Whether IPv6 router advertisements are accepted. The kernel's own choice by default. */
                acceptRa?: boolean;
                /** @description Routes through this device. */
                routes?: {
                    /** @description default, or a network such as 10.0.0.0/8, or an address. */
                    to: string;
                    /** @description The gateway. */
                    via?: string;
                    /** @description The lower one wins. */
                    metric?: number;
                    /** @description The gateway is reached directly even if no address of this device says so. */
                    onLink?: boolean;
                    /** @description The routing table; the main one (254) by default. */
                    table?: number;
                    /**
                     * @description How far the destination is. global by default.
                     * @enum {string}
                     */
                    scope?: "global" | "link" | "host";
                }[];
                /** @description Rules that choose a routing table by source, destination or mark. */
                routingPolicy?: {
                    /** @description The source, a network or an address. */
                    from?: string;
                    /** @description The destination, a network or an address. */
                    to?: string;
                    /** @description The routing table to look in. */
                    table?: number;
                    /** @description The lower one is asked first. */
                    priority?: number;
                    /** @description The firewall mark of the packets it is for. */
                    mark?: number;
                }[];
                /** @description Where names are looked up. */
                nameservers?: {
                    /** @description The servers. */
                    addresses?: string[];
                    /** @description Domains tried for a name without a dot, in this order. */
                    search?: string[];
                };
                /** @description The boot does not wait for it, and it may be missing. False by default. */
                optional?: boolean;
            };
            /**
             * @description What the port is, and how far it is.
             * @default {}
             */
            status: {
                /** @description The generation of the spec that this status was made from. */
                observedGeneration?: number;
                /**
                 * @description How far it is, and why.
                 * @default [
                 *       {
                 *         "type": "Accepted",
                 *         "status": "Unknown",
                 *         "reason": "Pending",
                 *         "message": "The controller has not looked at it yet",
                 *         "lastTransitionTime": "1970-01-01T00:00:00Z"
                 *       },
                 *       {
                 *         "type": "Programmed",
                 *         "status": "Unknown",
                 *         "reason": "Pending",
                 *         "message": "The controller has not looked at it yet",
                 *         "lastTransitionTime": "1970-01-01T00:00:00Z"
                 *       },
                 *       {
                 *         "type": "Ready",
                 *         "status": "Unknown",
                 *         "reason": "Pending",
                 *         "message": "The controller has not looked at it yet",
                 *         "lastTransitionTime": "1970-01-01T00:00:00Z"
                 *       }
                 *     ]
                 */
                conditions: {
                    /** @description Accepted, Programmed and Ready always; Reconciling, Stalled, Drifted, RestartRequired and RolledBack while true. */
                    type: string;
                    /**
                     * @description Whether it holds.
                     * @enum {string}
                     */
                    status: "True" | "False" | "Unknown";
                    /** @description The generation of the spec that was looked at. */
                    observedGeneration?: number;
                    /**
                     * Format: date-time
                     * @description When status last changed.
                     */
                    lastTransitionTime: string;
                    /** @description Why, in one word, for programs. */
                    reason: string;
                    /** @description What was found, and what would mend it, for people. */
                    message: string;
                }[];
                /** @description The Host that carries it out. */
                hostName?: string;
                /** @description The port's name on the host. */
                deviceName?: string;
                /** @description The Ethernet address in use. */
                macAddress?: string;
                /** @description Its OpenFlow port number. */
                ofport?: number;
                /** @description The MTU in use. */
                mtu?: number;
                /**
                 * @description Whether it has a carrier.
                 * @enum {string}
                 */
                linkState?: "up" | "down" | "unknown";
                /** @description The addresses that the kernel has. */
                addresses?: string[];
                /** @description Those of them that others added. They are left alone. */
                foreignAddresses?: string[];
                /** @description The routes that the kernel has through this device. */
                routes?: {
                    /** @description The destination. */
                    to: string;
                    /** @description The gateway. */
                    via?: string;
                    /** @description The lower one wins. */
                    metric?: number;
                }[];
                /** @description Single values for columns. */
                summary?: {
                    /** @description The VLANs that pass. */
                    vlan?: string;
                    /** @description The addresses. */
                    addresses?: string;
                };
            };
        };
        /** @description VlanPortList is a list of VlanPort */
        "dev.bridgekeeper.v1alpha1.VlanPortList": {
            /** @description APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources */
            apiVersion?: string;
            /** @description List of vlanports. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md */
            items: components["schemas"]["dev.bridgekeeper.v1alpha1.VlanPort"][];
            /** @description Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds */
            kind?: string;
            /** @description Standard list metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds */
            metadata?: components["schemas"]["io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"];
        };
        /** @description DeleteOptions may be provided when deleting an API object. */
        "io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions": {
            /** @description APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources */
            apiVersion?: string;
            /** @description When present, indicates that modifications should not be persisted. An invalid or unrecognized dryRun directive will result in an error response and no further processing of the request. Valid values are: - All: all dry run stages will be processed */
            dryRun?: string[];
            /**
             * Format: int64
             * @description The duration in seconds before the object should be deleted. Value must be non-negative integer. The value zero indicates delete immediately. If this value is nil, the default grace period for the specified type will be used. Defaults to a per object value if not specified. zero means delete immediately.
             */
            gracePeriodSeconds?: number;
            /** @description if set to true, it will trigger an unsafe deletion of the resource in case the normal deletion flow fails with a corrupt object error. A resource is considered corrupt if it can not be retrieved from the underlying storage successfully because of a) its data can not be transformed e.g. decryption failure, or b) it fails to decode into an object. NOTE: unsafe deletion ignores finalizer constraints, skips precondition checks, and removes the object from the storage. WARNING: This may potentially break the cluster if the workload associated with the resource being unsafe-deleted relies on normal deletion flow. Use only if you REALLY know what you are doing. The default value is false, and the user must opt in to enable it */
            ignoreStoreReadErrorWithClusterBreakingPotential?: boolean;
            /** @description Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds */
            kind?: string;
            /** @description Deprecated: please use the PropagationPolicy, this field will be deprecated in 1.7. Should the dependent objects be orphaned. If true/false, the "orphan" finalizer will be added to/removed from the object's finalizers list. Either this field or PropagationPolicy may be set, but not both. */
            orphanDependents?: boolean;
            preconditions?: components["schemas"]["io.k8s.apimachinery.pkg.apis.meta.v1.Preconditions"];
            /** @description Whether and how garbage collection will be performed. Either this field or OrphanDependents may be set, but not both. The default policy is decided by the existing finalizer set in the metadata.finalizers and the resource-specific default policy. Acceptable values are: 'Orphan' - orphan the dependents; 'Background' - allow the garbage collector to delete the dependents in the background; 'Foreground' - a cascading policy that deletes all dependents in the foreground. */
            propagationPolicy?: string;
        };
        /** @description FieldsV1 stores a set of fields in a data structure like a Trie, in JSON format. */
        "io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1": Record<string, never>;
        /** @description ListMeta describes metadata that synthetic resources must have, including lists and various status objects. A resource may have only one of {ObjectMeta, ListMeta}. */
        "io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta": {
            continue?: string;
            /**
             * Format: int64
             * @description remainingItemCount is the number of subsequent items in the list which are not included in this list response. If the list request contained label or field selectors, then the number of remaining items is unknown and the field will be left unset and omitted during serialization. If the list is complete (either because it is not chunking or because this is the last chunk), then there are no more remaining items and this field will be left unset and omitted during serialization. Servers older than v1.15 do not set this field. The intended use of the remainingItemCount is *estimating* the size of a collection. Clients should not rely on the remainingItemCount to be set or to be exact.
             */
            remainingItemCount?: number;
            /** @description String that identifies the server's internal version of this object that can be used by clients to determine when objects have changed. Value must be treated as opaque by clients and passed unmodified back to the server. Populated by the system. Read-only. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#concurrency-control-and-consistency */
            resourceVersion?: string;
            /** @description Deprecated: selfLink is a legacy read-only field that is no longer populated by the system. */
            selfLink?: string;
            shardInfo?: components["schemas"]["io.k8s.apimachinery.pkg.apis.meta.v1.ShardInfo"];
        };
        /** @description ManagedFieldsEntry is a workflow-id, a FieldSet and the group version of the resource that the fieldset applies to. */
        "io.k8s.apimachinery.pkg.apis.meta.v1.ManagedFieldsEntry": {
            /** @description APIVersion defines the version of this resource that this field set applies to. The format is "group/version" just like the top-level APIVersion field. It is necessary to track the version of a field set because it cannot be automatically converted. */
            apiVersion?: string;
            /** @description FieldsType is the discriminator for the different fields format and version. There is currently only one possible value: "FieldsV1" */
            fieldsType?: string;
            /** @description FieldsV1 holds the first JSON version format as described in the "FieldsV1" type. */
            fieldsV1?: components["schemas"]["io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1"];
            /** @description Manager is an identifier of the workflow managing these fields. */
            manager?: string;
            /** @description Operation is the type of operation which lead to this ManagedFieldsEntry being created. The only valid values for this field are 'Apply' and 'Update'. */
            operation?: string;
            /** @description Subresource is the name of the subresource used to update that object, or empty string if the object was updated through the main resource. The value of this field is used to distinguish between managers, even if they share the same name. For example, a status update will be distinct from a regular update using the same manager name. Note that the APIVersion field is not related to the Subresource field and it always corresponds to the version of the main resource. */
            subresource?: string;
            /** @description Time is the timestamp of when the ManagedFields entry was added. The timestamp will also be updated if a field is added, the manager changes any of the owned fields value or removes a field. The timestamp does not update when a field is removed from the entry because another manager took it over. */
            time?: components["schemas"]["io.k8s.apimachinery.pkg.apis.meta.v1.Time"];
        };
        /** @description ObjectMeta is metadata that all persisted resources must have, which includes all objects users must create. */
        "io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta": {
            /** @description Annotations is an unstructured key value map stored with a resource that may be set by external tools to store and retrieve arbitrary metadata. They are not queryable and should be preserved when modifying objects. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/annotations */
            annotations?: {
                [key: string]: string;
            };
            /**
             * @description CreationTimestamp is a timestamp representing the server time when this object was created. It is not guaranteed to be set in happens-before order across separate operations. Clients may not set this value. It is represented in RFC3339 form and is in UTC.
             *
             *     Populated by the system. Read-only. Null for lists. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata
             */
            creationTimestamp?: components["schemas"]["io.k8s.apimachinery.pkg.apis.meta.v1.Time"];
            /**
             * Format: int64
             * @description Number of seconds allowed for this object to gracefully terminate before it will be removed from the system. Only set when deletionTimestamp is also set. May only be shortened. Read-only.
             */
            deletionGracePeriodSeconds?: number;
            /**
             * @description DeletionTimestamp is RFC 3339 date and time at which this resource will be deleted. This field is set by the server when a graceful deletion is requested by the user, and is not directly settable by a client. The resource is expected to be deleted (no longer visible from resource lists, and not reachable by name) after the time in this field, once the finalizers list is empty. As long as the finalizers list contains items, deletion is blocked. Once the deletionTimestamp is set, this value may not be unset or be set further into the future, although it may be shortened or the resource may be deleted prior to this time. For example, a user may request that a pod is deleted in 30 seconds. The Kubelet will react by sending a graceful termination signal to the containers in the pod. After that 30 seconds, the Kubelet will send a hard termination signal (SIGKILL) to the container and after cleanup, remove the pod from the API. In the presence of network partitions, this object may still exist after this timestamp, until an administrator or automated process can determine the resource is fully terminated. If not set, graceful deletion of the object has not been requested.
             *
             *     Populated by the system when a graceful deletion is requested. Read-only. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#metadata
             */
            deletionTimestamp?: components["schemas"]["io.k8s.apimachinery.pkg.apis.meta.v1.Time"];
            /** @description Must be empty before the object is deleted from the registry. Each entry is an identifier for the responsible component that will remove the entry from the list. If the deletionTimestamp of the object is non-nil, entries in this list can only be removed. Finalizers may be processed and removed in any order.  Order is NOT enforced because it introduces significant risk of stuck finalizers. finalizers is a shared field, any actor with permission can reorder it. If the finalizer list is processed in order, then this can lead to a situation in which the component responsible for the first finalizer in the list is waiting for a signal (field value, external system, or other) produced by a component responsible for a finalizer later in the list, resulting in a deadlock. Without enforced ordering finalizers are free to order amongst themselves and are not vulnerable to ordering changes in the list. */
            finalizers?: string[];
            /**
             * @description GenerateName is an optional prefix, used by the server, to generate a unique name ONLY IF the Name field has not been provided. If this field is used, the name returned to the client will be different than the name passed. This value will also be combined with a unique suffix. The provided value has the same validation rules as the Name field, and may be truncated by the length of the suffix required to make the value unique on the server.
             *
             *     If this field is specified and the generated name exists, the server will return a 409.
             *
             *     Applied only if Name is not specified. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#idempotency
             */
            generateName?: string;
            /**
             * Format: int64
             * @description A sequence number representing a specific generation of the desired state. Populated by the system. Read-only.
             */
            generation?: number;
            /** @description Map of string keys and values that can be used to organize and categorize (scope and select) objects. May match selectors of replication controllers and services. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/labels */
            labels?: {
                [key: string]: string;
            };
            /** @description ManagedFields maps workflow-id and version to the set of fields that are managed by that workflow. This is mostly for internal housekeeping, and users typically shouldn't need to set or understand this field. A workflow can be the user's name, a controller's name, or the name of a specific apply path like "ci-cd". The set of fields is always in the version that the workflow used when modifying the object. */
            managedFields?: components["schemas"]["io.k8s.apimachinery.pkg.apis.meta.v1.ManagedFieldsEntry"][];
            /** @description Name must be unique within a namespace. Is required when creating resources, although some resources may allow a client to request the generation of an appropriate name automatically. Name is primarily intended for creation idempotence and configuration definition. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names */
            name?: string;
            /**
             * @description Namespace defines the space within which each name must be unique. An empty namespace is equivalent to the "default" namespace, but "default" is the canonical representation. Not all objects are required to be scoped to a namespace - the value of this field for those objects will be empty.
             *
             *     Must be a DNS_LABEL. Cannot be updated. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/namespaces
             */
            namespace?: string;
            /** @description List of objects depended by this object. If ALL objects in the list have been deleted, this object will be garbage collected. If this object is managed by a controller, then an entry in this list will point to this controller, with the controller field set to true. There cannot be more than one managing controller. */
            ownerReferences?: components["schemas"]["io.k8s.apimachinery.pkg.apis.meta.v1.OwnerReference"][];
            /**
             * @description An opaque value that represents the internal version of this object that can be used by clients to determine when objects have changed. May be used for optimistic concurrency, change detection, and the watch operation on a resource or set of resources. Clients must treat these values as opaque and passed unmodified back to the server. They may only be valid for a particular resource or set of resources.
             *
             *     Populated by the system. Read-only. Value must be treated as opaque by clients and . More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#concurrency-control-and-consistency
             */
            resourceVersion?: string;
            /** @description Deprecated: selfLink is a legacy read-only field that is no longer populated by the system. */
            selfLink?: string;
            /**
             * @description UID is the unique in time and space value for this object. It is typically generated by the server on successful creation of a resource and is not allowed to change on PUT operations.
             *
             *     Populated by the system. Read-only. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#uids
             */
            uid?: string;
        };
        /** @description OwnerReference contains enough information to let you identify an owning object. An owning object must be in the same namespace as the dependent, or be cluster-scoped, so there is no namespace field. */
        "io.k8s.apimachinery.pkg.apis.meta.v1.OwnerReference": {
            /** @description API version of the referent. */
            apiVersion: string;
            /** @description If true, AND if the owner has the "foregroundDeletion" finalizer, then the owner cannot be deleted from the key-value store until this reference is removed. See https://kubernetes.io/docs/concepts/architecture/garbage-collection/#foreground-deletion for how the garbage collector interacts with this field and enforces the foreground deletion. Defaults to false. To set this field, a user needs "delete" permission of the owner, otherwise 422 (Unprocessable Entity) will be returned. */
            blockOwnerDeletion?: boolean;
            /** @description If true, this reference points to the managing controller. */
            controller?: boolean;
            /** @description Kind of the referent. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds */
            kind: string;
            /** @description Name of the referent. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#names */
            name: string;
            /** @description UID of the referent. More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#uids */
            uid: string;
        };
        /** @description Patch is provided to give a concrete name and type to the Kubernetes PATCH request body. */
        "io.k8s.apimachinery.pkg.apis.meta.v1.Patch": Record<string, never>;
        /** @description Preconditions must be fulfilled before an operation (update, delete, etc.) is carried out. */
        "io.k8s.apimachinery.pkg.apis.meta.v1.Preconditions": {
            /** @description Specifies the target ResourceVersion */
            resourceVersion?: string;
            /** @description Specifies the target UID. */
            uid?: string;
        };
        /** @description ShardInfo describes the shard selector that was applied to produce a list response. Its presence on a list response indicates the list is a filtered subset. */
        "io.k8s.apimachinery.pkg.apis.meta.v1.ShardInfo": {
            /** @description selector is the shard selector string from the request, echoed back so clients can verify which shard they received and merge responses from multiple shards. */
            selector: string;
        };
        /** @description Status is a return value for calls that don't return other objects. */
        "io.k8s.apimachinery.pkg.apis.meta.v1.Status": {
            /** @description APIVersion defines the versioned schema of this representation of an object. Servers should convert recognized schemas to the latest internal value, and may reject unrecognized values. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#resources */
            apiVersion?: string;
            /**
             * Format: int32
             * @description Suggested HTTP return code for this status, 0 if not set.
             */
            code?: number;
            details?: components["schemas"]["io.k8s.apimachinery.pkg.apis.meta.v1.StatusDetails"];
            /** @description Kind is a string value representing the REST resource this object represents. Servers may infer this from the endpoint the client submits requests to. Cannot be updated. In CamelCase. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds */
            kind?: string;
            /** @description A human-readable description of the status of this operation. */
            message?: string;
            /** @description Standard list metadata. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds */
            metadata?: components["schemas"]["io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta"];
            /** @description A machine-readable description of why this operation is in the "Failure" status. If this value is empty there is no information available. A Reason clarifies an HTTP status code but does not override it. */
            reason?: string;
            /** @description Status of the operation. One of: "Success" or "Failure". More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#spec-and-status */
            status?: string;
        };
        /** @description StatusCause provides more information about an api.Status failure, including cases when multiple errors are encountered. */
        "io.k8s.apimachinery.pkg.apis.meta.v1.StatusCause": {
            /**
             * @description The field of the resource that has caused this error, as named by its JSON serialization. May include dot and postfix notation for nested attributes. Arrays are zero-indexed.
             *
             *     Fields may appear more than once in an array of causes due to fields having multiple errors. Optional.
             *
             *     Examples:
             *
             *      "name" - the field "name" on the current resource
             *
             *      "items[0].name" - the field "name" on the first array entry in "items"
             */
            field?: string;
            /**
             * @description A human-readable description of the cause of the error.
             *
             *     This field may be presented as-is to a reader.
             */
            message?: string;
            /** @description A machine-readable description of the cause of the error. If this value is empty there is no information available. */
            reason?: string;
        };
        /** @description StatusDetails is a set of additional properties that MAY be set by the server to provide additional information about a response. The Reason field of a Status object defines what attributes will be set. Clients must ignore fields that do not match the defined type of each attribute, and should assume that any attribute may be empty, invalid, or under defined. */
        "io.k8s.apimachinery.pkg.apis.meta.v1.StatusDetails": {
            /** @description The Causes array includes more details associated with the StatusReason failure. Not all StatusReasons may provide detailed causes. */
            causes?: components["schemas"]["io.k8s.apimachinery.pkg.apis.meta.v1.StatusCause"][];
            /** @description The group attribute of the resource associated with the status StatusReason. */
            group?: string;
            /** @description The kind attribute of the resource associated with the status StatusReason. On some operations may differ from the requested resource Kind. More info: https://git.k8s.io/community/contributors/devel/sig-architecture/api-conventions.md#types-kinds */
            kind?: string;
            /** @description The name attribute of the resource associated with the status StatusReason (when there is a single name which can be described). */
            name?: string;
            /**
             * Format: int32
             * @description If specified, the time in seconds before the operation should be retried. Some errors may indicate the client must take an alternate action - for those errors this field may indicate how long to wait before taking the alternate action.
             */
            retryAfterSeconds?: number;
            /** @description UID of the resource. (when there is a single resource which can be described). More info: https://kubernetes.io/docs/concepts/overview/working-with-objects/names#uids */
            uid?: string;
        };
        /**
         * Format: date-time
         * @description Time is a wrapper around time.Time which supports correct marshaling to YAML and JSON.  Wrappers are provided for many of the factory methods that the time package offers.
         */
        "io.k8s.apimachinery.pkg.apis.meta.v1.Time": string;
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
