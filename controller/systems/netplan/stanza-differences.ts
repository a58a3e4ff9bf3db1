import type { Difference } from '../system.ts';
import type { Stanza } from './stanza.ts';
import { isYamlMap, sameValue, showValue } from './yaml-value.ts';
import type { YamlValue } from './yaml-value.ts';

/**
 * Where two stanzas of a device differ, by netplan key path: `vnet100.addresses`, `vnet100.nameservers.search`. Lists are
 * compared as a whole. A stanza that is not there has no keys.
 */
export function stanzaDifferences(device: string, expected: Stanza | undefined, found: Stanza | undefined): readonly Difference[] {
  return valueDifferences(device, expected ?? {}, found ?? {});
}

export function valueDifferences(path: string, expected: YamlValue | undefined, found: YamlValue | undefined): readonly Difference[] {
  if (sameValue(expected, found)) return [];
  if (!isYamlMap(expected) || !isYamlMap(found)) return [{ path, expected: showValue(expected), found: showValue(found) }];
  const keys = new Set([...Object.keys(expected), ...Object.keys(found)]);
  return [...keys].flatMap((key) => valueDifferences(`${path}.${key}`, own(expected, key), own(found, key)));
}

function own(map: Stanza, key: string): YamlValue | undefined {
  return Object.hasOwn(map, key) ? map[key] : undefined;
}
