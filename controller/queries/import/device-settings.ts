import { isOurs, type DeviceDefinition, type NetplanFile } from '../../systems/netplan/netplan-file.ts';
import type { KernelLink, NetplanObserved } from '../../systems/netplan/observed.ts';
import { isReleasedFile } from '../../systems/netplan/released-file.ts';
import type { Stanza } from '../../systems/netplan/stanza.ts';
import { isYamlList, isYamlMap, type YamlMap, type YamlValue } from '../../systems/netplan/yaml-value.ts';

/** What netplan's files say of one device, merged, and what the kernel has. */
export interface DeviceSettings {
  readonly stanza: Stanza | undefined;
  /** The files that say it, weakest first. */
  readonly files: readonly NetplanFile[];
  /** `ethernets`, or another section, which no manifest of ours can say. */
  readonly section: string | undefined;
  readonly link: KernelLink | undefined;
}

/**
 * Reads one device as netplan merges it (netplan-generate(8), "Configuration merging"): mappings are merged key by key, sequences
 * are joined, of scalars the last counts. A stanza takes hold of a device by its own name, or by `set-name`.
 */
export function deviceSettings(device: string, observed: NetplanObserved): DeviceSettings {
  const definitions = indexOf(observed).get(device) ?? [];
  const stanza = definitions.reduce<YamlMap | undefined>((merged, { file, definition }) => {
    const renderer = definition.stanza['renderer'] ?? (isOurs(file) ? undefined : file.rest['renderer']);
    return merge(merged ?? {}, renderer === undefined ? definition.stanza : { ...definition.stanza, renderer });
  }, undefined);
  return {
    stanza,
    files: definitions.map(({ file }) => file),
    section: definitions.map(({ definition }) => definition.section).find((section) => section !== 'ethernets') ?? definitions[0]?.definition.section,
    link: observed.kernel.links.get(device),
  };
}

interface Placed {
  readonly file: NetplanFile;
  readonly definition: DeviceDefinition;
}

/** An observation never changes: what stands where is looked up once for all its devices. */
const indexes = new WeakMap<NetplanObserved, ReadonlyMap<string, readonly Placed[]>>();

function indexOf(observed: NetplanObserved): ReadonlyMap<string, readonly Placed[]> {
  const known = indexes.get(observed);
  if (known) return known;
  const index = new Map<string, Placed[]>();
  for (const file of observed.files.filter((each) => !isReleasedFile(each))) {
    for (const definition of file.definitions) {
      const renamed = textAt(definition.stanza, 'set-name');
      for (const device of new Set([definition.name, ...(renamed === undefined ? [] : [renamed])])) {
        const placed = index.get(device);
        if (placed) placed.push({ file, definition });
        else index.set(device, [{ file, definition }]);
      }
    }
  }
  indexes.set(observed, index);
  return index;
}

function merge(before: YamlMap, after: YamlMap): YamlMap {
  const merged: Record<string, YamlValue> = { ...before };
  for (const [key, value] of Object.entries(after)) merged[key] = mergeValue(before[key], value);
  return merged;
}

function mergeValue(before: YamlValue | undefined, after: YamlValue): YamlValue {
  if (isYamlMap(before) && isYamlMap(after)) return merge(before, after);
  if (!isYamlList(before) || !isYamlList(after)) return after;
  const known = new Set(before.map((item) => JSON.stringify(item)));
  return [...before, ...after.filter((item) => !known.has(JSON.stringify(item)))];
}

/** The texts of a sequence of scalars; an address with options (`{10.0.0.1/24: {label: x}}`) counts as the address. */
export function textsAt(stanza: Stanza | undefined, key: string): string[] {
  const value = stanza?.[key];
  if (!isYamlList(value)) return [];
  return value.flatMap((item) => (typeof item === 'string' ? item : isYamlMap(item) ? Object.keys(item) : []));
}

export function mapsAt(stanza: Stanza | undefined, key: string): YamlMap[] {
  const value = stanza?.[key];
  return isYamlList(value) ? value.filter(isYamlMap) : [];
}

export function textAt(map: YamlMap | undefined, key: string): string | undefined {
  const value = map?.[key];
  return typeof value === 'string' && value !== '' ? value : undefined;
}

export function numberAt(map: YamlMap | undefined, key: string): number | undefined {
  const text = textAt(map, key);
  const value = Number(text);
  return text === undefined || Number.isNaN(value) ? undefined : value;
}

export function mapAt(map: YamlMap | undefined, key: string): YamlMap | undefined {
  const value = map?.[key];
  return isYamlMap(value) ? value : undefined;
}

/** The permanent address that a stanza finds its NIC by. */
export function matchedMac(stanza: Stanza | undefined): string | undefined {
  return textAt(mapAt(stanza, 'match'), 'macaddress')?.toLowerCase();
}
