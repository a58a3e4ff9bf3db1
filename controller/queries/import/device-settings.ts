import { isOurs, type NetplanFile } from '../../systems/netplan/netplan-file.ts';
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
export function deviceSettings(device: string, { files, kernel }: NetplanObserved): DeviceSettings {
  const definitions = files
    .filter((file) => !isReleasedFile(file))
    .flatMap((file) => file.definitions.filter(({ name, stanza }) => name === device || stanza['set-name'] === device).map((definition) => ({ file, definition })));
  const stanza = definitions.reduce<YamlMap | undefined>((merged, { file, definition }) => {
    const renderer = definition.stanza['renderer'] ?? (isOurs(file) ? undefined : file.rest['renderer']);
    return merge(merged ?? {}, renderer === undefined ? definition.stanza : { ...definition.stanza, renderer });
  }, undefined);
  return {
    stanza,
    files: definitions.map(({ file }) => file),
    section: definitions.map(({ definition }) => definition.section).find((section) => section !== 'ethernets') ?? definitions[0]?.definition.section,
    link: kernel.links.get(device),
  };
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
