import type { Clock } from '../../../../api/machinery/clock.ts';
import { ExecFailed, type Exec } from '../../exec.ts';
import { addAddress, addRoute, addRule, bringUp, deleteAddress, deleteRoute, renameLink, setLink, setMtu, type Argv } from '../kernel-commands.ts';
import { addressText, fulfilsRoute, fulfilsRule } from '../kernel-differences.ts';
import type { KernelAddress, KernelLink, KernelRoute, KernelRule, KernelState } from '../observed.ts';

/** The kernel's network as it was. */
export interface KeptKernel {
  readonly links: readonly KernelLink[];
  readonly routes: readonly KernelRoute[];
  readonly rules: readonly KernelRule[];
}

export interface KernelRestore {
  readonly kept: KeptKernel;
  /** Only these are touched. */
  readonly devices: ReadonlySet<string>;
  readonly readKernel: () => Promise<KernelState>;
  readonly exec: Exec;
  readonly clock: Clock;
}

const PROTOCOL_KERNEL = 2;
const PROTOCOL_RA = 9;
const COMMAND_TIMEOUT_MS = 5_000;
/** networkd sets devices up some time after it was told to, and may take away what was just put back. */
const LOOK_AGAIN_MS = 200;
const QUIET_MS = 1_000;
const PATIENCE_MS = 8_000;

export function keepKernel({ links, routes, rules }: KernelState): KeptKernel {
  return { links: [...links.values()], routes: [...routes.values()].flat(), rules };
}

/**
 * Gives devices the link state, addresses and routes that they had, until they keep them. What comes by itself (router
 * advertisements, the kernel's own routes) is left. Gives in words what could not be brought back; empty when all was.
 */
export async function restoreKernel({ kept, devices, readKernel, exec, clock }: KernelRestore): Promise<readonly string[]> {
  const giveUpAt = clock.now() + PATIENCE_MS;
  let quietSince = clock.now();
  for (;;) {
    const kernel = await readKernel();
    const commands = [...kept.links.filter(({ name }) => devices.has(name)).flatMap((link) => linkCommands(link, kept, kernel)), ...ruleCommands(kept, kernel)];
    const missing = kept.links.filter(({ name }) => devices.has(name) && !kernel.links.has(name)).map(({ name }) => `device ${name} is not there`);
    const failures = await runAll(commands, exec);
    const now = clock.now();
    if (commands.length > 0 || missing.length > 0) quietSince = now;
    if (now - quietSince >= QUIET_MS || now >= giveUpAt) return [...missing, ...failures];
    await clock.sleep(LOOK_AGAIN_MS);
  }
}

function linkCommands(before: KernelLink, kept: KeptKernel, kernel: KernelState): readonly Argv[] {
  const { name } = before;
  const link = kernel.links.get(name);
  if (!link) return renameCommands(before, kernel);
  const had = before.addresses.filter(isLasting);
  const has = link.addresses.filter(isLasting);
  const hadRoutes = kept.routes.filter((route) => route.device === name && isSet(route));
  const hasRoutes = (kernel.routes.get(name) ?? []).filter(isSet);
  return [
    ...(before.up && !link.up ? [bringUp(name)] : []),
    ...(before.mtu === link.mtu ? [] : [setMtu(name, before.mtu)]),
    ...hasRoutes.filter((route) => !hadRoutes.some((each) => fulfilsRoute(route, each))).map((route) => deleteRoute(name, route)),
    ...lacking(has, had).map((address) => deleteAddress(name, address)),
    ...lacking(had, has).map((address) => addAddress(name, address)),
    ...hadRoutes.filter((route) => !hasRoutes.some((each) => fulfilsRoute(each, route))).map((route) => addRoute(name, route)),
    ...(!before.up && link.up ? [setLink(name, 'down')] : []),
  ];
}

/** A NIC that was given another name since gets its own, and at the next look what it had; networkd follows its name by itself. */
function renameCommands(before: KernelLink, { links }: KernelState): readonly Argv[] {
  const renamed = [...links.values()].find(({ index }) => index === before.index);
  return renamed === undefined ? [] : [setLink(renamed.name, 'down'), renameLink(renamed.name, before.name)];
}

/** A rule that came since goes with the file that asked for it, when networkd reads its files again. */
function ruleCommands({ rules }: KeptKernel, kernel: KernelState): readonly Argv[] {
  return rules.filter((rule) => !kernel.rules.some((each) => fulfilsRule(each, rule))).map(addRule);
}

function lacking(of: readonly KernelAddress[], among: readonly KernelAddress[]): readonly string[] {
  const present = new Set(among.map(addressText));
  return of.map(addressText).filter((address) => !present.has(address));
}

/** Link-local addresses and those of router advertisements come by themselves. */
function isLasting({ address, scope, dynamic }: KernelAddress): boolean {
  return scope !== 'link' && scope !== 'host' && !(dynamic && address.includes(':'));
}

function isSet({ protocol }: KernelRoute): boolean {
  return protocol !== PROTOCOL_KERNEL && protocol !== PROTOCOL_RA;
}

/** Runs every command, also after one has failed; gives the failures in words. */
async function runAll(commands: readonly Argv[], exec: Exec): Promise<readonly string[]> {
  const failures: string[] = [];
  for (const argv of commands) {
    try {
      const { code, stderr } = await exec.run(argv, { timeoutMs: COMMAND_TIMEOUT_MS });
      if (code !== 0) failures.push(`${argv.join(' ')}: ${stderr.trim()}`);
    } catch (error) {
      if (!(error instanceof ExecFailed)) throw error;
      failures.push(error.message);
    }
  }
  return failures;
}
