import { dirname } from 'node:path';
import type { Refusal } from '../system.ts';
import type { FileFinding } from './file-cause.ts';
import { asAdopted, isAsDesired } from './as-adopted.ts';
import { isOfCloudInit } from './cloud-init.ts';
import { definedElsewhere, matchesMany } from './defined-elsewhere.ts';
import type { OtherDefinition } from './defined-elsewhere.ts';
import type { NetplanDesired, NetplanDevice } from './desired.ts';
import { isOurs } from './netplan-file.ts';
import type { NetplanObserved } from './observed.ts';
import { isReleasedFile } from './released-file.ts';
import { stanzaOf } from './stanza.ts';
import { stanzaDifferences } from './stanza-differences.ts';
import type { OurFile, Takeover } from './step.ts';
import { findTaken, formerStanza } from './taken-over.ts';

/** What other files mean for the devices that are desired. */
export interface Takeovers {
  /** The devices that can be brought about, each as it is to be beside or after what others say of it. */
  readonly going: readonly NetplanDevice[];
  /** By device name, only where another file defines it. */
  readonly takes: ReadonlyMap<string, readonly Takeover[]>;
  readonly refusals: readonly Refusal[];
  /** The stanzas that stand in the way of those that are refused. */
  readonly findings: readonly FileFinding[];
}

type Verdict =
  | { readonly result: 'goes'; readonly device: NetplanDevice; readonly takes: readonly Takeover[] }
  | { readonly result: 'refused'; readonly refusal: Refusal; readonly finding: FileFinding };

/** Decides by the adoption policy of each device what becomes of the stanzas that other files have of it. Pure. */
export function planTakeovers(desired: NetplanDesired, observed: NetplanObserved, file: OurFile): Takeovers {
  const others = observed.files.filter((other) => other.path !== file.path && !isOurs(other) && !isReleasedFile(other));
  const verdicts = desired.devices.map((device) => judge(device, definedElsewhere(device, others, observed.kernel), observed));
  return {
    going: verdicts.flatMap((verdict) => (verdict.result === 'goes' ? [verdict.device] : [])),
    takes: new Map(verdicts.flatMap((each) => (each.result === 'goes' && each.takes.length > 0 ? [[each.device.name, each.takes]] : []))),
    refusals: verdicts.flatMap((verdict) => (verdict.result === 'refused' ? [verdict.refusal] : [])),
    findings: verdicts.flatMap((verdict) => (verdict.result === 'refused' ? [verdict.finding] : [])),
  };
}

function judge(device: NetplanDevice, found: readonly OtherDefinition[], observed: NetplanObserved): Verdict {
  const [first] = found;
  if (!first) return { result: 'goes', device: asBefore(device, observed), takes: [] };
  const different = found.find(({ file, definition }) => !saysTheSame(device, { file, definition }));
  const fixed = found.find((each) => !canBeTaken(each, observed.folder));
  const ofCloudInit = observed.cloudInit === 'writes' && found.some(({ file }) => isOfCloudInit(file));
  if (device.adoption === 'Always' && !fixed) return take(device, found, observed, { matched: !different });
  if (different) {
    const other = fixed ?? different;
    return { result: 'refused', refusal: refusalOf(device, other, { canBeTaken: !fixed, ofCloudInit }), finding: findingOf(device, other) };
  }
  // What says the same is in nobody's way where it may not, or can't, be taken out.
  if (device.adoption === 'Never' || fixed || ofCloudInit) return { result: 'goes', device: asFound(device, first, true), takes: [] };
  return take(device, found, observed, { matched: true });
}

function saysTheSame(device: NetplanDevice, { file, definition }: OtherDefinition): boolean {
  return definition.section === 'ethernets' && isAsDesired(device, definition.stanza, file.rest['renderer']) && !matchesMany(definition);
}

/** Only a device's own stanza of a file in our folder can be taken out of it: one for several devices is theirs too. */
function canBeTaken({ file, definition }: OtherDefinition, folder: string): boolean {
  return dirname(file.path) === folder && definition.section === 'ethernets' && !matchesMany(definition) && file.syntaxError === '';
}

function take(device: NetplanDevice, found: readonly OtherDefinition[], { cloudInit }: NetplanObserved, { matched }: { readonly matched: boolean }): Verdict {
  const takes = found.map(({ file, definition }): Takeover => ({
    path: file.path,
    line: definition.line,
    device: { section: definition.section, id: definition.name, name: device.name, owner: device.owner, lasting: device.lasting, matched },
    stanza: definition.stanza,
    ofCloudInit: cloudInit === 'writes' && isOfCloudInit(file),
  }));
  return { result: 'goes', device: found.reduce((adopted, each) => asFound(adopted, each, matched), device), takes };
}

function asFound(device: NetplanDevice, { definition }: OtherDefinition, matched: boolean): NetplanDevice {
  return asAdopted(device, { stanza: definition.stanza, matched });
}

/** As it is to be when its stanza was taken over earlier. */
function asBefore(device: NetplanDevice, { takenOver }: NetplanObserved): NetplanDevice {
  const stanza = formerStanza(takenOver, device.name);
  return stanza === undefined ? device : asAdopted(device, { stanza, matched: findTaken(takenOver, device.name)?.device.matched === true });
}

function findingOf({ owner, name }: NetplanDevice, { file, definition }: OtherDefinition): FileFinding {
  const difference = { path: `${file.path}:${definition.section}.${definition.name}`, expected: '', found: `defines ${name} otherwise than desired` };
  return { owner, object: `device ${name} in ${file.path}`, difference, filePath: file.path };
}

function refusalOf(
  device: NetplanDevice,
  { file, definition }: OtherDefinition,
  how: { readonly canBeTaken: boolean; readonly ofCloudInit: boolean },
): Refusal {
  const keys = stanzaDifferences(definition.name, stanzaOf(device), definition.stanza).map(({ path }) => path);
  const remedy = how.canBeTaken ? `set spec.adoptionPolicy: Always to have it taken over, or take ${definition.name} out of ${file.path}` : `take ${definition.name} out of ${file.path}`;
  const cloudInit = how.ofCloudInit ? ' (cloud-init writes that file; taking it over tells cloud-init to leave the network alone)' : '';
  return {
    owner: device.owner,
    reason: how.ofCloudInit ? 'OwnedByCloudInit' : 'DefinedElsewhere',
    message:
      `${file.path}:${definition.line} defines ${device.name} too (${definition.section}.${definition.name}) and differs in ` +
      `${keys.join(', ')}; netplan would mix the two: ${remedy}${cloudInit}`,
    needsPerson: true,
  };
}
