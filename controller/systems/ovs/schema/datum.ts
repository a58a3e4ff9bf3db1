/**
 * Values of OVSDB columns: how they are read from the wire, compared and written (RFC 7047 section 5.1).
 *
 * Every reader takes the column's wire value, `undefined` where the row or the difference does not name the column, and the
 * value before. Without a value before, a missing column has OVSDB's default. With one, the wire value is a difference as
 * ovsdb-server(7) defines it for `update2`: the new value for a scalar or an optional; for a set, the members that come or go;
 * for a map, the pairs that come, change, or (when equal to what is there) go.
 */

export type Uuid = string;

/** A row on the wire: column name to wire value. */
export type WireRow = Readonly<Record<string, unknown>>;

export type Atom = 'string' | 'integer' | 'real' | 'boolean' | 'uuid';

export interface ColumnType {
  /** `numbered` is a map whose keys are integers. */
  readonly kind: 'scalar' | 'optional' | 'set' | 'map' | 'numbered';
  readonly atom: Atom;
}

/** A column's value; `undefined` is an optional that is not set. */
export type Datum =
  | string
  | number
  | boolean
  | readonly string[]
  | readonly number[]
  | ReadonlyMap<string, string>
  | ReadonlyMap<number, string>
  | undefined;

/** Columns by name. */
export type Columns = Readonly<Record<string, Datum>>;

/** What came over the wire is not what the schema says. */
export class MalformedDatum extends Error {
  override readonly name = 'MalformedDatum';
}

export function readString(wire: unknown, before?: string): string {
  return wire === undefined ? (before ?? '') : asString(single(wire));
}

export function readInteger(wire: unknown, before?: number): number {
  return wire === undefined ? (before ?? 0) : asNumber(single(wire));
}

export function readBoolean(wire: unknown, before?: boolean): boolean {
  return wire === undefined ? (before ?? false) : asBoolean(single(wire));
}

export function readOptionalString(wire: unknown, before?: string): string | undefined {
  return wire === undefined ? before : optional(wire, asString);
}

export function readOptionalInteger(wire: unknown, before?: number): number | undefined {
  return wire === undefined ? before : optional(wire, asNumber);
}

/** Sorted, so that equal sets look alike in messages. */
export function readStringSet(wire: unknown, before?: readonly string[]): readonly string[] {
  return wire === undefined ? (before ?? []) : toggled(before, members(wire).map(asString)).sort();
}

/** Sorted by number. */
export function readIntegerSet(wire: unknown, before?: readonly number[]): readonly number[] {
  return wire === undefined ? (before ?? []) : toggled(before, members(wire).map(asNumber)).sort((a, b) => a - b);
}

/** In the order in which the members came. */
export function readUuidSet(wire: unknown, before?: readonly Uuid[]): readonly Uuid[] {
  return wire === undefined ? (before ?? []) : toggled(before, members(wire).map(asUuid));
}

export function readOptionalUuid(wire: unknown, before?: Uuid): Uuid | undefined {
  return wire === undefined ? before : optional(wire, asUuid);
}

export function readStringMap(wire: unknown, before?: ReadonlyMap<string, string>): ReadonlyMap<string, string> {
  return wire === undefined ? (before ?? new Map<string, string>()) : changedMap(before, pairs(wire, asString, asString));
}

/** References by number, as `QoS.queues`. */
export function readNumberedUuids(wire: unknown, before?: ReadonlyMap<number, Uuid>): ReadonlyMap<number, Uuid> {
  return wire === undefined ? (before ?? new Map<number, Uuid>()) : changedMap(before, pairs(wire, asNumber, asUuid));
}

/** Whether two values of one column are the same; the order of a set's members does not count. */
export function sameDatum(a: Datum, b: Datum): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) return sameMembers<string | number>(a, b);
  if (a instanceof Map && b instanceof Map) return sameEntries<string | number>(a, b);
  return false;
}

/** A value in words for a person: what is not set, and an empty set, is empty text. */
export function describeDatum(datum: Datum): string {
  if (datum === undefined) return '';
  if (datum instanceof Map) return [...datum].map(([key, value]) => `${key}=${value}`).join(', ');
  return Array.isArray(datum) ? datum.join(', ') : String(datum);
}

function sameEntries<K>(a: ReadonlyMap<K, string>, b: ReadonlyMap<K, string>): boolean {
  return a.size === b.size && [...a].every(([key, value]) => b.get(key) === value);
}

function sameMembers<T>(a: readonly T[], b: readonly T[]): boolean {
  if (a.length !== b.length) return false;
  if (a.every((member, index) => member === b[index])) return true;
  const known = new Set(a);
  return b.every((member) => known.has(member));
}

function changedMap<K>(before: ReadonlyMap<K, string> | undefined, changed: readonly (readonly [K, string])[]): ReadonlyMap<K, string> {
  const result = new Map(before);
  for (const [key, value] of changed) {
    if (result.get(key) === value) result.delete(key);
    else result.set(key, value);
  }
  return result;
}

function toggled<T>(before: readonly T[] | undefined, changed: T[]): T[] {
  if (before === undefined || before.length === 0) return changed;
  const known = new Set(changed);
  const kept = before.filter((member) => !known.delete(member));
  return [...kept, ...known];
}

/** A set of one may be written as its member (RFC 7047 section 5.1, <value>). */
function members(wire: unknown): readonly unknown[] {
  return isTagged(wire, 'set') ? asArray(wire[1]) : [wire];
}

function single(wire: unknown): unknown {
  const all = members(wire);
  if (all.length !== 1) throw new MalformedDatum(`expected one value, found ${JSON.stringify(wire)}`);
  return all[0];
}

function optional<T>(wire: unknown, read: (atom: unknown) => T): T | undefined {
  const all = members(wire);
  return all.length === 0 ? undefined : read(all[0]);
}

function pairs<K>(wire: unknown, readKey: (atom: unknown) => K, readValue: (atom: unknown) => string): readonly (readonly [K, string])[] {
  if (!isTagged(wire, 'map')) throw new MalformedDatum(`expected a map, found ${JSON.stringify(wire)}`);
  return asArray(wire[1]).map((pair) => {
    const [key, value] = asArray(pair);
    return [readKey(key), readValue(value)];
  });
}

function isTagged(wire: unknown, tag: string): wire is readonly [string, unknown] {
  return Array.isArray(wire) && wire.length === 2 && wire[0] === tag;
}

function asArray(wire: unknown): readonly unknown[] {
  if (!Array.isArray(wire)) throw new MalformedDatum(`expected an array, found ${JSON.stringify(wire)}`);
  return wire;
}

function asString(wire: unknown): string {
  if (typeof wire !== 'string') throw new MalformedDatum(`expected a string, found ${JSON.stringify(wire)}`);
  return wire;
}

function asNumber(wire: unknown): number {
  if (typeof wire !== 'number') throw new MalformedDatum(`expected a number, found ${JSON.stringify(wire)}`);
  return wire;
}

function asBoolean(wire: unknown): boolean {
  if (typeof wire !== 'boolean') throw new MalformedDatum(`expected a boolean, found ${JSON.stringify(wire)}`);
  return wire;
}

function asUuid(wire: unknown): Uuid {
  if (!isTagged(wire, 'uuid')) throw new MalformedDatum(`expected a UUID, found ${JSON.stringify(wire)}`);
  return asString(wire[1]);
}
