import { access, chmod, link, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { ExecFailed, type Exec } from '../../exec.ts';
import type { DiskToMake } from '../step.ts';
import { StepRefused } from './refused.ts';

const CREATE_TIMEOUT_MS = 60_000;
const CONVERT_TIMEOUT_MS = 1_800_000;

export async function fileExists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false;
    throw new StepRefused('DiskFailed', `the image ${path} can't be looked at: ${messageOf(error)}`, false, { cause: error });
  }
}

/**
 * Makes an image that is not there yet. It grows under another name and gets its own only when it is whole, and only if no file
 * has come to that name meanwhile: an existing file is never overwritten, and half an image never taken for a whole one.
 */
export async function makeImage(disk: DiskToMake, exec: Exec): Promise<void> {
  if (await fileExists(disk.path)) return;
  const growing = `${disk.path}.bridgekeeper-new`;
  try {
    await mkdir(dirname(disk.path), { recursive: true });
    await rm(growing, { force: true });
    await fillImage(disk, growing, exec);
    await link(growing, disk.path);
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return;
    if (error instanceof StepRefused) throw error;
    throw new StepRefused('DiskFailed', `the image ${disk.path} can't be made: ${messageOf(error)}`, false, { cause: error });
  } finally {
    await rm(growing, { force: true });
  }
}

async function fillImage({ format, sizeBytes, baseImage, files }: DiskToMake, path: string, exec: Exec): Promise<void> {
  if (files !== undefined) return fillIso(files, path, exec);
  const size = sizeBytes === undefined ? [] : [String(sizeBytes)];
  if (baseImage === undefined) return qemuImg(exec, ['create', '-q', '-f', format, path, ...size], CREATE_TIMEOUT_MS);
  const baseFormat = await formatOf(baseImage, exec);
  if (format === 'qcow2') {
    return qemuImg(exec, ['create', '-q', '-f', 'qcow2', '-b', baseImage, '-F', baseFormat, path, ...size], CREATE_TIMEOUT_MS);
  }
  await qemuImg(exec, ['convert', '-f', baseFormat, '-O', format, baseImage, path], CONVERT_TIMEOUT_MS);
  if (sizeBytes !== undefined) await qemuImg(exec, ['resize', '-q', '-f', format, path, String(sizeBytes)], CREATE_TIMEOUT_MS);
}

/** For the owner only, since it may hold passwords; libvirt gives it to QEMU's user while the guest runs. */
async function fillIso(files: Readonly<Record<string, string>>, path: string, exec: Exec): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'bridgekeeper-seed-'));
  try {
    for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text, { mode: 0o600 });
    const result = await exec.run(['xorriso', '-as', 'mkisofs', '-quiet', '-joliet', '-rational-rock', '-volid', 'cidata', '-output', path, folder], { timeoutMs: CREATE_TIMEOUT_MS });
    if (result.code !== 0) throw new StepRefused('DiskFailed', `xorriso failed: ${result.stderr.trim()}`, false);
    await chmod(path, 0o600);
  } catch (error) {
    if (error instanceof ExecFailed && hasCode(error.cause, 'ENOENT')) throw new StepRefused('DiskFailed', 'xorriso, which makes the disk for cloud-init, is not there; run: apt install xorriso', true, { cause: error });
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function formatOf(image: string, exec: Exec): Promise<string> {
  if (!(await fileExists(image))) {
    throw new StepRefused('BaseImageNotFound', `the base image ${image} is not there; put it there`, false);
  }
  const result = await exec.run(['qemu-img', 'info', '--output=json', image], { timeoutMs: CREATE_TIMEOUT_MS });
  if (result.code !== 0) throw new StepRefused('DiskFailed', `qemu-img can't read ${image}: ${result.stderr.trim()}`, true);
  const info: unknown = JSON.parse(result.stdout);
  const format: unknown = typeof info === 'object' && info !== null ? Reflect.get(info, 'format') : undefined;
  if (typeof format !== 'string') throw new StepRefused('DiskFailed', `qemu-img does not tell the format of ${image}`, true);
  return format;
}

async function qemuImg(exec: Exec, args: readonly string[], timeoutMs: number): Promise<void> {
  const result = await exec.run(['qemu-img', ...args], { timeoutMs });
  if (result.code !== 0) throw new StepRefused('DiskFailed', `qemu-img ${args[0] ?? ''} failed: ${result.stderr.trim()}`, false);
}

/** Deletes images that we made; one that is gone already is well. */
export async function deleteImages(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    try {
      await rm(path, { force: true });
    } catch (error) {
      throw new StepRefused('DiskFailed', `the image ${path} can't be deleted: ${messageOf(error)}`, false, { cause: error });
    }
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
