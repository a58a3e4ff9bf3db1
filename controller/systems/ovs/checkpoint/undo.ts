import { isDeepStrictEqual } from 'node:util';
import type { WireValue } from '../schema/encode.ts';
import { asJsonArray } from '../protocol/json.ts';
import type { Mutation, Operation } from '../protocol/operations.ts';
import { OWNER_MARK } from '../../owner.ts';
import { ATTACHED_MAC, IFACE_ID, VM_ID } from '../replica/mark.ts';
import type { Uuid, WireRow } from '../schema/datum.ts';
import { rowOf, type OvsSnapshot, type OvsTouch } from './snapshot.ts';

/** The table that a set of references points to. */
const MEMBER_TABLES: Readonly<Record<string, string>> = { bridges: 'Bridge', ports: 'Port', interfaces: 'Interface', mirrors: 'Mirror' };
/** vswitch.ovsschema: tables with an index on `name`. */
const UNIQUE_NAMES: ReadonlySet<string> = new Set(['Bridge', 'Port', 'Interface']);
const GUEST_KEYS = [ATTACHED_MAC, VM_ID, IFACE_ID];

/**
 * The operations that give touched rows the values of `before`, and leave all else as it is `now`: what others changed, and above
 * all the ports of VMs that were born since. Pure; none where nothing differs. A row that an earlier undoing made again has another
 * UUID than before, and is known by its name.
 */
export function undoOperations(before: OvsSnapshot, now: OvsSnapshot, touches: readonly OvsTouch[]): readonly Operation[] {
  return new Undo(before, now, touches).operations();
}

class Undo {
  readonly #before: OvsSnapshot;
  readonly #now: OvsSnapshot;
  readonly #touches: readonly OvsTouch[];
  /** `Port vnet100`: rows that our steps made. */
  readonly #made: ReadonlySet<string>;
  readonly #byName = new Map<string, ReadonlyMap<unknown, Uuid>>();
  readonly #revived = new Map<Uuid, WireValue>();
  readonly #inserts: Operation[] = [];

  constructor(before: OvsSnapshot, now: OvsSnapshot, touches: readonly OvsTouch[]) {
    this.#before = before;
    this.#now = now;
    this.#touches = [...new Map(touches.map((touch) => [JSON.stringify(touch), touch])).values()];
    this.#made = new Set(this.#touches.flatMap((touch) => (touch.touch === 'members' ? touch.made.map((name) => `${MEMBER_TABLES[touch.column] ?? ''} ${name}`) : [])));
  }

