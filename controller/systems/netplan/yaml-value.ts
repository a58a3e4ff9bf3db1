import { isAlias, isMap, isScalar, isSeq } from 'yaml';
import type { Document } from 'yaml';

/**
 * What stands in a netplan file. Every scalar is text, as netplan itself reads it: that `no` is a truth value, and
 * `52:54:01:10:10:10` is not a number, only the key that holds it can say.
 */
export type YamlValue = string | readonly YamlValue[] | YamlMap;

export interface YamlMap {
  readonly [key: string]: YamlValue;
}

export function isYamlMap(value: YamlValue | undefined): value is YamlMap {
  return typeof value === 'object' && !Array.isArray(value);
}

export function isYamlList(value: YamlValue | undefined): value is readonly YamlValue[] {
  return Array.isArray(value);
}

/** A node of a parsed document as a value. A key that is there twice has its last value, as in netplan. */
export function valueOfNode(node: unknown, document: Document): YamlValue {
  if (isMap(node)) {
    return Object.fromEntries(node.items.map((pair) => [textOf(pair.key), valueOfNode(pair.value, document)]));
  }
  if (isSeq(node)) return node.items.map((item) => valueOfNode(item, document));
  if (isAlias(node)) return valueOfNode(node.resolve(document), document);
  return textOf(node);
}

function textOf(node: unknown): string {
  return isScalar(node) && typeof node.value === 'string' ? node.value : '';
}

/** True when both say the same, whatever the order of keys in a map. */
export function sameValue(a: YamlValue | undefined, b: YamlValue | undefined): boolean {
  if (isYamlList(a) && isYamlList(b)) return a.length === b.length && a.every((item, index) => sameValue(item, b[index]));
  if (isYamlMap(a) && isYamlMap(b)) {
    const keys = Object.keys(a);
    return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && sameValue(a[key], b[key]));
  }
  return a === b;
}

/** A value on one line, for a person: `[192.168.105.253/24]`, `{to: default, via: 192.168.105.1}`; empty when it is not there. */
export function showValue(value: YamlValue | undefined): string {
  if (value === undefined) return '';
  if (isYamlList(value)) return `[${value.map(showValue).join(', ')}]`;
  if (isYamlMap(value)) return `{${Object.entries(value).map(([key, item]) => `${key}: ${showValue(item)}`).join(', ')}}`;
  return value;
}
