import type { LibvirtDomain } from '../desired.ts';
import { append, at, attributeAt, attributeOf, child, children, ensure, remove, removeAll, setAttributes, setText } from './dom.ts';
import type { Element } from './dom.ts';
import { deviceAlias, isDeviceAlias } from './device-alias.ts';
import { diskDifferences, findDisk, isOurs, nameDisks, removeUnwantedDisks, wantedCdrom, wantedDisk, wantedSeed, writeDisk } from './disk.ts';
import type { WantedDisk } from './disk.ts';
import type { DomainView } from './domain.ts';
import { writeBuses } from './buses.ts';
import type { FieldDifference } from './field-difference.ts';

/** What a domain's definition should say beside its NICs, with what depends on the host decided. */
export interface WantedDomain {
  readonly desired: LibvirtDomain;
  readonly type: 'kvm' | 'qemu';
}

/** A setting of a domain: how it reads, and how it is written into the definition. Written only where it differs. */
interface DomainField {
  readonly field: string;
  /** Undefined: not asked for, so whatever is there is right. */
  readonly expected: (wanted: WantedDomain, found: DomainView) => string | undefined;
  readonly found: (found: DomainView) => string;
  readonly write: (root: Element, wanted: WantedDomain) => void;
  /** The running domain's XML shows something else than the stored one by libvirt's own doing. */
  readonly isOpaqueLive?: boolean;
}

const FIELDS: readonly DomainField[] = [
  {
    field: 'type',
    expected: ({ type }) => type,
    found: ({ type }) => type,
    write: (root, { type }) => setAttributes(root, { type }),
  },
  {
    field: 'vcpu',
    expected: ({ desired }) => String(desired.vcpus),
    found: ({ vcpus }) => String(vcpus),
    write: (root, { desired }) => {
      const vcpu = ensure(root, 'vcpu');
      setAttributes(vcpu, { current: undefined });
      setText(vcpu, String(desired.vcpus));
    },
  },
  {
    field: 'memory',
    expected: ({ desired }) => `${desired.memoryKiB} KiB`,
    found: ({ memoryKiB }) => `${memoryKiB} KiB`,
    write: writeMemory,
  },
  {
    field: 'cpu',
    expected: ({ desired }) => desired.cpuModel,
    found: ({ cpu }) => cpu ?? '',
    write: writeCpu,
    isOpaqueLive: true,
  },
  {
    field: 'machine',
    expected: (wanted, { machine }) => expectedMachine(wanted.desired, machine),
    found: ({ machine }) => machine,
    write: writeMachine,
  },
  {
    field: 'firmware',
    expected: ({ desired }) => desired.firmware,
    found: ({ firmware }) => firmware,
    write: writeFirmware,
  },
  {
    field: 'graphics',
    expected: ({ desired }) => desired.graphics?.type,
    found: ({ graphics }) => (graphics.length === 0 ? 'none' : graphics.map(({ type }) => type).join(', ')),
    write: writeGraphics,
  },
  {
    field: 'graphics.listenAddress',
    expected: ({ desired }) => (desired.graphics?.type === 'none' ? undefined : desired.graphics?.listenAddress),
    found: ({ graphics }) => graphics.map(({ listenAddress }) => listenAddress).join(', '),
    write: writeGraphics,
  },
  {
    field: 'serialConsole',
    expected: ({ desired }) => (desired.serialConsole ? 'yes' : ''),
    found: ({ hasSerialConsole }) => (hasSerialConsole ? 'yes' : ''),
    write: writeSerialConsole,
  },
  {
    field: 'bootOrder',
    expected: expectedBootOrder,
    found: ({ bootOrder }) => bootOrder.join(', '),
    write: writeBootOrder,
  },
];

/** What is desired of a domain beside its NICs and not found in its stored definition. */
export function domainDifferences(wanted: WantedDomain, found: DomainView): FieldDifference[] {
  return [...fieldDifferences(wanted, found, FIELDS), ...diskFieldDifferences(wanted.desired, found)];
}