  operations(): readonly Operation[] {
    const changes = this.#touches.flatMap((touch) => this.#undo(touch));
    return [...this.#inserts, ...changes];
  }

  /** A touched row that is gone by now comes back whole with the set that it was in. */
  #undo(touch: OvsTouch): readonly Operation[] {
    const before = rowOf(this.#before, touch.table, touch.uuid);
    const now = rowOf(this.#now, touch.table, touch.uuid);
    if (!before || !now) return [];
    switch (touch.touch) {
      case 'columns':
        return this.#columns(touch, before, now);
      case 'keys':
        return this.#keys(touch, before, now);
      case 'members':
        return this.#members(touch, before, now);
    }
  }

  #columns({ table, uuid, columns }: Extract<OvsTouch, { touch: 'columns' }>, before: WireRow, now: WireRow): readonly Operation[] {
    const values = columns.filter((column) => column in before).map((column) => [column, this.#withLivingReferences(before[column])] as const);
    const changed = values.filter(([column, value]) => !isDeepStrictEqual(value, now[column]));
    if (changed.length === 0) return [];
    const row = Object.fromEntries(changed);
    return [{ op: 'update', table, where: [['_uuid', '==', ['uuid', uuid]]], row }];
  }

  #keys({ table, uuid, column, keys }: Extract<OvsTouch, { touch: 'keys' }>, before: WireRow, now: WireRow): readonly Operation[] {
    const [had, has] = [pairsOf(before[column]), pairsOf(now[column])];
    const changed = keys.filter((key) => had.get(key) !== has.get(key));
    if (changed.length === 0) return [];
    const back = changed.flatMap((key) => {
      const value = had.get(key);
      return value === undefined ? [] : [[key, value] as const];
    });
    return [mutate(table, uuid, [[column, 'delete', ['set', changed]], [column, 'insert', ['map', back]]])];
  }

  #members({ table, uuid, column, removed, moved, made }: Extract<OvsTouch, { touch: 'members' }>, before: WireRow, now: WireRow): readonly Operation[] {
    const memberTable = MEMBER_TABLES[column];
    if (memberTable === undefined) return [];
    const [had, has] = [new Set(referencesOf(before[column])), new Set(referencesOf(now[column]))];
    const revived = new Set([...had].flatMap((member) => this.#counterpart(memberTable, member) ?? []));
    const back = removed
      .filter((member) => had.has(member) && !has.has(this.#counterpart(memberTable, member) ?? member))
      .map((member) => this.#living(memberTable, member))
      .filter((reference) => reference !== undefined);
    const intruders = [...has].filter((member) => !had.has(member) && !revived.has(member) && (moved.includes(member) || this.#isMadeByUs(memberTable, member, made)));
    const [emptied, away] = partition(intruders, (member) => memberTable === 'Bridge' && this.#hasGuests(member));
    const mutations: readonly Mutation[] = [
      ...(away.length > 0 ? [[column, 'delete', ['set', away.map((member) => ['uuid', member])]] as const] : []),
      ...(back.length > 0 ? [[column, 'insert', ['set', back]] as const] : []),
    ];
    return [...emptied.flatMap((bridge) => this.#emptyBridge(bridge)), ...(mutations.length > 0 ? [mutate(table, uuid, mutations)] : [])];
  }

  #isMadeByUs(table: string, uuid: Uuid, made: readonly string[]): boolean {
    const row = rowOf(this.#now, table, uuid);
    return row !== undefined && made.includes(String(row['name'])) && !this.#isGuestPort(table, row);
  }

  /** A new bridge that a VM came to use stays for it; only what we put on it goes. */
  #emptyBridge(uuid: Uuid): readonly Operation[] {
    const bridge = rowOf(this.#now, 'Bridge', uuid);
    const ours = referencesOf(bridge?.['ports']).filter((port) => {
      const row = rowOf(this.#now, 'Port', port);
      return row !== undefined && row['name'] !== bridge?.['name'] && pairsOf(row['external_ids']).has(OWNER_MARK);
    });
    return ours.length === 0 ? [] : [mutate('Bridge', uuid, [['ports', 'delete', ['set', ours.map((port) => ['uuid', port])]]])];
  }

  #hasGuests(bridge: Uuid): boolean {
    return referencesOf(rowOf(this.#now, 'Bridge', bridge)?.['ports']).some((port) => {
      const row = rowOf(this.#now, 'Port', port);
      return row !== undefined && this.#isGuestPort('Port', row);
    });
  }

  #isGuestPort(table: string, row: WireRow): boolean {
    if (table !== 'Port') return false;
    return referencesOf(row['interfaces']).some((uuid) => isGuestInterface(rowOf(this.#now, 'Interface', uuid)));
  }

  /** The row that stands for one of before now: itself, or where that is gone the one of its name, unless that is another of our making. */
  #counterpart(table: string, uuid: Uuid): Uuid | undefined {
    if (rowOf(this.#now, table, uuid)) return uuid;
    const name = rowOf(this.#before, table, uuid)?.['name'];
    const found = typeof name === 'string' && UNIQUE_NAMES.has(table) ? this.#named(table).get(name) : undefined;
    // What our steps insert is not told of an interface: it comes with its port.
    const mayBeAnother = table === 'Interface' || this.#made.has(`${table} ${String(name)}`);
    return found !== undefined && mayBeAnother && !this.#isSameRow(uuid, found) ? undefined : found;
  }

  #named(table: string): ReadonlyMap<unknown, Uuid> {
    const known = this.#byName.get(table) ?? new Map(Object.entries(this.#now.tables[table] ?? {}).map(([uuid, row]) => [row['name'], uuid]));
    this.#byName.set(table, known);
    return known;
  }

  /** Whether two values say the same, where a reference says what its row says. */
  #isSame(before: unknown, now: unknown): boolean {
    if (isDeepStrictEqual(before, now)) return true;
    const [was, is] = [referencesOf(before), referencesOf(now)];
    if (was.length === 0 || was.length !== is.length) return false;
    return was.every((uuid) => is.some((other) => this.#isSameRow(uuid, other)));
  }

  #isSameRow(before: Uuid, now: Uuid): boolean {
    const table = Object.keys(this.#before.tables).find((name) => rowOf(this.#before, name, before)) ?? '';
    const [was, is] = [rowOf(this.#before, table, before), rowOf(this.#now, table, now)];
    return was !== undefined && is !== undefined && Object.entries(was).every(([column, value]) => this.#isSame(value, is[column]));
  }

  /** A reference to a row of before: to itself where it lives, or was made again, else to one that is made again as it was. */
  #living(table: string | undefined, uuid: Uuid): WireValue | undefined {
    const holder = table ?? Object.keys(this.#before.tables).find((name) => rowOf(this.#before, name, uuid));
    if (holder === undefined) return undefined;
    const living = this.#counterpart(holder, uuid);
    if (living !== undefined) return ['uuid', living];
    const known = this.#revived.get(uuid);
    if (known) return known;
    const row = rowOf(this.#before, holder, uuid);
    if (!row) return undefined;
    const reference: WireValue = ['named-uuid', `row${this.#revived.size}`];
    this.#revived.set(uuid, reference);
    const columns = Object.fromEntries(Object.entries(row).map(([column, value]) => [column, this.#withLivingReferences(value)]));
    this.#inserts.push({ op: 'insert', table: holder, 'uuid-name': String(reference[1]), row: columns });
    return reference;
  }

  /** A value of before whose references are good now. */
  #withLivingReferences(value: unknown): WireValue {
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
    const [tag, content] = asJsonArray(value);
    if (tag === 'uuid') return this.#living(undefined, String(content)) ?? ['set', []];
    if (tag === 'set') return ['set', asJsonArray(content).map((member) => this.#withLivingReferences(member)).filter((member) => !isEmptySet(member))];
    return ['map', asJsonArray(content).map((pair) => asJsonArray(pair).map((part) => this.#withLivingReferences(part)))];
  }
}

function isEmptySet(value: WireValue): boolean {
  return Array.isArray(value) && value[0] === 'set' && asJsonArray(value[1]).length === 0;
}

function mutate(table: string, uuid: Uuid, mutations: readonly Mutation[]): Operation {
  return { op: 'mutate', table, where: [['_uuid', '==', ['uuid', uuid]]], mutations };
}

/** Whether libvirt, or another hypervisor, made the interface for a guest. */
function isGuestInterface(row: WireRow | undefined): boolean {
  const keys = pairsOf(row?.['external_ids']);
  return GUEST_KEYS.some((key) => keys.has(key));
}

/** The UUIDs in a wire value: one reference, or a set of them (RFC 7047 section 5.1, <value>). */
function referencesOf(value: unknown): readonly Uuid[] {
  const [tag, content] = asJsonArray(value);
  if (tag === 'uuid') return [String(content)];
  return tag === 'set' ? asJsonArray(content).flatMap(referencesOf) : [];
}

/** The pairs of a map of texts. */
function pairsOf(value: unknown): ReadonlyMap<string, string> {
  const [tag, content] = asJsonArray(value);
  if (tag !== 'map') return new Map();
  return new Map(asJsonArray(content).map((pair) => asJsonArray(pair).map(String)).map(([key = '', text = '']) => [key, text]));
}

function partition<T>(items: readonly T[], isFirst: (item: T) => boolean): readonly [readonly T[], readonly T[]] {
  const groups = Map.groupBy(items, isFirst);
  return [groups.get(true) ?? [], groups.get(false) ?? []];
}
