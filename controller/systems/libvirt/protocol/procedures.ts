import type { Uuid, XdrReader, XdrWriter } from './xdr.ts';

/**
 * The calls of libvirt's remote protocol that we need. Numbers and shapes are those of `enum remote_procedure` and the `_args`
 * and `_ret` structs in libvirt's src/remote/remote_protocol.x; they are wire ABI and have never been renumbered.
 */
export interface Procedure<Args, Result> {
  readonly name: string;
  readonly number: number;
  readonly encode: (writer: XdrWriter, args: Args) => unknown;
  readonly decode: (reader: XdrReader) => Result;
}

/** remote_nonnull_network. The UUID is what libvirt looks the network up by. */
export interface NetworkRef {
  readonly name: string;
  readonly uuid: Uuid;
}

/** remote_nonnull_domain. `id` is -1 while the domain is off; libvirt looks it up by UUID alone. */
export interface DomainRef {
  readonly name: string;
  readonly uuid: Uuid;
  readonly id: number;
}

/** REMOTE_NETWORK_LIST_MAX and REMOTE_DOMAIN_LIST_MAX. */
const LIST_MAX = 16_384;

/** REMOTE_DOMAIN_INTERFACE_MAX and REMOTE_DOMAIN_IP_ADDR_MAX. */
const INTERFACES_MAX = 2048;
const ADDRESSES_MAX = 2048;

/** REMOTE_AUTH_TYPE_LIST_MAX. */
const AUTH_TYPES_MAX = 20;

const nothing = (): void => undefined;

function procedure<Args, Result>(
  name: string,
  number: number,
  encode: (writer: XdrWriter, args: Args) => unknown,
  decode: (reader: XdrReader) => Result,
): Procedure<Args, Result> {
  return { name, number, encode, decode };
}

function writeNetwork(writer: XdrWriter, net: NetworkRef): XdrWriter {
  return writer.string(net.name).uuid(net.uuid);
}

export function readNetwork(reader: XdrReader): NetworkRef {
  return { name: reader.string(), uuid: reader.uuid() };
}

function writeDomain(writer: XdrWriter, dom: DomainRef): XdrWriter {
  return writer.string(dom.name).uuid(dom.uuid).int(dom.id);
}

export function readDomain(reader: XdrReader): DomainRef {
  return { name: reader.string(), uuid: reader.uuid(), id: reader.int() };
}

/** A call whose only argument is the network. */
function ofNetwork<Result>(name: string, number: number, decode: (reader: XdrReader) => Result): Procedure<NetworkRef, Result> {
  return procedure(name, number, writeNetwork, decode);
}

/** A call whose only argument is the domain. */
function ofDomain<Result>(name: string, number: number, decode: (reader: XdrReader) => Result): Procedure<DomainRef, Result> {
  return procedure(name, number, writeDomain, decode);
}

/** remote_domain_interface: a NIC as its guest, or a source beside it, knows it. */
export interface GuestInterface {
  readonly mac: string | undefined;
  readonly addresses: readonly string[];
}

function readGuestInterface(reader: XdrReader): GuestInterface {
  reader.string();
  const mac = reader.optional((r) => r.string());
  return { mac, addresses: reader.array(ADDRESSES_MAX, readAddress) };
}

/** remote_domain_ip_addr: its type, the address, its prefix length. */
function readAddress(reader: XdrReader): string {
  reader.int();
  const address = reader.string();
  reader.uint();
  return address;
}

interface DomainFlags {
  readonly dom: DomainRef;
  readonly flags: number;
}

/** A call on a domain with flags and no more. */
function ofDomainFlags<Result>(name: string, number: number, decode: (reader: XdrReader) => Result): Procedure<DomainFlags, Result> {
  return procedure(name, number, (writer, { dom, flags }) => writeDomain(writer, dom).uint(flags), decode);
}

interface DeviceChange {
  readonly dom: DomainRef;
  /** The XML of one device. */
  readonly xml: string;
  readonly flags: number;
}

/** A call that attaches, detaches or updates one device of a domain. */
function ofDevice(name: string, number: number): Procedure<DeviceChange, void> {
  return procedure(name, number, (writer, { dom, xml, flags }) => writeDomain(writer, dom).string(xml).uint(flags), nothing);
}

