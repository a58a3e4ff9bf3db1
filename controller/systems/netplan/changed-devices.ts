import { isDefinedIn } from './defined-elsewhere.ts';
import { deviceNeeds } from './device-needs.ts';
import type { DeviceNeeds } from './device-needs.ts';
import type { FileEntry } from './file-text.ts';
import type { NetplanFile } from './netplan-file.ts';
import type { ChangedDevice } from './settle-kernel.ts';
import type { Stanza } from './stanza.ts';
import type { FileStep, StanzaStep } from './step.ts';
import { findTaken, formerStanza } from './taken-over.ts';
import type { TakenFile } from './taken-over.ts';
import { sameValue } from './yaml-value.ts';

/** A device whose configuration is brought into force when it changed, or when a change of it was interrupted. */
export interface TouchedDevice extends ChangedDevice {
  readonly isChanged: boolean;
  /** The netplan ids that have stood for it: its name, and that of its stanza in another file. */
  readonly ids: readonly string[];
}

export interface ChangedDevicesQuestion {
  readonly before: ReadonlyMap<string, FileEntry>;
  readonly after: ReadonlyMap<string, FileEntry>;
  /** What our file said when it was last brought into force as a whole. */
  readonly lastApplied: ReadonlyMap<string, FileEntry>;
  readonly isInterrupted: boolean;
  readonly steps: readonly (StanzaStep | FileStep)[];
  readonly takenOver: readonly TakenFile[];
  /** The files beside ours. */
  readonly others: readonly NetplanFile[];
}

/** Every device that our file has or had, or that is given back, and what it was and is to have. Pure. */
export function changedDevices(question: ChangedDevicesQuestion): readonly TouchedDevice[] {
  const { before, after, lastApplied, isInterrupted, takenOver, others } = question;
  const steps = new Map(question.steps.flatMap((step) => (step.kind === 'stanza' ? [[step.device, step] as const] : [])));
  const names = new Set([...lastApplied.keys(), ...before.keys(), ...after.keys(), ...steps.keys()]);
  return [...names].map((name) => {
    const step = steps.get(name);
    const applied = lastApplied.get(name)?.stanza;
    const stanza = after.get(name)?.stanza;
    const former = formerStanza(takenOver, name);
    const taken = (step?.takes ?? []).map((take) => take.stanza);
    const had = [applied ?? before.get(name)?.stanza, ...taken, ...(isInterrupted ? [former] : [])];
    const id = findTaken(takenOver, name)?.device.id;
    return {
      name,
      ids: [...new Set([name, ...(id === undefined ? [] : [id]), ...(step?.takes ?? []).map(({ device }) => device.id)])],
      before: mergedNeeds(had.filter((each) => each !== undefined)),
      after: needsAfter(step, stanza, former) ?? (step?.releaseTo !== undefined || isDefinedIn(others, name) ? 'leave' : 'nothing'),
      isChanged: step !== undefined || !sameValue(applied, stanza),
    };
  });
}

function needsAfter(step: StanzaStep | undefined, stanza: Stanza | undefined, former: Stanza | undefined): DeviceNeeds | 'leave' | undefined {
  if (stanza) return deviceNeeds(stanza);
  if (step?.givesBack === 'original' && former) return deviceNeeds(former);
  return step?.givesBack === 'present' ? 'leave' : undefined;
}

/** netplan merges what several files say of a device. */
function mergedNeeds(stanzas: readonly Stanza[]): DeviceNeeds {
  const needs = stanzas.map(deviceNeeds);
  return {
    mtu: needs.findLast(({ mtu }) => mtu !== undefined)?.mtu,
    addresses: [...new Set(needs.flatMap(({ addresses }) => addresses))],
    routes: needs.flatMap(({ routes }) => routes),
    rules: needs.flatMap(({ rules }) => rules),
    dynamicFamilies: new Set(needs.flatMap(({ dynamicFamilies }) => [...dynamicFamilies])),
  };
}
