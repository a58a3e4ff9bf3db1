import type { OwnerKey } from '../../owner.ts';
import type { Uuid } from '../schema/datum.ts';
import type { BridgeRow, InterfaceRow, PortRow } from '../schema/rows.ts';
import { ATTACHED_MAC, ownerOf } from './mark.ts';
import { RowMap } from './row-map.ts';
import type { FrozenTables, LostRow, NamedTable, RowIndexes } from './rows.ts';

/** So many lost marks are remembered; the oldest are forgotten first. */
const MAX_LOST = 10_000;

interface MarkedRow {
  readonly uuid: Uuid;
  readonly name: string;
  readonly external_ids: ReadonlyMap<string, string>;
}

/** Keeps what makes looking up cheap, row by row as they change. */
export class Indexer {
  readonly #uuidByName = { Bridge: new RowMap<Uuid>(), Port: new RowMap<Uuid>(), Interface: new RowMap<Uuid>() };
  readonly #marks = { Bridge: new RowMap<OwnerKey>(), Port: new RowMap<OwnerKey>(), Interface: new RowMap<OwnerKey>() };
  readonly #bridgeOfPort = new RowMap<Uuid>();
  readonly #portOfInterface = new RowMap<Uuid>();
  readonly #interfacesByAttachedMac = new RowMap<readonly Uuid[]>();
  readonly #lost = new RowMap<LostRow>();
  readonly #lostNames = new Set<string>();
  readonly #lostGuests = new RowMap<Uuid>();
  readonly #lostGuestMacs = new Set<string>();
  #givenUp: ReadonlySet<Uuid> = new Set();

  bridge(before: BridgeRow | undefined, after: BridgeRow | undefined): void {
    this.#nameAndMark('Bridge', before, after);
    if (before?.ports === after?.ports) return;
    linkMembers(this.#bridgeOfPort, (before ?? after)?.uuid ?? '', before?.ports ?? [], after?.ports ?? []);
  }

  port(before: PortRow | undefined, after: PortRow | undefined): void {
    this.#nameAndMark('Port', before, after);
    if (before?.interfaces === after?.interfaces) return;
    linkMembers(this.#portOfInterface, (before ?? after)?.uuid ?? '', before?.interfaces ?? [], after?.interfaces ?? []);
  }

  interface(before: InterfaceRow | undefined, after: InterfaceRow | undefined): void {
    this.#nameAndMark('Interface', before, after);
    const macBefore = before?.external_ids.get(ATTACHED_MAC)?.toLowerCase();
    const macAfter = after?.external_ids.get(ATTACHED_MAC)?.toLowerCase();
    if (macBefore === macAfter) return;
    if (before && macBefore !== undefined) this.#detachMac(macBefore, before.uuid);
    if (after && macAfter !== undefined) this.#attachMac(macAfter, after.uuid);
  }

  freeze(tables: FrozenTables): RowIndexes {
    return {
      tables,
      uuidByName: freezeEach(this.#uuidByName),
      marks: freezeEach(this.#marks),
      bridgeOfPort: this.#bridgeOfPort.freeze(),
      portOfInterface: this.#portOfInterface.freeze(),
      interfacesByAttachedMac: this.#interfacesByAttachedMac.freeze(),
      lost: this.#lost.freeze(),
      lostGuests: this.#lostGuests.freeze(),
    };
  }

  /** While these rows are given up by ourselves: that they lose their mark, or go, is no loss. */
  expectLossOf(uuids: ReadonlySet<Uuid>): void {
    this.#givenUp = uuids;
  }

  #nameAndMark(table: NamedTable, before: MarkedRow | undefined, after: MarkedRow | undefined): void {
    const uuids = this.#uuidByName[table];
    const marks = this.#marks[table];
    const owner = after && ownerOf(after);
    const ownerBefore = before && ownerOf(before);
    if (after && uuids.get(after.name) !== after.uuid) uuids.set(after.name, after.uuid);
    if (after && owner !== undefined) {
      if (marks.get(after.uuid) !== owner) marks.set(after.uuid, owner);
      this.#find(`${table}/${after.name}`);
      return;
    }
    if (!before) return;
    marks.delete(before.uuid);
    if (!after && uuids.get(before.name) === before.uuid) uuids.delete(before.name);
    if (ownerBefore !== undefined) this.#lose(table, before.name, { uuid: before.uuid, owner: ownerBefore });
  }

  #lose(table: NamedTable, name: string, row: LostRow): void {
    const successor = this.#uuidByName[table].get(name);
    if (this.#givenUp.has(row.uuid)) return;
    if (successor !== undefined && this.#marks[table].get(successor) !== undefined) return;
    const key = `${table}/${name}`;
    this.#lost.set(key, row);
    this.#lostNames.delete(key);
    this.#lostNames.add(key);
    const [oldest = key] = this.#lostNames;
    if (this.#lostNames.size > MAX_LOST) this.#find(oldest);
  }

  #find(key: string): void {
    this.#lost.delete(key);
    this.#lostNames.delete(key);
  }

  #attachMac(mac: string, uuid: Uuid): void {
    this.#findGuest(mac);
    this.#interfacesByAttachedMac.set(mac, [...(this.#interfacesByAttachedMac.get(mac) ?? []), uuid]);
  }

  #detachMac(mac: string, uuid: Uuid): void {
    const others = (this.#interfacesByAttachedMac.get(mac) ?? []).filter((other) => other !== uuid);
    if (others.length > 0) {
      this.#interfacesByAttachedMac.set(mac, others);
      return;
    }
    this.#interfacesByAttachedMac.delete(mac);
    this.#lostGuests.set(mac, uuid);
    this.#lostGuestMacs.add(mac);
    const [oldest = mac] = this.#lostGuestMacs;
    if (this.#lostGuestMacs.size > MAX_LOST) this.#findGuest(oldest);
  }

  #findGuest(mac: string): void {
    this.#lostGuests.delete(mac);
    this.#lostGuestMacs.delete(mac);
  }
}

function freezeEach<V>(maps: { readonly [Table in NamedTable]: RowMap<V> }) {
  return { Bridge: maps.Bridge.freeze(), Port: maps.Port.freeze(), Interface: maps.Interface.freeze() };
}

/** A member that moved to another parent in the same update may have been linked to it already: then it stays there. */
function linkMembers(parents: RowMap<Uuid>, parent: Uuid, before: readonly Uuid[], after: readonly Uuid[]): void {
  const kept = new Set(after);
  for (const member of before) if (!kept.has(member) && parents.get(member) === parent) parents.delete(member);
  for (const member of after) if (parents.get(member) !== parent) parents.set(member, parent);
}
