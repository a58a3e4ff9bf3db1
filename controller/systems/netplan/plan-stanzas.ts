import type { Ownership } from '../owner.ts';
import type { Difference } from '../system.ts';
import type { NetplanDesired, NetplanDevice } from './desired.ts';
import { ethernetsOf } from './netplan-file.ts';
import type { DeviceDefinition, NetplanFile } from './netplan-file.ts';
import { releasedFilePath } from './released-file.ts';
import { stanzaOf } from './stanza.ts';
import { stanzaDifferences } from './stanza-differences.ts';
import { sameMeaning } from './stanza-meaning.ts';
import type { OurFile, StanzaStep } from './step.ts';
import { sameValue } from './yaml-value.ts';

/**
 * One step for each device whose stanza in our file is not as it should be.
 *
 * @param going the desired devices without those that are refused: a refused one keeps the stanza it has
 */
export function planStanzas(
  desired: NetplanDesired,
  going: readonly NetplanDevice[],
  file: OurFile,
  present: NetplanFile | undefined,
): readonly StanzaStep[] {
  const found = new Map((present ? ethernetsOf(present) : []).map((definition) => [definition.name, definition]));
  const wanted = new Set(desired.devices.map(({ name }) => name));
  return [
    ...going.flatMap((device) => putStep(device, found.get(device.name), file)),
    ...[...found.values()].filter(({ name }) => !wanted.has(name)).flatMap((each) => takeStep(each, desired.ownership, file)),
  ];
}

function putStep(device: NetplanDevice, found: DeviceDefinition | undefined, file: OurFile): readonly StanzaStep[] {
  const stanza = stanzaOf(device);
  const sameOwner = found?.owner === device.owner;
  if (found && sameOwner && sameValue(stanza, found.stanza)) return [];
  const onlyMark = found !== undefined && !sameOwner && sameMeaning(device.name, stanza, found.stanza);
  const ownerDiffers: readonly Difference[] =
    found && !sameOwner ? [{ path: `${device.name}.owner`, expected: device.owner, found: found.owner ?? '' }] : [];
  return [
    {
      kind: 'stanza',
      owner: device.owner,
      verb: !found ? 'create' : onlyMark ? 'claim' : 'update',
      object: `device ${device.name} in ${file.path}`,
      differences: [...(onlyMark ? [] : stanzaDifferences(device.name, stanza, found?.stanza)), ...ownerDiffers],
      leftover: false,
      file,
      device: device.name,
      stanza,
    },
  ];
}

/** What becomes of a stanza of our file that nothing desires. */
function takeStep(definition: DeviceDefinition, ownership: Ownership, file: OurFile): readonly StanzaStep[] {
  const { name, owner, stanza } = definition;
  // A stanza whose comment was taken out may be that of a resource that can't be judged now.
  if (owner ? ownership.frozen.has(owner) : ownership.frozen.size > 0) return [];
  const isReleased = owner !== undefined && ownership.released.has(owner);
  const isKnown = owner === undefined || isReleased || ownership.present.has(owner) || ownership.leaving.has(owner);
  return [
    {
      kind: 'stanza',
      owner: owner ?? file.host,
      verb: isReleased ? 'release' : 'delete',
      object: `device ${name} in ${file.path}`,
      differences: isReleased ? [] : stanzaDifferences(name, undefined, stanza),
      leftover: !isKnown,
      file,
      device: name,
      ...(isReleased ? { releaseTo: releasedFilePath(file.path, name) } : {}),
    },
  ];
}
