import type { DeviceNeeds } from './device-needs.ts';
import { addAddress, addRoute, deleteAddress, deleteRoute, deleteRule } from './kernel-commands.ts';
import type { Argv } from './kernel-commands.ts';
import {
  addressText, foreignAddresses, foreignRoutes, fulfilsRoute, fulfilsRule, isNoRepair, kernelRepair,
} from './kernel-differences.ts';
import type { KernelRepair } from './kernel-differences.ts';
import type { KernelRoute, KernelState } from './observed.ts';
import { commandsOf } from './repair-kernel.ts';
import type { KernelTools } from './repair-kernel.ts';
import { runCommands } from './run-commands.ts';
import { lookFor, waitWhileLess } from './wait-until.ts';

/** A device whose stanza changed: what it was to have before, and what it is to have now. */
export interface ChangedDevice {
  readonly name: string;
  readonly before: DeviceNeeds;
  /** `nothing`: it has left our file; `leave`: so it has, but what it has stays, since another file gives it. */
  readonly after: DeviceNeeds | 'nothing' | 'leave';
}

/** What others had given a device before we changed it. */
export interface ForeignState {
  readonly device: string;
  readonly addresses: readonly string[];
  readonly routes: readonly KernelRoute[];
}

/** networkd sets a device up in some 50 ms after a reload, but hundreds of them one after the other, a thousand in ten seconds. */
const SETTLE_PATIENCE_MS = 2_000;
/** What networkd has not done by then is done for it: it finds it done, and leaves it. */
const HEAD_START_MS = 150;
const PATIENCE_PER_DEVICE_MS = 5;
const RESTORE_TIMEOUT_MS = 500;
const NO_KERNEL: KernelState = { links: new Map(), routes: new Map(), rules: [] };
const NOTHING: Pick<DeviceNeeds, 'addresses' | 'routes' | 'rules'> = { addresses: [], routes: [], rules: [] };

export function noteForeignState(devices: readonly ChangedDevice[], kernel: KernelState): readonly ForeignState[] {
  return devices.flatMap(({ name, before }) => {
    const link = kernel.links.get(name);
    if (!link) return [];
    return [{ device: name, addresses: foreignAddresses(link, before), routes: foreignRoutes(link, before, kernel) }];
  });
}

/**
 * Waits until the kernel has what the changed devices are to have, and gives it to those that networkd is slow to come to. Then
 * takes away what only their old stanzas gave (networkd leaves it where it did not set it itself, after a restart for instance),
 * and puts back what others had given them (networkd takes it away when it sets a device up anew; so there it must have been).
 * What is still missing at the end, the next observation tells.
 */
export async function settleKernel(
  devices: readonly ChangedDevice[],
  foreign: readonly ForeignState[],
  tools: KernelTools,
): Promise<void> {
  const mixed = new Set(foreign.filter(hasSomething).map(({ device }) => device));
  const helpFrom = tools.clock.now() + HEAD_START_MS;
  let kernel = NO_KERNEL;
  await waitWhileLess(tools.clock, SETTLE_PATIENCE_MS + devices.length * PATIENCE_PER_DEVICE_MS, async () => {
    kernel = await tools.readKernel();
    const lacking = devices.map((device) => lackingOf(device, kernel)).filter((repair) => repair !== undefined);
    const helped = tools.clock.now() < helpFrom ? [] : lacking.filter(({ device }) => !mixed.has(device));
    await runCommands(helped.flatMap(commandsOf), tools.exec);
    return lacking.length;
  });
  await runCommands(devices.flatMap((device) => withdrawCommands(device, kernel)), tools.exec);
  await restoreForeignState(foreign, tools);
}

/**
 * Takes from devices the addresses that are to go and that another device has already, before networkd does it in its own time:
 * from then on that one is the way, and its neighbours can be told.
 */
export async function handOver(devices: readonly ChangedDevice[], tools: KernelTools): Promise<void> {
  if (devices.every(({ before }) => before.addresses.length === 0)) return;
  const kernel = await tools.readKernel();
  const movers = devices.filter((device) => leavingAddresses(device, kernel).some((address) => isElsewhere(address, device.name, kernel)));
  if (movers.length === 0) return;
  await runCommands(movers.flatMap((device) => withdrawCommands(device, kernel)), tools.exec);
  // Whoever follows the kernel learns of it at once.
  await tools.readKernel();
}

function isElsewhere(address: string, device: string, { links }: KernelState): boolean {
  return [...links.values()].some((link) => link.name !== device && link.addresses.some((each) => addressText(each) === address));
}

/** networkd takes it away some time after it was told to reload, and does not say when it is done: so for a while we look again. */
async function restoreForeignState(foreign: readonly ForeignState[], tools: KernelTools): Promise<void> {
  const states = foreign.filter(hasSomething);
  if (states.length === 0) return;
  await lookFor(tools.clock, RESTORE_TIMEOUT_MS, async () => {
    const kernel = await tools.readKernel();
    await runCommands(states.flatMap((state) => restoreCommands(state, kernel)), tools.exec);
  });
}

function hasSomething({ addresses, routes }: ForeignState): boolean {
  return addresses.length + routes.length > 0;
}

/** What a device still lacks of what its stanza gives; undefined when nothing. */
function lackingOf({ name, after }: ChangedDevice, kernel: KernelState): KernelRepair | undefined {
  const link = kernel.links.get(name);
  if (!link || after === 'leave' || after === 'nothing') return undefined;
  const repair = kernelRepair(link, after, kernel);
  return isNoRepair(repair) ? undefined : repair;
}

function withdrawCommands(device: ChangedDevice, kernel: KernelState): readonly Argv[] {
  const { name, before } = device;
  const link = kernel.links.get(name);
  if (!link || device.after === 'leave') return [];
  const after = device.after === 'nothing' ? NOTHING : device.after;
  const addresses = leavingAddresses(device, kernel);
  const routes = (kernel.routes.get(name) ?? []).filter(
    (route) =>
      before.routes.some((needed) => fulfilsRoute(route, needed)) &&
      !after.routes.some((needed) => fulfilsRoute(route, needed)),
  );
  const rules = before.rules.filter(
    (needed) =>
      kernel.rules.some((rule) => fulfilsRule(rule, needed)) && !after.rules.some((kept) => fulfilsRule({ priority: 0, ...kept }, needed)),
  );
  return [
    ...routes.map((route) => deleteRoute(name, route)),
    ...addresses.map((address) => deleteAddress(name, address)),
    ...rules.map(deleteRule),
  ];
}

/** The addresses that a device has in the kernel by what it was to have, and is to have no more. */
function leavingAddresses({ name, before, after }: ChangedDevice, { links }: KernelState): readonly string[] {
  if (after === 'leave') return [];
  const kept = after === 'nothing' ? NOTHING.addresses : after.addresses;
  const present = new Set((links.get(name)?.addresses ?? []).map(addressText));
  return before.addresses.filter((address) => present.has(address) && !kept.includes(address));
}

function restoreCommands({ device, addresses, routes }: ForeignState, kernel: KernelState): readonly Argv[] {
  const link = kernel.links.get(device);
  if (!link) return [];
  const present = new Set(link.addresses.map(addressText));
  const found = kernel.routes.get(device) ?? [];
  const lostRoutes = routes.filter((lost) => !found.some((route) => fulfilsRoute(route, lost)));
  return [
    ...addresses.filter((address) => !present.has(address)).map((address) => addAddress(device, address)),
    ...lostRoutes.map((route) => addRoute(device, route)),
  ];
}
