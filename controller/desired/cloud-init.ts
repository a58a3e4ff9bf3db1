import { createHash } from 'node:crypto';
import { stringify } from 'yaml';
import type { LibvirtSeed } from '../systems/libvirt/desired.ts';
import type { VirtualMachineResource } from './resources.ts';

/** The drive by which a guest gets what cloud-init shall do; no CD-ROM of a spec may have this name. */
export const SEED_DRIVE = 'cloud-init';

/** What the Secrets hold that VirtualMachines take user-data from, by `namespace/name`; undefined where there is nothing. */
export type UserData = ReadonlyMap<string, string | undefined>;

type Spec = VirtualMachineResource['spec'];
type Nic = NonNullable<Spec['interfaces']>[number];
type SecretRef = NonNullable<NonNullable<Spec['cloudInit']>['userDataSecretRef']>;

/** Has the network made anew at each boot, so that an edit of it takes effect at the next (cloud-init: "Events and Updates"). */
const VENDOR_DATA = '#cloud-config\nupdates:\n  network:\n    when: [boot-new-instance, boot]\n';

/** The Secret that the user-data comes from, if it does. */
export function userDataRef({ spec }: VirtualMachineResource): string | undefined {
  const ref = spec.cloudInit?.userDataSecretRef;
  return ref && refKey(ref);
}

export function refKey({ namespace, name }: SecretRef): string {
  return `${namespace}/${name}`;
}

/**
 * The disk that tells cloud-init in the guest what to do (its NoCloud data source: a file system called `cidata`); undefined where
 * neither `cloudInit` nor a NIC's `guest` asks for one. What it holds is in its name, so another content is another file. `macOf`
 * gives the MAC address of a NIC.
 */
export function cloudInitSeed(
  vm: VirtualMachineResource,
  { domain, imagesDirectory, userData = new Map() }: { readonly domain: string; readonly imagesDirectory: string; readonly userData?: UserData },
  macOf: (nic: Nic) => string,
): LibvirtSeed | undefined {
  const { cloudInit, interfaces = [] } = vm.spec;
  const network = guestNetwork(interfaces, macOf);
  if (cloudInit === undefined && network === undefined) return undefined;
  const ref = userDataRef(vm);
  const files = {
    'user-data': (ref === undefined ? cloudInit?.userData : userData.get(ref)) ?? '#cloud-config\n{}\n',
    'meta-data': cloudInit?.metaData ?? stringify({ 'instance-id': vm.metadata.uid, 'local-hostname': vm.metadata.name }),
    'vendor-data': VENDOR_DATA,
    ...(network === undefined ? {} : { 'network-config': stringify(network) }),
  };
  const digest = createHash('sha256').update(JSON.stringify(files)).digest('hex').slice(0, 12);
  return { name: SEED_DRIVE, path: `${imagesDirectory}/${domain}-${SEED_DRIVE}-${digest}.iso`, files };
}

/** The guest's netplan (netplan-yaml(5)), its NICs known by their MAC addresses; undefined where no NIC says what it is in the guest. */
function guestNetwork(nics: readonly Nic[], macOf: (nic: Nic) => string): unknown {
  const described = nics.flatMap((nic) => (nic.guest === undefined ? [] : [{ nic, guest: nic.guest }]));
  if (described.length === 0) return undefined;
  const ethernets = new Map(described.map(({ nic, guest: { vlans: _, ...words } }) => [nic.name, { match: { macaddress: macOf(nic) }, ...netplanWords(words) }]));
  const vlans = new Map(described.flatMap(({ nic, guest }) => (guest.vlans ?? []).map(({ name, ...words }) => [name, { link: nic.name, ...netplanWords(words) }])));
  return { version: 2, ethernets, ...(vlans.size === 0 ? {} : { vlans }) };
}

/** The keys as netplan writes them: `routingPolicy` is `routing-policy`, and `macAddress` is one word. */
function netplanWords(value: object): Record<string, unknown> {
  const words: Record<string, unknown> = {};
  for (const [key, inner] of Object.entries(value)) words[netplanWord(key)] = netplanValue(inner);
  return words;
}

function netplanWord(key: string): string {
  return key === 'macAddress' ? 'macaddress' : key.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}

function netplanValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(netplanValue);
  return typeof value === 'object' && value !== null ? netplanWords(value) : value;
}
