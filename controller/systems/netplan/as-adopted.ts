import type { NetplanDevice } from './desired.ts';
import { isTrue } from './device-needs.ts';
import type { Stanza } from './stanza.ts';
import { stanzaOf } from './stanza.ts';
import { sameMeaning } from './stanza-meaning.ts';
import { isYamlMap } from './yaml-value.ts';
import type { YamlValue } from './yaml-value.ts';

/** Somebody else's stanza of a device, which ours takes the place of. */
export interface Former {
  readonly stanza: Stanza;
  /** It already said what is desired. */
  readonly matched: boolean;
}

/**
 * What a device is to be when it comes from a stanza of somebody else. What no resource asks for stays as that stanza has it: how
 * netplan finds the NIC that it renames, and, where all else was as desired, that the device may have a link-local address, and
 * whether the boot waits for it.
 */
export function asAdopted(device: NetplanDevice, { stanza, matched }: Former): NetplanDevice {
  const found = withMatch(device, stanza);
  if (!matched) return found;
  return {
    ...found,
    ...(stanza['link-local'] === undefined ? { noLinkLocal: false } : {}),
    ...(device.optionalUnasked === true ? { optional: isTrue(stanza['optional']) } : {}),
  };
}

/** True when a stanza of somebody else already says what is desired. */
export function isAsDesired(device: NetplanDevice, stanza: Stanza, topRenderer: YamlValue | undefined): boolean {
  const wanted = asAdopted(device, { stanza, matched: true });
  return sameMeaning(device.name, stanzaOf(wanted), stanza, topRenderer);
}

function withMatch(device: NetplanDevice, { match, 'set-name': setName }: Stanza): NetplanDevice {
  const mac = isYamlMap(match) ? match['macaddress'] : undefined;
  if (device.match || typeof mac !== 'string' || (setName !== undefined && setName !== device.name)) return device;
  return { ...device, match: { macAddress: mac } };
}
