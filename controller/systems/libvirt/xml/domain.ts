import { append, at, attributeAt, attributeOf, child, newRoot, parseXml, textAt } from './dom.ts';
import type { Element } from './dom.ts';
import { appendPcieBuses } from './buses.ts';
import { readDisks } from './disk.ts';
import type { DiskView } from './disk.ts';
import { readInterfaces } from './interface.ts';
import type { NicView } from './interface.ts';
import { readMark } from './mark.ts';
import type { Mark } from './mark.ts';

/** What a domain's XML says of the things that we may set. */
export interface DomainView {
  readonly name: string;
  readonly uuid: string;
  readonly mark?: Mark;
  /** `kvm` or `qemu`, which is emulation. */
  readonly type: string;
  readonly vcpus: number;
  readonly memoryKiB: number;
  /** The model of a custom CPU, else the mode: `host-passthrough`, `host-model`, `maximum`. */
  readonly cpu?: string;
  /** With its version: `pc-q35-7.2`. */
  readonly machine: string;
  readonly firmware: 'bios' | 'uefi';
  readonly disks: readonly DiskView[];
  readonly interfaces: readonly NicView[];
  readonly graphics: readonly { readonly type: string; readonly listenAddress: string }[];
  readonly hasSerialConsole: boolean;
  /** An agent in the guest has its channel open; only while the domain runs. */
  readonly hasAgent: boolean;
  /** Aliases of the devices with a boot order, in that order. */
  readonly bootOrder: readonly string[];
}

/** The name by which QEMU's guest agent is found (formatdomain.html, "Channel"). */
const AGENT_CHANNEL = 'org.qemu.guest_agent.0';

/** Reads a domain's XML. */
export function readDomain(xml: string): DomainView {
  const root = parseXml(xml);
  return {
    name: textAt(root, 'name') ?? '',
    uuid: textAt(root, 'uuid') ?? '',
    mark: readMark(root),
    type: attributeOf(root, 'type') ?? '',
    vcpus: Number(textAt(root, 'vcpu') ?? 1),
    memoryKiB: readKiB(child(root, 'memory')),
    cpu: readCpu(root),
    machine: attributeAt(root, ['os', 'type'], 'machine') ?? '',
    firmware: isUefi(root) ? 'uefi' : 'bios',
    disks: readDisks(root),
    interfaces: readInterfaces(root),
    graphics: at(root, 'devices', 'graphics').map((graphics) => ({ type: attributeOf(graphics, 'type') ?? '', listenAddress: attributeAt(graphics, ['listen'], 'address') ?? '' })),
    hasSerialConsole: at(root, 'devices', 'serial').some((serial) => attributeOf(serial, 'type') === 'pty'),
    hasAgent: at(root, 'devices', 'channel', 'target').some((target) => attributeOf(target, 'name') === AGENT_CHANNEL && attributeOf(target, 'state') === 'connected'),
    bootOrder: readBootOrder(root),
  };
}

/** Bytes in one of the units of formatdomain.html, "Memory Allocation"; KiB is the default, and what libvirt itself writes. */
const UNIT_BYTES: Readonly<Record<string, number>> = {
  b: 1, bytes: 1, KB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12,
  k: 1024, KiB: 1024, M: 1024 ** 2, MiB: 1024 ** 2, G: 1024 ** 3, GiB: 1024 ** 3, T: 1024 ** 4, TiB: 1024 ** 4,
};

function readKiB(memory: Element | undefined): number {
  if (!memory) return 0;
  const bytes = UNIT_BYTES[attributeOf(memory, 'unit') ?? 'KiB'] ?? 1024;
  return Math.ceil((Number(memory.textContent) * bytes) / 1024);
}

function readCpu(root: Element): string | undefined {
  const cpu = child(root, 'cpu');
  if (!cpu) return undefined;
  const mode = attributeOf(cpu, 'mode') ?? 'custom';
  return mode === 'custom' ? textAt(cpu, 'model') : mode;
}

function isUefi(root: Element): boolean {
  const os = child(root, 'os');
  if (!os) return false;
  return attributeOf(os, 'firmware') === 'efi' || attributeAt(os, ['loader'], 'type') === 'pflash';
}

function readBootOrder(root: Element): string[] {
  return ['disk', 'interface']
    .flatMap((name) => at(root, 'devices', name))
    .map((device) => ({ alias: attributeAt(device, ['alias'], 'name') ?? '', order: Number(attributeAt(device, ['boot'], 'order') ?? 0) }))
    .filter(({ order }) => order > 0)
    .sort((a, b) => a.order - b.order)
    .map(({ alias }) => alias);
}

/** The frame of a new domain, before anything that is compared is written into it. */
export function newDomain(name: string, uuid: string, isPciExpress: boolean): Element {
  const root = newRoot('domain');
  append(root, 'name', {}, name);
  append(root, 'uuid', {}, uuid);
  const os = append(root, 'os');
  append(os, 'type', { arch: 'x86_64' }, 'hvm');
  const features = append(root, 'features');
  append(features, 'acpi');
  append(features, 'apic');
  append(root, 'clock', { offset: 'utc' });
  append(root, 'on_poweroff', {}, 'destroy');
  append(root, 'on_reboot', {}, 'restart');
  append(root, 'on_crash', {}, 'destroy');
  const devices = append(root, 'devices');
  if (isPciExpress) appendPcieBuses(devices);
  // Where an agent in the guest says what addresses it has.
  const agent = append(devices, 'channel', { type: 'unix' });
  append(agent, 'target', { type: 'virtio', name: AGENT_CHANNEL });
  const rng = append(devices, 'rng', { model: 'virtio' });
  append(rng, 'backend', { model: 'random' }, '/dev/urandom');
  return root;
}
