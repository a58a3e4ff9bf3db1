import { systemExec } from '../../../controller/systems/exec.ts';

const TIMEOUT_MS = 120_000;

/** Makes a file system with the files of a folder in it, in one file that QEMU can have as a disk. `size` as mke2fs(8) takes it. */
export async function makeFileSystem(file: string, { label, folder, size }: { label: string; folder: string; size: string }): Promise<void> {
  const argv = ['/sbin/mke2fs', '-q', '-t', 'ext4', '-L', label, '-O', '^has_journal', '-d', folder, file, size] as const;
  const { code, stderr } = await systemExec.run([...argv], { timeoutMs: TIMEOUT_MS });
  if (code !== 0) throw new Error(`the disk ${label} could not be made: ${stderr}`);
}