/** The same, of the running domain: what takes effect at its next start only. */
export function liveDifferences(wanted: WantedDomain, live: DomainView): FieldDifference[] {
  const fields = FIELDS.filter(({ isOpaqueLive }) => isOpaqueLive !== true);
  return [...fieldDifferences(wanted, live, fields), ...diskFieldDifferences(wanted.desired, live)];
}

function fieldDifferences(wanted: WantedDomain, view: DomainView, fields: readonly DomainField[]): FieldDifference[] {
  return fields.flatMap(({ field, expected, found }) => {
    const value = expected(wanted, view);
    return value === undefined || value === found(view) ? [] : [{ field, expected: value, found: found(view) }];
  });
}

function diskFieldDifferences(desired: LibvirtDomain, view: DomainView): FieldDifference[] {
  const wanted = wantedDisks(desired);
  const kept = new Set(wanted.map((disk) => findDisk(view.disks, disk)));
  const unwanted = view.disks.filter((disk) => isOurs(disk) && !kept.has(disk));
  return [
    ...wanted.flatMap((disk) => diskDifferences(disk, findDisk(view.disks, disk))),
    ...unwanted.map((disk) => ({ field: disk.alias ?? 'disk', expected: '', found: disk.path ?? '' })),
  ];
}

export function wantedDisks(desired: LibvirtDomain): WantedDisk[] {
  return [...desired.disks.map(wantedDisk), ...desired.cdroms.map(wantedCdrom), ...(desired.seed ? [wantedSeed(desired.seed)] : [])];
}

/** Writes into the definition what it lacks; `found` is that definition as read, undefined for a new one. */
export function writeDomain(root: Element, wanted: WantedDomain, found: DomainView | undefined): void {
  for (const { write, expected, found: read } of FIELDS) {
    const value = found ? expected(wanted, found) : 'new';
    if (!found || (value !== undefined && value !== read(found))) write(root, wanted);
  }
  const disks = wantedDisks(wanted.desired);
  nameDisks(root, disks);
  removeUnwantedDisks(root, disks);
  for (const disk of disks) {
    if (!found || diskDifferences(disk, findDisk(found.disks, disk)).length > 0) writeDisk(root, disk);
  }
  if (!found || wanted.desired.bootOrder.length > 0) writeBootOrder(root, wanted);
}

function writeMemory(root: Element, { desired }: WantedDomain): void {
  for (const name of ['memory', 'currentMemory']) {
    const memory = ensure(root, name);
    setAttributes(memory, { unit: 'KiB' });
    setText(memory, String(desired.memoryKiB));
  }
}

const CPU_MODES: ReadonlySet<string> = new Set(['host-passthrough', 'host-model', 'maximum']);

function writeCpu(root: Element, { desired: { cpuModel } }: WantedDomain): void {
  removeAll(root, 'cpu');
  if (cpuModel === undefined) return;
  if (CPU_MODES.has(cpuModel)) return void append(root, 'cpu', { mode: cpuModel });
  const cpu = append(root, 'cpu', { mode: 'custom', match: 'exact' });
  append(cpu, 'model', { fallback: 'allow' }, cpuModel);
}

/**
 * Q35 unless something else is asked for: PCI Express, as current guests know it, and the machine of which a first NIC is
 * `enp1s0`. It has no IDE, so a disk on IDE brings the older machine.
 */
export function machineOf({ machine, disks }: LibvirtDomain): string {
  return machine ?? (disks.some(({ bus }) => bus === 'ide') ? 'pc' : 'q35');
}

/** Another family of machines has other buses: libvirt lays them out anew. */
function writeMachine(root: Element, { desired }: WantedDomain): void {
  const type = ensure(ensure(root, 'os'), 'type');
  const [found, wanted] = [attributeOf(type, 'machine'), machineOf(desired)];
  setAttributes(type, { machine: wanted });
  if (found !== undefined && isPciExpress(found) !== isPciExpress(wanted)) writeBuses(root, isPciExpress(wanted));
}

