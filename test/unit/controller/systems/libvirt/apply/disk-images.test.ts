import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Exec, ExecResult } from '../../../../../../controller/systems/exec.ts';
import { deleteImages, makeImage } from '../../../../../../controller/systems/libvirt/apply/disk-images.ts';
import { StepRefused } from '../../../../../../controller/systems/libvirt/apply/refused.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bk-disks-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const image = (): string => join(folder, 'new', 'disk.raw');
const disk = (): Parameters<typeof makeImage>[0] => ({ path: image(), format: 'raw', sizeBytes: 1024 });

/** A qemu-img that writes `made` where it is told to, after `meanwhile`. */
function qemuImg(meanwhile: () => Promise<void> = () => Promise.resolve(), code = 0): { exec: Exec; argvs: (readonly string[])[] } {
  const argvs: (readonly string[])[] = [];
  const run = async (argv: readonly string[]): Promise<ExecResult> => {
    argvs.push(argv);
    await meanwhile();
    await writeFile(argv.at(-2) ?? '', 'made');
    return { code, stdout: '', stderr: code === 0 ? '' : 'no space left\n' };
  };
  return { exec: { run }, argvs };
}

describe('an image', () => {
  test('is made whole under another name, and gets its own then', async () => {
    const { exec, argvs } = qemuImg(async () => {
      expect(await readdir(join(folder, 'new'))).toEqual([]);
    });
    await makeImage(disk(), exec);
    expect(argvs).toEqual([['qemu-img', 'create', '-q', '-f', 'raw', `${image()}.bridgekeeper-new`, '1024']]);
    expect(await readdir(join(folder, 'new'))).toEqual(['disk.raw']);
    expect(await readFile(image(), 'utf8')).toBe('made');
  });

  test('that is there is not touched, not even when it came while ours was being made', async () => {
    await makeImage(disk(), qemuImg(() => writeFile(image(), 'theirs')).exec);
    expect(await readFile(image(), 'utf8')).toBe('theirs');
    const { exec, argvs } = qemuImg();
    await makeImage(disk(), exec);
    expect(argvs).toEqual([]);
    expect(await readdir(join(folder, 'new'))).toEqual(['disk.raw']);
  });

  test('that can not be made leaves nothing behind and says why', async () => {
    const error: unknown = await makeImage(disk(), qemuImg(undefined, 1).exec).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(StepRefused);
    expect(error).toMatchObject({ reason: 'DiskFailed', message: expect.stringContaining('no space left') });
    expect(await readdir(join(folder, 'new'))).toEqual([]);
  });

  test('on a base image that is not there says which', async () => {
    const onBase = { ...disk(), baseImage: join(folder, 'base.qcow2') };
    await expect(makeImage(onBase, qemuImg().exec)).rejects.toMatchObject({ reason: 'BaseImageNotFound', message: expect.stringContaining('base.qcow2') });
  });

  test('that is gone already is deleted well', async () => {
    await writeFile(join(folder, 'a'), '');
    await deleteImages([join(folder, 'a'), join(folder, 'b')]);
    expect(await readdir(folder)).toEqual([]);
  });
});
