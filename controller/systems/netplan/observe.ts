import { join } from 'node:path';
import type { Clock } from '../../../api/machinery/clock.ts';
import type { Exec } from '../exec.ts';
import { ExecFailed, ExecTimedOut } from '../exec.ts';
import { SystemUnreachable } from '../system.ts';
import { readCloudInit } from './cloud-init.ts';
import { interruptedFiles } from './file-changes.ts';
import { addressText } from './kernel-differences.ts';
import { isTrue, MAIN_TABLE } from './device-needs.ts';
import { createLeaseReader } from './leases.ts';
import { ethernetsOf, isOurs } from './netplan-file.ts';
import type { DeviceDefinition, NetplanFile } from './netplan-file.ts';
import { OUR_FOLDER, readNetplanFolders } from './netplan-folders.ts';
import { NETPLAN_HANGS, type KernelLink, type KernelRoute, type KernelState, type NetplanObserved, type ObservedLink } from './observed.ts';
import { linkFilesOf, neededResolver, readResolvers } from './resolver.ts';
import type { Stanza } from './stanza.ts';
import { readTakenOver } from './taken-over.ts';

export interface ObserverOptions {
  readonly root: string;
  /** Where the backups of files are that we took devices out of. */
  readonly takenOverFolder: string;
  readonly exec: Exec;
  readonly clock: Clock;
  readonly readKernel: () => Promise<KernelState>;
  /** Is told which of networkd's files on links are read next. */
  readonly watchLinkFiles: (names: ReadonlySet<string>) => void;
}

const COMMAND_TIMEOUT_MS = 30_000;
const PROTOCOL_KERNEL = 2;

/** Reads netplan's files and the kernel. Throws `SystemUnreachable` when either can't be read, or netplan is not installed. */
export function createNetplanObserver({ root, takenOverFolder, exec, clock, readKernel, watchLinkFiles }: ObserverOptions): () => Promise<NetplanObserved> {
  let version: Promise<string> | undefined;
  let known: readonly NetplanFile[] = [];
  const readLeases = createLeaseReader({ root, clock });

  return async () => {
    version ??= readVersion(exec).catch((error: unknown) => {
      version = undefined;
      throw error;
    });
    const folder = join(root, OUR_FOLDER);
    const [netplanVersion, kernel, { files, hidden }, interrupted, takenOver, cloudInit] = await Promise.all([
      version,
      readKernel(),
      readFiles(() => readNetplanFolders(root, known)),
      readFiles(() => interruptedFiles(folder)),
      readFiles(() => readTakenOver(takenOverFolder)),
      readFiles(() => readCloudInit(root)),
    ]);
    known = files;
    const ours = files.filter(isOurs).flatMap(ethernetsOf);
    const linkFiles = linkFilesOf(namesOf(ours, (stanza) => neededResolver(stanza) !== undefined), kernel);
    watchLinkFiles(new Set(linkFiles.values()));
    const resolvers = await readFiles(() => readResolvers(root, linkFiles));
    const leases = await readFiles(() => readLeases(namesOf(ours, ({ dhcp4 }) => isTrue(dhcp4)), kernel));
    return { netplanVersion, links: linkFacts(kernel), folder, files, hidden, interrupted, takenOver, cloudInit, resolvers, leases, kernel };
  };
}

function namesOf(entries: readonly DeviceDefinition[], isAsking: (stanza: Stanza) => boolean): readonly string[] {
  return entries.filter(({ stanza }) => isAsking(stanza)).map(({ name }) => name);
}

async function readFiles<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new SystemUnreachable('netplan', 'NetplanUnavailable', `netplan's folders can't be read: ${message}`, { cause: error });
  }
}

/**
 * netplan has no option that tells its version: the package does. `netplan info` says whether it works at all.
 */
async function readVersion(exec: Exec): Promise<string> {
  try {
    const works = await exec.run(['netplan', 'info'], { timeoutMs: COMMAND_TIMEOUT_MS });
    if (works.code !== 0) throw new ExecFailed(`netplan info ended with ${works.code}: ${works.stderr.trim()}`);
  } catch (error) {
    if (!(error instanceof ExecFailed)) throw error;
    const message = `netplan does not work (package netplan.io): ${error.message}`;
    throw new SystemUnreachable('netplan', error instanceof ExecTimedOut ? NETPLAN_HANGS : 'NetplanUnavailable', message, { cause: error });
  }
  return packageVersion(exec);
}

async function packageVersion(exec: Exec): Promise<string> {
  try {
    const { code, stdout } = await exec.run(['dpkg-query', '-W', '-f', '${Version}', 'netplan.io'], { timeoutMs: COMMAND_TIMEOUT_MS });
    return code === 0 ? stdout.trim() : '';
  } catch (error) {
    // Not a Debian: netplan works, and which one it is stays unknown.
    if (error instanceof ExecFailed) return '';
    throw error;
  }
}

function linkFacts({ links, routes }: KernelState): ReadonlyMap<string, ObservedLink> {
  return new Map([...links].map(([name, link]) => [name, linkFact(link, routes.get(name) ?? NO_ROUTES)]));
}

const NO_ROUTES: readonly KernelRoute[] = [];
/** A link of which nothing changed has the same facts as before, so that what is told of it need not be told again. */
const knownFacts = new WeakMap<KernelLink, { readonly routes: readonly KernelRoute[]; readonly fact: ObservedLink }>();

function linkFact(link: KernelLink, routes: readonly KernelRoute[]): ObservedLink {
  const known = knownFacts.get(link);
  if (known?.routes === routes) return known.fact;
  const fact = makeFact(link, routes.filter(isTold));
  knownFacts.set(link, { routes, fact });
  return fact;
}

function isTold({ table, protocol }: KernelRoute): boolean {
  return table === MAIN_TABLE && protocol !== PROTOCOL_KERNEL;
}

function makeFact(link: KernelLink, routes: readonly KernelRoute[]): ObservedLink {
  const { name, mac, mtu, up, carrier, driver, addresses } = link;
  return {
    name,
    mac,
    mtu,
    up,
    carrier,
    ...(driver === undefined ? {} : { driver }),
    addresses: addresses.filter(({ scope }) => scope !== 'link').map(addressText),
    routes: routes.map(({ family, to, via, metric }) => ({
      to: to === (family === 4 ? '0.0.0.0/0' : '::/0') ? 'default' : to,
      ...(via === undefined ? {} : { via }),
      ...(metric === undefined ? {} : { metric }),
    })),
  };
}
