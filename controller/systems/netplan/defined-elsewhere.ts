import type { NetplanDevice } from './desired.ts';
import type { DeviceDefinition, NetplanFile } from './netplan-file.ts';
import type { KernelState } from './observed.ts';
import { isYamlMap } from './yaml-value.ts';

/** Another file's stanza that takes hold of a device of ours. */
export interface OtherDefinition {
  readonly file: NetplanFile;
  readonly definition: DeviceDefinition;
}

/**
 * The stanzas of other files that define this device, by its name or by what they match. netplan merges files: what they say is
 * mixed into ours, and a later file can't take an address of an earlier one away.
 */
export function definedElsewhere(
  device: NetplanDevice,
  others: readonly NetplanFile[],
  kernel: KernelState,
): readonly OtherDefinition[] {
  return others.flatMap((file) =>
    file.definitions.filter((definition) => takesHold(definition, device, kernel)).map((definition) => ({ file, definition })),
  );
}

/** True when any other file has a stanza that takes hold of this device, whatever it says. */
export function isDefinedIn(files: readonly NetplanFile[], device: string): boolean {
  return files.some((file) => file.definitions.some((definition) => definition.name === device || setsName(definition, device)));
}

/** True for a stanza that may be about more devices than one. */
export function matchesMany({ stanza: { match } }: DeviceDefinition): boolean {
  if (!isYamlMap(match) || match['macaddress'] !== undefined) return false;
  const { name } = match;
  return typeof name !== 'string' || /[*?[]/.test(name);
}

function takesHold(definition: DeviceDefinition, device: NetplanDevice, kernel: KernelState): boolean {
  if (definition.name === device.name || setsName(definition, device.name)) return true;
  const match = definition.stanza['match'];
  if (!isYamlMap(match)) return false;
  const { macaddress, name } = match;
  if (typeof macaddress === 'string') return nicHasMac(device, macaddress.toLowerCase(), kernel);
  return typeof name === 'string' && globMatches(name, device.name);
}

function setsName(definition: DeviceDefinition, name: string): boolean {
  return definition.stanza['set-name'] === name;
}

/** Only a NIC has a MAC of its own: a bridge of Open vSwitch shows that of one of its ports. */
function nicHasMac(device: NetplanDevice, mac: string, kernel: KernelState): boolean {
  if (device.match) return device.match.macAddress.toLowerCase() === mac;
  const link = kernel.links.get(device.name);
  return link !== undefined && link.kind === undefined && link.mac === mac;
}

/** `match.name` is a shell pattern (netplan-yaml(5), "Properties for physical device types"). */
function globMatches(pattern: string, name: string): boolean {
  const expression = pattern.replace(/[.+^${}()|\\]/g, '\\$&').replaceAll('*', '.*').replaceAll('?', '.');
  try {
    return new RegExp(`^${expression}$`).test(name);
  } catch {
    // An open bracket is no pattern that could match anything.
    return false;
  }
}
