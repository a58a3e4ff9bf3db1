import { mkdir, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
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

it('gives a file that was written anew its time back, but not one that netplan generated: networkd would take it for another', async () => {
  const places: KeptPlaces = { root, stateDirectory: path.join(root, 'state') };
  const files = ['etc/netplan/90-bridgekeeper.yaml', 'run/systemd/network/10-netplan-eth0.network'].map((file) => path.join(root, file));
  const setTimes = async (seconds: number): Promise<void> => {
    for (const file of files) await utimes(file, seconds, seconds);
  };
  for (const file of files) await mkdir(path.dirname(file), { recursive: true });
  for (const file of files) await writeFile(file, 'as ever');
  await setTimes(1_000);
  const kept = await keepFiles(places);
  await setTimes(2_000);
  expect(await restoreFiles(places, kept)).toEqual([]);
  expect(await Promise.all(files.map(async (file) => (await stat(file)).mtimeMs))).toEqual([1_000_000, 2_000_000]);
});
