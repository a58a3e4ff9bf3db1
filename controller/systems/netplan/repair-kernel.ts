import type { Clock } from '../../../api/machinery/clock.ts';
import type { Exec } from '../exec.ts';
import { addAddress, addRoute, addRule, bringUp, setLink, setMtu } from './kernel-commands.ts';
import type { Argv } from './kernel-commands.ts';
import { isNoRepair, kernelRepair, linkState } from './kernel-differences.ts';
import type { KernelRepair } from './kernel-differences.ts';
import type { KernelState } from './observed.ts';
import { runCommands } from './run-commands.ts';
import { waitWhileLess } from './wait-until.ts';

export interface KernelTools {
  readonly exec: Exec;
  readonly clock: Clock;
  readonly readKernel: () => Promise<KernelState>;
}

/** A device that comes up is set up by networkd within some 50 ms. */
const NETWORKD_PATIENCE_MS = 300;

/**
 * Gives devices what they lack, and nothing else. `networkctl reconfigure` would do so too, but it takes away every address and
 * route that others gave a device. Gives, for each repair that did not succeed, what went wrong in words.
 */
export async function repairKernel(
  repairs: readonly KernelRepair[],
  tools: KernelTools,
): Promise<ReadonlyMap<KernelRepair, string>> {
  let left = repairs.map((repair) => ({ repair, lacking: repair }));
  async function lookWhatIsLeft(): Promise<number> {
    const kernel = await tools.readKernel();
    left = repairs.map((repair) => ({ repair, lacking: lackingOf(repair, kernel) })).filter(({ lacking }) => !isNoRepair(lacking));
    return left.length;
  }

  const down = repairs.filter(({ link }) => link === 'up');
  if (down.length > 0) {
    await runCommands(down.map(({ device }) => bringUp(device)), tools.exec);
    await waitWhileLess(tools.clock, NETWORKD_PATIENCE_MS, lookWhatIsLeft);
  }
  const failures = new Map<KernelRepair, string>();
  for (const { repair, lacking } of left) {
    const failure = await runCommands(commandsOf(lacking), tools.exec);
    failures.set(repair, failure ?? `${repair.device} still lacks what it was given`);
  }
  // networkd may have done the same at the same moment: what counts is what the kernel has.
  await lookWhatIsLeft();
  return new Map(left.map(({ repair }) => [repair, failures.get(repair) ?? `${repair.device} lacks it again`]));
}

function lackingOf(repair: KernelRepair, kernel: KernelState): KernelRepair {
  const link = kernel.links.get(repair.device);
  // A device that is gone lacks nothing: networkd sets it up when it comes back.
  if (!link) return { device: repair.device, addresses: [], routes: [], rules: [] };
  return kernelRepair(link, { ...repair, keptDown: (repair.link ?? linkState(link)) === 'down', dynamicFamilies: new Set() }, kernel);
}

/** The commands that make good what a device lacks. */
export function commandsOf(repair: KernelRepair): readonly Argv[] {
  const { device, link, mtu, addresses, routes, rules, lease } = repair;
  return [
    ...(link === undefined ? [] : [setLink(device, link)]),
    ...(mtu === undefined ? [] : [setMtu(device, mtu)]),
    ...addresses.map((address) => addAddress(device, address, address === lease?.address ? lease.secondsLeft : undefined)),
    ...routes.map((route) => addRoute(device, route)),
    ...rules.map(addRule),
  ];
}
