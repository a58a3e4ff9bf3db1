import { basename } from 'node:path';
import type { Difference } from '../system.ts';
import type { NetplanDevice } from './desired.ts';
import { isOurs } from './netplan-file.ts';
import type { NetplanFile } from './netplan-file.ts';
import type { NetplanObserved } from './observed.ts';
import { isReleasedFile } from './released-file.ts';
import { valueDifferences } from './stanza-differences.ts';
import type { FileStep, OurFile } from './step.ts';

/** Steps for what is wrong with files beside the stanzas of our devices. */
export function planFiles(
  going: readonly NetplanDevice[],
  file: OurFile,
  present: NetplanFile | undefined,
  observed: NetplanObserved,
): readonly FileStep[] {
  return [
    ...planInterrupted(file, observed),
    ...(present ? planForm(going, file, present) : []),
    ...observed.files.filter(({ path }) => path !== file.path).flatMap((other) => planOther(going, file, other)),
  ];
}

function fileStep(file: OurFile, verb: FileStep['verb'], differences: readonly Difference[]): FileStep {
  return { kind: 'file', owner: file.host, verb, object: `file ${file.path}`, differences, leftover: false, file };
}

function planInterrupted(file: OurFile, observed: NetplanObserved): readonly FileStep[] {
  if (!observed.interrupted.includes(basename(file.path))) return [];
  const difference = { path: file.path, expected: 'applied', found: 'interrupted in the middle' };
  // Nobody's drift: what we left over ourselves.
  return [{ ...fileStep(file, 'apply', [difference]), leftover: true }];
}

function planForm(going: readonly NetplanDevice[], file: OurFile, present: NetplanFile): readonly FileStep[] {
  if (!isOurs(present)) return going.length > 0 ? [fileStep(file, 'claim', [])] : [];
  const differences = formDifferences(present, file);
  return differences.length > 0 ? [fileStep(file, 'update', differences)] : [];
}

/** What is wrong with our file when each stanza in it is taken as it stands. */
function formDifferences(present: NetplanFile, file: OurFile): readonly Difference[] {
  const differences: Difference[] = [];
  if (present.mode !== 0o600) {
    differences.push({ path: `${file.path}: mode`, expected: '0600', found: `0${present.mode.toString(8)}` });
  }
  if (present.syntaxError !== '') return [...differences, { path: file.path, expected: 'YAML', found: present.syntaxError }];
  differences.push(...valueDifferences('network', {}, present.rest));
  for (const { section, name } of present.definitions) {
    if (section !== 'ethernets') differences.push({ path: `${section}.${name}`, expected: '', found: 'defined' });
  }
  if (differences.length === 0 && !(present.isAsWritten && present.mark?.owner === file.host)) {
    differences.push({ path: file.path, expected: 'as written', found: 'edited in its form or comments' });
  }
  return differences;
}

/** A file under an earlier name of ours goes, and so does one that held a device which is ours again. */
function planOther(going: readonly NetplanDevice[], file: OurFile, other: NetplanFile): readonly FileStep[] {
  if (isOurs(other)) {
    const difference = { path: other.path, expected: '', found: 'written under an earlier file name' };
    return [{ ...fileStep(file, 'delete', [difference]), object: `file ${other.path}`, remove: other.path }];
  }
  const back = going.find(({ name }) => other.definitions.some((definition) => definition.name === name));
  if (!back || !isReleasedFile(other)) return [];
  return [{ ...fileStep(file, 'claim', []), owner: back.owner, object: `file ${other.path}`, remove: other.path }];
}