export function isPciExpress(machine: string): boolean {
  return machine.includes('q35');
}

/** libvirt turns `q35` and `pc` into the version that it has; any version of the machine that is asked for is right. */
function expectedMachine(desired: LibvirtDomain, found: string): string | undefined {
  if (desired.machine === undefined) return undefined;
  const families: Readonly<Record<string, RegExp>> = { q35: /^pc-q35-/, pc: /^pc-i440fx-/ };
  return families[desired.machine]?.test(found) ? found : desired.machine;
}

/** libvirt chooses the image and makes the variable store (formatdomain.html, "Operating system booting"). */
function writeFirmware(root: Element, { desired }: WantedDomain): void {
  const os = ensure(root, 'os');
  for (const name of ['loader', 'nvram', 'firmware']) removeAll(os, name);
  setAttributes(os, { firmware: desired.firmware === 'uefi' ? 'efi' : undefined });
}

/** Without another wish on the loopback address only: whoever needs it from elsewhere tunnels. */
function writeGraphics(root: Element, { desired: { graphics } }: WantedDomain): void {
  const devices = ensure(root, 'devices');
  removeAll(devices, 'graphics');
  if (graphics === undefined || graphics.type === 'none') return;
  const element = append(devices, 'graphics', { type: graphics.type, autoport: 'yes' });
  append(element, 'listen', { type: 'address', address: graphics.listenAddress ?? '127.0.0.1' });
}

function writeSerialConsole(root: Element, { desired }: WantedDomain): void {
  const devices = ensure(root, 'devices');
  if (!desired.serialConsole) return removeSerialConsole(devices);
  const serial = append(devices, 'serial', { type: 'pty' });
  append(serial, 'alias', { name: deviceAlias('serial', 'console') });
}

/** libvirt shows the first serial port as a console too, and would make it anew from that. */
function removeSerialConsole(devices: Element): void {
  for (const serial of children(devices, 'serial').filter((each) => attributeOf(each, 'type') === 'pty')) remove(serial);
  for (const console of children(devices, 'console').filter((each) => attributeAt(each, ['target'], 'type') === 'serial')) remove(console);
}

/** Where none is asked for, one of ours goes; what others put in order stays. */
function expectedBootOrder({ desired }: WantedDomain, { bootOrder }: DomainView): string | undefined {
  if (desired.bootOrder.length > 0) return bootAliases(desired).join(', ');
  return bootOrder.every(isDeviceAlias) ? '' : undefined;
}

function bootAliases(desired: LibvirtDomain): string[] {
  return desired.bootOrder.flatMap((name) => {
    if (desired.disks.some((disk) => disk.name === name)) return deviceAlias('disk', name);
    if (desired.cdroms.some((cdrom) => cdrom.name === name)) return deviceAlias('cdrom', name);
    return desired.interfaces.some((nic) => nic.name === name) ? deviceAlias('nic', name) : [];
  });
}

/** Per device where an order is asked for, which excludes `<boot dev>`; else disks first, then CD-ROMs. */
function writeBootOrder(root: Element, { desired }: WantedDomain): void {
  const os = ensure(root, 'os');
  removeAll(os, 'boot');
  const devices = ['disk', 'interface'].flatMap((name) => at(root, 'devices', name));
  for (const device of devices) {
    const boot = child(device, 'boot');
    if (boot) remove(boot);
  }
  const aliases = bootAliases(desired);
  if (aliases.length === 0) {
    append(os, 'boot', { dev: 'hd' });
    if (desired.cdroms.length > 0) append(os, 'boot', { dev: 'cdrom' });
  }
  aliases.forEach((alias, index) => {
    const device = devices.find((candidate) => attributeAt(candidate, ['alias'], 'name') === alias);
    if (device) append(device, 'boot', { order: index + 1 });
  });
}
