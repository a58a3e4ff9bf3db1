import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { keepFiles, restoreFiles, type KeptPlaces } from '../../../../../../controller/systems/netplan/checkpoint/kept-files.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(path.join(tmpdir(), 'bridgekeeper-kept-'));
});

afterEach(() => rm(root, { recursive: true }));

it('brings back what was taken out of other files, and takes away what came since', async () => {
  const stateDirectory = path.join(root, 'state');
  const takenOver = path.join(stateDirectory, 'taken-over');
  const places: KeptPlaces = { root, stateDirectory };
  await mkdir(takenOver, { recursive: true });
  await writeFile(path.join(takenOver, '00-old.yaml'), 'old');
  const kept = await keepFiles(places);
  await writeFile(path.join(takenOver, '00-old.yaml'), 'changed');
  await writeFile(path.join(takenOver, '01-new.yaml'), 'new');
  await restoreFiles(places, kept);
  expect(await readdir(takenOver)).toEqual(['00-old.yaml']);
  expect(await readFile(path.join(takenOver, '00-old.yaml'), 'utf8')).toBe('old');
});
