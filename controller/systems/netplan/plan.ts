import { join } from 'node:path';
import type { Plan, Refusal } from '../system.ts';
import type { NetplanDesired, NetplanDevice } from './desired.ts';
import { isOurs } from './netplan-file.ts';
import type { NetplanFile } from './netplan-file.ts';
import type { NetplanObserved } from './observed.ts';
import { planFiles } from './plan-files.ts';
import { planKernel } from './plan-kernel.ts';
import { planResolver } from './plan-resolver.ts';
import { planStanzas } from './plan-stanzas.ts';
import { planTakeovers } from './plan-takeovers.ts';
import { stanzaOf } from './stanza.ts';
import { sameMeaning } from './stanza-meaning.ts';
import type { NetplanStep, OurFile } from './step.ts';

/**
 * What is to be done so that our file says what is desired and the kernel has what the file says. Pure. A device whose stanza
 * is wrong is not compared with the kernel: applying the file is what gives the kernel its new state.
 */
export function planNetplan(desired: NetplanDesired, observed: NetplanObserved): Plan<NetplanStep> {
  const file: OurFile = { path: join(observed.folder, desired.fileName), host: desired.owner };
  const present = observed.files.find(({ path }) => path === file.path);
  const blocked = whyBlocked(desired, observed, file, present);
  if (blocked) return { steps: [], findings: [], refusals: blocked };

  const takeovers = planTakeovers(desired, observed, file);
  const { going } = takeovers;
  const stanzaSteps = planStanzas({ desired, takeovers, file, present, takenOver: observed.takenOver });
  const wrong = new Set(stanzaSteps.map(({ device }) => device));
  const kernel = planKernel(going.filter(({ name }) => !wrong.has(name)), observed);
  const resolver = planResolver(going.filter(({ name }) => !wrong.has(name)), observed);
  return {
    steps: [...stanzaSteps, ...planFiles(going, file, present, observed), ...kernel.steps, ...resolver],
    findings: [...takeovers.findings, ...kernel.findings],
    refusals: [...takeovers.refusals, ...kernel.refusals],
  };
}

/** Why nothing at all can be done to our file now: undefined when it can. */
function whyBlocked(
  desired: NetplanDesired,
  observed: NetplanObserved,
  file: OurFile,
  present: NetplanFile | undefined,
): readonly Refusal[] | undefined {
  const hiddenBy = observed.hidden.get(file.path);
  if (hiddenBy !== undefined) {
    return refuseAll(desired, 'DefinedElsewhere', `${hiddenBy} hides ${file.path} from netplan: remove ${hiddenBy}`);
  }
  if (!present || isOurs(present) || saysTheSame(present, desired.devices)) return undefined;
  if (desired.devices.length === 0) return [];
  return refuseAll(
    desired,
    'NotOwned',
    `${file.path} is there already and carries no mark of Bridgekeeper in its header: move it away, or give the Host another ` +
      'spec.netplan.fileName',
  );
}

function refuseAll(desired: NetplanDesired, reason: string, message: string): readonly Refusal[] {
  const owners = new Set([desired.owner, ...desired.devices.map(({ owner }) => owner)]);
  return [...owners].map((owner) => ({ owner, reason, message, needsPerson: true }));
}

/** True when a file without our mark says just what is desired: then it may be taken over. */
function saysTheSame(file: NetplanFile, devices: readonly NetplanDevice[]): boolean {
  if (file.syntaxError !== '' || devices.length === 0 || file.definitions.length !== devices.length) return false;
  return devices.every((device) => {
    const found = file.definitions.find(({ name }) => name === device.name);
    return found?.section === 'ethernets' && sameMeaning(device.name, stanzaOf(device), found.stanza, file.rest['renderer']);
  });
}
