// Generated from crds/ by build/generate.mjs. Do not edit.
import type { CustomResourceDefinition } from '../schema/custom-resource-definition.ts';

/** Our kinds, by plural name. */
export const customResourceDefinitions: readonly CustomResourceDefinition[] = [
 {
  "apiVersion": "apiextensions.k8s.io/v1",
  "kind": "CustomResourceDefinition",
  "metadata": {
   "name": "alertreceivers.bridgekeeper.dev"
  },
  "spec": {
   "group": "bridgekeeper.dev",
   "scope": "Cluster",
   "names": {
    "kind": "AlertReceiver",
    "listKind": "AlertReceiverList",
    "plural": "alertreceivers",
    "singular": "alertreceiver",
    "shortNames": [
     "ar"
    ],
    "categories": [
     "bridgekeeper"
    ]
   },
   "versions": [
    {
     "name": "v1alpha1",
     "served": true,
     "storage": true,
     "subresources": {
      "status": {}
     },
     "additionalPrinterColumns": [
      {
       "name": "Type",
       "type": "string",
       "description": "How alerts are sent",
       "jsonPath": ".spec.type"
      },
      {
       "name": "Ready",
       "type": "string",
       "description": "Whether alerts get through",
       "jsonPath": ".status.conditions[?(@.type==\"Ready\")].status"
      },
      {
       "name": "Last",
       "type": "date",
       "description": "Time since the last alert was sent",
       "jsonPath": ".status.lastDelivery.time"
      },
      {
       "name": "Age",
       "type": "date",
       "description": "Time since it was created",
       "jsonPath": ".metadata.creationTimestamp"
      },
      {
       "name": "URL",
       "type": "string",
       "priority": 1,
       "description": "Where alerts are sent",
       "jsonPath": ".spec.url"
      },
      {
       "name": "Message",
       "type": "string",
       "priority": 1,
       "description": "What is found and what would mend it",
       "jsonPath": ".status.conditions[?(@.type==\"Ready\")].message"
      }
     ],
     "schema": {
      "openAPIV3Schema": {
       "description": "Where alerts go.",
       "type": "object",
       "required": [
        "spec"
       ],
       "properties": {
        "apiVersion": {
         "description": "The API group and version: bridgekeeper.dev/v1alpha1.",
         "type": "string"
        },
        "kind": {
         "description": "The kind: AlertReceiver.",
         "type": "string"
        },
        "metadata": {
         "type": "object"
        },
        "spec": {
         "description": "Which alerts go where.",
         "type": "object",
         "required": [
          "type",
          "url"
         ],
         "properties": {
          "type": {
           "description": "How alerts are sent.",
           "type": "string",
           "enum": [
            "webhook",
            "cloudevents",
            "alertmanager",
            "slack",
            "ntfy"
           ]
          },
          "url": {
           "description": "Where they are sent.",
           "type": "string",
           "maxLength": 2048,
           "pattern": "^https?://[^\\s/?#]+([/?#]\\S*)?$"
          },
          "secretRef": {
           "description": "The Secret that is shown or signed with: key token (bearer), keys username and password (basic), or key hmacKey.",
           "type": "object",
           "required": [
            "namespace",
            "name"
           ],
           "properties": {
            "namespace": {
             "description": "The Secret's namespace.",
             "type": "string",
             "minLength": 1,
             "maxLength": 63
            },
            "name": {
             "description": "The Secret's name.",
             "type": "string",
             "minLength": 1,
             "maxLength": 253
            }
           }
          },
          "events": {
           "description": "Which events are told. All by default.",
           "type": "array",
           "minItems": 1,
           "maxItems": 16,
           "x-kubernetes-list-type": "set",
           "items": {
            "type": "string",
            "enum": [
             "DriftDetected",
             "DriftCorrected",
             "RolledBack",
             "Stalled",
             "Recovered",
             "HostUnreachable"
            ]
           }
          },
          "kinds": {
           "description": "Which kinds are told about. All by default.",
           "type": "array",
           "minItems": 1,
           "maxItems": 16,
           "x-kubernetes-list-type": "set",
           "items": {
            "type": "string",
            "enum": [
             "Host",
             "Bridge",
             "VlanPort",
             "Portgroup",
             "VirtualMachine"
            ]
           }
          },
          "minSeverity": {
           "description": "What is less than this is not told.",
           "type": "string",
           "enum": [
            "Info",
            "Warning",
            "Critical"
           ],
           "default": "Info"
          },
          "repeatIntervalSeconds": {
           "description": "How often an alert that lasts is told again; 0 is never.",
           "type": "integer",
           "minimum": 0,
           "maximum": 2592000,
           "default": 14400
          }
         }
        },
        "status": {
         "description": "Whether alerts get through.",
         "type": "object",
         "default": {},
         "properties": {
          "observedGeneration": {
           "description": "The generation of the spec that this status was made from.",
           "type": "integer"
          },
          "conditions": {
           "description": "How far it is, and why.",
           "type": "array",
           "maxItems": 16,
           "x-kubernetes-list-type": "map",
           "x-kubernetes-list-map-keys": [
            "type"
           ],
           "items": {
            "type": "object",
            "required": [
             "type",
             "status",
             "lastTransitionTime",
             "reason",
             "message"
            ],
            "properties": {
             "type": {
              "description": "Accepted, Programmed and Ready always; Reconciling, Stalled, Drifted, RestartRequired and RolledBack while true.",
              "type": "string",
              "maxLength": 316,
              "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$"
             },
             "status": {
              "description": "Whether it holds.",
              "type": "string",
              "enum": [
               "True",
               "False",
               "Unknown"
              ]
             },
             "observedGeneration": {
              "description": "The generation of the spec that was looked at.",
              "type": "integer",
              "minimum": 0
             },
             "lastTransitionTime": {
              "description": "When status last changed.",
              "type": "string",
              "format": "date-time"
             },
             "reason": {
              "description": "Why, in one word, for programs.",
              "type": "string",
              "minLength": 1,
              "maxLength": 1024,
              "pattern": "^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$"
             },
             "message": {
              "description": "What was found, and what would mend it, for people.",
              "type": "string",
              "maxLength": 32768
             }
            }
           },
           "default": [
            {
             "type": "Accepted",
             "status": "Unknown",
             "reason": "Pending",
             "message": "The controller has not looked at it yet",
             "lastTransitionTime": "1970-01-01T00:00:00Z"
            },
            {
             "type": "Ready",
             "status": "Unknown",
             "reason": "Pending",
             "message": "The controller has not looked at it yet",
             "lastTransitionTime": "1970-01-01T00:00:00Z"
            }
           ]
          },
          "pending": {
           "description": "How many alerts wait to be sent.",
           "type": "integer"
          },
          "lastDelivery": {
           "description": "The last attempt.",
           "type": "object",
           "properties": {
            "time": {
             "description": "When it was.",
             "type": "string",
             "format": "date-time"
            },
            "event": {
             "description": "What was told.",
             "type": "string",
             "maxLength": 64
            },
            "result": {
             "description": "What came out.",
             "type": "string",
             "enum": [
              "Delivered",
              "Failed"
             ]
            },
            "message": {
             "description": "What went wrong.",
             "type": "string",
             "maxLength": 8192
            }
           }
          }
         }
        }
       }
      }
     }
    }
   ]
  }
 },
 {
  "apiVersion": "apiextensions.k8s.io/v1",
  "kind": "CustomResourceDefinition",
  "metadata": {
   "name": "bridges.bridgekeeper.dev"
  },
  "spec": {
   "group": "bridgekeeper.dev",
   "scope": "Cluster",
   "names": {
    "kind": "Bridge",
    "listKind": "BridgeList",
    "plural": "bridges",
    "singular": "bridge",
    "shortNames": [
     "br"
    ],
    "categories": [
     "bridgekeeper"
    ]
   },
   "versions": [
    {
     "name": "v1alpha1",
     "served": true,
     "storage": true,
     "subresources": {
      "status": {}
     },
     "additionalPrinterColumns": [
      {
       "name": "Host",
       "type": "string",
       "description": "The Host that carries it out",
       "jsonPath": ".status.hostName"
      },
      {
       "name": "Uplinks",
       "type": "string",
       "description": "Its uplinks",
       "jsonPath": ".status.summary.uplinks"
      },
      {
       "name": "Ports",
       "type": "integer",
       "description": "How many ports it has",
       "jsonPath": ".status.summary.ports"
      },
      {
       "name": "Ready",
       "type": "string",
       "description": "Whether the host has it and it works",
       "jsonPath": ".status.conditions[?(@.type==\"Ready\")].status"
      },
      {
       "name": "Age",
       "type": "date",
       "description": "Time since it was created",
       "jsonPath": ".metadata.creationTimestamp"
      },
      {
       "name": "Datapath",
       "type": "string",
       "priority": 1,
       "description": "The datapath type in use",
       "jsonPath": ".status.datapathType"
      },
      {
       "name": "MTU",
       "type": "integer",
       "priority": 1,
       "description": "The MTU of its own device",
       "jsonPath": ".status.mtu"
      },
      {
       "name": "Message",
       "type": "string",
       "priority": 1,
       "description": "What is found and what would mend it",
       "jsonPath": ".status.conditions[?(@.type==\"Ready\")].message"
      }
     ],
     "schema": {
      "openAPIV3Schema": {
       "description": "An Open vSwitch bridge with its uplinks, bonds and mirrors, and the libvirt network on it.",
       "type": "object",
       "required": [
        "spec"
       ],
       "properties": {
        "apiVersion": {
         "description": "The API group and version: bridgekeeper.dev/v1alpha1.",
         "type": "string"
        },
        "kind": {
         "description": "The kind: Bridge.",
         "type": "string"
        },
        "metadata": {
         "type": "object",
         "properties": {
          "name": {
           "type": "string"
          }
         }
        },
        "spec": {
         "description": "What the bridge should be.",
         "type": "object",
         "properties": {
          "hostName": {
           "description": "The Host that carries this out. Without it: the server's own host, in stand-alone mode only; an agent on a cluster leaves such a resource alone. Immutable.",
           "type": "string",
           "minLength": 1,
           "maxLength": 253,
           "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
          },
          "deviceName": {
           "description": "The device's name on the host, at most 15 bytes; metadata.name by default. Immutable.",
           "type": "string",
           "maxLength": 15,
           "pattern": "^[A-Za-z0-9_][A-Za-z0-9_.-]*$"
          },
          "driftPolicy": {
           "description": "What is done about a change behind our back: Correct undoes and reports it, Report only reports it. The Host's driftPolicy by default.",
           "type": "string",
           "enum": [
            "Correct",
            "Report"
           ]
          },
          "driftIgnore": {
           "description": "JSON pointers (RFC 6901) into this resource, such as /spec/mtu: a change behind our back of what they name is neither undone nor reported. What Open vSwitch, netplan or libvirt keeps as one value, such as a list of addresses, counts as a whole. A new value in this spec is carried out all the same.",
           "type": "array",
           "maxItems": 64,
           "x-kubernetes-list-type": "set",
           "items": {
            "type": "string",
            "maxLength": 256,
            "pattern": "^/spec(/.+)?$"
           }
          },
          "adoptionPolicy": {
           "description": "Whether something of this name that is on the host without our mark is taken over: IfMatching when it already is as desired, Always at once, Never not at all.",
           "type": "string",
           "enum": [
            "IfMatching",
            "Always",
            "Never"
           ],
           "default": "IfMatching"
          },
          "deletionPolicy": {
           "description": "What becomes of it on the host when this resource is deleted: Delete takes it away, Orphan leaves it and takes off our mark.",
           "type": "string",
           "enum": [
            "Delete",
            "Orphan"
           ],
           "default": "Delete"
          },
          "datapathType": {
           "description": "system is the kernel's datapath, netdev the one in user space; auto takes what works when the bridge is made and never changes a bridge that exists.",
           "type": "string",
           "enum": [
            "auto",
            "system",
            "netdev"
           ],
           "default": "auto"
          },
          "uplinks": {
           "description": "The ways out of the host, each a NIC or a bond of NICs.",
           "type": "array",
           "maxItems": 64,
           "x-kubernetes-list-type": "map",
           "x-kubernetes-list-map-keys": [
            "name"
           ],
           "items": {
            "type": "object",
            "required": [
             "name"
            ],
            "properties": {
             "name": {
              "description": "The NIC's name on the host, or the bond's.",
              "type": "string",
              "minLength": 1,
              "maxLength": 15,
              "pattern": "^[A-Za-z0-9_][A-Za-z0-9_.-]*$"
             },
             "match": {
              "description": "Finds the NIC by its permanent address, and names it as said here (netplan's match and set-name).",
              "type": "object",
              "required": [
               "macAddress"
              ],
              "properties": {
               "macAddress": {
                "description": "An Ethernet address, such as 52:54:00:12:34:56; not a multicast one.",
                "type": "string",
                "maxLength": 17,
                "pattern": "^[0-9A-Fa-f][02468ACEace](:[0-9A-Fa-f]{2}){5}$"
               }
              }
             },
             "optional": {
              "description": "The boot does not wait for it, and it may be missing. False by default.",
              "type": "boolean"
             },
             "vlan": {
              "description": "Which VLANs pass. Absent, every VLAN passes, as in Open vSwitch.",
              "type": "object",
              "required": [
               "mode"
              ],
              "properties": {
               "mode": {
                "description": "access carries the VLAN `tag` untagged; trunk carries the VLANs `trunks` tagged; native-tagged and native-untagged are a trunk whose untagged frames belong to `tag`; dot1q-tunnel puts every frame, tagged or not, into `tag` (needs spec.ovs.vlanLimit 2 on the Host).",
                "type": "string",
                "enum": [
                 "access",
                 "trunk",
                 "native-tagged",
                 "native-untagged",
                 "dot1q-tunnel"
                ]
               },
               "tag": {
                "description": "The VLAN of untagged frames.",
                "type": "integer",
                "minimum": 0,
                "maximum": 4094
               },
               "trunks": {
                "description": "The VLANs that pass tagged. Absent on a trunk with a native VLAN, every VLAN passes.",
                "type": "array",
                "minItems": 1,
                "maxItems": 4095,
                "x-kubernetes-list-type": "set",
                "items": {
                 "type": "integer",
                 "minimum": 0,
                 "maximum": 4094
                }
               }
              },
              "x-kubernetes-validations": [
               {
                "rule": "self.mode == 'trunk' || has(self.tag)",
                "message": "tag is missing: every mode but trunk needs vlan.tag; set it, or choose mode trunk",
                "fieldPath": ".tag",
                "reason": "FieldValueRequired"
               },
               {
                "rule": "self.mode != 'trunk' || !has(self.tag)",
                "message": "a trunk has no tag: remove vlan.tag, or choose mode native-tagged or native-untagged",
                "fieldPath": ".tag"
               },
               {
                "rule": "self.mode != 'trunk' || has(self.trunks)",
                "message": "trunks is missing: mode trunk needs vlan.trunks; for every VLAN leave vlan out",
                "fieldPath": ".trunks",
                "reason": "FieldValueRequired"
               },
               {
                "rule": "!(self.mode in ['access', 'dot1q-tunnel']) || !has(self.trunks)",
                "message": "a port of mode access or dot1q-tunnel has no trunks: remove vlan.trunks, or choose mode trunk, native-tagged or native-untagged",
                "fieldPath": ".trunks"
               }
              ]
             },
             "mtu": {
              "description": "The largest packet in bytes, without the Ethernet header.",
              "type": "integer",
              "minimum": 68,
              "maximum": 65535
             },
             "bond": {
              "description": "The NICs that make up this uplink.",
              "type": "object",
              "required": [
               "interfaces"
              ],
              "properties": {
               "interfaces": {
                "description": "The NICs.",
                "type": "array",
                "minItems": 2,
                "maxItems": 8,
                "x-kubernetes-list-type": "map",
                "x-kubernetes-list-map-keys": [
                 "name"
                ],
                "items": {
                 "type": "object",
                 "required": [
                  "name"
                 ],
                 "properties": {
                  "name": {
                   "description": "The NIC's name on the host.",
                   "type": "string",
                   "minLength": 1,
                   "maxLength": 15,
                   "pattern": "^[A-Za-z0-9_][A-Za-z0-9_.-]*$"
                  },
                  "match": {
                   "description": "Finds the NIC by its permanent address, and names it as said here (netplan's match and set-name).",
                   "type": "object",
                   "required": [
                    "macAddress"
                   ],
                   "properties": {
                    "macAddress": {
                     "description": "An Ethernet address, such as 52:54:00:12:34:56; not a multicast one.",
                     "type": "string",
                     "maxLength": 17,
                     "pattern": "^[0-9A-Fa-f][02468ACEace](:[0-9A-Fa-f]{2}){5}$"
                    }
                   }
                  }
                 }
                }
               },
               "mode": {
                "description": "How traffic is spread. balance-tcp needs LACP.",
                "type": "string",
                "enum": [
                 "active-backup",
                 "balance-slb",
                 "balance-tcp"
                ],
                "default": "active-backup"
               },
               "lacp": {
                "description": "Whether LACP is spoken with the switch.",
                "type": "string",
                "enum": [
                 "active",
                 "passive",
                 "off"
                ],
                "default": "off"
               },
               "lacpTime": {
                "description": "How often LACP packets are asked for - fast every second, slow every 30.",
                "type": "string",
                "enum": [
                 "fast",
                 "slow"
                ]
               },
               "updelayMilliseconds": {
                "description": "How long a link must be up before it is used.",
                "type": "integer",
                "minimum": 0,
                "maximum": 3600000
               },
               "downdelayMilliseconds": {
                "description": "How long a link must be down before it is left.",
                "type": "integer",
                "minimum": 0,
                "maximum": 3600000
               },
               "rebalanceIntervalMilliseconds": {
                "description": "How often traffic is spread anew; 0 is never.",
                "type": "integer",
                "minimum": 0,
                "maximum": 3600000
               },
               "primary": {
                "description": "The NIC that active-backup prefers.",
                "type": "string",
                "maxLength": 15
               }
              },
              "x-kubernetes-validations": [
               {
                "rule": "self.mode != 'balance-tcp' || self.lacp != 'off'",
                "message": "balance-tcp needs LACP: set lacp to active or passive, or choose mode balance-slb",
                "fieldPath": ".lacp"
               },
               {
                "rule": "!has(self.primary) || self.interfaces.exists(i, i.name == self.primary)",
                "message": "primary is no NIC of the bond: name one of interfaces",
                "fieldPath": ".primary"
               }
              ]
             }
            },
            "x-kubernetes-validations": [
             {
              "rule": "!has(self.bond) || !has(self.match)",
              "message": "a bond has no address of its own to match: move match to the items of bond.interfaces",
              "fieldPath": ".match"
             }
            ]
           }
          },
          "localPort": {
           "description": "The bridge's own device on the host. Without addresses it and the uplinks get no link-local address and take no router advertisements.",
           "type": "object",
           "properties": {
            "vlan": {
             "description": "Which VLANs pass. Absent, every VLAN passes, as in Open vSwitch.",
             "type": "object",
             "required": [
              "mode"
             ],
             "properties": {
              "mode": {
               "description": "access carries the VLAN `tag` untagged; trunk carries the VLANs `trunks` tagged; native-tagged and native-untagged are a trunk whose untagged frames belong to `tag`; dot1q-tunnel puts every frame, tagged or not, into `tag` (needs spec.ovs.vlanLimit 2 on the Host).",
               "type": "string",
               "enum": [
                "access",
                "trunk",
                "native-tagged",
                "native-untagged",
                "dot1q-tunnel"
               ]
              },
              "tag": {
               "description": "The VLAN of untagged frames.",
               "type": "integer",
               "minimum": 0,
               "maximum": 4094
              },
              "trunks": {
               "description": "The VLANs that pass tagged. Absent on a trunk with a native VLAN, every VLAN passes.",
               "type": "array",
               "minItems": 1,
               "maxItems": 4095,
               "x-kubernetes-list-type": "set",
               "items": {
                "type": "integer",
                "minimum": 0,
                "maximum": 4094
               }
              }
             },
             "x-kubernetes-validations": [
              {
               "rule": "self.mode == 'trunk' || has(self.tag)",
               "message": "tag is missing: every mode but trunk needs vlan.tag; set it, or choose mode trunk",
               "fieldPath": ".tag",
               "reason": "FieldValueRequired"
              },
              {
               "rule": "self.mode != 'trunk' || !has(self.tag)",
               "message": "a trunk has no tag: remove vlan.tag, or choose mode native-tagged or native-untagged",
               "fieldPath": ".tag"
              },
              {
               "rule": "self.mode != 'trunk' || has(self.trunks)",
               "message": "trunks is missing: mode trunk needs vlan.trunks; for every VLAN leave vlan out",
               "fieldPath": ".trunks",
               "reason": "FieldValueRequired"
              },
              {
               "rule": "!(self.mode in ['access', 'dot1q-tunnel']) || !has(self.trunks)",
               "message": "a port of mode access or dot1q-tunnel has no trunks: remove vlan.trunks, or choose mode trunk, native-tagged or native-untagged",
               "fieldPath": ".trunks"
              }
             ]
            },
            "addresses": {
             "description": "Addresses with their prefix length, such as 192.0.2.10/24 or 2001:db8::10/64.",
             "type": "array",
             "maxItems": 64,
             "x-kubernetes-list-type": "set",
             "items": {
              "type": "string",
              "format": "cidr",
              "maxLength": 49
             }
            },
            "up": {
             "description": "Whether the device is brought up. True by default.",
             "type": "boolean"
            }
           }
          },
          "mtu": {
           "description": "The largest packet in bytes, without the Ethernet header.",
           "type": "integer",
           "minimum": 68,
           "maximum": 65535
          },
          "failMode": {
           "description": "What happens while no controller answers: standalone goes on as an ordinary switch, secure forwards only by the flows it has.",
           "type": "string",
           "enum": [
            "standalone",
            "secure"
           ]
          },
          "stp": {
           "description": "Run the Spanning Tree Protocol (802.1D). False by default.",
           "type": "boolean"
          },
          "rstp": {
           "description": "Run the Rapid Spanning Tree Protocol (802.1D-2004). False by default.",
           "type": "boolean"
          },
          "mcastSnooping": {
           "description": "Send multicast only to ports that asked for it. False by default.",
           "type": "boolean"
          },
          "controllers": {
           "description": "OpenFlow controllers, such as tcp:127.0.0.1:6653.",
           "type": "array",
           "maxItems": 16,
           "x-kubernetes-list-type": "set",
           "items": {
            "type": "string",
            "maxLength": 255,
            "pattern": "^(tcp|ssl|unix|ptcp|pssl|punix):.+$"
           }
          },
          "protocols": {
           "description": "The OpenFlow versions that are spoken. Open vSwitch's own choice by default.",
           "type": "array",
           "maxItems": 16,
           "x-kubernetes-list-type": "set",
           "items": {
            "type": "string",
            "enum": [
             "OpenFlow10",
             "OpenFlow11",
             "OpenFlow12",
             "OpenFlow13",
             "OpenFlow14",
             "OpenFlow15"
            ]
           }
          },
          "mirrors": {
           "description": "Copies of traffic, to a port (SPAN) or into a VLAN (RSPAN).",
           "type": "array",
           "maxItems": 32,
           "x-kubernetes-list-type": "map",
           "x-kubernetes-list-map-keys": [
            "name"
           ],
           "items": {
            "type": "object",
            "required": [
             "name"
            ],
            "properties": {
             "name": {
              "description": "The mirror's name.",
              "type": "string",
              "minLength": 1,
              "maxLength": 63,
              "pattern": "^[A-Za-z0-9_][A-Za-z0-9_.-]*$"
             },
             "selectAll": {
              "description": "Copy everything on the bridge.",
              "type": "boolean"
             },
             "selectPorts": {
              "description": "Copy what enters or leaves these ports: a port's name on the host, a VlanPort, or VM/NIC (such as guest1/eth0) for the NIC of a VirtualMachine, which is followed over restarts.",
              "type": "array",
              "maxItems": 256,
              "x-kubernetes-list-type": "set",
              "items": {
               "type": "string",
               "minLength": 1,
               "maxLength": 317
              }
             },
             "selectVlans": {
              "description": "Copy what belongs to these VLANs; with selectPorts, of what these ports carry.",
              "type": "array",
              "maxItems": 4095,
              "x-kubernetes-list-type": "set",
              "items": {
               "type": "integer",
               "minimum": 0,
               "maximum": 4094
              }
             },
             "outputPort": {
              "description": "The port that gets the copies, named as in selectPorts. It carries nothing else.",
              "type": "string",
              "minLength": 1,
              "maxLength": 317
             },
             "outputVlan": {
              "description": "The VLAN that gets the copies. No address is learned in it, so keep it for them.",
              "type": "integer",
              "minimum": 1,
              "maximum": 4094
             }
            },
            "x-kubernetes-validations": [
             {
              "rule": "has(self.outputPort) != has(self.outputVlan)",
              "message": "a mirror has one way out: set either outputPort or outputVlan"
             },
             {
              "rule": "(has(self.selectAll) && self.selectAll) || has(self.selectPorts) || has(self.selectVlans)",
              "message": "a mirror that selects nothing copies nothing: set selectAll, selectPorts or selectVlans"
             },
             {
              "rule": "!has(self.selectAll) || !self.selectAll || (!has(self.selectPorts) && !has(self.selectVlans))",
              "message": "selectAll already is every port and every VLAN: remove selectAll, or selectPorts and selectVlans",
              "fieldPath": ".selectAll"
             }
            ]
           }
          },
          "netflow": {
           "description": "Send NetFlow version 5 records.",
           "type": "object",
           "required": [
            "targets"
           ],
           "properties": {
            "targets": {
             "description": "The collectors, each as address:port or [address]:port.",
             "type": "array",
             "minItems": 1,
             "maxItems": 16,
             "x-kubernetes-list-type": "set",
             "items": {
              "type": "string",
              "maxLength": 255,
              "pattern": "^(\\[[0-9A-Fa-f:.]+\\]|[^:\\s\\[\\]]+):[0-9]{1,5}$"
             }
            },
            "activeTimeoutSeconds": {
             "description": "How often a flow that lives on is told; 0 is Open vSwitch's own choice.",
             "type": "integer",
             "minimum": 0,
             "maximum": 86400
            },
            "engineType": {
             "description": "The engine type in the records.",
             "type": "integer",
             "minimum": 0,
             "maximum": 255
            },
            "engineID": {
             "description": "The engine ID in the records.",
             "type": "integer",
             "minimum": 0,
             "maximum": 255
            },
            "addIDToInterface": {
             "description": "Put the engine ID into the interface numbers.",
             "type": "boolean"
            }
           }
          },
          "sflow": {
           "description": "Send sFlow samples.",
           "type": "object",
           "required": [
            "targets"
           ],
           "properties": {
            "targets": {
             "description": "The collectors, each as address:port or [address]:port.",
             "type": "array",
             "minItems": 1,
             "maxItems": 16,
             "x-kubernetes-list-type": "set",
             "items": {
              "type": "string",
              "maxLength": 255,
              "pattern": "^(\\[[0-9A-Fa-f:.]+\\]|[^:\\s\\[\\]]+):[0-9]{1,5}$"
             }
            },
            "agent": {
             "description": "The device whose address is the agent's.",
             "type": "string",
             "maxLength": 15
            },
            "sampling": {
             "description": "One packet in so many.",
             "type": "integer",
             "minimum": 1,
             "maximum": 16777215
            },
            "pollingSeconds": {
             "description": "How often counters are told.",
             "type": "integer",
             "minimum": 0,
             "maximum": 86400
            },
            "headerBytes": {
             "description": "How much of a packet is told.",
             "type": "integer",
             "minimum": 1,
             "maximum": 65535
            }
           }
          },
          "ipfix": {
           "description": "Send IPFIX records.",
           "type": "object",
           "required": [
            "targets"
           ],
           "properties": {
            "targets": {
             "description": "The collectors, each as address:port or [address]:port.",
             "type": "array",
             "minItems": 1,
             "maxItems": 16,
             "x-kubernetes-list-type": "set",
             "items": {
              "type": "string",
              "maxLength": 255,
              "pattern": "^(\\[[0-9A-Fa-f:.]+\\]|[^:\\s\\[\\]]+):[0-9]{1,5}$"
             }
            },
            "sampling": {
             "description": "One packet in so many.",
             "type": "integer",
             "minimum": 1,
             "maximum": 16777215
            },
            "obsDomainID": {
             "description": "The observation domain.",
             "type": "integer",
             "minimum": 0,
             "maximum": 4294967295
            },
            "obsPointID": {
             "description": "The observation point.",
             "type": "integer",
             "minimum": 0,
             "maximum": 4294967295
            },
            "cacheActiveTimeoutSeconds": {
             "description": "How long a flow is gathered before it is told.",
             "type": "integer",
             "minimum": 0,
             "maximum": 4200
            },
            "cacheMaxFlows": {
             "description": "How many flows are gathered at once.",
             "type": "integer",
             "minimum": 0,
             "maximum": 4294967295
            }
           }
          },
          "libvirtNetwork": {
           "description": "The libvirt network whose VMs are on this bridge. Its portgroups are Portgroup resources.",
           "type": "object",
           "required": [
            "name"
           ],
           "properties": {
            "name": {
             "description": "The network's name in libvirt.",
             "type": "string",
             "minLength": 1,
             "maxLength": 255,
             "pattern": "^[^/\\s]([^/\\r\\n\\t]*[^/\\s])?$"
            },
            "autostart": {
             "description": "Whether libvirt starts it at boot.",
             "type": "boolean",
             "default": true
            }
           }
          },
          "unmanagedPorts": {
           "description": "What is done about ports on the bridge that no resource asks for. Remove never takes the port of a running domain.",
           "type": "string",
           "enum": [
            "Ignore",
            "Report",
            "Remove"
           ]
          }
         },
         "x-kubernetes-validations": [
          {
           "rule": "has(self.hostName) == has(oldSelf.hostName) && (!has(self.hostName) || self.hostName == oldSelf.hostName)",
           "message": "hostName is immutable: delete the Bridge and create it anew",
           "fieldPath": ".hostName"
          },
          {
           "rule": "has(self.deviceName) == has(oldSelf.deviceName) && (!has(self.deviceName) || self.deviceName == oldSelf.deviceName)",
           "message": "deviceName is immutable: delete the Bridge and create it anew",
           "fieldPath": ".deviceName"
          },
          {
           "rule": "!(has(self.stp) && self.stp && has(self.rstp) && self.rstp)",
           "message": "stp and rstp exclude each other: set only one of them",
           "fieldPath": ".rstp"
          }
         ]
        },
        "status": {
         "description": "What the bridge is, and how far it is.",
         "type": "object",
         "default": {},
         "properties": {
          "observedGeneration": {
           "description": "The generation of the spec that this status was made from.",
           "type": "integer"
          },
          "conditions": {
           "description": "How far it is, and why.",
           "type": "array",
           "maxItems": 16,
           "x-kubernetes-list-type": "map",
           "x-kubernetes-list-map-keys": [
            "type"
           ],
           "items": {
            "type": "object",
            "required": [
             "type",
             "status",
             "lastTransitionTime",
             "reason",
             "message"
            ],
            "properties": {
             "type": {
              "description": "Accepted, Programmed and Ready always; Reconciling, Stalled, Drifted, RestartRequired and RolledBack while true.",
              "type": "string",
              "maxLength": 316,
              "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$"
             },
             "status": {
              "description": "Whether it holds.",
              "type": "string",
              "enum": [
               "True",
               "False",
               "Unknown"
              ]
             },
             "observedGeneration": {
              "description": "The generation of the spec that was looked at.",
              "type": "integer",
              "minimum": 0
             },
             "lastTransitionTime": {
              "description": "When status last changed.",
              "type": "string",
              "format": "date-time"
             },
             "reason": {
              "description": "Why, in one word, for programs.",
              "type": "string",
              "minLength": 1,
              "maxLength": 1024,
              "pattern": "^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$"
             },
             "message": {
              "description": "What was found, and what would mend it, for people.",
              "type": "string",
              "maxLength": 32768
             }
            }
           },
           "default": [
            {
             "type": "Accepted",
             "status": "Unknown",
             "reason": "Pending",
             "message": "The controller has not looked at it yet",
             "lastTransitionTime": "1970-01-01T00:00:00Z"
            },
            {
             "type": "Programmed",
             "status": "Unknown",
             "reason": "Pending",
             "message": "The controller has not looked at it yet",
             "lastTransitionTime": "1970-01-01T00:00:00Z"
            },
            {
             "type": "Ready",
             "status": "Unknown",
             "reason": "Pending",
             "message": "The controller has not looked at it yet",
             "lastTransitionTime": "1970-01-01T00:00:00Z"
            }
           ]
          },
          "hostName": {
           "description": "The Host that carries it out.",
           "type": "string",
           "maxLength": 253
          },
          "deviceName": {
           "description": "The bridge's name on the host.",
           "type": "string",
           "maxLength": 64
          },
          "datapathID": {
           "description": "The OpenFlow datapath id; empty while the datapath does not work.",
           "type": "string",
           "maxLength": 64
          },
          "datapathType": {
           "description": "The datapath type in use.",
           "type": "string",
           "maxLength": 64
          },
          "macAddress": {
           "description": "The Ethernet address of its own device.",
           "type": "string",
           "maxLength": 64
          },
          "mtu": {
           "description": "The MTU of its own device.",
           "type": "integer"
          },
          "ports": {
           "description": "Its ports.",
           "type": "array",
           "maxItems": 16384,
           "x-kubernetes-list-type": "map",
           "x-kubernetes-list-map-keys": [
            "name"
           ],
           "items": {
            "type": "object",
            "required": [
             "name"
            ],
            "properties": {
             "name": {
              "description": "The port's name.",
              "type": "string",
              "maxLength": 64
             },
             "type": {
              "description": "The type of its interface; empty for a device of the system.",
              "type": "string",
              "maxLength": 64
             },
             "owner": {
              "description": "The resource it belongs to, as Kind/name, for a VM's port its VirtualMachine; absent for a port of others.",
              "type": "string",
              "maxLength": 317
             },
             "domainName": {
              "description": "The libvirt domain whose NIC it is.",
              "type": "string",
              "maxLength": 255
             },
             "macAddress": {
              "description": "The Ethernet address in use.",
              "type": "string",
              "maxLength": 64
             },
             "ofport": {
              "description": "Its OpenFlow port number.",
              "type": "integer"
             },
             "linkState": {
              "description": "Whether it has a carrier.",
              "type": "string",
              "enum": [
               "up",
               "down",
               "unknown"
              ]
             },
             "vlan": {
              "description": "The VLAN setting that was found; absent, every VLAN passes.",
              "type": "object",
              "properties": {
               "mode": {
                "description": "As in Open vSwitch's Port.vlan_mode.",
                "type": "string",
                "maxLength": 32
               },
               "tag": {
                "description": "The VLAN of untagged frames; 4095 is the dead VLAN.",
                "type": "integer"
               },
               "trunks": {
                "description": "The VLANs that pass tagged.",
                "type": "array",
                "maxItems": 4096,
                "x-kubernetes-list-type": "atomic",
                "items": {
                 "type": "integer"
                }
               }
              }
             },
             "error": {
              "description": "What Open vSwitch says is wrong with it.",
              "type": "string",
              "maxLength": 8192
             }
            }
           }
          },
          "controllers": {
           "description": "Its OpenFlow controllers.",
           "type": "array",
           "maxItems": 64,
           "x-kubernetes-list-type": "map",
           "x-kubernetes-list-map-keys": [
            "target"
           ],
           "items": {
            "type": "object",
            "required": [
             "target"
            ],
            "properties": {
             "target": {
              "description": "Where it is, as in spec.controllers.",
              "type": "string",
              "maxLength": 255
             },
             "connected": {
              "description": "Whether the bridge speaks with it now.",
              "type": "boolean"
             },
             "role": {
              "description": "The role that it took, as in Open vSwitch's Controller.role.",
              "type": "string",
              "maxLength": 32
             }
            }
           }
          },
          "mirrors": {
           "description": "What its mirrors copy now.",
           "type": "array",
           "maxItems": 64,
           "x-kubernetes-list-type": "atomic",
           "items": {
            "type": "object",
            "required": [
             "name"
            ],
            "properties": {
             "name": {
              "description": "The mirror's name.",
              "type": "string",
              "maxLength": 255
             },
             "selectAll": {
              "description": "Whether every port is selected; of these, only what belongs to selectedVlans where there are any.",
              "type": "boolean"
             },
             "selectedPorts": {
              "description": "The ports that are selected, by their names on the host.",
              "type": "array",
              "maxItems": 4096,
              "x-kubernetes-list-type": "atomic",
              "items": {
               "type": "string",
               "maxLength": 64
              }
             },
             "selectedVlans": {
              "description": "The VLANs that are selected; without any, every VLAN.",
              "type": "array",
              "maxItems": 4096,
              "x-kubernetes-list-type": "atomic",
              "items": {
               "type": "integer"
              }
             },
             "outputPort": {
              "description": "The port that gets the copies. Without it and outputVlan, the mirror rests.",
              "type": "string",
              "maxLength": 64
             },
             "outputVlan": {
              "description": "The VLAN that gets the copies.",
              "type": "integer"
             }
            }
           }
          },
          "stalePorts": {
           "description": "Ports whose device is gone and that no VM uses.",
           "type": "array",
           "maxItems": 4096,
           "x-kubernetes-list-type": "set",
           "items": {
            "type": "string",
            "maxLength": 64
           }
          },
          "libvirtNetwork": {
           "description": "The libvirt network that was found.",
           "type": "object",
           "properties": {
            "name": {
             "description": "Its name.",
             "type": "string",
             "maxLength": 255
            },
            "uuid": {
             "description": "Its UUID.",
             "type": "string",
             "maxLength": 64
            },
            "active": {
             "description": "Whether it is started.",
             "type": "boolean"
            },
            "autostart": {
             "description": "Whether libvirt starts it at boot.",
             "type": "boolean"
            }
           }
          },
          "summary": {
           "description": "Single values for columns.",
           "type": "object",
           "properties": {
            "uplinks": {
             "description": "The names of its uplinks.",
             "type": "string",
             "maxLength": 2048
            },
            "ports": {
             "description": "How many ports it has.",
             "type": "integer"
            }
           }
          }
         }
        }
       },
       "x-kubernetes-validations": [
        {
         "rule": "has(self.spec.deviceName) || size(self.metadata.name) <= 15",
         "message": "metadata.name is the name of the device, and Linux allows 15 bytes: shorten it, or set spec.deviceName",
         "fieldPath": ".metadata.name"
        }
       ]
      }
     }
    }
   ]
  }
 },
 {
  "apiVersion": "apiextensions.k8s.io/v1",
  "kind": "CustomResourceDefinition",
  "metadata": {
   "name": "changes.bridgekeeper.dev"
  },
  "spec": {
   "group": "bridgekeeper.dev",
   "scope": "Cluster",
   "names": {
    "kind": "Change",
    "listKind": "ChangeList",
    "plural": "changes",
    "singular": "change",
    "shortNames": [
     "chg"
    ],
    "categories": [
     "bridgekeeper"
    ]
   },
   "versions": [
    {
     "name": "v1alpha1",
     "served": true,
     "storage": true,
     "subresources": {
      "status": {}
     },
     "additionalPrinterColumns": [
      {
       "name": "Steps",
       "type": "integer",
       "description": "How many steps it had",
       "jsonPath": ".status.summary.steps"
      },
      {
       "name": "Result",
       "type": "string",
       "description": "How it ended",
       "jsonPath": ".status.result"
      },
      {
       "name": "Took",
       "type": "string",
       "description": "How long it took",
       "jsonPath": ".status.summary.took"
      },
      {
       "name": "Age",
       "type": "date",
       "description": "Time since it was created",
       "jsonPath": ".metadata.creationTimestamp"
      },
      {
       "name": "Subject",
       "type": "string",
       "priority": 1,
       "description": "The resource it was done for",
       "jsonPath": ".status.summary.subject"
      },
      {
       "name": "Reason",
       "type": "string",
       "priority": 1,
       "description": "Why it was done",
       "jsonPath": ".spec.reason"
      },
      {
       "name": "Message",
       "type": "string",
       "priority": 1,
       "description": "What went wrong",
       "jsonPath": ".status.message"
      }
     ],
     "schema": {
      "openAPIV3Schema": {
       "description": "A plan that was applied to a host - for whom, what, before, after, how long. Written by the controller.",
       "type": "object",
       "required": [
        "spec"
       ],
       "properties": {
        "apiVersion": {
         "description": "The API group and version: bridgekeeper.dev/v1alpha1.",
         "type": "string"
        },
        "kind": {
         "description": "The kind: Change.",
         "type": "string"
        },
        "metadata": {
         "type": "object"
        },
        "spec": {
         "description": "What was done, and why. Immutable.",
         "type": "object",
         "required": [
          "hostName",
          "subject",
          "startedAt"
         ],
         "properties": {
          "hostName": {
           "description": "The Host it was done on.",
           "type": "string",
           "minLength": 1,
           "maxLength": 253,
           "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
          },
          "reason": {
           "description": "Why it was done.",
           "type": "string",
           "enum": [
            "SpecChanged",
            "Deleted",
            "DriftCorrected",
            "Adopted",
            "RolledBack",
            "Resync"
           ]
          },
          "subject": {
           "description": "The resource it was done for.",
           "type": "object",
           "required": [
            "kind",
            "name"
           ],
           "properties": {
            "kind": {
             "description": "The kind of the resource.",
             "type": "string",
             "maxLength": 63
            },
            "name": {
             "description": "The name of the resource.",
             "type": "string",
             "maxLength": 253
            },
            "uid": {
             "description": "The resource's UID.",
             "type": "string",
             "maxLength": 128
            },
            "generation": {
             "description": "The generation of the spec that was carried out.",
             "type": "integer"
            }
           }
          },
          "revision": {
           "description": "Counts the Changes of this resource; what a rollback names.",
           "type": "integer",
           "minimum": 1
          },
          "requestedBy": {
           "description": "Who asked for it.",
           "type": "object",
           "properties": {
            "user": {
             "description": "The user of the API.",
             "type": "string",
             "maxLength": 256
            },
            "manager": {
             "description": "The field manager.",
             "type": "string",
             "maxLength": 128
            }
           }
          },
          "before": {
           "description": "The spec that was carried out before, as YAML; absent for the first.",
           "type": "string",
           "maxLength": 262144
          },
          "after": {
           "description": "The spec that was carried out, as YAML; absent for a deletion.",
           "type": "string",
           "maxLength": 262144
          },
          "steps": {
           "description": "What is done, in order.",
           "type": "array",
           "maxItems": 10000,
           "x-kubernetes-list-type": "atomic",
           "items": {
            "type": "object",
            "required": [
             "system",
             "verb",
             "object"
            ],
            "properties": {
             "system": {
              "description": "The system of the host.",
              "type": "string",
              "enum": [
               "ovs",
               "netplan",
               "libvirt",
               "kernel"
              ]
             },
             "verb": {
              "description": "What is done to it; claim only writes our mark.",
              "type": "string",
              "enum": [
               "create",
               "update",
               "delete",
               "claim",
               "release",
               "start",
               "stop",
               "apply"
              ]
             },
             "object": {
              "description": "The thing on the host, such as Port vnet100.",
              "type": "string",
              "maxLength": 1024
             },
             "owner": {
              "description": "The resource that it is done for, as Kind/name.",
              "type": "string",
              "maxLength": 317
             },
             "differences": {
              "description": "What was not as desired.",
              "type": "array",
              "maxItems": 1000,
              "x-kubernetes-list-type": "atomic",
              "items": {
               "type": "object",
               "required": [
                "path"
               ],
               "properties": {
                "path": {
                 "description": "Where on the host, in the system's own words, such as Port[vnet100].tag.",
                 "type": "string",
                 "maxLength": 1024
                },
                "expected": {
                 "description": "What is desired, as text; absent when it should not be there.",
                 "type": "string",
                 "maxLength": 8192
                },
                "found": {
                 "description": "What was found, as text; absent when it was not there.",
                 "type": "string",
                 "maxLength": 8192
                }
               }
              }
             }
            }
           }
          },
          "startedAt": {
           "description": "When it began.",
           "type": "string",
           "format": "date-time"
          }
         },
         "x-kubernetes-validations": [
          {
           "rule": "self == oldSelf",
           "message": "spec is immutable: a Change says what was done once"
          }
         ]
        },
        "status": {
         "description": "How it ended.",
         "type": "object",
         "default": {},
         "properties": {
          "result": {
           "description": "How it ended.",
           "type": "string",
           "enum": [
            "Applied",
            "PartlyApplied",
            "Failed",
            "RolledBack"
           ]
          },
          "completedAt": {
           "description": "When it ended.",
           "type": "string",
           "format": "date-time"
          },
          "durationMilliseconds": {
           "description": "How long it took.",
           "type": "number",
           "minimum": 0
          },
          "message": {
           "description": "What went wrong.",
           "type": "string",
           "maxLength": 8192
          },
          "failures": {
           "description": "The steps that the host refused.",
           "type": "array",
           "maxItems": 1000,
           "x-kubernetes-list-type": "atomic",
           "items": {
            "type": "object",
            "required": [
             "object",
             "reason"
            ],
            "properties": {
             "object": {
              "description": "The thing on the host.",
              "type": "string",
              "maxLength": 1024
             },
             "reason": {
              "description": "Why, in one word.",
              "type": "string",
              "maxLength": 256
             },
             "message": {
              "description": "What was found, and what would mend it.",
              "type": "string",
              "maxLength": 8192
             }
            }
           }
          },
          "summary": {
           "description": "Single values for columns.",
           "type": "object",
           "properties": {
            "subject": {
             "description": "The resource, as Kind/name.",
             "type": "string",
             "maxLength": 317
            },
            "steps": {
             "description": "How many steps it had.",
             "type": "integer"
            },
            "took": {
             "description": "How long it took, such as 12ms.",
             "type": "string",
             "maxLength": 64
            }
           }
          }
         }
        }
       }
      }
     }
    }
   ]
  }
 },
 {
  "apiVersion": "apiextensions.k8s.io/v1",
  "kind": "CustomResourceDefinition",
  "metadata": {
   "name": "driftreports.bridgekeeper.dev"
  },
  "spec": {
   "group": "bridgekeeper.dev",
   "scope": "Cluster",
   "names": {
    "kind": "DriftReport",
    "listKind": "DriftReportList",
    "plural": "driftreports",
    "singular": "driftreport",
    "shortNames": [
     "drift"
    ],
    "categories": [
     "bridgekeeper"
    ]
   },
   "versions": [
    {
     "name": "v1alpha1",
     "served": true,
     "storage": true,
     "subresources": {
      "status": {}
     },
     "additionalPrinterColumns": [
      {
       "name": "Field",
       "type": "string",
       "description": "Where on the host",
       "jsonPath": ".spec.differences[0].path"
      },
      {
       "name": "Found",
       "type": "string",
       "description": "What was found",
       "jsonPath": ".spec.differences[0].found"
      },
      {
       "name": "Action",
       "type": "string",
       "description": "What was done about it",
       "jsonPath": ".status.action"
      },
      {
       "name": "By",
       "type": "string",
       "description": "The program that did it, as far as it is known",
       "jsonPath": ".status.summary.by"
      },
      {
       "name": "Age",
       "type": "date",
       "description": "Time since it was created",
       "jsonPath": ".metadata.creationTimestamp"
      },
      {
       "name": "Expected",
       "type": "string",
       "priority": 1,
       "description": "What is desired",
       "jsonPath": ".spec.differences[0].expected"
      },
      {
       "name": "Subject",
       "type": "string",
       "priority": 1,
       "description": "The resource whose desire was left",
       "jsonPath": ".status.summary.subject"
      },
      {
       "name": "Command",
       "type": "string",
       "priority": 1,
       "description": "The command that did it",
       "jsonPath": ".spec.cause.command"
      }
     ],
     "schema": {
      "openAPIV3Schema": {
       "description": "A change made behind our back, and what became of it. Written by the controller.",
       "type": "object",
       "required": [
        "spec"
       ],
       "properties": {
        "apiVersion": {
         "description": "The API group and version: bridgekeeper.dev/v1alpha1.",
         "type": "string"
        },
        "kind": {
         "description": "The kind: DriftReport.",
         "type": "string"
        },
        "metadata": {
         "type": "object"
        },
        "spec": {
         "description": "What changed, and by whom. Immutable.",
         "type": "object",
         "required": [
          "hostName",
          "system",
          "subject",
          "detectedAt"
         ],
         "properties": {
          "hostName": {
           "description": "The Host it was seen on.",
           "type": "string",
           "minLength": 1,
           "maxLength": 253,
           "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
          },
          "system": {
           "description": "The system of the host.",
           "type": "string",
           "enum": [
            "ovs",
            "netplan",
            "libvirt",
            "kernel"
           ]
          },
          "subject": {
           "description": "What is concerned.",
           "type": "object",
           "required": [
            "kind",
            "name"
           ],
           "properties": {
            "kind": {
             "description": "The kind of the resource.",
             "type": "string",
             "maxLength": 63
            },
            "name": {
             "description": "The name of the resource.",
             "type": "string",
             "maxLength": 253
            },
            "object": {
             "description": "The thing on the host, such as Port vnet100.",
             "type": "string",
             "maxLength": 1024
            }
           }
          },
          "differences": {
           "description": "What was not as desired.",
           "type": "array",
           "maxItems": 1000,
           "x-kubernetes-list-type": "atomic",
           "items": {
            "type": "object",
            "required": [
             "path"
            ],
            "properties": {
             "path": {
              "description": "Where on the host, in the system's own words, such as Port[vnet100].tag.",
              "type": "string",
              "maxLength": 1024
             },
             "expected": {
              "description": "What is desired, as text; absent when it should not be there.",
              "type": "string",
              "maxLength": 8192
             },
             "found": {
              "description": "What was found, as text; absent when it was not there.",
              "type": "string",
              "maxLength": 8192
             }
            }
           }
          },
          "detectedAt": {
           "description": "When it was seen.",
           "type": "string",
           "format": "date-time"
          },
          "count": {
           "description": "How many changes this report stands for.",
           "type": "integer",
           "minimum": 1,
           "default": 1
          },
          "cause": {
           "description": "Who did it, as far as it can be known.",
           "type": "object",
           "properties": {
            "command": {
             "description": "The command line, with secrets masked; one a line when there were several.",
             "type": "string",
             "maxLength": 65536
            },
            "process": {
             "description": "The process that called it.",
             "type": "string",
             "maxLength": 1024
            },
            "user": {
             "description": "The user; Unknown where nothing tells.",
             "type": "string",
             "maxLength": 256
            },
            "source": {
             "description": "Where this was read, such as ovsdb-log.",
             "type": "string",
             "maxLength": 64
            },
            "commands": {
             "description": "Each command by itself, in the order in which they took effect; the first 50.",
             "type": "array",
             "maxItems": 50,
             "x-kubernetes-list-type": "atomic",
             "items": {
              "type": "object",
              "required": [
               "command"
              ],
              "properties": {
               "command": {
                "description": "The command line, with secrets masked; or what is known of it, in words.",
                "type": "string",
                "maxLength": 8192
               },
               "process": {
                "description": "The process that called it.",
                "type": "string",
                "maxLength": 1024
               },
               "time": {
                "description": "When it took effect.",
                "type": "string",
                "format": "date-time"
               }
              }
             }
            }
           }
          }
         },
         "x-kubernetes-validations": [
          {
           "rule": "self == oldSelf",
           "message": "spec is immutable: a DriftReport says what was seen once"
          }
         ]
        },
        "status": {
         "description": "What became of it.",
         "type": "object",
         "default": {},
         "properties": {
          "action": {
           "description": "Corrected - it was undone; Reported - it was left by policy; Superseded - something else changed it before; Failed - it could not be undone.",
           "type": "string",
           "enum": [
            "Corrected",
            "Reported",
            "Superseded",
            "Failed"
           ]
          },
          "message": {
           "description": "What happened, where action does not say it all.",
           "type": "string",
           "maxLength": 8192
          },
          "correctedAt": {
           "description": "When it was undone.",
           "type": "string",
           "format": "date-time"
          },
          "latencyMilliseconds": {
           "description": "The time from the change to its correction.",
           "type": "number",
           "minimum": 0
          },
          "alerts": {
           "description": "What was told to whom.",
           "type": "array",
           "maxItems": 256,
           "x-kubernetes-list-type": "map",
           "x-kubernetes-list-map-keys": [
            "receiverName"
           ],
           "items": {
            "type": "object",
            "required": [
             "receiverName"
            ],
            "properties": {
             "receiverName": {
              "description": "The AlertReceiver.",
              "type": "string",
              "maxLength": 253
             },
             "state": {
              "description": "How far it is.",
              "type": "string",
              "enum": [
               "Pending",
               "Delivered",
               "Failed"
              ]
             },
             "deliveredAt": {
              "description": "When it was delivered.",
              "type": "string",
              "format": "date-time"
             },
             "message": {
              "description": "What went wrong.",
              "type": "string",
              "maxLength": 8192
             }
            }
           }
          },
          "summary": {
           "description": "Single values for columns.",
           "type": "object",
           "properties": {
            "subject": {
             "description": "The resource, as Kind/name.",
             "type": "string",
             "maxLength": 317
            },
            "by": {
             "description": "The program that did it, such as ovs-vsctl.",
             "type": "string",
             "maxLength": 256
            }
           }
          }
         }
        }
       }
      }
     }
    }
   ]
  }
 },
 {
  "apiVersion": "apiextensions.k8s.io/v1",
  "kind": "CustomResourceDefinition",
  "metadata": {
   "name": "hostqueries.bridgekeeper.dev"
  },
  "spec": {
   "group": "bridgekeeper.dev",
   "scope": "Cluster",
   "names": {
    "kind": "HostQuery",
    "listKind": "HostQueryList",
    "plural": "hostqueries",
    "singular": "hostquery",
    "shortNames": [
     "hq"
    ],
    "categories": [
     "bridgekeeper"
    ]
   },
   "versions": [
    {
     "name": "v1alpha1",
     "served": true,
     "storage": true,
     "subresources": {
      "status": {}
     },
     "additionalPrinterColumns": [
      {
       "name": "Host",
       "type": "string",
       "description": "The Host that answers",
       "jsonPath": ".status.hostName"
      },
      {
       "name": "Type",
       "type": "string",
       "description": "What is asked",
       "jsonPath": ".spec.type"
      },
      {
       "name": "Answer",
       "type": "string",
       "description": "The answer in few words",
       "jsonPath": ".status.summary.text"
      },
      {
       "name": "Ready",
       "type": "string",
       "description": "Whether it is answered",
       "jsonPath": ".status.conditions[?(@.type==\"Ready\")].status"
      },
      {
       "name": "Age",
       "type": "date",
       "description": "Time since it was created",
       "jsonPath": ".metadata.creationTimestamp"
      },
      {
       "name": "Message",
       "type": "string",
       "priority": 1,
       "description": "What is found and what would mend it",
       "jsonPath": ".status.conditions[?(@.type==\"Ready\")].message"
      }
     ],
     "schema": {
      "openAPIV3Schema": {
       "description": "A question to a host, answered in its status, and gone after a while.",
       "type": "object",
       "required": [
        "spec"
       ],
       "properties": {
        "apiVersion": {
         "description": "The API group and version: bridgekeeper.dev/v1alpha1.",
         "type": "string"
        },
        "kind": {
         "description": "The kind: HostQuery.",
         "type": "string"
        },
        "metadata": {
         "type": "object"
        },
        "spec": {
         "description": "The question.",
         "type": "object",
         "required": [
          "type"
         ],
         "properties": {
          "hostName": {
           "description": "The Host that carries this out. Without it: the server's own host, in stand-alone mode only; an agent on a cluster leaves such a resource alone. Immutable.",
           "type": "string",
           "minLength": 1,
           "maxLength": 253,
           "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
          },
          "type": {
           "description": "Plan - what would be done now, or if `objects` were applied and `deletions` deleted; Import - which manifests describe the host as it is; Diagnose - what would stop it from working.",
           "type": "string",
           "enum": [
            "Plan",
            "Import",
            "Diagnose"
           ]
          },
          "objects": {
           "description": "Manifests as if they were applied: each takes the place of the resource of its kind and name.",
           "type": "array",
           "maxItems": 1000,
           "x-kubernetes-list-type": "atomic",
           "items": {
            "description": "A manifest of one of our kinds.",
            "type": "object",
            "x-kubernetes-embedded-resource": true,
            "x-kubernetes-preserve-unknown-fields": true
           }
          },
          "packedObjects": {
           "description": "The same where they are many: a JSON list of manifests, gzipped, in base64. At most 10,000 of them.",
           "type": "string",
           "maxLength": 614400,
           "pattern": "^[A-Za-z0-9+/=]*$"
          },
          "deletions": {
           "description": "Resources as if they were deleted.",
           "type": "array",
           "maxItems": 1000,
           "x-kubernetes-list-type": "atomic",
           "items": {
            "description": "One resource.",
            "type": "object",
            "required": [
             "kind",
             "name"
            ],
            "properties": {
             "kind": {
              "description": "Its kind.",
              "type": "string",
              "enum": [
               "Host",
               "Bridge",
               "VlanPort",
               "Portgroup",
               "VirtualMachine"
              ]
             },
             "name": {
              "description": "Its metadata.name.",
              "type": "string",
              "minLength": 1,
              "maxLength": 253
             }
            }
           }
          },
          "kinds": {
           "description": "Only these kinds are imported. All by default.",
           "type": "array",
           "maxItems": 16,
           "x-kubernetes-list-type": "set",
           "items": {
            "type": "string",
            "enum": [
             "Host",
             "Bridge",
             "VlanPort",
             "Portgroup",
             "VirtualMachine"
            ]
           }
          },
          "names": {
           "description": "Only what has these names on the host is imported. All by default.",
           "type": "array",
           "maxItems": 256,
           "x-kubernetes-list-type": "set",
           "items": {
            "type": "string",
            "minLength": 1,
            "maxLength": 255
           }
          },
          "ttlSecondsAfterFinished": {
           "description": "How long after the answer it is deleted.",
           "type": "integer",
           "minimum": 0,
           "maximum": 604800,
           "default": 600
          }
         },
         "x-kubernetes-validations": [
          {
           "rule": "has(self.hostName) == has(oldSelf.hostName) && (!has(self.hostName) || self.hostName == oldSelf.hostName)",
           "message": "hostName is immutable: delete the HostQuery and create it anew",
           "fieldPath": ".hostName"
          },
          {
           "rule": "self.type == oldSelf.type",
           "message": "type is immutable: create another HostQuery",
           "fieldPath": ".type"
          },
          {
           "rule": "self.type == 'Plan' || (!has(self.objects) && !has(self.packedObjects) && !has(self.deletions))",
           "message": "only a Plan has objects, packedObjects and deletions: remove them, or choose type Plan"
          },
          {
           "rule": "!has(self.objects) || !has(self.packedObjects)",
           "message": "objects and packedObjects are two ways to say the same: remove one of them",
           "fieldPath": ".packedObjects"
          },
          {
           "rule": "self.type == 'Import' || (!has(self.kinds) && !has(self.names))",
           "message": "only an Import has kinds and names: remove them, or choose type Import"
          }
         ]
        },
        "status": {
         "description": "The answer.",
         "type": "object",
         "default": {},
         "properties": {
          "observedGeneration": {
           "description": "The generation of the spec that this status was made from.",
           "type": "integer"
          },
          "conditions": {
           "description": "How far it is, and why.",
           "type": "array",
           "maxItems": 16,
           "x-kubernetes-list-type": "map",
           "x-kubernetes-list-map-keys": [
            "type"
           ],
           "items": {
            "type": "object",
            "required": [
             "type",
             "status",
             "lastTransitionTime",
             "reason",
             "message"
            ],
            "properties": {
             "type": {
              "description": "Accepted, Programmed and Ready always; Reconciling, Stalled, Drifted, RestartRequired and RolledBack while true.",
              "type": "string",
              "maxLength": 316,
              "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$"
             },
             "status": {
              "description": "Whether it holds.",
              "type": "string",
              "enum": [
               "True",
               "False",
               "Unknown"
              ]
             },
             "observedGeneration": {
              "description": "The generation of the spec that was looked at.",
              "type": "integer",
              "minimum": 0
             },
             "lastTransitionTime": {
              "description": "When status last changed.",
              "type": "string",
              "format": "date-time"
             },
             "reason": {
              "description": "Why, in one word, for programs.",
              "type": "string",
              "minLength": 1,
              "maxLength": 1024,
              "pattern": "^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$"
             },
             "message": {
              "description": "What was found, and what would mend it, for people.",
              "type": "string",
              "maxLength": 32768
             }
            }
           },
           "default": [
            {
             "type": "Accepted",
             "status": "Unknown",
             "reason": "Pending",
             "message": "The controller has not looked at it yet",
             "lastTransitionTime": "1970-01-01T00:00:00Z"
            },
            {
             "type": "Ready",
             "status": "Unknown",
             "reason": "Pending",
             "message": "The controller has not looked at it yet",
             "lastTransitionTime": "1970-01-01T00:00:00Z"
            }
           ]
          },
          "hostName": {
           "description": "The Host that carries it out.",
           "type": "string",
           "maxLength": 253
          },
          "completedAt": {
           "description": "When it was answered.",
           "type": "string",
           "format": "date-time"
          },
          "summary": {
           "description": "The answer in numbers.",
           "type": "object",
           "properties": {
            "text": {
             "description": "In few words, such as 3 steps, 2 claims.",
             "type": "string",
             "maxLength": 256
            },
            "steps": {
             "description": "Of a Plan, the steps that change something.",
             "type": "integer",
             "minimum": 0
            },
            "claims": {
             "description": "Of a Plan, the steps that only write our mark.",
             "type": "integer",
             "minimum": 0
            },
            "held": {
             "description": "Of a Plan, the steps that are not done, since their resource is paused or only reports.",
             "type": "integer",
             "minimum": 0
            },
            "problems": {
             "description": "Of a Plan, what stands in the way.",
             "type": "integer",
             "minimum": 0
            },
            "objects": {
             "description": "Of an Import, the manifests.",
             "type": "integer",
             "minimum": 0
            },
            "remarks": {
             "description": "Of an Import, what had to be chosen or left out.",
             "type": "integer",
             "minimum": 0
            },
            "failed": {
             "description": "Of a Diagnose, the checks that failed.",
             "type": "integer",
             "minimum": 0
            },
            "warnings": {
             "description": "Of a Diagnose, the checks that warn.",
             "type": "integer",
             "minimum": 0
            }
           }
          },
          "packed": {
           "description": "The lists below where they would be too long for one object: a JSON object with the same fields, gzipped, in base64. The lists themselves are absent then.",
           "type": "string",
           "maxLength": 614400
          },
          "steps": {
           "description": "Of a Plan, what is done, in order.",
           "type": "array",
           "maxItems": 10000,
           "x-kubernetes-list-type": "atomic",
           "items": {
            "type": "object",
            "required": [
             "system",
             "verb",
             "object"
            ],
            "properties": {
             "system": {
              "description": "The system of the host.",
              "type": "string",
              "enum": [
               "ovs",
               "netplan",
               "libvirt",
               "kernel"
              ]
             },
             "verb": {
              "description": "What is done to it; claim only writes our mark.",
              "type": "string",
              "enum": [
               "create",
               "update",
               "delete",
               "claim",
               "release",
               "start",
               "stop",
               "apply"
              ]
             },
             "object": {
              "description": "The thing on the host, such as Port vnet100.",
              "type": "string",
              "maxLength": 1024
             },
             "owner": {
              "description": "The resource that it is done for, as Kind/name.",
              "type": "string",
              "maxLength": 317
             },
             "held": {
              "description": "Why it is not done: Paused - its resource is paused; Reported - it is drift, and the policy is to report it.",
              "type": "string",
              "enum": [
               "Paused",
               "Reported"
              ]
             },
             "differences": {
              "description": "What is not as desired.",
              "type": "array",
              "maxItems": 1000,
              "x-kubernetes-list-type": "atomic",
              "items": {
               "type": "object",
               "required": [
                "path"
               ],
               "properties": {
                "path": {
                 "description": "Where on the host, in the system's own words, such as Port[vnet100].tag.",
                 "type": "string",
                 "maxLength": 1024
                },
                "expected": {
                 "description": "What is desired, as text; absent when it should not be there.",
                 "type": "string",
                 "maxLength": 8192
                },
                "found": {
                 "description": "What was found, as text; absent when it was not there.",
                 "type": "string",
                 "maxLength": 8192
                }
               }
              }
             }
            }
           }
          },
          "impact": {
           "description": "Of a Plan, what it does to the ways into the host that are in use now.",
           "type": "array",
           "maxItems": 1000,
           "x-kubernetes-list-type": "atomic",
           "items": {
            "type": "object",
            "required": [
             "severity",
             "message"
            ],
            "properties": {
             "severity": {
              "description": "Cuts takes away what a way in runs over; Disturbs changes it, and the way in may stop.",
              "type": "string",
              "enum": [
               "Cuts",
               "Disturbs"
              ]
             },
             "owner": {
              "description": "The resource that the step is done for, as Kind/name.",
              "type": "string",
              "maxLength": 317
             },
             "object": {
              "description": "What the step is done to.",
              "type": "string",
              "maxLength": 1024
             },
             "message": {
              "description": "Which step does what to which way in.",
              "type": "string",
              "maxLength": 8192
             }
            }
           }
          },
          "problems": {
           "description": "Of a Plan, what stands in the way.",
           "type": "array",
           "maxItems": 10000,
           "x-kubernetes-list-type": "atomic",
           "items": {
            "type": "object",
            "required": [
             "reason",
             "message"
            ],
            "properties": {
             "owner": {
              "description": "The resource that it concerns, as Kind/name; absent where it concerns the host.",
              "type": "string",
              "maxLength": 317
             },
             "reason": {
              "description": "Why, in one word.",
              "type": "string",
              "maxLength": 1024
             },
             "message": {
              "description": "What was found, and what would mend it.",
              "type": "string",
              "maxLength": 32768
             }
            }
           }
          },
          "objects": {
           "description": "Of an Import, the manifests that describe the host, in the order to apply them.",
           "type": "array",
           "maxItems": 1000,
           "x-kubernetes-list-type": "atomic",
           "items": {
            "description": "A manifest of one of our kinds.",
            "type": "object",
            "x-kubernetes-embedded-resource": true,
            "x-kubernetes-preserve-unknown-fields": true
           }
          },
          "remarks": {
           "description": "Of an Import, what could not be expressed, or had to be chosen.",
           "type": "array",
           "maxItems": 10000,
           "x-kubernetes-list-type": "atomic",
           "items": {
            "type": "object",
            "required": [
             "type",
             "message"
            ],
            "properties": {
             "type": {
              "description": "Chosen - there was more than one way to say it; Differs - applied, the manifest would change the host; NotImported - no manifest says it.",
              "type": "string",
              "enum": [
               "Chosen",
               "Differs",
               "NotImported"
              ]
             },
             "owner": {
              "description": "The manifest that it concerns, as Kind/name.",
              "type": "string",
              "maxLength": 317
             },
             "message": {
              "description": "What was found, and what was made of it.",
              "type": "string",
              "maxLength": 8192
             }
            }
           }
          },
          "checks": {
           "description": "Of a Diagnose, what was looked at.",
           "type": "array",
           "maxItems": 256,
           "x-kubernetes-list-type": "map",
           "x-kubernetes-list-map-keys": [
            "name"
           ],
           "items": {
            "type": "object",
            "required": [
             "name",
             "result"
            ],
            "properties": {
             "name": {
              "description": "What was looked at.",
              "type": "string",
              "maxLength": 253
             },
             "result": {
              "description": "What came out.",
              "type": "string",
              "enum": [
               "Passed",
               "Warning",
               "Failed"
              ]
             },
             "message": {
              "description": "What was found.",
              "type": "string",
              "maxLength": 8192
             },
             "remedy": {
              "description": "The line that mends it.",
              "type": "string",
              "maxLength": 8192
             }
            }
           }
          }
         }
        }
       }
      }
     }
    }
   ]
  }
 },
 {
  "apiVersion": "apiextensions.k8s.io/v1",
  "kind": "CustomResourceDefinition",
  "metadata": {
   "name": "hosts.bridgekeeper.dev"
  },
  "spec": {
   "group": "bridgekeeper.dev",
   "scope": "Cluster",
   "names": {
    "kind": "Host",
    "listKind": "HostList",
    "plural": "hosts",
    "singular": "host",
    "shortNames": [
     "ho"
    ],
    "categories": [
     "bridgekeeper"
    ]
   },
   "versions": [
    {
     "name": "v1alpha1",
     "served": true,
     "storage": true,
     "subresources": {
      "status": {}
     },
     "additionalPrinterColumns": [
      {
       "name": "Ready",
       "type": "string",
       "description": "Whether everything that it is asked to keep can be kept",
       "jsonPath": ".status.conditions[?(@.type==\"Ready\")].status"
      },
      {
       "name": "OVS",
       "type": "string",
       "description": "Open vSwitch: its version, or why it can't be reached",
       "jsonPath": ".status.summary.ovs"
      },
      {
       "name": "Libvirt",
       "type": "string",
       "description": "libvirt: its version, or why it can't be reached",
       "jsonPath": ".status.summary.libvirt"
      },
      {
       "name": "Drift",
       "type": "integer",
       "description": "How many resources of this host are not as desired though no spec changed",
       "jsonPath": ".status.summary.drifted"
      },
      {
       "name": "Age",
       "type": "date",
       "description": "Time since it was created",
       "jsonPath": ".metadata.creationTimestamp"
      },
      {
       "name": "Kernel",
       "type": "string",
       "priority": 1,
       "description": "The kernel's release",
       "jsonPath": ".status.versions.kernel"
      },
      {
       "name": "Netplan",
       "type": "string",
       "priority": 1,
       "description": "netplan's version",
       "jsonPath": ".status.versions.netplan"
      },
      {
       "name": "QEMU",
       "type": "string",
       "priority": 1,
       "description": "QEMU's version",
       "jsonPath": ".status.versions.qemu"
      }
     ],
     "schema": {
      "openAPIV3Schema": {
       "description": "A machine that runs Open vSwitch, netplan and libvirt - how its network is kept, and what it is.",
       "type": "object",
       "properties": {
        "apiVersion": {
         "description": "The API group and version: bridgekeeper.dev/v1alpha1.",
         "type": "string"
        },
        "kind": {
         "description": "The kind: Host.",
         "type": "string"
        },
        "metadata": {
         "type": "object"
        },
        "spec": {
         "description": "How the host's network is kept.",
         "type": "object",
         "default": {},
         "properties": {
          "driftPolicy": {
           "description": "What is done about a change behind our back: Correct undoes and reports it, Report only reports it. Resources may say otherwise for themselves.",
           "type": "string",
           "enum": [
            "Correct",
            "Report"
           ],
           "default": "Correct"
          },
          "rollback": {
           "description": "What guards a change that may cut the host off. It is undone by itself when the probes fail after it.",
           "type": "object",
           "properties": {
            "enabled": {
             "description": "Whether risky changes are guarded. True by default.",
             "type": "boolean",
             "default": true
            },
            "timeoutSeconds": {
             "description": "How long the change and its probes may take, from its start, before it is undone.",
             "type": "integer",
             "minimum": 5,
             "maximum": 3600,
             "default": 30
            },
            "confirmTimeoutSeconds": {
             "description": "How long after the probes passed a person has to confirm the change before it is undone. Absent, a person is asked only where nothing answered before that could be asked again, and has 120 seconds; 0, nobody is asked.",
             "type": "integer",
             "minimum": 0,
             "maximum": 86400
            },
            "probes": {
             "description": "What must still answer after the change. Only what answered before it counts. Without any - every default gateway, and the far ends of the SSH sessions and API connections.",
             "type": "array",
             "maxItems": 16,
             "x-kubernetes-list-type": "atomic",
             "items": {
              "description": "One probe - gateway, ping, tcp or http.",
              "type": "object",
              "properties": {
               "gateway": {
                "description": "Every default gateway that answered before.",
                "type": "object"
               },
               "ping": {
                "description": "An address that answers ICMP echo.",
                "type": "object",
                "required": [
                 "address"
                ],
                "properties": {
                 "address": {
                  "description": "An IPv4 or IPv6 address.",
                  "type": "string",
                  "maxLength": 45,
                  "anyOf": [
                   {
                    "format": "ipv4"
                   },
                   {
                    "format": "ipv6"
                   }
                  ]
                 }
                }
               },
               "tcp": {
                "description": "A TCP port that takes connections.",
                "type": "object",
                "required": [
                 "address",
                 "port"
                ],
                "properties": {
                 "address": {
                  "description": "A host name or an address.",
                  "type": "string",
                  "minLength": 1,
                  "maxLength": 253
                 },
                 "port": {
                  "description": "The port.",
                  "type": "integer",
                  "minimum": 1,
                  "maximum": 65535
                 }
                }
               },
               "http": {
                "description": "An address that answers a GET with a status below 400.",
                "type": "object",
                "required": [
                 "url"
                ],
                "properties": {
                 "url": {
                  "description": "The http or https URL.",
                  "type": "string",
                  "maxLength": 2048,
                  "pattern": "^https?://.+$"
                 }
                }
               }
              },
              "x-kubernetes-validations": [
               {
                "rule": "[has(self.gateway), has(self.ping), has(self.tcp), has(self.http)].exists_one(x, x)",
                "message": "a probe is one of gateway, ping, tcp and http: set exactly one, each further one as its own item of probes"
               }
              ]
             }
            }
           }
          },
          "libvirt": {
           "description": "How libvirt is treated.",
           "type": "object",
           "default": {},
           "properties": {
            "defaultNetwork": {
             "description": "Absent takes libvirt's own network `default` away while no domain names it, and gives it back when this Host is deleted; Unmanaged leaves it alone.",
             "type": "string",
             "enum": [
              "Absent",
              "Unmanaged"
             ],
             "default": "Unmanaged"
            }
           }
          },
          "netplan": {
           "description": "How netplan is treated.",
           "type": "object",
           "default": {},
           "properties": {
            "fileName": {
             "description": "The name of our file in the netplan folder. Later names win over earlier ones.",
             "type": "string",
             "minLength": 6,
             "maxLength": 255,
             "pattern": "^[A-Za-z0-9_][A-Za-z0-9_.-]*\\.yaml$",
             "default": "90-bridgekeeper.yaml"
            },
            "renderer": {
             "description": "Who carries netplan's files out, written for each of our devices. netplan's own choice by default.",
             "type": "string",
             "enum": [
              "networkd",
              "NetworkManager"
             ]
            }
           }
          },
          "ovs": {
           "description": "How Open vSwitch is treated.",
           "type": "object",
           "properties": {
            "vlanLimit": {
             "description": "How many VLAN headers are looked at (other_config:vlan-limit); 0 is no limit, dot1q-tunnel needs 2.",
             "type": "integer",
             "minimum": 0,
             "maximum": 2
            }
           }
          },
          "unmanagedPorts": {
           "description": "What is done about ports on the bridge that no resource asks for. Remove never takes the port of a running domain.",
           "type": "string",
           "enum": [
            "Ignore",
            "Report",
            "Remove"
           ],
           "default": "Report"
          }
         }
        },
        "status": {
         "description": "What the host is, and how far it is.",
         "type": "object",
         "default": {},
         "properties": {
          "observedGeneration": {
           "description": "The generation of the spec that this status was made from.",
           "type": "integer"
          },
          "conditions": {
           "description": "How far it is, and why.",
           "type": "array",
           "maxItems": 16,
           "x-kubernetes-list-type": "map",
           "x-kubernetes-list-map-keys": [
            "type"
           ],
           "items": {
            "type": "object",
            "required": [
             "type",
             "status",
             "lastTransitionTime",
             "reason",
             "message"
            ],
            "properties": {
             "type": {
              "description": "Accepted, Programmed and Ready always; Reconciling, Stalled, Drifted, RestartRequired and RolledBack while true.",
              "type": "string",
              "maxLength": 316,
              "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$"
             },
             "status": {
              "description": "Whether it holds.",
              "type": "string",
              "enum": [
               "True",
               "False",
               "Unknown"
              ]
             },
             "observedGeneration": {
              "description": "The generation of the spec that was looked at.",
              "type": "integer",
              "minimum": 0
             },
             "lastTransitionTime": {
              "description": "When status last changed.",
              "type": "string",
              "format": "date-time"
             },
             "reason": {
              "description": "Why, in one word, for programs.",
              "type": "string",
              "minLength": 1,
              "maxLength": 1024,
              "pattern": "^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$"
             },
             "message": {
              "description": "What was found, and what would mend it, for people.",
              "type": "string",
              "maxLength": 32768
             }
            }
           },
           "default": [
            {
             "type": "Accepted",
             "status": "Unknown",
             "reason": "Pending",
             "message": "The controller has not looked at it yet",
             "lastTransitionTime": "1970-01-01T00:00:00Z"
            },
            {
             "type": "Programmed",
             "status": "Unknown",
             "reason": "Pending",
             "message": "The controller has not looked at it yet",
             "lastTransitionTime": "1970-01-01T00:00:00Z"
            },
            {
             "type": "Ready",
             "status": "Unknown",
             "reason": "Pending",
             "message": "The controller has not looked at it yet",
             "lastTransitionTime": "1970-01-01T00:00:00Z"
            }
           ]
          },
          "versions": {
           "description": "What runs on the host.",
           "type": "object",
           "properties": {
            "bridgekeeper": {
             "description": "Bridgekeeper's version.",
             "type": "string",
             "maxLength": 128
            },
            "kernel": {
             "description": "The kernel's release.",
             "type": "string",
             "maxLength": 128
            },
            "ovs": {
             "description": "Open vSwitch's version.",
             "type": "string",
             "maxLength": 128
            },
            "ovsSchema": {
             "description": "The version of Open vSwitch's database schema.",
             "type": "string",
             "maxLength": 128
            },
            "libvirt": {
             "description": "libvirt's version.",
             "type": "string",
             "maxLength": 128
            },
            "qemu": {
             "description": "QEMU's version.",
             "type": "string",
             "maxLength": 128
            },
            "netplan": {
             "description": "netplan's version.",
             "type": "string",
             "maxLength": 128
            }
           }
          },
          "capabilities": {
           "description": "What the host can do.",
           "type": "object",
           "properties": {
            "kvm": {
             "description": "Whether guests can run on KVM.",
             "type": "boolean"
            },
            "datapathTypes": {
             "description": "The datapath types that work.",
             "type": "array",
             "maxItems": 16,
             "x-kubernetes-list-type": "atomic",
             "items": {
              "type": "string",
              "maxLength": 64
             }
            }
           }
          },
          "connections": {
           "description": "The host's systems, and whether they can be reached.",
           "type": "array",
           "maxItems": 16,
           "x-kubernetes-list-type": "map",
           "x-kubernetes-list-map-keys": [
            "name"
           ],
           "items": {
            "type": "object",
            "required": [
             "name",
             "state"
            ],
            "properties": {
             "name": {
              "description": "The system: ovs, netplan or libvirt.",
              "type": "string",
              "maxLength": 64
             },
             "state": {
              "description": "Whether it can be reached.",
              "type": "string",
              "enum": [
               "Connected",
               "Disconnected"
              ]
             },
             "endpoint": {
              "description": "The socket or program it is reached by.",
              "type": "string",
              "maxLength": 1024
             },
             "since": {
              "description": "Since when it is so.",
              "type": "string",
              "format": "date-time"
             },
             "message": {
              "description": "What is wrong.",
              "type": "string",
              "maxLength": 8192
             }
            }
           }
          },
          "interfaces": {
           "description": "The host's network devices, without those of virtual machines.",
           "type": "array",
           "maxItems": 4096,
           "x-kubernetes-list-type": "map",
           "x-kubernetes-list-map-keys": [
            "name"
           ],
           "items": {
            "type": "object",
            "required": [
             "name"
            ],
            "properties": {
             "name": {
              "description": "The device's name.",
              "type": "string",
              "maxLength": 64
             },
             "macAddress": {
              "description": "Its Ethernet address.",
              "type": "string",
              "maxLength": 64
             },
             "driver": {
              "description": "Its driver.",
              "type": "string",
              "maxLength": 64
             },
             "mtu": {
              "description": "The largest packet in bytes.",
              "type": "integer"
             },
             "linkState": {
              "description": "Whether it has a carrier.",
              "type": "string",
              "enum": [
               "up",
               "down",
               "unknown"
              ]
             },
             "bridgeName": {
              "description": "The bridge it is a port of.",
              "type": "string",
              "maxLength": 64
             },
             "addresses": {
              "description": "Its addresses with prefix length.",
              "type": "array",
              "maxItems": 256,
              "x-kubernetes-list-type": "atomic",
              "items": {
               "type": "string",
               "maxLength": 64
              }
             }
            }
           }
          },
          "checkpoint": {
           "description": "The guarded change that is under way, or the last one.",
           "type": "object",
           "properties": {
            "name": {
             "description": "Its name; the annotation bridgekeeper.dev/confirm with this value confirms it.",
             "type": "string",
             "maxLength": 253
            },
            "state": {
             "description": "Probing and AwaitingConfirmation are under way; Committed, RolledBack and Failed are how it ended.",
             "type": "string",
             "enum": [
              "Probing",
              "AwaitingConfirmation",
              "Committed",
              "RolledBack",
              "Failed"
             ]
            },
            "resources": {
             "description": "The resources it was for, as Kind/name.",
             "type": "array",
             "maxItems": 1024,
             "x-kubernetes-list-type": "atomic",
             "items": {
              "type": "string",
              "maxLength": 317
             }
            },
            "impact": {
             "description": "What it does to the ways into the host.",
             "type": "array",
             "maxItems": 1024,
             "x-kubernetes-list-type": "atomic",
             "items": {
              "type": "string",
              "maxLength": 8192
             }
            },
            "startedAt": {
             "description": "When the change began.",
             "type": "string",
             "format": "date-time"
            },
            "deadline": {
             "description": "When it is undone unless it has passed.",
             "type": "string",
             "format": "date-time"
            },
            "endedAt": {
             "description": "When it ended.",
             "type": "string",
             "format": "date-time"
            },
            "failedProbe": {
             "description": "The probe that failed.",
             "type": "string",
             "maxLength": 2304
            },
            "message": {
             "description": "What happened.",
             "type": "string",
             "maxLength": 8192
            }
           }
          },
          "summary": {
           "description": "Single values for columns.",
           "type": "object",
           "properties": {
            "ovs": {
             "description": "Open vSwitch's version, or why it can't be reached.",
             "type": "string",
             "maxLength": 128
            },
            "libvirt": {
             "description": "libvirt's version, or why it can't be reached.",
             "type": "string",
             "maxLength": 128
            },
            "netplan": {
             "description": "netplan's version, or why it can't be used.",
             "type": "string",
             "maxLength": 128
            },
            "resources": {
             "description": "How many resources this host carries out.",
             "type": "integer"
            },
            "ready": {
             "description": "How many of them are Ready.",
             "type": "integer"
            },
            "drifted": {
             "description": "How many of them are Drifted.",
             "type": "integer"
            }
           }
          }
         }
        }
       }
      }
     }
    }
   ]
  }
 },
 {
  "apiVersion": "apiextensions.k8s.io/v1",
  "kind": "CustomResourceDefinition",
  "metadata": {
   "name": "portgroups.bridgekeeper.dev"
  },
  "spec": {
   "group": "bridgekeeper.dev",
   "scope": "Cluster",
   "names": {
    "kind": "Portgroup",
    "listKind": "PortgroupList",
    "plural": "portgroups",
    "singular": "portgroup",
    "shortNames": [
     "pg"
    ],
    "categories": [
     "bridgekeeper"
    ]
   },
   "versions": [
    {
     "name": "v1alpha1",
     "served": true,
     "storage": true,
     "subresources": {
      "status": {}
     },
     "additionalPrinterColumns": [
      {
       "name": "Bridge",
       "type": "string",
       "description": "The Bridge whose network it is in",
       "jsonPath": ".spec.bridgeName"
      },
      {
       "name": "VLAN",
       "type": "string",
       "description": "The VLANs that pass",
       "jsonPath": ".status.summary.vlan"
      },
      {
       "name": "Default",
       "type": "boolean",
       "description": "Whether a NIC that names no portgroup gets this one",
       "jsonPath": ".spec.default"
      },
      {
       "name": "Ports",
       "type": "integer",
       "description": "How many running ports are in it",
       "jsonPath": ".status.summary.ports"
      },
      {
       "name": "Ready",
       "type": "string",
       "description": "Whether the host has it and it works",
       "jsonPath": ".status.conditions[?(@.type==\"Ready\")].status"
      },
      {
       "name": "Age",
       "type": "date",
       "description": "Time since it was created",
       "jsonPath": ".metadata.creationTimestamp"
      },
      {
       "name": "Network",
       "type": "string",
       "priority": 1,
       "description": "The libvirt network",
       "jsonPath": ".status.networkName"
      },
      {
       "name": "Message",
       "type": "string",
       "priority": 1,
       "description": "What is found and what would mend it",
       "jsonPath": ".status.conditions[?(@.type==\"Ready\")].message"
      }
     ],
     "schema": {
      "openAPIV3Schema": {
       "description": "A portgroup of a Bridge's libvirt network. VMs on it get its VLAN, at once and while they run.",
       "type": "object",
       "required": [
        "spec"
       ],
       "properties": {
        "apiVersion": {
         "description": "The API group and version: bridgekeeper.dev/v1alpha1.",
         "type": "string"
        },
        "kind": {
         "description": "The kind: Portgroup.",
         "type": "string"
        },
        "metadata": {
         "type": "object"
        },
        "spec": {
         "description": "What the portgroup should be.",
         "type": "object",
         "required": [
          "bridgeName"
         ],
         "properties": {
          "hostName": {
           "description": "The Host that carries this out. Without it: the server's own host, in stand-alone mode only; an agent on a cluster leaves such a resource alone. Immutable.",
           "type": "string",
           "minLength": 1,
           "maxLength": 253,
           "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
          },
          "driftPolicy": {
           "description": "What is done about a change behind our back: Correct undoes and reports it, Report only reports it. The Host's driftPolicy by default.",
           "type": "string",
           "enum": [
            "Correct",
            "Report"
           ]
          },
          "driftIgnore": {
           "description": "JSON pointers (RFC 6901) into this resource, such as /spec/mtu: a change behind our back of what they name is neither undone nor reported. What Open vSwitch, netplan or libvirt keeps as one value, such as a list of addresses, counts as a whole. A new value in this spec is carried out all the same.",
           "type": "array",
           "maxItems": 64,
           "x-kubernetes-list-type": "set",
           "items": {
            "type": "string",
            "maxLength": 256,
            "pattern": "^/spec(/.+)?$"
           }
          },
          "adoptionPolicy": {
           "description": "Whether something of this name that is on the host without our mark is taken over: IfMatching when it already is as desired, Always at once, Never not at all.",
           "type": "string",
           "enum": [
            "IfMatching",
            "Always",
            "Never"
           ],
           "default": "IfMatching"
          },
          "deletionPolicy": {
           "description": "What becomes of it on the host when this resource is deleted: Delete takes it away, Orphan leaves it and takes off our mark.",
           "type": "string",
           "enum": [
            "Delete",
            "Orphan"
           ],
           "default": "Delete"
          },
          "bridgeName": {
           "description": "The Bridge, by its metadata.name. It must have a libvirtNetwork.",
           "type": "string",
           "minLength": 1,
           "maxLength": 253,
           "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
          },
          "libvirtName": {
           "description": "The portgroup's name in libvirt, where spaces are allowed, but no & < > ' or \", which libvirt itself can't write back; metadata.name by default. Immutable.",
           "type": "string",
           "minLength": 1,
           "maxLength": 255,
           "pattern": "^[^\\s&<>'\"]([^\\r\\n\\t&<>'\"]*[^\\s&<>'\"])?$"
          },
          "default": {
           "description": "Whether a NIC that names no portgroup gets this one. Only one in a network.",
           "type": "boolean",
           "default": false
          },
          "vlan": {
           "description": "Which VLANs pass. Absent, every VLAN passes, as in Open vSwitch.",
           "type": "object",
           "required": [
            "mode"
           ],
           "properties": {
            "mode": {
             "description": "access carries the VLAN `tag` untagged; trunk carries the VLANs `trunks` tagged; native-tagged and native-untagged are a trunk whose untagged frames belong to `tag`; dot1q-tunnel puts every frame, tagged or not, into `tag` (needs spec.ovs.vlanLimit 2 on the Host).",
             "type": "string",
             "enum": [
              "access",
              "trunk",
              "native-tagged",
              "native-untagged",
              "dot1q-tunnel"
             ]
            },
            "tag": {
             "description": "The VLAN of untagged frames.",
             "type": "integer",
             "minimum": 0,
             "maximum": 4094
            },
            "trunks": {
             "description": "The VLANs that pass tagged. Absent on a trunk with a native VLAN, every VLAN passes.",
             "type": "array",
             "minItems": 1,
             "maxItems": 4095,
             "x-kubernetes-list-type": "set",
             "items": {
              "type": "integer",
              "minimum": 0,
              "maximum": 4094
             }
            }
           },
           "x-kubernetes-validations": [
            {
             "rule": "self.mode == 'trunk' || has(self.tag)",
             "message": "tag is missing: every mode but trunk needs vlan.tag; set it, or choose mode trunk",
             "fieldPath": ".tag",
             "reason": "FieldValueRequired"
            },
            {
             "rule": "self.mode != 'trunk' || !has(self.tag)",
             "message": "a trunk has no tag: remove vlan.tag, or choose mode native-tagged or native-untagged",
             "fieldPath": ".tag"
            },
            {
             "rule": "self.mode != 'trunk' || has(self.trunks)",
             "message": "trunks is missing: mode trunk needs vlan.trunks; for every VLAN leave vlan out",
             "fieldPath": ".trunks",
             "reason": "FieldValueRequired"
            },
            {
             "rule": "!(self.mode in ['access', 'dot1q-tunnel']) || !has(self.trunks)",
             "message": "a port of mode access or dot1q-tunnel has no trunks: remove vlan.trunks, or choose mode trunk, native-tagged or native-untagged",
             "fieldPath": ".trunks"
            }
           ]
          },
          "bandwidth": {
           "description": "Limits for each NIC on it.",
           "type": "object",
           "properties": {
            "inbound": {
             "description": "What goes to the VM.",
             "type": "object",
             "required": [
              "averageKiBps"
             ],
             "properties": {
              "averageKiBps": {
               "description": "The rate that is kept over time.",
               "type": "integer",
               "minimum": 1,
               "maximum": 4294967295
              },
              "peakKiBps": {
               "description": "The rate at which a burst is sent.",
               "type": "integer",
               "minimum": 1,
               "maximum": 4294967295
              },
              "burstKiB": {
               "description": "How much is sent at the peak rate.",
               "type": "integer",
               "minimum": 1,
               "maximum": 4294967295
              }
             }
            },
            "outbound": {
             "description": "What comes from the VM.",
             "type": "object",
             "required": [
              "averageKiBps"
             ],
             "properties": {
              "averageKiBps": {
               "description": "The rate that is kept over time.",
               "type": "integer",
               "minimum": 1,
               "maximum": 4294967295
              },
              "peakKiBps": {
               "description": "The rate at which a burst is sent.",
               "type": "integer",
               "minimum": 1,
               "maximum": 4294967295
              },
              "burstKiB": {
               "description": "How much is sent at the peak rate.",
               "type": "integer",
               "minimum": 1,
               "maximum": 4294967295
              }
             }
            }
           }
          },
          "trustGuestRxFilters": {
           "description": "Whether the host follows the guest's receive filters. False by default.",
           "type": "boolean"
          },
          "isolated": {
           "description": "Whether its ports can't reach each other (Open vSwitch's protected ports). False by default.",
           "type": "boolean"
          }
         },
         "x-kubernetes-validations": [
          {
           "rule": "has(self.hostName) == has(oldSelf.hostName) && (!has(self.hostName) || self.hostName == oldSelf.hostName)",
           "message": "hostName is immutable: delete the Portgroup and create it anew",
           "fieldPath": ".hostName"
          },
          {
           "rule": "has(self.libvirtName) == has(oldSelf.libvirtName) && (!has(self.libvirtName) || self.libvirtName == oldSelf.libvirtName)",
           "message": "libvirtName is immutable: delete the Portgroup and create it anew",
           "fieldPath": ".libvirtName"
          }
         ]
        },
        "status": {
         "description": "What the portgroup is, and how far it is.",
         "type": "object",
         "default": {},
         "properties": {
          "observedGeneration": {
           "description": "The generation of the spec that this status was made from.",
           "type": "integer"
          },
          "conditions": {
           "description": "How far it is, and why.",
           "type": "array",
           "maxItems": 16,
           "x-kubernetes-list-type": "map",
           "x-kubernetes-list-map-keys": [
            "type"
           ],
           "items": {
            "type": "object",
            "required": [
             "type",
             "status",
             "lastTransitionTime",
             "reason",
             "message"
            ],
            "properties": {
             "type": {
              "description": "Accepted, Programmed and Ready always; Reconciling, Stalled, Drifted, RestartRequired and RolledBack while true.",
              "type": "string",
              "maxLength": 316,
              "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$"
             },
             "status": {
              "description": "Whether it holds.",
              "type": "string",
              "enum": [
               "True",
               "False",
               "Unknown"
              ]
             },
             "observedGeneration": {
              "description": "The generation of the spec that was looked at.",
              "type": "integer",
              "minimum": 0
             },
             "lastTransitionTime": {
              "description": "When status last changed.",
              "type": "string",
              "format": "date-time"
             },
             "reason": {
              "description": "Why, in one word, for programs.",
              "type": "string",
              "minLength": 1,
              "maxLength": 1024,
              "pattern": "^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$"
             },
             "message": {
              "description": "What was found, and what would mend it, for people.",
              "type": "string",
              "maxLength": 32768
             }
            }
           },
           "default": [
            {
             "type": "Accepted",
             "status": "Unknown",
             "reason": "Pending",
             "message": "The controller has not looked at it yet",
             "lastTransitionTime": "1970-01-01T00:00:00Z"
            },
            {
             "type": "Programmed",
             "status": "Unknown",
             "reason": "Pending",
             "message": "The controller has not looked at it yet",
             "lastTransitionTime": "1970-01-01T00:00:00Z"
            },
            {
             "type": "Ready",
             "status": "Unknown",
             "reason": "Pending",
             "message": "The controller has not looked at it yet",
             "lastTransitionTime": "1970-01-01T00:00:00Z"
            }
           ]
          },
          "hostName": {
           "description": "The Host that carries it out.",
           "type": "string",
           "maxLength": 253
          },
          "networkName": {
           "description": "The libvirt network.",
           "type": "string",
           "maxLength": 255
          },
          "virtualMachines": {
           "description": "The libvirt domains that name it, running or not, ours or not.",
           "type": "array",
           "maxItems": 4096,
           "x-kubernetes-list-type": "map",
           "x-kubernetes-list-map-keys": [
            "domainName"
           ],
           "items": {
            "type": "object",
            "required": [
             "domainName"
            ],
            "properties": {
             "domainName": {
              "description": "The domain's name.",
              "type": "string",
              "maxLength": 255
             },
             "virtualMachineName": {
              "description": "The VirtualMachine it belongs to.",
              "type": "string",
              "maxLength": 253
             },
             "running": {
              "description": "Whether it runs.",
              "type": "boolean"
             }
            }
           }
          },
          "ports": {
           "description": "The running ports in it.",
           "type": "array",
           "maxItems": 16384,
           "x-kubernetes-list-type": "map",
           "x-kubernetes-list-map-keys": [
            "name"
           ],
           "items": {
            "type": "object",
            "required": [
             "name"
            ],
            "properties": {
             "name": {
              "description": "The port's name.",
              "type": "string",
              "maxLength": 64
             },
             "domainName": {
              "description": "The domain whose NIC it is.",
              "type": "string",
              "maxLength": 255
             },
             "macAddress": {
              "description": "The NIC's Ethernet address.",
              "type": "string",
              "maxLength": 64
             },
             "vlan": {
              "description": "The VLAN setting that was found; absent, every VLAN passes.",
              "type": "object",
              "properties": {
               "mode": {
                "description": "As in Open vSwitch's Port.vlan_mode.",
                "type": "string",
                "maxLength": 32
               },
               "tag": {
                "description": "The VLAN of untagged frames; 4095 is the dead VLAN.",
                "type": "integer"
               },
               "trunks": {
                "description": "The VLANs that pass tagged.",
                "type": "array",
                "maxItems": 4096,
                "x-kubernetes-list-type": "atomic",
                "items": {
                 "type": "integer"
                }
               }
              }
             }
            }
           }
          },
          "summary": {
           "description": "Single values for columns.",
           "type": "object",
           "properties": {
            "vlan": {
             "description": "The VLANs that pass.",
             "type": "string",
             "maxLength": 256
            },
            "ports": {
             "description": "How many running ports are in it.",
             "type": "integer"
            },
            "virtualMachines": {
             "description": "How many domains name it.",
             "type": "integer"
            }
           }
          }
         }
        }
       }
      }
     }
    }
   ]
  }
 },
 {
  "apiVersion": "apiextensions.k8s.io/v1",
  "kind": "CustomResourceDefinition",
  "metadata": {
   "name": "virtualmachines.bridgekeeper.dev"
  },
  "spec": {
   "group": "bridgekeeper.dev",
   "scope": "Cluster",
   "names": {
    "kind": "VirtualMachine",
    "listKind": "VirtualMachineList",
    "plural": "virtualmachines",
    "singular": "virtualmachine",
    "shortNames": [
     "vm"
    ],
    "categories": [
     "bridgekeeper"
    ]
   },
   "versions": [
    {
     "name": "v1alpha1",
     "served": true,
     "storage": true,
     "subresources": {
      "status": {}
     },
     "additionalPrinterColumns": [
      {
       "name": "State",
       "type": "string",
       "description": "The domain's state in libvirt's words",
       "jsonPath": ".status.state"
      },
      {
       "name": "Networks",
       "type": "string",
       "description": "The portgroups and bridges its NICs are on",
       "jsonPath": ".status.summary.networks"
      },
      {
       "name": "Ready",
       "type": "string",
       "description": "Whether the host has it and it runs as it should",
       "jsonPath": ".status.conditions[?(@.type==\"Ready\")].status"
      },
      {
       "name": "Age",
       "type": "date",
       "description": "Time since it was created",
       "jsonPath": ".metadata.creationTimestamp"
      },
      {
       "name": "Host",
       "type": "string",
       "priority": 1,
       "description": "The Host that carries it out",
       "jsonPath": ".status.hostName"
      },
      {
       "name": "IPs",
       "type": "string",
       "priority": 1,
       "description": "The guest's addresses",
       "jsonPath": ".status.summary.ips"
      },
      {
       "name": "Message",
       "type": "string",
       "priority": 1,
       "description": "What is found and what would mend it",
       "jsonPath": ".status.conditions[?(@.type==\"Ready\")].message"
      }
     ],
     "schema": {
      "openAPIV3Schema": {
       "description": "A libvirt domain, or only the NICs of one.",
       "type": "object",
       "required": [
        "spec"
       ],
       "properties": {
        "apiVersion": {
         "description": "The API group and version: bridgekeeper.dev/v1alpha1.",
         "type": "string"
        },
        "kind": {
         "description": "The kind: VirtualMachine.",
         "type": "string"
        },
        "metadata": {
         "type": "object"
        },
        "spec": {
         "description": "What the virtual machine should be.",
         "type": "object",
         "properties": {
          "hostName": {
           "description": "The Host that carries this out. Without it: the server's own host, in stand-alone mode only; an agent on a cluster leaves such a resource alone. Immutable.",
           "type": "string",
           "minLength": 1,
           "maxLength": 253,
           "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
          },
          "driftPolicy": {
           "description": "What is done about a change behind our back: Correct undoes and reports it, Report only reports it. The Host's driftPolicy by default.",
           "type": "string",
           "enum": [
            "Correct",
            "Report"
           ]
          },
          "driftIgnore": {
           "description": "JSON pointers (RFC 6901) into this resource, such as /spec/mtu: a change behind our back of what they name is neither undone nor reported. What Open vSwitch, netplan or libvirt keeps as one value, such as a list of addresses, counts as a whole. A new value in this spec is carried out all the same.",
           "type": "array",
           "maxItems": 64,
           "x-kubernetes-list-type": "set",
           "items": {
            "type": "string",
            "maxLength": 256,
            "pattern": "^/spec(/.+)?$"
           }
          },
          "adoptionPolicy": {
           "description": "Whether something of this name that is on the host without our mark is taken over: IfMatching when it already is as desired, Always at once, Never not at all.",
           "type": "string",
           "enum": [
            "IfMatching",
            "Always",
            "Never"
           ],
           "default": "IfMatching"
          },
          "deletionPolicy": {
           "description": "What becomes of it on the host when this resource is deleted: Delete takes it away, Orphan leaves it and takes off our mark.",
           "type": "string",
           "enum": [
            "Delete",
            "Orphan"
           ],
           "default": "Delete"
          },
          "domainName": {
           "description": "The domain's name in libvirt; metadata.name by default. Immutable.",
           "type": "string",
           "minLength": 1,
           "maxLength": 255,
           "pattern": "^[^/\\s]([^/\\r\\n\\t]*[^/\\s])?$"
          },
          "managementPolicy": {
           "description": "Full makes and keeps the whole domain; InterfacesOnly keeps only the NICs of a domain made elsewhere.",
           "type": "string",
           "enum": [
            "Full",
            "InterfacesOnly"
           ],
           "default": "Full"
          },
          "runStrategy": {
           "description": "Always keeps it running; Halted keeps it off; Manual leaves that to others; RerunOnFailure starts it again after a crash but not after a shutdown. Always by default; with InterfacesOnly it has no effect.",
           "type": "string",
           "enum": [
            "Always",
            "Halted",
            "Manual",
            "RerunOnFailure"
           ]
          },
          "cpu": {
           "description": "The virtual CPUs.",
           "type": "object",
           "properties": {
            "cores": {
             "description": "How many.",
             "type": "integer",
             "minimum": 1,
             "maximum": 1024,
             "default": 1
            },
            "model": {
             "description": "host-passthrough, host-model, or a model that libvirt knows. libvirt's own choice by default.",
             "type": "string",
             "minLength": 1,
             "maxLength": 64,
             "pattern": "^[A-Za-z0-9_.-]+$"
            }
           }
          },
          "memory": {
           "description": "The memory, as a quantity such as 512Mi or 4Gi.",
           "x-kubernetes-int-or-string": true,
           "anyOf": [
            {
             "type": "integer"
            },
            {
             "type": "string"
            }
           ],
           "maxLength": 32,
           "minimum": 1,
           "pattern": "^([1-9][0-9]*(\\.[0-9]+)?|0\\.[0-9]*[1-9][0-9]*)(Ki|Mi|Gi|Ti|Pi|Ei|k|M|G|T|P|E)?$"
          },
          "machine": {
           "description": "The machine type, such as q35 or pc. libvirt's own choice by default.",
           "type": "string",
           "minLength": 1,
           "maxLength": 64,
           "pattern": "^[A-Za-z0-9_.-]+$"
          },
          "firmware": {
           "description": "What boots the guest.",
           "type": "string",
           "enum": [
            "bios",
            "uefi"
           ],
           "default": "bios"
          },
          "acceleration": {
           "description": "kvm, or tcg which emulates the CPU in software; auto takes kvm where it works.",
           "type": "string",
           "enum": [
            "auto",
            "kvm",
            "tcg"
           ],
           "default": "auto"
          },
          "disks": {
           "description": "The disks.",
           "type": "array",
           "maxItems": 32,
           "x-kubernetes-list-type": "map",
           "x-kubernetes-list-map-keys": [
            "name"
           ],
           "items": {
            "type": "object",
            "required": [
             "name"
            ],
            "properties": {
             "name": {
              "description": "Its name in this VM.",
              "type": "string",
              "minLength": 1,
              "maxLength": 63,
              "pattern": "^[A-Za-z0-9_][A-Za-z0-9_.-]*$"
             },
             "path": {
              "description": "An image that is there already.",
              "type": "string",
              "maxLength": 1024,
              "pattern": "^/[^\\r\\n]+$"
             },
             "size": {
              "description": "The size of an image that is made for this VM, as a quantity such as 10Gi; the base image's by default.",
              "x-kubernetes-int-or-string": true,
              "anyOf": [
               {
                "type": "integer"
               },
               {
                "type": "string"
               }
              ],
              "maxLength": 32,
              "minimum": 1,
              "pattern": "^([1-9][0-9]*(\\.[0-9]+)?|0\\.[0-9]*[1-9][0-9]*)(Ki|Mi|Gi|Ti|Pi|Ei|k|M|G|T|P|E)?$"
             },
             "baseImage": {
              "description": "An image that the new one starts as a copy of.",
              "type": "string",
              "maxLength": 1024,
              "pattern": "^/[^\\r\\n]+$"
             },
             "format": {
              "description": "The image's format.",
              "type": "string",
              "enum": [
               "qcow2",
               "raw"
              ],
              "default": "qcow2"
             },
             "bus": {
              "description": "What the guest sees it on.",
              "type": "string",
              "enum": [
               "virtio",
               "scsi",
               "sata",
               "ide"
              ],
              "default": "virtio"
             },
             "readOnly": {
              "description": "Whether the guest may only read it. False by default.",
              "type": "boolean"
             }
            },
            "x-kubernetes-validations": [
             {
              "rule": "has(self.path) != (has(self.size) || has(self.baseImage))",
              "message": "a disk is either there or made: set path alone, or size and baseImage (or one of them)"
             }
            ]
           }
          },
          "cdroms": {
           "description": "The CD-ROM drives, with what is in them.",
           "type": "array",
           "maxItems": 8,
           "x-kubernetes-list-type": "map",
           "x-kubernetes-list-map-keys": [
            "name"
           ],
           "items": {
            "type": "object",
            "required": [
             "name",
             "path"
            ],
            "properties": {
             "name": {
              "description": "Its name in this VM.",
              "type": "string",
              "minLength": 1,
              "maxLength": 63,
              "pattern": "^[A-Za-z0-9_][A-Za-z0-9_.-]*$"
             },
             "path": {
              "description": "The ISO image.",
              "type": "string",
              "maxLength": 1024,
              "pattern": "^/[^\\r\\n]+$"
             }
            },
            "x-kubernetes-validations": [
             {
              "rule": "self.name != 'cloud-init'",
              "message": "cloud-init is the drive that cloudInit and guest fill: choose another name",
              "fieldPath": ".name"
             }
            ]
           }
          },
          "bootOrder": {
           "description": "Names of disks, cdroms and interfaces, in the order they are tried. The disks in their order by default.",
           "type": "array",
           "maxItems": 16,
           "x-kubernetes-list-type": "atomic",
           "items": {
            "type": "string",
            "minLength": 1,
            "maxLength": 63
           }
          },
          "interfaces": {
           "description": "The NICs.",
           "type": "array",
           "maxItems": 32,
           "x-kubernetes-list-type": "map",
           "x-kubernetes-list-map-keys": [
            "name"
           ],
           "items": {
            "type": "object",
            "required": [
             "name"
            ],
            "properties": {
             "name": {
              "description": "Its name in this VM.",
              "type": "string",
              "minLength": 1,
              "maxLength": 63,
              "pattern": "^[A-Za-z0-9_][A-Za-z0-9_.-]*$"
             },
             "macAddress": {
              "description": "The NIC's Ethernet address; not a multicast one. Without it a stable one is derived from the names.",
              "type": "string",
              "maxLength": 17,
              "pattern": "^[0-9A-Fa-f][02468ACEace](:[0-9A-Fa-f]{2}){5}$"
             },
             "portgroupName": {
              "description": "The Portgroup it is on, by its metadata.name.",
              "type": "string",
              "minLength": 1,
              "maxLength": 253,
              "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
             },
             "bridgeName": {
              "description": "The Bridge it is straight on, by its metadata.name.",
              "type": "string",
              "minLength": 1,
              "maxLength": 253,
              "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
             },
             "vlan": {
              "description": "Which VLANs pass, with bridgeName only. Absent, every VLAN passes, as in Open vSwitch.",
              "type": "object",
              "required": [
               "mode"
              ],
              "properties": {
               "mode": {
                "description": "access carries the VLAN `tag` untagged; trunk carries the VLANs `trunks` tagged; native-tagged and native-untagged are a trunk whose untagged frames belong to `tag`; dot1q-tunnel puts every frame, tagged or not, into `tag` (needs spec.ovs.vlanLimit 2 on the Host).",
                "type": "string",
                "enum": [
                 "access",
                 "trunk",
                 "native-tagged",
                 "native-untagged",
                 "dot1q-tunnel"
                ]
               },
               "tag": {
                "description": "The VLAN of untagged frames.",
                "type": "integer",
                "minimum": 0,
                "maximum": 4094
               },
               "trunks": {
                "description": "The VLANs that pass tagged. Absent on a trunk with a native VLAN, every VLAN passes.",
                "type": "array",
                "minItems": 1,
                "maxItems": 4095,
                "x-kubernetes-list-type": "set",
                "items": {
                 "type": "integer",
                 "minimum": 0,
                 "maximum": 4094
                }
               }
              },
              "x-kubernetes-validations": [
               {
                "rule": "self.mode == 'trunk' || has(self.tag)",
                "message": "tag is missing: every mode but trunk needs vlan.tag; set it, or choose mode trunk",
                "fieldPath": ".tag",
                "reason": "FieldValueRequired"
               },
               {
                "rule": "self.mode != 'trunk' || !has(self.tag)",
                "message": "a trunk has no tag: remove vlan.tag, or choose mode native-tagged or native-untagged",
                "fieldPath": ".tag"
               },
               {
                "rule": "self.mode != 'trunk' || has(self.trunks)",
                "message": "trunks is missing: mode trunk needs vlan.trunks; for every VLAN leave vlan out",
                "fieldPath": ".trunks",
                "reason": "FieldValueRequired"
               },
               {
                "rule": "!(self.mode in ['access', 'dot1q-tunnel']) || !has(self.trunks)",
                "message": "a port of mode access or dot1q-tunnel has no trunks: remove vlan.trunks, or choose mode trunk, native-tagged or native-untagged",
                "fieldPath": ".trunks"
               }
              ]
             },
             "interfaceID": {
              "description": "The UUID that Open vSwitch keeps as iface-id. Derived from the names by default.",
              "type": "string",
              "maxLength": 36,
              "pattern": "^[0-9A-Fa-f]{8}(-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}$"
             },
             "model": {
              "description": "The NIC that the guest sees, in libvirt's words - virtio, e1000, e1000e, rtl8139 and others.",
              "type": "string",
              "minLength": 1,
              "maxLength": 64,
              "pattern": "^[A-Za-z0-9_.-]+$",
              "default": "virtio"
             },
             "mtu": {
              "description": "The largest packet in bytes, without the Ethernet header.",
              "type": "integer",
              "minimum": 68,
              "maximum": 65535
             },
             "linkState": {
              "description": "Whether the guest sees a cable plugged in.",
              "type": "string",
              "enum": [
               "up",
               "down"
              ],
              "default": "up"
             },
             "guest": {
              "description": "What the guest makes of the NIC: its netplan, given by cloud-init. It takes effect at the first boot, and a later edit at the next one.",
              "type": "object",
              "properties": {
               "addresses": {
                "description": "Addresses with their prefix length, such as 192.0.2.10/24 or 2001:db8::10/64.",
                "type": "array",
                "maxItems": 64,
                "x-kubernetes-list-type": "set",
                "items": {
                 "type": "string",
                 "format": "cidr",
                 "maxLength": 49
                }
               },
               "dhcp4": {
                "description": "Take an IPv4 address by DHCP. False by default.",
                "type": "boolean"
               },
               "dhcp6": {
                "description": "Take an IPv6 address by DHCP. False by default.",
                "type": "boolean"
               },
               "acceptRa": {
                "description": "Whether IPv6 router advertisements are accepted. The kernel's own choice by default.",
                "type": "boolean"
               },
               "mtu": {
                "description": "The largest packet in bytes, without the Ethernet header.",
                "type": "integer",
                "minimum": 68,
                "maximum": 65535
               },
               "routes": {
                "description": "Routes through this device.",
                "type": "array",
                "maxItems": 64,
                "x-kubernetes-list-type": "atomic",
                "items": {
                 "type": "object",
                 "required": [
                  "to"
                 ],
                 "properties": {
                  "to": {
                   "description": "default, or a network such as 10.0.0.0/8, or an address.",
                   "type": "string",
                   "maxLength": 49,
                   "anyOf": [
                    {
                     "enum": [
                      "default"
                     ]
                    },
                    {
                     "format": "cidr"
                    },
                    {
                     "format": "ipv4"
                    },
                    {
                     "format": "ipv6"
                    }
                   ]
                  },
                  "via": {
                   "description": "The gateway.",
                   "type": "string",
                   "maxLength": 45,
                   "anyOf": [
                    {
                     "format": "ipv4"
                    },
                    {
                     "format": "ipv6"
                    }
                   ]
                  },
                  "metric": {
                   "description": "The lower one wins.",
                   "type": "integer",
                   "minimum": 0,
                   "maximum": 4294967295
                  },
                  "onLink": {
                   "description": "The gateway is reached directly even if no address of this device says so.",
                   "type": "boolean"
                  },
                  "table": {
                   "description": "The routing table; the main one (254) by default.",
                   "type": "integer",
                   "minimum": 1,
                   "maximum": 4294967295
                  },
                  "scope": {
                   "description": "How far the destination is. global by default.",
                   "type": "string",
                   "enum": [
                    "global",
                    "link",
                    "host"
                   ]
                  }
                 },
                 "x-kubernetes-validations": [
                  {
                   "rule": "has(self.via) || (has(self.scope) && self.scope != 'global')",
                   "message": "via is missing: a route needs a gateway; set via, or scope link for what is reached directly",
                   "fieldPath": ".via",
                   "reason": "FieldValueRequired"
                  },
                  {
                   "rule": "!has(self.onLink) || !self.onLink || has(self.via)",
                   "message": "onLink needs a gateway: set via, or remove onLink",
                   "fieldPath": ".onLink"
                  }
                 ]
                }
               },
               "routingPolicy": {
                "description": "Rules that choose a routing table by source, destination or mark.",
                "type": "array",
                "maxItems": 64,
                "x-kubernetes-list-type": "atomic",
                "items": {
                 "type": "object",
                 "properties": {
                  "from": {
                   "description": "The source, a network or an address.",
                   "type": "string",
                   "maxLength": 49,
                   "anyOf": [
                    {
                     "format": "cidr"
                    },
                    {
                     "format": "ipv4"
                    },
                    {
                     "format": "ipv6"
                    }
                   ]
                  },
                  "to": {
                   "description": "The destination, a network or an address.",
                   "type": "string",
                   "maxLength": 49,
                   "anyOf": [
                    {
                     "format": "cidr"
                    },
                    {
                     "format": "ipv4"
                    },
                    {
                     "format": "ipv6"
                    }
                   ]
                  },
                  "table": {
                   "description": "The routing table to look in.",
                   "type": "integer",
                   "minimum": 1,
                   "maximum": 4294967295
                  },
                  "priority": {
                   "description": "The lower one is asked first.",
                   "type": "integer",
                   "minimum": 0,
                   "maximum": 4294967295
                  },
                  "mark": {
                   "description": "The firewall mark of the packets it is for.",
                   "type": "integer",
                   "minimum": 1,
                   "maximum": 4294967295
                  }
                 },
                 "x-kubernetes-validations": [
                  {
                   "rule": "has(self.from) || has(self.to)",
                   "message": "a routing rule needs from or to: set one of them"
                  }
                 ]
                }
               },
               "nameservers": {
                "description": "Where names are looked up.",
                "type": "object",
                "properties": {
                 "addresses": {
                  "description": "The servers.",
                  "type": "array",
                  "maxItems": 16,
                  "x-kubernetes-list-type": "set",
                  "items": {
                   "type": "string",
                   "maxLength": 45,
                   "anyOf": [
                    {
                     "format": "ipv4"
                    },
                    {
                     "format": "ipv6"
                    }
                   ]
                  }
                 },
                 "search": {
                  "description": "Domains tried for a name without a dot, in this order.",
                  "type": "array",
                  "maxItems": 32,
                  "x-kubernetes-list-type": "atomic",
                  "items": {
                   "type": "string",
                   "minLength": 1,
                   "maxLength": 253,
                   "pattern": "^[A-Za-z0-9_~.-]+$"
                  }
                 }
                }
               },
               "optional": {
                "description": "The boot does not wait for it, and it may be missing. False by default.",
                "type": "boolean"
               },
               "vlans": {
                "description": "VLAN devices on the NIC.",
                "type": "array",
                "maxItems": 64,
                "x-kubernetes-list-type": "map",
                "x-kubernetes-list-map-keys": [
                 "name"
                ],
                "items": {
                 "type": "object",
                 "required": [
                  "name",
                  "id"
                 ],
                 "properties": {
                  "name": {
                   "description": "The device's name in the guest.",
                   "type": "string",
                   "minLength": 1,
                   "maxLength": 15,
                   "pattern": "^[A-Za-z0-9_][A-Za-z0-9_.-]*$"
                  },
                  "id": {
                   "description": "The VLAN.",
                   "type": "integer",
                   "minimum": 0,
                   "maximum": 4094
                  },
                  "macAddress": {
                   "description": "An Ethernet address, such as 52:54:00:12:34:56; not a multicast one.",
                   "type": "string",
                   "maxLength": 17,
                   "pattern": "^[0-9A-Fa-f][02468ACEace](:[0-9A-Fa-f]{2}){5}$"
                  },
                  "addresses": {
                   "description": "Addresses with their prefix length, such as 192.0.2.10/24 or 2001:db8::10/64.",
                   "type": "array",
                   "maxItems": 64,
                   "x-kubernetes-list-type": "set",
                   "items": {
                    "type": "string",
                    "format": "cidr",
                    "maxLength": 49
                   }
                  },
                  "dhcp4": {
                   "description": "Take an IPv4 address by DHCP. False by default.",
                   "type": "boolean"
                  },
                  "dhcp6": {
                   "description": "Take an IPv6 address by DHCP. False by default.",
                   "type": "boolean"
                  },
                  "acceptRa": {
                   "description": "Whether IPv6 router advertisements are accepted. The kernel's own choice by default.",
                   "type": "boolean"
                  },
                  "mtu": {
                   "description": "The largest packet in bytes, without the Ethernet header.",
                   "type": "integer",
                   "minimum": 68,
                   "maximum": 65535
                  },
                  "routes": {
                   "description": "Routes through this device.",
                   "type": "array",
                   "maxItems": 64,
                   "x-kubernetes-list-type": "atomic",
                   "items": {
                    "type": "object",
                    "required": [
                     "to"
                    ],
                    "properties": {
                     "to": {
                      "description": "default, or a network such as 10.0.0.0/8, or an address.",
                      "type": "string",
                      "maxLength": 49,
                      "anyOf": [
                       {
                        "enum": [
                         "default"
                        ]
                       },
                       {
                        "format": "cidr"
                       },
                       {
                        "format": "ipv4"
                       },
                       {
                        "format": "ipv6"
                       }
                      ]
                     },
                     "via": {
                      "description": "The gateway.",
                      "type": "string",
                      "maxLength": 45,
                      "anyOf": [
                       {
                        "format": "ipv4"
                       },
                       {
                        "format": "ipv6"
                       }
                      ]
                     },
                     "metric": {
                      "description": "The lower one wins.",
                      "type": "integer",
                      "minimum": 0,
                      "maximum": 4294967295
                     },
                     "onLink": {
                      "description": "The gateway is reached directly even if no address of this device says so.",
                      "type": "boolean"
                     },
                     "table": {
                      "description": "The routing table; the main one (254) by default.",
                      "type": "integer",
                      "minimum": 1,
                      "maximum": 4294967295
                     },
                     "scope": {
                      "description": "How far the destination is. global by default.",
                      "type": "string",
                      "enum": [
                       "global",
                       "link",
                       "host"
                      ]
                     }
                    },
                    "x-kubernetes-validations": [
                     {
                      "rule": "has(self.via) || (has(self.scope) && self.scope != 'global')",
                      "message": "via is missing: a route needs a gateway; set via, or scope link for what is reached directly",
                      "fieldPath": ".via",
                      "reason": "FieldValueRequired"
                     },
                     {
                      "rule": "!has(self.onLink) || !self.onLink || has(self.via)",
                      "message": "onLink needs a gateway: set via, or remove onLink",
                      "fieldPath": ".onLink"
                     }
                    ]
                   }
                  },
                  "routingPolicy": {
                   "description": "Rules that choose a routing table by source, destination or mark.",
                   "type": "array",
                   "maxItems": 64,
                   "x-kubernetes-list-type": "atomic",
                   "items": {
                    "type": "object",
                    "properties": {
                     "from": {
                      "description": "The source, a network or an address.",
                      "type": "string",
                      "maxLength": 49,
                      "anyOf": [
                       {
                        "format": "cidr"
                       },
                       {
                        "format": "ipv4"
                       },
                       {
                        "format": "ipv6"
                       }
                      ]
                     },
                     "to": {
                      "description": "The destination, a network or an address.",
                      "type": "string",
                      "maxLength": 49,
                      "anyOf": [
                       {
                        "format": "cidr"
                       },
                       {
                        "format": "ipv4"
                       },
                       {
                        "format": "ipv6"
                       }
                      ]
                     },
                     "table": {
                      "description": "The routing table to look in.",
                      "type": "integer",
                      "minimum": 1,
                      "maximum": 4294967295
                     },
                     "priority": {
                      "description": "The lower one is asked first.",
                      "type": "integer",
                      "minimum": 0,
                      "maximum": 4294967295
                     },
                     "mark": {
                      "description": "The firewall mark of the packets it is for.",
                      "type": "integer",
                      "minimum": 1,
                      "maximum": 4294967295
                     }
                    },
                    "x-kubernetes-validations": [
                     {
                      "rule": "has(self.from) || has(self.to)",
                      "message": "a routing rule needs from or to: set one of them"
                     }
                    ]
                   }
                  },
                  "nameservers": {
                   "description": "Where names are looked up.",
                   "type": "object",
                   "properties": {
                    "addresses": {
                     "description": "The servers.",
                     "type": "array",
                     "maxItems": 16,
                     "x-kubernetes-list-type": "set",
                     "items": {
                      "type": "string",
                      "maxLength": 45,
                      "anyOf": [
                       {
                        "format": "ipv4"
                       },
                       {
                        "format": "ipv6"
                       }
                      ]
                     }
                    },
                    "search": {
                     "description": "Domains tried for a name without a dot, in this order.",
                     "type": "array",
                     "maxItems": 32,
                     "x-kubernetes-list-type": "atomic",
                     "items": {
                      "type": "string",
                      "minLength": 1,
                      "maxLength": 253,
                      "pattern": "^[A-Za-z0-9_~.-]+$"
                     }
                    }
                   }
                  },
                  "optional": {
                   "description": "The boot does not wait for it, and it may be missing. False by default.",
                   "type": "boolean"
                  }
                 }
                }
               }
              }
             }
            },
            "x-kubernetes-validations": [
             {
              "rule": "has(self.portgroupName) != has(self.bridgeName)",
              "message": "a NIC is on one network: set either portgroupName or bridgeName"
             },
             {
              "rule": "!has(self.vlan) || has(self.bridgeName)",
              "message": "the VLAN of a NIC on a Portgroup is the Portgroup's: remove vlan, or set bridgeName instead of portgroupName",
              "fieldPath": ".vlan"
             }
            ]
           }
          },
          "cloudInit": {
           "description": "What cloud-init in the guest is given at its first boot (NoCloud). A later edit is on the guest's disk after its next start; cloud-init acts on it only where metaData names another instance-id.",
           "type": "object",
           "properties": {
            "userData": {
             "description": "The user-data, as text.",
             "type": "string",
             "maxLength": 65536
            },
            "userDataSecretRef": {
             "description": "The Secret whose key userData holds the user-data.",
             "type": "object",
             "required": [
              "namespace",
              "name"
             ],
             "properties": {
              "namespace": {
               "description": "The Secret's namespace.",
               "type": "string",
               "minLength": 1,
               "maxLength": 63
              },
              "name": {
               "description": "The Secret's name.",
               "type": "string",
               "minLength": 1,
               "maxLength": 253
              }
             }
            },
            "metaData": {
             "description": "The meta-data, as text. instance-id and local-hostname by default.",
             "type": "string",
             "maxLength": 16384
            }
           },
           "x-kubernetes-validations": [
            {
             "rule": "!has(self.userData) || !has(self.userDataSecretRef)",
             "message": "the user-data has one source: set either userData or userDataSecretRef",
             "fieldPath": ".userDataSecretRef"
            }
           ]
          },
          "graphics": {
           "description": "The screen.",
           "type": "object",
           "properties": {
            "type": {
             "description": "How it is reached.",
             "type": "string",
             "enum": [
              "vnc",
              "spice",
              "none"
             ],
             "default": "vnc"
            },
            "listenAddress": {
             "description": "Where it listens. 127.0.0.1 by default.",
             "type": "string",
             "maxLength": 45,
             "anyOf": [
              {
               "format": "ipv4"
              },
              {
               "format": "ipv6"
              }
             ]
            }
           }
          },
          "serialConsole": {
           "description": "Whether there is a serial console.",
           "type": "boolean",
           "default": true
          },
          "diskReclaimPolicy": {
           "description": "What becomes of the disk images made for this VM when it is deleted. An image named by path is never deleted.",
           "type": "string",
           "enum": [
            "Retain",
            "Delete"
           ],
           "default": "Retain"
          }
         },
         "x-kubernetes-validations": [
          {
           "rule": "has(self.hostName) == has(oldSelf.hostName) && (!has(self.hostName) || self.hostName == oldSelf.hostName)",
           "message": "hostName is immutable: delete the VirtualMachine and create it anew",
           "fieldPath": ".hostName"
          },
          {
           "rule": "has(self.domainName) == has(oldSelf.domainName) && (!has(self.domainName) || self.domainName == oldSelf.domainName)",
           "message": "domainName is immutable: delete the VirtualMachine and create it anew",
           "fieldPath": ".domainName"
          },
          {
           "rule": "self.managementPolicy != 'Full' || has(self.memory)",
           "message": "memory is missing: set it, for example to 512Mi, or choose managementPolicy InterfacesOnly",
           "fieldPath": ".memory",
           "reason": "FieldValueRequired"
          },
          {
           "rule": "self.managementPolicy != 'InterfacesOnly' || !has(self.cloudInit)",
           "message": "cloudInit needs a VM that is made here: remove it, or choose managementPolicy Full",
           "fieldPath": ".cloudInit"
          },
          {
           "rule": "self.managementPolicy != 'InterfacesOnly' || !has(self.interfaces) || self.interfaces.all(i, !has(i.guest))",
           "message": "guest needs a VM that is made here: remove interfaces[].guest, or choose managementPolicy Full",
           "fieldPath": ".interfaces"
          },
          {
           "rule": "!has(self.bootOrder) || self.bootOrder.all(b, (has(self.disks) && self.disks.exists(d, d.name == b)) || (has(self.cdroms) && self.cdroms.exists(c, c.name == b)) || (has(self.interfaces) && self.interfaces.exists(i, i.name == b)))",
           "message": "bootOrder names what is not there: name disks, cdroms and interfaces of this VM",
           "fieldPath": ".bootOrder"
          },
          {
           "rule": "!has(self.interfaces) || self.interfaces.all(a, !has(a.macAddress) || self.interfaces.exists_one(b, has(b.macAddress) && b.macAddress.lowerAscii() == a.macAddress.lowerAscii()))",
           "message": "two NICs have the same macAddress: give each its own, or leave it out",
           "fieldPath": ".interfaces"
          }
         ]
        },
        "status": {
         "description": "What the virtual machine is, and how far it is.",
         "type": "object",
         "default": {},
         "properties": {
          "observedGeneration": {
           "description": "The generation of the spec that this status was made from.",
           "type": "integer"
          },
          "conditions": {
           "description": "How far it is, and why.",
           "type": "array",
           "maxItems": 16,
           "x-kubernetes-list-type": "map",
           "x-kubernetes-list-map-keys": [
            "type"
           ],
           "items": {
            "type": "object",
            "required": [
             "type",
             "status",
             "lastTransitionTime",
             "reason",
             "message"
            ],
            "properties": {
             "type": {
              "description": "Accepted, Programmed and Ready always; Reconciling, Stalled, Drifted, RestartRequired and RolledBack while true.",
              "type": "string",
              "maxLength": 316,
              "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$"
             },
             "status": {
              "description": "Whether it holds.",
              "type": "string",
              "enum": [
               "True",
               "False",
               "Unknown"
              ]
             },
             "observedGeneration": {
              "description": "The generation of the spec that was looked at.",
              "type": "integer",
              "minimum": 0
             },
             "lastTransitionTime": {
              "description": "When status last changed.",
              "type": "string",
              "format": "date-time"
             },
             "reason": {
              "description": "Why, in one word, for programs.",
              "type": "string",
              "minLength": 1,
              "maxLength": 1024,
              "pattern": "^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$"
             },
             "message": {
              "description": "What was found, and what would mend it, for people.",
              "type": "string",
              "maxLength": 32768
             }
            }
           },
           "default": [
            {
             "type": "Accepted",
             "status": "Unknown",
             "reason": "Pending",
             "message": "The controller has not looked at it yet",
             "lastTransitionTime": "1970-01-01T00:00:00Z"
            },
            {
             "type": "Programmed",
             "status": "Unknown",
             "reason": "Pending",
             "message": "The controller has not looked at it yet",
             "lastTransitionTime": "1970-01-01T00:00:00Z"
            },
            {
             "type": "Ready",
             "status": "Unknown",
             "reason": "Pending",
             "message": "The controller has not looked at it yet",
             "lastTransitionTime": "1970-01-01T00:00:00Z"
            }
           ]
          },
          "hostName": {
           "description": "The Host that carries it out.",
           "type": "string",
           "maxLength": 253
          },
          "domainName": {
           "description": "The domain's name in libvirt.",
           "type": "string",
           "maxLength": 255
          },
          "domainUUID": {
           "description": "The domain's UUID.",
           "type": "string",
           "maxLength": 64
          },
          "state": {
           "description": "The state in libvirt's words: running, shutoff, paused, crashed and others.",
           "type": "string",
           "maxLength": 64
          },
          "interfaces": {
           "description": "The NICs that were found.",
           "type": "array",
           "maxItems": 64,
           "x-kubernetes-list-type": "map",
           "x-kubernetes-list-map-keys": [
            "name"
           ],
           "items": {
            "type": "object",
            "required": [
             "name"
            ],
            "properties": {
             "name": {
              "description": "Its name in spec.interfaces, or its address where the spec has none.",
              "type": "string",
              "maxLength": 64
             },
             "macAddress": {
              "description": "Its Ethernet address.",
              "type": "string",
              "maxLength": 64
             },
             "portName": {
              "description": "Its port on the bridge, while the VM runs.",
              "type": "string",
              "maxLength": 64
             },
             "bridgeName": {
              "description": "The bridge's name on the host.",
              "type": "string",
              "maxLength": 64
             },
             "portgroupName": {
              "description": "The portgroup's name in libvirt.",
              "type": "string",
              "maxLength": 255
             },
             "linkState": {
              "description": "Whether the guest sees a cable plugged in.",
              "type": "string",
              "enum": [
               "up",
               "down",
               "unknown"
              ]
             },
             "vlan": {
              "description": "The VLAN setting that was found; absent, every VLAN passes.",
              "type": "object",
              "properties": {
               "mode": {
                "description": "As in Open vSwitch's Port.vlan_mode.",
                "type": "string",
                "maxLength": 32
               },
               "tag": {
                "description": "The VLAN of untagged frames; 4095 is the dead VLAN.",
                "type": "integer"
               },
               "trunks": {
                "description": "The VLANs that pass tagged.",
                "type": "array",
                "maxItems": 4096,
                "x-kubernetes-list-type": "atomic",
                "items": {
                 "type": "integer"
                }
               }
              }
             },
             "addresses": {
              "description": "The guest's addresses on it.",
              "type": "array",
              "maxItems": 256,
              "x-kubernetes-list-type": "atomic",
              "items": {
               "type": "string",
               "maxLength": 64
              }
             }
            }
           }
          },
          "disks": {
           "description": "The disks that were found.",
           "type": "array",
           "maxItems": 64,
           "x-kubernetes-list-type": "map",
           "x-kubernetes-list-map-keys": [
            "name"
           ],
           "items": {
            "type": "object",
            "required": [
             "name"
            ],
            "properties": {
             "name": {
              "description": "Its name in spec.disks.",
              "type": "string",
              "maxLength": 64
             },
             "path": {
              "description": "Where its image is.",
              "type": "string",
              "maxLength": 4096
             },
             "made": {
              "description": "Whether the image was made for this VM.",
              "type": "boolean"
             }
            }
           }
          },
          "summary": {
           "description": "Single values for columns.",
           "type": "object",
           "properties": {
            "networks": {
             "description": "The portgroups and bridges its NICs are on.",
             "type": "string",
             "maxLength": 8192
            },
            "ips": {
             "description": "The guest's addresses.",
             "type": "string",
             "maxLength": 8192
            }
           }
          }
         }
        }
       }
      }
     }
    }
   ]
  }
 },
 {
  "apiVersion": "apiextensions.k8s.io/v1",
  "kind": "CustomResourceDefinition",
  "metadata": {
   "name": "vlanports.bridgekeeper.dev"
  },
  "spec": {
   "group": "bridgekeeper.dev",
   "scope": "Cluster",
   "names": {
    "kind": "VlanPort",
    "listKind": "VlanPortList",
    "plural": "vlanports",
    "singular": "vlanport",
    "shortNames": [
     "vp"
    ],
    "categories": [
     "bridgekeeper"
    ]
   },
   "versions": [
    {
     "name": "v1alpha1",
     "served": true,
     "storage": true,
     "subresources": {
      "status": {}
     },
     "additionalPrinterColumns": [
      {
       "name": "Bridge",
       "type": "string",
       "description": "The Bridge it is on",
       "jsonPath": ".spec.bridgeName"
      },
      {
       "name": "VLAN",
       "type": "string",
       "description": "The VLANs that pass",
       "jsonPath": ".status.summary.vlan"
      },
      {
       "name": "Addresses",
       "type": "string",
       "description": "Its addresses",
       "jsonPath": ".status.summary.addresses"
      },
      {
       "name": "Ready",
       "type": "string",
       "description": "Whether the host has it and it works",
       "jsonPath": ".status.conditions[?(@.type==\"Ready\")].status"
      },
      {
       "name": "Age",
       "type": "date",
       "description": "Time since it was created",
       "jsonPath": ".metadata.creationTimestamp"
      },
      {
       "name": "MAC",
       "type": "string",
       "priority": 1,
       "description": "Its Ethernet address",
       "jsonPath": ".status.macAddress"
      },
      {
       "name": "Message",
       "type": "string",
       "priority": 1,
       "description": "What is found and what would mend it",
       "jsonPath": ".status.conditions[?(@.type==\"Ready\")].message"
      }
     ],
     "schema": {
      "openAPIV3Schema": {
       "description": "An Open vSwitch internal port of the host itself, in a VLAN, with addresses and routes.",
       "type": "object",
       "required": [
        "spec"
       ],
       "properties": {
        "apiVersion": {
         "description": "The API group and version: bridgekeeper.dev/v1alpha1.",
         "type": "string"
        },
        "kind": {
         "description": "The kind: VlanPort.",
         "type": "string"
        },
        "metadata": {
         "type": "object",
         "properties": {
          "name": {
           "type": "string"
          }
         }
        },
        "spec": {
         "description": "What the port should be.",
         "type": "object",
         "required": [
          "bridgeName"
         ],
         "properties": {
          "hostName": {
           "description": "The Host that carries this out. Without it: the server's own host, in stand-alone mode only; an agent on a cluster leaves such a resource alone. Immutable.",
           "type": "string",
           "minLength": 1,
           "maxLength": 253,
           "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
          },
          "deviceName": {
           "description": "The device's name on the host, at most 15 bytes; metadata.name by default. Immutable.",
           "type": "string",
           "maxLength": 15,
           "pattern": "^[A-Za-z0-9_][A-Za-z0-9_.-]*$"
          },
          "driftPolicy": {
           "description": "What is done about a change behind our back: Correct undoes and reports it, Report only reports it. The Host's driftPolicy by default.",
           "type": "string",
           "enum": [
            "Correct",
            "Report"
           ]
          },
          "driftIgnore": {
           "description": "JSON pointers (RFC 6901) into this resource, such as /spec/mtu: a change behind our back of what they name is neither undone nor reported. What Open vSwitch, netplan or libvirt keeps as one value, such as a list of addresses, counts as a whole. A new value in this spec is carried out all the same.",
           "type": "array",
           "maxItems": 64,
           "x-kubernetes-list-type": "set",
           "items": {
            "type": "string",
            "maxLength": 256,
            "pattern": "^/spec(/.+)?$"
           }
          },
          "adoptionPolicy": {
           "description": "Whether something of this name that is on the host without our mark is taken over: IfMatching when it already is as desired, Always at once, Never not at all.",
           "type": "string",
           "enum": [
            "IfMatching",
            "Always",
            "Never"
           ],
           "default": "IfMatching"
          },
          "deletionPolicy": {
           "description": "What becomes of it on the host when this resource is deleted: Delete takes it away, Orphan leaves it and takes off our mark.",
           "type": "string",
           "enum": [
            "Delete",
            "Orphan"
           ],
           "default": "Delete"
          },
          "bridgeName": {
           "description": "The Bridge, by its metadata.name.",
           "type": "string",
           "minLength": 1,
           "maxLength": 253,
           "pattern": "^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$"
          },
          "vlan": {
           "description": "Which VLANs pass. Absent, every VLAN passes, as in Open vSwitch.",
           "type": "object",
           "required": [
            "mode"
           ],
           "properties": {
            "mode": {
             "description": "access carries the VLAN `tag` untagged; trunk carries the VLANs `trunks` tagged; native-tagged and native-untagged are a trunk whose untagged frames belong to `tag`; dot1q-tunnel puts every frame, tagged or not, into `tag` (needs spec.ovs.vlanLimit 2 on the Host).",
             "type": "string",
             "enum": [
              "access",
              "trunk",
              "native-tagged",
              "native-untagged",
              "dot1q-tunnel"
             ]
            },
            "tag": {
             "description": "The VLAN of untagged frames.",
             "type": "integer",
             "minimum": 0,
             "maximum": 4094
            },
            "trunks": {
             "description": "The VLANs that pass tagged. Absent on a trunk with a native VLAN, every VLAN passes.",
             "type": "array",
             "minItems": 1,
             "maxItems": 4095,
             "x-kubernetes-list-type": "set",
             "items": {
              "type": "integer",
              "minimum": 0,
              "maximum": 4094
             }
            }
           },
           "x-kubernetes-validations": [
            {
             "rule": "self.mode == 'trunk' || has(self.tag)",
             "message": "tag is missing: every mode but trunk needs vlan.tag; set it, or choose mode trunk",
             "fieldPath": ".tag",
             "reason": "FieldValueRequired"
            },
            {
             "rule": "self.mode != 'trunk' || !has(self.tag)",
             "message": "a trunk has no tag: remove vlan.tag, or choose mode native-tagged or native-untagged",
             "fieldPath": ".tag"
            },
            {
             "rule": "self.mode != 'trunk' || has(self.trunks)",
             "message": "trunks is missing: mode trunk needs vlan.trunks; for every VLAN leave vlan out",
             "fieldPath": ".trunks",
             "reason": "FieldValueRequired"
            },
            {
             "rule": "!(self.mode in ['access', 'dot1q-tunnel']) || !has(self.trunks)",
             "message": "a port of mode access or dot1q-tunnel has no trunks: remove vlan.trunks, or choose mode trunk, native-tagged or native-untagged",
             "fieldPath": ".trunks"
            }
           ]
          },
          "macAddress": {
           "description": "The port's Ethernet address; not a multicast one. Without it a stable one is derived from the names; an adopted port keeps its own.",
           "type": "string",
           "maxLength": 17,
           "pattern": "^[0-9A-Fa-f][02468ACEace](:[0-9A-Fa-f]{2}){5}$"
          },
          "mtu": {
           "description": "The largest packet in bytes, without the Ethernet header.",
           "type": "integer",
           "minimum": 68,
           "maximum": 65535
          },
          "addresses": {
           "description": "Addresses with their prefix length, such as 192.0.2.10/24 or 2001:db8::10/64.",
           "type": "array",
           "maxItems": 64,
           "x-kubernetes-list-type": "set",
           "items": {
            "type": "string",
            "format": "cidr",
            "maxLength": 49
           }
          },
          "dhcp4": {
           "description": "Take an IPv4 address by DHCP. False by default.",
           "type": "boolean"
          },
          "dhcp6": {
           "description": "Take an IPv6 address by DHCP. False by default.",
           "type": "boolean"
          },
          "acceptRa": {
           "description": "Whether IPv6 router advertisements are accepted. The kernel's own choice by default.",
           "type": "boolean"
          },
          "routes": {
           "description": "Routes through this device.",
           "type": "array",
           "maxItems": 64,
           "x-kubernetes-list-type": "atomic",
           "items": {
            "type": "object",
            "required": [
             "to"
            ],
            "properties": {
             "to": {
              "description": "default, or a network such as 10.0.0.0/8, or an address.",
              "type": "string",
              "maxLength": 49,
              "anyOf": [
               {
                "enum": [
                 "default"
                ]
               },
               {
                "format": "cidr"
               },
               {
                "format": "ipv4"
               },
               {
                "format": "ipv6"
               }
              ]
             },
             "via": {
              "description": "The gateway.",
              "type": "string",
              "maxLength": 45,
              "anyOf": [
               {
                "format": "ipv4"
               },
               {
                "format": "ipv6"
               }
              ]
             },
             "metric": {
              "description": "The lower one wins.",
              "type": "integer",
              "minimum": 0,
              "maximum": 4294967295
             },
             "onLink": {
              "description": "The gateway is reached directly even if no address of this device says so.",
              "type": "boolean"
             },
             "table": {
              "description": "The routing table; the main one (254) by default.",
              "type": "integer",
              "minimum": 1,
              "maximum": 4294967295
             },
             "scope": {
              "description": "How far the destination is. global by default.",
              "type": "string",
              "enum": [
               "global",
               "link",
               "host"
              ]
             }
            },
            "x-kubernetes-validations": [
             {
              "rule": "has(self.via) || (has(self.scope) && self.scope != 'global')",
              "message": "via is missing: a route needs a gateway; set via, or scope link for what is reached directly",
              "fieldPath": ".via",
              "reason": "FieldValueRequired"
             },
             {
              "rule": "!has(self.onLink) || !self.onLink || has(self.via)",
              "message": "onLink needs a gateway: set via, or remove onLink",
              "fieldPath": ".onLink"
             }
            ]
           }
          },
          "routingPolicy": {
           "description": "Rules that choose a routing table by source, destination or mark.",
           "type": "array",
           "maxItems": 64,
           "x-kubernetes-list-type": "atomic",
           "items": {
            "type": "object",
            "properties": {
             "from": {
              "description": "The source, a network or an address.",
              "type": "string",
              "maxLength": 49,
              "anyOf": [
               {
                "format": "cidr"
               },
               {
                "format": "ipv4"
               },
               {
                "format": "ipv6"
               }
              ]
             },
             "to": {
              "description": "The destination, a network or an address.",
              "type": "string",
              "maxLength": 49,
              "anyOf": [
               {
                "format": "cidr"
               },
               {
                "format": "ipv4"
               },
               {
                "format": "ipv6"
               }
              ]
             },
             "table": {
              "description": "The routing table to look in.",
              "type": "integer",
              "minimum": 1,
              "maximum": 4294967295
             },
             "priority": {
              "description": "The lower one is asked first.",
              "type": "integer",
              "minimum": 0,
              "maximum": 4294967295
             },
             "mark": {
              "description": "The firewall mark of the packets it is for.",
              "type": "integer",
              "minimum": 1,
              "maximum": 4294967295
             }
            },
            "x-kubernetes-validations": [
             {
              "rule": "has(self.from) || has(self.to)",
              "message": "a routing rule needs from or to: set one of them"
             }
            ]
           }
          },
          "nameservers": {
           "description": "Where names are looked up.",
           "type": "object",
           "properties": {
            "addresses": {
             "description": "The servers.",
             "type": "array",
             "maxItems": 16,
             "x-kubernetes-list-type": "set",
             "items": {
              "type": "string",
              "maxLength": 45,
              "anyOf": [
               {
                "format": "ipv4"
               },
               {
                "format": "ipv6"
               }
              ]
             }
            },
            "search": {
             "description": "Domains tried for a name without a dot, in this order.",
             "type": "array",
             "maxItems": 32,
             "x-kubernetes-list-type": "atomic",
             "items": {
              "type": "string",
              "minLength": 1,
              "maxLength": 253,
              "pattern": "^[A-Za-z0-9_~.-]+$"
             }
            }
           }
          },
          "optional": {
           "description": "The boot does not wait for it, and it may be missing. False by default.",
           "type": "boolean"
          }
         },
         "x-kubernetes-validations": [
          {
           "rule": "has(self.hostName) == has(oldSelf.hostName) && (!has(self.hostName) || self.hostName == oldSelf.hostName)",
           "message": "hostName is immutable: delete the VlanPort and create it anew",
           "fieldPath": ".hostName"
          },
          {
           "rule": "has(self.deviceName) == has(oldSelf.deviceName) && (!has(self.deviceName) || self.deviceName == oldSelf.deviceName)",
           "message": "deviceName is immutable: delete the VlanPort and create it anew",
           "fieldPath": ".deviceName"
          }
         ]
        },
        "status": {
         "description": "What the port is, and how far it is.",
         "type": "object",
         "default": {},
         "properties": {
          "observedGeneration": {
           "description": "The generation of the spec that this status was made from.",
           "type": "integer"
          },
          "conditions": {
           "description": "How far it is, and why.",
           "type": "array",
           "maxItems": 16,
           "x-kubernetes-list-type": "map",
           "x-kubernetes-list-map-keys": [
            "type"
           ],
           "items": {
            "type": "object",
            "required": [
             "type",
             "status",
             "lastTransitionTime",
             "reason",
             "message"
            ],
            "properties": {
             "type": {
              "description": "Accepted, Programmed and Ready always; Reconciling, Stalled, Drifted, RestartRequired and RolledBack while true.",
              "type": "string",
              "maxLength": 316,
              "pattern": "^([a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*/)?(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])$"
             },
             "status": {
              "description": "Whether it holds.",
              "type": "string",
              "enum": [
               "True",
               "False",
               "Unknown"
              ]
             },
             "observedGeneration": {
              "description": "The generation of the spec that was looked at.",
              "type": "integer",
              "minimum": 0
             },
             "lastTransitionTime": {
              "description": "When status last changed.",
              "type": "string",
              "format": "date-time"
             },
             "reason": {
              "description": "Why, in one word, for programs.",
              "type": "string",
              "minLength": 1,
              "maxLength": 1024,
              "pattern": "^[A-Za-z]([A-Za-z0-9_,:]*[A-Za-z0-9_])?$"
             },
             "message": {
              "description": "What was found, and what would mend it, for people.",
              "type": "string",
              "maxLength": 32768
             }
            }
           },
           "default": [
            {
             "type": "Accepted",
             "status": "Unknown",
             "reason": "Pending",
             "message": "The controller has not looked at it yet",
             "lastTransitionTime": "1970-01-01T00:00:00Z"
            },
            {
             "type": "Programmed",
             "status": "Unknown",
             "reason": "Pending",
             "message": "The controller has not looked at it yet",
             "lastTransitionTime": "1970-01-01T00:00:00Z"
            },
            {
             "type": "Ready",
             "status": "Unknown",
             "reason": "Pending",
             "message": "The controller has not looked at it yet",
             "lastTransitionTime": "1970-01-01T00:00:00Z"
            }
           ]
          },
          "hostName": {
           "description": "The Host that carries it out.",
           "type": "string",
           "maxLength": 253
          },
          "deviceName": {
           "description": "The port's name on the host.",
           "type": "string",
           "maxLength": 64
          },
          "macAddress": {
           "description": "The Ethernet address in use.",
           "type": "string",
           "maxLength": 64
          },
          "ofport": {
           "description": "Its OpenFlow port number.",
           "type": "integer"
          },
          "mtu": {
           "description": "The MTU in use.",
           "type": "integer"
          },
          "linkState": {
           "description": "Whether it has a carrier.",
           "type": "string",
           "enum": [
            "up",
            "down",
            "unknown"
           ]
          },
          "addresses": {
           "description": "The addresses that the kernel has.",
           "type": "array",
           "maxItems": 256,
           "x-kubernetes-list-type": "atomic",
           "items": {
            "type": "string",
            "maxLength": 64
           }
          },
          "foreignAddresses": {
           "description": "Those of them that others added. They are left alone.",
           "type": "array",
           "maxItems": 256,
           "x-kubernetes-list-type": "atomic",
           "items": {
            "type": "string",
            "maxLength": 64
           }
          },
          "routes": {
           "description": "The routes that the kernel has through this device.",
           "type": "array",
           "maxItems": 1024,
           "x-kubernetes-list-type": "atomic",
           "items": {
            "type": "object",
            "required": [
             "to"
            ],
            "properties": {
             "to": {
              "description": "The destination.",
              "type": "string",
              "maxLength": 64
             },
             "via": {
              "description": "The gateway.",
              "type": "string",
              "maxLength": 64
             },
             "metric": {
              "description": "The lower one wins.",
              "type": "integer"
             }
            }
           }
          },
          "summary": {
           "description": "Single values for columns.",
           "type": "object",
           "properties": {
            "vlan": {
             "description": "The VLANs that pass.",
             "type": "string",
             "maxLength": 256
            },
            "addresses": {
             "description": "The addresses.",
             "type": "string",
             "maxLength": 1024
            }
           }
          }
         }
        }
       },
       "x-kubernetes-validations": [
        {
         "rule": "has(self.spec.deviceName) || size(self.metadata.name) <= 15",
         "message": "metadata.name is the name of the device, and Linux allows 15 bytes: shorten it, or set spec.deviceName",
         "fieldPath": ".metadata.name"
        }
       ]
      }
     }
    }
   ]
  }
 }
];