export const procedures = {
  connectOpen: procedure(
    'CONNECT_OPEN',
    1,
    (writer, { uri, flags }: { uri: string; flags: number }) => writer.optional(uri, (w, text) => w.string(text)).uint(flags),
    nothing,
  ),
  connectClose: procedure('CONNECT_CLOSE', 2, nothing, nothing),
  connectGetVersion: procedure('CONNECT_GET_VERSION', 4, nothing, (reader) => reader.uhyper()),
  connectGetLibVersion: procedure('CONNECT_GET_LIB_VERSION', 157, nothing, (reader) => reader.uhyper()),
  connectGetHostname: procedure('CONNECT_GET_HOSTNAME', 59, nothing, (reader) => reader.string()),
  connectGetCapabilities: procedure('CONNECT_GET_CAPABILITIES', 7, nothing, (reader) => reader.string()),
  connectSupportsFeature: procedure(
    'CONNECT_SUPPORTS_FEATURE',
    60,
    (writer, feature: number) => writer.int(feature),
    (reader) => reader.bool(),
  ),
  authList: procedure('AUTH_LIST', 66, nothing, (reader) => reader.array(AUTH_TYPES_MAX, (r) => r.int())),
  authPolkit: procedure('AUTH_POLKIT', 70, nothing, (reader) => reader.bool()),

  connectListAllNetworks: procedure(
    'CONNECT_LIST_ALL_NETWORKS',
    283,
    (writer, { flags }: { flags: number }) => writer.bool(true).uint(flags),
    (reader) => reader.array(LIST_MAX, readNetwork),
  ),
  networkLookupByName: procedure('NETWORK_LOOKUP_BY_NAME', 46, (writer, name: string) => writer.string(name), readNetwork),
  networkLookupByUuid: procedure('NETWORK_LOOKUP_BY_UUID', 47, (writer, uuid: Uuid) => writer.uuid(uuid), readNetwork),
  networkDefineXml: procedure('NETWORK_DEFINE_XML', 41, (writer, xml: string) => writer.string(xml), readNetwork),
  networkUndefine: ofNetwork('NETWORK_UNDEFINE', 49, nothing),
  networkCreate: ofNetwork('NETWORK_CREATE', 39, nothing),
  networkDestroy: ofNetwork('NETWORK_DESTROY', 42, nothing),
  networkUpdate: procedure(
    'NETWORK_UPDATE',
    291,
    (writer, args: { net: NetworkRef; command: number; section: number; parentIndex: number; xml: string; flags: number }) =>
      writeNetwork(writer, args.net)
        .uint(args.command)
        .uint(args.section)
        .int(args.parentIndex)
        .string(args.xml)
        .uint(args.flags),
    nothing,
  ),
  networkGetXmlDesc: procedure(
    'NETWORK_GET_XML_DESC',
    43,
    (writer, { net, flags }: { net: NetworkRef; flags: number }) => writeNetwork(writer, net).uint(flags),
    (reader) => reader.string(),
  ),
  networkGetAutostart: ofNetwork('NETWORK_GET_AUTOSTART', 44, (reader) => reader.bool()),
  networkSetAutostart: procedure(
    'NETWORK_SET_AUTOSTART',
    48,
    (writer, { net, autostart }: { net: NetworkRef; autostart: boolean }) => writeNetwork(writer, net).bool(autostart),
    nothing,
  ),
  networkIsActive: ofNetwork('NETWORK_IS_ACTIVE', 152, (reader) => reader.bool()),
  networkIsPersistent: ofNetwork('NETWORK_IS_PERSISTENT', 153, (reader) => reader.bool()),

  connectListAllDomains: procedure(
    'CONNECT_LIST_ALL_DOMAINS',
    273,
    (writer, { flags }: { flags: number }) => writer.bool(true).uint(flags),
    (reader) => reader.array(LIST_MAX, readDomain),
  ),
  domainLookupByName: procedure('DOMAIN_LOOKUP_BY_NAME', 23, (writer, name: string) => writer.string(name), readDomain),
  domainLookupByUuid: procedure('DOMAIN_LOOKUP_BY_UUID', 24, (writer, uuid: Uuid) => writer.uuid(uuid), readDomain),
  domainDefineXmlFlags: procedure(
    'DOMAIN_DEFINE_XML_FLAGS',
    350,
    (writer, { xml, flags }: { xml: string; flags: number }) => writer.string(xml).uint(flags),
    readDomain,
  ),
  domainUndefineFlags: ofDomainFlags('DOMAIN_UNDEFINE_FLAGS', 231, nothing),
  domainCreateWithFlags: ofDomainFlags('DOMAIN_CREATE_WITH_FLAGS', 196, readDomain),
  domainShutdownFlags: ofDomainFlags('DOMAIN_SHUTDOWN_FLAGS', 258, nothing),
  domainDestroyFlags: ofDomainFlags('DOMAIN_DESTROY_FLAGS', 234, nothing),
  domainResume: ofDomain('DOMAIN_RESUME', 28, nothing),
  domainGetXmlDesc: ofDomainFlags('DOMAIN_GET_XML_DESC', 14, (reader) => reader.string()),
  domainGetState: ofDomainFlags('DOMAIN_GET_STATE', 212, (reader) => ({ state: reader.int(), reason: reader.int() })),
  domainInterfaceAddresses: procedure(
    'DOMAIN_INTERFACE_ADDRESSES',
    353,
    (writer, { dom, source, flags }: { dom: DomainRef; source: number; flags: number }) => writeDomain(writer, dom).uint(source).uint(flags),
    (reader) => reader.array(INTERFACES_MAX, readGuestInterface),
  ),
  domainGetAutostart: ofDomain('DOMAIN_GET_AUTOSTART', 15, (reader) => reader.bool()),
  domainSetAutostart: procedure(
    'DOMAIN_SET_AUTOSTART',
    29,
    (writer, { dom, autostart }: { dom: DomainRef; autostart: boolean }) => writeDomain(writer, dom).bool(autostart),
    nothing,
  ),
  domainIsPersistent: ofDomain('DOMAIN_IS_PERSISTENT', 151, (reader) => reader.bool()),
  domainAttachDeviceFlags: ofDevice('DOMAIN_ATTACH_DEVICE_FLAGS', 160),
  domainDetachDeviceFlags: ofDevice('DOMAIN_DETACH_DEVICE_FLAGS', 161),
  domainUpdateDeviceFlags: ofDevice('DOMAIN_UPDATE_DEVICE_FLAGS', 174),

  /** Registers for one kind of domain event of every domain; gives the callback's id. */
  connectDomainEventCallbackRegisterAny: procedure(
    'CONNECT_DOMAIN_EVENT_CALLBACK_REGISTER_ANY',
    316,
    (writer, eventId: number) => writer.int(eventId).optional<DomainRef>(undefined, writeDomain),
    (reader) => reader.int(),
  ),
  /** Registers for one kind of network event of every network; gives the callback's id. */
  connectNetworkEventRegisterAny: procedure(
    'CONNECT_NETWORK_EVENT_REGISTER_ANY',
    313,
    (writer, eventId: number) => writer.int(eventId).optional<NetworkRef>(undefined, writeNetwork),
    (reader) => reader.int(),
  ),
} as const;
