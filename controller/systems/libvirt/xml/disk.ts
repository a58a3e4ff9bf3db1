import type { LibvirtDisk } from '../desired.ts';
import { append, at, attributeAt, attributeOf, child, ensure, remove, setAttributes } from './dom.ts';
import type { Element } from './dom.ts';
import { deviceAlias } from './device-alias.ts';
import type { FieldDifference } from './field-difference.ts';

/** A disk or CD-ROM of a domain's XML. */
export interface DiskView {
  readonly alias?: string;
  readonly device: 'disk' | 'cdrom' | 'other';
  /** The file; absent for an empty drive and for what is not a file. */
  readonly path?: string;
  readonly format?: string;
  readonly bus?: string;
  readonly readOnly: boolean;
  readonly target?: string;
}

/** A disk or CD-ROM as it should stand in the definition. */
export interface WantedDisk {
  readonly kind: 'disk' | 'cdrom';
  readonly name: string;
  readonly path: string;
  readonly format: string;
  readonly bus: string;
  readonly readOnly: boolean;
}

export function wantedDisk({ name, path, format, bus, readOnly }: LibvirtDisk): WantedDisk {
  return { kind: 'disk', name, path, format, bus, readOnly };
}

/** On SATA, the one bus for CD-ROMs that every machine type has. */
export function wantedCdrom({ name, path }: { readonly name: string; readonly path: string }): WantedDisk {
  return { kind: 'cdrom', name, path, format: 'raw', bus: 'sata', readOnly: true };
}

/** On virtio SCSI: the kernels of cloud images (Debian's `cloud` flavour) have no driver for SATA, and no disk changes its name for it. */
export function wantedSeed(seed: { readonly name: string; readonly path: string }): WantedDisk {
  return { ...wantedCdrom(seed), bus: 'scsi' };
}

export function readDisks(domain: Element): DiskView[] {
  return disksOf(domain).map(readDisk);
}

function disksOf(domain: Element): Element[] {
  return at(domain, 'devices', 'disk');
}

function readDisk(element: Element): DiskView {
  const device = attributeOf(element, 'device') ?? 'disk';
  return {
    alias: attributeAt(element, ['alias'], 'name'),
    device: device === 'disk' || device === 'cdrom' ? device : 'other',
    path: attributeAt(element, ['source'], 'file'),
    format: attributeAt(element, ['driver'], 'type'),
    bus: attributeAt(element, ['target'], 'bus'),
    readOnly: child(element, 'readonly') !== undefined,
    target: attributeAt(element, ['target'], 'dev'),
  };
}

/** The disk of that name, by its alias; else, in a definition that others made, by its file. */
export function findDisk(disks: readonly DiskView[], wanted: WantedDisk): DiskView | undefined {
  const alias = deviceAlias(wanted.kind, wanted.name);
  return disks.find((disk) => disk.alias === alias) ?? disks.find((disk) => !isOurs(disk) && disk.path === wanted.path);
}

/** True for a device that we put there ourselves: only such a one is taken away again. */
export function isOurs({ alias }: DiskView): boolean {
  return alias !== undefined && /^ua-(disk|cdrom)-/.test(alias);
}

export function diskDifferences(wanted: WantedDisk, found: DiskView | undefined): FieldDifference[] {
  const prefix = `${wanted.kind}[${wanted.name}]`;
  if (!found) return [{ field: prefix, expected: wanted.path, found: '' }];
  return [
    { field: `${prefix}.path`, expected: wanted.path, found: found.path ?? '' },
    { field: `${prefix}.format`, expected: wanted.format, found: found.format ?? '' },
    { field: `${prefix}.bus`, expected: wanted.bus, found: found.bus ?? '' },
    { field: `${prefix}.readOnly`, expected: String(wanted.readOnly), found: String(found.readOnly) },
  ].filter(({ expected, found: present }) => expected !== present);
}

/** Adds the disk to the definition, or changes the one of that name. */
export function writeDisk(domain: Element, wanted: WantedDisk): void {
  const found = findDisk(readDisks(domain), wanted);
  const existing = found && disksOf(domain).find((element) => attributeAt(element, ['target'], 'dev') === found.target);
  const element = existing ?? append(ensure(domain, 'devices'), 'disk', { type: 'file', device: wanted.kind });
  setAttributes(ensure(element, 'driver'), { name: 'qemu', type: wanted.format });
  setAttributes(ensure(element, 'source'), { file: wanted.path });
  if (found?.bus !== wanted.bus) writeTarget(domain, element, wanted.bus);
  writeReadOnly(element, wanted.readOnly);
  if (!existing) append(element, 'alias', { name: deviceAlias(wanted.kind, wanted.name) });
}

/** Gives each wanted disk its alias, where it was found by its file: from then on its file may change. */
export function nameDisks(domain: Element, wanted: readonly WantedDisk[]): void {
  for (const disk of wanted) {
    const found = findDisk(readDisks(domain), disk);
    const element = found && disksOf(domain).find((candidate) => attributeAt(candidate, ['target'], 'dev') === found.target);
    if (element) setAttributes(ensure(element, 'alias'), { name: deviceAlias(disk.kind, disk.name) });
  }
}

/** Takes away the disks of ours that are wanted no more. */
export function removeUnwantedDisks(domain: Element, wanted: readonly WantedDisk[]): void {
  const aliases = new Set(wanted.map(({ kind, name }) => deviceAlias(kind, name)));
  for (const element of disksOf(domain)) {
    const disk = readDisk(element);
    if (isOurs(disk) && disk.alias !== undefined && !aliases.has(disk.alias)) remove(element);
  }
}

/** A device keeps its place on the bus only as long as it stays on that bus. */
function writeTarget(domain: Element, element: Element, bus: string): void {
  const address = child(element, 'address');
  if (address) remove(address);
  const target = child(element, 'target');
  if (target) remove(target);
  append(element, 'target', { dev: freeTarget(domain, bus), bus });
  if (bus === 'scsi') ensureScsiController(domain);
}

const TARGET_PREFIX: Readonly<Record<string, string>> = { virtio: 'vd', ide: 'hd' };

function freeTarget(domain: Element, bus: string): string {
  const prefix = TARGET_PREFIX[bus] ?? 'sd';
  const taken = new Set(readDisks(domain).map(({ target }) => target));
  const letter = Array.from('abcdefghijklmnopqrstuvwxyz').find((candidate) => !taken.has(prefix + candidate));
  return prefix + (letter ?? 'zz');
}

/** libvirt's own choice would be an LSI controller, for which current guests have no driver. */
function ensureScsiController(domain: Element): void {
  const devices = ensure(domain, 'devices');
  const hasOne = at(devices, 'controller').some((element) => attributeOf(element, 'type') === 'scsi');
  if (!hasOne) append(devices, 'controller', { type: 'scsi', model: 'virtio-scsi' });
}

function writeReadOnly(element: Element, readOnly: boolean): void {
  const old = child(element, 'readonly');
  if (readOnly) ensure(element, 'readonly');
  else if (old) remove(old);
}
