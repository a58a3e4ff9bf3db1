import type { Difference } from '../system.ts';
import { deviceNeeds } from './device-needs.ts';
import type { NetplanDesired, NetplanDevice } from './desired.ts';
import { ethernetsOf } from './netplan-file.ts';
import type { DeviceDefinition, NetplanFile } from './netplan-file.ts';
import type { Takeovers } from './plan-takeovers.ts';
import { releasedFilePath } from './released-file.ts';
import { stanzaOf } from './stanza.ts';
import type { Stanza } from './stanza.ts';
import { stanzaDifferences } from './stanza-differences.ts';
import { sameMeaning } from './stanza-meaning.ts';
import type { GiveBack, OurFile, StanzaStep, Takeover } from './step.ts';
import { findTaken, formerStanza } from './taken-over.ts';
import type { TakenDevice, TakenFile } from './taken-over.ts';
import { sameValue } from './yaml-value.ts';

export interface StanzaQuestion {
  readonly desired: NetplanDesired;
  /** Its devices are those that go: one that is refused keeps the stanza it has. */
  readonly takeovers: Takeovers;
  readonly file: OurFile;
  readonly present: NetplanFile | undefined;
  readonly takenOver: readonly TakenFile[];
}

/** One step for each device whose stanza in our file, or beside it in another, is not as it should be. */
export function planStanzas(question: StanzaQuestion): readonly StanzaStep[] {
  const { desired, takeovers, file, present, takenOver } = question;
  const found = new Map((present ? ethernetsOf(present) : []).map((definition) => [definition.name, definition]));
  const wanted = new Set(desired.devices.map(({ name }) => name));
  const owed = takenOver.flatMap(({ path, devices }) => devices.map((device) => ({ path, device })));
  return [
    ...takeovers.going.flatMap((device) => putStep(device, found.get(device.name), takeovers.takes.get(device.name) ?? [], file)),
    ...[...found.values()].filter(({ name }) => !wanted.has(name)).flatMap((each) => takeStep(each, question)),
    ...owed.filter(({ device: { name } }) => !wanted.has(name) && !found.has(name)).flatMap(({ path, device }) => oweStep(path, device, question)),
  ];
}

function putStep(
  device: NetplanDevice,
  found: DeviceDefinition | undefined,
  takes: readonly Takeover[],
  file: OurFile,
): readonly StanzaStep[] {
  const stanza = stanzaOf(device);
  const sameOwner = found?.owner === device.owner;
  if (found && sameOwner && sameValue(stanza, found.stanza) && takes.length === 0) return [];
  const isClaim = touchesNothing(device, stanza, found, takes);
  const ownerDiffers: readonly Difference[] =
    found && !sameOwner ? [{ path: `${device.name}.owner`, expected: device.owner, found: found.owner ?? '' }] : [];
  return [
    {
      kind: 'stanza',
      owner: device.owner,
      verb: isClaim ? 'claim' : found ? 'update' : 'create',
      object: `device ${device.name} in ${file.path}`,
      differences: [
        ...(isClaim ? [] : stanzaDifferences(device.name, stanza, found?.stanza ?? takes[0]?.stanza)),
        ...ownerDiffers,
        ...takes.map(takeDifference),
      ],
      leftover: false,
      file,
      device: device.name,
      stanza,
      ...(takes.length === 0 ? {} : { takes }),
      ...(isClaim || takes.length === 0 || device.waitsFor === undefined ? {} : { waitsFor: device.waitsFor }),
    },
  ];
}

/** True when it is only told whose the device is, or in which file: what netplan makes of it stays as it is. */
function touchesNothing(device: NetplanDevice, stanza: Stanza, found: DeviceDefinition | undefined, takes: readonly Takeover[]): boolean {
  if (takes.some((take) => !take.device.matched)) return false;
  if (!found) return takes.length > 0;
  return (found.owner !== device.owner || takes.length > 0) && sameMeaning(device.name, stanza, found.stanza);
}

function takeDifference({ path, line, device }: Takeover): Difference {
  return { path: `${path}:${line}`, expected: '', found: `${device.section}.${device.id}` };
}

/** What becomes of a stanza of our file that nothing desires. */
function takeStep(definition: DeviceDefinition, { desired, file, takenOver }: StanzaQuestion): readonly StanzaStep[] {
  const { ownership } = desired;
  const { name, owner, stanza } = definition;
  // A stanza whose comment was taken out may be that of a resource that can't be judged now.
  if (owner ? ownership.frozen.has(owner) : ownership.frozen.size > 0) return [];
  const isReleased = owner !== undefined && ownership.released.has(owner);
  const isKnown = owner === undefined || isReleased || ownership.present.has(owner) || ownership.leaving.has(owner);
  const taken = findTaken(takenOver, name);
  const former = taken && formerStanza(takenOver, name);
  const givesBack = taken && (isReleased ? releaseForm(name, stanza, former) : deleteForm(taken.device, desired, former));
  return [
    {
      kind: 'stanza',
      owner: owner ?? file.host,
      verb: isReleased ? 'release' : 'delete',
      object: `device ${name} in ${file.path}`,
      differences: [
        ...(isReleased ? [] : stanzaDifferences(name, givesBack === 'original' ? former : undefined, stanza)),
        ...(taken && givesBack !== 'none' ? backDifference(taken.file.path, taken.device, givesBack) : []),
      ],
      leftover: !isKnown,
      file,
      device: name,
      ...(isReleased && !taken ? { releaseTo: releasedFilePath(file.path, name) } : {}),
      ...(givesBack === undefined ? {} : { givesBack }),
    },
  ];
}

/** The way back of a device that our file has no more: its stanza could not be given back when it left. */
function oweStep(path: string, device: TakenDevice, { desired, file, takenOver }: StanzaQuestion): readonly StanzaStep[] {
  if (desired.ownership.frozen.has(device.owner)) return [];
  const givesBack = deleteForm(device, desired, formerStanza(takenOver, device.name));
  if (givesBack === undefined) return [];
  return [
    {
      kind: 'stanza',
      owner: file.host,
      verb: 'release',
      object: `device ${device.name} in ${path}`,
      differences: backDifference(path, device, givesBack),
      // Nobody's drift: what we owe ourselves.
      leftover: true,
      file,
      device: device.name,
      givesBack,
    },
  ];
}

function backDifference(path: string, { section, id }: TakenDevice, givesBack: GiveBack | undefined): readonly Difference[] {
  return givesBack === undefined || givesBack === 'none' ? [] : [{ path, expected: `${section}.${id}`, found: '' }];
}

/** What was as the former stanza says goes back as it was. */
function releaseForm(name: string, stanza: Stanza, former: Stanza | undefined): GiveBack {
  return former && sameMeaning(name, stanza, former) ? 'original' : 'present';
}

/**
 * A NIC becomes again what it was. Its former addresses may be at another device by now, though, and then it waits until they no
 * longer are: undefined. A device that goes with its resource leaves nothing to come back.
 */
function deleteForm(device: TakenDevice, desired: NetplanDesired, former: Stanza | undefined): GiveBack | undefined {
  if (!device.lasting || !former) return 'none';
  const inUse = new Set(desired.devices.flatMap((each) => deviceNeeds(stanzaOf(each)).addresses.map(hostOf)));
  return deviceNeeds(former).addresses.some((address) => inUse.has(hostOf(address))) ? undefined : 'original';
}

function hostOf(address: string): string {
  return address.split('/', 1)[0] ?? address;
}
