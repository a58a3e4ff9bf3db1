import type { Clock } from '../../../api/machinery/clock.ts';
import type { Exec } from '../exec.ts';
import { addAddress, addRoute, addRule, bringUp, setMtu } from './kernel-commands.ts';
import type { Argv } from './kernel-commands.ts';
import { isNoRepair, kernelRepair } from './kernel-differences.ts';
import type { KernelRepair } from './kernel-differences.ts';
import type { KernelState } from './observed.ts';
import { waitUntil } from './wait-until.ts';

export interface KernelTools {
  readonly exec: Exec;
  readonly clock: Clock;
  readonly readKernel: () => Promise<KernelState>;
}

const COMMAND_TIMEOUT_MS = 10_000;
/** A device that comes up is set up by networkd within some 50 ms. */
const NETWORKD_TIMEOUT_MS = 500;

/**
 * Gives a device what it lacks, and nothing else. `networkctl reconfigure` would do so too, but it takes away every address
 * and route that others gave the device. Gives what went wrong in words; undefined when the kernel now has it all.
 */
export async function repairKernel(repair: KernelRepair, tools: KernelTools): Promise<string | undefined> {
  if (repair.bringUp) {
    const failure = await runAll([bringUp(repair.device)], tools.exec);
    if (failure !== undefined) return failure;
  }
  const needs = { ...repair, dynamicFamilies: new Set<4 | 6>() };
  let left = repair;
  async function lacksNothing(): Promise<boolean> {
    const kernel = await tools.readKernel();
    const link = kernel.links.get(repair.device);
    if (!link) return true;
    left = kernelRepair(link, needs, kernel);
    return isNoRepair(left);
  }
  if (repair.bringUp && (await waitUntil(tools.clock, NETWORKD_TIMEOUT_MS, lacksNothing))) return undefined;
  const failure = await runAll(commandsOf(left), tools.exec);
  // networkd may have done the same at the same moment: what counts is what the kernel has.
  return (await lacksNothing()) ? undefined : (failure ?? `${repair.device} still lacks what it was given`);
}

function commandsOf(repair: KernelRepair): readonly Argv[] {
  const { device, mtu, addresses, routes, rules } = repair;
  return [
    ...(repair.bringUp ? [bringUp(device)] : []),
    ...(mtu === undefined ? [] : [setMtu(device, mtu)]),
    ...addresses.map((address) => addAddress(device, address)),
    ...routes.map((route) => addRoute(device, route)),
    ...rules.map(addRule),
  ];
}

/** Runs every command, also after one has failed; gives the first failure in words. */
export async function runAll(commands: readonly Argv[], exec: Exec): Promise<string | undefined> {
  let failure: string | undefined;
  for (const argv of commands) {
    const { code, stderr } = await exec.run(argv, { timeoutMs: COMMAND_TIMEOUT_MS });
    if (code !== 0) failure ??= `${argv.join(' ')}: ${stderr.trim()}`;
  }
  return failure;
}
