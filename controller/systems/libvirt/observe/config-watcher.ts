import { watch } from 'node:fs';
import type { FSWatcher } from 'node:fs';
import { join } from 'node:path';

/** Folders below libvirt's configuration of which a change says something. */
const FOLDERS = ['', 'autostart', 'networks', 'networks/autostart'] as const;

/**
 * Watches the folder where libvirt stores its definitions. It is a hint beside libvirt's events, which say nothing of a
 * `net-update`, of an autostart set by hand, nor of a device added to the stored definition alone. Where the folder can't be
 * watched (libvirt on another root, another layout), the regular full read finds the same, later.
 */
export class ConfigWatcher {
  readonly #directory: string;
  readonly #onChange: (domainName: string | undefined) => void;
  readonly #watchers = new Map<string, FSWatcher>();

  /** `onChange` gets the name of the domain whose definition or autostart changed; undefined for anything else. */
  constructor(directory: string, onChange: (domainName: string | undefined) => void) {
    this.#directory = directory;
    this.#onChange = onChange;
  }

  /** Watches the folders that are there by now. May be called again at any time: libvirt makes some of them late. */
  arm(): void {
    for (const folder of FOLDERS) if (!this.#watchers.has(folder)) this.#watch(folder);
  }

  stop(): void {
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
  }

  #watch(folder: string): void {
    try {
      const watcher = watch(join(this.#directory, folder), { persistent: false }, (_, file) => this.#changed(folder, file));
      watcher.on('error', () => this.#unwatch(folder));
      this.#watchers.set(folder, watcher);
    } catch (error) {
      if (!isUnwatchable(error)) throw error;
    }
  }

  #unwatch(folder: string): void {
    this.#watchers.get(folder)?.close();
    this.#watchers.delete(folder);
  }

  #changed(folder: string, file: string | null): void {
    this.arm();
    const isDomain = (folder === '' || folder === 'autostart') && file?.endsWith('.xml') === true;
    this.#onChange(isDomain ? file?.slice(0, -'.xml'.length) : undefined);
  }
}

function isUnwatchable(error: unknown): boolean {
  return error instanceof Error && 'code' in error && ['ENOENT', 'EACCES', 'ENOTDIR', 'ENOSPC', 'EMFILE'].includes(String(error.code));
}
